"""The process around the app: how it listens, how long it is patient with a client, how it stops."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from netgraft.web.live.messages import LARGEST
from netgraft.web.observe.logs import logger
from netgraft.web.observe.stopping import Running, Stopping
from netgraft.web.patience import PatientProtocol
from netgraft.web.settings import Settings

_LAST_SECONDS = 1  # for what is cancelled to notice it, and for live sockets to say goodbye

_log = logger("netgraft.server")


_CLIENTS_FAULTS = (
    "Invalid UTF-8 sequence received from client",
    # Said of every socket that is refused by a problem document.
    "ASGI callable returned without completing handshake",
)


def _is_ours(record: logging.LogRecord) -> bool:
    """False for what uvicorn calls an error though it is only a client that sends rubbish."""
    return not record.getMessage().startswith(_CLIENTS_FAULTS)


class Server(uvicorn.Server):
    """Serves an app until a signal, and stops it gracefully.

    At the first SIGINT or SIGTERM the app is not ready any more: new requests are refused, live sockets
    close. Those that run have `NETGRAFT_STOP_SECONDS` to end. Then the workspace is closed. A second signal
    ends the process at once, which loses nothing that was acknowledged.
    """

    def __init__(self, app: FastAPI, settings: Settings, started: Callable[[], None] | None = None) -> None:
        self._stopping: Stopping = app.state.stopping
        self._running: Running = app.state.running
        self._patience = settings.stop_seconds
        self._on_started = started
        self._loop: asyncio.AbstractEventLoop | None = None
        self._deadline: float | None = None
        logging.getLogger("uvicorn.error").addFilter(_is_ours)
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                http=PatientProtocol.of(settings.idle_seconds),
                log_config=None,
                access_log=False,
                server_header=False,
                ws="websockets-sansio",
                ws_max_size=LARGEST,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started and self._on_started:
            self._on_started()

    def stop(self) -> None:
        """Begins to stop; safe from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.begin)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._stopping.begun or self._loop is None:
            _log.warning("ended at once", signal=sig)
            logging.shutdown()
            os._exit(128 + sig)
        self.stop()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether it is time to end."""
        if self._stopping.begun:
            now = time.monotonic()
            if self._deadline is None:
                self._deadline = now + self._patience
                _log.info("stopping", requests=self._running.requests, sockets=self._running.sockets)
            self.should_exit = self._idle() or now >= self._deadline
        return await super().on_tick(counter)

    def _idle(self) -> bool:
        return self._running.requests == 0 and self._running.sockets == 0

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if not self._idle():
            _log.warning("cut off", requests=self._running.requests, sockets=self._running.sockets)
        await super().shutdown(sockets)
        _log.info("stopped")


def leave(code: int) -> int:
    """The exit code, unless a worker thread still computes: Python would wait for it, we do not."""
    if any(not each.daemon and each is not threading.main_thread() for each in threading.enumerate()):
        logging.shutdown()
        os._exit(code)
    return code
