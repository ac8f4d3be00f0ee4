"""What goes wrong is said where it happens, and the net stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor


@pytest.mark.console_errors(r"status of 422")
def test_text_that_is_no_prototxt_is_refused_with_line_and_column(editor: Editor) -> None:
    editor.example("question")
    before = editor.layers()
    address = editor.page.url
    editor.drop(("letter.prototxt", b"Dear Caffe,\n  this is no net.\n"))
    notice = editor.page.get_by_role("alert")
    expect(notice).to_contain_text("This is no prototxt. Nothing was changed.")
    expect(notice).to_contain_text("line 1:6")
    assert editor.layers() == before
    assert editor.page.url == address
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_be_hidden()


def test_a_net_with_a_slip_in_it_opens_and_the_slip_is_listed_with_its_place(editor: Editor) -> None:
    editor.start()
    text = 'name: "slip"\nlayer {\n  name: "data"\n  type: Input\n  top: "data"\n}\n'
    editor.drop(("slip.prototxt", text.encode()))
    expect(editor.row("data")).to_be_visible()
    expect(editor.verdicts).to_contain_text("Caffe refuses")
    expect(editor.problems.first.get_by_role("button", name="line 4:9")).to_be_visible()


@pytest.mark.console_errors(r"status of 422")
def test_a_truncated_caffemodel_is_refused_and_the_weights_stay(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.prototxt", weights / "lenet_v1.caffemodel")
    editor.drawn()
    cut = (weights / "lenet_v1.caffemodel").read_bytes()[:100_000]
    editor.drop(("cut.caffemodel", cut))
    expect(editor.page.get_by_role("alert")).to_contain_text("byte")
    expect(editor.page.locator("ng-statusbar")).to_contain_text("lenet_v1.caffemodel")


@pytest.mark.console_errors(r"status of 422")
def test_a_solver_state_is_refused_and_told_from_weights(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(weights / "cifar10_quick_v1.prototxt")
    editor.drawn()
    editor.drop(weights / "cifar10_quick_v1.solverstate")
    expect(editor.page.get_by_role("alert")).to_contain_text("it cannot be grafted")


@pytest.mark.console_errors(r"status of 422")
def test_weights_that_do_not_fit_are_refused_layer_by_layer_in_caffes_words(
    editor: Editor, weights: Path
) -> None:
    editor.start()
    editor.drop(weights / "mtcnn_det1.prototxt")
    editor.drawn()
    editor.drop(weights / "mtcnn_det2.caffemodel")
    notice = editor.page.get_by_role("alert")
    expect(notice).to_contain_text(
        "These weights do not fit the net: Caffe would refuse them. Nothing was changed."
    )
    expect(notice.locator("li")).to_have_count(3)
    expect(notice).to_contain_text("Cannot copy param 0 weights from layer 'conv3'; shape mismatch.")
    expect(editor.page.locator("ng-statusbar")).to_contain_text("no weights")


def test_files_of_other_kinds_are_turned_away(editor: Editor) -> None:
    editor.start()
    editor.drop(("photo.jpg", b"\xff\xd8"))
    expect(editor.page.get_by_role("alert")).to_contain_text("photo.jpg is neither a net nor weights")
    editor.drop(("a.prototxt", b""), ("b.prototxt", b""), ("c.caffemodel", b""))
    expect(editor.page.get_by_role("alert").last).to_contain_text(
        "One net, one caffemodel and one solver at a time"
    )


def test_weights_may_come_before_their_net(editor: Editor, weights: Path) -> None:
    editor.start()
    editor.drop(weights / "lenet_v1.caffemodel")
    expect(
        editor.page.get_by_role("button", name="Now drop the prototxt of lenet_v1.caffemodel")
    ).to_be_visible()
    editor.drop(weights / "lenet_v1.prototxt")
    editor.drawn()
    expect(editor.page.locator("ng-statusbar")).to_contain_text("lenet_v1.caffemodel")


def test_duplicate_without_a_selection_says_how_to_select(editor: Editor) -> None:
    editor.example("question")
    editor.page.get_by_role("button", name="Duplicate", exact=True).click()
    expect(editor.notice.first).to_contain_text("Select the layers to duplicate first")
    expect(editor.dialog).to_be_hidden()


def test_the_dialog_refuses_layers_that_do_not_exist_and_names_that_clash(editor: Editor) -> None:
    editor.example("question")
    editor.select("ip1_a")
    dialog = editor.duplicate()
    make = dialog.get_by_role("button", name="Make 2 copies")
    layers = dialog.get_by_label("Layers", exact=True)
    layers.fill("ip1_a, conv9")
    expect(dialog.get_by_role("alert")).to_contain_text("No layer is named conv9.")
    expect(make).to_be_disabled()
    layers.fill("")
    expect(dialog).to_contain_text("No layer is chosen yet.")
    expect(make).to_be_disabled()
    layers.fill("ip1_*")
    dialog.get_by_label("Suffix of copy 2").fill("_a")
    expect(dialog.get_by_role("alert")).to_contain_text("Two copies would have the same names.")
    dialog.get_by_label("Suffix of copy 2").fill("")
    expect(dialog.get_by_role("alert")).to_contain_text("Each copy needs something to tell its names by.")
    expect(make).to_be_disabled()
    dialog.get_by_label("Suffix of copy 2").fill("_b")
    editor.previewed()
    expect(make).to_be_enabled()


@pytest.mark.console_errors(r"status of 409")
def test_a_net_changed_in_another_tab_is_shown_and_an_edit_here_stands_beside_it(editor: Editor) -> None:
    document = editor.example("question")
    editor.select("ip1_a")
    answer = editor.page.request.post(
        f"/api/documents/{document}/operations",
        data={"base_revision": 1, "operations": [{"op": "rename_layer", "layer": "concat", "to": "both"}]},
    )
    assert answer.ok
    rate = editor.page.get_by_label("lr_mult of the weight")
    rate.fill("3")
    rate.press("Enter")
    expect(editor.row("both")).to_be_visible()
    editor.settle()
    expect(rate).to_have_value("3")
    source = editor.page.request.get(f"/api/documents/{document}/source").text()
    assert '"both"' in source
    assert "lr_mult: 3" in source


def test_a_tab_shows_the_net_as_it_is_now_without_being_asked(editor: Editor) -> None:
    document = editor.example("question")
    answer = editor.page.request.post(
        f"/api/documents/{document}/operations",
        data={"base_revision": 1, "operations": [{"op": "rename_layer", "layer": "concat", "to": "both"}]},
    )
    assert answer.ok
    expect(editor.row("both")).to_be_visible()


@pytest.mark.console_errors(r"ERR_FAILED")
def test_that_the_server_did_not_answer_is_over_when_it_does(editor: Editor) -> None:
    editor.example("question")
    editor.select("ip1_a")
    rate = editor.page.get_by_label("lr_mult of the weight")
    editor.page.route("**/operations*", lambda route: route.abort())
    rate.fill("3")
    rate.press("Enter")
    alert = editor.page.get_by_role("alert").filter(has_text="The server does not answer.")
    expect(alert).to_be_visible()
    expect(rate).to_have_value("3")  # kept for another try
    expect(rate).to_have_attribute("aria-invalid", "true")
    editor.page.unroute("**/operations*")
    rate.press("Enter")
    expect(alert).to_be_hidden()
    expect(rate).to_have_value("3")
    expect(rate).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.console_errors(r"status of 404")
def test_an_address_of_no_document_says_so(editor: Editor) -> None:
    editor.page.goto("/d/nothing-here")
    expect(editor.page.get_by_role("alert")).to_be_visible()
    expect(editor.page.get_by_role("heading", name="Graft a Caffe net")).to_be_visible()
