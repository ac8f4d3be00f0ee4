"""A database in trouble: told in clear words, nothing acknowledged lost, and it goes on when that is over."""

from __future__ import annotations

import queue
import random
import sqlite3
import string
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from signal import SIGQUIT
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from tests.postgres import Postgres

from netgraft import edit
from netgraft.workspace import (
    DatabaseBusy,
    DatabaseFull,
    DatabaseGone,
    DatabaseUnusable,
    NoSuchDocument,
    Notice,
    Workspace,
)
from netgraft.workspace.database import Database

Open = Callable[..., Workspace]
PATIENCE = 30  # seconds that a test waits on a busy machine for what comes much sooner


def _net(name: str) -> edit.Document:
    return edit.Document.read(f'name: "{name}"\n')


class Editor(threading.Thread):
    """Makes one edit after another; keeps what was acknowledged and every error."""

    def __init__(self, workspace: Workspace, doc: str, name: str) -> None:
        super().__init__()
        self.acknowledged: list[str] = []
        self.errors: list[BaseException] = []
        self.failed = threading.Event()
        self.went_on = threading.Event()
        self._workspace, self._doc, self._name = workspace, doc, name
        self._stop_asked = threading.Event()

    def run(self) -> None:
        number = 0
        while not self._stop_asked.is_set():
            number += 1
            title = f"{self._name}{number}"
            try:
                base = self._workspace.snapshot(self._doc).revision
                self._workspace.commit(self._doc, base, _net(title), title=title, operations=[])
            except Exception as error:
                self.errors.append(error)
                self.failed.set()
                self._stop_asked.wait(0.02)
            else:
                self.acknowledged.append(title)
                if self.failed.is_set():
                    self.went_on.set()

    def end(self) -> None:
        self._stop_asked.set()
        self.join()


@pytest.mark.parametrize("how", [None, SIGQUIT], ids=["stopped", "crashed"])
def test_postgresql_goes_and_comes_back_amid_edits(mortal: Postgres, tmp_path: Path, how: Any) -> None:
    url = mortal.new_url()
    with closing(Workspace(tmp_path, url)) as workspace, closing(Workspace(tmp_path, url)) as other:
        doc = workspace.create("net", _net("a")).id
        heard: queue.Queue[Notice] = queue.Queue()
        other.watch(doc, heard.put)
        editor = Editor(workspace, doc, "n")
        editor.start()
        assert heard.get(timeout=PATIENCE).kind == "change"
        mortal.stop() if how is None else mortal.stop(how)
        assert editor.failed.wait(PATIENCE)
        with pytest.raises(DatabaseGone, match="cannot be reached"):
            other.snapshot(doc)
        with pytest.raises(DatabaseGone):
            other.ping()
        mortal.start()
        assert editor.went_on.wait(PATIENCE)
        editor.end()
        assert {type(error) for error in editor.errors} == {DatabaseGone}
        kept = [step.title for step in other.steps(doc, most=1_000_000)]
        assert [title for title in editor.acknowledged if title not in kept] == []
        while not heard.empty():
            heard.get()
        workspace.rename(doc, "after")
        last = workspace.snapshot(doc).entry.version
        while heard.get(timeout=PATIENCE) not in (Notice("change", str(last)), Notice("change")):
            pass
        assert other.events(doc, last - 1)[-1].title == "after"


def test_watchers_are_told_to_look_once_postgresql_is_back(mortal: Postgres, tmp_path: Path) -> None:
    with closing(Workspace(tmp_path, mortal.new_url())) as workspace:
        doc = workspace.create("net", _net("a")).id
        heard: queue.Queue[Notice] = queue.Queue()
        workspace.watch(doc, heard.put)
        mortal.stop()
        workspace.watch(doc, lambda notice: None)  # does not wait for the database
        workspace.signal(doc, "still here")
        assert heard.get(timeout=PATIENCE) == Notice("signal", "still here")
        mortal.start()
        assert heard.get(timeout=PATIENCE) == Notice("change")


def test_a_server_that_finds_no_postgresql_says_so_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DatabaseGone) as refused:
        Workspace(tmp_path, "postgresql://postgres@127.0.0.1:9/none")
    assert "\n" not in str(refused.value)
    assert "Connection refused" in str(refused.value)


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    with closing(Workspace(tmp_path)) as workspace:
        doc = workspace.create("net", _net("a")).id

        def fill() -> None:
            for number in range(1, 100):
                large = "".join(random.choices(string.ascii_letters, k=100_000))
                workspace.commit(doc, number, _net(large), title=str(number), operations=[])

        with pytest.raises(DatabaseFull, match="nothing was saved"):
            fill()
        kept = workspace.snapshot(doc)
        assert kept.revision > 1
        assert kept.entry.version == kept.revision
        assert workspace.undo(doc).revision == kept.revision - 1


def test_a_lock_that_is_held_too_long_is_told(tmp_path: Path) -> None:
    with closing(Workspace(tmp_path, patience=0.1)) as workspace:
        doc = workspace.create("net", _net("a")).id
        holder = sqlite3.connect(tmp_path / "netgraft.sqlite3", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="nothing was saved"):
            workspace.rename(doc, "b")
        assert workspace.snapshot(doc).entry.name == "net"  # reading goes on
        holder.execute("ROLLBACK")
        holder.close()
        assert workspace.rename(doc, "b").entry.name == "b"


def test_a_document_that_is_locked_too_long_is_told_on_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    name = postgres.new_database()
    with closing(Workspace(tmp_path, postgres.url(name), patience=0.1)) as workspace:
        doc = workspace.create("net", _net("a")).id
        another = workspace.create("another", _net("a")).id
        with psycopg.connect(postgres.conninfo(name)) as holder:
            holder.execute("SELECT * FROM documents WHERE id = %s FOR UPDATE", [doc])
            with pytest.raises(DatabaseBusy):
                workspace.rename(doc, "b")
            assert workspace.rename(another, "b").entry.name == "b"
        assert workspace.rename(doc, "b").entry.name == "b"


def test_a_snapshot_is_of_one_moment(workspace: Workspace, other: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    editor = Editor(workspace, doc, "n")
    editor.start()
    # A revision that is not the last has a next one: seen between the two, a commit would look undone.
    torn = [snapshot for _ in range(150) if (snapshot := other.snapshot(doc)).can_redo]
    editor.end()
    assert editor.errors == []
    assert torn == []


def test_servers_may_start_at_once_on_a_new_database(tmp_path: Path, database_url: str) -> None:
    together = threading.Barrier(4)
    opened: list[Workspace] = []

    def start() -> None:
        together.wait()
        opened.append(Workspace(tmp_path, database_url))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    doc = opened[0].create("net", _net("a")).id
    assert [each.snapshot(doc).revision for each in opened] == [1] * 4
    for each in opened:
        each.close()


def test_texts_that_no_database_keeps_break_nothing(workspace: Workspace) -> None:
    doc = workspace.create("nul \x00", _net("a")).id
    assert workspace.snapshot(doc).entry.name == "nul \ufffd"
    workspace.commit(doc, 1, _net("b"), title="layer caf\udce9", operations=[{"name": "\x00\udce9"}])
    assert workspace.snapshot(doc).undo_title == "layer caf\ufffd"
    for nowhere in ("\x00", "x\udce9", "x" * 5000):
        with pytest.raises(NoSuchDocument):
            workspace.rename(nowhere, "b")


@pytest.mark.parametrize("number", [2**31, 2**63, 2**200, -(2**200)])
def test_a_number_that_no_database_keeps_is_one_that_is_not_there(workspace: Workspace, number: int) -> None:
    doc = workspace.create("net", _net("a")).id
    with pytest.raises(Exception, match=str(number)):
        workspace.go(doc, number)
    with pytest.raises(Exception, match=str(number)):
        workspace.undo(doc, number)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://root@localhost/x", "not with 'mysql'"),
        ("nonsense", "begins sqlite:/// or postgresql://"),
        ("postgresql://localhost:port/x", "begins sqlite:/// or postgresql://"),
        ("", "begins sqlite:/// or postgresql://"),
    ],
)
def test_a_url_that_names_no_database_is_refused(url: str, told: str) -> None:
    with pytest.raises(DatabaseUnusable, match=told):
        Database(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "netgraft.sqlite3").write_text("this is no database " * 100)
    with pytest.raises(DatabaseUnusable, match="file is not a database"):
        Workspace(tmp_path)


def test_a_database_of_a_later_version_is_refused(open_workspace: Open) -> None:
    first = open_workspace()
    with first._database.writing.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="another version of Netgraft"):
        open_workspace()


def test_a_database_that_cannot_keep_all_characters_is_refused(tmp_path: Path, postgres: Postgres) -> None:
    name = postgres.new_database("ENCODING 'SQL_ASCII' TEMPLATE template0")
    with pytest.raises(DatabaseUnusable, match="SQL_ASCII"):
        Workspace(tmp_path, postgres.url(name))


def test_a_missing_driver_is_named_with_the_extra_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DatabaseUnusable, match=r"pip install 'psycopg\[binary\]'"):
        Workspace(tmp_path, "postgresql://localhost/x")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_way_to_write_postgresql_is_understood(tmp_path: Path, postgres: Postgres, scheme: str) -> None:
    url = postgres.new_url().replace("postgresql:", scheme + ":")
    with closing(Workspace(tmp_path, url)) as workspace:
        assert workspace.create("net", _net("a")).revision == 1
