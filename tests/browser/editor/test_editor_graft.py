"""The main job in a real browser: open a trained net, graft it, mend what is refused, take the pair away."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

Values = npt.NDArray[np.float32]

TOWER = ["conv1", "pool1", "conv2", "pool2", "ip1", "relu1", "ip2"]


def outputs(net: cv2.dnn.Net, image: Values, blobs: list[str]) -> list[Values]:
    """What a net makes of an image, at these blobs."""
    net.setInput(image)
    return [np.asarray(net.forward(blob), dtype=np.float32).copy() for blob in blobs]


def unpack(archive: Path, folder: Path) -> cv2.dnn.Net:
    """The pair in a downloaded zip, loaded by OpenCV."""
    with zipfile.ZipFile(archive) as pair:
        pair.extractall(folder)
    (prototxt,) = folder.glob("**/*.prototxt")
    (caffemodel,) = folder.glob("**/*.caffemodel")
    return cv2.dnn.readNetFromCaffe(str(prototxt), str(caffemodel))


def test_a_trained_net_becomes_two_grafted_copies_that_compute_what_it_computed(
    editor: Editor, weights: Path, tmp_path: Path
) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt", weights / "lenet_v1.caffemodel")
    editor.drawn()
    expect(editor.verdicts).to_contain_text("Caffe would accept")
    expect(editor.page.locator("ng-statusbar")).to_contain_text("lenet_v1.caffemodel")
    before = editor.layers()
    editor.fit()

    # one layer, all up to another, a box, and one taken out again
    editor.click_layer("conv2")
    assert editor.selection() == ["conv2"]
    editor.click_layer("conv1")
    editor.click_layer("ip2", "Shift")
    assert editor.selection() == TOWER
    editor.page.keyboard.press("Escape")
    assert editor.selection() == []
    editor.box(TOWER)
    assert editor.selection() == TOWER
    editor.click_layer("pool1", "Control")
    assert editor.selection() == [layer for layer in TOWER if layer != "pool1"]
    editor.click_layer("pool1", "Control")
    assert editor.selection() == TOWER

    # share the convolutions, give the second copy ten times the rate: Caffe would refuse
    dialog = editor.duplicate()
    expect(dialog.get_by_label("Layers", exact=True)).to_have_value("conv1..ip2")
    dialog.get_by_label("Suffix of copy 1").fill("_left")
    dialog.get_by_label("Suffix of copy 2").fill("_right")
    dialog.get_by_role("button", name="Share down to conv2").click()
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    dialog.get_by_label("Value for copy 2").fill("10")
    editor.previewed()
    refusals = dialog.locator('.problem[data-severity="error"]')
    expect(refusals.first).to_contain_text("Shared param 'conv1_w' has mismatched lr_mult.")
    expect(dialog.locator(".dialog-summary")).to_contain_text("4 blobs copied · 4 shared")
    dialog.get_by_role("tab", name="Text").click()
    expect(dialog.locator(".line.added", has_text='name: "conv1_left"')).to_be_visible()
    dialog.get_by_role("tab", name="Report").click()
    expect(dialog.locator("tr", has_text="conv1_right").first).to_contain_text("shared as conv1_w")
    editor.apply()

    # the copies are there, selected, and the page says what Caffe would die of
    copies = [f"{layer}{side}" for side in ("_left", "_right") for layer in TOWER]
    assert [layer for layer in editor.layers() if layer not in before] == copies
    assert editor.selection() == copies
    expect(editor.verdicts).to_contain_text("Caffe refuses: Shared param 'conv1_w' has mismatched lr_mult.")
    expect(editor.problems.first).to_contain_text("Shared param 'conv1_w' has mismatched lr_mult.")
    editor.page.get_by_role("tab", name="Shares").click()
    expect(editor.page.locator(".share-group")).to_have_count(4)

    # one click mends one layer, or all
    editor.problems.first.get_by_role("button", name="Unshare conv1_right").click()
    expect(editor.problems.filter(has_text="conv1_right")).to_have_count(0)
    editor.page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    expect(editor.problems.filter(has_text="conv1_right").first).to_be_visible()
    editor.page.get_by_role("button", name="Unshare all of these (2)").click()
    expect(editor.verdicts).to_contain_text("Caffe would accept")
    expect(editor.page.locator(".share-group")).to_have_count(0)

    # back to the beginning and forth again
    bar = editor.page.locator(".topbar")
    undo = bar.get_by_role("button", name=re.compile("^Undo"))
    for _ in range(2):
        undo.click()
        editor.settle()
    assert editor.layers() == before
    expect(undo).to_be_disabled()
    redo = bar.get_by_role("button", name=re.compile("^Redo"))
    for _ in range(2):
        redo.click()
        editor.settle()
    expect(editor.verdicts).to_contain_text("Caffe would accept")

    grafted = unpack(editor.download("The pair, as a zip", tmp_path), tmp_path / "pair")
    original = cv2.dnn.readNetFromCaffe(
        str(weights / "lenet_v1.prototxt"), str(weights / "lenet_v1.caffemodel")
    )
    image = np.random.default_rng(2).random((1, 1, 28, 28), dtype=np.float32)
    (expected,) = outputs(original, image, ["ip2"])
    left, right = outputs(grafted, image, ["ip2_left", "ip2_right"])
    assert np.abs(expected).max() > 1
    np.testing.assert_array_equal(left, expected)
    np.testing.assert_array_equal(right, expected)


def test_copies_that_share_everything_under_a_sum_compute_the_original_twice(
    editor: Editor, weights: Path, tmp_path: Path
) -> None:
    editor.start()
    editor.drop(weights / "mtcnn_det1.prototxt")
    editor.drawn()
    expect(editor.page.locator("ng-statusbar")).to_contain_text("no weights")
    editor.drop(weights / "mtcnn_det1.caffemodel")
    expect(editor.notice.first).to_contain_text("mtcnn_det1.caffemodel belongs to this net now")

    editor.row("conv1").click()
    editor.row("PReLU3").click(modifiers=["Shift"])
    tower = editor.selection()
    before = editor.layers()
    dialog = editor.duplicate()
    dialog.get_by_role("button", name="Share all").click()
    dialog.get_by_role("radio", name="One each").check()
    dialog.locator('input[name="join"][value="eltwise"]').check()
    dialog.get_by_label("The first copy keeps its names").check()
    dialog.get_by_label("Suffix of copy 2").fill("_twin")
    editor.previewed()
    editor.apply()
    assert {f"{layer}_twin" for layer in tower} < set(editor.layers())

    (joined,) = set(editor.layers()) - set(before) - {f"{layer}_twin" for layer in [*tower, "data"]}
    pair = unpack(editor.download("The pair, as a zip", tmp_path), tmp_path / "pair")
    original = cv2.dnn.readNetFromCaffe(
        str(weights / "mtcnn_det1.prototxt"), str(weights / "mtcnn_det1.caffemodel")
    )
    image = np.random.default_rng(3).random((1, 3, 12, 12), dtype=np.float32)
    (expected,) = outputs(original, image, ["PReLU3"])
    pair.setInput(image, "data")
    pair.setInput(image, "data_twin")
    both = np.asarray(pair.forward(joined), dtype=np.float32)
    np.testing.assert_array_equal(both, 2 * expected)
