"""Wires by mouse and by keyboard; names, order, in place; copy, cut and paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def _bottom(card: dict[str, float]) -> tuple[float, float]:
    """Where the wire of a card's only top begins."""
    return card["x"] + card["width"] / 2, card["y"] + card["height"]


def _middle(card: dict[str, float]) -> tuple[float, float]:
    return card["x"] + card["width"] / 2, card["y"] + card["height"] / 2


def _under(editor: Editor, layer: str) -> tuple[float, float]:
    """A place on the edge that leaves a layer straight down."""
    x, y = _bottom(editor.rectangle(layer))
    return x, y + 16


def _wire(editor: Editor, start: tuple[float, float], end: tuple[float, float]) -> None:
    editor.drag(start, (start[0] + 12, start[1] + 12), end)


def _answer(editor: Editor, dialog: str, words: str) -> None:
    """Types into the dialog that asks, and presses Enter."""
    expect(editor.page.get_by_role("dialog", name=dialog)).to_be_visible()
    editor.page.keyboard.type(words)
    editor.page.keyboard.press("Enter")
    editor.settle()


def test_wires_are_drawn_taken_off_and_cut_by_mouse(editor: Editor) -> None:
    document = editor.example("lenet_train_val")
    page = editor.page
    source = page.request.get(f"/api/documents/{document}/source").text()
    page.get_by_role("button", name="Fold the problems away or back").click()
    editor.click_layer("pool1")
    aim = editor.rectangle("pool2")
    _wire(editor, _bottom(editor.rectangle("pool1")), (aim["x"] + 60, aim["y"] + 20))
    assert "pool1>pool2" in editor.edges()
    assert "conv2>pool2" not in editor.edges()

    # The end of the new edge is taken off and dropped on nothing: the wire is cut.
    editor.click_layer("pool2")
    card = editor.rectangle("pool2")
    port = (card["x"] + card["width"] / 2, card["y"])
    _wire(editor, port, (port[0] - 250, port[1] - 20))
    assert "pool1>pool2" not in editor.edges()

    # Escape leaves all as it is.
    spot = editor.rectangle("pool1")
    editor.click_layer("pool1")
    page.mouse.move(*_bottom(spot))
    page.mouse.down()
    page.mouse.move(spot["x"], spot["y"] + 90, steps=3)
    page.keyboard.press("Escape")
    page.mouse.up()
    for _ in range(2):
        page.keyboard.press("Control+z")
        editor.settle()
    assert page.request.get(f"/api/documents/{document}/source").text() == source


def test_a_selected_edge_is_cut_by_delete(editor: Editor) -> None:
    editor.example("lenet_train_val")
    editor.page.mouse.click(*_under(editor, "conv1"))
    assert editor.selection() == []
    editor.page.keyboard.press("Delete")
    editor.settle()
    assert "conv1>pool1" not in editor.edges()
    assert "conv1" in editor.layers()


def test_names_wires_and_order_by_keyboard(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    editor.click_layer("conv1")
    page.keyboard.press("F2")
    _answer(editor, "Rename layer conv1", "first")
    editor.drawn()
    assert editor.selection() == ["first"]
    assert {"mnist>first", "first>pool1"} <= editor.edges()
    page.keyboard.press("c")
    _answer(editor, "Connect first", "ip1")
    assert "first>ip1" in editor.edges()
    editor.select("relu1")
    page.keyboard.press("i")
    editor.settle()
    in_place = "() => document.querySelector('ng-app').session.model.layer('relu1').in_place"
    assert page.evaluate(in_place) is False
    editor.select("accuracy")
    page.keyboard.press("Alt+ArrowDown")
    editor.settle()
    assert editor.layers()[-2:] == ["loss", "accuracy"]


def test_layers_are_copied_cut_and_pasted_also_into_another_net(editor: Editor) -> None:
    page = editor.page
    editor.example("lenet_train_val")
    editor.select("conv1", "pool1")
    editor.settle()
    at_hand = """() => {
      const { session } = document.querySelector('ng-app');
      return session.source?.revision === session.info.revision;
    }"""
    page.wait_for_function(at_hand)
    page.keyboard.press("Control+c")
    expect(editor.notice).to_contain_text("2 layers copied")
    page.keyboard.press("Control+Shift+V")
    editor.settle()
    editor.drawn()
    assert editor.selection() == editor.layers()[-2:]
    conv, pool = editor.selection()
    assert {f"mnist>{conv}", f"{conv}>{pool}"} <= editor.edges()
    page.wait_for_function(at_hand)
    page.keyboard.press("Control+x")
    editor.settle()
    assert conv not in editor.layers()
    made = page.request.post("/api/documents", data={"text": "", "name": "other"}).json()["id"]
    page.evaluate("(id) => document.querySelector('ng-app').command('document', id)", made)
    editor.settle()
    expect(page.locator(".document-name")).to_contain_text("other")
    page.keyboard.press("Control+v")
    editor.settle()
    assert editor.layers() == [conv, pool]


def test_a_wire_is_drawn_from_afar_where_cards_show_only_their_names(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    editor.click_layer("pool1")
    page.evaluate("() => document.querySelector('net-canvas.main').zoomBy(0.3)")
    editor.still()
    _wire(editor, _bottom(editor.rectangle("pool1")), _middle(editor.rectangle("pool2")))
    assert "pool1>pool2" in editor.edges()


def test_a_wire_dropped_on_a_collapsed_group_asks_which_layer_of_it_is_meant(editor: Editor) -> None:
    editor.example("googlenet_deploy")
    page = editor.page
    page.evaluate(
        """() => document.querySelector('ng-app').session.model
          .setView({ collapsed: new Set(['inception_3a/', 'inception_3b/']) })"""
    )
    editor.settle()
    editor.page.evaluate("() => document.querySelector('net-canvas.main').reveal(['inception_3a/3x3'])")
    editor.still()
    # out of the border of one group, onto the other
    start = editor.rectangle("inception_3a/output")
    page.mouse.move(*_middle(start))
    _wire(editor, _bottom(start), _middle(editor.rectangle("inception_3b/1x1")))
    dialog = page.get_by_role("dialog", name="Connect inception_3a/output")
    expect(dialog).to_be_visible()
    dialog.get_by_role("option", name="inception_3b/3x3 Convolution").click()
    editor.settle()
    assert "inception_3a/output>inception_3b/3x3" in editor.edges()


def test_edges_are_walked_cut_and_drawn_by_keyboard(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    editor.click_layer("pool1")
    said = page.locator("net-canvas.main").get_by_role("status")
    page.keyboard.press("e")
    expect(said).to_have_text("conv1 from conv1 to pool1, edge 1 of 2 of pool1")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text("pool1 from pool1 to conv2, edge 2 of 2 of pool1")
    assert editor.selection() == []
    page.keyboard.press("ArrowDown")
    assert editor.selection() == ["conv2"]
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    assert editor.selection() == ["conv2"]
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Lead to another layer")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Delete")
    editor.settle()
    assert "pool1>conv2" not in editor.edges()
    assert editor.selection() == ["conv2"]

    page.keyboard.press("Shift+C")
    _answer(editor, "What conv2 reads", "pool1")
    assert "pool1>conv2" in editor.edges()


def test_of_several_tops_the_keyboard_chooses_one(editor: Editor) -> None:
    editor.example("siamese_mnist")
    page = editor.page
    editor.click_layer("slice_pair")
    page.keyboard.press("c")
    _answer(editor, "Connect slice_pair", "data_p")
    _answer(editor, "Connect data_p", "pool2")
    assert "slice_pair>pool2" in editor.edges()


def test_the_edge_under_the_pointer_is_led_to_another_layer_by_its_menu(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    page.mouse.click(*_under(editor, "conv1"), button="right")
    page.get_by_role("menuitem", name="Lead to another layer").click()
    _answer(editor, "Lead conv1 to another layer", "pool2")
    assert "conv1>pool2" in editor.edges()
    assert "conv1>pool1" not in editor.edges()
