"""Weights on their way to the browser: how far they are, and that they can be called off."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import CDPSession, Download, expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

# Its network is slowed.
pytestmark = pytest.mark.own_context


def _slowed(network: CDPSession, bytes_a_second: int) -> None:
    """-1 takes the limit away."""
    limits = {"offline": False, "latency": 0, "downloadThroughput": bytes_a_second, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", limits)


@pytest.mark.console_errors("ERR_ABORTED")
def test_a_download_shows_how_far_it_is_and_is_called_off_by_one_press(
    editor: Editor, weights: Path, tmp_path: Path
) -> None:
    page = editor.page
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt", weights / "lenet_v1.caffemodel")
    editor.drawn()
    saved: list[Download] = []
    page.on("download", lambda download: saved.append(download))
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    _slowed(network, 200_000)
    page.get_by_role("button", name="Download", exact=True).click()
    page.get_by_role("menuitem", name="The pair").click()
    bar = page.get_by_role("progressbar", name="Downloading lenet")
    expect(bar).to_have_attribute("max", "1")
    page.get_by_role("button", name="Cancel").click()
    expect(bar).to_have_count(0)
    editor.settle()
    _slowed(network, -1)
    assert saved == []
    expect(page.get_by_text("equals its source")).to_have_count(0)
    file = editor.download("The pair", tmp_path)
    assert file.suffix == ".zip"
    expect(page.locator(".toast")).to_contain_text("equals its source")
    assert len(saved) == 1
