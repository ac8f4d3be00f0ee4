"""NetState and the rules that a layer states about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from netgraft.proto import caffe_pb2

Phase = Literal["TRAIN", "TEST"]


@dataclass(frozen=True, slots=True)
class NetState:
    """For what a net is built. Stages that the file states itself (`state { stage }`) come on top."""

    phase: Phase = "TEST"
    level: int = 0
    stages: frozenset[str] = frozenset()


TEST: Final = NetState()
TRAIN: Final = NetState("TRAIN")


class Rule(NamedTuple):
    """One include or exclude rule (NetStateRule): met when each thing that it names is met."""

    phase: Phase | None = None
    min_level: int | None = None
    max_level: int | None = None
    stages: tuple[str, ...] = ()
    not_stages: tuple[str, ...] = ()

    def met(self, phase: Phase, level: int, stages: frozenset[str]) -> bool:
        """Net::StateMeetsRule: ALL of `stage` present, NONE of `not_stage`."""
        return (
            (self.phase is None or self.phase == phase)
            and (self.min_level is None or level >= self.min_level)
            and (self.max_level is None or level <= self.max_level)
            and stages.issuperset(self.stages)
            and stages.isdisjoint(self.not_stages)
        )


def phase_name(number: int) -> Phase:
    """An enum value of caffe.Phase by its name."""
    return "TRAIN" if number == caffe_pb2.TRAIN else "TEST"


def rule(message: caffe_pb2.NetStateRule) -> Rule:
    """A rule out of its message."""
    return Rule(
        phase_name(message.phase) if message.HasField("phase") else None,
        message.min_level if message.HasField("min_level") else None,
        message.max_level if message.HasField("max_level") else None,
        tuple(message.stage),
        tuple(message.not_stage),
    )
