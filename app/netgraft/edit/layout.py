"""New text in the style of what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from netgraft import prototxt
from netgraft.edit.view import LayerText, View

Statement = tuple[str, "str | list[Statement]"]
"""A field to be written: its name, and its value's text or its own fields."""

_SHORT = ("shape", "include", "exclude", "param")  # on one line by custom


def lead_start(text: str, start: int, *, first: bool) -> int:
    """Where a layer's own lead begins: comment lines right above it, and one blank line above those."""
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" \t\f\v"):
        return start  # something else begins the line
    at = line
    while at:
        previous = text.rfind("\n", 0, at - 1) + 1
        if not text[previous:at].lstrip(" \t").startswith("#"):
            break
        at = previous
    if at == 0 and first and at < line:
        return line  # the file's head, not the layer's
    if at:
        previous = text.rfind("\n", 0, at - 1) + 1
        if not text[previous:at].strip() and (previous or not first):
            at = previous
    return at


def new_layer(view: View, like: LayerText, statements: Sequence[Statement]) -> str:
    """The text of a new layer, laid out as `like` is: on one line or on several, indented as there."""
    tree = view.tree
    chunk = tree.chunks[like.chunk]
    newline = tree.newline
    body = chunk.text[like.field.start : like.field.end]
    outer = prototxt.own_line(chunk, like.field) or ""
    if "\n" not in body or not like.field.children:
        return f"{outer}layer {inline(statements)}{newline}"
    inner = prototxt.own_line(chunk, like.field.children[0])
    unit = inner[len(outer) :] if inner is not None and inner.startswith(outer) and inner != outer else "  "
    start = lead_start(chunk.text, like.field.start, first=False)
    blank = newline if chunk.text[start : like.field.start].startswith(("\n", "\r\n")) else ""
    lines = lines_of([("layer", list(statements))], outer, unit)
    return blank + "".join(line + newline for line in lines)


def inline(statements: Sequence[Statement]) -> str:
    parts = [
        f"{name}: {value}" if isinstance(value, str) else f"{name} {inline(value)}"
        for name, value in statements
    ]
    return "{ " + " ".join(parts) + " }" if parts else "{ }"


def lines_of(statements: Sequence[Statement], indent: str, unit: str) -> list[str]:
    lines: list[str] = []
    for name, value in statements:
        if isinstance(value, str):
            lines.append(f"{indent}{name}: {value}")
        elif name in _SHORT:
            lines.append(f"{indent}{name} {inline(value)}")
        else:
            lines += [f"{indent}{name} {{", *lines_of(value, indent + unit, unit), f"{indent}}}"]
    return lines
