"""The journal: every change of a document, of whatever kind, counted and told with who made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from netgraft import edit
from netgraft.workspace import By, NoSuchDocument, NothingToUndo, Workspace

Open = Callable[..., Workspace]
ANN = By("Ann", "tab-1")


def _net(name: str) -> edit.Document:
    return edit.Document.read(f'name: "{name}"\n')


def _all_kinds(workspace: Workspace, model: bytes) -> str:
    doc = workspace.create("net", _net("a"), by=ANN).id
    workspace.commit(doc, 1, _net("b"), title="to b", operations=[], by=ANN)
    workspace.undo(doc, by=ANN)
    workspace.redo(doc, by=ANN)
    workspace.go(doc, 1, by=ANN)
    workspace.rename(doc, "twins", by=ANN)
    workspace.set_premises(doc, lambda now: replace(now, profile="fork"), by=ANN)
    with workspace.receive(1 << 30) as incoming:
        incoming.write(model)
        workspace.set_weights(doc, incoming, "det1.caffemodel", source="other", by=ANN)
    workspace.remove_weights(doc, "other", by=ANN)
    workspace.set_layout(doc, {"down": {"a": (1.0, 2.0)}}, by=ANN)
    return doc


def test_each_kind_of_change_is_one_event_with_its_author(workspace: Workspace, shared: Path) -> None:
    doc = _all_kinds(workspace, (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes())
    told = workspace.events(doc, 0)
    assert [(event.kind, event.revision, event.title) for event in told] == [
        ("open", 1, "Open"),
        ("edit", 2, "to b"),
        ("undo", 1, "to b"),
        ("redo", 2, "to b"),
        ("goto", 1, "Open"),
        ("rename", 1, "twins"),
        ("premises", 1, ""),
        ("weights", 1, "det1.caffemodel"),
        ("weights", 1, "det1.caffemodel"),
        ("layout", 1, ""),
    ]
    assert [event.version for event in told] == list(range(1, 11))
    assert workspace.snapshot(doc).entry.version == 10
    assert {(event.document, event.author, event.client) for event in told} == {(doc, "Ann", "tab-1")}


def test_events_go_on_after_a_version_and_come_in_pieces(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    for number in range(1, 6):
        workspace.commit(doc, number, _net(f"n{number}"), title="", operations=[])
    assert [event.version for event in workspace.events(doc, 2, most=3)] == [3, 4, 5]
    assert [event.version for event in workspace.events(doc, 5)] == [6]
    assert workspace.events(doc, 6) == workspace.events(doc, 2**80) == []
    assert len(workspace.events(doc, -(2**80))) == 6


def test_a_change_that_is_refused_is_no_event(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    with pytest.raises(NothingToUndo):
        workspace.undo(doc)
    with pytest.raises(NothingToUndo):
        workspace.go(doc, 7)
    assert [event.kind for event in workspace.events(doc, 0)] == ["open"]


def test_a_deleted_document_has_no_events(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a"), id="same").id
    workspace.rename(doc, "b")
    workspace.delete(doc, by=ANN)
    with pytest.raises(NoSuchDocument):
        workspace.events(doc, 0)
    workspace.create("net", _net("a"), id="same")
    assert [event.version for event in workspace.events(doc, 0)] == [1]


def test_steps_of_the_history_tell_who_made_them(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    workspace.commit(doc, 1, _net("b"), title="", operations=[], by=ANN)
    assert [step.author for step in workspace.steps(doc)] == ["", "Ann"]


def test_a_moved_card_does_not_bring_the_document_to_the_top(open_workspace: Open) -> None:
    moments = iter(range(1000, 2000))
    workspace = open_workspace(clock=lambda: next(moments))
    first = workspace.create("first", _net("a")).id
    workspace.create("second", _net("a"))
    workspace.set_layout(first, {"down": {"a": (1.0, 2.0)}})
    assert [entry.name for entry in workspace.entries()] == ["second", "first"]
