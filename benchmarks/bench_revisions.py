"""A document with 10,000 revisions beside one with few: opening it, its state, history, undo, edits.

Straight at the workspace, on SQLite. The revisions are copies of real ones, put in by SQL: by commits they
would take minutes. The history tells 200 steps whatever there is, so its peer is a document with as many.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from common import Comparison, finish
from netgraft import edit
from netgraft.edit.operations import SetRate
from netgraft.workspace import Snapshot, Workspace
from netgraft.workspace.texts import MOST_DELTAS
from nets import residual

BLOCK = MOST_DELTAS + 1  # revisions: a whole text and what is kept as changes of it
REVISIONS = 304 * BLOCK  # 10,032: the last one's text is behind as many changes as there may be
LAYERS = 200


def grow(folder: Path, revisions: int) -> str:
    """A document with so many revisions; returns its id."""
    real = min(revisions, 2 * BLOCK)
    with closing(Workspace(folder)) as workspace:
        made = workspace.create(f"{revisions}", edit.Document.read(residual(LAYERS)))
        for number in range(1, real):
            after = changed(workspace.snapshot(made.id).document, number)
            workspace.commit(made.id, number, after, title="A rate", operations=[{"op": "set_rate"}])
    with closing(sqlite3.connect(folder / "netgraft.sqlite3")) as database, database:
        for table, counter in (("revisions", "number"), ("journal", "version")):
            _copy(database, table, counter, made.id, revisions)
        database.execute(
            "UPDATE revisions SET parent = number - 1, "
            "next = CASE number WHEN ?1 THEN NULL ELSE number + 1 END WHERE document = ?2 AND number > 1",
            (revisions, made.id),
        )
        database.execute(
            "UPDATE documents SET head = ?1, last = ?1, version = ?1 WHERE id = ?2", (revisions, made.id)
        )
    return made.id


def _copy(database: sqlite3.Connection, table: str, counter: str, document: str, last: int) -> None:
    """Repeats a document's second block of rows of a table, up to the last."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    chosen = ", ".join(f"{counter} + n.i * ?3" if column == counter else column for column in columns)
    database.execute(
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i * ?3 < ?1) "
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {chosen} FROM {table}, n "
        f"WHERE document = ?2 AND {counter} > ?3 AND {counter} + n.i * ?3 <= ?1",
        (last, document, BLOCK),
    )


def changed(document: edit.Document, number: int) -> edit.Document:
    """The document after a small edit; each one is another."""
    return edit.apply(document, SetRate(op="set_rate", layer="res0_a", blob=0, lr_mult=number)).document


def opened(folder: Path, id: str) -> Snapshot:
    """A server that has just started opens the document."""
    with closing(Workspace(folder)) as workspace:
        return workspace.snapshot(id)


def undo_and_redo(workspace: Workspace, id: str) -> None:
    """One step back and on again."""
    workspace.undo(id)
    workspace.redo(id)


def edited(workspace: Workspace, id: str) -> None:
    """One more revision."""
    before = workspace.snapshot(id)
    after = changed(before.document, before.revision)
    workspace.commit(id, before.revision, after, title="", operations=[{"op": "set_rate"}])


def last_events(workspace: Workspace, id: str) -> None:
    """What a browser asks for that missed one change."""
    workspace.events(id, workspace.snapshot(id).entry.version - 1)


def first_and_back(workspace: Workspace, id: str, last: int) -> None:
    """To the first revision and back to the last one."""
    workspace.go(id, 1)
    workspace.go(id, last)


def main() -> None:
    """Measures. The bar is not 1, for no two timings are equal."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, some, many = (grow(folder, revisions) for revisions in (2, 13 * BLOCK, REVISIONS))
        size = (folder / "netgraft.sqlite3").stat().st_size
        print(f"{REVISIONS:,} revisions of {LAYERS} layers; the database has {size / 2**20:.0f} MiB")
        table = Comparison("10,000 revisions", peer_name="few", bar=0.75)
        with closing(Workspace(folder)) as workspace:
            cases: list[tuple[str, Callable[[str], object]]] = [
                ("a new server opens it", partial(opened, folder)),
                ("its state", workspace.snapshot),
                ("undo and redo", partial(undo_and_redo, workspace)),
                ("an edit", partial(edited, workspace)),
                ("the last events", partial(last_events, workspace)),
            ]
            for case, call in cases:
                table.measure(case, partial(call, many), partial(call, few), repeats=15)
            table.measure(
                "the history (200 steps)",
                lambda: workspace.steps(many),
                lambda: workspace.steps(some),
                repeats=15,
            )
            last = workspace.snapshot(many).revision
            far = Comparison("to the first revision and back, of 10,000")
            far.measure("goto", partial(first_and_back, workspace, many, last))
    finish(table, far)


if __name__ == "__main__":
    main()
