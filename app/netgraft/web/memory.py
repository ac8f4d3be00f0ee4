"""How often Python looks for garbage in cycles, and how often threads change."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable

_SWITCH = 0.0005
"""Seconds that a thread may compute while another waits. At Python's own 5 ms a small edit, which gives way
at each of its twenty statements, waits 100 ms beside one large check."""

_YOUNG = (10_000, 5)
_NEVER = 1_000_000_000

_ENOUGH = 20  # collections of the young that are worth one of all
_LATEST = 600  # seconds, however busy
_settled = False


def settle() -> None:
    """Makes pauses short: call it once, when everything is loaded.

    A graph of 10,000 layers is a million new objects without a cycle among them. Looking through all of them
    stops every thread for most of a second, so only what is young is looked through (some 10 ms), and the
    rest when nobody waits: see `tidy`.
    """
    global _settled
    _settled = True
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_YOUNG, _NEVER)
    sys.setswitchinterval(_SWITCH)


async def tidy(idle: Callable[[], bool]) -> None:
    """Looks through everything when the server is idle, or after ten minutes; never returns.

    What is found in use is not looked through again.
    """
    last, quiet = time.monotonic(), False
    while True:
        await asyncio.sleep(1)
        was_quiet, quiet = quiet, idle()
        due = time.monotonic() - last > _LATEST
        if _settled and gc.get_count()[2] >= _ENOUGH and ((quiet and was_quiet) or due):
            gc.collect()
            gc.freeze()
            last = time.monotonic()
