"""What a file is that is no caffemodel, so that the error can say it."""

from __future__ import annotations

from netgraft.weights.errors import WeightsError
from netgraft.weights.source import Source
from netgraft.weights.wire import BYTES, VARINT, Scanner, walk

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"

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
    """Whether the HDF5 superblock stands where the format allows it: at 0, 512, 1024, 2048, ..."""
    offset = 0
    while offset + 8 <= source.size:
        if source.read(offset, 8) == HDF5_MAGIC:
            return True
        offset = offset * 2 or 512
    return False


def refuse_strangers(source: Source) -> None:
    """Raises WeightsError for files that announce themselves as something else."""
    if source.size == 0:
        raise WeightsError("The file is empty", 0)
    head = bytes(source.read(0, min(64, source.size)))
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise WeightsError(f"This is no caffemodel but {what}", kind="not-a-caffemodel")
    if head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise WeightsError(
            "This is no caffemodel but an HTML page: the download went wrong", kind="not-a-caffemodel"
        )
    # A NetParameter's field 1 is a string (0x0a); these two begin with a number (0x08).
    if head[0] == 0x08:
        _refuse_solver_files(source)


def _refuse_solver_files(source: Source) -> None:
    seen: dict[tuple[int, int], str | int] = {}
    try:
        for item in walk(Scanner(source), 0, source.size):
            key = (item.number, item.wire)
            if key == (2, BYTES):
                length = min(item.end - item.value, 200)
                seen[key] = bytes(source.read(item.value, length)).decode("utf-8", "replace")
            else:
                seen[key] = item.varint
    except WeightsError:
        pass  # A damaged one is still what it is; what was seen so far decides.
    if (3, BYTES) in seen or (2, BYTES) in seen:
        learned = f" The weights that it goes with are in {seen[2, BYTES]}." if seen.get((2, BYTES)) else ""
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
    head = bytes(source.read(0, min(4096, source.size)))
    printable = all((byte >= 0x20 and byte != 0x7F) or byte in b"\t\r\n\f" for byte in head)
    return printable and (b":" in head or b"{" in head or b"#" in head)
