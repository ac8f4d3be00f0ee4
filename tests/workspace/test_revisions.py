"""Documents and their revisions in a real database of each kind."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netgraft import edit
from netgraft.weights import Origin
from netgraft.workspace import NoSuchDocument, NothingToUndo, StaleRevision, Workspace

Open = Callable[..., Workspace]


def _net(name: str, **origins: Origin | None) -> edit.Document:
    return edit.Document(edit.Document.read(f'name: "{name}"\n').tree, origins)


def _commit(workspace: Workspace, doc: str, base: int, name: str) -> int:
    return workspace.commit(doc, base, _net(name), title=name, operations=[{"op": name}]).revision


def test_a_new_document_is_at_revision_1_with_nothing_to_undo(workspace: Workspace) -> None:
    snapshot = workspace.create("net", _net("a"))
    assert snapshot.revision == 1
    assert (snapshot.can_undo, snapshot.can_redo) == (False, False)
    assert snapshot.document.text == 'name: "a"\n'


def test_undo_and_redo_move_along_the_revisions(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    _commit(workspace, doc, 1, "b")
    _commit(workspace, doc, 2, "c")
    back = workspace.undo(doc)
    assert (back.revision, back.undo_title, back.redo_title) == (2, "b", "c")
    assert workspace.undo(doc).document.text == 'name: "a"\n'
    assert workspace.redo(doc).revision == 2
    assert workspace.redo(doc).revision == 3


def test_an_edit_after_undo_replaces_what_could_be_redone(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    _commit(workspace, doc, 1, "b")
    workspace.undo(doc)
    assert _commit(workspace, doc, 1, "c") == 3
    assert not workspace.snapshot(doc).can_redo
    assert workspace.undo(doc).document.text == 'name: "a"\n'
    assert workspace.redo(doc).document.text == 'name: "c"\n'


def test_there_is_an_end_to_undo_and_to_redo(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    with pytest.raises(NothingToUndo):
        workspace.undo(doc)
    with pytest.raises(NothingToUndo):
        workspace.redo(doc)


def test_a_stale_edit_is_refused_and_told_what_changed(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    _commit(workspace, doc, 1, "b")
    _commit(workspace, doc, 2, "c")
    with pytest.raises(StaleRevision) as refused:
        _commit(workspace, doc, 1, "d")
    assert refused.value.current == 3
    assert [(change.revision, change.title) for change in refused.value.changes] == [(2, "b"), (3, "c")]
    assert refused.value.changes[0].operations == [{"op": "b"}]
    assert workspace.snapshot(doc).revision == 3


def test_an_edit_of_an_undone_revision_is_told_that_it_was_undone(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    _commit(workspace, doc, 1, "b")
    workspace.undo(doc)
    with pytest.raises(StaleRevision, match="undone") as refused:
        _commit(workspace, doc, 2, "c")
    assert [(change.revision, change.undone) for change in refused.value.changes] == [(2, True)]


def test_a_deleted_document_is_gone(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    workspace.delete(doc)
    assert workspace.entries() == []
    for action in (workspace.snapshot, workspace.undo, workspace.delete):
        with pytest.raises(NoSuchDocument):
            action(doc)


def test_the_document_changed_last_is_listed_first(workspace: Workspace) -> None:
    first = workspace.create("first", _net("a")).id
    workspace.create("second", _net("a"))
    _commit(workspace, first, 1, "b")
    assert {entry.name for entry in workspace.entries()} == {"first", "second"}
    changed = [entry.changed for entry in workspace.entries()]
    assert changed == sorted(changed, reverse=True)


def test_everything_is_there_after_a_restart(open_workspace: Open) -> None:
    origins = {
        "copy": Origin("conv1", fallbacks=("conv",)),
        "new": None,
        "caf\udce9": Origin("x", reshape=True),
    }
    one = open_workspace()
    assert one.is_new
    doc = one.create("net", _net("a")).id
    one.commit(doc, 1, edit.Document.read(b'name: "caf\xe9"\r\n'), title="b", operations=[])
    one.commit(doc, 2, _net("c", **origins), title="c", operations=[])
    one.close()
    two = open_workspace()
    assert not two.is_new
    snapshot = two.snapshot(doc)
    assert dict(snapshot.document.origins) == origins
    assert (snapshot.revision, snapshot.undo_title) == (3, "c")
    assert two.undo(doc).document.text.encode("utf-8", "surrogateescape") == b'name: "caf\xe9"\r\n'


def test_of_edits_made_at_once_on_one_revision_one_wins(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    outcomes: list[str] = []

    def attempt(name: str) -> None:
        try:
            _commit(workspace, doc, 1, name)
            outcomes.append("won")
        except StaleRevision:
            outcomes.append("stale")

    threads = [threading.Thread(target=attempt, args=(f"n{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["stale"] * 7 + ["won"]
    assert workspace.snapshot(doc).revision == 2


def test_two_servers_on_one_database_see_each_others_edits(workspace: Workspace, other: Workspace) -> None:
    one, two = workspace, other
    doc = one.create("net", _net("a")).id
    _commit(two, doc, 1, "b")
    assert one.snapshot(doc).document.text == 'name: "b"\n'
    with pytest.raises(StaleRevision):
        _commit(one, doc, 1, "c")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=20))
def test_undo_and_redo_are_a_walk_on_the_line_of_edits(workspace: Workspace, steps: list[str]) -> None:
    doc = workspace.create("net", _net("start")).id
    line, at = ['name: "start"\n'], 0
    for number, step in enumerate(steps):
        if step == "edit":
            workspace.commit(
                doc, workspace.snapshot(doc).revision, _net(f"n{number}"), title="", operations=[]
            )
            line = [*line[: at + 1], f'name: "n{number}"\n']
            at += 1
        elif step == "undo" and at > 0:
            workspace.undo(doc)
            at -= 1
        elif step == "redo" and at + 1 < len(line):
            workspace.redo(doc)
            at += 1
    snapshot = workspace.snapshot(doc)
    assert snapshot.document.text == line[at]
    assert (snapshot.can_undo, snapshot.can_redo) == (at > 0, at + 1 < len(line))
