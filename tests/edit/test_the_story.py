"""The story that must hold: the question's net, what Netgraft says of it, and the two ways out."""

from __future__ import annotations

from pathlib import Path

import pytest

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.weights import Origin


@pytest.fixture
def question(shared: Path) -> edit.Document:
    return edit.Document.read((shared / "conformance" / "question.prototxt").read_bytes())


def rates(document: edit.Document) -> list[float]:
    return [one.lr for one in check(document.tree, NetState("TRAIN")).net.learnable]


def test_the_questions_net_is_refused_at_the_sharer(question: edit.Document) -> None:
    error = check(question.tree).first_error
    assert error is not None
    assert error.caffe_message is not None
    assert "Shared param 'ip1_w' has mismatched lr_mult." in error.caffe_message
    assert error.layer == "ip1_b"
    assert len(error.fixes) == 2


def test_unsharing_trains_two_copies_at_two_rates_from_the_owners_weights(question: edit.Document) -> None:
    edited = edit.apply(question, {"op": "unshare", "layer": "ip1_b", "blob": None}).document
    assert check(edited.tree, NetState("TRAIN")).ok
    assert check(edited.tree, NetState("TEST")).ok
    assert rates(edited) == [1, 2, 10, 20, 1, 1]
    assert edited.origins == {"ip1_b": Origin("ip1_b", fallbacks=("ip1_a",))}
    assert "ip1_w" not in edited.text.split("\n", 2)[2]


def test_one_rate_keeps_the_sharing(question: edit.Document) -> None:
    edited = question
    for name in ("ip1_w", "ip1_b"):
        edited = edit.apply(edited, {"op": "one_rate", "name": name}).document
    assert check(edited.tree, NetState("TRAIN")).ok
    assert rates(edited) == [1, 2, 1, 1]


def test_every_fix_that_the_verdict_offers_makes_the_net_acceptable(question: edit.Document) -> None:
    error = check(question.tree).first_error
    assert error is not None
    for fix in error.fixes:
        edited = question
        for operation in fix.operations:
            edited = edit.apply(edited, operation).document
        assert check(edited.tree).ok, fix.title


def test_a_duplicate_that_contradicts_itself_says_so_with_two_remedies() -> None:
    net = """layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 4 } } }
layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1" inner_product_param { num_output: 2 } }
"""
    operation = {
        "op": "duplicate",
        "layers": ["ip1"],
        "share": {"default": "all"},
        "rates": [{"lr_mult": 1}, {"lr_mult": 10}],
    }
    edited = edit.apply(edit.Document.read(net), operation)
    told = [note for note in edited.report.notes if note.severity == "error"]
    assert [note.caffe_message for note in told] == [
        "Shared param 'ip1_w' has mismatched lr_mult.",
        "Shared param 'ip1_b' has mismatched lr_mult.",
    ]
    assert not check(edited.document.tree).ok
    for fix in told[0].fixes:
        remedied = edited.document
        for step in fix.operations:
            remedied = edit.apply(remedied, step).document
        assert check(remedied.tree).ok, fix.title
