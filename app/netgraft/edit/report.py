"""What an operation did, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_MOST_TITLES = 4


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Renamed(_Fact):
    """A name that became another, or a copy's new name."""

    kind: Literal["layer", "blob", "param"]
    old: str
    new: str
    copy_number: int | None = Field(
        default=None, description="Which copy bears the new name, from 1; null outside copies."
    )
    reason: str | None = Field(default=None, description="Why it is not the name that was asked for.")


class CopiedBlob(_Fact):
    """One parameter blob of a copied layer."""

    index: int
    role: str
    state: Literal["copied", "shared", "filler"]
    shared_with: list[str] = Field(default_factory=list, description="The layers that hold the same blob.")
    group: str | None = Field(default=None, description="The `param` name that ties them.")
    lr_mult: float = Field(default=1, description="What this copy states, 1 where it states none.")
    decay_mult: float = 1


class CopiedLayer(_Fact):
    """One layer of one copy."""

    copy_number: int = Field(description="From 1; 1 is the original.")
    source: str = Field(description="The layer's name before.")
    name: str
    type: str
    key: str = Field(default="", description="The new layer's key.")
    weights_from: str | None = Field(
        default=None, description="The stored layer that it starts from; null: its filler."
    )
    blobs: list[CopiedBlob] = Field(default_factory=list)


class Fix(_Fact):
    """A remedy, as operations."""

    title: str
    operations: list[dict[str, Any]]


class Note(_Fact):
    """Something a person should know."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    caffe_message: str | None = Field(
        default=None, description="What Caffe would print when it dies of this."
    )
    layer: str | None = None
    fixes: list[Fix] = Field(default_factory=list)


class Report(_Fact):
    """What one operation did. `summary` says it in lines for a terminal."""

    op: str
    title: str = Field(description="A short name for undo: `Duplicate 3 layers`.")
    summary: list[str] = Field(default_factory=list)
    upgraded: list[str] = Field(
        default_factory=list, description="What of an old format was rewritten first."
    )
    copies: list[CopiedLayer] = Field(default_factory=list)
    added: list[str] = Field(default_factory=list, description="Keys of new layers.")
    removed: list[str] = Field(default_factory=list, description="Keys of layers that are gone.")
    changed: list[str] = Field(default_factory=list, description="Keys of layers whose text changed.")
    renamed: list[Renamed] = Field(default_factory=list)
    notes: list[Note] = Field(default_factory=list)

    def lines(self) -> list[str]:
        """The whole report as lines of text."""
        marks = {"error": "refused by Caffe", "warning": "warning", "info": "note"}
        told = [f"{marks[note.severity]}: {note.message}" for note in self.notes]
        return [*(f"upgraded: {what}" for what in self.upgraded), *self.summary, *told]

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"  {line}" for line in self.lines())])

    __repr__ = __str__


def title_of(reports: Sequence[Report]) -> str:
    """What a step of several operations is called: each title once, of many the first ones."""
    titles = list(dict.fromkeys(report.title for report in reports))
    if len(titles) > _MOST_TITLES:
        return f"{'; '.join(titles[: _MOST_TITLES - 1])} and {len(titles) - _MOST_TITLES + 1} more"
    return "; ".join(titles)
