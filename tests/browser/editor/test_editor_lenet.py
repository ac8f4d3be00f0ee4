"""A whole net drawn from nothing, by mouse and by keyboard alone: both come out as the well-known LeNet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf import text_format
from playwright.sync_api import expect

from netgraft.proto import caffe_pb2

if TYPE_CHECKING:
    from playwright.sync_api import Locator
    from tests.browser.editor.conftest import Editor

_LENET = Path(__file__).parents[3] / "examples" / "lenet_train_val.prototxt"


def _layers(text: str) -> dict[str, caffe_pb2.LayerParameter]:
    """The layers of a net by name and phase, as protobuf's own parser reads them."""
    net = text_format.Parse(text, caffe_pb2.NetParameter())
    for layer in net.layer:
        for param in layer.param:
            param.lr_mult = param.lr_mult  # 1 is 1, stated or not
    return {f"{layer.name} {[rule.phase for rule in layer.include]}": layer for layer in net.layer}


def _drawn(editor: Editor) -> dict[str, caffe_pb2.LayerParameter]:
    document = editor.page.evaluate("() => document.querySelector('ng-app').session.info.id")
    return _layers(editor.page.request.get(f"/api/documents/{document}/source").text())


def _new(editor: Editor) -> None:
    editor.start()
    editor.page.get_by_role("button", name="Or draw a new net from nothing").click()
    expect(editor.page.get_by_text("An empty net", exact=True)).to_be_visible()


def _settings(editor: Editor, of: str) -> Locator:
    return editor.page.get_by_role("region", name=f"Settings in {of}")


def _fill(editor: Editor, within: Locator, **values: str) -> None:
    for label, value in values.items():
        field = within.get_by_label(label, exact=True).first
        if field.evaluate("(field) => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
            field.press("Enter")
        editor.settle()


def _rates(editor: Editor) -> None:
    """What LeNet's learning layers state: weights 1, biases 2."""
    for row, rate in ((0, "1"), (1, "2")):
        field = editor.page.locator("ng-inspector input.rate").nth(2 * row)
        field.fill(rate)
        field.press("Enter")
        editor.settle()


def _biases(editor: Editor, field: str) -> None:
    filler = _settings(editor, field).get_by_role("group", name="bias_filler")
    filler.get_by_label("type").select_option("constant")
    editor.settle()


def _drop(editor: Editor, type_: str, onto: str) -> None:
    """Drags a type from the palette onto a card."""
    page = editor.page
    editor.still()
    page.get_by_role("tab", name="Add").click()
    page.get_by_role("combobox", name="Search layer types").fill(type_)
    row = page.locator(f'ng-palette [data-type="{type_}"]').bounding_box()
    card = editor.rectangle(onto)
    assert row
    page.mouse.move(row["x"] + 60, row["y"] + 8)
    page.mouse.down()
    page.mouse.move(row["x"] + 120, row["y"] + 20)
    page.mouse.move(card["x"] + 40, card["y"] + card["height"] / 2, steps=3)
    page.mouse.up()
    editor.settle()
    editor.still()


def _rename(editor: Editor, layer: str, to: str) -> None:
    """By the menu of its card, with its blob, which its readers follow."""
    spot = editor.rectangle(layer)
    editor.page.mouse.click(spot["x"] + 30, spot["y"] + 8, button="right")
    editor.page.get_by_role("menuitem", name="Rename …").click()
    asked = editor.page.get_by_role("dialog", name=f"Rename layer {layer}")
    asked.get_by_label("New name").fill(to)
    asked.get_by_role("button", name="Rename").click()
    editor.settle()
    editor.still()


def _pull(editor: Editor, start: tuple[float, float], end: tuple[float, float], words: str) -> None:
    """A wire drawn to nothing, and what is to stand at its end."""
    page = editor.page
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()
    page.get_by_role("dialog", name="Add a layer").get_by_role("combobox").fill(words)
    page.get_by_role("dialog", name="Add a layer").get_by_role("option").first.click()
    editor.settle()
    editor.still()


def test_lenet_is_drawn_from_nothing_by_mouse(editor: Editor) -> None:
    page = editor.page
    _new(editor)
    page.get_by_role("button", name="Fold the problems away or back").click()
    canvas = page.locator("net-canvas.main").bounding_box()
    assert canvas
    page.mouse.dblclick(canvas["x"] + 300, canvas["y"] + 160)
    search = page.get_by_role("dialog", name="Add a layer").get_by_role("combobox")
    expect(search).to_be_focused()
    search.fill("Data")
    page.get_by_role("dialog", name="Add a layer").get_by_role("option", name="Data").first.click()
    editor.drawn()
    page.locator("ng-inspector").get_by_role("button", name="Rename").click()
    page.get_by_label("New name").fill("mnist")
    page.get_by_label("New name").press("Enter")
    editor.settle()
    _fill(editor, _settings(editor, "data_param"), source="mnist_train_lmdb")
    _fill(editor, _settings(editor, "transform_param"), scale="0.00390625")
    spot = editor.rectangle("mnist")
    page.mouse.click(spot["x"] + 30, spot["y"] + 8, button="right")
    page.get_by_role("menuitem", name="Split into one for TRAIN and one for TEST").click()
    editor.settle()
    assert editor.selection() == ["mnist~2"]
    _fill(editor, _settings(editor, "data_param"), source="mnist_test_lmdb", batch_size="100")
    editor.still()

    # A wire out of the first of its two tops, to nothing: what reads it is asked for there.
    editor.click_layer("mnist")
    spot = editor.rectangle("mnist")
    top = (spot["x"] + spot["width"] / 3, spot["y"] + spot["height"])
    _pull(editor, top, (top[0], top[1] + 90), "conv")
    assert editor.selection() == ["conv1"]
    _drop(editor, "Pooling", "conv1")
    _drop(editor, "Convolution", "pool1")
    _drop(editor, "Pooling", "conv2")
    _drop(editor, "InnerProduct", "pool2")
    _rename(editor, "ip2", "ip1")
    _drop(editor, "ReLU", "ip1")
    _drop(editor, "InnerProduct", "relu1")
    _drop(editor, "SoftmaxWithLoss", "ip2")
    _drop(editor, "Accuracy", "ip2")
    _fill(editor, page.get_by_role("region", name="In the net"), **{"lives in": "TEST"})

    page.get_by_role("tab", name="Layers").click()
    for layer, outputs in (("conv1", "20"), ("conv2", "50"), ("ip1", "500"), ("ip2", "10")):
        editor.select(layer)
        editor.settle()
        _fill(editor, page.locator("ng-layer-form"), num_output=outputs)
    editor.select("ip1", "ip2")
    _biases(editor, "inner_product_param")
    _rates(editor)
    editor.select("conv1", "conv2")
    _fill(editor, _settings(editor, "convolution_param"), kernel_size="5", pad="")
    _biases(editor, "convolution_param")
    _rates(editor)
    assert _drawn(editor) == _layers(_LENET.read_text())
    expect(editor.verdicts).to_contain_text("Caffe would accept")


def test_lenet_is_drawn_from_nothing_by_keyboard(editor: Editor) -> None:
    page = editor.page
    _new(editor)
    keyboard = page.keyboard

    def add(words: str) -> None:
        keyboard.press("a")
        keyboard.press("ControlOrMeta+a")
        keyboard.type(words)
        keyboard.press("Enter")
        editor.settle()

    def menu(name: str) -> None:
        page.locator("net-canvas.main").evaluate("(canvas) => canvas.focus()")
        keyboard.press("Shift+F10")
        page.get_by_role("menuitem", name=name).press("Enter")
        editor.settle()

    def fill(label: str, value: str, form: Locator | None = None) -> None:
        within = form or page.locator("ng-layer-form")
        field = within.get_by_label(label, exact=True).first
        field.focus()
        if field.evaluate("(field) => field.tagName") == "SELECT":
            for _ in range(12):  # what the keyboard does with a list: its letters
                if field.input_value() == value:
                    break
                keyboard.type(value[0])
        else:
            keyboard.press("ControlOrMeta+a")
            keyboard.press("Delete")
            keyboard.type(value)
            keyboard.press("Tab")
        editor.settle()
        keyboard.press("Escape")  # out of the form, onto the canvas

    def learns(outputs: str) -> None:
        fill("num_output", outputs)
        fill("type", "constant", page.get_by_role("group", name="bias_filler"))
        for row, rate in ((0, "1"), (1, "2")):
            page.locator("ng-inspector input.rate").nth(2 * row).focus()
            keyboard.type(rate)
            keyboard.press("Enter")
            editor.settle()
            keyboard.press("Escape")

    add("data read lmdb")
    fill("source", "mnist_train_lmdb")
    fill("scale", "0.00390625", _settings(editor, "transform_param"))
    page.locator("net-canvas.main").evaluate("(canvas) => canvas.focus()")
    keyboard.press("F2")
    keyboard.type("mnist")
    page.get_by_role("dialog").get_by_role("checkbox").focus()
    keyboard.press("Space")  # its blob stays data
    keyboard.press("Enter")
    editor.settle()
    menu("Split into one for TRAIN and one for TEST")
    fill("source", "mnist_test_lmdb")
    fill("batch_size", "100")
    editor.still()
    add("convolution")
    fill("kernel_size", "5")
    fill("pad", "")
    learns("20")
    add("pooling")
    add("convolution")
    fill("kernel_size", "5")
    fill("pad", "")
    learns("50")
    add("pooling")
    add("innerproduct")
    page.locator("net-canvas.main").evaluate("(canvas) => canvas.focus()")
    keyboard.press("F2")
    keyboard.type("ip1")
    keyboard.press("Enter")
    editor.settle()
    learns("500")
    add("relu")
    add("innerproduct")
    learns("10")
    add("accuracy")
    fill("lives in", "TEST")
    page.locator("net-canvas.main").evaluate("(canvas) => canvas.focus()")
    keyboard.press("ArrowUp")
    assert editor.selection() == ["ip2"]
    add("softmaxwithloss")
    assert _drawn(editor) == _layers(_LENET.read_text())
    expect(editor.verdicts).to_contain_text("Caffe would accept")
