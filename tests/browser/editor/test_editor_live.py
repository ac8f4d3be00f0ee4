"""Several people on one net: what one does the others see, and nobody's work is lost."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import httpx
import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company, Editor

RATE = {"op": "set_rate", "layer": "ip1_a", "blob": 0, "lr_mult": 7}
VIEW = (
    "() => { const c = document.querySelector('net-canvas.main'); return c.clientRectOf('concat').toJSON(); }"
)
AXE = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target)}`);
}"""


@pytest.fixture
def net(server: str) -> str:
    """A document of the net of the question."""
    answer = httpx.post(f"{server}/api/documents", json={"example": "question"})
    return cast(str, answer.raise_for_status().json()["id"])


def _chip(editor: Editor, name: str) -> Locator:
    return editor.page.locator(".people .others").get_by_role("button", name=re.compile(name))


def _rate(editor: Editor, layer: str) -> float:
    found = editor.page.evaluate(
        "(key) => document.querySelector('ng-app').session.model.layer(key).blobs[0].lr", layer
    )
    return cast(float, found)


def _text(editor: Editor) -> Locator:
    editor.page.get_by_role("tab", name="Prototxt").click()
    text = editor.page.get_by_role("textbox", name="The prototxt")
    expect(text).to_be_visible()
    return text


def _deaf(editor: Editor) -> list[Callable[[], None]]:
    """What the server tells this page from now on is kept back until it is called."""
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
    return kept


def test_what_one_does_the_other_sees_without_touching_anything(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("ip1_b", "concat")
    bob.page.evaluate("() => document.querySelector('net-canvas.main').zoomBy(1.25)")
    bob.still()
    before = bob.page.evaluate(VIEW)
    ann.run({"op": "add_layer", "type": "ReLU", "after": "joint_ip"})
    expect(bob.page.locator(".layer-row")).to_have_count(7)
    line = bob.page.locator(".happening")
    expect(line).to_contain_text("Ann")
    expect(line).to_contain_text("Add relu1")
    assert bob.selection() == ["ip1_b", "concat"]
    bob.drawn()
    assert bob.page.evaluate(VIEW) == before


def test_a_change_is_read_out_to_those_who_cannot_see_it(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.run(RATE)
    expect(bob.page.locator("ng-happening [role=status]")).to_have_text(
        re.compile("Ann: Set the rate of ip1_a")
    )


def test_a_burst_of_changes_is_fetched_once(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.comes("Bob", alone=True)
    kept = _deaf(bob)
    bob.open(net)
    bob.connected()
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url) if "/graph" in request.url else None)
    for rate in range(2, 7):
        ann.run(RATE | {"lr_mult": rate})
    bob.page.wait_for_timeout(300)
    assert asked == []
    for tell in kept:
        tell()
    bob.page.wait_for_function(
        "() => document.querySelector('ng-app').session.model.layer('ip1_a').blobs[0].lr === 6"
    )
    assert len(asked) == 1
    expect(bob.page.locator(".happening")).to_contain_text("5 changes")


def test_who_is_here_and_what_they_have_selected_is_shown(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    expect(_chip(ann, "Bob: nothing selected")).to_be_visible()
    bob.select("ip1_a", "concat")
    expect(_chip(ann, "Bob: has selected ip1_a and concat")).to_be_visible()
    expect(ann.row("ip1_a")).to_contain_text("Selected by Bob")
    expect(ann.row("ip1_b")).not_to_contain_text("Selected by")
    assert ann.selection() == []
    bob.page.close()
    expect(_chip(ann, "Bob")).to_have_count(0)
    expect(ann.row("ip1_a")).not_to_contain_text("Selected by")


def test_anothers_selection_is_drawn_in_their_colour_around_ones_own(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.select("ip1_a")
    bob.select("ip1_a")
    chip = _chip(ann, "Bob")
    expect(chip).to_have_attribute("aria-label", re.compile("ip1_a"))
    wanted = chip.evaluate("(chip) => getComputedStyle(chip).backgroundColor")
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
    _chip(ann, "Bob: has selected r55").click()
    ann.still()
    spot = ann.rectangle("r55")
    assert 0 < spot["x"] < 1280
    assert 0 < spot["y"] < 800
    assert ann.selection() == ["r3"]


def test_a_new_name_reaches_the_others_and_is_kept(company: Company, net: str) -> None:
    ann, bob = company.opens("Guest Owl", net), company.opens("Bob", net)
    expect(_chip(bob, "Guest Owl")).to_be_visible()
    ann.page.get_by_role("button", name="Guest Owl (you)").click()
    ann.page.get_by_role("textbox", name="Your name").fill("Ann Berg")
    ann.page.keyboard.press("Enter")
    expect(_chip(bob, "Ann Berg")).to_have_attribute("data-initials", "AB")
    ann.page.reload()
    expect(ann.page.get_by_role("button", name="Ann Berg (you)")).to_be_visible()


def test_edits_of_different_layers_at_the_same_moment_are_both_there(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    bob = company.comes("Bob", alone=True)
    kept = _deaf(bob)
    bob.open(net)
    bob.connected()
    ann.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    bob.run({"op": "set_field", "layer": "ip1_a", "path": "inner_product_param.num_output", "value": "11"})
    expect(bob.page.locator(".happening")).to_contain_text("made over")
    expect(bob.row("joint")).to_be_visible()
    expect(ann.page.locator(".happening")).to_contain_text("Bob")
    for editor in (ann, bob):
        editor.page.wait_for_function(
            """() => {
              const { model } = document.querySelector('ng-app').session;
              return model.layer('ip1_a').summary.startsWith('11') && model.layer('joint');
            }"""
        )
    for tell in kept:
        tell()
    expect(bob.notice).to_have_count(0)


def test_who_is_second_at_one_layer_is_told_and_keeps_what_they_typed(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("ip1_a")
    field = bob.page.get_by_label("lr_mult of the weight")
    field.fill("5")
    ann.run(RATE)
    bob.page.wait_for_function(
        "() => document.querySelector('ng-app').session.model.layer('ip1_a').blobs[0].lr === 7"
    )
    expect(field).to_have_value("5")
    field.press("Enter")
    expect(bob.notice).to_contain_text("somebody was faster")
    expect(bob.notice).to_contain_text("Ann changed ip1_a")
    expect(field).to_have_value("5")
    assert _rate(bob, "ip1_a") == 7
    field.press("Enter")
    ann.page.wait_for_function(
        "() => document.querySelector('ng-app').session.model.layer('ip1_a').blobs[0].lr === 5"
    )


def test_a_form_that_is_being_filled_in_stays_as_it_is(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    bob.select("ip1_a")
    field = bob.page.locator('[data-field="inner_product_param.num_output"] input')
    field.fill("123")
    ann.run({"op": "add_layer", "type": "ReLU", "after": "joint_ip"})
    expect(bob.page.locator(".layer-row")).to_have_count(7)
    expect(field).to_have_value("123")
    expect(field).to_be_focused()
    field.press("Enter")
    expect(bob.page.locator(".happening")).to_contain_text("made over")
    expect(bob.notice).to_have_count(0)


def test_typing_in_the_text_outlives_what_others_do_elsewhere(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    text = _text(bob)
    text.click()
    bob.page.keyboard.press("Control+End")
    bob.page.keyboard.insert_text('layer { name: "mine" type: "ReLU" bottom: "joint_ip" top: "mi')
    expect(bob.page.locator(".source-state")).to_contain_text("Line")
    ann.run({"op": "rename_layer", "layer": "data_a", "to": "first"})
    expect(bob.row("first")).to_be_visible()
    # what Ann did is in the text, above what Bob goes on typing
    bob.page.keyboard.insert_text('ne" }\n')
    expect(bob.row("mine")).to_be_visible()
    source = bob.page.request.get(f"/api/documents/{net}/source").text()
    assert 'name: "first"' in source
    assert source.endswith('layer { name: "mine" type: "ReLU" bottom: "joint_ip" top: "mine" }\n')
    expect(ann.row("mine")).to_be_visible()
    expect(bob.notice).to_have_count(0)


def test_both_in_one_layer_of_the_text_one_says_which_stays(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    text = _text(bob)
    text.click()
    bob.page.keyboard.press("Control+End")
    text.locator(".cm-line", has_text='name: "joint_ip"').click()
    bob.page.keyboard.press("End")
    bob.page.keyboard.insert_text(" # {")
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.insert_text("bro ken")
    expect(bob.page.locator(".source-state")).to_contain_text("Line")
    ann.run({"op": "set_rate", "layer": "joint_ip", "blob": 0, "lr_mult": 3})
    ann.run({"op": "rename_layer", "layer": "data_a", "to": "first"})
    expect(bob.row("first")).to_be_visible()
    for _ in range(7):
        bob.page.keyboard.press("Backspace")
    mine = bob.page.get_by_role("button", name="Mine", exact=True)
    expect(mine).to_be_visible()
    expect(text).to_contain_text("# {")
    mine.click()
    expect(bob.page.locator(".source-state")).to_have_count(0)
    source = bob.page.request.get(f"/api/documents/{net}/source").text()
    assert "# {" in source
    assert 'name: "first"' in source
    assert "lr_mult: 3" not in source


def test_undo_names_whose_step_it_is_and_does_nothing_once_they_moved_on(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    bob = company.comes("Bob", alone=True)
    ann.run(RATE)
    _deaf(bob)
    bob.open(net)
    bob.connected()
    undo = bob.page.get_by_role("button", name="Undo Ann’s “Set the rate of ip1_a”")
    expect(undo).to_be_visible()
    expect(ann.page.get_by_role("button", name="Undo: Set the rate of ip1_a")).to_be_visible()
    ann.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    undo.click()
    expect(bob.notice).to_contain_text("Nothing was undone")
    expect(bob.notice).to_contain_text("Ann:")
    assert _rate(bob, "ip1_a") == 7
    assert "joint" in bob.layers()


def test_the_history_says_who_did_what(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    ann.run(RATE)
    expect(bob.page.locator(".happening")).to_be_visible()
    bob.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    bob.page.get_by_role("tab", name="History").click()
    steps = bob.page.locator("ng-history .step-title")
    expect(steps.nth(0)).to_contain_text("You")
    expect(steps.nth(1)).to_contain_text("Ann")


def test_cards_that_both_move_stay_where_each_put_them(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    places = {}
    for editor, layer, way in ((ann, "data_a", -90), (bob, "joint_ip", 120)):
        spot = editor.rectangle(layer)
        x, y = spot["x"] + 30, spot["y"] + 12
        editor.page.mouse.move(x, y)
        editor.page.mouse.down()
        editor.page.mouse.move(x + way / 2, y)
        editor.page.mouse.move(x + way, y)
        editor.page.mouse.up()
        places[layer] = spot["x"] + way
    moved = """([layer, x]) => {
      const rect = document.querySelector('net-canvas.main').clientRectOf(layer);
      return Math.abs(rect.x - x) < 3;
    }"""
    for editor in (ann, bob):
        for layer, x in places.items():
            editor.page.wait_for_function(moved, arg=[layer, x])
    kept = ann.page.request.get(f"/api/documents/{net}/layout").json()["down"]
    assert set(kept) == {"data_a", "joint_ip"}


def test_a_card_in_the_hand_is_not_taken_away(company: Company, net: str) -> None:
    ann, bob = company.opens("Ann", net), company.opens("Bob", net)
    spot = bob.rectangle("joint_ip")
    bob.page.mouse.move(spot["x"] + 30, spot["y"] + 12)
    bob.page.mouse.down()
    bob.page.mouse.move(spot["x"] + 90, spot["y"] + 12)
    ann.run({"op": "add_layer", "type": "ReLU", "after": "ip1_a"})
    expect(bob.page.locator(".happening")).to_be_visible()
    bob.page.mouse.move(spot["x"] + 130, spot["y"] + 12)
    expect(bob.page.locator(".layer-row")).to_have_count(6)
    bob.page.mouse.up()
    expect(bob.page.locator(".layer-row")).to_have_count(7)
    bob.drawn()
    assert (
        bob.page.evaluate(
            "() => document.querySelector('ng-app').session.model.moves.down.get('joint_ip')[0]"
        )
        > 90
    )


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_others_are(
    company: Company, net: str, repo: Path, scheme: Literal["light", "dark"]
) -> None:
    ann = company.opens("Ann", net)
    ann.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    others = [company.opens(name, net) for name in ("Bob", "Zoë Chen", "Dan", "Eve", "Finn", "Gil")]
    for editor, layer in zip(
        others, ("ip1_a", "ip1_b", "concat", "ip1_a", "joint_ip", "data_a"), strict=True
    ):
        editor.select(layer)
    expect(ann.page.locator(".more-people")).to_be_visible()
    others[0].run(RATE)
    expect(ann.page.locator(".happening")).to_be_visible()
    source = repo / "static" / "node_modules" / "axe-core" / "axe.min.js"
    ann.page.evaluate(source.read_text(encoding="utf-8"))
    assert ann.page.evaluate(AXE) == []
    ann.page.get_by_role("button", name="Ann (you)").click()
    assert ann.page.evaluate(AXE) == []
    ann.page.keyboard.press("Escape")
    ann.page.locator(".more-people button").click()
    ann.page.get_by_role("tab", name="History").click()
    expect(ann.page.locator("ng-history .step-title").first).to_be_visible()
    assert ann.page.evaluate(AXE) == []


class Restartable:
    """A server on one port that can be stopped and started again."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        netgraft = Path(sys.executable).with_name("netgraft")
        command = [str(netgraft), "serve", "--data", str(self._data), "--no-open", "--port", str(self.port)]
        log = self._data.with_name("serve.log")
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/api/documents", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        pytest.fail(f"the server did not come up:\n{log.read_text(errors='replace')}")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            self._process = None


def test_a_page_catches_up_after_the_server_was_away_and_loses_nothing_typed(
    company: Company, tmp_path: Path
) -> None:
    restartable = Restartable(tmp_path / "data")
    try:
        restartable.start()
        ann = company.comes("Ann", restartable.address)
        ann.open("example")
        ann.connected()
        text = _text(ann)
        restartable.stop()
        expect(ann.page.locator(".live-away")).to_contain_text("Reconnecting")
        text.click()
        ann.page.keyboard.press("Control+End")
        ann.page.keyboard.insert_text('layer { name: "mine" type: "ReLU" bottom: "joint_ip" top: "mine" }\n')
        expect(ann.notice).to_contain_text("The server does not answer")
        restartable.start()
        operations = [{"op": "rename_layer", "layer": "data_a", "to": "first"}]
        edit = {"base_revision": 1, "operations": operations}
        httpx.post(f"{restartable.address}/api/documents/example/operations", json=edit).raise_for_status()
        ann.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        ann.connected()
        expect(ann.row("first")).to_be_visible()
        expect(ann.row("mine")).to_be_visible()
        source = ann.page.request.get("/api/documents/example/source").text()
        assert 'name: "first"' in source
        assert 'name: "mine"' in source
        expect(ann.page.locator(".live-away")).to_have_count(0)
        expect(ann.notice.and_(ann.page.locator("[data-kind=error]"))).to_have_count(0)
    finally:
        restartable.stop()
