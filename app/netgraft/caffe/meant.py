"""Which phase a file is not meant for: one whose data layers all live in the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netgraft.caffe.layers import DocLayer
from netgraft.caffe.state import Phase, Rule

_OTHER: dict[Phase, Phase] = {"TRAIN": "TEST", "TEST": "TRAIN"}


def not_meant(layers: Sequence[DocLayer]) -> Phase | None:
    """The phase in which nothing makes data though something does in the other; None where there is none.

    Caffe refuses such a net in that phase, at the first layer that reads: true, and nothing that its author
    would mend.
    """
    sources = [layer for layer in layers if not layer.bottoms]
    if not sources or len(sources) == len(layers):
        return None
    for phase, other in _OTHER.items():
        if all(_never_in(layer, phase) for layer in sources) and not all(
            _never_in(layer, other) for layer in sources
        ):
            return phase
    return None


def _never_in(layer: DocLayer, phase: Phase) -> bool:
    if layer.include:
        return all(rule.phase not in (None, phase) for rule in layer.include)
    return any(_says_only(rule, phase) for rule in layer.exclude)


def _says_only(rule: Rule, phase: Phase) -> bool:
    return rule == Rule(phase=phase)


def phases_meant(layers: Sequence[DocLayer], phases: Iterable[Phase]) -> list[Phase]:
    """The phases without the one that the file is not meant for."""
    unmeant = not_meant(layers)
    return [phase for phase in phases if phase != unmeant]
