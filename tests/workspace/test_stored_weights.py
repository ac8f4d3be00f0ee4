"""Weights by content hash: once on disk, accepted as a whole, gone when nothing uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from netgraft import edit
from netgraft.weights import Index, WeightsError
from netgraft.workspace import NoSuchWeights, Snapshot, TooLarge, TooMany, Workspace
from netgraft.workspace.workspace import MOST_SOURCES


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def model(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()


def _put(workspace: Workspace, doc: str, data: bytes) -> Snapshot:
    with workspace.receive(1 << 30) as incoming:
        for at in range(0, len(data), 1000):
            incoming.write(data[at : at + 1000])
        return workspace.set_weights(doc, incoming, "model.caffemodel")


def _files(folder: Path) -> list[str]:
    kept = (file for part in ("weights", "incoming") for file in (folder / part).rglob("*"))
    return sorted(file.name for file in kept if file.is_file())


def test_weights_are_kept_under_their_hash(workspace: Workspace, model: bytes, tmp_path: Path) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    stored = _put(workspace, doc, model).entry.weights
    assert stored is not None
    assert stored.sha256 == hashlib.sha256(model).hexdigest()
    assert (stored.size, stored.name) == (len(model), "model.caffemodel")
    assert stored.path.read_bytes() == model
    assert _files(tmp_path) == [stored.sha256]
    assert len(workspace.index(stored).layers) == stored.layers


def test_the_same_weights_twice_are_one_file(workspace: Workspace, model: bytes, tmp_path: Path) -> None:
    docs = [workspace.create("net", edit.Document.read("")).id for _ in range(2)]
    for doc in docs:
        _put(workspace, doc, model)
    assert len(_files(tmp_path)) == 1
    workspace.delete(docs[0])
    assert len(_files(tmp_path)) == 1
    workspace.delete(docs[1])
    assert _files(tmp_path) == []


def test_damaged_weights_leave_the_document_as_it_was(
    workspace: Workspace, model: bytes, tmp_path: Path
) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    before = _put(workspace, doc, model)
    with pytest.raises(WeightsError):
        _put(workspace, doc, model[: len(model) // 2])
    assert workspace.snapshot(doc).entry == before.entry
    assert len(_files(tmp_path)) == 1


def test_weights_that_the_caller_refuses_are_not_kept(
    workspace: Workspace, model: bytes, tmp_path: Path
) -> None:
    def refuse(index: Index) -> None:
        raise LookupError(index.name)

    with workspace.receive(1 << 30) as incoming:
        incoming.write(model)
        with pytest.raises(LookupError, match="12Net"):
            workspace.create("net", edit.Document.read(""), incoming=incoming, fits=refuse)
    assert workspace.entries() == []
    assert _files(tmp_path) == []


def test_an_upload_past_the_limit_stops_at_it(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.receive(10) as incoming:
        incoming.write(b"0123456789")
        with pytest.raises(TooLarge):
            incoming.write(b"x")
    assert _files(tmp_path) == []


def test_replaced_weights_are_collected(workspace: Workspace, shared: Path, tmp_path: Path) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    for name in ("mtcnn_det1", "mtcnn_det2"):
        _put(workspace, doc, (shared / "weights" / f"{name}.caffemodel").read_bytes())
    assert len(_files(tmp_path)) == 1


def test_an_index_can_be_read_after_its_weights_were_replaced(workspace: Workspace, shared: Path) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    stored = _put(workspace, doc, (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()).entry.weights
    assert stored is not None
    index = workspace.index(stored)
    _put(workspace, doc, (shared / "weights" / "mtcnn_det2.caffemodel").read_bytes())
    blob = next(layer for layer in index.layers if layer.blobs).blobs[0]
    assert blob.read().size == blob.count


def _put_as(workspace: Workspace, doc: str, data: bytes, source: str) -> Snapshot:
    with workspace.receive(1 << 30) as incoming:
        incoming.write(data)
        return workspace.set_weights(doc, incoming, f"{source}.caffemodel", source=source)


def test_a_document_has_several_sources_and_loses_one(
    workspace: Workspace, model: bytes, shared: Path, tmp_path: Path
) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    _put(workspace, doc, model)
    other = (shared / "weights" / "mtcnn_det2.caffemodel").read_bytes()
    after = _put_as(workspace, doc, other, "other")
    assert list(after.sources) == ["", "other"]
    assert after.entry.weights == after.sources[""]
    assert workspace.indexes(after)["other"].name == "24Net"
    assert len(_files(tmp_path)) == 2
    after = workspace.remove_weights(doc, "other")
    assert list(after.sources) == [""]
    assert len(_files(tmp_path)) == 1
    with pytest.raises(NoSuchWeights, match="no weights named 'other'"):
        workspace.remove_weights(doc, "other")


def test_sources_are_limited_in_number(workspace: Workspace, model: bytes) -> None:
    doc = workspace.create("net", edit.Document.read("")).id
    for number in range(MOST_SOURCES):
        _put_as(workspace, doc, model, f"s{number}")
    with pytest.raises(TooMany):
        _put_as(workspace, doc, model, "one more")
    _put_as(workspace, doc, model, "s0")  # another file for a source that is there
