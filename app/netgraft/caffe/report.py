"""A verdict as the object that `netgraft check --format jsonl` prints."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import Shape
from netgraft.caffe.diagnostics import Diagnostic, Fix
from netgraft.caffe.model import NetLayer, Verdict


def run_object(document: prototxt.Document, verdict: Verdict, file: str) -> dict[str, object]:
    """The verdict on one file for one state: `ok`, what was built, and every finding with its place.

    For a refused net `error` is Caffe's first error and `layer` the layer that it was creating. Shapes
    are lists, null where nobody knows them.
    """
    net = verdict.net
    out: dict[str, object] = {
        "file": file,
        "phase": net.state.phase,
        "level": net.state.level,
        "stages": sorted(net.state.stages),
        "ok": verdict.ok,
    }
    first = verdict.first_error
    if first is not None:
        out["error"] = first.caffe_message or first.message
        out["layer"] = verdict.culprit
    out["layers"] = [_layer(layer) for layer in net.layers]
    out["params"] = [
        {"name": param.name, "owner": param.owner, "shape": _shape(param.shape)} for param in net.params
    ]
    out["learnable"] = [{"lr": learnable.lr, "decay": learnable.decay} for learnable in net.learnable]
    out["outputs"] = list(net.outputs)
    out["upgrades"] = list(verdict.upgrades)
    out["diagnostics"] = [diagnostic_object(document, diagnostic) for diagnostic in verdict.diagnostics]
    return out


def _shape(shape: Shape | None) -> list[int] | None:
    return None if shape is None else list(shape)


def _layer(layer: NetLayer) -> dict[str, object]:
    return {
        "name": layer.name,
        "type": layer.type,
        "bottoms": list(layer.bottoms),
        "tops": [[top, _shape(shape)] for top, shape in zip(layer.tops, layer.top_shapes, strict=True)],
        "blobs": [_shape(shape) for shape in layer.blobs],
    }


def diagnostic_object(document: prototxt.Document, diagnostic: Diagnostic) -> dict[str, object]:
    """One finding, its place as lines and columns from 1 (columns in characters)."""
    out: dict[str, object] = {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "caffe_message": diagnostic.caffe_message,
        "layer": diagnostic.layer,
        "blob": diagnostic.blob,
        "line": None,
        "column": None,
        "end_line": None,
        "end_column": None,
        "fixes": [fix_object(fix) for fix in diagnostic.fixes],
    }
    place = diagnostic.place
    if place is not None:
        out["line"], out["column"] = document.position(place.chunk, place.start)
        out["end_line"], out["end_column"] = document.position(place.chunk, place.end)
    return out


def fix_object(fix: Fix) -> dict[str, object]:
    """A fix as JSON."""
    return {"title": fix.title, "operations": [dict(operation) for operation in fix.operations]}
