"""Data whose shape the file does not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.model import NetLayer
from netgraft.caffe.scalars import from_wire_string

UNKNOWN_SOURCE: Final = "unknown-source-shape"


def data_source(layer: NetLayer) -> str:
    """The source that a data layer reads from a file or a database; "" where it reads none."""
    known = layer.known
    if known is None or known.family != "data" or known.param_field is None:
        return ""
    params = getattr(layer.message, known.param_field, None)  # a fork's field is in no schema
    return from_wire_string(getattr(params, "source", ""))


@danger(UNKNOWN_SOURCE, "Nobody knows what a data source holds", "info")
def unknown_source_shape(scene: Scene) -> Iterator[Diagnostic]:
    """Shapes downstream of it are unknown, and so are the checks that need them. `blob` names the source."""
    for layer in scene.net.layers:
        # The first top is what an answer tells; what else HDF5 holds stays unknown.
        if None not in layer.top_shapes[:1]:
            continue
        source = data_source(layer)
        if not source:
            continue
        message = f"What '{source}' holds (channels, height, width) is not known, so shapes are unknown."
        place = places.layer_place(layer.source)
        yield Diagnostic(UNKNOWN_SOURCE, "info", message, None, layer.key, source, place)
