"""The duplicate operation: copies of a selection, as new text and a weight map from one plan."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.duplicate.account import account
from netgraft.edit.duplicate.decided import Graft
from netgraft.edit.duplicate.inputs import OwnInputs, add_inputs, modes
from netgraft.edit.duplicate.joins import join_text, plan_joins
from netgraft.edit.duplicate.naming import Namer, affixes
from netgraft.edit.duplicate.placing import places
from netgraft.edit.duplicate.rates import check_rates, rate_params
from netgraft.edit.duplicate.selection import Selection, select
from netgraft.edit.duplicate.sharing import share_params
from netgraft.edit.duplicate.slices import add_slices, can_be_sliced
from netgraft.edit.duplicate.text import clone, rename_splices, wire_splices
from netgraft.edit.duplicate.wiring import Border, wire
from netgraft.edit.meaning import states
from netgraft.edit.operations import Duplicate
from netgraft.edit.origins import misfits, tidy, with_owner
from netgraft.edit.params import change_params
from netgraft.edit.shapes import Datum, layer_shapes
from netgraft.edit.upgrade import modernise
from netgraft.edit.view import LayerText, View, view
from netgraft.prototxt import Splice
from netgraft.weights.origin import Origin


def duplicate(document: Document, operation: Duplicate, datum: Datum) -> Edited:
    """Grafts copies into the net; old formats are upgraded first.

    Raises EditError for what cannot be done as asked; what Caffe would refuse is done and reported.
    """
    document, upgraded = modernise(document)
    chosen = affixes(operation.copies, operation.suffixes, operation.prefixes, operation.keep_first)
    here = view(document.tree)
    selection = select(here, operation.layers)
    rates = check_rates(operation.rates, operation.copies, selection)
    graft = _plan(here, operation, selection, Namer.of(here, chosen), datum)
    rate_params(here, selection, rates, graft.sharing)
    tree = prototxt.apply(document.tree, _splices(graft), insert=_insertions(graft))
    origins = _origins(document, graft)
    refit: list[str] = []
    if graft.joins or graft.inputs.splices:
        refit = misfits(document.tree, tree, _sources(graft), datum)
        origins |= dict.fromkeys(refit, None)
    result = Document(tree, tidy(origins, view(tree)))
    report = account(graft, result, upgraded, refit)
    return Edited(result, report)


def _plan(here: View, operation: Duplicate, selection: Selection, namer: Namer, datum: Datum) -> Graft:
    found_states = states(here)
    for layer in selection.layers:  # layers choose before blobs, so that the two stay together
        for copy in range(len(namer.affixes)):
            namer.layer(layer.name, copy, layer.type)
    trial = Namer(namer.affixes, set(namer.names), set(namer.blobs), set(namer.params))
    first_look = wire(here, selection.keys, trial, found_states, Border())
    wanted = modes(operation.inputs, first_look)
    compares = operation.join.kind == "contrastive"
    measured = compares or "separate" in wanted.values()
    shapes = layer_shapes(here.tree, found_states, datum) if measured else {}
    inputs = OwnInputs(here, selection.keys, namer)
    for blob, mode in wanted.items():
        readers = first_look.border[blob]
        if mode == "separate":
            add_inputs(inputs, blob, readers, shapes)
        elif mode == "slice" and (
            operation.inputs != "slice" or can_be_sliced(here, blob, operation.slice_axis)
        ):
            add_slices(inputs, blob, readers, operation.slice_axis)
    joins = plan_joins(here, operation.join, first_look, namer, shapes)
    names = {join.blob: join.name for join in joins}
    border = Border(inputs.names, {} if compares else names, frozenset(names) if compares else frozenset())
    wiring = wire(here, selection.keys, namer, found_states, border)
    sharing = share_params(here, selection, operation.share, namer)
    return Graft(here, operation, selection, namer, wiring, inputs, joins, sharing)


def _splices(graft: Graft) -> list[Splice]:
    """The lines that must change: the first copy's names and rates, and readers outside."""
    tree = graft.view.tree
    splices = list(graft.inputs.splices)
    for layer in graft.selection.layers:
        splices += _copy_splices(graft, layer, 0)
    for layer in graft.view.layers:
        wires = graft.wiring.outside.get(layer.key)
        if wires is not None:
            splices += wire_splices(tree, layer, wires)
    return splices


def _copy_splices(graft: Graft, layer: LayerText, copy: int) -> list[Splice]:
    tree = graft.view.tree
    wires = graft.wiring.copies[(layer.key, copy)]
    changes = graft.sharing.changes.get((layer.key, copy), {})
    return [
        *rename_splices(tree, layer, graft.name(layer, copy), wires),
        *change_params(tree, layer, changes),
    ]


def _insertions(graft: Graft) -> dict[int, list[str]]:
    """New texts by the chunk that they go before: inputs, then copy by copy, then joins."""
    here, tree = graft.view, graft.view.tree
    insert = {chunk: list(texts) for chunk, texts in graft.inputs.insert.items()}
    index_of = {layer.key: index for index, layer in enumerate(here.layers)}
    placed = places(here, graft.selection, graft.wiring.before)
    for chunk in sorted(set(placed.values())):
        texts = insert.setdefault(chunk, [])
        group = [layer for layer in graft.selection.layers if placed[index_of[layer.key]] == chunk]
        for copy in graft.copies[1:]:
            texts += (clone(tree, layer, _copy_splices(graft, layer, copy)) for layer in group)
    label_names = {blob: name for (blob, copy), name in graft.inputs.names.items() if copy == 0}
    label_names |= {blob: one.names[0] for blob, one in graft.wiring.outputs.items() if one.names}
    for join in graft.joins:
        output = graft.wiring.outputs[join.blob]
        text = join_text(here, graft.operation.join, join, output, label_names)
        insert.setdefault(max(placed[output.maker], _after_label(graft)), []).append(text)
    return insert


def _after_label(graft: Graft) -> int:
    """The first chunk before which a loss can read its label; a loss may stand later than other joins, for
    nobody reads it."""
    join = graft.operation.join
    if join.kind != "contrastive":
        return 0
    return max(layer.chunk for layer in graft.view.layers if join.label in layer.top_names) + 1


def _sources(graft: Graft) -> dict[str, str]:
    """Every layer's key after the graft, with its source's key before it."""
    inside = {graft.key(layer, copy): layer.key for layer in graft.selection.layers for copy in graft.copies}
    outside = {layer.key: layer.key for layer in graft.view.layers if layer.key not in graft.selection.keys}
    return outside | inside


def _origins(document: Document, graft: Graft) -> dict[str, Origin | None]:
    """The weight map: each copy starts from what its source starts from."""
    origins: dict[str, Origin | None] = dict(document.origins)
    for layer in graft.selection.layers:
        if graft.name(layer, 0) != layer.name:
            origins.pop(layer.name, None)
    for layer in graft.selection.layers:
        source = document.origin(layer.name)
        freed = _former_owner(document, graft, layer, source)
        for copy in graft.copies:
            name = graft.name(layer, copy)
            origins[name] = source if name == layer.name else freed
    return origins


def _former_owner(document: Document, graft: Graft, layer: LayerText, source: Origin | None) -> Origin | None:
    """The source of a copy that leaves the owner of its blobs behind."""
    for blob, param in enumerate(layer.params):
        if not param.name or (layer.key, blob) in graft.sharing.groups:
            continue
        owner, index = graft.view.param_users[param.name][0]
        together = owner.key in graft.selection.keys and (owner.key, index) not in graft.sharing.groups
        if owner.name != layer.name and index == blob and not together:
            source = with_owner(source, document.origin(owner.name))
    return source
