"""What a file is that is no caffemodel, so that the error can say it."""

from __future__ import annotations

from collections.abc import Callable

from netgraft.weights.errors import WeightsError
from netgraft.weights.source import Source
from netgraft.weights.wire import BYTES, VARINT, Field, Scanner, walk

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
SUPERBLOCK_OFFSETS = (0, 512, 1024, 2048, 4096)
HEAD = 64
"""How many bytes at a file's start tell what it announces itself as."""
TEXT_HEAD = 4096
"""How many of them tell a text."""
LEARNED_NET = (2, BYTES)
"""SolverState.learned_net: the name of the weights that it goes with."""
LEARNED_NET_SHOWN = 200

Seen = dict[tuple[int, int], str | int]
"""Top-level fields by number and wire type: a varint's value, or the text of `LEARNED_NET`."""

_MAGIC = {
    b"PK\x03\x04": "a zip archive (a PyTorch model, perhaps)",
    b"\x1f\x8b": "gzip-compressed: decompress it first",
    b"BZh": "bzip2-compressed: decompress it first",
    b"\xfd7zXZ\x00": "xz-compressed: decompress it first",
    b"\x28\xb5\x2f\xfd": "zstd-compressed: decompress it first",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x93NUMPY": "a NumPy array",
    b"version https://git-lfs": "a Git LFS pointer: the model itself was not downloaded",
}


def is_hdf5(source: Source) -> bool:
    """Whether the HDF5 superblock stands at 0, or behind a user block of 512, 1024, ... bytes.

    The format allows user blocks of any power of two. Caffe writes none, and a limit lets an upload that is
    neither protobuf nor HDF5 be refused in its first kilobytes.
    """
    return any(
        offset + 8 <= source.size and source.read(offset, 8) == HDF5_MAGIC for offset in SUPERBLOCK_OFFSETS
    )


def refuse_strangers(source: Source) -> None:
    """Raises WeightsError for files that announce themselves as something else."""
    if source.size == 0:
        raise WeightsError("The file is empty", 0)
    head = bytes(source.read(0, min(HEAD, source.size)))
    refuse_head(head)
    # A NetParameter's field 1 is a string (0x0a); these two begin with a number (0x08).
    if head[0] == 0x08:
        _refuse_solver_files(source)


def refuse_head(head: bytes) -> None:
    """`refuse_strangers` for what the first `HEAD` bytes tell."""
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise WeightsError(f"This is no caffemodel but {what}", kind="not-a-caffemodel")
    if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise WeightsError(
            "This is no caffemodel but an HTML page: the download went wrong", kind="not-a-caffemodel"
        )


def _refuse_solver_files(source: Source) -> None:
    seen: Seen = {}
    try:
        for item in walk(Scanner(source), 0, source.size):
            note_field(seen, item, source.read)
    except WeightsError:
        pass  # A damaged one is still what it is; what was seen so far decides.
    refuse_solver_files(seen)


def note_field(seen: Seen, item: Field, read: Callable[[int, int], bytes | memoryview]) -> None:
    """Remembers one top-level field of a file that begins with a number, for `refuse_solver_files`."""
    if (item.number, item.wire) == LEARNED_NET:
        length = min(item.end - item.value, LEARNED_NET_SHOWN)
        seen[LEARNED_NET] = bytes(read(item.value, length)).decode("utf-8", "replace")
    else:
        seen[item.number, item.wire] = item.varint


def refuse_solver_files(seen: Seen) -> None:
    """Raises WeightsError where the fields seen are those of a .solverstate or a .binaryproto."""
    if (3, BYTES) in seen or LEARNED_NET in seen:
        learned = (
            f" The weights that it goes with are in {seen[LEARNED_NET]}." if seen.get(LEARNED_NET) else ""
        )
        raise WeightsError(
            f"This is a .solverstate (iteration {seen.get((1, VARINT), 0)}): it holds the solver's history, "
            "one blob a learnable parameter without names or layers, so it cannot be grafted; a solver that "
            f"changes its net must start anew.{learned}",
            kind="not-a-caffemodel",
        )
    if (5, BYTES) in seen and (2, VARINT) in seen:
        raise WeightsError(
            "This is a single blob (a mean image, .binaryproto), not a caffemodel", kind="not-a-caffemodel"
        )


def looks_like_text(source: Source) -> bool:
    """Whether the file begins as a prototxt would: printable, with a colon or a brace."""
    return is_text(bytes(source.read(0, min(TEXT_HEAD, source.size))))


def is_text(head: bytes) -> bool:
    """`looks_like_text` for a file's first bytes."""
    printable = all((byte >= 0x20 and byte != 0x7F) or byte in b"\t\r\n\f" for byte in head)
    return printable and (b":" in head or b"{" in head or b"#" in head)


def text_error() -> WeightsError:
    """What is said of a prototxt in the place of weights."""
    return WeightsError(
        "This is a prototxt (text), not a caffemodel: the weights are in a binary file of their own",
        kind="not-a-caffemodel",
    )
