"""Changes to a layer's `param { ... }` entries, as splices in the layer's own style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from netgraft import prototxt
from netgraft.edit.meaning import BATCH_NORM
from netgraft.edit.numbers import write_float
from netgraft.edit.removal import remove_fields
from netgraft.edit.view import LayerText
from netgraft.prototxt import Field, Kind, Splice


class Keep(Enum):
    """The value of a change that leaves a statement as it is."""

    KEEP = 0


KEEP = Keep.KEEP


@dataclass(slots=True)
class ParamChange:
    """What becomes of one `param`; None takes a statement out, KEEP leaves it."""

    name: str | Keep | None = KEEP
    lr_mult: float | Keep | None = KEEP
    decay_mult: float | Keep | None = KEEP
    share_mode: str | Keep | None = KEEP

    def statements(self) -> dict[str, str | None]:
        """The field texts to be written (or None to take out), in the schema's order."""
        found: dict[str, str | None] = {}
        if self.name is not KEEP:
            found["name"] = None if self.name is None else prototxt.quote(self.name)
        if self.share_mode is not KEEP:
            found["share_mode"] = self.share_mode
        if self.lr_mult is not KEEP:
            found["lr_mult"] = None if self.lr_mult is None else write_float(self.lr_mult)
        if self.decay_mult is not KEEP:
            found["decay_mult"] = None if self.decay_mult is None else write_float(self.decay_mult)
        return found

    @property
    def idle(self) -> bool:
        """Whether nothing changes."""
        return not self.statements()


def change_params(
    tree: prototxt.Document, layer: LayerText, changes: Mapping[int, ParamChange]
) -> list[Splice]:
    """Splices that bring about the changes, by blob index.

    Entries that are missing are added, with empty ones (`param { }`) for blobs before them: Caffe
    matches `param` to blobs by position. Entries that end up empty at the end of the row go.
    """
    wanted = {blob: change.statements() for blob, change in changes.items()}
    present = len(layer.params)
    emptied = _emptied_tail(layer, wanted)
    splices = _remove_entries(tree, layer, [layer.params[blob].field for blob in sorted(emptied)])
    for blob, statements in wanted.items():
        if blob < present and blob not in emptied:
            splices += _change_entry(tree, layer.chunk, layer.params[blob].field, statements)
    stated = [
        blob for blob, s in wanted.items() if blob >= present and any(v is not None for v in s.values())
    ]
    if stated:
        rows = [_body(wanted.get(blob, {})) for blob in range(present, max(stated) + 1)]
        splices += _append_entries(tree, layer, rows)
    return splices


def _body(statements: Mapping[str, str | None]) -> str:
    inside = " ".join(f"{name}: {text}" for name, text in statements.items() if text is not None)
    return f"{{ {inside} }}" if inside else "{ }"


def _emptied_tail(layer: LayerText, wanted: Mapping[int, Mapping[str, str | None]]) -> set[int]:
    """Blobs at the end of the row whose `param` would state nothing any more."""
    gone: set[int] = set()
    if any(blob >= len(layer.params) for blob in wanted):
        return gone
    for blob in reversed(range(len(layer.params))):
        statements = wanted.get(blob)
        left = {child.name for child in layer.params[blob].field.children}
        if statements is None or any(text is not None for text in statements.values()):
            break
        if left - statements.keys():
            break
        gone.add(blob)
    # Of an old BatchNorm's three Caffe makes all rates 0 (UpgradeNetBatchNorm), of two it refuses any other.
    kept_whole = layer.type == BATCH_NORM and len(gone) < len(layer.params)
    return set() if kept_whole else gone


def _change_entry(
    tree: prototxt.Document, chunk: int, entry: Field, statements: Mapping[str, str | None]
) -> list[Splice]:
    if not entry.children:
        body = _body(statements)
        return [Splice(chunk, entry.value_start, entry.end, body)] if body != "{ }" else []
    splices: list[Splice] = []
    gone: list[Field] = []
    fresh: dict[str, str] = {}
    for name, text in statements.items():
        old = prototxt.last(entry.children, name)
        if text is None:
            gone += [old] if old is not None else []
        elif old is None:
            fresh[name] = f"{name}: {text}"
        elif name == "name":
            splices += prototxt.set_string(tree, chunk, old, prototxt.unquote(text))
        elif prototxt.raw(tree.chunks[chunk], old) != text:
            splices += prototxt.set_value(chunk, old, text)
    while gone and fresh:  # what comes takes the place of what goes
        field = gone.pop(0)
        splices.append(Splice(chunk, field.start, field.end, fresh.pop(next(iter(fresh)))))
    for name, text in fresh.items():
        if name == "name":
            splices += add_before(tree, chunk, entry.children[0], text)
        else:
            splices += prototxt.add_field(tree, chunk, entry, text)
    return splices + remove_fields(chunk, tree.chunks[chunk].text, gone)


def _remove_entries(tree: prototxt.Document, layer: LayerText, entries: list[Field]) -> list[Splice]:
    whole = [entry for entry in entries if entry.start != entry.value_start]
    # An element of a list stays as `{ }`, so that the commas stay right.
    emptied = [
        Splice(layer.chunk, entry.value_start, entry.end, "{ }")
        for entry in entries
        if entry.start == entry.value_start
    ]
    return emptied + remove_fields(layer.chunk, tree.chunks[layer.chunk].text, whole)


def _append_entries(tree: prototxt.Document, layer: LayerText, bodies: list[str]) -> list[Splice]:
    if layer.params and layer.params[-1].field.start == layer.params[-1].field.value_start:
        end = layer.params[-1].field.end
        return [Splice(layer.chunk, end, end, "".join(f", {body}" for body in bodies))]
    children = layer.field.children
    anchor: Field | None = None
    for name in ("param", "top", "bottom", "type", "name"):
        anchor = prototxt.last(children, name)
        if anchor is not None:
            break
    if anchor is None:
        return prototxt.add_field(tree, layer.chunk, layer.field, " ".join(f"param {b}" for b in bodies))
    splices: list[Splice] = []
    for body in bodies:
        splices += prototxt.add_field(tree, layer.chunk, layer.field, f"param {body}", after=anchor)
    return splices


def add_before(tree: prototxt.Document, chunk: int, sibling: Field, text: str) -> list[Splice]:
    """Adds one field before another, on a line of its own where that one has one."""
    source = tree.chunks[chunk]
    indent = prototxt.own_line(source, sibling)
    after = source.text[sibling.end : sibling.end + 1]
    separator = after if after in (",", ";") and sibling.kind is not Kind.LIST else ""
    gap = f"{tree.newline}{indent}" if indent is not None else " "
    return [Splice(chunk, sibling.start, sibling.start, f"{text}{separator}{gap}")]
