"""Whether an edit, carried over to another revision, still does what it did, and leaves alone what it left.

Four documents are compared, fact by fact (facts.py): `base`, for which the edit was made; `alone`, what it
made of that; `head`, what others made of it; `rebased`, what the edit makes of the head. The carried edit is
right where every fact that it changed alone is as it made it, and every other is as the head has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from netgraft.caffe.layers import document_layers
from netgraft.caffe.model import Profile
from netgraft.caffe.net import check, suggested_profile
from netgraft.caffe.state import NetState
from netgraft.edit.document import Document
from netgraft.edit.rebase.clash import Clash, Fact, How, Kind
from netgraft.edit.rebase.facts import NOWHERE, Facts, Wire, changed, facts_of, net_states, order_of, with_end
from netgraft.edit.rebase.names import Given, Renaming, find_renaming, renamed
from netgraft.edit.rebase.order import moved
from netgraft.edit.shapes import Datum, LayerShapes, layer_shapes

_MOST_JUDGED: Final = 12  # states whose verdicts are compared
_END: Final[Fact] = ("end", "")


@dataclass(frozen=True, slots=True)
class Premises:
    """What Caffe's verdicts rest on beside the text. `profile` None: what the file suggests."""

    datum: Datum
    profile: Profile | None = None


@dataclass(frozen=True, eq=False)
class Sides:
    """The three documents that are known before the edit is carried over, and their facts."""

    base: Document
    alone: Document
    head: Document
    states: Sequence[NetState]
    before: Facts
    ours: Facts
    theirs: Facts

    @classmethod
    def of(cls, base: Document, alone: Document, head: Document) -> Sides:
        """The sides with their facts in all states that any of them tells apart."""
        states = net_states((base, alone, head))
        before = facts_of(base, states)
        end = before.get(_END)
        ours, theirs = (with_end(facts_of(each, states), before, end) for each in (alone, head))
        return cls(base, alone, head, states, before, ours, theirs)

    @cached_property
    def changed(self) -> set[Fact]:
        """What the edit alone changed. What a layer reads that others deleted does not count."""
        found = changed(self.before, self.ours)
        return {fact for fact in found if fact[0] != "wire" or fact in self.theirs or fact not in self.before}

    def facts(self, document: Document, end: object) -> Facts:
        """Another document's facts; `end` is the comment that stood at the end of what it came from."""
        return with_end(facts_of(document, self.states), self.before, end)


def collisions(sides: Sides) -> list[Clash]:
    """The facts that both sides changed, and not alike."""
    found: list[Clash] = []
    for fact in sides.changed & changed(sides.before, sides.theirs):
        was, ours, theirs = (side.get(fact, NOWHERE) for side in (sides.before, sides.ours, sides.theirs))
        if ours != theirs:
            how: How = "deleted" if theirs is NOWHERE else "added" if was is NOWHERE else "changed"
            found.append(_clash(fact, how, was, ours, theirs))
    return found


def deleted_by_both(sides: Sides) -> list[Clash]:
    """Layers that neither left there: what one does with them, the other can no longer do."""
    return [
        Clash("layer", fact[1], "deleted", fact=fact)
        for fact in sides.before
        if fact[0] == "layer" and fact not in sides.ours and fact not in sides.theirs
    ]


def is_of_new_names(clash: Clash, sides: Sides) -> bool:
    """Whether a collision is about a name that neither edit found: an edit may give another one instead."""
    return clash.fact is not None and clash.fact not in sides.before


def judge(sides: Sides, rebased: Document, premises: Premises) -> tuple[list[Clash], list[Given]]:
    """What is wrong with the carried edit (nothing: it is right), and which names it gave otherwise."""
    names = find_renaming(sides.base, sides.alone, sides.head, rebased)
    found = _done_twice(sides, names)
    if names:
        alone = renamed(sides.alone, names)
        sides = replace(sides, alone=alone, ours=sides.facts(alone, sides.before.get(_END)))
    found += collisions(sides)
    if not found:
        now = sides.facts(rebased, sides.theirs.get(_END))
        found = _deviations(sides, now) + _misplaced(sides, rebased)
    if not found:
        found = _unfit(sides, rebased, premises.datum)
    if not found:
        found = _refusals(sides, rebased, premises)
    return in_order(found, sides.head), names.given()


def in_order(clashes: Iterable[Clash], head: Document) -> list[Clash]:
    """Each matter once, layers first, in file order; of a layer that clashes itself, nothing else."""
    found = list(clashes)
    places = {key: index for index, key in enumerate(order_of(head))}
    layers = {clash.fact[1] for clash in found if clash.fact and clash.fact[0] == "layer"}
    once: dict[tuple[Kind, str], Clash] = {}
    for clash in sorted(found, key=lambda one: (one.fact or ("", ""), one.told)):
        kind, name = clash.fact or ("", "")
        if kind in ("wire", "comment", "origin") and name in layers:
            continue
        once.setdefault((clash.kind, clash.name), clash)
    return sorted(once.values(), key=lambda one: (_KINDS.index(one.kind), places.get(one.name, -1), one.name))


_KINDS: Final[tuple[Kind, ...]] = ("layer", "blob", "param", "file", "verdict", "operation")


def _done_twice(sides: Sides, names: Renaming) -> list[Clash]:
    """Layers that both added to the letter: one of them is what both wanted."""
    facts = [("layer", name) for name in names.layers]
    return [
        Clash("layer", fact[1], "added", fact=fact)
        for fact in facts
        if fact in sides.theirs and sides.ours.get(fact) == sides.theirs[fact]
    ]


def _deviations(sides: Sides, rebased: Facts) -> list[Clash]:
    mine = sides.changed
    found: list[Clash] = []
    for fact in mine | changed(sides.theirs, rebased):
        wanted = (sides.ours if fact in mine else sides.theirs).get(fact, NOWHERE)
        now = rebased.get(fact, NOWHERE)
        if now != wanted:
            how: How = "otherwise" if fact in mine else "spread"
            found.append(_clash(fact, how, sides.before.get(fact, NOWHERE), wanted, now))
    return found


def _misplaced(sides: Sides, rebased: Document) -> list[Clash]:
    """Layers that do not stand where who moved them put them."""
    before, ours, theirs, now = map(order_of, (sides.base, sides.alone, sides.head, rebased))
    mine, others = moved(before, ours), moved(before, theirs)
    if mine & others and ours != theirs:
        return [Clash("layer", key, "moved", fact=("layer", key)) for key in mine & others]
    wrong = moved(*_common(theirs, now, mine)) | moved(*_common(ours, now, others))
    return [Clash("layer", key, "otherwise", fact=("layer", key)) for key in wrong]


def _common(one: Sequence[str], other: Sequence[str], but: frozenset[str]) -> tuple[list[str], list[str]]:
    return [key for key in one if key not in but], [key for key in other if key not in but]


def _unfit(sides: Sides, rebased: Document, datum: Datum) -> list[Clash]:
    """Layers whose weights somebody chose, and whose parameters get another shape by the other edit."""
    names = {layer.name for layer in document_layers(sides.base.tree)}
    found: list[Clash] = []
    for document, facts in ((sides.alone, sides.ours), (sides.head, sides.theirs)):
        chosen = [
            name
            for (kind, name), origin in facts.items()
            if kind == "origin"
            and name in names
            and origin is not None
            and origin != sides.before.get((kind, name), NOWHERE)
        ]
        if not chosen:
            continue
        then, now = (layer_shapes(each.tree, sides.states, datum) for each in (document, rebased))
        mine = document is sides.alone
        told = "the shape of the parameters of" if mine else "which weights go into"
        found += [
            Clash("layer", name, "weights", told, ("layer" if mine else "origin", name))
            for name in chosen
            if any(_blobs(then[state].get(name)) != _blobs(now[state].get(name)) for state in sides.states)
        ]
    return found


def _blobs(shapes: LayerShapes | None) -> object:
    return shapes.blobs if shapes else None


def _refusals(sides: Sides, rebased: Document, premises: Premises) -> list[Clash]:
    """What Caffe would say of both edits together, and of neither alone."""
    found: dict[tuple[str, str], Clash] = {}
    for state in sides.states[:_MOST_JUDGED]:
        errors = _errors(rebased, state, premises)
        if not errors:
            continue
        known = _errors(sides.alone, state, premises).keys() | _errors(sides.head, state, premises).keys()
        new = next((words for error, words in errors.items() if error not in known), None)
        if new is not None:
            found.setdefault(new, Clash("verdict", new[0], "told", new[1]))
    return list(found.values())


def _errors(
    document: Document, state: NetState, premises: Premises
) -> dict[tuple[str, str | None, str | None], tuple[str, str]]:
    profile = premises.profile or suggested_profile(document.tree)
    verdict = check(document.tree, state, datum=premises.datum, profile=profile)
    found: dict[tuple[str, str | None, str | None], tuple[str, str]] = {}
    for one in () if verdict.ok else verdict.diagnostics:
        if one.severity == "error":
            found.setdefault(
                (one.code, one.layer, one.blob), (one.layer or "", one.caffe_message or one.message)
            )
    return found


def _clash(fact: Fact, how: How, one: object, other: object, third: object) -> Clash:
    kind, name = fact
    if kind == "wire":
        blob = _differing(other, third) or _differing(one, other)
        return Clash("blob", blob or name, how, name, fact) if blob else Clash("layer", name, how, fact=fact)
    if kind in ("comment", "end"):
        how = "comment" if how in ("changed", "deleted", "added") else how
        return Clash("layer" if name else "file", name, how, fact=fact)
    if kind == "origin":
        return Clash("layer", name, "weights", "which weights go into", fact)
    kinds: Mapping[str, Kind] = {"file": "file", "param": "param"}
    return Clash(kinds.get(kind, "layer"), name, how, fact=fact)


def _differing(one: object, other: object) -> str | None:
    """The first blob that two wires read in different versions."""
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return None
    wires: tuple[Wire, Wire] = (one, other)
    for left, right in zip(*wires, strict=False):
        for mine, theirs in zip(left or (), right or (), strict=False):
            if mine != theirs:
                return theirs[0]
    return None
