"""Running a grafted pair and its original in OpenCV, and comparing what comes out of each branch."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import text_format
from numpy.typing import NDArray

from netgraft.caffe.model import Net, NetLayer
from netgraft.proto import caffe_pb2
from netgraft.weights.branches import Branches, SameWeights, branches, layers_of
from netgraft.weights.compare import equal_values
from netgraft.weights.stored import Index, StoredBlob

Floats = NDArray[np.float32]
MOST_VALUES = 1 << 26
"""Values of one input; what is larger is not run."""
_LACKS = re.compile(r'Can.t create layer "(?P<name>.*)" of type "(?P<type>.*?)"')


class CannotRunError(Exception):
    """Why the nets cannot be run, for people."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One branch's answer beside the original's: the largest difference, of values up to `scale`."""

    layer: str
    original: str
    difference: float
    scale: float
    copy: bool = True
    """Whether it must agree: it does what the original does, layer by layer, and not by its name alone."""

    @property
    def equal(self) -> bool:
        """Whether they agree as float32 arithmetic in another order does (1e-5 of the largest value)."""
        return self.difference <= 1e-5 * max(1.0, self.scale)


@dataclass(frozen=True, slots=True)
class Side:
    """A net with its weights: as Caffe has it in TEST, its index, and the file for OpenCV to load."""

    net: Net
    index: Index
    file: Path


def same_weights(graft: Side, original: Side) -> SameWeights:
    """Whether two layers hold equal blobs; a sharer that is left out has its owner's."""

    def same(layer: NetLayer, other: NetLayer) -> bool:
        if len(layer.blobs) != len(other.blobs):
            return False
        for index in range(len(layer.blobs)):
            mine, its = _blob(graft, layer, index), _blob(original, other, index)
            if (mine is None) != (its is None):
                return False
            if mine is not None and its is not None and not equal_values(mine, its):
                return False
        return True

    return same


def _blob(side: Side, layer: NetLayer, index: int) -> StoredBlob | None:
    stored = side.index.effective(layer.name)
    blob = stored.blob(index) if stored is not None else None
    owner = side.net.params[layer.first_param + index].owner
    if blob is None and owner >= 0:
        param = side.net.params[owner]
        return _blob(side, side.net.layers[param.layer], param.blob)
    return blob


def find_branches(graft: Side, original: Side) -> Branches:
    """Where the graft's copies of the original end."""
    return branches(graft.net, original.net, same_weights(graft, original))


def compare_branches(graft: Side, original: Side, *, seed: int = 4) -> list[Compared]:
    """Feeds both nets the same random values and compares each branch's end.

    Raises CannotRunError: OpenCV is not installed, does not know a layer, or no branch is found.
    """
    cv2 = _opencv()
    found = find_branches(graft, original)
    if not found.ends:
        raise CannotRunError("no branch of the pair does what the original does")
    for side in (graft, original):
        if side.index.format == "hdf5":
            raise CannotRunError("OpenCV reads no HDF5 weights")
    random = np.random.default_rng(seed)
    feed = {blob: random.random(shape, np.float32) for blob, shape in _inputs(original.net)}
    fed = {
        blob: feed[found.inputs[blob]] if blob in found.inputs else random.random(shape, np.float32)
        for blob, shape in _inputs(graft.net)
    }
    expected = _run(cv2, original, feed, list(dict.fromkeys(end.original for end in found.ends)))
    answers = _run(cv2, graft, fed, [end.layer for end in found.ends])
    compared = []
    for end in found.ends:
        mine, its = answers[end.layer], expected[end.original]
        if mine.size != its.size:
            compared.append(Compared(end.layer, end.original, float("inf"), 0.0, end.copy))
            continue
        difference = float(np.abs(mine.reshape(-1) - its.reshape(-1)).max(initial=0.0))
        scale = float(np.abs(its).max(initial=0.0))
        compared.append(Compared(end.layer, end.original, difference, scale, end.copy))
    return compared


def _opencv() -> Any:
    try:
        return importlib.import_module("cv2")
    except ImportError:
        raise CannotRunError("OpenCV is not installed: pip install 'opencv-python-headless<5'") from None


def _inputs(net: Net) -> Iterable[tuple[str, tuple[int, ...]]]:
    for layer in net.layers:
        if layer.bottoms:
            continue
        for blob, shape in zip(layer.tops, layer.top_shapes, strict=True):
            if shape is None:
                raise CannotRunError(f"the shape of {blob!r} is not known")
            if int(np.prod(shape, dtype=object)) > MOST_VALUES:
                raise CannotRunError(f"{blob!r} is too large to be tried")
            yield blob, shape


def _run(cv2: Any, side: Side, feed: dict[str, Floats], outputs: Sequence[str]) -> dict[str, Floats]:
    names = [layer.name for layer in side.net.layers]
    kept = layers_of(side.net, [names.index(name) for name in outputs])
    text = text_format.MessageToString(
        caffe_pb2.NetParameter(name=side.net.name, layer=list(map(_runnable, kept)))
    )
    made = {blob for layer in kept for blob in layer.tops}
    try:
        net = _quietly(
            lambda: cv2.dnn.readNetFromCaffe(
                np.frombuffer(text.encode(), np.uint8), np.fromfile(side.file, np.uint8)
            )
        )
        for blob, values in feed.items():
            if blob in made:
                net.setInput(values, blob)
        answers = _quietly(lambda: net.forward(list(outputs)))
    except cv2.error as problem:
        raise CannotRunError(_told(problem)) from problem
    return dict(zip(outputs, [np.array(answer, np.float32) for answer in answers], strict=True))


def _told(problem: Any) -> str:
    """What an error of OpenCV's says, without its places in C++ files."""
    said = str(getattr(problem, "err", "") or problem)
    if lacking := _LACKS.search(said):
        return f"OpenCV has no layers of type {lacking['type']} (layer {lacking['name']!r})"
    if said.lstrip("> ").startswith(("(expected:", "Assertion failed")):
        return "OpenCV cannot run it: it fails one of OpenCV's own assertions"
    lines = [" ".join(line.strip("> \t").split()) for line in said.splitlines()]
    told = next(filter(None, lines), "")
    return f"OpenCV cannot run it: {told}" if told else "OpenCV cannot run it, and does not say why"


def _quietly(action: Callable[[], Any]) -> Any:
    """OpenCV raises what is no cv2.error for some files, and logs to the terminal what it raises."""
    logging = importlib.import_module("cv2").utils.logging
    level = logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        return action()
    except (SystemError, ValueError) as problem:
        raise CannotRunError(f"OpenCV cannot run it: {problem}") from problem
    finally:
        logging.setLogLevel(level)


def _runnable(layer: NetLayer) -> caffe_pb2.LayerParameter:
    """The layer as OpenCV reads it; one that reads data becomes an Input of the same shapes."""
    if layer.bottoms or layer.type == "Input":
        return layer.message
    made = caffe_pb2.LayerParameter(name=layer.name, type="Input", top=layer.tops)
    for shape in layer.top_shapes:
        made.input_param.shape.add(dim=shape or ())
    return made
