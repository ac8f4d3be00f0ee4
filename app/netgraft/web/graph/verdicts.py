"""Caffe's verdicts on a net in several states, without asking twice what has one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from netgraft import prototxt
from netgraft.caffe.layers import DocLayer
from netgraft.caffe.model import Net, Profile, Verdict
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

Verdicts = Mapping[NetState, Verdict]


def verdicts_of(
    tree: prototxt.Document,
    layers: Sequence[DocLayer],
    states: Sequence[NetState],
    profile: Profile,
    datum: Mapping[str, tuple[int, int, int]] = MappingProxyType({}),
    origins: Mapping[str, str | None] = MappingProxyType({}),
) -> Verdicts:
    """The verdict for each state, in their order.

    A file without include and exclude rules is one net in all states, and is built once.
    """
    if any(layer.include or layer.exclude for layer in layers):
        return {state: check(tree, state, datum=datum, profile=profile, origins=origins) for state in states}
    first = check(tree, states[0], datum=datum, profile=profile, origins=origins)
    return {state: replace(first, net=replace(first.net, state=state)) for state in states}


def distinct(verdicts: Verdicts) -> list[Net]:
    """The nets that were built, each once."""
    return list({id(verdict.net.layers): verdict.net for verdict in verdicts.values()}.values())
