"""The names of the copies: one rule for layers, blobs and `param` names, free of clashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Final, Literal

from netgraft.edit.errors import EditError
from netgraft.edit.report import Renamed
from netgraft.edit.view import View, unique

MOST_COPIES: Final = 1000  # no net needs as many; a slip (--copies 20000) would run for hours


@dataclass(frozen=True, slots=True)
class Affix:
    """What one copy adds to every name."""

    text: str
    before: bool

    def on(self, name: str) -> str:
        """The name with it."""
        return self.text + name if self.before else name + self.text


def affixes(
    copies: int, suffixes: Sequence[str] | None, prefixes: Sequence[str] | None, keep_first: bool
) -> list[Affix]:
    """One affix a copy. With `keep_first` those of the further copies may be given alone.

    Raises EditError for fewer than two copies or too many, a wrong number of them, equal or empty ones.
    """
    if copies < 2:
        raise EditError("too-few-copies", f"{copies} copies are none to make: ask for 2 or more in all.")
    if copies > MOST_COPIES:
        raise EditError("too-many-copies", f"{copies:,} copies are more than {MOST_COPIES:,}.")
    if suffixes is not None and prefixes is not None:
        raise EditError("two-affixes", "Give suffixes or prefixes, not both.")
    given = suffixes if suffixes is not None else prefixes
    what = "suffix" if prefixes is None else "prefix"
    if given is None:
        given = [f"_{letters(index)}" for index in range(copies)]
    texts = list(given)
    if keep_first and len(texts) == copies - 1:
        texts = ["", *texts]
    if len(texts) != copies:
        more = f" (or {copies - 1}, as the first copy keeps its names)" if keep_first else ""
        raise EditError(
            "wrong-number-of-names", f"{copies} copies need {copies} {what}es{more}, not {len(given)}."
        )
    if keep_first:
        texts[0] = ""
    for index, text in enumerate(texts):
        if not text and index:
            raise EditError(
                "empty-name", f"Copy {index + 1} needs a {what}: it cannot bear the first one's names."
            )
        if text in texts[:index]:
            same = texts.index(text) + 1
            raise EditError(
                "equal-names", f"Copies {same} and {index + 1} have one {what}, {text!r}: make them differ."
            )
    return [Affix(text, prefixes is not None) for text in texts]


def letters(index: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = ascii_lowercase[rest] + text
    return text


@dataclass(slots=True)
class Namer:
    """Gives every name its copy's name, the same one whenever it is asked again.

    Layers and blobs draw on one row of names, so that a layer and the blob that bears its name
    stay together; `param` names are a row of their own, as in Caffe.
    """

    affixes: Sequence[Affix]
    names: set[str]
    blobs: set[str]
    params: set[str]
    renamed: list[Renamed] = field(default_factory=list)
    _given: dict[tuple[str, str, int], str] = field(default_factory=dict)
    _told: set[tuple[str, str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, view: View, chosen: Sequence[Affix]) -> Namer:
        """A namer that clashes with nothing in the file."""
        blobs = set(view.blob_names)
        return cls(chosen, set(view.layer_names | blobs), blobs, set(view.param_users))

    def layer(self, name: str, copy: int, type_: str = "") -> str:
        """A layer's name in a copy (0 is the first)."""
        return self._name("layer", name or type_.lower() or "layer", copy, "name")

    def blob(self, name: str, copy: int) -> str:
        """The name of a blob that the selection makes, in a copy."""
        given = self._name("blob", name, copy, "name")
        self.blobs.add(given)
        return given

    def left_blob(self, blob: str, layer: str, copy: int) -> str:
        """A separate top for an in-place layer, where the blob's own name cannot serve."""
        key = ("left", f"{layer}\0{blob}", copy)
        if key not in self._given:
            wanted = self.affixes[copy].on(layer)
            if wanted in self.blobs:
                wanted = unique(f"{blob}_{wanted}", self.names)
            self._given[key] = wanted  # may be the layer's own name: then the two are coupled
            self.names.add(wanted)
            self.blobs.add(wanted)
            reason = f"{layer!r} must not overwrite {blob!r} in place: the other copies read it too."
            self._tell("blob", blob, self._given[key], copy, reason)
        return self._given[key]

    def param(self, name: str, copy: int) -> str:
        """A `param` name that a copy has to itself."""
        return self._name("param", name, copy, "param")

    def fresh_param(self, wanted: str) -> str:
        """A `param` name that is not in use yet."""
        name = unique(wanted, self.params)
        self.params.add(name)
        return name

    def fresh(self, wanted: str) -> str:
        """A layer's or blob's name that is not in use yet."""
        return self._take(wanted)

    def _take(self, wanted: str) -> str:
        name = unique(wanted, self.names)
        self.names.add(name)
        return name

    def _name(self, kind: Literal["layer", "blob", "param"], name: str, copy: int, space: str) -> str:
        affix = self.affixes[copy]
        if not affix.text:
            return name
        key = (space, name, copy)
        wanted = affix.on(name)
        if key not in self._given:
            if space == "param":
                self._given[key] = self.fresh_param(wanted)
            else:
                self._given[key] = self._take(wanted)
        given = self._given[key]
        self._tell(kind, name, given, copy, None if given == wanted else f"{wanted!r} is taken.")
        return given

    def _tell(
        self, kind: Literal["layer", "blob", "param"], old: str, new: str, copy: int, reason: str | None
    ) -> None:
        key = (kind, old, copy)
        if key not in self._told:
            self._told.add(key)
            self.renamed.append(Renamed(kind=kind, old=old, new=new, copy_number=copy + 1, reason=reason))
