"""How often Python looks for garbage in cycles."""

from __future__ import annotations

import gc


def settle() -> None:
    """Makes collections rare: call it once, when everything is loaded.

    A graph of 10,000 layers is a million new objects without a cycle among them; at Python's own
    thresholds, looking through them again and again takes as long as making them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
