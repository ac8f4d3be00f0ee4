"""Weights on an S3 server that really answers over HTTP, and the cache of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.s3 import S3Server

from netgraft import edit
from netgraft.weights import WeightsError
from netgraft.workspace import Snapshot, StoreUnavailable, StoreUnusable, Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens workspaces on one database, each with a data folder of its own."""
    with ExitStack() as stack:

        def open_one(name: str, url: str, cache: int = 1 << 30) -> Workspace:
            made = Workspace(
                tmp_path / name,
                f"sqlite:///{tmp_path / 'shared.sqlite3'}",
                weights_url=url,
                weights_cache=cache,
            )
            stack.callback(made.close)
            return made

        yield open_one


@pytest.fixture
def model(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()


@pytest.fixture
def other(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det2.caffemodel").read_bytes()


def _put(workspace: Workspace, doc: str, data: bytes, source: str = "") -> Snapshot:
    with workspace.receive(1 << 30) as incoming:
        incoming.write(data)
        return workspace.set_weights(doc, incoming, "m.caffemodel", source=source)


def _named(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and len(path.name) >= 32)


def test_what_one_server_accepts_another_with_an_empty_folder_reads(
    opened: Open, s3: str, s3_server: S3Server, model: bytes, tmp_path: Path
) -> None:
    one = opened("one", s3)
    doc = one.create("net", edit.Document.read("")).id
    _put(one, doc, model)
    assert s3_server.objects(s3) == [_named(model)]
    two = opened("two", s3)
    assert _files(tmp_path / "two") == []
    assert two.indexes(two.snapshot(doc))[""].name == "12Net"
    assert _files(tmp_path / "two") == [_named(model)]


def test_files_larger_than_a_part_arrive_whole(
    opened: Open, s3: str, s3_server: S3Server, tmp_path: Path
) -> None:
    model = b"\x0a\x03net" + b"\xa2\x06\x05\x0a\x03abc" + b"\xfa\x3f\x80\x80\x80\x0a" + b"\x01" * (20 << 20)
    one = opened("one", s3)
    doc = one.create("net", edit.Document.read("")).id
    _put(one, doc, model)
    two = opened("two", s3)
    two.indexes(two.snapshot(doc))
    assert (tmp_path / "two" / "weights" / _named(model)[:2] / _named(model)).read_bytes() == model


def test_what_no_document_uses_is_deleted_on_the_server(
    opened: Open, s3: str, s3_server: S3Server, model: bytes, other: bytes, tmp_path: Path
) -> None:
    one = opened("one", s3)
    docs = [one.create("net", edit.Document.read("")).id for _ in range(2)]
    for doc in docs:
        _put(one, doc, model)
    _put(one, docs[0], other)
    assert s3_server.objects(s3) == sorted([_named(model), _named(other)])
    one.delete(docs[1])
    assert s3_server.objects(s3) == [_named(other)]
    one.delete(docs[0])
    assert s3_server.objects(s3) == []
    assert _files(tmp_path / "one") == []


def test_the_cache_forgets_what_was_used_longest_ago(
    opened: Open, s3: str, model: bytes, other: bytes, tmp_path: Path
) -> None:
    one = opened("one", s3, cache=len(model) + len(other) + 100)
    doc = one.create("net", edit.Document.read("")).id
    third = model.replace(b"12Net", b"99Net")
    for source, data in (("a", model), ("b", other)):
        _put(one, doc, data, source)
    snapshot = one.snapshot(doc)
    kept = one.index(snapshot.sources["b"])
    first = one.index(snapshot.sources["a"])  # read last: b goes first
    _put(one, doc, third, "c")
    assert _files(tmp_path / "one") == sorted([_named(model), _named(third)])
    blob = next(layer for layer in kept.layers if layer.blobs).blobs[0]
    assert blob.read().size == blob.count  # open, so still readable
    assert first.name == "12Net"


def test_a_cache_too_small_for_anything_still_serves(
    opened: Open, s3: str, model: bytes, other: bytes, tmp_path: Path
) -> None:
    one = opened("one", s3, cache=0)
    doc = one.create("net", edit.Document.read("")).id
    _put(one, doc, model)
    _put(one, doc, other, "other")
    found = opened("two", s3, cache=0)
    assert {index.name for index in found.indexes(found.snapshot(doc)).values()} == {"12Net", "24Net"}
    assert len(_files(tmp_path / "two")) <= 1


def test_while_the_store_is_away_nothing_is_lost(
    opened: Open, s3: str, s3_server: S3Server, model: bytes, other: bytes
) -> None:
    one = opened("one", s3)
    doc = one.create("net", edit.Document.read("")).id
    _put(one, doc, model)
    away = S3Server()  # nobody listens there
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", away.environment["AWS_ENDPOINT_URL"])
        lost = opened("lost", s3)
    with pytest.raises(StoreUnavailable):
        _put(lost, doc, other)
    stored = lost.snapshot(doc).entry.weights
    assert stored is not None
    assert stored.sha256 == _named(model)
    with pytest.raises(StoreUnavailable):
        lost.indexes(lost.snapshot(doc))
    # What it cannot delete now is deleted by the next who can.
    lost.delete(doc)
    assert s3_server.objects(s3) == [_named(model)]
    one.delete(one.create("net", edit.Document.read("")).id)
    assert s3_server.objects(s3) == []


def test_bytes_of_another_hash_are_never_taken_for_weights(
    opened: Open, s3: str, s3_server: S3Server, model: bytes, other: bytes, tmp_path: Path
) -> None:
    one = opened("one", s3)
    doc = one.create("net", edit.Document.read("")).id
    _put(one, doc, model)
    s3_server.put(s3, _named(model), other)
    two = opened("two", s3)
    with pytest.raises(StoreUnavailable, match="not what it was given"):
        two.indexes(two.snapshot(doc))
    assert _files(tmp_path / "two") == []
    s3_server.delete(s3, _named(model))
    with pytest.raises(WeightsError, match="replaced or taken away"):
        two.indexes(two.snapshot(doc))


@pytest.mark.parametrize("url", ["http://example.org/x", "s3://", "s3:///folder", "weights"])
def test_an_address_that_is_no_store_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreUnusable):
        Workspace(tmp_path, weights_url=url)
