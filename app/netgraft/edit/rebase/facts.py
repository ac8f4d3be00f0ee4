"""What a document says, fact by fact, so that two changes of it can be told apart.

A fact is (kind, name) and has a value; a name that is not there has no fact.

- `layer`, key: the layer's text.
- `comment`, key: what stands around it ("" for what stands around the net's own fields); `end`, "": what
  stands behind all of them.
- `file`, field: what the net states outside its layers.
- `wire`, key: what its bottoms read, in each state: the blob, and how often it was made or changed in place
  before. So a layer that comes between counts, and a maker's new name does not.
- `param`, name: who uses it in file order, the owner first, and what each states of it.
- `origin`, layer name: from which stored layer it starts, where that is not the one of its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from netgraft.caffe.layers import DocLayer, document_layers, is_active, outline
from netgraft.caffe.state import NetState, Phase
from netgraft.edit.document import Document
from netgraft.edit.rebase.clash import Fact
from netgraft.edit.rebase.pieces import END, pieces

Facts = Mapping[Fact, object]
Wire = tuple[tuple[tuple[str, int], ...] | None, ...]
"""By state, None where the layer is not in the net: for each bottom its blob and that blob's version."""

NOWHERE: Final = object()
"""The value of a fact that there is not."""

_MOST_STATES: Final = 24


def net_states(documents: Iterable[Document]) -> list[NetState]:
    """The states that the documents' rules tell apart; one where there are no rules at all."""
    rules = [
        rule
        for document in documents
        for layer in document_layers(document.tree)
        if layer.include or layer.exclude
        for rule in (*layer.include, *layer.exclude)
    ]
    if not rules:
        return [NetState("TRAIN")]
    sets = {frozenset[str](), *(frozenset(rule.stages) for rule in rules)}
    sets |= {frozenset({stage}) for rule in rules for stage in (*rule.stages, *rule.not_stages)}
    bounds = {bound for rule in rules for bound in (rule.min_level, rule.max_level) if bound is not None}
    phases: tuple[Phase, ...] = ("TRAIN", "TEST")
    ordered = sorted(sets, key=lambda one: (len(one), sorted(one)))
    found = [
        NetState(phase, level, stages)
        for stages, level, phase in product(ordered, sorted({0, *bounds}), phases)
    ]
    return found[:_MOST_STATES]


def facts_of(document: Document, states: Sequence[NetState]) -> Facts:
    """All facts of a document; the wires in those states."""
    return _facts(document, tuple(states))


@lru_cache(maxsize=16)  # what an edit made is the head of the next one, and the base of the one after
def _facts(document: Document, states: tuple[NetState, ...]) -> dict[Fact, object]:
    found: dict[Fact, object] = {}
    stated: dict[str, tuple[str, ...]] = {}
    comments: list[str] = []
    for piece in pieces(document.tree):
        comment = piece.comment
        key = None
        for kind, name, start, end in piece.bodies:
            text = piece.text[start:end]
            if kind == "layer":
                found["layer", name] = text
                key = name if key is None else key
            else:
                stated[name] = (*stated.get(name, ()), text)
        if comment and key is not None:
            found["comment", key] = comment
        elif comment and piece.label == (END,):
            found["end", ""] = comment
        elif comment:
            comments.append(comment)
    for name, texts in stated.items():
        found["file", name] = texts
    if comments:
        found["comment", ""] = tuple(comments)
    layers = document_layers(document.tree)
    for key, wire in _wires(document, layers, states).items():
        found["wire", key] = wire
    for name, members in _params(layers).items():
        found["param", name] = tuple(members)
    for name, origin in document.origins.items():
        found["origin", name] = origin
    return found


def changed(before: Facts, after: Facts) -> set[Fact]:
    """The facts that two documents do not have in common."""
    found = {fact for fact, value in after.items() if before.get(fact, NOWHERE) != value}
    return found | (before.keys() - after.keys())


def with_end(facts: Facts, base: Facts, end: object) -> Facts:
    """The facts with a comment that stood at the file's end there again, where a layer that the base has not
    was put behind it: reading the text gives the comment to that layer."""
    if not isinstance(end, str) or ("end", "") in facts:
        return facts
    for (kind, name), comment in facts.items():
        if kind == "comment" and name and ("layer", name) not in base and str(comment).startswith(end):
            rest = str(comment)[len(end) :].strip()
            settled = {fact: value for fact, value in facts.items() if fact != (kind, name)}
            return settled | {("end", ""): end} | ({(kind, name): rest} if rest else {})
    return facts


def order_of(document: Document) -> list[str]:
    """The keys of all layers in file order."""
    return [layer.key for layer in document_layers(document.tree)]


def _wires(document: Document, layers: Sequence[DocLayer], states: Sequence[NetState]) -> dict[str, Wire]:
    own = outline(document.tree).upgraded.stages
    runs: list[list[tuple[tuple[str, int], ...] | None]] = []
    for state in states:
        stages = state.stages | own
        versions: dict[str, int] = {}
        run: list[tuple[tuple[str, int], ...] | None] = []
        for layer in layers:
            if (layer.include or layer.exclude) and not is_active(layer.source, state, stages):
                run.append(None)
                continue
            run.append(tuple([(blob, versions.get(blob, 0)) for blob in layer.bottoms]))
            for blob in layer.tops:
                versions[blob] = versions.get(blob, 0) + 1
        runs.append(run)
    return {layer.key: wire for layer, wire in zip(layers, zip(*runs, strict=True), strict=True)}


def _params(layers: Sequence[DocLayer]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for layer in layers:
        for blob, param in enumerate(layer.source.facts.params):
            if param.name:
                found.setdefault(param.name, []).append((layer.key, blob, param))
    return found
