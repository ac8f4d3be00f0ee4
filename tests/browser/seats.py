"""Browser pages at which tests sit down one after the other, each as if it were the first.

A context of its own for every test would have a quarter of the suite's time go into starting and ending them.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Error, Page

ACTION_MILLISECONDS = 15_000
# Of the server, and no page of the editor: here storage can be written while none of its scripts runs.
_ASIDE = "/api/health"
_KEPT = 3


class Seats:
    """Pages, each in a context of its own; what a test leaves behind is gone when the next sits down."""

    def __init__(self, browser: Browser, server: str) -> None:
        self._browser = browser
        self._server = server
        self._free: list[Page] = []

    def take(self) -> Page:
        """A page without a past: no storage, no cookies, nothing emulated but its size."""
        return self._free.pop() if self._free else self.new()

    def new(self, server: str | None = None) -> Page:
        """A page in a context that no other test gets, of another server if one is named."""
        context = self._browser.new_context(
            base_url=server or self._server, accept_downloads=True, viewport={"width": 1280, "height": 800}
        )
        context.set_default_timeout(ACTION_MILLISECONDS)
        return context.new_page()

    def give_back(self, page: Page) -> None:
        """Clears the page for the next one; a page that cannot be cleared is closed."""
        if len(self._free) < _KEPT:
            try:
                self._clear(page)
            except Error:
                pass
            else:
                self._free.append(page)
                return
        page.context.close()

    def _clear(self, page: Page) -> None:
        context = page.context
        for other in context.pages:
            if other is not page:
                other.close()
        page.unroute_all()
        page.mouse.up()
        page.mouse.move(0, 0)
        for key in ("Shift", "Control", "Alt", "Meta"):
            page.keyboard.up(key)
        page.goto(_ASIDE)
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        context.clear_cookies()
        context.clear_permissions()
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
        page.set_viewport_size({"width": 1280, "height": 800})

    def close(self) -> None:
        for page in self._free:
            page.context.close()


def called(page: Page, name: str) -> Page:
    """The page, whose user has said once how they are called."""
    page.goto(_ASIDE)
    page.evaluate("(name) => localStorage.setItem('netgraft.name', name)", name)
    return page
