"""Clients that are slow on purpose, or stuck: no connection is kept for one that sends or takes nothing."""

from __future__ import annotations

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from netgraft.web.observe.logs import logger

_log = logger("netgraft.server")


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection which stands still while it is the client's turn.

    That is: before the head of a request is whole (counted from its first byte or, on a new connection, from
    its start, however many bytes come), and while a body that has begun, or an answer, does not move.
    """

    seconds = 60.0

    @classmethod
    def of(cls, seconds: float) -> type[PatientProtocol]:
        """The protocol with so much patience."""
        return type("PatientProtocol", (cls,), {"seconds": seconds})

    _timer: asyncio.TimerHandle | None = None
    _for = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))  # which servers of streams get
        self._wait_for("head")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for("")
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_for("writing")

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def _look(self) -> None:
        """Waits for what it is the client's turn to send."""
        theirs = self.conn.their_state
        if self.transport.is_closing() or self.transport.get_protocol() is not self:  # it is a WebSocket now
            self._wait_for("")
        elif theirs is h11.SEND_BODY:
            self._wait_for("body")
        elif theirs is h11.IDLE and self.conn.trailing_data[0]:
            self._wait_for("head")
        else:
            self._wait_for("")  # our own turn, or idle, which the keep-alive timer ends

    def _wait_for(self, what: str) -> None:
        if what == self._for == "head":
            return  # bytes that trickle in gain no time
        self._for = what
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_later(self.seconds, self._lose) if what else None

    def _lose(self) -> None:
        self._timer = None
        if self._for == "body" and self.flow.read_paused:
            self._wait_for("body")  # it is we who do not take it
        elif not self.transport.is_closing():
            _log.info("client too slow", at=self._for, client=self.client[0] if self.client else None)
            self.transport.abort()
