"""Where a layer's weights come from, chosen by hand: another stored layer, or its filler."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from netgraft import weights
from netgraft.caffe.net import check
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.meaning import roles, states
from netgraft.edit.origins import tidy
from netgraft.edit.report import Note, Report
from netgraft.edit.shapes import Datum
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, view
from netgraft.edit.weight_operations import LeaveToFiller, TakeWeights
from netgraft.weights import Index, StoredLayer, Target
from netgraft.weights.origin import Origin
from netgraft.weights.resolve import find_clash

Sources = Mapping[str, Index]
"""A document's caffemodels by name, "" being the main one."""


def targets_of(document: Document, datum: Datum) -> dict[str, Target]:
    """The layers as weights are written for them, over all states, by name."""
    tree = document.tree
    nets = [check(tree, state, datum=datum, profile="fork").net for state in states(view(tree))]
    return {target.name: target for target in weights.targets(*nets)}


def take_weights(
    document: Document,
    operation: TakeWeights,
    datum: Datum = MappingProxyType({}),
    sources: Sources | None = None,
) -> Edited:
    """The layer starts from a stored layer of that source.

    `sources` None: they are not at hand, and nothing is compared. Raises EditError where the source lacks
    the layer, or the blobs have other shapes.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    require_parameters(document, layer)
    wanted = layer.name if operation.from_layer is None else operation.from_layer
    origin = Origin(wanted, operation.source)
    told = origin.title
    target = targets_of(document, datum).get(layer.name)
    if sources is not None:
        stored = find_stored(sources, origin, layer)
        clash = find_clash(target, stored) if target is not None else ""
        if clash:
            raise EditError(
                "weights-clash", f"Layer {layer.name!r} cannot take the weights of {told!r}: {clash.strip()}"
            )
    notes = []
    owners = sorted({owner[0] for owner in target.owners if owner is not None}) if target else []
    if owners:
        text = f"{layer.name!r} shares its parameters: the weights of {', '.join(owners)} count, not its own."
        notes.append(Note(code="weights-of-owner", severity="warning", message=text, layer=layer.key))
    origins = {**document.origins, layer.name: origin}
    report = Report(
        op="take_weights",
        title=f"Weights of {layer.name} from {told}",
        summary=[f"{layer.name}: its weights are those of {told}"],
        upgraded=upgraded,
        notes=notes,
    )
    return Edited(Document(document.tree, tidy(origins, here)), report)


def leave_to_filler(document: Document, operation: LeaveToFiller) -> Edited:
    """The layers start from their fillers. Raises EditError for layers without parameters."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    if not operation.layers:
        raise EditError("empty-selection", "Name at least one layer.")
    layers = [here.layer(key) for key in operation.layers]
    for layer in layers:
        require_parameters(document, layer)
    names = list(dict.fromkeys(layer.name for layer in layers))
    origins = {**document.origins, **dict.fromkeys(names, None)}
    report = Report(
        op="leave_to_filler",
        title=f"Start {names[0] if len(names) == 1 else f'{len(names)} layers'} from filler",
        summary=[f"{name} starts from its filler" for name in names],
        upgraded=upgraded,
    )
    return Edited(Document(document.tree, tidy(origins, here)), report)


def require_parameters(document: Document, layer: LayerText) -> None:
    """Raises EditError for a layer of a known type without parameters."""
    if roles(view(document.tree), layer) == ():
        raise EditError("no-parameters", f"{layer.type} {layer.name!r} has no parameters.", layer.place)


def find_stored(sources: Sources, origin: Origin, layer: LayerText) -> StoredLayer:
    """The stored layer that an origin means. Raises EditError where there is none."""
    source = sources.get(origin.source)
    if source is None:
        named = f"no weights named {origin.source!r}" if origin.source else "no weights"
        more = ", ".join(repr(name) for name in sources if name)
        hint = f" It has {more}." if more else " Upload a caffemodel first."
        raise EditError("no-weights", f"The document has {named} for {layer.name!r}.{hint}")
    stored = next(filter(None, map(source.effective, origin.candidates)), None)
    if stored is None or not stored.blobs:
        known = [each.name for each in source.layers if each.blobs]
        where = f"the weights {origin.source!r}" if origin.source else "the weights"
        hint = suggestion(origin.layer, known)
        raise EditError("no-such-weights", f"No layer {origin.layer!r} with blobs in {where}.{hint}")
    return stored
