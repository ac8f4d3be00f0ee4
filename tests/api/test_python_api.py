"""`import netgraft`: a small surface, pinned, and every example of its page works as printed."""

from __future__ import annotations

import doctest
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import netgraft

PUBLIC = {
    "Document",
    "EditError",
    "Finding",
    "Saved",
    "Training",
    "Verdict",
    "WeightsError",
    "__version__",
    "open",
    "parse",
    "weights",
}
DOCUMENT = {
    *("apply", "check", "diff", "duplicate", "find", "freeze", "match", "prove", "save", "training"),
    "with_weights",
    *("datum", "edited", "layers", "path", "profile", "report", "sources", "text"),
}


@pytest.fixture
def lenet(shared: Path) -> netgraft.Document:
    weights = shared / "weights"
    return netgraft.open(weights / "lenet_v1.prototxt", weights=weights / "lenet_v1.caffemodel")


def test_the_public_names_are_these_and_each_is_there() -> None:
    assert set(netgraft.__all__) == PUBLIC == set(dir(netgraft))
    for name in PUBLIC:
        assert getattr(netgraft, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'caffemodel'"):
        _ = netgraft.caffemodel


def test_a_document_has_these_members(lenet: netgraft.Document) -> None:
    assert {name for name in dir(lenet) if not name.startswith("_")} == DOCUMENT


def test_the_page_names_every_member_and_every_parameter(repo: Path) -> None:
    page = (repo / "docs" / "python.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(?:netgraft)?\.(\w+)\((.*?)\)` \|", page, re.MULTILINE))
    made = {**{name: getattr(netgraft.Document, name) for name in DOCUMENT if f".{name}(" in page}}
    made |= {"open": netgraft.open, "parse": netgraft.parse}
    assert set(rows) == set(made)
    for name, function in made.items():
        named = [word.strip(" *") for word in rows[name].split(",")]
        wanted = [each for each in inspect.signature(function).parameters if each not in ("self", "name")]
        assert [word for word in named if word not in ("", "name")] == wanted, name
    for each in PUBLIC - {"__version__"}:
        assert f"`netgraft.{each}" in page
    for each in DOCUMENT - {"edited"}:
        assert f"`{each}`" in page or f"`.{each}(" in page


def test_importing_it_loads_no_room() -> None:
    code = "import sys, netgraft; print([m for m in sys.modules if m.startswith('netgraft.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_example_of_the_page_works_as_printed(
    repo: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for given, name in [
        (shared / "weights" / "lenet_v1.prototxt", "lenet.prototxt"),
        (shared / "weights" / "lenet_v1.caffemodel", "lenet.caffemodel"),
        (shared / "weights" / "lenet_v1.caffemodel", "other.caffemodel"),
        (repo / "examples" / "question.prototxt", "question.prototxt"),
        (repo / "examples" / "siamese_mnist.prototxt", "siamese_mnist.prototxt"),
    ]:
        shutil.copyfile(given, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    page = repo / "docs" / "python.md"
    examples = doctest.DocTestParser().get_doctest(page.read_text("utf-8"), {}, page.name, str(page), 0)
    said: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(examples, out=said.append)
    assert results.attempted > 20
    assert results.failed == 0, "".join(said)


def test_a_document_is_never_changed(lenet: netgraft.Document) -> None:
    before = lenet.text
    twins = lenet.duplicate("conv1..ip2", join="eltwise")
    assert lenet.text == before != twins.text
    assert lenet.report is None
    assert twins.report is not None


def test_all_operations_are_carried_out_or_none(lenet: netgraft.Document) -> None:
    good = {"op": "rename_layer", "layer": "ip2", "to": "score"}
    with pytest.raises(netgraft.EditError) as caught:
        lenet.apply(good, {"op": "rename_layer", "layer": "nothing", "to": "x"})
    assert caught.value.code == "unknown-layer"


def test_what_was_read_is_not_written_over(lenet: netgraft.Document, shared: Path, tmp_path: Path) -> None:
    for name in ("lenet_v1.prototxt", "lenet_v1.caffemodel"):
        shutil.copyfile(shared / "weights" / name, tmp_path / name)
    net = netgraft.open(tmp_path / "lenet_v1.prototxt", weights=tmp_path / "lenet_v1.caffemodel")
    twins = net.duplicate("conv1..ip2")
    before = (tmp_path / "lenet_v1.caffemodel").read_bytes()
    with pytest.raises(FileExistsError):
        twins.save(tmp_path / "lenet_v1")
    assert (tmp_path / "lenet_v1.caffemodel").read_bytes() == before
    saved = twins.save(tmp_path / "lenet_v1", overwrite=True)
    assert saved.prototxt.read_text() == twins.text
    assert saved.caffemodel is not None
    # The originals are still open: what was written equals what was read.
    assert twins.prove(saved.caffemodel).ok


def test_two_rates_on_one_shared_blob_are_made_and_refused_by_the_verdict(lenet: netgraft.Document) -> None:
    verdict = lenet.duplicate("ip2", share="all", lr_mult=[1, 10]).check()
    assert not verdict
    assert verdict.error is not None
    assert verdict.error.code == "mismatched-lr-mult"
    assert "Caffe would refuse it" in str(verdict)


def test_what_is_shared_may_keep_its_rate_or_get_one(lenet: netgraft.Document) -> None:
    kept = lenet.duplicate("conv1..ip2", share="conv*", scale_lr=[1, 10], shared_lr="keep").check()
    assert kept.ok
    assert (kept.rates["conv1_b"], kept.rates["ip2_b"]) == ((1, 2), (10, 20))
    given = lenet.duplicate("ip1,ip2", share="all", scale_lr=[1, 10], shared_lr=0.5).check()
    assert given.ok
    assert given.rates["ip1_b"] == (0.5, 0.5)


def test_more_rates_than_copies_are_refused(lenet: netgraft.Document) -> None:
    with pytest.raises(netgraft.EditError, match="There are 3 rates for 2 copies"):
        lenet.duplicate("ip2", copies=2, scale_lr=[1, 2, 3])


def test_a_frozen_copy_is_named_by_its_number(lenet: netgraft.Document) -> None:
    with pytest.raises(netgraft.EditError, match="There is no copy 0"):
        lenet.duplicate("ip2", freeze=[0])
    rates = lenet.duplicate("ip2", copies=3, freeze=[2], scale_lr=[None, None, 3]).check().rates
    assert [rates[f"ip2_{copy}"] for copy in "abc"] == [(1, 2), (0, 0), (3, 6)]


def test_saving_hdf5_and_a_net_without_weights(lenet: netgraft.Document, tmp_path: Path) -> None:
    saved = lenet.duplicate("ip2").save(tmp_path / "grown", hdf5=True)
    assert saved.caffemodel == tmp_path / "grown.caffemodel.h5"
    assert saved.report is not None
    assert saved.report.copied_bytes > 0
    bare = netgraft.parse(lenet.text).save(tmp_path / "bare.prototxt")
    assert (bare.caffemodel, bare.report) == (None, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bare.prototxt",
        "grown.caffemodel.h5",
        "grown.prototxt",
    ]


def test_matching_says_what_the_caffemodel_as_it_is_would_do(lenet: netgraft.Document) -> None:
    assert lenet.match() == ()
    renamed = lenet.apply({"op": "upgrade"}, {"op": "rename_layer", "layer": "ip2", "to": "score"})
    assert {each.code for each in renamed.match()} == {"lands-nowhere"}
    assert netgraft.parse(lenet.text).match() == ()


def test_what_a_data_layer_reads_can_be_said(repo: Path) -> None:
    file = repo / "examples" / "lenet_train_val.prototxt"
    assert netgraft.open(file).check().shapes["conv1"] is None
    source = re.findall(r'source: "(.*?)"', file.read_text())[0]
    assert netgraft.open(file, datum={source: (1, 28, 28)}).check().shapes["conv1"] is not None


@pytest.mark.parametrize("text", ["", "name: 'nothing'\n"])
def test_what_holds_no_layer_is_no_net(text: str) -> None:
    with pytest.raises(ValueError, match="holds no layer"):
        netgraft.parse(text)
