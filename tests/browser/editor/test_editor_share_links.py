"""Letting others in: the net's own address, and links that only show it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest
from playwright.sync_api import expect
from tests.browser.editor.axe import Axe

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company, Editor

RATE = {"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": 7}


@pytest.fixture
def link(server: str, net: str) -> str:
    """The address of a read-only link to it."""
    answer = httpx.post(f"{server}/api/documents/{net}/links", json={"note": "for the reviewers"})
    return cast(str, answer.raise_for_status().json()["address"])


def _looks(company: Company, link: str, name: str = "Eve") -> Editor:
    looking = company.comes(name)
    looking.page.goto(link)
    looking.drawn()
    looking.connected()
    return looking


def test_a_link_is_made_copied_and_revoked(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    ann.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ann.page.locator(".share-button").click()
    dialog = ann.page.get_by_role("dialog", name="Share this net")
    expect(dialog).to_contain_text("works on this machine only")
    expect(dialog.get_by_label("Address of this net")).to_have_value(re.compile(rf"/d/{net}$"))
    expect(dialog).to_contain_text("There is no read-only link")
    dialog.get_by_label("What it is for").fill("the reviewers")
    dialog.get_by_role("button", name="Make a link").click()
    made = dialog.get_by_label("New read-only link")
    expect(made).to_have_value(re.compile(r"/s/[\w-]+$"))
    dialog.locator(".new-link").get_by_role("button", name="Copy link").click()
    copied = cast(str, ann.page.evaluate("() => navigator.clipboard.readText()"))
    assert copied == made.input_value()
    looking = _looks(company, copied)
    expect(dialog.locator(".share-links li")).to_contain_text("the reviewers")
    dialog.get_by_role("button", name="Revoke the reviewers").click()
    dialog.get_by_role("button", name="Revoke for good").click()
    expect(dialog.locator(".share-links li")).to_have_count(0)
    expect(looking.notice).to_contain_text("revoked")
    assert httpx.get(copied).status_code == 404


def test_whoever_comes_by_a_link_sees_the_net_live_and_is_seen(company: Company, net: str, link: str) -> None:
    ann, eve = company.opens("Ann", net), _looks(company, link)
    expect(eve.page.locator(".read-only-badge")).to_have_text("Read only")
    eve.select("concat")
    expect(ann.page.locator(".people .others button")).to_have_attribute(
        "aria-label", "Eve: has selected concat"
    )
    ann.run({"op": "add_layer", "type": "ReLU", "after": "joint_ip"})
    expect(eve.page.locator(".layer-row")).to_have_count(7)
    expect(eve.page.locator(".happening")).to_contain_text("Ann")
    assert eve.page.url.endswith("/s/" + link.rpartition("/")[2] + "#layer=concat")


def test_nothing_offers_to_change_the_net(company: Company, net: str, link: str) -> None:
    ann, eve = company.opens("Ann", net), _looks(company, link)
    ann.run(RATE)
    expect(eve.page.locator(".happening")).to_be_visible()
    for name in (
        "Duplicate",
        "Open",
        "Examples",
        "Share",
        "Undo",
        "Freeze",
        "Unshare",
        "Make it a Convolution",
    ):
        expect(eve.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(eve.page.get_by_role("tab", name="Add")).to_have_count(0)
    eve.select("ip1_a")
    inspector = eve.page.locator("ng-inspector")
    expect(inspector.locator("output").first).to_be_visible()
    expect(inspector.locator("input, select, textarea")).to_have_count(0)
    expect(inspector.locator("ng-param-table")).to_contain_text("7")
    expect(eve.page.locator(".problem-fixes button:visible")).to_have_count(0)
    eve.select("ip1_a", "ip1_b")
    expect(inspector.locator("input, select, textarea")).to_have_count(0)
    eve.page.get_by_role("tab", name="Shares").click()
    expect(eve.page.locator("ng-shares")).to_contain_text("ip1_w")
    expect(eve.page.locator("ng-shares input, ng-shares .share-members .quiet")).to_have_count(0)
    eve.page.get_by_role("tab", name="Prototxt").click()
    text = eve.page.get_by_role("textbox", name="The prototxt")
    text.click()
    eve.page.keyboard.type("# mine")
    expect(text).not_to_contain_text("# mine")


def test_keys_and_mouse_change_nothing(company: Company, net: str, link: str, server: str) -> None:
    eve = _looks(company, link)
    before = httpx.get(f"{server}/api/documents/{net}").json()
    written: list[str] = []
    eve.page.on("request", lambda request: written.append(request.url) if request.method != "GET" else None)
    eve.click_layer("concat")
    for key in ("Delete", "Control+d", "Control+z", "F2", "a", "c", "i", "Alt+ArrowUp", "Control+x"):
        eve.page.keyboard.press(key)
        expect(eve.page.locator("dialog[open]")).to_have_count(0)
    expect(eve.notice).to_contain_text("read-only link")
    spot = eve.rectangle("joint_ip")
    eve.page.mouse.move(spot["x"] + 30, spot["y"] + 12)
    eve.page.mouse.down()
    eve.page.mouse.move(spot["x"] + 130, spot["y"] + 12, steps=4)
    eve.page.mouse.up()
    assert eve.page.evaluate("() => document.querySelector('ng-app').session.model.moves.down.size") == 0
    eve.page.locator("net-canvas.main").dblclick(position={"x": 20, "y": 200})
    expect(eve.page.get_by_role("dialog", name="Add a layer")).to_have_count(0)
    eve.drop(("net.prototxt", b'layer { name: "x" type: "Input" top: "x" }'))
    eve.page.locator("net-canvas.main").click(button="right", position={"x": 20, "y": 200})
    items = eve.page.get_by_role("menuitem")
    expect(items.first).to_be_visible()
    assert not re.search("Delete|Paste|Duplicate|Add", " ".join(items.all_inner_texts()))
    assert written == []
    assert httpx.get(f"{server}/api/documents/{net}").json() == before


def test_the_address_of_a_link_changes_nothing_by_rest(company: Company, net: str, link: str) -> None:
    eve = _looks(company, link)
    statuses = eve.page.evaluate(
        """async ([link, net]) => {
          const ask = async (method, path, body) =>
            (await fetch(`${link}/api${path}`, { method, body: body && JSON.stringify(body),
              headers: { 'Content-Type': 'application/json' } })).status;
          return [
            await ask('POST', `/documents/${net}/operations`, { base_revision: 1, operations: [] }),
            await ask('POST', `/documents/${net}/undo`),
            await ask('PATCH', `/documents/${net}`, { name: 'x' }),
            await ask('DELETE', `/documents/${net}`),
            await ask('PATCH', `/documents/${net}/layout`, {}),
            await ask('GET', '/documents/example'),
          ];
        }""",
        [link, net],
    )
    assert statuses == [403, 403, 403, 403, 403, 404]


def test_what_a_link_shows_can_be_downloaded(company: Company, link: str, tmp_path: Path) -> None:
    eve = _looks(company, link)
    file = eve.download("The prototxt", tmp_path)
    assert 'name: "joint_ip"' in file.read_text()


def test_a_link_that_is_not_one_any_more_opens_nothing(company: Company, server: str) -> None:
    eve = company.comes("Eve")
    answer = eve.page.goto("/s/nothing-of-the-kind")
    assert answer is not None
    assert answer.status == 404


def test_axe_finds_nothing_on_a_shared_net(company: Company, net: str, link: str) -> None:
    eve = _looks(company, link)
    eve.select("ip1_a")
    expect(eve.page.locator("ng-inspector output").first).to_be_visible()
    looking = Axe(eve.page)
    looking.look("a net by a link")
    ann = company.opens("Ann", net)
    ann.page.locator(".share-button").click()
    dialog = ann.page.get_by_role("dialog", name="Share this net")
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.locator(".new-link")).to_be_visible()
    sharing = Axe(ann.page)
    sharing.look("sharing it", "dialog[open]")
    assert looking.found | sharing.found == {}
