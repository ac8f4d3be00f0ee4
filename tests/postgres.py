"""A real PostgreSQL on the loopback interface, that tests may stop, kill and start as they like."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_SECONDS_TO_START = 60
_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest of several: as tools/postgres, which also installs."""
    named = os.environ.get("NETGRAFT_POSTGRES")
    on_path = shutil.which("initdb")
    candidates = [Path(named)] if named else []
    candidates += [Path(on_path).parent] if on_path else []
    for pattern in _FOLDERS:
        candidates += sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    return next((each for each in candidates if (each / "initdb").exists()), None)


class Postgres:
    """One server with a data folder of its own."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not among pytest's folders: those are closed to the user that the server runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="netgraft-postgres-"))
        self._user = _unprivileged()
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._numbers = count()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._run(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        arguments = ["-D", self._data, "-k", str(self._folder), "-p", str(self.port)]
        # What a dead process leaves is the same without it; only a dead machine would make a difference.
        arguments += ["-c", "fsync=off"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", *arguments, "-c", "listen_addresses=127.0.0.1"],
                stdout=log,
                stderr=log,
                **self._as_user(),
            )
        until = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                psycopg.connect(self.conninfo("postgres")).close()
                return
            except psycopg.OperationalError:
                told = (self._folder / "log").read_text(errors="replace")
                assert self._process.poll() is None, told
                assert time.monotonic() < until, told
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it: SIGINT ends all sessions at once, SIGQUIT does not even write down what was done."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stops it and deletes its data."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def conninfo(self, database: str) -> str:
        """How psycopg reaches a database."""
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        """How Netgraft reaches a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def new_url(self) -> str:
        """The URL of a place without tables: a schema, which is made and removed much faster than a database.

        Only what processes tell each other (NOTIFY) and the advisory locks are common to all schemas.
        """
        name = f"test_{next(self._numbers)}"
        self.execute("postgres", f"CREATE SCHEMA {name}")
        return f"{self.url('postgres')}?options=-csearch_path%3D{name}"

    def new_database(self, options: str = "") -> str:
        """Makes an empty database and returns its name."""
        name = f"test_{next(self._numbers)}"
        self.execute("postgres", f"CREATE DATABASE {name} {options}")
        return name

    def execute(self, database: str, statement: str) -> None:
        """Runs one statement outside a transaction."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, **self._as_user()
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _as_user(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root."""
        if not self._user:
            return {"cwd": self._folder}
        group = pwd.getpwnam(self._user).pw_gid
        return {"cwd": self._folder, "user": self._user, "group": group, "extra_groups": []}


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]
