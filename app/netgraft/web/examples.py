"""The example nets that come with Netgraft."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from netgraft import prototxt
from netgraft.caffe.layers import document_layers

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its name, and what its first comment lines say of it."""

    name: str
    title: str
    description: str
    layers: int
    text: bytes


def folder() -> Path:
    """netgraft/examples in a wheel, examples/ of the checkout otherwise."""
    inside = _PACKAGE / "examples"
    return inside if inside.is_dir() else _PACKAGE.parent.parent / "examples"


def examples() -> list[Example]:
    """All examples, by name."""
    return [_read(file) for file in sorted(folder().glob("*.prototxt"))]


def example(name: str) -> Example | None:
    """The example of that name."""
    return next((each for each in examples() if each.name == name), None)


def _read(file: Path) -> Example:
    data = file.read_bytes()
    comments = []
    for line in data.decode().splitlines():
        if not line.startswith("#"):
            break
        comments.append(line.lstrip("# ").rstrip())
    title = comments[0] if comments else file.stem
    layers = len(document_layers(prototxt.parse(data)))
    return Example(file.stem, title.rstrip("."), " ".join(comments[1:]), layers, data)
