"""The protocol's messages, read and written; no sockets here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from netgraft.web.answers import dump
from netgraft.web.live.people import Person
from netgraft.web.sharing import Access
from netgraft.workspace import Event

LARGEST: Final = 1024 * 1024
"""Bytes of a client's message: all 20,000 layers of the largest net may be selected."""

MOST_KEYS: Final = 100
"""Keys of a selection that others are told."""

LONGEST_NAME: Final = 100

_KEYS_BYTES = 5000  # of all keys together: a person must fit into one signal of the workspace
_NO_MORE = 1_000_000
_LONGEST_TITLE = 500  # layer names may be as long as a file; everybody here gets each title


class NotUnderstood(ValueError):
    """A client's message that is none of the protocol's."""


@dataclass(frozen=True, slots=True)
class Me:
    """What a client says of whoever sits there; None where it said nothing of it."""

    name: str | None = None
    selection: tuple[str, ...] | None = None
    more: int = 0


def read_me(text: str) -> Me:
    """A client's message; raises NotUnderstood."""
    try:
        said = _parse(text)
    except (ValueError, RecursionError):
        raise NotUnderstood("That is not JSON.") from None
    if not isinstance(said, dict) or said.get("type") != "me":
        raise NotUnderstood("Only messages of type 'me' are understood.")
    name, keys, more = said.get("name"), said.get("selection"), said.get("more", 0)
    if name is not None and not isinstance(name, str):
        raise NotUnderstood("A name is a text.")
    if keys is not None and not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
        raise NotUnderstood("A selection is a list of layer keys.")
    if type(more) is not int or not 0 <= more <= _NO_MORE:
        raise NotUnderstood("'more' is a count.")
    if keys is None:
        return Me(None if name is None else clean_name(name))
    told = _told(keys)
    return Me(None if name is None else clean_name(name), told, len(keys) - len(told) + more)


def clean_name(name: str) -> str:
    """A name as it can be shown: one line, no more than others can read."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def hello(
    client: str,
    version: int,
    revision: int,
    access: Access,
    events: Iterable[Event],
    people: Sequence[Person],
) -> str:
    """The first message to a client."""
    return _text(
        {
            "type": "hello",
            "client": client,
            "version": version,
            "revision": revision,
            "access": access,
            "events": [_event(each) for each in events],
            "people": [_person(each) for each in people],
        }
    )


def change(event: Event) -> str:
    """A change of the document."""
    return _text({"type": "change", **_event(event)})


def people(present: Iterable[Person]) -> str:
    """Everybody who is there."""
    return _text({"type": "people", "people": [_person(each) for each in present]})


DELETED: Final = '{"type":"deleted"}'


def _parse(text: str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)  # takes lone surrogates: layer names that are not UTF-8


def _told(keys: Sequence[str]) -> tuple[str, ...]:
    told: list[str] = []
    room = _KEYS_BYTES
    for key in keys[:MOST_KEYS]:
        room -= len(json.dumps(key)) + 2
        if room < 0:
            break
        told.append(key)
    return tuple(told)


def _event(event: Event) -> dict[str, object]:
    return {
        "version": event.version,
        "revision": event.revision,
        "kind": event.kind,
        "title": event.title[:_LONGEST_TITLE],
        "author": event.author,
        "client": event.client,
        "created": event.created,
    }


def _person(person: Person) -> dict[str, object]:
    return {
        "client": person.client,
        "name": person.name,
        "selection": person.selection,
        "more": person.more,
    }


def _text(message: dict[str, object]) -> str:
    return dump(message).decode()
