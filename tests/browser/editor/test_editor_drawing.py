"""Drawing a net: layers added from the palette, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator
    from tests.browser.editor.conftest import Editor


def _fresh(editor: Editor, text: str) -> str:
    answer = editor.page.request.post("/api/documents", data={"text": text, "name": "drawn"})
    assert answer.ok, answer.text()
    document = cast(str, answer.json()["id"])
    editor.page.goto(f"/d/{document}")
    editor.page.locator(".document-name").wait_for()
    editor.settle()
    return document


def test_a_net_is_built_from_nothing_by_keyboard(editor: Editor) -> None:
    _fresh(editor, "")
    page = editor.page
    expect(page.get_by_role("tab", name="Add")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("a")
    for words in ("input", "conv", "relu", "pool", "inner", "softmax"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        editor.settle()
    editor.drawn()
    assert editor.layers() == ["data", "conv1", "relu1", "pool1", "ip1", "prob"]
    assert editor.edges() == {"data>conv1", "conv1>relu1", "relu1>pool1", "pool1>ip1", "ip1>prob"}
    assert editor.selection() == ["prob"]
    expect(editor.verdicts).to_contain_text("Caffe would accept")


def test_a_type_is_dragged_onto_an_edge_and_undone(editor: Editor) -> None:
    document = editor.example("lenet_train_val")
    page = editor.page
    source = page.request.get(f"/api/documents/{document}/source").text()
    page.keyboard.press("a")
    page.get_by_role("combobox", name="Search layer types").fill("lrn")
    row = page.get_by_role("option", name="LRN").bounding_box()
    assert row
    card = editor.rectangle("conv1")
    edge = (card["x"] + card["width"] / 2 + 4, card["y"] + card["height"] + 14)
    page.mouse.move(row["x"] + 60, row["y"] + 8)
    page.mouse.down()
    page.mouse.move(row["x"] + 120, row["y"] + 20)
    page.mouse.move(*edge, steps=3)
    expect(page.locator(".drag-chip")).to_have_text("LRNbetween conv1 and pool1")
    page.mouse.up()
    editor.settle()
    editor.drawn()
    assert editor.selection() == ["norm1"]
    assert {"conv1>norm1", "norm1>pool1"} <= editor.edges()

    # Escape lets go of what is dragged.
    page.mouse.move(row["x"] + 60, row["y"] + 8)
    page.mouse.down()
    page.mouse.move(600, 300, steps=3)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".drag-chip")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    editor.settle()
    assert page.request.get(f"/api/documents/{document}/source").text() == source


def test_a_type_that_fits_on_no_edge_falls_beside_it(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    page.keyboard.press("a")
    page.get_by_role("combobox", name="Search layer types").fill("input")
    row = page.locator('[data-type="Input"]').bounding_box()
    assert row
    card = editor.rectangle("conv1")
    page.mouse.move(row["x"] + 60, row["y"] + 8)
    page.mouse.down()
    page.mouse.move(row["x"] + 120, row["y"] + 20)
    page.mouse.move(card["x"] + card["width"] / 2, card["y"] + card["height"] + 14, steps=3)
    expect(page.locator(".drag-chip")).to_have_text("Inputstands here")
    page.mouse.up()
    editor.settle()
    assert "conv1>pool1" in editor.edges()


def test_enter_puts_a_layer_on_the_selected_edge(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    card = editor.rectangle("conv1")
    page.mouse.click(card["x"] + card["width"] / 2, card["y"] + card["height"] + 14)
    page.keyboard.press("a")
    page.keyboard.type("lrn")
    expect(page.locator(".palette-hint")).to_have_text("Enter puts it between conv1 and pool1.")
    page.keyboard.press("Enter")
    editor.settle()
    assert {"conv1>norm1", "norm1>pool1"} <= editor.edges()


def _quick(editor: Editor) -> Locator:
    return editor.page.get_by_role("dialog", name="Add a layer")


def test_a_double_click_on_an_edge_asks_what_is_to_stand_there(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    card = editor.rectangle("conv1")
    edge = (card["x"] + card["width"] / 2, card["y"] + card["height"] + 14)
    page.mouse.dblclick(*edge)
    expect(_quick(editor)).to_contain_text("Add between conv1 and pool1")
    expect(_quick(editor).get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(_quick(editor)).to_have_count(0)
    page.mouse.click(*edge, button="right")
    page.get_by_role("menuitem", name="Add a layer here").click()
    page.keyboard.type("lrn")
    page.keyboard.press("Enter")
    expect(_quick(editor)).to_have_count(0)
    editor.settle()
    assert {"conv1>norm1", "norm1>pool1"} <= editor.edges()
    assert editor.selection() == ["norm1"]


def test_on_the_ground_a_double_click_and_the_menu_put_a_layer_there(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    card = editor.rectangle("conv1")
    page.mouse.dblclick(card["x"] - 150, card["y"] + 20)
    page.keyboard.type("input")
    page.keyboard.press("Enter")
    editor.settle()
    editor.still()
    spot = editor.rectangle("data1")
    assert abs(spot["x"] + spot["width"] / 2 - (card["x"] - 150)) < spot["width"]
    assert abs(spot["y"] - card["y"]) < 120
    assert editor.selection() == ["data1"]

    # Beside all layers the menu is the ground's, whatever is selected.
    canvas = page.locator("net-canvas.main").bounding_box()
    assert canvas
    page.mouse.click(canvas["x"] + 30, canvas["y"] + 200, button="right")
    page.get_by_role("menuitem", name="Add a layer").click()
    page.keyboard.type("input")
    page.keyboard.press("Enter")
    editor.settle()
    editor.still()
    assert editor.selection() == ["data2"]
    page.mouse.click(canvas["x"] + 30, canvas["y"] + canvas["height"] - 120, button="right")
    page.get_by_role("menuitem", name="Select all others instead").click()
    assert len(editor.selection()) == len(editor.layers()) - 1


def test_a_wire_let_go_on_nothing_asks_for_what_makes_the_open_bottom(editor: Editor) -> None:
    _fresh(editor, 'layer { name: "loss" type: "SoftmaxWithLoss" bottom: "a" bottom: "b" top: "loss" }')
    editor.drawn()
    editor.fit()
    editor.click_layer("loss")
    page = editor.page
    card = editor.rectangle("loss")
    port = (card["x"] + card["width"] * 2 / 3, card["y"])
    page.mouse.move(*port)
    page.mouse.down()
    page.mouse.move(port[0], port[1] - 90, steps=4)
    page.mouse.up()
    expect(_quick(editor)).to_contain_text("Add what loss reads")
    page.keyboard.type("Silence")
    expect(_quick(editor)).to_contain_text("No layer type fits.")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("input")
    page.keyboard.press("Enter")
    editor.settle()
    bottoms = page.evaluate(
        "() => document.querySelector('ng-app').session.graph.layers.find((l) => l.key === 'loss').bottoms"
    )
    assert bottoms == ["a", "data"]
    page.keyboard.press("ControlOrMeta+z")  # one step, and the focus is on the canvas again
    editor.settle()
    assert editor.layers() == ["loss"]
