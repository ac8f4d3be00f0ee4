"""Several people on one net: what one does the others see, and who they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import expect
from tests.browser.editor.axe import Axe
from tests.browser.editor.people import RATE, chip, deaf, until_rate
from tests.browser.waiting import until

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company

_VIEW = (
    "() => { const c = document.querySelector('net-canvas.main'); return c.clientRectOf('concat').toJSON(); }"
)


def test_what_one_does_the_other_sees_without_touching_anything(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("ip1_b", "concat")
    bob.page.evaluate("() => document.querySelector('net-canvas.main').zoomBy(1.25)")
    bob.still()
    before = bob.page.evaluate(_VIEW)
    ann.run({"op": "add_layer", "type": "ReLU", "after": "joint_ip"})
    expect(bob.page.locator(".layer-row")).to_have_count(7)
    line = bob.page.locator(".happening")
    expect(line).to_contain_text("Ann")
    expect(line).to_contain_text("Add relu1")
    assert bob.selection() == ["ip1_b", "concat"]
    bob.drawn()
    assert bob.page.evaluate(_VIEW) == before


def test_a_change_is_read_out_to_those_who_cannot_see_it(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.run(RATE)
    expect(bob.page.locator("ng-happening [role=status]")).to_have_text(
        re.compile("Ann: Set the rate of ip1_a")
    )


def test_a_burst_of_changes_is_fetched_once(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    bob, kept = deaf(company, "Bob", net)
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url) if "/graph" in request.url else None)
    for rate in range(2, 7):
        ann.run(RATE | {"lr_mult": rate})
    until(bob.page, lambda: len(kept) == 5)
    assert asked == []
    for tell in kept:
        tell()
    until_rate(bob, "ip1_a", 6)
    assert len(asked) == 1
    expect(bob.page.locator(".happening")).to_contain_text("5 changes")


def test_who_is_here_and_what_they_have_selected_is_shown(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    expect(chip(ann, "Bob: nothing selected")).to_be_visible()
    bob.select("ip1_a", "concat")
    expect(chip(ann, "Bob: has selected ip1_a and concat")).to_be_visible()
    expect(ann.row("ip1_a")).to_contain_text("Selected by Bob")
    expect(ann.row("ip1_b")).not_to_contain_text("Selected by")
    assert ann.selection() == []
    bob.page.close()
    expect(chip(ann, "Bob")).to_have_count(0)
    expect(ann.row("ip1_a")).not_to_contain_text("Selected by")


def test_anothers_selection_is_drawn_in_their_colour_around_ones_own(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.select("ip1_a")
    bob.select("ip1_a")
    bobs = chip(ann, "Bob")
    expect(bobs).to_have_attribute("aria-label", re.compile("ip1_a"))
    wanted = bobs.evaluate("(chip) => getComputedStyle(chip).backgroundColor")
    ann.page.wait_for_function(
        """([key, wanted]) => {
          const host = document.querySelector('net-canvas.main');
          const canvas = host.shadowRoot.querySelector('canvas.scene');
          const [rect, at] = [host.clientRectOf(key), canvas.getBoundingClientRect()];
          const pixel = (x) => canvas.getContext('2d')
            .getImageData(Math.round(x - at.x), Math.round(rect.y + 30 - at.y), 1, 1)
            .data.slice(0, 3).join(', ');
          return [3, 4, 5].some((out) => `rgb(${pixel(rect.x - out)})` === wanted);
        }""",
        arg=["ip1_a", wanted],
    )


def test_a_click_on_a_chip_leads_to_what_they_have_selected(company: Company, server: str) -> None:
    long = "".join(
        f'layer {{ name: "r{i}" type: "ReLU" bottom: "{f"r{i - 1}" if i else "data"}" top: "r{i}" }}\n'
        for i in range(60)
    )
    text = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 } } }\n' + long
    document = httpx.post(f"{server}/api/documents", json={"text": text}).raise_for_status().json()["id"]
    ann, bob = company.opens("Ann", document), company.opens("Bob", document)
    bob.page.evaluate("() => document.querySelector('ng-app').session.select(['r55'])")
    ann.select("r3")
    chip(ann, "Bob: has selected r55").click()
    ann.still()
    spot = ann.rectangle("r55")
    assert 0 < spot["x"] < 1280
    assert 0 < spot["y"] < 800
    assert ann.selection() == ["r3"]


def test_a_new_name_reaches_the_others_and_is_kept(company: Company, net: str) -> None:
    ann, bob = company.opens("Guest Owl", net), company.opens("Bob", net)
    expect(chip(bob, "Guest Owl")).to_be_visible()
    ann.page.get_by_role("button", name="Guest Owl (you)").click()
    ann.page.get_by_role("textbox", name="Your name").fill("Ann Berg")
    ann.page.keyboard.press("Enter")
    expect(chip(bob, "Ann Berg")).to_have_attribute("data-initials", "AB")
    ann.page.reload()
    expect(ann.page.get_by_role("button", name="Ann Berg (you)")).to_be_visible()


def test_the_history_says_who_did_what(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.run(RATE)
    expect(bob.page.locator(".happening")).to_be_visible()
    bob.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    bob.page.get_by_role("tab", name="History").click()
    steps = bob.page.locator("ng-history .step-title")
    expect(steps.nth(0)).to_contain_text("You")
    expect(steps.nth(1)).to_contain_text("Ann")


def test_the_preview_of_copies_follows_what_others_do(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("joint_ip", "concat")
    dialog = bob.duplicate()
    ann.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint", "blobs": True})
    expect(dialog.get_by_label("Layers", exact=True)).to_have_value(re.compile(r"\bjoint\b"))
    bob.previewed()
    dialog.get_by_role("tab", name="Text").click()
    expect(dialog.locator("ng-diff-view")).to_contain_text("joint_b")
    expect(dialog).to_be_visible()


def test_axe_finds_nothing_where_others_are(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    others = [company.opens(name, net) for name in ("Bob", "Zoë Chen", "Dan", "Eve", "Finn", "Gil")]
    for editor, layer in zip(
        others, ("ip1_a", "ip1_b", "concat", "ip1_a", "joint_ip", "data_a"), strict=True
    ):
        editor.select(layer)
    expect(ann.page.locator(".more-people")).to_be_visible()
    others[0].run(RATE)
    expect(ann.page.locator(".happening")).to_be_visible()
    axe = Axe(ann.page)
    axe.look("others are there and change the net")
    ann.page.get_by_role("button", name="Ann (you)").click()
    axe.look("what one is called")
    ann.page.keyboard.press("Escape")
    ann.page.locator(".more-people button").click()
    ann.page.get_by_role("tab", name="History").click()
    expect(ann.page.locator("ng-history .step-title").first).to_be_visible()
    axe.look("more people, and what they did")
    assert axe.found == {}
