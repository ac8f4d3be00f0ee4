"""A clock that is put back: order comes from revisions and versions, and nothing seems to become older."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netgraft import edit
from netgraft.workspace import By, Workspace

Open = Callable[..., Workspace]
DAY = 24 * 3600 * 1000


class Clock:
    """Goes backwards: each look at it, an hour. Milliseconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        self.now -= DAY // 24
        return self.now


def _net(name: str) -> edit.Document:
    return edit.Document.read(f'name: "{name}"\n')


def test_edits_undo_and_history_do_not_mind_a_clock_that_goes_back(open_workspace: Open) -> None:
    workspace = open_workspace(clock=Clock())
    doc = workspace.create("net", _net("a")).id
    for number in (1, 2, 3):
        workspace.commit(doc, number, _net(f"n{number}"), title=f"to n{number}", operations=[], by=By("Ann"))
    assert workspace.undo(doc).document.text == 'name: "n2"\n'
    assert [step.title for step in workspace.steps(doc)] == ["Open", "to n1", "to n2", "to n3"]
    assert [event.version for event in workspace.events(doc, 0)] == [1, 2, 3, 4, 5]
    assert [event.kind for event in workspace.events(doc, 0)] == ["open", "edit", "edit", "edit", "undo"]


def test_no_change_makes_a_document_seem_to_have_changed_earlier(open_workspace: Open) -> None:
    workspace = open_workspace(clock=Clock())
    doc = workspace.create("net", _net("a")).id
    opened = workspace.snapshot(doc).entry
    changes: list[Callable[[], object]] = [
        lambda: workspace.commit(doc, 1, _net("b"), title="", operations=[]),
        lambda: workspace.undo(doc),
        lambda: workspace.redo(doc),
        lambda: workspace.go(doc, 1),
        lambda: workspace.rename(doc, "b"),
        lambda: workspace.set_premises(doc, lambda now: replace(now, profile="fork")),
        lambda: workspace.set_layout(doc, {"down": {"a": (1.0, 2.0)}}),
    ]
    for change in changes:
        change()
        assert workspace.snapshot(doc).entry.changed == opened.changed
    assert workspace.snapshot(doc).entry.created == opened.created


def test_after_the_clock_was_put_back_a_document_that_changes_comes_to_the_top_again(
    open_workspace: Open,
) -> None:
    now = [1000 * DAY]
    workspace = open_workspace(clock=lambda: now[0])
    first = workspace.create("first", _net("a")).id
    now[0] += 1
    second = workspace.create("second", _net("a")).id
    now[0] -= DAY
    workspace.rename(first, "first again")
    now[0] += DAY + 5
    workspace.rename(first, "once more")
    assert [entry.id for entry in workspace.entries()] == [first, second]


def test_a_link_opens_whatever_the_clock_says(open_workspace: Open) -> None:
    workspace = open_workspace(clock=Clock())
    doc = workspace.create("net", _net("a")).id
    _, token = workspace.links.add(doc)
    for _ in range(3):
        found = workspace.links.find(token)
        assert found is not None
        assert found.document == doc
