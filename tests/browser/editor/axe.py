"""axe-core on what a page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

_SOURCE = Path(__file__).resolve().parents[3] / "static" / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """async ([within, rules]) => {
  const { violations } = await axe.run(within ?? document, {
    resultTypes: ['violations'],
    ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
  });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map(({ target, any }) => `${target} ${any[0]?.message ?? ''}`).join(' | ')}`);
}"""


class Axe:
    """Collects what axe-core finds on the views that are looked at, in both themes."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}

    def look(self, view: str, within: str | None = None) -> None:
        """All rules in the light theme, in the dark one those that colours can break.

        `within` is what alone is new on the page; by default all of it is looked at.
        """
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_SOURCE.read_text(encoding="utf-8"))
        for scheme, rules in (("dark", ["color-contrast"]), ("light", None)):
            self._scheme("dark" if scheme == "dark" else "light")
            if found := self.page.evaluate(_RUN, [within, rules]):
                self.found[f"{view}, {scheme}"] = found

    def _scheme(self, scheme: Literal["dark", "light"]) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
