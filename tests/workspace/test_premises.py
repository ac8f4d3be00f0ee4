"""What verdicts rest on beside the text: kept with the document, whatever its revision, and gone with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from netgraft import edit
from netgraft.workspace import NoSuchDocument, Premises, SolverFile, Workspace

Open = Callable[..., Workspace]
NET = 'layer { name: "d" type: "Data" top: "d" data_param { source: "db" batch_size: 4 } }\n'
SOLVER = SolverFile("solver.prototxt", b"base_lr: 0.5\n")


def test_a_new_document_has_no_premises(workspace: Workspace) -> None:
    assert workspace.create("net", edit.Document.read(NET)).premises == Premises()


def test_premises_survive_a_restart_and_know_no_revisions(open_workspace: Open) -> None:
    workspace = open_workspace()
    made = workspace.create("net", edit.Document.read(NET))
    wanted = Premises({"d\udcffb": (3, 28, 29)}, "fork", SOLVER)
    assert workspace.set_premises(made.id, lambda _: wanted).premises == wanted
    text = edit.Document.read(NET + NET.replace('"d"', '"e"'))
    workspace.commit(made.id, made.revision, text, title="more", operations=[])
    assert workspace.undo(made.id).premises == wanted
    workspace.close()
    again = open_workspace()
    kept = again.snapshot(made.id).premises
    assert kept == wanted
    assert kept.solver is not None
    assert kept.solver.solver.message.base_lr == 0.5


def test_one_premise_changes_and_the_others_stay(workspace: Workspace) -> None:
    made = workspace.create("net", edit.Document.read(NET))
    workspace.set_premises(made.id, lambda now: replace(now, solver=SOLVER))
    workspace.set_premises(made.id, lambda now: replace(now, datum={"db": (1, 2, 3)}))
    after = workspace.set_premises(made.id, lambda now: replace(now, solver=None))
    assert after.premises == Premises({"db": (1, 2, 3)})
    assert after.revision == made.revision


def test_a_deleted_document_takes_its_premises_along(workspace: Workspace) -> None:
    made = workspace.create("net", edit.Document.read(NET), id="same")
    workspace.set_premises(made.id, lambda now: replace(now, profile="fork"))
    workspace.delete("same")
    with pytest.raises(NoSuchDocument):
        workspace.set_premises("same", lambda now: now)
    assert workspace.create("net", edit.Document.read(NET), id="same").premises == Premises()
