"""Why an edit cannot be carried over to another revision, in words for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["layer", "blob", "param", "file", "verdict", "operation"]
"""What two edits clash about. `file`: what the net states outside its layers. `operation`: it cannot be
carried out any more. `verdict`: Caffe would refuse what both make together."""

How = Literal[
    "changed",  # both changed it
    "deleted",  # they deleted what this edit changes
    "added",  # both added it
    "moved",  # both moved it
    "comment",  # both changed its comment
    "weights",  # its weights were chosen on one side, and on the other chosen or given another shape
    "otherwise",  # carried over, the edit would make something else of it
    "spread",  # carried over, the edit would change what it left alone
    "told",  # somebody's words say it
]

Fact = tuple[str, str]
"""Something about a net that may change: what kind of fact, and of what (see facts.py)."""


@dataclass(frozen=True, slots=True)
class Passed:
    """One revision that an edit is carried over. `undone`: it was taken back since the edit was made."""

    revision: int
    title: str
    author: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """One reason. `told` are Caffe's or an operation's words, and for a blob the layer that reads it."""

    kind: Kind
    name: str
    how: How
    told: str = ""
    fact: Fact | None = None


class Refused(Exception):
    """An edit that cannot be carried over: the document stays as it is."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__("; ".join(message(clash) for clash in clashes))
        self.clashes = tuple(clashes)


def message(clash: Clash, by: Passed | None = None) -> str:
    """The reason as a sentence. `by`: the revision that it is about, where one can be named."""
    if clash.kind == "verdict":
        return f"Together with {_what(by)}, Caffe would refuse the net: {clash.told}"
    if clash.kind == "operation":
        return f"After {_what(by)}, this can no longer be done: {clash.told}"
    if clash.how == "spread":
        name = f"what {clash.told} reads as {clash.name}" if clash.kind == "blob" else _name(clash)
        return f"After {_what(by)}, this edit would change {name} as well."
    if clash.how == "otherwise" and clash.kind not in ("blob", "param"):
        return f"After {_what(by)}, this edit would make something else of {_name(clash)}."
    if by is not None and by.undone:
        return f"{_quoted(by.title)} was undone meanwhile, which {_deed(clash, '')}."
    who = "Somebody" if by is None or not by.author else by.author
    title = f" ({by.title})" if by is not None else ""
    return f"{who} {_deed(clash, ' meanwhile')}{title}."


def _deed(clash: Clash, when: str) -> str:
    if clash.kind == "blob":
        return f"changed{when} what makes {clash.name}, which {clash.told} reads"
    if clash.kind == "param":
        return f"changed{when} who shares {clash.name} or how fast it learns"
    name = _name(clash)
    return {
        "changed": f"changed {name}{when}",
        "deleted": f"deleted {name}{when}",
        "added": f"added {name}{when}",
        "moved": f"moved {name}{when}",
        "comment": f"changed the comment of {name}{when}",
        "weights": f"changed{when} {clash.told} {name}",
    }[clash.how]


def _name(clash: Clash) -> str:
    if clash.kind != "file":
        return clash.name or "a layer without a name"
    return f"the net's {clash.name}" if clash.name else "the file"


def _what(by: Passed | None) -> str:
    if by is None:
        return "what was changed meanwhile"
    if by.undone:
        return f"{_quoted(by.title)} was undone"
    return f"{_quoted(by.title)}{f' by {by.author}' if by.author else ''}"


def _quoted(title: str) -> str:
    return f"“{title}”"
