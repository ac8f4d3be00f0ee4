"""Waiting for what no page tells of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

SECONDS = 60
_STEP = 25  # milliseconds


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Waits until something holds outside of the page: on the disk, in what the test has heard of the page.

    The page's events go on meanwhile. Fails the test if it never holds.
    """
    for _ in range(SECONDS * 1000 // _STEP):
        if holds():
            return
        page.wait_for_timeout(_STEP)
    pytest.fail("what was waited for never came true")
