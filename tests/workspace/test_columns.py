"""How columns keep what databases differ in, or what would take too much room."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.dialects import sqlite

from netgraft import edit
from netgraft.workspace import Workspace
from netgraft.workspace.words import Key, Number, Packed, Words, storable

_DIALECT = sqlite.dialect()


@pytest.mark.parametrize("value", ["[]", json.dumps("x" * 5000), json.dumps("caf\udce9\x00" * 900)])
def test_long_json_takes_less_room_and_comes_back_as_it_was(value: str) -> None:
    column = Packed()
    kept = column.process_bind_param(value, _DIALECT)
    assert len(kept) <= min(len(value), 1000)
    assert column.process_result_value(kept, _DIALECT) == value


def test_operations_that_hold_a_text_are_kept_small(workspace: Workspace) -> None:
    doc = workspace.create("net", edit.Document.read('name: "a"\n')).id
    told = [{"op": "replace_text", "text": "layer { }\n" * 10_000}]
    workspace.commit(doc, 1, edit.Document.read('name: "b"\n'), title="", operations=told)
    assert workspace.between(doc, 1, 2)[0].operations == told


def test_what_is_not_there_stays_so() -> None:
    for column in (Words(), Key(), Packed(), Number()):
        assert column.process_bind_param(None, _DIALECT) is None


def test_what_cannot_be_stored_is_replaced() -> None:
    assert storable("a\x00b\udce9c\ud83d\n\u00e9\U0001f600") == "a\ufffdb\ufffdc\ufffd\n\u00e9\U0001f600"
