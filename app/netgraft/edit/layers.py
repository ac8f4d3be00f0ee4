"""Operations on whole layers: a new name, or none at all; and a whole new text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.layout import lead_start
from netgraft.edit.meaning import states
from netgraft.edit.operations import DeleteLayers, RenameLayer, ReplaceText
from netgraft.edit.origins import tidy
from netgraft.edit.params import add_before
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Note, Renamed, Report
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, net_inputs, view
from netgraft.edit.wiring import Healing, heal
from netgraft.prototxt import Splice
from netgraft.weights.origin import Origin


def rename_layer(document: Document, operation: RenameLayer) -> Edited:
    """A layer's new name; its weights follow, unless it is to start from scratch.

    TRAIN and TEST variants are renamed together. A layer that bears another's name in one state is
    renamed alone: that is how the two are told apart. Raises EditError for a name that is taken.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    if not operation.to:
        raise EditError("empty-name", "A layer needs a name.", layer.place)
    renamed = _together(here, layer)
    keys = {one.key for one in renamed}
    if any(one.name == operation.to and one.key not in keys for one in here.layers):
        raise EditError("name-taken", f"There is a layer {operation.to!r} already.", layer.place)
    splices: list[Splice] = []
    for one in renamed:
        splices += _name_splices(document.tree, one, operation.to)
    told = [Renamed(kind="layer", old=layer.name, new=operation.to)]
    if operation.blobs and any(layer.name in one.top_names for one in renamed):
        splices += _blob_splices(here, layer.name, operation.to)
        told.append(Renamed(kind="blob", old=layer.name, new=operation.to))
    tree = prototxt.apply(document.tree, splices)
    origins: dict[str, Origin | None] = dict(document.origins)
    origins[operation.to] = None if operation.from_scratch else document.origin(layer.name)
    if len(renamed) == len(here.variants(layer.name)):
        origins.pop(layer.name, None)
    after = view(tree)
    kept = tidy(origins, after)
    summary = [f"{layer.name} -> {operation.to}"]
    if operation.to in kept:
        origin = kept[operation.to]
        summary.append(f"its weights: {'its filler' if origin is None else f'those of {origin.title}'}")
    report = Report(
        op="rename_layer",
        title=f"Rename {layer.name} to {operation.to}",
        summary=summary,
        upgraded=upgraded,
        changed=[one.key for one in after.variants(operation.to)],
        renamed=told,
    )
    return Edited(Document(tree, kept), report)


def _together(here: View, layer: LayerText) -> list[LayerText]:
    namesakes = here.variants(layer.name)
    for state in states(here):
        if layer.active(state) and sum(one.active(state) for one in namesakes) > 1:
            return [layer]
    return namesakes


def _name_splices(tree: prototxt.Document, layer: LayerText, to: str) -> list[Splice]:
    field = layer.child("name")
    if field is not None:
        return prototxt.set_string(tree, layer.chunk, field, to)
    text = f"name: {prototxt.quote(to)}"
    if not layer.field.children:
        return prototxt.add_field(tree, layer.chunk, layer.field, text)
    return add_before(tree, layer.chunk, layer.field.children[0], text)


def _blob_splices(here: View, old: str, new: str) -> list[Splice]:
    """A blob's new name wherever it is made, changed or read."""
    if new in here.blob_names:
        raise EditError("name-taken", f"There is a blob {new!r} already.")
    splices: list[Splice] = []
    for layer in here.layers:
        for named in (*layer.bottoms, *layer.tops):
            if named.value == old:
                splices += prototxt.set_string(here.tree, layer.chunk, named.field, new)
    return splices


def delete_layers(document: Document, operation: DeleteLayers) -> Edited:
    """Takes layers out; with `heal`, who read them reads what they read.

    What is left without a maker is reported; the checks say it in Caffe's words.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    if not operation.layers:
        raise EditError("empty-selection", "Nothing is selected: name at least one layer to delete.")
    gone = {here.layer(key).key for key in operation.layers}
    healing = heal(here, gone) if operation.heal else Healing()
    tree = without(document.tree, [here.by_key[key] for key in gone], healing.splices)
    after = view(tree)
    removed = [layer.key for layer in here.layers if layer.key in gone]
    report = Report(
        op="delete_layers",
        title=f"Delete {removed[0]}" if len(removed) == 1 else f"Delete {len(removed)} layers",
        summary=[f"deleted: {', '.join(removed)}", *healing.told],
        upgraded=upgraded,
        removed=removed,
        changed=healing.changed,
        notes=_orphans(after),
    )
    return Edited(Document(tree, tidy(document.origins, after)), report)


def without(
    tree: prototxt.Document,
    gone: Collection[LayerText],
    splices: list[Splice],
    *,
    insert: Mapping[int, Sequence[str]] | None = None,
) -> prototxt.Document:
    """The tree without some layers and their comments; `insert` gives texts to stand before chunks."""
    by_chunk: dict[int, list[LayerText]] = {}
    for layer in gone:
        by_chunk.setdefault(layer.chunk, []).append(layer)
    cuts = list(splices)
    remove: set[int] = set()
    for index, layers in by_chunk.items():
        chunk = tree.chunks[index]
        layer = layers[0]
        if len(chunk.fields) == 1 and layer.field.start != layer.field.value_start:
            keep = chunk.text[: lead_start(chunk.text, layer.field.start, first=index == 0)]
            if keep.strip():
                cuts.append(Splice(index, len(keep), len(chunk.text), ""))
            else:
                remove.add(index)
            continue
        whole = [field for field in chunk.fields if not _left(field, layers)]
        cuts += remove_fields(index, chunk.text, whole)
        for field in chunk.fields:
            left = _left(field, layers)
            if field.kind is prototxt.Kind.LIST and left and len(left) < len(field.children):
                texts = (chunk.text[one.start : one.end] for one in left)
                cuts += prototxt.set_value(index, field, f"[{', '.join(texts)}]")
    return prototxt.apply(tree, cuts, insert=insert, remove=remove)


def _left(field: prototxt.Field, gone: list[LayerText]) -> list[prototxt.Field]:
    starts = {layer.field.start for layer in gone}
    return [one for one in prototxt.elements((field,), field.name) if one.start not in starts]


def _orphans(after: View) -> list[Note]:
    made = set(net_inputs(after.tree))
    notes: list[Note] = []
    for layer in after.layers:
        for bottom in layer.bottoms:
            if bottom.value not in made:
                text = f"{layer.name!r} reads {bottom.value!r}, which no layer before it makes."
                notes.append(Note(code="unknown-bottom", severity="error", message=text, layer=layer.key))
        made.update([top.value for top in layer.tops])
    return notes


def replace_text(document: Document, operation: ReplaceText) -> Edited:
    """A whole new text. Layers that keep their names keep their weights; others go by their names."""
    tree = prototxt.reparse(document.tree, operation.text)
    after = view(tree)
    before = view(document.tree)
    old, new = before.by_key.keys(), after.by_key.keys()
    report = Report(
        op="replace_text",
        title="Edit the text",
        summary=[f"{len(operation.text.splitlines())} lines"],
        added=[key for key in new if key not in old],
        removed=[key for key in old if key not in new],
        changed=[key for key in new if key in old and _differ(before, after, key)],
    )
    return Edited(Document(tree, tidy(document.origins, after)), report)


def _differ(before: View, after: View, key: str) -> bool:
    a, b = before.by_key[key], after.by_key[key]
    one, other = before.tree.chunks[a.chunk], after.tree.chunks[b.chunk]
    if one is other:
        return a.field != b.field
    return one.text[a.field.start : a.field.end] != other.text[b.field.start : b.field.end]
