"""The account of a graft: what became of each layer of each copy, and what a person should know."""

from __future__ import annotations

from collections.abc import Sequence

from netgraft.caffe.layers import told_key
from netgraft.edit.document import Document
from netgraft.edit.duplicate.decided import Graft
from netgraft.edit.duplicate.rates import contradictions, effective_rate, rate_after
from netgraft.edit.meaning import BATCH_NORM, blob_roles
from netgraft.edit.numbers import write_float
from netgraft.edit.report import CopiedBlob, CopiedLayer, Note, Report
from netgraft.edit.view import LayerText


def account(graft: Graft, result: Document, upgraded: Sequence[str], refit: Sequence[str]) -> Report:
    """The report of one duplicate. `refit` are the layers whose stored parameters fit no more."""
    copied = [
        _copied_layer(graft, layer, copy, result) for copy in graft.copies for layer in graft.selection.layers
    ]
    keys = graft.keys()
    notes = [
        *contradictions(graft.view, graft.selection, graft.sharing, keys),
        *graft.selection.notes,
        *graft.sharing.notes,
        *graft.inputs.notes,
        *_wiring_notes(graft),
        *_twin_notes(graft),
        *(_filler_note(name) for name in refit),
        *(
            Note(code="flattened-to-compare", severity="info", message=join.why_flat, layer=join.flats[0])
            for join in graft.joins
            if join.flats
        ),
    ]
    copies = [key for (_, copy), key in keys.items() if copy]
    return Report(
        op="duplicate",
        title=f"Duplicate {_counted(len(graft.selection.layers), 'layer')}",
        summary=_summary(graft, copied),
        upgraded=list(upgraded),
        copies=copied,
        added=[
            *graft.inputs.added,
            *copies,
            *(name for join in graft.joins for name in (*join.flats, join.name)),
        ],
        changed=[*graft.inputs.changed, *_changed(graft)],
        renamed=list(graft.namer.renamed),
        notes=notes,
    )


def _changed(graft: Graft) -> list[str]:
    """The keys of layers that were there before and whose text is another now."""
    found: list[str] = []
    for layer in graft.view.layers:
        if layer.key in graft.selection.keys:
            wires = graft.wiring.copies[(layer.key, 0)]
            key = graft.key(layer, 0)
            moved = key != layer.key or not all(
                change.idle for change in graft.sharing.changes.get((layer.key, 0), {}).values()
            )
        else:
            wires, key, moved = graft.wiring.outside[layer.key], layer.key, False
        if moved or wires.bottoms != layer.bottom_names or wires.tops != layer.top_names:
            found.append(key)
    return found


def _copied_layer(graft: Graft, layer: LayerText, copy: int, result: Document) -> CopiedLayer:
    origin = result.origin(graft.name(layer, copy))
    others = [graft.key(layer, other) for other in graft.copies if other != copy]
    standing = 0.0 if layer.type == BATCH_NORM else 1.0
    blobs: list[CopiedBlob] = []
    for index, role in enumerate(blob_roles(graft.view, layer)):
        change = graft.sharing.changes.get((layer.key, copy), {}).get(index)
        group = graft.sharing.groups.get((layer.key, index))
        tied = others if group else []
        if copy == 0 and not group:
            group, tied = _standing_tie(graft, layer, index)
        lr = rate_after(layer, index, change, "lr_mult")
        decay = rate_after(layer, index, change, "decay_mult")
        if group and copy == 0:  # what nobody changed may be another user's word
            lr = effective_rate(graft.view, layer, index, "lr_mult") if lr is None else lr
            decay = effective_rate(graft.view, layer, index, "decay_mult") if decay is None else decay
        blobs.append(
            CopiedBlob(
                index=index,
                role=role,
                state="shared" if group else "copied" if origin is not None else "filler",
                shared_with=tied,
                group=group,
                lr_mult=standing if lr is None else lr,
                decay_mult=standing if decay is None else decay,
            )
        )
    return CopiedLayer(
        copy_number=copy + 1,
        source=layer.name,
        name=graft.name(layer, copy),
        key=graft.key(layer, copy),
        type=layer.type,
        weights_from=origin.title if origin is not None and blobs else None,
        blobs=blobs,
    )


def _standing_tie(graft: Graft, layer: LayerText, blob: int) -> tuple[str | None, list[str]]:
    """The tie to layers outside that a first copy has kept with its names."""
    name = layer.params[blob].name if blob < len(layer.params) else ""
    if not name or graft.namer.affixes[0].text:
        return None, []
    outside = [user.key for user, _ in graft.view.param_users[name] if user.key not in graft.selection.keys]
    return (name, outside) if outside else (None, [])


def _wiring_notes(graft: Graft) -> list[Note]:
    notes = [
        Note(
            code="read-through-outside",
            severity="warning",
            message=f"{reader!r} reads {blob!r} through {outside!r}, which is not selected: "
            "all copies read what it makes of the first copy's.",
            layer=graft.key(graft.view.by_key[reader], 0),
        )
        for reader, blob, outside in graft.wiring.through_outside
    ]
    read = [output for output in graft.wiring.outputs.values() if output.readers]
    if read and not graft.joins:
        names = ", ".join(repr(name) for output in read for name in output.names[1:])
        text = f"Nothing reads {names} yet: the readers stay on the first copy."
        notes.append(Note(code="copies-unread", severity="info", message=text))
    return notes


def _twin_notes(graft: Graft) -> list[Note]:
    """Copies that start alike, read alike and are joined symmetrically stay alike: one would do."""
    if graft.operation.join.kind not in ("eltwise", "contrastive") or graft.inputs.names:
        return []
    twins: list[str] = []
    for layer in graft.selection.layers:
        count = len(blob_roles(graft.view, layer))
        if not count or layer.type == BATCH_NORM:
            continue
        rows = [_rates(graft, layer, copy, count) for copy in graft.copies]
        if any(row != rows[0] for row in rows):
            return []
        if any((layer.key, blob) not in graft.sharing.groups for blob in range(count)):
            twins.append(layer.name)
    if not twins:
        return []
    text = (
        f"The copies of {', '.join(repr(name) for name in twins)} start alike, read the same, learn at one "
        "rate and are joined symmetrically: they stay equal for ever. Share them, or give them other inputs "
        "or rates."
    )
    layer_key = graft.key(graft.selection.layers[0], 0)
    return [Note(code="identical-twins", severity="warning", message=text, layer=layer_key)]


def _rates(graft: Graft, layer: LayerText, copy: int, count: int) -> list[float | None]:
    changes = graft.sharing.changes.get((layer.key, copy), {})
    lr = [rate_after(layer, blob, changes.get(blob), "lr_mult") for blob in range(count)]
    decay = [rate_after(layer, blob, changes.get(blob), "decay_mult") for blob in range(count)]
    return lr + decay


def _filler_note(name: str) -> Note:
    text = f"The parameters of {name!r} have another shape now: they start from their filler."
    return Note(code="starts-from-filler", severity="warning", message=text, layer=name)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _summary(graft: Graft, copied: Sequence[CopiedLayer]) -> list[str]:
    lines = [f"{len(graft.copies)} copies of {_counted(len(graft.selection.layers), 'layer')}"]
    for layer in copied:
        later = layer.key.removeprefix(layer.name)  # `~2`: a later namesake
        name = layer.key if layer.source == layer.name else f"{layer.source}{later} -> {layer.key}"
        lines.append(f"copy {layer.copy_number}: {name}{_told_blobs(layer)}")
    namesakes = {layer.key: layer.name for layer in copied if layer.key != layer.name}
    lines += [told_key(key, name) for key, name in namesakes.items()]
    lines += graft.inputs.told
    for join in graft.joins:
        bottoms = " + ".join(graft.wiring.outputs[join.blob].names)
        lines.append(f"joined: {bottoms} -> {join.name} ({graft.operation.join.kind})")
        if join.reason:
            lines.append(f"named otherwise: {join.name}: {join.reason}")
    renamed = graft.namer.renamed
    return lines + [f"named otherwise: {one.new}: {one.reason}" for one in renamed if one.reason]


def _told_blobs(layer: CopiedLayer) -> str:
    if not layer.blobs:
        return ""
    parts = []
    for blob in layer.blobs:
        told = "left to its filler"
        if blob.state == "shared":
            told = f"shared with {', '.join(blob.shared_with)} as {blob.group}"
        elif blob.state == "copied":
            told = f"copied from {layer.weights_from}"
        rates = f"lr_mult {write_float(blob.lr_mult)}, decay_mult {write_float(blob.decay_mult)}"
        parts.append(f"{blob.role} {told}, {rates}")
    return " [" + "; ".join(parts) + "]"
