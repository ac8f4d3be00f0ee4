"""The panels around the canvas: list, inspector, shares, problems, states, text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


def test_the_start_page_tells_what_to_do_and_offers_the_examples(editor: Editor) -> None:
    editor.start()
    page = editor.page
    expect(page.get_by_role("button", name="Drop a prototxt and its caffemodel here")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a prototxt and its caffemodel here").click()
    assert chooser.value.is_multiple()
    page.get_by_role("button", name=re.compile("Siamese LeNet")).click()
    editor.drawn()
    expect(page).to_have_url(re.compile(r"/d/\w+$"))
    expect(editor.verdicts).to_contain_text("TRAIN, TEST Caffe would accept")


def test_the_list_filters_by_words_and_patterns_and_selects(editor: Editor) -> None:
    editor.example("siamese_mnist")
    page = editor.page
    page.keyboard.press("/")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("conv*_p")
    expect(page.locator(".layer-row")).to_have_count(2)
    search.fill("innerproduct")
    found = page.locator(".layer-row .layer-name").all_inner_texts()
    assert found
    assert all(name.startswith(("ip", "feat")) for name in found)
    page.keyboard.press("Enter")
    assert editor.selection() == [found[0]]
    page.keyboard.press("Shift+ArrowDown")
    assert editor.selection() == found[:2]
    search.fill("no such layer")
    expect(page.get_by_text("No layer fits.")).to_be_visible()


def test_rates_are_edited_checked_unstated_and_undone(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    editor.select("joint_ip")
    rate = page.get_by_label("lr_mult of the weight")
    expect(rate).to_have_value("")
    expect(rate).to_have_attribute("placeholder", "1")
    rate.fill("fast")
    rate.press("Tab")
    expect(page.locator("ng-param-table").get_by_role("alert")).to_contain_text("Not a number")
    expect(rate).to_have_attribute("aria-invalid", "true")
    rate.fill("0.25")
    rate.press("Enter")
    expect(page.locator(".document-state")).to_contain_text("Revision 2")
    expect(rate).to_have_value("0.25")
    rate.fill("")
    rate.press("Enter")
    expect(page.locator(".document-state")).to_contain_text("Revision 3")
    expect(rate).to_have_attribute("placeholder", "1")
    page.get_by_role("button", name="Freeze").click()
    expect(rate).to_have_value("0")
    expect(page.get_by_role("button", name="Unfreeze")).to_be_visible()
    page.locator(".topbar").get_by_role("button", name=re.compile("^Undo")).click()
    expect(rate).to_have_value("")


def test_several_layers_get_their_rates_and_their_sharing_together(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    editor.select("conv1", "conv2", "ip1")
    inspector = page.locator("ng-inspector")
    expect(inspector.get_by_role("heading", name="3 layers")).to_be_visible()
    rate = inspector.get_by_label("lr_mult of the weight in 3 layers")
    rate.fill("5")
    rate.press("Enter")
    editor.settle()
    editor.select("conv2")
    expect(inspector.get_by_label("lr_mult of the weight", exact=True)).to_have_value("5")
    editor.select("conv1", "conv2", "ip1")
    inspector.get_by_role("button", name="lr × 0.1").click()
    expect(rate).to_have_value("0.5")


def test_the_net_itself_is_renamed_where_nothing_is_selected(editor: Editor) -> None:
    editor.example("lenet_train_val")
    inspector = editor.page.locator("ng-inspector")
    inspector.get_by_role("button", name="Rename the net").click()
    inspector.get_by_label("New name of the net").fill("MNIST twins")
    inspector.get_by_label("New name of the net").press("Enter")
    editor.settle()
    expect(inspector.get_by_role("heading", name="MNIST twins")).to_be_visible()


def test_twins_can_be_shared_renamed_and_dissolved(editor: Editor) -> None:
    editor.start()
    tower = (
        'layer { name: "ip_NAME" type: "InnerProduct" bottom: "data" top: "ip_NAME" '
        "inner_product_param { num_output: 3 } }\n"
    )
    text = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 } } }\n'
    text += "".join(tower.replace("NAME", name) for name in ("a", "b", "c"))
    editor.drop(("twins.prototxt", text.encode()))
    editor.drawn()
    page = editor.page
    editor.select("ip_a", "ip_b", "ip_c")
    page.get_by_role("button", name="Share between these layers").click()
    editor.settle()
    page.get_by_role("tab", name="Shares").click()
    groups = page.locator(".share-group")
    expect(groups).to_have_count(2)
    expect(groups.first.locator("li")).to_have_count(3)
    expect(groups.first.locator("li").first).to_contain_text("owner")

    groups.first.get_by_role("button", name=re.compile("^Rename")).click()
    page.get_by_label("New name of the group").fill("tower_w")
    page.keyboard.press("Enter")
    expect(groups.first).to_contain_text("tower_w")
    groups.first.get_by_role("button", name="Unshare ip_b").click()
    expect(groups.first.locator("li")).to_have_count(2)
    rate = groups.first.get_by_label("lr_mult")
    rate.fill("4")
    rate.press("Enter")
    editor.settle()
    expect(rate).to_have_value("4")
    groups.first.get_by_role("button", name=re.compile("^Dissolve")).click()
    expect(groups).to_have_count(1)
    expect(editor.notice).to_contain_text("tower_w is dissolved")
    expect(editor.notice).to_contain_text("It starts from its own filler.")
    expect(editor.verdicts).to_contain_text("Caffe would accept")


def test_train_and_test_are_two_views_of_one_file(editor: Editor) -> None:
    editor.example("lenet_train_val")
    page = editor.page
    count = page.locator("ng-statusbar").get_by_text(re.compile(r"^\d+ layers$"))
    page.get_by_role("radio", name="TRAIN").click()
    editor.settle()
    train = count.inner_text()
    expect(editor.row("accuracy")).to_have_class(re.compile("inactive"))
    page.get_by_role("radio", name="TEST").click()
    editor.settle()
    expect(count).not_to_have_text(train)
    expect(editor.row("accuracy")).not_to_have_class(re.compile("inactive"))


def test_renaming_and_deleting_layers_can_be_undone_step_by_step(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    before = editor.layers()
    editor.select("joint_ip")
    page.get_by_role("button", name="Rename this layer").click()
    page.get_by_label("New name of the layer").fill("head")
    page.keyboard.press("Enter")
    editor.settle()
    assert editor.selection() == ["head"]
    editor.row("head").click()
    page.keyboard.press("Delete")
    editor.settle()
    assert "head" not in editor.layers()
    editor.notice.first.get_by_role("button", name="Undo").click()
    editor.settle()
    assert editor.selection() == ["head"]
    undo = page.locator(".topbar").get_by_role("button", name=re.compile("^Undo: "))
    expect(undo).to_have_attribute("title", re.compile("joint_ip"))
    undo.click()
    editor.settle()
    assert editor.layers() == before


def test_an_address_leads_to_a_layer_and_follows_the_selection(editor: Editor) -> None:
    document = editor.example("siamese_mnist")
    editor.page.goto("/")
    editor.open(document, layer="conv2")
    assert editor.selection() == ["conv2"]
    editor.select("conv1")
    assert editor.page.url.endswith(f"/d/{document}#layer=conv1")


def test_the_context_menu_of_a_layer_selects_freezes_and_duplicates(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    spot = editor.rectangle("concat")

    def menu() -> None:
        page.mouse.click(spot["x"] + 20, spot["y"] + 10, button="right")
        expect(page.get_by_role("menu", name="Layers")).to_be_visible()

    menu()
    assert editor.selection() == ["concat"]
    page.get_by_role("menuitem", name="Select everything upstream too").click()
    assert editor.selection() == ["data_a", "data_b", "ip1_a", "ip1_b", "concat"]
    menu()
    page.get_by_role("menuitem", name="Duplicate 5 layers").click()
    expect(editor.dialog.get_by_label("Layers", exact=True)).to_have_value(
        "data_a, data_b, ip1_a, ip1_b, concat"
    )


def test_earlier_nets_are_listed_and_deleted_only_when_asked_twice(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(("short_lived.prototxt", (weights / "lenet_v1.prototxt").read_bytes()))
    editor.drawn()
    page = editor.page
    page.locator(".topbar").get_by_role("button", name="Open").click()
    entry = page.locator(".documents li", has_text="short_lived")
    expect(entry).to_have_count(1)
    entry.get_by_role("button", name="Delete short_lived and its history").click()
    entry.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="Graft a Caffe net")).to_be_visible()
    expect(page.locator(".start-list").last).not_to_contain_text("short_lived")


def test_panels_are_resized_folded_and_remembered(editor: Editor) -> None:
    document = editor.example("question")
    page = editor.page
    bar = page.get_by_role("separator", name="Resize the details")
    before = int(bar.get_attribute("aria-valuenow") or 0)
    bar.press("ArrowLeft")
    expect(bar).to_have_attribute("aria-valuenow", str(before + 16))
    page.get_by_role("button", name="Fold the details away or back").click()
    expect(page.get_by_role("tab", name="Inspector")).to_be_hidden()
    editor.open(document)
    page.get_by_role("button", name="Show the details").click()
    expect(page.get_by_role("tab", name="Inspector")).to_be_visible()
    expect(bar).to_have_attribute("aria-valuenow", str(before + 16))


def test_the_theme_is_chosen_kept_and_follows_the_system_otherwise(editor: Editor) -> None:
    editor.example("question")
    page = editor.page
    root = page.locator("html")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemradio", name="Light").click()
    expect(root).to_have_attribute("data-theme", "light")
    page.reload()
    expect(root).to_have_attribute("data-theme", "light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitemradio", name="As the system").click()
    expect(root).to_have_attribute("data-theme", "dark")


def test_zooming_in_folds_the_side_panels_and_zooming_out_brings_them_back(editor: Editor) -> None:
    editor.example("question")
    layers = editor.page.get_by_role("listbox", name="Layers", exact=True)
    size = editor.page.viewport_size
    assert size is not None
    expect(layers).to_be_visible()
    editor.page.set_viewport_size({"width": 720, "height": 450})  # 200 % of a usual page
    expect(layers).to_be_hidden()
    assert editor.page.evaluate("document.documentElement.scrollWidth") == 720
    verdict = editor.verdicts.bounding_box()
    counts = editor.page.locator(".statusbar .counts").bounding_box()
    assert verdict is not None
    assert counts is not None
    assert verdict["x"] + verdict["width"] <= counts["x"]
    editor.page.set_viewport_size(size)
    expect(layers).to_be_visible()


def test_a_layer_chosen_in_the_list_of_a_large_net_comes_near_enough_to_read(editor: Editor) -> None:
    editor.example("googlenet_deploy")
    editor.fit()
    wide = "() => document.querySelector('net-canvas.main').clientRectOf('inception_3a/1x1').width"
    assert editor.page.evaluate(wide) < 60
    editor.row("inception_3a/1x1").click()
    editor.page.wait_for_function(f"() => ({wide})() > 100")


def test_a_file_for_training_only_is_not_refused_for_testing_unless_one_looks_at_that(editor: Editor) -> None:
    text = """layer { name: "d" type: "DummyData" top: "d" include { phase: TRAIN }
  dummy_data_param { shape { dim: 2 dim: 3 } } }
layer { name: "r" type: "ReLU" bottom: "d" top: "r" }
"""
    made = editor.page.request.post("/api/documents", data={"text": text, "name": "train"})
    editor.open(made.json()["id"])
    expect(editor.verdicts).to_contain_text("TRAIN Caffe would accept")
    expect(editor.verdicts).to_contain_text("TEST not meant")
    expect(editor.problems).to_have_count(0)
    told = editor.page.locator("ng-problems .not-meant")
    expect(told).to_have_text("This file has no TEST net: its data layers live in TRAIN only.")
    editor.page.get_by_role("radio", name="TEST").click()
    editor.settle()
    expect(editor.problems.first).to_contain_text("Unknown bottom blob 'd'")
    expect(told).to_be_visible()
