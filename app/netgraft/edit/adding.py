"""A new layer: named, wired and placed as the file's order asks, written in the style around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from netgraft import prototxt
from netgraft.caffe.catalogue.registry import LayerType, lookup
from netgraft.edit.connecting import connect
from netgraft.edit.document import Document, Edited
from netgraft.edit.drawing_operations import AddLayer, Between, Connect, Feeds
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.flow import after, chain_end, follow, index_of, last_maker, makers, readers
from netgraft.edit.layout import Statement, lines_of, new_layer
from netgraft.edit.meaning import states
from netgraft.edit.origins import tidy
from netgraft.edit.report import Report
from netgraft.edit.templates import TEMPLATES, bottom_count, new_name, top_count
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, unique, view
from netgraft.prototxt import Splice

_LABEL = "label"


@dataclass(slots=True)
class _Site:
    """Where a new layer goes. `index`: it stands after this layer (-1: before all)."""

    index: int
    bottoms: list[str] = field(default_factory=list)
    alone: bool = False  # nobody else reads what it reads: it may work in place
    host: LayerText | None = None
    rules: LayerText | None = None  # whose include and exclude it takes
    readers: list[tuple[int, int]] = field(default_factory=list)  # (layer, bottom) that are to read it
    takes: tuple[int, str] | None = None  # all readers of what this layer makes under this name


def add_layer(document: Document, operation: AddLayer) -> Edited:
    """A new layer on a wire, after a layer, or by itself; data layers stand before all others.

    It works in place where its type usually does and nobody else reads what it reads. Raises EditError
    for names that are taken, blobs that nobody makes, and wires that are not there.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    if not operation.type.strip():
        raise EditError("empty-type", "A layer needs a type.")
    known = lookup(operation.type)
    site = _site(here, operation, known)
    name = _name(here, operation, site)
    if operation.bottoms is None:
        _label(here, site, known)
    tops = _tops(here, operation, site, known, name)
    splices, changed = _rewire(here, site, tops)
    text = _text(here, operation, site, name, tops)
    tree = prototxt.apply(document.tree, splices, insert={after(here, site.index): [text]})
    now = view(tree)
    key = next((one.key for one in now.layers if one.name == name and one.key not in here.by_key), name)
    read = f", reading {', '.join(site.bottoms)}" if site.bottoms else ""
    summary = [f"{name} ({operation.type}){read}", *(f"{one} reads {tops[0]}" for one in changed)]
    report = Report(
        op="add_layer",
        title=f"Add {name}",
        summary=summary,
        upgraded=upgraded,
        added=[key],
        changed=changed,
    )
    edited = Edited(Document(tree, tidy(document.origins, now)), report)
    return edited if operation.feeds is None else _fed(edited, key, operation.feeds)


def _fed(added: Edited, key: str, feeds: Feeds) -> Edited:
    """The reader tied to what was added, as one step with it."""
    tied = connect(added.document, Connect(layer=feeds.layer, bottom=feeds.bottom, from_layer=key))
    changed = [
        *added.report.changed,
        *(one for one in tied.report.changed if one not in added.report.changed),
    ]
    summary = [*added.report.summary, *tied.report.summary]
    return Edited(tied.document, added.report.model_copy(update={"summary": summary, "changed": changed}))


def _site(here: View, operation: AddLayer, known: LayerType | None) -> _Site:
    makes = top_count(known) > 0 if operation.tops is None else bool(operation.tops)
    if operation.between is not None:
        site = _on_wire(here, operation.between)
        if not makes:  # nobody can read it: it stands beside the wire, behind all that changes the blob
            site.index = chain_end(here, site.index, operation.between.blob)
            site.readers = []
    elif operation.after is not None:
        site = _after(here, operation, take=operation.take_readers and makes)
    elif operation.bottoms is None and known is not None and known.family == "data":
        site = _Site(-1)
    elif operation.feeds is not None:
        site = _Site(index_of(here, here.layer(operation.feeds.layer).key) - 1)
    else:
        site = _Site(len(here.layers) - 1)
    if bottom_count(known) == 0 and known is not None and known.bottoms.exact == 0:
        site.bottoms, site.readers, site.takes, site.alone = [], [], None, False
    if operation.bottoms is not None:
        site.bottoms = list(operation.bottoms)
        site.alone = False
        for blob in operation.bottoms:
            maker = last_maker(here, blob)
            if maker is None:
                hint = suggestion(blob, here.blob_names)
                raise EditError("unknown-blob", f"No layer makes the blob {blob!r}.{hint}")
            if operation.between is None:
                site.index = max(site.index, maker)
                site.rules = _ruling(here, maker, blob) or site.rules
                site.host = site.host or (here.layers[maker] if maker >= 0 else None)
    return site


def _on_wire(here: View, wire: Between) -> _Site:
    target = here.layer(wire.target)
    names = target.bottom_names
    bottom = (
        wire.bottom
        if wire.bottom is not None
        else next((i for i, name in enumerate(names) if name == wire.blob), len(names))
    )
    maker = last_maker(here, wire.blob, target)
    if bottom >= len(names) or names[bottom] != wire.blob or maker is None:
        raise EditError("no-such-wire", f"{target.name!r} does not read {wire.blob!r}.", target.place)
    index = here.layers.index(target)
    source = here.layers[maker] if maker >= 0 else None
    others = list(readers(here, maker, wire.blob))
    return _Site(
        max(one for one in makers(here, maker, wire.blob) if one < index),
        [wire.blob],
        alone=others[:1] == [(index, bottom)] and (len(others) == 1 or target.in_place(bottom)),
        host=source,
        rules=_ruling(here, maker, wire.blob) or target,
        readers=[(index, bottom)],
    )


def _after(here: View, operation: AddLayer, *, take: bool) -> _Site:
    host = here.layer(operation.after or "")
    index = index_of(here, host.key)
    if not host.tops:
        return _Site(index, host=host, rules=host)
    if operation.top >= len(host.tops):
        raise EditError("no-such-top", f"{host.name!r} has no top {operation.top}.", host.place)
    blob = host.top_names[operation.top]
    rules = _ruling(here, index, blob)
    if take:
        first = next((one for one, _ in readers(here, index, blob)), len(here.layers))
        last = max(one for one in makers(here, index, blob) if one < first)
        return _Site(last, [blob], alone=True, host=host, rules=rules, takes=(index, blob))
    end = chain_end(here, index, blob)
    unread = all(one[0] <= end for one in readers(here, index, blob))
    return _Site(end, [blob], alone=unread, host=host, rules=rules)


def _ruling(here: View, maker: int, blob: str) -> LayerText | None:
    """The layer whose include and exclude rules hold for all that reads the blob: its only maker.

    A data layer's rules say which data a phase has, not which layers: they count only where some other
    data layer is there when it is not. Else the net of the other phase has not been drawn yet.
    """
    if maker < 0 or len(makers(here, maker, blob)) != 1:
        return None
    found = here.layers[maker]
    if found.bottoms:
        return found
    others = [layer for layer in here.layers if not layer.bottoms and layer.tops]
    elsewhere = [state for state in states(here) if not found.active(state)]
    return found if any(layer.active(state) for layer in others for state in elsewhere) else None


def _name(here: View, operation: AddLayer, site: _Site) -> str:
    taken = here.layer_names | here.blob_names
    if operation.name is None:
        return new_name(operation.type, site.host.name if site.host is not None else "", taken)
    if not operation.name:
        raise EditError("empty-name", "A layer needs a name.")
    if operation.name in here.layer_names:
        raise EditError("name-taken", f"There is a layer {operation.name!r} already.")
    return operation.name


def _label(here: View, site: _Site, known: LayerType | None) -> None:
    """A loss or an accuracy beside what it judges reads the net's label too, where there is one."""
    if known is None or known.family != "loss" or len(site.bottoms) != 1 or bottom_count(known) != 2:
        return
    maker = last_maker(here, _LABEL)
    if maker is not None and site.bottoms != [_LABEL] and not site.readers and site.takes is None:
        site.bottoms.append(_LABEL)
        site.index = max(site.index, maker)


def _tops(here: View, operation: AddLayer, site: _Site, known: LayerType | None, name: str) -> list[str]:
    if operation.tops is not None:
        for top in operation.tops:
            if top in here.blob_names and top not in site.bottoms:
                raise EditError("name-taken", f"There is a blob {top!r} already.")
        return list(operation.tops)
    customary = known is not None and known.in_place and known.name != "Softmax"
    if customary and site.alone and len(site.bottoms) == 1:
        return list(site.bottoms)
    taken = set(here.blob_names)
    tops: list[str] = []
    for number in range(top_count(known)):
        wanted = name if number == 0 else f"{name}_{number + 1}"
        if number == 1 and known is not None and known.family == "data":
            wanted = _LABEL
        tops.append(unique(wanted, taken))
        taken.add(tops[-1])
    return tops


def _rewire(here: View, site: _Site, tops: list[str]) -> tuple[list[Splice], list[str]]:
    if not tops or not site.bottoms or tops[0] == site.bottoms[0]:
        return [], []
    if site.takes is not None:
        return follow(here, *site.takes, tops[0])
    splices: list[Splice] = []
    changed: list[str] = []
    for index, bottom in site.readers:
        layer = here.layers[index]
        old = layer.bottoms[bottom]
        splices += prototxt.set_string(here.tree, layer.chunk, old.field, tops[0])
        changed.append(layer.key)
        if layer.in_place(bottom):
            splices += prototxt.set_string(here.tree, layer.chunk, layer.tops[bottom].field, tops[0])
            more, also = follow(here, index, old.value, tops[0])
            splices += more
            changed += also
    return splices, changed


def _text(here: View, operation: AddLayer, site: _Site, name: str, tops: list[str]) -> str:
    body: list[Statement] = [
        ("name", prototxt.quote(name)),
        ("type", prototxt.quote(operation.type)),
        *(("bottom", prototxt.quote(blob)) for blob in site.bottoms),
        *(("top", prototxt.quote(top)) for top in tops),
        *(rules(here, site.rules) if site.rules is not None else []),
        *TEMPLATES.get(operation.type, []),
    ]
    like = site.host or (here.layers[max(site.index, 0)] if here.layers else None)
    if like is not None:
        return new_layer(here, like, body)
    newline = here.tree.newline
    return "".join(line + newline for line in lines_of([("layer", body)], "", "  "))


def rules(here: View, layer: LayerText) -> list[Statement]:
    """A layer's include and exclude rules, to be written into another."""
    chunk = here.tree.chunks[layer.chunk]
    found: list[Statement] = []
    for name in ("include", "exclude"):
        for one in prototxt.elements(layer.field.children, name):
            inside: list[Statement] = [(child.name, prototxt.raw(chunk, child)) for child in one.children]
            found.append((name, inside))
    return found
