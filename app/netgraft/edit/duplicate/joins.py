"""Where the copies' outputs come together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netgraft import prototxt
from netgraft.edit.duplicate.naming import Namer
from netgraft.edit.duplicate.plan import Join
from netgraft.edit.duplicate.wiring import Output, Wiring
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.layout import Statement, new_layer
from netgraft.edit.view import LayerText, View

_DEAD_ENDS = frozenset({"Accuracy", "Silence", "HDF5Output"})


@dataclass(frozen=True, slots=True)
class PlannedJoin:
    """One join: the blob that is joined, the name of layer and top, and why it is not the one asked for."""

    blob: str
    name: str
    reason: str | None = None


def plan_joins(view: View, join: Join, wiring: Wiring, namer: Namer) -> list[PlannedJoin]:
    """Which outputs are joined, and under what names.

    By default those that layers outside read, or, where nothing reads the selection, its ends.
    What data layers make is not joined: labels are no features. Raises EditError where there is
    nothing to join, and where a contrastive loss is asked for what it cannot compare.
    """
    if join.kind == "none":
        return []
    outputs = _chosen(view, join, wiring)
    if join.kind == "contrastive":
        _check_contrastive(view, join, outputs, len(namer.affixes))
    endings = {"concat": "concat", "eltwise": (join.operation or "SUM").lower(), "contrastive": "loss"}
    planned: list[PlannedJoin] = []
    for output in outputs:
        wanted = f"{output.blob}_{endings[join.kind]}"
        if join.name:
            wanted = join.name if len(outputs) == 1 else f"{join.name}_{output.blob}"
        name = namer.fresh(wanted)
        planned.append(PlannedJoin(output.blob, name, None if name == wanted else f"{wanted!r} is taken."))
    return planned


def _chosen(view: View, join: Join, wiring: Wiring) -> list[Output]:
    if join.blobs is not None:
        for blob in join.blobs:
            if blob not in wiring.outputs:
                hint = suggestion(blob, wiring.outputs)
                raise EditError(
                    "unknown-blob", f"{blob!r} does not leave the selection: it cannot be joined.{hint}"
                )
        return [wiring.outputs[blob] for blob in dict.fromkeys(join.blobs)]
    features = [o for o in wiring.outputs.values() if view.layers[o.maker].bottoms and o.names]
    read = [output for output in features if output.readers]
    ends = [one for one in features if not one.inner and not _is_dead_end(view.layers[one.maker])]
    chosen = read or ends
    if not chosen:
        raise EditError(
            "nothing-to-join", "The selection makes no blob that could be joined: nothing leaves it."
        )
    return sorted(chosen, key=lambda output: output.maker)


def _is_dead_end(layer: LayerText) -> bool:
    return layer.type in _DEAD_ENDS or layer.type.endswith("Loss")


def _check_contrastive(view: View, join: Join, outputs: list[Output], copies: int) -> None:
    if copies != 2:
        raise EditError("contrastive-needs-two", f"A contrastive loss compares two copies, not {copies}.")
    if len(outputs) != 1:
        names = ", ".join(repr(output.blob) for output in outputs)
        raise EditError(
            "contrastive-needs-one-blob",
            f"A contrastive loss compares one blob; say which of {names} in join.blobs.",
        )
    if not join.label:
        raise EditError(
            "no-label", "A contrastive loss needs a label: the blob that says which pairs are alike."
        )
    if join.label not in view.blob_names:
        hint = suggestion(join.label, view.blob_names)
        raise EditError("unknown-blob", f"No layer makes the label {join.label!r}.{hint}")


def join_text(view: View, join: Join, planned: PlannedJoin, output: Output, names: Mapping[str, str]) -> str:
    """The join layer's text. `names` gives the label's name after the graft."""
    kind = {"concat": "Concat", "eltwise": "Eltwise", "contrastive": "ContrastiveLoss"}[join.kind]
    bottoms = list(output.names)
    body: list[Statement] = []
    if join.kind == "concat":
        body = [("concat_param", [("axis", str(1 if join.axis is None else join.axis))])]
    elif join.kind == "eltwise":
        body = [("eltwise_param", [("operation", join.operation or "SUM")])]
    else:
        label = join.label or ""
        bottoms.append(names.get(label, label))
        if join.margin is not None:
            body = [("contrastive_loss_param", [("margin", f"{join.margin:g}")])]
    like = view.layers[output.maker]
    statements: list[Statement] = [
        ("name", prototxt.quote(planned.name)),
        ("type", prototxt.quote(kind)),
        *(("bottom", prototxt.quote(bottom)) for bottom in bottoms),
        ("top", prototxt.quote(planned.name)),
        *_rules(view, like, output),
        *body,
    ]
    return new_layer(view, like, statements)


def _rules(view: View, maker: LayerText, output: Output) -> list[Statement]:
    """The maker's include and exclude rules, where it alone makes the blob: the join lives where it does."""
    makers = [
        layer for layer in view.layers if output.blob in layer.top_names and (layer.include or layer.exclude)
    ]
    others = [
        layer
        for layer in view.layers
        if output.blob in layer.top_names and not (layer.include or layer.exclude)
    ]
    if others or len(makers) != 1 or makers[0].key != maker.key:
        return []
    chunk = view.tree.chunks[maker.chunk]
    rules: list[Statement] = []
    for name in ("include", "exclude"):
        for field in prototxt.elements(maker.field.children, name):
            inside = [(child.name, prototxt.raw(chunk, child)) for child in field.children]
            rules.append((name, [(n, v) for n, v in inside]))
    return rules
