"""Data whose shape the file does not say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic
from netgraft.caffe.scalars import from_wire_string

UNKNOWN_SOURCE: Final = "unknown-source-shape"


@danger(UNKNOWN_SOURCE, "Nobody knows what a data source holds", "info")
def unknown_source_shape(scene: Scene) -> Iterator[Diagnostic]:
    """Shapes downstream of it are unknown, and so are the checks that need them. `blob` names the source."""
    for layer in scene.net.layers:
        known = layer.known
        if (
            known is None
            or known.family != "data"
            or None not in layer.top_shapes
            or known.param_field is None
        ):
            continue
        params = getattr(layer.message, known.param_field, None)  # a fork's field is in no schema
        source = from_wire_string(getattr(params, "source", ""))
        if not source:
            continue
        message = (
            f"What '{source}' holds is not known here (--datum '{source}=CxHxW'), so shapes are unknown."
        )
        place = places.layer_place(layer.source)
        yield Diagnostic(UNKNOWN_SOURCE, "info", message, None, layer.key, source, place)
