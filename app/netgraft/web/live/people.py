"""Who is on a document: the people of this process, and those whom other processes tell of.

Pure: time comes in from outside, in seconds of a clock that only goes forwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from netgraft.web.sharing import Access

ANNOUNCED_EVERY: Final = 15.0
"""Seconds between two times that a process tells the others of all its people."""

FORGOTTEN_AFTER: Final = 40.0
"""Seconds of silence after which a process forgets the people of another: it was killed, or cut off."""

LONGEST: Final = 7000
"""Bytes of a signal: what the workspace carries."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a browser tab or program. `joined`: milliseconds since 1970 by the clock of its process."""

    client: str
    name: str
    selection: tuple[str, ...]
    more: int
    access: Access
    joined: int


class People:
    """Everybody on one document. `node` is the name of this process among those that share the database."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._own: dict[object, Person] = {}
        self._others: dict[tuple[str, str], tuple[Person, float]] = {}
        self._untold: dict[str, None] = {}  # own clients of whom the other processes are to hear

    def put(self, seat: object, person: Person) -> bool:
        """Somebody of this process, as they are now; whether that changed anything. `seat`: their socket."""
        if self._own.get(seat) == person:
            return False
        self._own[seat] = person
        self._untold[person.client] = None
        return True

    def of(self, seat: object) -> Person | None:
        """Somebody of this process."""
        return self._own.get(seat)

    def remove(self, seat: object) -> bool:
        """Somebody's socket is gone; whether they were known."""
        person = self._own.pop(seat, None)
        if person is not None:
            self._untold[person.client] = None
        return person is not None

    def present(self) -> list[Person]:
        """Everybody to be shown, in an order that is the same for all: who came first is first.

        A client that is told of twice (it connected again, its old socket is not known to be dead) is the one
        that came last. Who may only look is not shown without a name, nor instead of somebody who edits.
        """
        shown: dict[str, Person] = {}
        for person in [*self._own.values(), *(each for each, _ in self._others.values())]:
            if person.access == "read" and not person.name:
                continue
            known = shown.get(person.client)
            if known is None or _rank(known) <= _rank(person):
                shown[person.client] = person
        return sorted(shown.values(), key=lambda person: (person.joined, person.client))

    # What processes tell each other

    def announce(self) -> None:
        """Lets `signals` tell of everybody of this process again."""
        self._untold |= dict.fromkeys(person.client for person in self._own.values())

    def signals(self) -> Iterator[str]:
        """What the other processes are to hear of the people of this one, in pieces that a signal carries."""
        own: dict[str, Person] = {}
        for person in self._own.values():
            if person.client not in own or _rank(own[person.client]) <= _rank(person):
                own[person.client] = person
        untold, self._untold = self._untold, {}
        here = [_packed(own[client]) for client in untold if client in own]
        gone = [client for client in untold if client not in own]
        for piece in _pieces(here):
            yield self._signal({"here": piece})
        for piece in _pieces(gone):
            yield self._signal({"gone": piece})

    def hello(self) -> str:
        """What a process says that has begun to watch: the others are to tell of their people."""
        return self._signal({"hello": 1})

    def hear(self, signal: str, now: float) -> bool:
        """Takes a signal in; whether that changed who is to be shown. What is not understood is passed over:
        it is of a newer Netgraft."""
        try:
            said = json.loads(signal)
            node = said["node"]
            if node == self._node:
                return False
            changed = False
            for packed in said.get("here", ()):
                person = _unpacked(packed)
                known = self._others.get((node, person.client))
                self._others[node, person.client] = (person, now)
                changed |= known is None or known[0] != person
            for client in said.get("gone", ()):
                changed |= self._others.pop((node, client), None) is not None
            if "hello" in said:
                self.announce()
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            return False
        return changed

    def forget(self, now: float) -> bool:
        """Forgets people of whom nothing was heard for too long; whether there were any."""
        silent = [key for key, (_, heard) in self._others.items() if now - heard > FORGOTTEN_AFTER]
        for key in silent:
            del self._others[key]
        return bool(silent)

    @property
    def has_untold(self) -> bool:
        """Whether `signals` has something to say."""
        return bool(self._untold)

    def _signal(self, said: dict[str, Any]) -> str:
        return json.dumps({"node": self._node, **said}, separators=(",", ":"))


def _rank(person: Person) -> tuple[bool, int]:
    return person.access == "edit", person.joined


def _packed(person: Person) -> list[Any]:
    return [person.client, person.name, list(person.selection), person.more, person.access, person.joined]


def _unpacked(packed: Sequence[Any]) -> Person:
    client, name, selection, more, access, joined = packed
    if not (isinstance(client, str) and isinstance(name, str) and access in ("edit", "read")):
        raise ValueError(packed)
    return Person(client, name, tuple(str(key) for key in selection), int(more), access, int(joined))


def _pieces(items: Sequence[Any]) -> Iterator[list[Any]]:
    """The items in lists that each fit into one signal."""
    piece: list[Any] = []
    size = 0
    for item in items:
        length = len(json.dumps(item, separators=(",", ":"))) + 1
        if piece and size + length > LONGEST - 100:
            yield piece
            piece, size = [], 0
        piece.append(item)
        size += length
    if piece:
        yield piece
