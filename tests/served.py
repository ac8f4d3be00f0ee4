"""`netgraft serve` in a process of its own, as users have it: started, stopped, killed, started again."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import pytest

NETGRAFT = Path(sys.executable).with_name("netgraft")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("NETGRAFT_")}
"""The environment without settings of whoever runs the tests."""
PATIENCE = 60  # seconds for a server to end on a busy machine

_numbers = itertools.count(1)


class Served:
    """A server on a data folder and on a port that it keeps for life; runs within a `with`.

    `arguments` go to the command, `settings` into its environment. `program` is another netgraft than that of
    the tests, `environment` another than theirs. What it logs is in `log`.
    """

    def __init__(
        self,
        data: Path,
        *arguments: str | Path,
        settings: Mapping[str, str] | None = None,
        program: Path = NETGRAFT,
        environment: Mapping[str, str] = PLAIN,
    ) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}-{next(_numbers)}.log")
        self.url = ""
        """The address as it is printed: with a document or a token, if it has one."""
        self._program = program
        self._arguments = arguments
        self._environment = {**environment, **(settings or {})}
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "it was never started"
        return self._process

    @property
    def port(self) -> int:
        """0 until it has started for the first time."""
        return urlsplit(self.url).port or 0

    @property
    def address(self) -> str:
        """Scheme, host and port: what paths are put behind."""
        return f"http://{urlsplit(self.url).netloc}"

    def start(self) -> Self:
        """Starts it; returns once it answers requests. Fails the test, with its log, if it does not."""
        command: list[str | Path] = [self._program, "serve", "--no-open", "--data", self.data]
        command += ["--port", str(self.port), *self._arguments]
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=self._environment
            )
        assert self._process.stdout is not None
        with self._process.stdout as printed:
            said = printed.readline()
        before, _, self.url = said.strip().rpartition("Netgraft is at ")
        if before or not self.url:
            self.end()
            pytest.fail(f"netgraft serve did not come up: {said}{self.logged()}", pytrace=False)
        return self

    def logged(self) -> str:
        """What it has written to its log."""
        return self.log.read_text(errors="replace")

    def ended(self) -> int:
        """Waits for its end; returns its exit code."""
        return self.process.wait(PATIENCE)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Sends it a signal and waits for its end; returns its exit code."""
        self.process.send_signal(how)
        return self.ended()

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def end(self) -> None:
        """Makes sure that it does not run."""
        if self._process is not None and self._process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                self.stop()
            self.kill()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
