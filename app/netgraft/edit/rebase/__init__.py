"""Two edits of one revision: the second one carried over to what the first one made, or refused."""

from netgraft.edit.rebase.clash import Clash, Fact, Passed, Refused, message
from netgraft.edit.rebase.facts import changed, facts_of, net_states
from netgraft.edit.rebase.judge import Premises
from netgraft.edit.rebase.names import Given
from netgraft.edit.rebase.replay import Apply, Rebased, rebase
from netgraft.edit.rebase.threeway import merge

__all__ = [
    "Apply",
    "Clash",
    "Fact",
    "Given",
    "Passed",
    "Premises",
    "Rebased",
    "Refused",
    "changed",
    "facts_of",
    "merge",
    "message",
    "net_states",
    "rebase",
]
