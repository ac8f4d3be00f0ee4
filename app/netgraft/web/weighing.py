"""How a document's weights meet its net, layer by layer and blob by blob, and what their values are like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from netgraft.caffe.catalogue.registry import lookup
from netgraft.edit.pairing import plan_weights
from netgraft.web.graph.fates import fate_of
from netgraft.web.problems import ProblemError
from netgraft.weights import Plan, Proof, StoredBlob, filter_sheet, stats
from netgraft.weights.fillers import filler_of
from netgraft.weights.resolve import PlannedBlob, PlannedLayer, find_clash
from netgraft.weights.words import READ_LIMIT, blob_clash
from netgraft.workspace import Snapshot, Workspace

Json = dict[str, Any]


def plan_of(snapshot: Snapshot, workspace: Workspace, **options: bool) -> Plan:
    """The plan of a document's caffemodel; `options` are those of `plan_weights`.

    Raises ProblemError (404) for a document without weights, WeightsError where the two do not fit.
    """
    if not snapshot.sources:
        raise ProblemError(
            404, "no-weights", "This document has no weights: upload a caffemodel for it first."
        )
    return plan_weights(
        snapshot.document, workspace.indexes(snapshot), datum=snapshot.premises.datum, **options
    )


def matches(plan: Plan) -> Json:
    """The members `export`, `layers`, `unused` and `notes` of a WeightsAnswer."""
    rows = []
    for layer in plan.layers:
        fate = fate_of(layer)
        if fate is not None:
            rows.append(
                {
                    "layer": layer.target.name,
                    "type": layer.target.type,
                    "fate": fate[1],
                    "origin": fate[0],
                    "message": layer.message.strip(),
                    "blobs": list(_blobs(layer)),
                }
            )
    return {
        "export": {"size": plan.size, "too_large": plan.size >= READ_LIMIT},
        "layers": rows,
        "unused": list(plan.report.unused),
        "notes": list(plan.report.notes),
    }


def _blobs(layer: PlannedLayer) -> Iterator[Json]:
    """BlobMatchModel for each blob of a net's layer."""
    target = layer.target
    roles = _roles(layer)
    fate = fate_of(layer)
    word = fate[1] if fate is not None and fate[1] is not None else "filler"
    for index, shape in enumerate(target.blobs or ()):
        planned = layer.blobs[index] if layer.blobs else None
        stored = planned.stored if planned else layer.stored.blob(index) if layer.stored else None
        state, message = word, ""
        if word in ("shape-clash", "data-clash"):
            # Of a layer that clashes some blobs may fit all the same.
            found = blob_clash(target.name, index, stored, shape) if stored is not None else None
            state, message = found or ("loads", "")
        owner = target.owner(index)
        yield {
            "index": index,
            "role": roles[index] if index < len(roles) else f"blob {index}",
            "state": state,
            "shape": shape,
            "stored_shape": stored.shape if stored is not None else None,
            "filler": filler_of(target.message, index) if target.message is not None else "",
            "owner": owner[0] if owner is not None else None,
            "message": message.strip(),
        }


def _roles(layer: PlannedLayer) -> tuple[str, ...]:
    known = lookup(layer.target.type)
    return known.roles(layer.target.message) if known and layer.target.message is not None else ()


def find_layer(plan: Plan, key: str) -> PlannedLayer:
    """The planned layer of a key. Raises ProblemError (404); variants of one name have the same weights."""
    name, _, number = key.rpartition("~")
    for wanted in (key, name if number.isdecimal() else key):
        for layer in plan.layers:
            if layer.target.name == wanted:
                return layer
    raise ProblemError(404, "unknown-layer", f"There is no layer {key!r} in this net.")


def described(snapshot: Snapshot, workspace: Workspace, key: str, *, values: bool) -> Json:
    """LayerWeights; without `values` no blob is read."""
    layer = find_layer(plan_of(snapshot, workspace, refuse_clashes=False), key)
    fate = fate_of(layer) or (None, "filler")
    roles = _roles(layer)
    blobs = []
    for index, planned in enumerate(layer.blobs if values else ()):
        blob = shown(planned)
        found = stats(blob)
        blobs.append(
            {
                "index": index,
                "role": roles[index] if index < len(roles) else f"blob {index}",
                "shape": found.shape,
                "count": found.count,
                "min": found.least,
                "max": found.most,
                "mean": found.mean,
                "std": found.std,
                "zeros": found.zeros,
                "nan": found.nan,
                "inf": found.inf,
                "histogram": found.histogram,
                "filters": has_filters(blob),
            }
        )
    return {
        "layer": layer.target.name,
        "fate": fate[1],
        "origin": fate[0],
        "message": layer.message.strip(),
        "blobs": blobs,
        "candidates": list(_candidates(layer, snapshot, workspace)),
    }


def shown(planned: PlannedBlob) -> StoredBlob:
    """A stored blob in the net's shape."""
    return planned.stored if planned.shape is None else replace(planned.stored, shape=planned.shape)


def has_filters(blob: StoredBlob) -> bool:
    """Whether `filter_sheet` may have a picture of it: a first convolution's weight, by its shape."""
    shape = blob.shape
    return len(shape) == 4 and shape[1] in (1, 3) and min(shape[2:]) >= 2 and max(shape[2:]) <= 64


def sheet(snapshot: Snapshot, workspace: Workspace, key: str) -> bytes:
    """A layer's filters as PNG. Raises ProblemError (404) where it has none to show."""
    layer = find_layer(plan_of(snapshot, workspace, refuse_clashes=False), key)
    picture = filter_sheet(shown(layer.blobs[0])) if layer.blobs else None
    if picture is None:
        detail = f"Layer {key!r} has no filters of one or three channels to show."
        raise ProblemError(404, "no-filters", detail)
    return picture


def _candidates(layer: PlannedLayer, snapshot: Snapshot, workspace: Workspace) -> Iterable[Json]:
    """The stored layers that fit, of all sources."""
    if not layer.target.blobs:
        return
    for source, index in workspace.indexes(snapshot).items():
        for stored in index.layers:
            if (
                stored.blobs
                and index.effective(stored.name) is stored
                and not find_clash(layer.target, stored)
            ):
                yield {"source": source, "layer": stored.name}


def proof(found: Proof, revision: int) -> Json:
    """ProofAnswer."""
    equal = sum(row.finding == "equal" for row in found.rows)
    copied = sum(row.finding in ("equal", "differs", "unknown") for row in found.rows)
    text = f"Every copied blob equals its source: {equal} of {copied}."
    if not found.ok:
        first = found.failures[0]
        count = len(found.failures)
        text = f"{count} of {len(found.rows)} blobs failed: {first.layer}/{first.blob}: {first.message}."
    return {
        "ok": found.ok,
        "revision": revision,
        "equal": equal,
        "copied": copied,
        "summary": text,
        "rows": [
            {
                "layer": row.layer,
                "blob": row.blob,
                "finding": row.finding,
                "source": row.source,
                "message": row.message,
            }
            for row in found.rows
        ],
        "ignored": list(found.ignored),
    }
