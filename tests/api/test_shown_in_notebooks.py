"""What a notebook and a terminal show: short, readable, with places; and mistakes that are told as such."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import netgraft

WRONG = (
    'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 1 } } }\n'
    'layer { name: "<i>" type: "ReLU" bottom: "none" top: "r" }\n'
)


@pytest.fixture
def lenet(shared: Path) -> netgraft.Document:
    weights = shared / "weights"
    return netgraft.open(weights / "lenet_v1.prototxt", weights=weights / "lenet_v1.caffemodel")


class _Cells(HTMLParser):
    """The texts of a table's cells, and which elements there are."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.elements: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def test_a_document_is_a_table_of_its_layers(lenet: netgraft.Document) -> None:
    html = lenet.duplicate("conv1,conv2", share="conv1")._repr_html_()
    assert "lenet_v1.prototxt</b>: 11 layers, with weights, TRAIN: Caffe would build it" in html
    cells = _Cells(html).cells
    row = cells[cells.index("conv1_b") :][:8]
    assert row == [
        "conv1_b",
        "Convolution",
        "data",
        "conv1_b",
        "64×20×24×24",
        "20×1×5×5, 20",
        "1 2",
        "conv1_w conv1_b",
    ]


def test_what_names_hold_is_text_and_no_markup() -> None:
    net = netgraft.parse(WRONG)
    for html in (net._repr_html_(), net.check()._repr_html_(), net.check().findings[0]._repr_html_()):
        assert _Cells(html).elements <= {
            "p",
            "b",
            "ul",
            "li",
            "br",
            "code",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }
        assert "&lt;i&gt;" in html


def test_a_refusal_is_shown_with_its_place_and_in_caffes_words() -> None:
    html = netgraft.parse(WRONG)._repr_html_()
    assert "TRAIN: Caffe would refuse it" in html
    assert re.search(r">error</b> 2:\d+ No layer before", html)
    assert "<code>Unknown bottom blob &#x27;none&#x27;" in html


def test_bytes_that_are_no_utf8_are_shown() -> None:
    net = netgraft.parse(b'layer { name: "\xff" type: "Input" top: "d" }')
    net._repr_html_().encode("utf-8")


def test_a_net_of_very_many_layers_is_shown_in_part() -> None:
    layers = (f'layer {{ name: "l{at}" type: "Silence" }}' for at in range(1234))
    html = netgraft.parse("\n".join(layers))._repr_html_()
    assert "<p>and 934 more</p>" in html


def test_what_was_saved_proved_and_done_is_told_in_lines(lenet: netgraft.Document, tmp_path: Path) -> None:
    twins = lenet.duplicate("ip2", join="concat")
    saved = twins.save(tmp_path / "twins")
    assert str(saved).splitlines()[:3] == [
        f"wrote {tmp_path}/twins.prototxt",
        f"wrote {tmp_path}/twins.caffemodel",
        "conv1 <- conv1 (2 blobs)",
    ]
    assert repr(twins.prove(tmp_path / "twins.caffemodel")).endswith("source, bit for bit: 10 of 10")
    assert repr(twins.report).splitlines()[0] == "Duplicate 1 layer"
    assert "  joined: ip2_a + ip2_b -> ip2_concat (concat)" in str(twins.report).splitlines()


def test_a_proof_that_fails_names_the_blobs(lenet: netgraft.Document, tmp_path: Path) -> None:
    other = lenet.apply({"op": "upgrade"}, {"op": "leave_to_filler", "layers": ["ip2"]})
    told = repr(lenet.prove(other.save(tmp_path / "other").caffemodel or ""))
    assert told.startswith("2 of 8 blobs are not as they should be\nip2/0: ")


def test_weights_are_shown_in_a_line(lenet: netgraft.Document) -> None:
    index = lenet.sources[""]
    assert repr(index) == "<Index lenet_v1.caffemodel: 9 stored layers, 1,724,895 bytes>"
    layer = index.require("conv1")
    assert repr(layer) == "<StoredLayer conv1 (Convolution): 2 blobs>"
    assert repr(layer.blobs) == "(<StoredBlob 20 1 5 5 float>, <StoredBlob 1 1 1 20 float>)"


@pytest.mark.parametrize("phase", ["train", "", "DEPLOY"])
def test_a_phase_that_caffe_does_not_have_is_refused(lenet: netgraft.Document, phase: Any) -> None:
    with pytest.raises(ValueError, match="it is 'TRAIN' or 'TEST'"):
        lenet.check(phase)
    with pytest.raises(ValueError, match="it is 'TRAIN' or 'TEST'"):
        lenet.match(phase)


def test_stages_that_are_one_string_are_refused_and_not_taken_letter_by_letter(
    lenet: netgraft.Document,
) -> None:
    with pytest.raises(ValueError, match=r"stages is a list of names: \['deploy'\]"):
        lenet.check(stages="deploy")


def test_a_caffemodel_and_a_solver_given_as_a_net_are_told_as_such(shared: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not a prototxt; a caffemodel is given as weights="):
        netgraft.open(shared / "weights" / "lenet_v1.caffemodel")
    solver = tmp_path / "solver.prototxt"
    solver.write_text('net: "a.prototxt" base_lr: 0.1')
    with pytest.raises(ValueError, match=r"is a solver, not a net: see Document.training"):
        netgraft.open(solver)


def test_operations_may_come_as_lists(lenet: netgraft.Document) -> None:
    steps = [{"op": "upgrade"}, {"op": "rename_layer", "layer": "ip2", "to": "score"}]
    assert lenet.apply(steps).text == lenet.apply(*steps).text


def untyped(value: str) -> Any:
    """As it comes from a notebook, where nobody checks types."""
    return value


def test_a_wrong_operation_is_told_in_words_of_the_caller(lenet: netgraft.Document) -> None:
    with pytest.raises(
        netgraft.EditError, match=r"There is no operation 'set_rates'\. Did you mean 'set_rate'"
    ):
        lenet.apply({"op": "set_rates"})
    with pytest.raises(netgraft.EditError, match=r"This is no operation: inputs: Input should be 'same'"):
        lenet.duplicate("conv1", inputs=untyped("own"))
    with pytest.raises(netgraft.EditError, match="An operation is a mapping with an 'op'"):
        lenet.apply(untyped("upgrade"))
