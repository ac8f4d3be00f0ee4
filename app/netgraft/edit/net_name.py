"""The net's own name: the field `name` of the file itself."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.layout import lead_start
from netgraft.edit.operations import RenameNet
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Report
from netgraft.prototxt import Field, Kind, Splice


def rename_net(document: Document, operation: RenameNet) -> Edited:
    """States, changes or takes out the net's name; layers and weights stay as they are."""
    tree = document.tree
    stated = [(chunk, field) for chunk, field in tree.fields() if field.name == "name"]
    old = _text(tree, *stated[-1]) if stated else ""
    if operation.to == old:
        now = f"is called {old!r} already" if old else "has no name"
        raise EditError("nothing-to-do", f"The net {now}.")
    if not operation.to:
        gone = [remove_fields(chunk, tree.chunks[chunk].text, [field]) for chunk, field in stated]
        tree = prototxt.apply(tree, [splice for splices in gone for splice in splices])
    elif stated:
        tree = prototxt.apply(tree, prototxt.set_string(tree, *stated[-1], operation.to))
    else:
        tree = _with_first_line(tree, f"name: {prototxt.quote(operation.to)}{tree.newline}")
    title = f"Rename the net to {operation.to}" if operation.to else "Take the net's name out"
    summary = f"the net: {old or '(no name)'} -> {operation.to or '(no name)'}"
    report = Report(op="rename_net", title=title, summary=[summary])
    return Edited(Document(tree, document.origins), report)


def _text(tree: prototxt.Document, chunk: int, field: Field) -> str:
    if field.kind is Kind.STRING:
        return prototxt.string_value(tree.chunks[chunk], field)
    return prototxt.raw(tree.chunks[chunk], field)


def _with_first_line(tree: prototxt.Document, line: str) -> prototxt.Document:
    """The line before the file's first field, and below the file's own comment."""
    first = next(tree.fields(), None)
    if first is None:
        return prototxt.apply(tree, insert={len(tree.chunks): [line]})
    chunk, field = first
    at = lead_start(tree.chunks[chunk].text, field.start, first=chunk == 0)
    return prototxt.apply(tree, [Splice(chunk, at, at, line)])
