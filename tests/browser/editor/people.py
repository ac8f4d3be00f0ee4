"""What tests of several people on one net see of them, and how one of them is kept in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from playwright.sync_api import Locator, WebSocketRoute

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company, Editor

RATE = {"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": 7}
_RATE_OF = "(key) => document.querySelector('ng-app').session.model.layer(key).blobs[0].lr"


def chip(editor: Editor, name: str) -> Locator:
    """Somebody else, as they are shown at the top."""
    return editor.page.locator(".people .others").get_by_role("button", name=re.compile(name))


def rate_of(editor: Editor, layer: str) -> float:
    """The rate of a layer's weight as somebody's page knows it."""
    return cast(float, editor.page.evaluate(_RATE_OF, layer))


def until_rate(editor: Editor, layer: str, rate: float) -> None:
    """Waits until somebody's page knows that rate."""
    editor.page.wait_for_function(f"([key, rate]) => ({_RATE_OF})(key) === rate", arg=[layer, rate])


def deaf(company: Company, name: str, document: str) -> tuple[Editor, list[Callable[[], None]]]:
    """Somebody connected to a document, and what they are told since: kept back until it is called."""
    editor = company.comes(name, alone=True)
    kept: list[Callable[[], None]] = []

    def between(ws: WebSocketRoute) -> None:
        upstream = ws.connect_to_server()
        first = True

        def heard(message: str | bytes) -> None:
            nonlocal first
            if first:
                ws.send(message)
            else:
                kept.append(lambda: ws.send(message))
            first = False

        upstream.on_message(heard)

    editor.page.route_web_socket(re.compile(r"/live\?"), between)
    editor.open(document)
    editor.connected()
    return editor, kept
