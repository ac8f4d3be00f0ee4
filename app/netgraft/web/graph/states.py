"""The net states that a file tells apart: its phases, and the stages and levels that its rules name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from netgraft.caffe.layers import DocLayer
from netgraft.caffe.state import NetState

PHASES: Final = ("TRAIN", "TEST")


def states_of(layers: Sequence[DocLayer], most: int) -> tuple[NetState, ...]:
    """TRAIN and TEST, then both with each stage that a rule names, then with each level; at most `most`."""
    stages: dict[str, None] = {}
    levels: dict[int, None] = {}
    for layer in layers:
        for rule in (*layer.include, *layer.exclude):
            stages.update(dict.fromkeys((*rule.stages, *rule.not_stages)))
            levels.update({bound: None for bound in (rule.min_level, rule.max_level) if bound is not None})
    levels.pop(0, None)
    states = [NetState(phase=phase) for phase in PHASES]
    states += [NetState(phase=phase, stages=frozenset({stage})) for stage in stages for phase in PHASES]
    states += [NetState(phase=phase, level=level) for level in levels for phase in PHASES]
    return tuple(states[: max(most, len(PHASES))])


def label(state: NetState) -> str:
    """A state in a word: `TRAIN`, `TEST deploy`, `TRAIN level 2`."""
    words: list[str] = [state.phase, *sorted(state.stages)]
    if state.level:
        words.append(f"level {state.level}")
    return " ".join(words)


def as_json(state: NetState) -> dict[str, object]:
    """A state as the REST interface writes it."""
    return {"phase": state.phase, "level": state.level, "stages": sorted(state.stages)}
