"""Diffs of documents: the hunks, applied, give the new text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt
from netgraft.web.diff import unified

_LAYER = st.sampled_from(
    [
        'layer { name: "a" }\n',
        'layer {\n  name: "b"\n}\n',
        'layer { name: "c" } ',
        "# comment\n",
        "\n",
        "name: 'n'\n",
    ]
)
_NET = st.lists(_LAYER, max_size=12).map("".join)
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _patched(before: list[str], diff: str) -> list[str]:
    """`before` with the hunks of a unified diff carried out."""
    made: list[str] = []
    at = 0
    for line in diff.split("\n")[2:] if diff else []:
        if match := _HUNK.fullmatch(line):
            start = int(match[1]) - (match[2] != "0")
            made += before[at:start]
            at = start
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert before[at] == line[1:]
            at += 1
            if line[0] == " ":
                made.append(line[1:])
    return made + before[at:]


@given(_NET, _NET)
def test_a_diff_applied_gives_the_new_text(old: str, new: str) -> None:
    diff = unified(prototxt.parse(old), prototxt.parse(new), "net")
    assert _patched(_lines(old), diff) == _lines(new)


@given(_NET)
def test_equal_texts_have_no_diff(text: str) -> None:
    assert unified(prototxt.parse(text), prototxt.parse(text), "net") == ""


def test_an_insertion_deep_in_a_net_is_one_hunk_with_its_true_line_numbers() -> None:
    layers = [f'layer {{ name: "l{n}" }}\n' for n in range(1000)]
    grown = [*layers[:500], 'layer { name: "new" }\n', *layers[500:]]
    diff = unified(prototxt.parse("".join(layers)), prototxt.parse("".join(grown)), "net").split("\n")
    assert diff[2] == "@@ -498,6 +498,7 @@"
    assert [line for line in diff[3:] if line[0] != " "] == ['+layer { name: "new" }']


def test_layers_are_compared_with_layers_where_names_change_and_one_goes() -> None:
    def layer(name: str, kind: str) -> str:
        return f'layer {{\n  name: "{name}"\n  type: "{kind}"\n  bottom: "x"\n  top: "x"\n}}\n'

    kinds = ["Convolution", "ReLU", "Pooling", "ReLU"] * 30
    old = "".join(layer(f"l/{n}", kind) for n, kind in enumerate(kinds))
    new = "".join(layer(f"l_{n}", kind) for n, kind in enumerate(kinds) if n != 40)
    diff = unified(prototxt.parse(old), prototxt.parse(new), "net").split("\n")[2:]
    gone = [line[1:] for line in diff if line[0] == "-"]
    whole = ["layer {", '  type: "Convolution"', '  bottom: "x"', '  top: "x"', "}"]
    assert [line for line in gone if "name" not in line] == whole
    assert sum(line[0] == "+" for line in diff) == len(kinds) - 1


def test_a_change_at_either_end_of_a_net_is_two_hunks_with_three_lines_around_each() -> None:
    layers = [f'layer {{ name: "l{n}" }}' for n in range(50)]
    changed = ['layer { name: "first" }', *layers[1:-1], 'layer { name: "last" }']
    diff = unified(prototxt.parse("\n".join(layers)), prototxt.parse("\n".join(changed)), "net").split("\n")
    assert [line for line in diff if line.startswith("@@")] == ["@@ -1,4 +1,4 @@", "@@ -47,4 +47,4 @@"]
