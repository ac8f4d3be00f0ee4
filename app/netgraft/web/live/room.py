"""A document that somebody looks at: reads its journal on, and keeps everybody told of everybody.

One room a document and process. What happens elsewhere comes as notices of the workspace; a notice says only
that there is something, and the room reads the journal for all its members at once.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar

from netgraft.web.live import member as endings
from netgraft.web.live import messages
from netgraft.web.live.member import Ending, Member
from netgraft.web.live.messages import Me
from netgraft.web.live.people import ANNOUNCED_EVERY, People, Person
from netgraft.workspace import Event, NoSuchDocument, Notice, Watch, Workspace

T = TypeVar("T")

PAGE: Final = 200
"""Events read at once."""

MOST_IN_HELLO: Final = 500
"""Missed events told in the first message; those beyond follow one by one."""

MOST_IN_FOLLOWING: Final = 50
"""Of those, how many may be left once the member is among the others, to wait for it as new ones do."""

_PACE = 0.1  # seconds between two messages about people
_BYTES_A_SECOND = 4_000_000  # of messages about people, to all members of a room together
_SLOWEST_PACE = 2.0
_RETRY_AFTER = 1.0  # seconds, where the database did not answer

_log = logging.getLogger(__name__)


class Worker(Protocol):
    """Runs what blocks in a thread."""

    def __call__(self, call: Callable[..., T], /, *arguments: Any) -> Awaitable[T]: ...


def revoked(link: int) -> str:
    """The signal that a share link opens nothing any more."""
    return json.dumps({"node": "", "revoked": link})


class Room:
    """Belongs to one event loop. `open` first, then `enter` and `leave`; `close` once all are gone."""

    def __init__(self, document: str, workspace: Workspace, work: Worker, node: str) -> None:
        self.document = document
        self.users = 0  # who holds this room, from before they enter to after they left
        self.members: list[Member] = []
        self._workspace = workspace
        self._work = work
        self._people = People(node)
        self._loop = asyncio.get_running_loop()
        self._opening: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._watch: Watch | None = None
        self._version = self._revision = 0
        self._deleted = False
        self._order = asyncio.Lock()  # who tells of changes: each member hears of all, in order
        self._news = asyncio.Event()
        self._stirred = asyncio.Event()
        self._untold = asyncio.Event()
        self._pace = _PACE

    # Coming and going

    async def open(self) -> None:
        """Begins to watch, once for all who call; raises NoSuchDocument."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        await asyncio.shield(self._opening)

    async def _open(self) -> None:
        # Watched first, read then: what happens between the two is not missed.
        self._watch = await self._work(self._workspace.watch, self.document, self._heard)
        last = await self._work(self._workspace.last_event, self.document)
        self._version, self._revision = last.version, last.revision
        self._keeper = asyncio.ensure_future(self._keep())
        await self._signal(self._people.hello())

    async def enter(self, member: Member, after: int | None, send: Callable[[str], Awaitable[None]]) -> None:
        """Lets a member in: its hello, then all that happens, without a gap. Raises NoSuchDocument.

        `after` is the last version that it knows. `send` reaches it at once, for what does not fit into one
        message.
        """
        greeted = False
        while True:
            async with self._order:
                await self._catch_up()
                most = MOST_IN_FOLLOWING if greeted else MOST_IN_HELLO
                missed = await self._missed(after, most)
                version, revision = self._version, self._revision
                whole = len(missed) < most or missed[-1].version >= version
                if whole:
                    self.members.append(member)
                else:
                    version, revision = missed[-1].version, missed[-1].revision
                texts = [messages.change(each) for each in missed]
                if not greeted:
                    present = self._people.present()
                    texts = [messages.hello(member.client, version, revision, member.access, missed, present)]
                if whole:
                    for text in texts:
                        member.tell(text)
                    if self._keeper is None or self._keeper.done():
                        member.end(endings.FAILED)
                    return
            # So much was missed that it goes in pieces, each sent before the next is read.
            greeted = True
            after = version
            for text in texts:
                await send(text)

    def say(self, member: Member, me: Me) -> None:
        """Somebody tells of themselves; what they left out stays."""
        before = self._people.of(member)
        name = before.name if before and me.name is None else me.name or ""
        selection, more = me.selection, me.more
        if selection is None:
            selection, more = (before.selection, before.more) if before else ((), 0)
        person = Person(member.client, name, selection, more, member.access, member.joined)
        if self._people.put(member, person):
            self._stir()

    def leave(self, member: Member) -> None:
        """A member's socket is gone."""
        if member in self.members:
            self.members.remove(member)
        if self._people.remove(member):
            self._stir()

    async def close(self) -> None:
        """Stops watching, and tells the other processes of those who left."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        if self._watch is not None:
            await self._work(self._watch.close)
        if self._keeper is not None and not self._deleted:
            await self._tell_others()

    def end(self, ending: Ending, last: str | None = None) -> None:
        """Sends everybody away."""
        for member in self.members:
            member.end(ending, last)

    # What is heard of the workspace

    def _heard(self, notice: Notice) -> None:
        """Called by the workspace, from any thread."""
        with suppress(RuntimeError):  # the loop has ended: nobody is left to be told
            self._loop.call_soon_threadsafe(self._take, notice)

    def _take(self, notice: Notice) -> None:
        if notice.kind == "signal":
            self._take_signal(notice.payload)
        else:
            self._deleted |= notice.kind == "deleted"
            self._news.set()

    def _take_signal(self, payload: str) -> None:
        said = _object(payload)
        if "revoked" in said:
            self._send_away({said["revoked"]} if isinstance(said["revoked"], int) else set())
        elif self._people.hear(payload, self._loop.time()):
            self._stir()
        elif self._people.has_untold:
            self._untold.set()

    def _stir(self) -> None:
        self._stirred.set()
        if self._people.has_untold:
            self._untold.set()

    def _send_away(self, links: set[int]) -> None:
        for member in self.members:
            if member.link in links:
                member.end(endings.REVOKED)

    # What goes on while somebody is there

    async def _keep(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for part in (self._tell_news, self._tell_people, self._tell_signals, self._look_after):
                    group.create_task(part())
        except Exception:
            _log.exception("The live room of document %s failed", self.document)
            self.end(endings.FAILED)

    async def _tell_news(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                async with self._order:
                    if not self._deleted:
                        await self._catch_up()
            except NoSuchDocument:
                self._deleted = True
            except Exception as error:
                # The database may be back soon; the sockets stay open meanwhile.
                _log.warning("The changes of document %s could not be read: %s", self.document, error)
                await asyncio.sleep(_RETRY_AFTER)
                self._news.set()
            if self._deleted:
                self.end(endings.GONE, messages.DELETED)

    async def _catch_up(self) -> None:
        """Tells the members what they do not know yet. The order is held."""
        while True:
            events = await self._work(self._workspace.events, self.document, self._version, PAGE)
            for event in events:
                text = messages.change(event)
                for member in self.members:
                    member.tell(text)
                self._version, self._revision = event.version, event.revision
            if len(events) < PAGE:
                return

    async def _missed(self, after: int | None, most: int) -> list[Event]:
        missed: list[Event] = []
        while after is not None and after < self._version and len(missed) < most:
            page = min(PAGE, most - len(missed))
            events = await self._work(self._workspace.events, self.document, after, page)
            missed += [each for each in events if each.version <= self._version]
            after = events[-1].version if events else self._version
        return missed

    async def _tell_people(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            text = messages.people(self._people.present())
            for member in self.members:
                member.show(text)
            # The last state wins: what changes meanwhile is told after the pause.
            size = len(text) * len(self.members)
            await asyncio.sleep(min(max(_PACE, size / _BYTES_A_SECOND), _SLOWEST_PACE))

    async def _tell_signals(self) -> None:
        while True:
            await self._untold.wait()
            self._untold.clear()
            await self._tell_others()
            await asyncio.sleep(_PACE)

    async def _look_after(self) -> None:
        """Now and then the others hear that we live, who was silent is forgotten, and links are looked up."""
        while True:
            await asyncio.sleep(ANNOUNCED_EVERY)
            self._people.announce()
            self._untold.set()
            if self._people.forget(self._loop.time()):
                self._stir()
            links = {member.link for member in self.members if member.link is not None}
            try:
                gone = {link for link in links if not await self._work(self._workspace.links.exists, link)}
            except Exception as error:
                _log.warning("The links of document %s could not be read: %s", self.document, error)
            else:
                self._send_away(gone)

    async def _tell_others(self) -> None:
        for signal in self._people.signals():
            await self._signal(signal)

    async def _signal(self, payload: str) -> None:
        try:
            await self._work(self._workspace.signal, self.document, payload)
        except Exception as error:
            # They hear it again within ANNOUNCED_EVERY seconds.
            _log.warning("Other servers could not be told who is on %s: %s", self.document, error)


def _object(payload: str) -> dict[str, Any]:
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
