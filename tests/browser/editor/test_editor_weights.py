"""Weights in the editor: what loads, where a layer starts from, its values, and proved downloads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect
from tests.browser.editor.axe import Axe

from netgraft.proto import caffe_pb2
from netgraft.weights import index

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


@pytest.fixture
def det1(editor: Editor, weights: Path) -> Editor:
    """MTCNN's first net with its weights, and the panel of weights open."""
    editor.start()
    editor.drop(weights / "mtcnn_det1.prototxt", weights / "mtcnn_det1.caffemodel")
    editor.drawn()
    editor.page.get_by_role("tab", name="Weights").click()
    expect(editor.page.locator(".weights-table")).to_be_visible()
    return editor


def test_the_table_tells_each_blob_and_follows_every_edit(det1: Editor) -> None:
    page = det1.page
    table = page.locator(".weights-table")
    expect(table.locator("tbody")).to_have_count(8)
    expect(table.locator("tbody").first).to_contain_text("10×3×3×3")
    det1.select("conv2")
    page.get_by_label("Starts from").select_option(label="its filler")
    det1.settle()
    row = table.locator("tbody", has=page.get_by_role("button", name="conv2", exact=True))
    expect(row).to_contain_text("filler: xavier")
    expect(page.locator(".weights-told")).to_contain_text("1 layer from its filler: conv2")
    expect(page.locator(".weights-info")).to_contain_text("1 layer from fillers")
    page.get_by_label("Only what does not load").check()
    expect(table.locator("tbody")).to_have_count(1)
    # And back, by the picker that offers only what fits.
    options = page.get_by_label("Starts from").locator("optgroup option")
    expect(options).to_have_text(["conv2"])
    page.get_by_label("Starts from").select_option(label="conv2")
    expect(page.locator("ng-weights")).to_contain_text("Everything loads.")


def test_a_layer_takes_its_weights_from_a_second_file(det1: Editor, weights: Path, tmp_path: Path) -> None:
    net = caffe_pb2.NetParameter.FromString((weights / "mtcnn_det1.caffemodel").read_bytes())
    changed = next(layer for layer in net.layer if layer.name == "conv2")
    changed.blobs[0].data[0] = np.nan
    other = tmp_path / "second.caffemodel"
    other.write_bytes(net.SerializeToString())
    page = det1.page
    page.get_by_label("Another caffemodel").set_input_files(other)
    expect(page.locator(".source-chip", has_text="second")).to_be_visible()
    det1.select("conv2")
    options = page.get_by_label("Starts from").locator("optgroup[label=second] option")
    expect(options).to_have_text(["conv2 of second"])
    page.get_by_label("Starts from").select_option(value=options.get_attribute("value"))
    det1.settle()
    expect(page.locator("ng-layer-weights .weights-line")).to_contain_text("conv2 of second")
    page.locator("ng-layer-weights summary").click()
    expect(page.locator(".not-finite")).to_have_text("1 NaN")
    page.get_by_role("button", name="Take second away").click()
    expect(page.locator("ng-layer-weights .weights-line")).to_contain_text("is not here")


def test_the_values_of_a_layer_are_shown(det1: Editor) -> None:
    det1.select("conv1")
    page = det1.page
    page.locator("ng-layer-weights summary").click()
    expect(page.locator(".blob-figures")).to_have_count(2)
    expect(page.get_by_role("img", name="Histogram of the weight")).to_be_visible()
    picture = page.locator("img.filters")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 10
    # The next layer's values come without a further click.
    det1.select("conv2")
    expect(page.locator("ng-layer-weights .blob-figures").first).to_contain_text("16×10×3×3")


@pytest.mark.parametrize(
    ("what", "ending"), [("The caffemodel", ".caffemodel"), ("The weights as HDF5", ".caffemodel.h5")]
)
def test_a_download_comes_with_its_proof(det1: Editor, tmp_path: Path, what: str, ending: str) -> None:
    file = det1.download(what, tmp_path)
    assert file.name.endswith(ending)
    with index(file) as written:
        assert written.require("conv1").blobs
    told = det1.notice.filter(has_text="Every copied blob equals its source: 13 of 13.")
    expect(told).to_be_visible()
    det1.page.get_by_role("tab", name="Problems").click()
    told.get_by_role("button", name="Blob by blob").click()
    expect(det1.page.locator(".proved")).to_have_count(13)
    expect(det1.page.locator(".proved").first).to_have_text("= conv1/0")
    det1.select("conv2")
    det1.page.get_by_label("Starts from").select_option(label="its filler")
    det1.settle()
    expect(det1.page.locator(".proved")).to_have_count(0)  # it was about the revision before


def test_what_does_not_fit_is_not_downloaded(det1: Editor) -> None:
    det1.select("conv1")
    page = det1.page
    body = {
        "base_revision": page.evaluate("document.querySelector('ng-app').session.info.revision"),
        "operations": [
            {"op": "set_field", "layer": "conv3", "path": "convolution_param.num_output", "value": "33"}
        ],
    }
    page.evaluate("body => document.querySelector('ng-app').session.run(body.operations)", body)
    det1.settle()
    expect(page.locator("ng-weights tr[data-tone=error]").first).to_contain_text("shape clash")
    page.get_by_role("button", name="Download", exact=True).click()
    page.get_by_role("menuitem", name="The caffemodel").click()
    expect(det1.notice).to_contain_text("nothing was written")


def test_lenet_becomes_fully_convolutional_by_two_clicks(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt", weights / "lenet_v1.caffemodel")
    editor.drawn()
    for layer in ("ip1", "ip2"):
        editor.select(layer)
        editor.page.get_by_role("button", name="Make it a Convolution").click()
        editor.settle()
        expect(editor.page.locator("ng-inspector .inspector-type")).to_contain_text("Convolution")
    expect(editor.verdicts).to_contain_text("Caffe would accept")
    editor.page.get_by_role("tab", name="Weights").click()
    editor.page.get_by_role("button", name="Prove the export").click()
    expect(editor.notice.filter(has_text="Every copied blob equals its source: 8 of 8.")).to_be_visible()


def test_two_nets_become_one_each_with_its_own_weights(editor: Editor, weights: Path, tmp_path: Path) -> None:
    editor.start()
    editor.drop(weights / "mtcnn_det1.prototxt", weights / "mtcnn_det1.caffemodel")
    editor.drawn()
    page = editor.page
    page.get_by_role("tab", name="Weights").click()
    page.get_by_label("Another caffemodel").set_input_files(weights / "lenet_v1.caffemodel")
    chip = page.locator(".source-chip", has_text="lenet_v1")
    chip.locator("input[type=file]").set_input_files(weights / "lenet_v1.prototxt")
    expect(editor.notice.filter(has_text="9 layers added")).to_be_visible()
    expect(editor.verdicts).to_contain_text("Caffe would accept")
    file = editor.download("The caffemodel", tmp_path)
    expect(editor.notice.filter(has_text="Every copied blob equals its source: 21 of 21.")).to_be_visible()
    with index(file) as both, index(weights / "lenet_v1.caffemodel") as lenet:
        second = both.require("conv1_2").blobs[0].read()
        assert (second == lenet.require("conv1").blobs[0].read()).all()
        assert both.require("conv1").blobs[0].shape == (10, 3, 3, 3)


def test_axe_finds_nothing_on_the_weights(det1: Editor, weights: Path, tmp_path: Path) -> None:
    page, axe = det1.page, Axe(det1.page)
    net = caffe_pb2.NetParameter.FromString((weights / "mtcnn_det1.caffemodel").read_bytes())
    (tmp_path / "other.caffemodel").write_bytes(net.SerializeToString())
    page.get_by_label("Another caffemodel").set_input_files(tmp_path / "other.caffemodel")
    expect(page.locator(".source-chip", has_text="other")).to_be_visible()
    det1.run(
        {"op": "set_field", "layer": "conv3", "path": "convolution_param.num_output", "value": "33"},
        {"op": "leave_to_filler", "layers": ["conv2"]},
    )
    det1.settle()
    expect(page.locator("ng-weights tr[data-tone=error]").first).to_be_visible()
    det1.select("conv1")
    page.locator("ng-layer-weights summary").click()
    expect(page.locator("img.filters")).to_be_visible()
    axe.look("weights and filters")
    assert axe.found == {}
