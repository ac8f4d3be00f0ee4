"""Each code of the list: a net that earns it, at the right place, and a net that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from netgraft import edit, prototxt
from netgraft.caffe import checks
from netgraft.caffe.diagnostics import CODES, Diagnostic
from netgraft.caffe.model import Profile, Verdict
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState, Phase

INPUT = (
    'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 4 dim: 6 dim: 6 } } }\n'
)


def ip(name: str, more: str = "", bottom: str = "data", out: int = 3, extra: str = "") -> str:
    """An InnerProduct layer with `more` inside."""
    return (
        f'layer {{ name: "{name}" type: "InnerProduct" bottom: "{bottom}" top: "{name}" {more} '
        f"inner_product_param {{ num_output: {out} {extra} }} }}\n"
    )


@dataclass(frozen=True)
class Case:
    """`at` is the text that the diagnostic points at; `words` end Caffe's message (or stand in ours)."""

    bad: str
    good: str
    at: str
    layer: str | None
    words: str
    phase: Phase = "TRAIN"
    profile: Profile = "bvlc"


def bn(name: str, more: str) -> str:
    return f'layer {{ name: "{name}" type: "BatchNorm" bottom: "data" top: "{name}" {more} }}\n'


CASES = {
    "syntax": Case(
        INPUT + 'layer { name: "a" type ]: "ReLU" bottom: "data" top: "a" }',
        INPUT + 'layer { name: "a" type: "ReLU" bottom: "data" top: "a" }',
        "]",
        "a",
        '2:24: Expected ":", found "]".',
    ),
    "unknown-field": Case(
        INPUT + ip("a", extra="bias_trem: false"),
        INPUT + ip("a", extra="bias_term: false"),
        "bias_trem",
        "a",
        'Message type "caffe.InnerProductParameter" has no field named "bias_trem".',
    ),
    "unknown-enum-value": Case(
        INPUT + 'layer { name: "a" type: "Pooling" bottom: "data" top: "a" pooling_param { pool: MIN } }',
        INPUT + 'layer { name: "a" type: "Pooling" bottom: "data" top: "a" '
        "pooling_param { pool: MAX kernel_size: 2 } }",
        "MIN",
        "a",
        'Unknown enumeration value of "MIN" for field "pool".',
    ),
    "fork-field": Case(
        INPUT + ip("a", extra="quantized: false"),
        INPUT + ip("a", extra="bias_term: false"),
        "quantized",
        "a",
        "quantized is no field of BVLC Caffe; a fork's, it is kept as it is.",
        profile="fork",
    ),
    "misspelt-field": Case(
        INPUT + ip("a", extra="bias_trem: false"),
        INPUT + ip("a", extra="quantized: false"),
        "bias_trem",
        "a",
        "bias_trem is no field of BVLC Caffe; did you mean bias_term? As it stands, nothing but a fork that "
        "has bias_trem reads it.",
        profile="fork",
    ),
    "misspelt-type": Case(
        INPUT + ip("a").replace("InnerProduct", "InnerProdcut"),
        INPUT + ip("a").replace("InnerProduct", "Warp"),
        '"InnerProdcut"',
        "a",
        "InnerProdcut is no layer type that Netgraft knows; did you mean InnerProduct? a's shapes are "
        "unknown.",
        profile="fork",
    ),
    "bad-value": Case(
        INPUT + ip("a", extra="bias_term: 2"),
        INPUT + ip("a", extra="bias_term: 1"),
        "2",
        "a",
        "Integer out of range (2)",
    ),
    "field-given-twice": Case(
        INPUT + ip("a", 'name: "b"'),
        INPUT + ip("a"),
        'name: "b"',
        "a",
        'Non-repeated field "name" is specified multiple times.',
    ),
    "missing-required-field": Case(
        INPUT + 'layer { name: "a" type: "Clip" bottom: "data" top: "a" clip_param { min: 0 } }',
        INPUT + 'layer { name: "a" type: "Clip" bottom: "data" top: "a" clip_param { min: 0 max: 1 } }',
        '"a"',
        "a",
        "Message missing required fields: layer[1].clip_param.max",
    ),
    "mixed-formats": Case(
        INPUT + 'layers { name: "a" type: RELU bottom: "data" top: "a" }',
        INPUT,
        "layers {",
        "a",
        "Manually switch the definition to 'layer' format to continue.",
    ),
    "unknown-v0-type": Case(
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
        'layers { bottom: "data" top: "a" layer { name: "a" type: "maxout" } }',
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
        'layers { bottom: "data" top: "a" layer { name: "a" type: "relu" } }',
        "layers {",
        "a",
        "Unknown layer name: maxout",
    ),
    "padding-layer": Case(
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
        'layers { bottom: "data" top: "p" layer { name: "p" type: "padding" pad: 1 } }\n'
        'layers { bottom: "p" top: "a" layer { name: "a" type: "relu" } }',
        'input: "data" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n'
        'layers { bottom: "data" top: "p" layer { name: "p" type: "padding" pad: 1 } }\n'
        'layers { bottom: "p" top: "a" layer { name: "a" type: "conv" num_output: 2 kernelsize: 3 } }',
        "layers {",
        "a",
        "Padding layer input to non-convolutional / non-pooling layer type relu",
    ),
    "input-shape-missing": Case(
        'input: "a" input: "b" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n',
        'input: "a" input_dim: 1 input_dim: 3 input_dim: 4 input_dim: 4\n',
        'input: "',
        "input",
        "input 1 has no 4 input_dim: Caffe reads past the end of the list",
    ),
    "include-and-exclude": Case(
        INPUT + ip("a", "include { phase: TRAIN } exclude { phase: TEST }"),
        INPUT + ip("a", "include { phase: TRAIN }"),
        "{ phase: TEST }",
        "a",
        "Specify either include rules or exclude rules; not both.",
    ),
    "unknown-bottom": Case(
        INPUT + ip("a", bottom="dat"),
        INPUT + ip("a"),
        '"dat"',
        "a",
        "Unknown bottom blob 'dat' (layer 'a', bottom index 0)",
    ),
    "top-produced-twice": Case(
        INPUT + ip("a") + 'layer { name: "b" type: "ReLU" bottom: "data" top: "a" }',
        INPUT + ip("a") + 'layer { name: "b" type: "ReLU" bottom: "a" top: "a" }',
        '"a"',
        "b",
        "Top blob 'a' produced by multiple sources.",
    ),
    "propagate-down-count": Case(
        INPUT + ip("a", "propagate_down: true propagate_down: false"),
        INPUT + ip("a", "propagate_down: true"),
        "false",
        "a",
        "(2 vs. 1) propagate_down param must be specified either 0 or bottom_size times",
    ),
    "unknown-layer-type": Case(
        INPUT + 'layer { name: "a" type: "Relu" bottom: "data" top: "a" }',
        INPUT + 'layer { name: "a" type: "ReLU" bottom: "data" top: "a" }',
        '"Relu"',
        "a",
        "Threshold, Tile)",
    ),
    "fork-layer-type": Case(
        INPUT + 'layer { name: "a" type: "Mystery" bottom: "data" top: "a" }',
        INPUT + 'layer { name: "a" type: "ReLU" bottom: "data" top: "a" }',
        '"Mystery"',
        "a",
        "Mystery is not in the catalogue: a's shapes are unknown.",
        profile="fork",
    ),
    "layer-refused": Case(
        INPUT + 'layer { name: "a" type: "Concat" bottom: "data" top: "a" concat_param { axis: 4 } }',
        INPUT + 'layer { name: "a" type: "Concat" bottom: "data" top: "a" concat_param { axis: 3 } }',
        "concat_param",
        "a",
        "axis 4 out of range for 4-D Blob with shape 2 4 6 6 (288)",
    ),
    "loss-weight-count": Case(
        INPUT + ip("a", "loss_weight: 1 loss_weight: 2"),
        INPUT + ip("a", "loss_weight: 1"),
        "2",
        "a",
        "(1 vs. 2) loss_weight must be unspecified or specified once per top blob.",
    ),
    "batch-norm-rate": Case(
        INPUT + bn("a", "param { lr_mult: 0 } param { }"),
        INPUT + bn("a", "param { lr_mult: 0 } param { lr_mult: 0 }"),
        "param { }",
        "a",
        "Cannot configure batch normalization statistics as layer parameters.",
    ),
    "too-many-params": Case(
        INPUT + ip("a", "param { } param { lr_mult: 2 }", extra="bias_term: false"),
        INPUT + ip("a", "param { } param { lr_mult: 2 }"),
        "param { lr_mult: 2 }",
        "a",
        "(2 vs. 1) Too many params specified for layer a",
    ),
    "share-shape-mismatch": Case(
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" }', out=4),
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" }'),
        'name: "w"',
        "b",
        "Owner layer param shape is 3 144 (432); sharing layer expects shape 4 144 (576)",
    ),
    "share-count-mismatch": Case(
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" share_mode: PERMISSIVE }', out=4),
        INPUT
        + ip("a", 'param { name: "w" }')
        + ip("b", 'param { name: "w" share_mode: PERMISSIVE }', extra="transpose: true"),
        'name: "w"',
        "b",
        "Owner layer param shape is 3 144 (432); sharing layer shape is 4 144 (576)",
    ),
    "mismatched-lr-mult": Case(
        INPUT + ip("a", 'param { name: "w" lr_mult: 1 }') + ip("b", 'param { name: "w" lr_mult: 10 }'),
        INPUT
        + ip("a", 'param { name: "w" lr_mult: 1 }')
        + ip("b", 'param { name: "w" lr_mult: 1.00000001 }'),
        "lr_mult: 10",
        "b",
        "(10 vs. 1) Shared param 'w' has mismatched lr_mult.",
    ),
    "mismatched-decay-mult": Case(
        INPUT + ip("a", 'param { name: "w" decay_mult: 1 }') + ip("b", 'param { name: "w" decay_mult: 0 }'),
        INPUT + ip("a", 'param { name: "w" decay_mult: 1 }') + ip("b", 'param { name: "w" }'),
        "decay_mult: 0",
        "b",
        "(0 vs. 1) Shared param 'w' has mismatched decay_mult.",
    ),
    "duplicate-layer-name": Case(
        INPUT + ip("a") + ip("a", bottom="a").replace('top: "a"', 'top: "b"'),
        INPUT + ip("a", "include { phase: TRAIN }") + ip("a", "include { phase: TEST }"),
        '"a"',
        "a~2",
        "There is a layer named 'a' before this one.",
    ),
    "hdf5-slash-name": Case(
        INPUT + ip("a/b"),
        INPUT + ip("a_b"),
        '"a/b"',
        "a/b",
        "'a/b': Caffe cannot save layers with a slash in their name as HDF5 (a .caffemodel is fine).",
    ),
    "rate-from-sharer": Case(
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" lr_mult: 0 }'),
        INPUT + ip("a", 'param { name: "w" lr_mult: 0 }') + ip("b", 'param { name: "w" lr_mult: 0 }'),
        "lr_mult: 0",
        "b",
        "so b's lr_mult 0 rules all that share it. All of them are frozen by it.",
    ),
    "single-use-share-name": Case(
        INPUT + ip("a", 'param { name: "shared_1" }') + ip("b", 'param { name: "shared_l" }'),
        INPUT + ip("a", 'param { name: "shared_1" }') + ip("b", 'param { name: "shared_1" }'),
        'name: "shared_1"',
        "a",
        "a's weight is shared with nobody; is 'shared_l' meant?",
    ),
    "half-shared": Case(
        INPUT + ip("a", 'param { name: "w" } param { }') + ip("b", 'param { name: "w" } param { }'),
        INPUT
        + ip("a", 'param { name: "w" } param { name: "b" }')
        + ip("b", 'param { name: "w" } param { name: "b" }'),
        'name: "w"',
        "b",
        "b shares its weight with a, but not its bias.",
    ),
    "unrelated-share": Case(
        INPUT
        + ip("a", 'param { } param { name: "w" }', out=4)
        + 'layer { name: "b" type: "Scale" bottom: "data" top: "b" param { name: "w" } }',
        INPUT + ip("a", 'param { } param { name: "w" }') + ip("b", 'param { } param { name: "w" }'),
        'name: "w"',
        "b",
        "the bias of a (InnerProduct).",
    ),
    "stale-test-sharer": Case(
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" } include { phase: TEST }'),
        INPUT + ip("a", 'param { name: "w" }') + ip("b", 'param { name: "w" }'),
        'name: "w"',
        "b",
        "but is not there in TRAIN",
        phase="TEST",
    ),
    "shared-batchnorm": Case(
        INPUT
        + bn("a", 'param { name: "m" lr_mult: 0 } param { name: "v" lr_mult: 0 }')
        + bn("b", 'param { name: "m" lr_mult: 0 } param { name: "v" lr_mult: 0 }'),
        INPUT + bn("a", "param { lr_mult: 0 }") + bn("b", "param { lr_mult: 0 }"),
        'name: "m"',
        "b",
        "neither branch gets its own.",
    ),
    "identical-twins": Case(
        INPUT
        + ip("a")
        + ip("b")
        + 'layer { name: "join" type: "Eltwise" bottom: "a" bottom: "b" top: "join" }',
        INPUT
        + ip("a")
        + ip("b", extra='weight_filler { type: "xavier" }')
        + 'layer { name: "join" type: "Eltwise" bottom: "a" bottom: "b" top: "join" }',
        '"b"',
        "b",
        "join treats them alike: they stay equal for ever.",
    ),
    "old-format": Case(
        'input: "data" input_dim: 2 input_dim: 4 input_dim: 6 input_dim: 6\n'
        'layers { name: "r" type: RELU bottom: "data" top: "r" }',
        INPUT + 'layer { name: "r" type: "ReLU" bottom: "data" top: "r" }',
        "layers",
        None,
        "The file is in an old format: V1 layers, net-level inputs.",
    ),
    "unknown-source-shape": Case(
        'layer { name: "d" type: "Data" top: "d" data_param { source: "db" batch_size: 4 } }',
        INPUT,
        '"d"',
        "d",
        "What 'db' holds (channels, height, width) is not known",
    ),
}


def verdict_on(text: str, case: Case) -> tuple[prototxt.Document, Verdict]:
    document = prototxt.parse(text)
    return document, check(document, NetState(case.phase), profile=case.profile)


def found(verdict: Verdict, code: str) -> list[Diagnostic]:
    return [diagnostic for diagnostic in verdict.diagnostics if diagnostic.code == code]


TWINS = (
    INPUT
    + ip("a", extra='weight_filler { type: "xavier" }')
    + ip("b", extra='weight_filler { type: "xavier" }')
    + 'layer { name: "join" type: "Eltwise" bottom: "a" bottom: "b" top: "join" }'
)


def twins(text: str, origins: Mapping[str, str | None]) -> bool:
    verdict = check(prototxt.parse(text), NetState("TRAIN"), origins=origins)
    return bool(found(verdict, "identical-twins"))


def test_twins_from_the_same_stored_weights_stay_equal() -> None:
    assert twins(TWINS, {"a": "ip", "b": "ip"})
    assert not twins(TWINS, {"a": "ip", "b": "ip2"})
    assert not twins(TWINS, {"a": "ip", "b": None})
    assert not twins(TWINS, {})


def test_twins_that_differ_in_rate_reader_or_join_do_not() -> None:
    same = {"a": "ip", "b": "ip"}
    assert not twins(TWINS.replace('top: "b"', 'top: "b" param { lr_mult: 2 }'), same)
    assert not twins(TWINS + ip("c", bottom="b"), same)
    assert not twins(TWINS.replace("Eltwise", "Concat"), same)
    coefficients = 'top: "join" eltwise_param { coeff: 1 coeff: -1 }'
    assert not twins(TWINS.replace('top: "join"', coefficients), same)
    shared = TWINS.replace('top: "a"', 'top: "a" param { name: "w" } param { name: "v" }')
    assert not twins(shared.replace('top: "b"', 'top: "b" param { name: "w" } param { name: "v" }'), same)
    frozen = TWINS.replace('top: "a"', 'top: "a" param { lr_mult: 0 } param { lr_mult: 0 }')
    assert not twins(frozen.replace('top: "b"', 'top: "b" param { lr_mult: 0 } param { lr_mult: 0 }'), same)


def test_every_code_has_a_case() -> None:
    assert checks.__all__  # importing the package is what registers them
    assert set(CASES) == {code for code in CODES if not code.startswith("solver-")}


@pytest.mark.parametrize("code", CASES)
def test_the_bad_net_earns_the_code_at_the_right_place(code: str) -> None:
    case = CASES[code]
    document, verdict = verdict_on(case.bad, case)
    diagnostics = found(verdict, code)
    assert diagnostics, [diagnostic.code for diagnostic in verdict.diagnostics]
    first = diagnostics[0]
    assert first.severity == CODES[code].severity
    assert first.layer == case.layer
    assert first.place is not None
    assert document.chunks[first.place.chunk].text[first.place.start : first.place.end].startswith(case.at)
    assert case.words in (first.caffe_message or first.message)
    assert verdict.ok == (first.severity != "error")
    if first.severity == "error":
        assert verdict.first_error == first


@pytest.mark.parametrize("code", CASES)
def test_the_good_net_does_not_earn_it_and_is_accepted(code: str) -> None:
    case = CASES[code]
    _, verdict = verdict_on(case.good, case)
    assert verdict.ok, verdict.first_error
    assert not found(verdict, code)


@pytest.mark.parametrize("code", CASES)
def test_every_fix_mends_what_it_is_offered_for(code: str) -> None:
    """Fixes are data here; the room above applies them."""
    case = CASES[code]
    document, verdict = verdict_on(case.bad, case)
    before = found(verdict, code)
    for fix in (fix for diagnostic in before for fix in diagnostic.fixes):
        edited = edit.Document(document, {})
        for operation in fix.operations:
            edited = edit.apply(edited, operation).document
        after = check(edited.tree, NetState(case.phase), profile=case.profile)
        assert len(found(after, code)) < len(before), fix.title
        assert after.ok


def test_every_code_has_a_section_in_the_docs(repo: Path) -> None:
    text = (repo / "docs" / "checks.md").read_text("utf-8")
    sections = {
        line.removeprefix("### ").strip("` ") for line in text.splitlines() if line.startswith("### ")
    }
    assert sections == set(CODES)


def test_a_byte_order_mark_is_named_as_what_it_is() -> None:
    first = check(prototxt.parse("\ufeff" + INPUT)).first_error
    assert first is not None
    assert "byte order mark" in first.message
    assert first.caffe_message == "1:1: Interpreting non ascii codepoint 239."


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("unknown-bottom", "Read 'data'"),
        ("unknown-layer-type", "Make it ReLU"),
        ("single-use-share-name", "Share 'shared_l'"),
    ],
)
def test_a_slip_of_the_pen_is_mended_by_what_was_meant(code: str, title: str) -> None:
    case = CASES[code]
    first = found(verdict_on(case.bad, case)[1], code)[0]
    assert first.fixes[0].title == title
