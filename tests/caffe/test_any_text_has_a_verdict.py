"""Whatever stands in a file, there is a verdict, and what holds of every verdict holds of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netgraft import prototxt
from netgraft.caffe.cost import cost
from netgraft.caffe.model import Profile, Verdict
from netgraft.caffe.net import check
from netgraft.caffe.report import run_object
from netgraft.caffe.state import TEST, TRAIN, NetState

_WORDS = """
    0 -1 1 2 3 7 65536 4294967295 -2147483648 1e30 nan inf true MAX "" "data" "top0" "in0" { } [ ] : ; #
    param{name:"w"} lr_mult:3 bottom:"in0" top:"top0" axis:9 type:"LSTM" include{phase:TEST} "ReLU"
    blobs{shape{dim:3}data:1} propagate_down:true loss_weight:1 layers{type:RELU} input:'x' input_dim:3
"""
WORDS = st.sampled_from(_WORDS.split())
PIECES = re.compile(r'\s+|[A-Za-z_]\w*|"[^"]*"|-?[\d.]+|.', re.S)


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    lines = (shared / "conformance" / "layers.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["prototxt"] for line in lines[::9]]


def assert_consistent(document: prototxt.Document, verdict: Verdict) -> None:
    errors = [diagnostic for diagnostic in verdict.diagnostics if diagnostic.severity == "error"]
    assert verdict.ok == (not errors)
    assert list(verdict.diagnostics[: len(errors)]) == errors
    for diagnostic in verdict.diagnostics:
        place = diagnostic.place
        assert place is not None
        assert 0 <= place.start <= place.end <= len(document.chunks[place.chunk].text)
        assert diagnostic.severity != "error" or diagnostic.caffe_message
    net = verdict.net
    for index, param in enumerate(net.params):
        assert param.owner < index
        assert param.owner < 0 or net.params[param.owner].owner < 0
    assert len(net.learnable) == sum(param.owner < 0 for param in net.params)
    if verdict.ok:
        for layer in net.layers:
            assert len(layer.tops) == len(layer.top_shapes)
            assert len(layer.bottoms) == len(layer.bottom_shapes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), state=st.sampled_from([TRAIN, TEST]), profile=st.sampled_from(["bvlc", "fork"]))
def test_a_recorded_net_with_any_words_changed(
    texts: list[str], data: st.DataObject, state: NetState, profile: Profile
) -> None:
    pieces = PIECES.findall(data.draw(st.sampled_from(texts)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(pieces) - 1))
        pieces[at : at + data.draw(st.integers(0, 1))] = [" ", data.draw(WORDS), " "]
    document = prototxt.parse("".join(pieces))
    verdict = check(document, state, profile=profile)
    assert_consistent(document, verdict)
    json.dumps(run_object(document, verdict, "net.prototxt"))
    cost(verdict.net)


@given(st.text())
def test_any_text(text: str) -> None:
    document = prototxt.parse(text)
    assert_consistent(document, check(document))
