"""Walking along revisions, read in pieces: the same as if all had been read at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netgraft import edit
from netgraft.workspace import NothingToUndo, Workspace, walk


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "_FIRST_PIECE", 1)
    monkeypatch.setattr(walk, "_LARGEST_PIECE", 3)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with closing(Workspace(tmp_path_factory.mktemp("walk"))) as workspace:
        yield workspace


@pytest.mark.usefixtures("small_pieces")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.sampled_from(["edit", "edit", "undo", "redo"]), max_size=25), st.integers(0, 6))
def test_the_history_is_the_line_of_edits(lasting: Workspace, moves: list[str], most: int) -> None:
    net = edit.Document.read('name: "a"\n')
    doc = lasting.create("net", net).id
    line, at, last = [1], 0, 1
    for move in moves:
        if move == "edit":
            lasting.commit(doc, line[at], net, title="", operations=[])
            last += 1
            line, at = [*line[: at + 1], last], at + 1
        elif move == "undo" and at > 0:
            lasting.undo(doc)
            at -= 1
        elif move == "redo" and at + 1 < len(line):
            lasting.redo(doc)
            at += 1
    told = [step.revision for step in lasting.steps(doc, most)]
    assert told == line[max(0, at - most) : at + most + 1]
    for number in range(last + 2):
        if number in line:
            assert lasting.at(doc, number).text == net.text
        else:
            with pytest.raises(NothingToUndo):
                lasting.at(doc, number)


def test_a_long_history_is_told_from_its_middle(workspace: Workspace) -> None:
    net = edit.Document.read('name: "a"\n')
    doc = workspace.create("net", net).id
    for number in range(1, 20):
        workspace.commit(doc, number, net, title=str(number), operations=[])
    assert workspace.go(doc, 10).revision == 10
    assert [step.revision for step in workspace.steps(doc, 3)] == [7, 8, 9, 10, 11, 12, 13]
