"""Where the copies' outputs come together again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netgraft import prototxt
from netgraft.edit.duplicate.comparing import Shapes, check_contrastive, flattened, told_flattened
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
    flats: tuple[str, ...] = ()  # layers and blobs, a copy each, that make a vector of what is compared
    why_flat: str = ""


def plan_joins(view: View, join: Join, wiring: Wiring, namer: Namer, shapes: Shapes) -> list[PlannedJoin]:
    """Which outputs are joined, and under what names.

    By default those that layers outside read, or, where nothing reads the selection, its ends.
    What data layers make is not joined: labels are no features. `shapes` are the net's before the graft,
    needed for a contrastive loss. Raises EditError where there is nothing to join, and where such a loss is
    asked for what it cannot compare.
    """
    if join.kind == "none":
        return []
    outputs = _chosen(view, join, wiring)
    if join.kind == "contrastive":
        check_contrastive(view, join, outputs, len(namer.affixes), shapes)
    endings = {"concat": "concat", "eltwise": (join.operation or "SUM").lower(), "contrastive": "loss"}
    planned: list[PlannedJoin] = []
    for output in outputs:
        wanted = f"{output.blob}_{endings[join.kind]}"
        if join.name:
            wanted = join.name if len(outputs) == 1 else f"{join.name}_{output.blob}"
        name = namer.fresh(wanted)
        flats: tuple[str, ...] = ()
        why = ""
        shape = flattened(view, output, shapes) if join.kind == "contrastive" else None
        if shape is not None:
            flats, why = _flats(output, namer), told_flattened(output.blob, shape)
        reason = None if name == wanted else f"{wanted!r} is taken."
        planned.append(PlannedJoin(output.blob, name, reason, flats, why))
    return planned


def _flats(output: Output, namer: Namer) -> tuple[str, ...]:
    return tuple(namer.fresh(f"{affix.on(output.blob)}_flat") for affix in namer.affixes)


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


def join_text(view: View, join: Join, planned: PlannedJoin, output: Output, names: Mapping[str, str]) -> str:
    """The join layer's text, after those of the layers that it needs. `names` gives the label's name after
    the graft."""
    kind = {"concat": "Concat", "eltwise": "Eltwise", "contrastive": "ContrastiveLoss"}[join.kind]
    bottoms = list(planned.flats or output.names)
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
    rules = _rules(view, like, output)
    if not rules and join.kind == "contrastive":
        labels = [layer for layer in view.layers if join.label in layer.top_names]
        rules = _rules(view, labels[-1], Output(join.label or "", 0))
    flattened_from = zip(planned.flats, output.names, strict=False)
    before = "".join(new_layer(view, like, _flatten(flat, name, rules)) for flat, name in flattened_from)
    statements: list[Statement] = [
        ("name", prototxt.quote(planned.name)),
        ("type", prototxt.quote(kind)),
        *(("bottom", prototxt.quote(bottom)) for bottom in bottoms),
        ("top", prototxt.quote(planned.name)),
        *rules,
        *body,
    ]
    return before + new_layer(view, like, statements)


def _flatten(name: str, bottom: str, rules: list[Statement]) -> list[Statement]:
    named = [("name", name), ("type", "Flatten"), ("bottom", bottom), ("top", name)]
    return [*((field, prototxt.quote(value)) for field, value in named), *rules]


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
