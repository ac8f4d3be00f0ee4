"""The feed: who watches a document hears of every change, whichever process makes it."""

from __future__ import annotations

import logging
import queue
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from netgraft import edit
from netgraft.workspace import Notice, Premises, Workspace

PATIENCE = 20  # seconds, on a busy machine; a notice comes much sooner


class Ear:
    """Hears notices and lets a test wait for them."""

    def __init__(self) -> None:
        self._heard: queue.Queue[Notice] = queue.Queue()

    def __call__(self, notice: Notice) -> None:
        self._heard.put(notice)

    def next(self) -> Notice:
        return self._heard.get(timeout=PATIENCE)

    def until(self, notice: Notice) -> None:
        while self.next() != notice:
            pass

    def is_silent(self) -> bool:
        return self._heard.empty()


def _net(name: str) -> edit.Document:
    return edit.Document.read(f'name: "{name}"\n')


def test_a_change_is_heard_at_once_in_its_own_process(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()
    workspace.watch(doc, ear)
    workspace.rename(doc, "b")
    assert not ear.is_silent()
    assert ear.next() == Notice("change", "2")


def test_a_change_of_another_process_is_heard(workspace: Workspace, other: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()
    workspace.watch(doc, ear)
    other.rename(doc, "b")
    ear.until(Notice("change", "2"))
    other.commit(doc, 1, _net("b"), title="", operations=[])
    ear.until(Notice("change", "3"))
    assert [event.version for event in workspace.events(doc, 1)] == [2, 3]


def test_a_change_by_a_real_second_process_is_heard(
    workspace: Workspace, tmp_path: Path, database_url: str
) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()
    workspace.watch(doc, ear)
    script = (
        "import sys, pathlib\n"
        "from netgraft.workspace import By, Workspace\n"
        "workspace = Workspace(pathlib.Path(sys.argv[1]), sys.argv[3])\n"
        "workspace.rename(sys.argv[2], 'b', by=By('Ann'))\n"
        "workspace.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path), doc, database_url], check=True)
    ear.until(Notice("change", "2"))
    assert [event.author for event in workspace.events(doc, 1)] == ["Ann"]


def test_a_deletion_is_heard_here_and_there(workspace: Workspace, other: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    here, there = Ear(), Ear()
    other.watch(doc, here)
    workspace.watch(doc, there)
    other.delete(doc)
    assert here.next().kind == "deleted"
    while there.next().kind != "deleted":
        pass


def test_only_the_document_that_changed_is_told_of(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()
    workspace.watch(doc, ear)
    workspace.create("another", _net("a"))
    assert ear.is_silent()


def test_a_closed_watch_hears_nothing(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ear, still = Ear(), Ear()
    watch = workspace.watch(doc, ear)
    workspace.watch(doc, still)
    watch.close()
    watch.close()
    workspace.rename(doc, "b")
    assert still.next() == Notice("change", "2")
    assert ear.is_silent()


def test_sqlite_is_polled_as_long_as_somebody_watches(tmp_path: Path) -> None:
    with closing(Workspace(tmp_path)) as workspace, closing(Workspace(tmp_path)) as other:
        doc = workspace.create("net", _net("a")).id
        for version in (2, 3):
            ear = Ear()
            watch = workspace.watch(doc, ear)
            other.rename(doc, "b")
            ear.until(Notice("change", str(version)))
            pollers = [thread for thread in threading.enumerate() if thread.name == "netgraft-feed"]
            assert len(pollers) == 1
            watch.close()
            pollers[0].join(PATIENCE)
            assert not pollers[0].is_alive()


def test_what_is_refused_tells_nothing(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()
    workspace.watch(doc, ear)

    def fail(now: Premises) -> NoReturn:
        raise LookupError

    with pytest.raises(LookupError):
        workspace.set_premises(doc, fail)
    assert ear.is_silent()


def test_a_document_is_watched_before_there_is_one(workspace: Workspace, other: Workspace) -> None:
    ear = Ear()
    workspace.watch("later", ear)
    other.create("net", _net("a"), id="later")
    ear.until(Notice("change", "1"))


def test_a_signal_reaches_all_watchers(workspace: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    ears = [Ear(), Ear()]
    for ear in ears:
        workspace.watch(doc, ear)
    workspace.signal(doc, "Zoë selects conv1")
    assert [ear.next() for ear in ears] == [Notice("signal", "Zoë selects conv1")] * 2


def test_a_signal_has_a_largest_size(workspace: Workspace) -> None:
    workspace.signal("any", "x" * 7000)
    with pytest.raises(ValueError, match="7,000 bytes"):
        workspace.signal("any", "ü" * 3501)


def test_a_watcher_that_fails_is_logged_and_disturbs_no_one(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    doc = workspace.create("net", _net("a")).id
    ear = Ear()

    def fail(notice: Notice) -> None:
        raise LookupError("deaf")

    workspace.watch(doc, fail)
    workspace.watch(doc, ear)
    with caplog.at_level(logging.ERROR):
        workspace.rename(doc, "b")
    assert ear.next() == Notice("change", "2")
    assert "deaf" in caplog.text


def test_of_many_changes_at_once_no_event_is_missed(workspace: Workspace, other: Workspace) -> None:
    doc = workspace.create("net", _net("a")).id
    seen: list[int] = []
    done = threading.Event()

    def read(notice: Notice) -> None:
        done.set()

    watch = workspace.watch(doc, read)

    def write(through: Workspace) -> None:
        for number in range(20):
            through.rename(doc, f"n{number}")

    threads = [threading.Thread(target=write, args=(through,)) for through in (workspace, other, other)]
    for thread in threads:
        thread.start()
    while len(seen) < 60:
        assert done.wait(PATIENCE)
        done.clear()
        seen += [event.version for event in workspace.events(doc, seen[-1] if seen else 1)]
    for thread in threads:
        thread.join()
    watch.close()
    assert seen == list(range(2, 62))
