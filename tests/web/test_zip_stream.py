"""Zips whose size is known beforehand, read by Python's own zipfile."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft.web import zipped
from netgraft.web.zipped import Entry, entry

_NAMES = st.text(st.characters(exclude_categories=["C"], exclude_characters='/\\:"'), min_size=1, max_size=20)


def _written(entries: list[Entry], zip64_from: int) -> bytes:
    return b"".join(zipped.stream(entries, zip64_from))


@pytest.mark.parametrize("zip64_from", [0xFFFFFFFF, 60, 0])
@given(files=st.dictionaries(_NAMES, st.binary(max_size=100), max_size=4))
def test_a_zip_holds_its_files_and_is_as_long_as_said(files: dict[str, bytes], zip64_from: int) -> None:
    entries = [entry(name, data) for name, data in files.items()]
    data = _written(entries, zip64_from)
    assert len(data) == zipped.size(entries, zip64_from)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_a_file_in_pieces_is_joined() -> None:
    pieces = Entry("net.caffemodel", 6, lambda: (memoryview(b"abc"), b"", b"def"))
    with zipfile.ZipFile(io.BytesIO(_written([pieces], 0xFFFFFFFF))) as archive:
        assert archive.read("net.caffemodel") == b"abcdef"
