"""Names that came from outside, made safe for paths, headers and zip entries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

_LONGEST = 120
_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f<>:"/\\|?*\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_ENDINGS = (".caffemodel.h5", ".caffemodel", ".prototxt", ".txt", ".h5", ".pbtxt")


def stem(file_name: str, default: str = "net") -> str:
    """A file name without folders and known ending, safe on every system; `default` where none is left."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
            break
    name = _UNSAFE.sub("_", name).strip(" ._")[:_LONGEST].strip(" ._")
    if _RESERVED.match(name):
        name = "_" + name
    return name or default


def grafted_name(name: str, sources: Iterable[str]) -> str:
    """The stem of a changed document's downloads, `name` being the document's: that of none of the files that
    its weights came from, over which the pair would be written where it is unpacked beside them."""
    made = stem(name)
    if made not in {stem(each) for each in sources}:
        return made
    counted = re.fullmatch(r"(.*_grafted)(\d*)", made)
    return f"{counted[1]}{int(counted[2] or 1) + 1}" if counted else f"{made}_grafted"


def weights_name(file_name: str) -> str:
    """What weights that came as such a file are called: a safe stem, and an ending that says the format."""
    ending = ".caffemodel.h5" if file_name.lower().endswith(".h5") else ".caffemodel"
    return stem(file_name, "weights") + ending


def attachment(file_name: str) -> str:
    """A Content-Disposition for a safe file name (RFC 6266)."""
    plain = file_name.encode("ascii", "replace").decode().replace("?", "_")
    if plain == file_name:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name)}"
