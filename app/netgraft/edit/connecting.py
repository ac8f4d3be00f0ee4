"""Wires between layers that stand already: tied, cut, in place or not, and the names of blobs."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import lookup
from netgraft.edit.document import Document, Edited
from netgraft.edit.drawing_operations import Connect, Disconnect, MoveLayer, RenameBlob, SetInPlace
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.flow import (
    after,
    behind,
    bound,
    chain_end,
    follow,
    index_of,
    last_maker,
    move,
    readers,
    sources,
)
from netgraft.edit.origins import tidy
from netgraft.edit.params import add_before
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Renamed, Report
from netgraft.edit.templates import most_bottoms
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, has_inputs, net_inputs, unique, view
from netgraft.prototxt import Kind, Splice


def connect(document: Document, operation: Connect) -> Edited:
    """Lets a layer read a blob. It moves behind who makes it, and who reads from it moves along.

    A layer that worked in place there gets a top of its own. Raises EditError where the net would feed
    itself, and for one bottom more than the type takes.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    first = index_of(here, layer.key)
    blob, maker = _source(here, operation, layer)
    bottom = _bottom(here, layer, operation.bottom)
    if bottom < len(layer.bottoms) and layer.bottom_names[bottom] == blob:
        told = last_maker(here, blob, layer)
        if told is not None and (told >= maker or maker < 0):
            raise EditError("connected-already", f"{layer.name!r} reads {blob!r} already.", layer.place)
    last = chain_end(here, maker, blob)
    if last == first:  # it is itself the one that changes the blob in place
        raise EditError("cycle", f"{layer.name!r} cannot read what it makes itself.", layer.place)
    moving = behind(here, first, last, bottom) if last > first else []
    splices, changed = _tie(here, layer, bottom, blob)
    tree = prototxt.apply(document.tree, splices)
    if moving:
        now = view(tree)
        tree = move(tree, now, moving, after(now, last))
    moved = [here.layers[index].key for index in moving]
    return _edited(
        Document(tree, document.origins),
        Report(
            op="connect",
            title=f"Connect {blob} to {layer.name}",
            summary=[
                f"{layer.name} reads {blob}",
                *([f"moved behind {here.layers[last].name}: {', '.join(moved)}"] if moved else []),
            ],
            upgraded=upgraded,
            changed=[layer.key, *(key for key in dict.fromkeys([*changed, *moved]) if key != layer.key)],
        ),
    )


def _source(here: View, operation: Connect, layer: LayerText) -> tuple[str, int]:
    if operation.from_layer is not None:
        if operation.from_layer == "input" and "input" not in here.by_key and has_inputs(here.tree):
            names = tuple(net_inputs(here.tree))
            index = -1
        else:
            index = index_of(here, operation.from_layer)
            names = here.layers[index].top_names
        if operation.top >= len(names):
            raise EditError(
                "no-such-top", f"{operation.from_layer!r} has no top {operation.top}.", layer.place
            )
        return names[operation.top], index
    if operation.blob is None:
        raise EditError("bad-operation", "Say which blob is to be read: `from_layer` or `blob`.")
    maker = last_maker(here, operation.blob, layer)
    if maker is None:
        maker = next((i for i, one in enumerate(here.layers) if operation.blob in one.top_names), None)
    if maker is None:
        hint = suggestion(operation.blob, here.blob_names)
        raise EditError("unknown-blob", f"No layer makes the blob {operation.blob!r}.{hint}", layer.place)
    return operation.blob, maker


def _bottom(here: View, layer: LayerText, asked: int | None) -> int:
    count = len(layer.bottoms)
    most = most_bottoms(lookup(layer.type))
    if asked is None:
        dangling = [i for i, name in enumerate(layer.bottom_names) if last_maker(here, name, layer) is None]
        if dangling:
            return dangling[0]
        if count == 1 and (most == 1 or _one_each(layer)):
            return 0
        asked = count
    if asked > count:
        text = f"{layer.name!r} has {count} bottom{'' if count == 1 else 's'}: {count} would be the next."
        raise EditError("no-such-bottom", text, layer.place)
    if asked == count and most is not None and count >= most:
        takes = "no bottom" if most == 0 else "one bottom only" if most == 1 else f"{most} bottoms at most"
        raise EditError("too-many-bottoms", f"A layer of type {layer.type} takes {takes}.", layer.place)
    return asked


def _one_each(layer: LayerText) -> bool:
    """Whether a bottom more would ask for a top more."""
    known = lookup(layer.type)
    return known is not None and known.equal and len(layer.bottoms) >= len(layer.tops)


def _tie(here: View, layer: LayerText, bottom: int, blob: str) -> tuple[list[Splice], list[str]]:
    if bottom == len(layer.bottoms):
        return _append(here, layer, f"bottom: {prototxt.quote(blob)}"), []
    splices, changed = _leave_in_place(here, layer, bottom)
    return splices + prototxt.set_string(here.tree, layer.chunk, layer.bottoms[bottom].field, blob), changed


def _append(here: View, layer: LayerText, text: str) -> list[Splice]:
    """One bottom more: after the last, or where it stands by custom."""
    children = layer.field.children
    last = next((f for f in reversed(children) if f.name == "bottom"), None)
    if last is not None and last.kind is Kind.LIST:
        value = text.partition(": ")[2]
        raw = prototxt.raw(here.tree.chunks[layer.chunk], last)[1:-1].rstrip()
        return prototxt.set_value(layer.chunk, last, f"[{raw}, {value}]" if raw.strip() else f"[{value}]")
    if last is not None:
        return prototxt.add_field(here.tree, layer.chunk, layer.field, text, after=last)
    top = next((f for f in children if f.name == "top"), None)
    if top is not None:
        return add_before(here.tree, layer.chunk, top, text)
    head = next((f for f in reversed(children) if f.name in ("type", "name")), None)
    return prototxt.add_field(here.tree, layer.chunk, layer.field, text, after=head)


def _leave_in_place(here: View, layer: LayerText, bottom: int) -> tuple[list[Splice], list[str]]:
    """A top of its own for a layer that works in place on that bottom; its readers follow."""
    if not layer.in_place(bottom):
        return [], []
    new = unique(layer.name or layer.type.lower(), here.blob_names)
    splices = prototxt.set_string(here.tree, layer.chunk, layer.tops[bottom].field, new)
    more, changed = follow(here, index_of(here, layer.key), layer.bottom_names[bottom], new)
    return splices + more, changed


def disconnect(document: Document, operation: Disconnect) -> Edited:
    """Takes one bottom away. A layer that worked in place on it gets a top of its own."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    if operation.bottom >= len(layer.bottoms):
        text = f"{layer.name!r} has no bottom {operation.bottom}."
        raise EditError("no-such-bottom", text, layer.place)
    named = layer.bottoms[operation.bottom]
    splices, changed = _leave_in_place(here, layer, operation.bottom)
    chunk = here.tree.chunks[layer.chunk]
    holder = next(
        (f for f in layer.field.children if f.kind is Kind.LIST and named.field in f.children), None
    )
    if holder is None or len(holder.children) == 1:
        splices += remove_fields(layer.chunk, chunk.text, [holder or named.field])
    else:
        left = [chunk.text[f.start : f.end] for f in holder.children if f is not named.field]
        splices += prototxt.set_value(layer.chunk, holder, f"[{', '.join(left)}]")
    report = Report(
        op="disconnect",
        title=f"Disconnect {named.value} from {layer.name}",
        summary=[f"{layer.name} no longer reads {named.value}"],
        upgraded=upgraded,
        changed=[layer.key, *changed],
    )
    return _edited(Document(prototxt.apply(document.tree, splices), document.origins), report)


def move_layer(document: Document, operation: MoveLayer) -> Edited:
    """Moves a layer in the file. Raises EditError where what it reads, or who reads it, forbids that."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    beside = operation.before if operation.before is not None else operation.after
    if beside is None or (operation.before is not None and operation.after is not None):
        raise EditError("bad-operation", "Say before or after which layer it is to stand.")
    other = here.layer(beside)
    at, to = index_of(here, layer.key), index_of(here, other.key)
    place = to if operation.before is not None else to + 1
    for index in range(min(at + 1, place), max(at, place)):
        between = here.layers[index]
        pair = (layer, between) if index > at else (between, layer)
        blob = bound(here, *pair)
        if blob is not None and between is not layer:
            text = (
                f"{pair[1].name!r} must stay after {pair[0].name!r}: both have to do with the blob {blob!r}."
            )
            raise EditError("order", text, pair[1].place)
    if place in (at, at + 1):
        raise EditError("nothing-to-do", f"{layer.name!r} stands there already.", layer.place)
    tree = move(document.tree, here, [at], after(here, place - 1) if place else here.layers[0].chunk)
    way = "before" if operation.before is not None else "after"
    report = Report(
        op="move_layer",
        title=f"Move {layer.name}",
        summary=[f"{layer.name} stands {way} {other.name}"],
        upgraded=upgraded,
        changed=[layer.key],
    )
    return _edited(Document(tree, document.origins), report)


def rename_blob(document: Document, operation: RenameBlob) -> Edited:
    """A blob's new name wherever it is made, changed or read. Raises EditError for one that is taken."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    old, new = operation.blob, operation.to
    if old not in here.blob_names:
        raise EditError("unknown-blob", f"There is no blob {old!r}.{suggestion(old, here.blob_names)}")
    if not new:
        raise EditError("empty-name", "A blob needs a name.")
    if new in here.blob_names:
        raise EditError("name-taken", f"There is a blob {new!r} already.")
    splices: list[Splice] = []
    changed: dict[str, None] = {}
    for layer in here.layers:
        for named in (*layer.bottoms, *layer.tops):
            if named.value == old:
                splices += prototxt.set_string(here.tree, layer.chunk, named.field, new)
                changed[layer.key] = None
    for index, field in here.tree.fields():
        for one in prototxt.elements((field,), "input"):
            if one.kind is Kind.STRING and prototxt.string_value(here.tree.chunks[index], one) == old:
                splices += prototxt.set_string(here.tree, index, one, new)
    report = Report(
        op="rename_blob",
        title=f"Rename blob {old} to {new}",
        summary=[f"{old} -> {new}"],
        upgraded=upgraded,
        changed=list(changed),
        renamed=[Renamed(kind="blob", old=old, new=new)],
    )
    return _edited(Document(prototxt.apply(document.tree, splices), document.origins), report)


def set_in_place(document: Document, operation: SetInPlace) -> Edited:
    """Lets a layer change its first bottom in place, or gives it a top of its own. Raises EditError for
    types that cannot, and where others read what it would change."""
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    if not layer.bottoms or not layer.tops:
        raise EditError("cannot-be-in-place", f"{layer.name!r} lacks a bottom or a top.", layer.place)
    if layer.in_place(0) == operation.in_place:
        now = "works in place already" if operation.in_place else "has a top of its own already"
        raise EditError("nothing-to-do", f"{layer.name!r} {now}.", layer.place)
    if operation.in_place:
        splices, changed = _put_in_place(here, layer)
    else:
        splices, changed = _leave_in_place(here, layer, 0)
    tree = prototxt.apply(document.tree, splices)
    if sources(view(tree)) != sources(here):
        text = f"Others would read something else if {layer.name!r} changed this."
        raise EditError("states-disagree", text, layer.place)
    how = "in place" if operation.in_place else "into a top of its own"
    report = Report(
        op="set_in_place",
        title=f"{layer.name} works {how}",
        summary=[f"{layer.name} works {how}"],
        upgraded=upgraded,
        changed=[layer.key, *changed],
    )
    return _edited(Document(tree, document.origins), report)


def _put_in_place(here: View, layer: LayerText) -> tuple[list[Splice], list[str]]:
    known = lookup(layer.type)
    if known is not None and not known.in_place:
        text = f"A layer of type {layer.type} does not work in place in Caffe."
        raise EditError("cannot-be-in-place", text, layer.place)
    blob = layer.bottom_names[0]
    maker = last_maker(here, blob, layer)
    at = index_of(here, layer.key)
    if maker is not None:
        for index, bottom in readers(here, maker, blob):
            if index > maker and (index, bottom) != (at, 0):
                text = f"{here.layers[index].name!r} reads {blob!r} too: it would see it changed."
                raise EditError("read-by-others", text, layer.place)
    top = layer.tops[0]
    splices = prototxt.set_string(here.tree, layer.chunk, top.field, blob)
    more, changed = follow(here, at, top.value, blob)
    return splices + more, changed


def _edited(document: Document, report: Report) -> Edited:
    return Edited(Document(document.tree, tidy(document.origins, view(document.tree))), report)
