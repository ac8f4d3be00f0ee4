"""Multipliers as text, and the operations as data."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from netgraft import edit, prototxt
from netgraft.caffe.state import Rule
from netgraft.edit.numbers import as_float32, read_float, read_int, write_float
from netgraft.edit.params import KEEP, ParamChange, change_params
from netgraft.edit.report import title_of


@given(st.floats(width=32, allow_nan=False))
def test_a_float32_is_written_so_that_it_is_read_back(value: float) -> None:
    read = read_float(write_float(value))
    assert read is not None
    assert as_float32(read) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 * 3, "0.3"), (10.0, "10"), (1e-5, "0.00001"), (-0.0, "0"), (1e12, "1e+12"), (math.inf, "inf")],
)
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert write_float(value) == text


@pytest.mark.parametrize(
    ("token", "value"),
    [("1.", 1.0), (".5", 0.5), ("2e-3f", 0.002), ("-3", -3.0), ("0x10", 16.0), ("x", None)],
)
def test_numbers_are_read_as_text_format_spells_them(token: str, value: float | None) -> None:
    assert read_float(token) == value


@pytest.mark.parametrize(
    ("token", "value"), [("- 2", -2), ("-# of a gradient\n .5f", -0.5), ("- inf", -math.inf)]
)
def test_a_minus_may_stand_apart_from_its_number(token: str, value: float) -> None:
    assert read_float(token) == value


@pytest.mark.parametrize(("token", "value"), [("017", 15), ("0x1F", 31), ("- 3", -3), ("-010", -8), ("0", 0)])
def test_integers_are_read_as_c_writes_them(token: str, value: int) -> None:
    assert read_int(token) == value


def test_a_rate_behind_a_lone_minus_is_scaled_and_a_level_is_octal() -> None:
    text = (
        'layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 3 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" param { lr_mult: - 2 } '
        "inner_product_param { num_output: 2 } include { min_level: 010 phase: 00 } }\n"
    )
    operation = {"op": "duplicate", "layers": ["ip"], "rates": [{}, {"scale_lr": 3}]}
    copy = edit.view(edit.apply(edit.Document.read(text), operation).document.tree).by_key["ip_b"]
    assert copy.params[0].lr_mult == -6
    assert copy.include == (Rule(phase="TRAIN", min_level=8),)


STATEMENTS = ['name: "w"', "lr_mult: 1", "decay_mult: 0", "share_mode: STRICT", "# why\n"]


@given(
    entries=st.lists(st.lists(st.sampled_from(STATEMENTS), max_size=4, unique=True), max_size=3),
    changes=st.dictionaries(
        st.integers(0, 4),
        st.tuples(
            st.sampled_from([KEEP, None, "v"]),
            st.sampled_from([KEEP, None, 0.5, 3.0]),
            st.sampled_from([KEEP, None, 2.0]),
        ),
        max_size=3,
    ),
    outer=st.sampled_from([" ", "\n  ", "\r\n\t"]),
    inner=st.sampled_from([" ", "\n    ", ", ", ";"]),
)
def test_params_state_what_was_asked_and_nothing_else_changes(
    entries: list[list[str]],
    changes: dict[int, tuple[Any, Any, Any]],
    outer: str,
    inner: str,
) -> None:
    params = "".join(f"{outer}param {{{' ' + inner.join(entry)}\n}}" for entry in entries)
    text = f'layer {{{outer}name: "x"{outer}top: "y"{params}{outer}other_param {{ a: 1 }}\n}}\n'
    tree = prototxt.parse(text)
    assume(not tree.errors)
    layer = edit.view(tree).layers[0]
    wanted = {blob: ParamChange(*change) for blob, change in changes.items()}
    after = edit.view(prototxt.apply(tree, change_params(tree, layer, wanted)))
    found = after.layers[0]
    assert not after.tree.errors
    assert (found.name, found.top_names) == ("x", ("y",))
    assert after.tree.text.count("# why") >= text.count("# why") - len(changes)
    blank: tuple[str, float | None, float | None] = ("", None, None)
    for blob in range(5):
        before, now = (
            (one.params[blob].name, one.params[blob].lr_mult, one.params[blob].decay_mult)
            if blob < len(one.params)
            else blank
            for one in (layer, found)
        )
        asked = changes.get(blob, (KEEP, KEEP, KEEP))
        expected = tuple(
            old if new is KEEP else (new or "") if isinstance(old, str) else new
            for old, new in zip(before, asked, strict=True)
        )
        assert now == expected


def examples() -> list[dict[str, Any]]:
    schema = TypeAdapter(edit.Operation).json_schema()
    return [example for one in schema["$defs"].values() for example in one.get("examples", [])]


def test_every_operation_has_an_example_that_is_one() -> None:
    schema = TypeAdapter(edit.Operation).json_schema()
    ops = set(schema["discriminator"]["mapping"])
    assert {example["op"] for example in examples()} == ops
    for example in examples():
        assert edit.read_operation(example).op == example["op"]


def test_every_field_of_every_operation_reads_well_in_the_docs() -> None:
    schema = TypeAdapter(edit.Operation).json_schema()
    for name, one in schema["$defs"].items():
        assert one.get("description"), name


def test_a_report_says_everything_in_lines(tower: str) -> None:
    operation = {
        "op": "duplicate",
        "layers": ["conv1"],
        "share": {"default": "all"},
        "rates": [{}, {"scale_lr": 10}],
    }
    lines = edit.apply(edit.Document.read(tower), operation).report.lines()
    assert lines[0] == "2 copies of 1 layer"
    assert any(
        line.startswith("copy 2: conv1 -> conv1_b [weight shared with conv1_a as conv1_w") for line in lines
    )
    assert any(
        line.startswith("refused by Caffe: Shared param 'conv1_w' has mismatched lr_mult.") for line in lines
    )


@pytest.mark.parametrize(
    ("titles", "called"),
    [
        (["Freeze a"], "Freeze a"),
        (["Unshare b", "Unshare b", "Freeze a"], "Unshare b; Freeze a"),
        (["A", "B", "C", "D"], "A; B; C; D"),
        (["A", "B", "C", "D", "E"], "A; B; C and 2 more"),
    ],
)
def test_a_step_of_several_operations_is_called_by_each_title_once_and_by_the_first_of_many(
    titles: list[str], called: str
) -> None:
    assert title_of([edit.Report(op="freeze", title=title) for title in titles]) == called
