"""The browser parts of the tutorials (docs/tutorials), walked as they are written."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

import netgraft

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


@pytest.fixture
def pair(weights: Path, tmp_path: Path) -> dict[str, Path]:
    """lenet and rgb as the tutorials name them, and flow.caffemodel: the same layers, other values."""
    files = {}
    for name in ("lenet", "rgb"):
        for ending in ("prototxt", "caffemodel"):
            file = files[f"{name}.{ending}"] = tmp_path / f"{name}.{ending}"
            shutil.copyfile(weights / f"lenet_v1.{ending}", file)
    files["flow.caffemodel"] = tmp_path / "flow.caffemodel"
    shutil.copyfile(weights / "lenet_v1.caffemodel", files["flow.caffemodel"])
    return files


def _opened(editor: Editor, pair: dict[str, Path], name: str, first: str, last: str) -> Locator:
    """Both files dropped, layers selected in the list, the dialog of Duplicate open."""
    editor.start()
    editor.drop(pair[f"{name}.prototxt"], pair[f"{name}.caffemodel"])
    editor.drawn()
    return _chosen(editor, first, last)


def _chosen(editor: Editor, first: str, last: str) -> Locator:
    """Layers selected in the list, the dialog of Duplicate open."""
    editor.row(first).click()
    editor.row(last).click(modifiers=["Shift"])
    return editor.duplicate()


def _join(dialog: Locator, kind: str) -> None:
    dialog.locator(f'input[name="join"][value="{kind}"]').check()


def _rates(folder: Path, archive: Path) -> dict[str, tuple[float, ...]]:
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    (net,) = folder.glob("**/*.prototxt")
    verdict = netgraft.open(net).check()
    assert verdict.ok
    return verdict.rates


def test_twins_with_different_rates(editor: Editor, pair: dict[str, Path], tmp_path: Path) -> None:
    dialog = _opened(editor, pair, "lenet", "conv1", "ip2")
    expect(editor.page.locator("ng-statusbar")).to_contain_text("7 selected")
    dialog.get_by_label("Learning rate of copy 2").select_option("scale")
    dialog.get_by_label("Value for copy 2").fill("10")
    dialog.get_by_role("radio", name="One each").check()
    _join(dialog, "concat")
    # what the last paragraph asks to try
    dialog.get_by_role("button", name="Share down to conv2").click()
    editor.previewed()
    refusal = dialog.locator('.problem[data-severity="error"]').first
    expect(refusal).to_contain_text("has mismatched lr_mult.")
    expect(refusal.get_by_role("button")).to_have_count(2)
    dialog.get_by_role("button", name="Share none").click()
    editor.previewed()
    for tab in ("Text", "Report", "Graph"):
        dialog.get_by_role("tab", name=tab).click()
    editor.apply()
    rates = _rates(tmp_path / "pair", editor.download("The pair, as a zip", tmp_path))
    assert (rates["conv1_a"], rates["conv1_b"]) == ((1, 2), (10, 20))


def test_a_siamese_net(editor: Editor, pair: dict[str, Path], tmp_path: Path) -> None:
    editor.start()
    editor.page.get_by_role("button", name="Examples").click()
    editor.page.get_by_role("menuitem", name=re.compile("Siamese LeNet")).click()
    editor.drawn()
    editor.page.get_by_role("tab", name=re.compile("Shares")).click()
    expect(editor.page.locator(".share-group").first).to_be_visible()

    editor.start()
    editor.drop(pair["lenet.prototxt"], pair["lenet.caffemodel"])
    editor.drawn()
    # a deploy net has no label: an Input beside it, of one number a pair
    spot = editor.rectangle("conv1")
    editor.page.mouse.dblclick(spot["x"] + spot["width"] + 150, spot["y"])
    editor.page.keyboard.type("input\n")
    expect(editor.row("data1")).to_be_visible()
    editor.drawn()
    editor.page.keyboard.press("F2")
    editor.page.keyboard.press("ControlOrMeta+a")
    editor.page.keyboard.type("sim\n")
    expect(editor.row("sim")).to_be_visible()
    editor.page.get_by_label("shape", exact=True).fill("64")
    editor.page.keyboard.press("Enter")
    editor.settle()
    dialog = _chosen(editor, "conv1", "ip2")
    dialog.get_by_role("button", name="Share down to conv2").click()
    dialog.get_by_role("radio", name="One each").check()
    _join(dialog, "contrastive")
    label = dialog.get_by_label("Label blob")
    expect(label).to_have_value("sim")
    label.fill("")
    expect(dialog.locator(".dialog-summary")).to_have_text("Name the blob that says which pairs are alike.")
    label.fill("sim")
    editor.previewed()
    editor.apply()
    rates = _rates(tmp_path / "pair", editor.download("The pair, as a zip", tmp_path))
    assert set(rates) == {f"{layer}_{copy}" for layer in ("conv1", "conv2", "ip1", "ip2") for copy in "ab"}


def test_two_streams_from_two_caffemodels(editor: Editor, pair: dict[str, Path], tmp_path: Path) -> None:
    dialog = _opened(editor, pair, "rgb", "conv1", "relu1")
    dialog.get_by_label("Suffix of copy 1").fill("_rgb")
    dialog.get_by_label("Suffix of copy 2").fill("_flow")
    dialog.get_by_role("radio", name="One each").check()
    _join(dialog, "concat")
    editor.previewed()
    editor.apply()
    page = editor.page
    page.get_by_role("tab", name="Weights").click()
    with page.expect_file_chooser() as choosing:
        page.locator("ng-weights").get_by_text("Another caffemodel…").click()
    choosing.value.set_files(pair["flow.caffemodel"])
    editor.settle()
    editor.row("conv1_flow").click()
    editor.row("relu1_flow").click(modifiers=["Shift"])
    page.get_by_label("Starts from").get_by_role("button", name="flow").click()
    editor.settle()
    # one layer alone: what it starts from now can be seen, and another be chosen
    editor.row("conv2_flow").click()
    chosen = page.get_by_label("Starts from")
    expect(chosen.locator("option:checked")).to_have_text("conv2 of flow")
    chosen.select_option(label="conv2")
    editor.settle()
    chosen.select_option(label="conv2 of flow")
    editor.settle()
    page.get_by_role("button", name="Prove the export").click()
    expect(page.get_by_text("Every copied blob equals its source: 12 of 12.").first).to_be_visible()
    rates = _rates(tmp_path / "pair", editor.download("The pair, as a zip", tmp_path))
    assert set(rates) == {"conv1_rgb", "conv2_rgb", "ip1_rgb", "conv1_flow", "conv2_flow", "ip1_flow", "ip2"}


def test_one_branch_learns_and_the_other_is_frozen(
    editor: Editor, pair: dict[str, Path], tmp_path: Path
) -> None:
    dialog = _opened(editor, pair, "lenet", "conv1", "relu1")
    dialog.get_by_label("Learning rate of copy 1").select_option("freeze")
    _join(dialog, "concat")
    editor.previewed()
    editor.apply()
    expect(editor.row("conv1_a").get_by_text("Frozen")).to_be_attached()
    editor.page.get_by_role("button", name="Rates", exact=True).click()
    editor.row("conv1_b").click()
    editor.page.locator("ng-inspector").get_by_role("button", name="Freeze", exact=True).click()
    editor.settle()
    rates = _rates(tmp_path / "pair", editor.download("The pair, as a zip", tmp_path))
    assert (rates["conv1_a"], rates["conv1_b"], rates["conv2_b"]) == ((0, 0), (0, 0), (1, 2))
