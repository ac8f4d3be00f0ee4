"""The WebSocket `/api/documents/{id}/live`."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from contextlib import suppress
from typing import Final, cast

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from netgraft.web.live import member as endings
from netgraft.web.live.budget import Budget
from netgraft.web.live.hub import Full, Hub
from netgraft.web.live.member import Member
from netgraft.web.live.messages import LARGEST, Me, NotUnderstood, clean_name, read_me
from netgraft.web.live.room import Room
from netgraft.web.sharing import admission_of
from netgraft.workspace import NoSuchDocument

router = APIRouter()

_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION = re.compile(r"[0-9]{1,10}")

_FULL: Final = (1013, "There are too many live connections. Try again later.")
_RUBBISH: Final = 1008
_TOO_LARGE: Final = (1009, f"A message has at most {LARGEST:,} bytes.")
_TOO_FAST: Final = (_RUBBISH, "Too many messages.")

_GOODBYE_SECONDS = 5.0  # for a client to read what it is told at the end
_STOP_SECONDS = 0.5  # the same where the server stops
_PIECE_SECONDS = 30.0  # for a client that missed very much to read a part of it


@router.websocket("/api/documents/{id}/live")
async def live(socket: WebSocket, id: str) -> None:
    """A client that follows a document, until either side ends it."""
    hub = cast(Hub, socket.app.state.live)
    # Accepted first: a page can read why a socket was closed, but not why it never opened.
    with suppress(WebSocketDisconnect):
        await socket.accept()
        joined = time.time_ns() // 1_000_000  # before the room opens: who came first is first
        if hub.stopping:
            await socket.close(*endings.STOPPING)
            return
        try:
            async with hub.room(id) as room:
                await _follow(socket, hub, room, joined)
        except NoSuchDocument:
            await socket.close(*endings.GONE)
        except Full:
            await socket.close(*_FULL)
        except TimeoutError:
            await socket.close(*endings.TOO_SLOW)


async def _follow(socket: WebSocket, hub: Hub, room: Room, joined: int) -> None:
    asked = socket.query_params
    admission = admission_of(socket.scope)
    client = asked.get("client", "")
    if not _CLIENT.fullmatch(client):
        client = secrets.token_urlsafe(12)
    after = asked.get("after", "")
    known = int(after) if _VERSION.fullmatch(after) else None
    member = Member(socket, client, admission.access, admission.link, joined)

    async def send(text: str) -> None:
        async with asyncio.timeout(_PIECE_SECONDS):
            await socket.send_text(text)

    listener = writer = None
    try:
        room.say(member, Me(clean_name(asked.get("name", ""))))
        await room.enter(member, known, send)
        if hub.stopping:
            member.end(endings.STOPPING)
        writer = asyncio.create_task(member.write())
        listener = asyncio.create_task(_listen(socket, member, room))
        ended = asyncio.create_task(member.ended.wait())
        await asyncio.wait({writer, listener, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        room.leave(member)
        if member.ended.is_set():
            # A client that reads nothing any more is not waited for: the connection is closed without a word.
            await asyncio.wait({writer}, timeout=_STOP_SECONDS if hub.stopping else _GOODBYE_SECONDS)
    finally:
        room.leave(member)
        tasks = [task for task in (writer, listener) if task is not None]
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def _listen(socket: WebSocket, member: Member, room: Room) -> None:
    """Takes in what the client says, until it has gone."""
    budget = Budget(time.monotonic)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        if text is None:
            member.end((_RUBBISH, "Only texts are understood."))
        elif len(text) > LARGEST:
            member.end(_TOO_LARGE)
        elif not budget.take(len(text)):
            member.end(_TOO_FAST)
        elif not member.ended.is_set():
            try:
                room.say(member, read_me(text))
            except NotUnderstood as error:
                member.end((_RUBBISH, str(error)))
