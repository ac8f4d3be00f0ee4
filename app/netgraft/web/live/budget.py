"""How much a client may say: a bucket of tokens that fills again with time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

A_SECOND: Final = 50.0
AT_ONCE: Final = 200.0

_BYTES_A_TOKEN = 16 * 1024


class Budget:
    """At most `at_once` messages in a burst and `a_second` for ever; a large message counts as several."""

    def __init__(
        self, clock: Callable[[], float], at_once: float = AT_ONCE, a_second: float = A_SECOND
    ) -> None:
        self._clock = clock
        self._most = at_once
        self._rate = a_second
        self._left = at_once
        self._at = clock()

    def take(self, size: int) -> bool:
        """Whether a message of so many bytes is still allowed."""
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        self._left -= 1 + size / _BYTES_A_TOKEN
        return self._left >= 0
