"""Several people on one net that is deleted, or whose server is out of reach for a while."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import expect
from tests.served import Served

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company


def test_a_net_that_somebody_deletes_is_closed_and_can_be_kept(
    company: Company, server: str, net: str
) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("ip1_a")  # its text is at hand by then
    bob.page.wait_for_function("() => document.querySelector('ng-app').session.source !== null")
    ann.page.request.delete(f"/api/documents/{net}")
    expect(bob.notice).to_contain_text("question was deleted")
    expect(bob.page.get_by_role("heading", name="Graft a Caffe net")).to_be_visible()
    bob.notice.get_by_role("button", name="Keep a copy").click()
    bob.drawn()
    assert bob.page.url != f"{server}/d/{net}"
    assert "ip1_a" in bob.layers()


def test_without_websockets_others_are_seen_when_the_page_comes_to_the_front(
    company: Company, net: str
) -> None:
    ann, bob = company.opens("Ann", net), company.comes("Bob", alone=True)
    bob.page.route_web_socket(re.compile(r"/live\?"), lambda ws: ws.close())
    bob.open(net)
    expect(bob.page.locator(".live-away")).to_be_visible()
    bob.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    expect(ann.row("joint")).to_be_visible()
    ann.run({"op": "rename_layer", "layer": "joint", "to": "fused"})
    bob.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(bob.row("fused")).to_be_visible()


def test_a_page_catches_up_after_the_server_was_away_and_loses_nothing_typed(
    company: Company, tmp_path: Path
) -> None:
    with Served(tmp_path / "data") as server:
        ann = company.comes("Ann", server.address)
        ann.open("example")
        ann.connected()
        text = ann.text()
        server.stop()
        expect(ann.page.locator(".live-away")).to_contain_text("Reconnecting")
        text.click()
        ann.page.keyboard.press("Control+End")
        ann.page.keyboard.insert_text('layer { name: "mine" type: "ReLU" bottom: "joint_ip" top: "mine" }\n')
        expect(ann.notice).to_contain_text("The server does not answer")
        server.start()
        operations = [{"op": "rename_layer", "layer": "data_a", "to": "first"}]
        edit = {"base_revision": 1, "operations": operations}
        path = f"{server.address}/api/documents/example/operations"
        httpx.post(path, json=edit, timeout=60).raise_for_status()  # it has only just started
        ann.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        ann.connected()
        expect(ann.row("first")).to_be_visible()
        expect(ann.row("mine")).to_be_visible()
        source = ann.page.request.get("/api/documents/example/source").text()
        assert 'name: "first"' in source
        assert 'name: "mine"' in source
        expect(ann.page.locator(".live-away")).to_have_count(0)
        expect(ann.notice.and_(ann.page.locator("[data-kind=error]"))).to_have_count(0)
