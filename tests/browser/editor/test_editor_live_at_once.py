"""Several people who change one net at once: nobody's work is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.browser.editor.people import RATE, deaf, rate_of, until_rate

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Company


def test_edits_of_different_layers_at_the_same_moment_are_both_there(company: Company, net: str) -> None:
    ann = company.opens("Ann", net)
    bob, kept = deaf(company, "Bob", net)
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
    until_rate(bob, "ip1_a", 7)
    expect(field).to_have_value("5")
    field.press("Enter")
    expect(bob.notice).to_contain_text("somebody was faster")
    expect(bob.notice).to_contain_text("Ann changed ip1_a")
    expect(field).to_have_value("5")
    assert rate_of(bob, "ip1_a") == 7
    field.press("Enter")
    until_rate(ann, "ip1_a", 5)


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
    bob.text_end()
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
    text = bob.text_end()
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
    ann.run(RATE)
    bob, _ = deaf(company, "Bob", net)
    undo = bob.page.get_by_role("button", name="Undo Ann’s “Set the rate of ip1_a”")
    expect(undo).to_be_visible()
    expect(ann.page.get_by_role("button", name="Undo: Set the rate of ip1_a")).to_be_visible()
    ann.run({"op": "rename_layer", "layer": "joint_ip", "to": "joint"})
    undo.click()
    expect(bob.notice).to_contain_text("Nothing was undone")
    expect(bob.notice).to_contain_text("Ann:")
    assert rate_of(bob, "ip1_a") == 7
    assert "joint" in bob.layers()


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
