"""Whether the server is about to stop, and what still runs."""

from __future__ import annotations

import asyncio


class Stopping:
    """Set once, at the first signal. Long-lived answers wait for it: a live socket closes itself with 1001.

    Of one event loop: `begin` and `wait` belong to it.
    """

    def __init__(self) -> None:
        self._begun = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether the server stops: it is not ready any more and takes no new requests."""
        return self._begun.is_set()

    def begin(self) -> None:
        """Says so to all who wait."""
        self._begun.set()

    async def wait(self) -> None:
        """Returns when the server begins to stop."""
        await self._begun.wait()


class Running:
    """How many requests are being answered, up to their last byte, and how many sockets are open."""

    def __init__(self) -> None:
        self.requests = 0
        self.sockets = 0
