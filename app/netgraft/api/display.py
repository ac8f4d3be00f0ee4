"""What a notebook shows of a document, a verdict and what was saved: tables, as HTML without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from netgraft.caffe.model import Net

# A notebook's output stays readable, and its file small: the rest is counted.
_MOST_ROWS: Final = 300
_CELL: Final = "text-align:left;padding:1px 12px 1px 0;vertical-align:top"
_COLOURS: Final = {"error": "#b3261e", "warning": "#8a5a00", "info": "#1f5fa8"}


def text(value: object) -> str:
    """A value as HTML; bytes that are not UTF-8 are escaped."""
    return escape(str(value).encode("utf-8", "backslashreplace").decode("utf-8"))


def head(name: str, *said: str) -> str:
    """The line above a table."""
    return f"<p><b>{text(name)}</b>: {text(', '.join(each for each in said if each))}</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; of very many rows only the first, and how many there are."""
    every = list(rows)
    above = "".join(f'<th style="{_CELL}">{text(each)}</th>' for each in heads)
    below = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{text(cell)}</td>' for cell in row) + "</tr>"
        for row in every[:_MOST_ROWS]
    )
    more = f"<p>and {len(every) - _MOST_ROWS:,} more</p>" if len(every) > _MOST_ROWS else ""
    return f"<table><thead><tr>{above}</tr></thead><tbody>{below}</tbody></table>{more}"


def findings(rows: Iterable[tuple[str, str, str, str | None]]) -> str:
    """Findings as (severity, place, message, Caffe's words), coloured by severity."""
    told = []
    for severity, place, message, caffe in list(rows)[:_MOST_ROWS]:
        words = f"<br><code>{text(caffe.strip())}</code>" if caffe else ""
        colour = _COLOURS.get(severity, "inherit")
        at = f"{text(place)} " if place else ""
        told.append(f'<li><b style="color:{colour}">{text(severity)}</b> {at}{text(message)}{words}</li>')
    return f"<ul>{''.join(told)}</ul>" if told else ""


def layers(net: Net) -> str:
    """A row a layer: what it reads and makes, its parameters, what they learn at and share."""
    rows = []
    for layer in net.layers:
        params = net.params[layer.first_param : layer.first_param + len(layer.blobs)]
        rows.append(
            (
                layer.key,
                layer.type,
                " ".join(layer.bottoms),
                " ".join(layer.tops),
                ", ".join(map(_shape, layer.top_shapes)),
                ", ".join(map(_shape, layer.blobs)) if layer.blobs_known else "?",
                " ".join(f"{param.lr:g}" for param in params),
                " ".join(dict.fromkeys(param.shared_name for param in params if param.shared_name)),
            )
        )
    return table(["layer", "type", "bottoms", "tops", "shapes", "parameters", "lr_mult", "shared as"], rows)


def _shape(axes: Sequence[int] | None) -> str:
    if axes is None:
        return "?"
    return "×".join(map(str, axes)) or "scalar"
