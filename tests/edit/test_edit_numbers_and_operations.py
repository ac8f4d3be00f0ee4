"""Multipliers as text, and the operations as data."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from netgraft import edit, prototxt
from netgraft.edit.numbers import as_float32, read_float, write_float
from netgraft.edit.params import ParamChange, change_params


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


@given(
    entries=st.lists(
        st.sampled_from(["", "lr_mult: 1", 'name: "w"', 'name: "w" lr_mult: 2 decay_mult: 0']), max_size=3
    ),
    changes=st.dictionaries(
        st.integers(0, 4),
        st.tuples(st.sampled_from([None, "v"]), st.sampled_from([None, 0.5, 3.0])),
        max_size=3,
    ),
    split=st.sampled_from([" ", "\n  ", "\r\n\t"]),
)
def test_params_state_what_was_asked_and_nothing_else_changes(
    entries: list[str], changes: dict[int, tuple[str | None, float | None]], split: str
) -> None:
    params = "".join(f"{split}param {{ {entry} }}" for entry in entries)
    text = f'layer {{{split}name: "x"{split}top: "y"{params}{split}other_param {{ a: 1 }}\n}}\n'
    tree = prototxt.parse(text)
    layer = edit.view(tree).layers[0]
    wanted = {blob: ParamChange(name=name, lr_mult=lr) for blob, (name, lr) in changes.items()}
    after = edit.view(prototxt.apply(tree, change_params(tree, layer, wanted)))
    found = after.layers[0]
    assert not after.tree.errors
    assert (found.name, found.top_names) == ("x", ("y",))
    for blob in range(max(len(layer.params), len(found.params))):
        name, lr = changes.get(blob, ("", None)) if blob in changes else ("", None)
        old = layer.params[blob] if blob < len(layer.params) else None
        new = found.params[blob] if blob < len(found.params) else None
        if blob in changes:
            assert (new.name if new else "") == (name or "")
            assert (new.lr_mult if new else None) == lr
        else:
            assert (new.name if new else "") == (old.name if old else "")
            assert (new.lr_mult if new else None) == (old.lr_mult if old else None)
        assert (new.decay_mult if new else None) == (old.decay_mult if old else None)


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
