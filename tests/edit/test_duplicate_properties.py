"""What holds for every duplicate of every net that Caffe accepted."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from netgraft import edit, prototxt
from netgraft.caffe.model import Verdict
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.edit.meaning import roles
from netgraft.edit.upgrade import modernise

Datum = dict[str, tuple[int, int, int]]
Recorded = tuple[str, str, Datum]


def verdicts(document: edit.Document, datum: Datum) -> list[Verdict]:
    return [check(document.tree, NetState(phase), datum=datum) for phase in ("TRAIN", "TEST")]


def a_slip_of_the_net(verdict: Verdict) -> bool:
    """Caffe counts a layer's loss_weight only where its top is not split, so a wrong number of them may
    hide behind a reader, and come to light in a copy that nothing reads."""
    return verdict.first_error is not None and verdict.first_error.code == "loss-weight-count"


@st.composite
def grafts(draw: st.DrawFn, keys: list[str]) -> dict[str, Any]:
    """A duplicate of some layers: a stretch of the file, or every second or third layer of one."""
    start = draw(st.integers(0, len(keys) - 1))
    step = draw(st.integers(1, 3))
    layers = keys[start::step][: draw(st.integers(1, 10))]
    return {
        "op": "duplicate",
        "layers": layers,
        "copies": draw(st.integers(2, 4)),
        "keep_first": draw(st.booleans()),
    }


def graft(document: edit.Document, operation: dict[str, Any], datum: Datum) -> edit.Edited:
    """The duplicate, where it can be done: a shape may be unknown, or a layer live in one phase only."""
    try:
        return edit.apply(document, operation, datum=datum)
    except edit.EditError as error:
        if error.code not in ("unknown-shape", "states-disagree"):
            raise
        reject()


def drawn(data: st.DataObject, nets: list[Recorded]) -> tuple[edit.Document, dict[str, Any], Recorded]:
    net = data.draw(st.sampled_from(nets), label="net")
    document, _ = modernise(edit.Document.read(net[1]))
    keys = [layer.key for layer in edit.view(document.tree).layers]
    assume(keys)
    return document, data.draw(grafts(keys), label="operation"), net


@given(data=st.data())
def test_independent_copies_of_an_accepted_net_are_accepted(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    operation["inputs"] = data.draw(st.sampled_from(["same", "separate"]), label="inputs")
    edited = graft(document, operation, datum)
    for verdict in verdicts(edited.document, datum):
        assert verdict.ok or a_slip_of_the_net(verdict), verdict.first_error


@given(data=st.data())
def test_keeping_the_first_copys_names_only_inserts_lines(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    edited = graft(document, {**operation, "keep_first": True}, datum)
    # Only the tail of an in-place chain has to leave it, the first copy too.
    assume(not any("must not overwrite" in (one.reason or "") for one in edited.report.renamed))
    lines = iter(edited.document.text.splitlines())
    assert all(any(line == other for other in lines) for line in document.text.splitlines())


@given(data=st.data())
def test_the_result_is_written_and_read_back_to_the_same_text(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    before = document.text
    edited = graft(document, operation, datum).document
    assert prototxt.parse(prototxt.emit(edited.tree)).text == edited.text
    assert not edited.tree.errors
    assert document.text == before


@given(data=st.data())
def test_every_new_layer_with_parameters_has_an_origin(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    before = edit.view(document.tree)
    edited = graft(document, operation, datum)
    after = edit.view(edited.document.tree)
    sources = {copied.name: copied.source for copied in edited.report.copies}
    for layer in after.layers:
        if layer.name in before.layer_names or roles(after, layer) == ():
            continue
        origin = edited.document.origins[layer.name]
        assert origin is not None
        assert origin.layer == sources[layer.name]
    assert edited.document.origins.keys() <= after.layer_names


@settings(max_examples=30)
@given(data=st.data())
def test_shared_copies_are_one_group_with_the_first_copy_as_owner(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    edited = graft(document, {**operation, "share": {"default": "all"}}, datum)
    owners = {
        (copied.source, blob.index): copied.name
        for copied in reversed(edited.report.copies)
        for blob in copied.blobs
        if blob.state == "shared"
    }
    shared = {copied.name: copied for copied in edited.report.copies}
    for verdict in verdicts(edited.document, datum):
        assert verdict.ok or a_slip_of_the_net(verdict), verdict.first_error
        net = verdict.net
        own = {(net.layers[param.layer].name, param.blob): param.owner for param in net.params}
        for (name, blob), owner in own.items():
            copied = shared.get(name)
            if copied is None or blob >= len(copied.blobs) or copied.blobs[blob].state != "shared":
                continue
            first = own[(owners[(copied.source, blob)], blob)]
            mine = owner if owner >= 0 else None
            if name == owners[(copied.source, blob)]:
                continue
            # The same owner as the first copy's: the first copy itself, or whom it shares with.
            root = net.params[mine] if mine is not None else None
            assert root is not None, (name, blob)
            leader = net.layers[root.layer].name
            assert first == mine or leader == owners[(copied.source, blob)], (name, blob, leader)


@settings(max_examples=30)
@given(data=st.data())
def test_a_duplicate_that_caffe_refuses_for_its_rates_says_so(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, operation, (_, _, datum) = drawn(data, accepted_nets)
    operation["share"] = {"default": data.draw(st.sampled_from(["none", "all"]), label="share")}
    operation["rates"] = [{"scale_lr": index + 1} for index in range(operation["copies"])]
    edited = graft(document, operation, datum)
    refused = [verdict.first_error for verdict in verdicts(edited.document, datum) if not verdict.ok]
    assert not refused or any(note.severity == "error" for note in edited.report.notes), refused
