"""Texts typed by two people at once: merged piece by piece, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import edit, prototxt
from netgraft.edit import rebase
from netgraft.edit.operations import ReplaceText

BASE = """# a tower
name: "tower"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }
# the first
layer {
  name: "fc1"
  type: "InnerProduct"
  bottom: "data"
  top: "fc1"
  inner_product_param { num_output: 5 }
}

layer { name: "relu1" type: "ReLU" bottom: "fc1" top: "fc1" }  # in place
layer { name: "fc2" type: "InnerProduct" bottom: "fc1" top: "fc2" inner_product_param { num_output: 2 } }
"""


def merged(ours: str, theirs: str, base: str = BASE) -> str:
    return rebase.merge(*(prototxt.parse(text) for text in (base, ours, theirs)))


def typed(ours: str, theirs: str, base: str = BASE) -> edit.Document:
    """As a whole edit: what both typed, held against what each typed alone."""
    first, second = edit.Document.read(base), edit.Document.read(theirs)
    operations = [ReplaceText(text=ours)]
    return rebase.rebase(first, second, operations, edit.apply, rebase.Premises({})).document


def clashes(ours: str, theirs: str, base: str = BASE) -> list[tuple[str, str, str]]:
    with pytest.raises(rebase.Refused) as told:
        typed(ours, theirs, base)
    return [(clash.kind, clash.name, clash.how) for clash in told.value.clashes]


WIDE = BASE.replace("num_output: 5", "num_output: 50")
NARROW = BASE.replace("num_output: 2", "num_output: 20")
FIRST = BASE.replace("# the first", "# the very first")
MORE = BASE + 'layer { name: "prob" type: "Softmax" bottom: "fc2" top: "prob" }\n'


def test_what_two_typed_in_different_layers_is_all_there() -> None:
    both = WIDE.replace("num_output: 2", "num_output: 20")
    assert typed(WIDE, NARROW).text == both
    assert typed(NARROW, WIDE).text == both


def test_neighbours_may_be_changed_by_two() -> None:
    leaky = BASE.replace('type: "ReLU"', 'type: "PReLU"')
    assert typed(leaky, NARROW).text == leaky.replace("num_output: 2", "num_output: 20")


def test_a_layer_and_the_comment_above_it_may_be_changed_by_two() -> None:
    assert (
        typed(WIDE, FIRST).text == typed(FIRST, WIDE).text == WIDE.replace("# the first", "# the very first")
    )


def test_a_layer_typed_at_the_end_goes_behind_theirs() -> None:
    silence = BASE + 'layer { name: "quiet" type: "Silence" bottom: "fc2" }\n'
    both = MORE + silence.removeprefix(BASE)
    assert typed(silence, MORE).text == both


def test_what_stood_at_the_files_end_stays_there_once() -> None:
    base = BASE + "\n# the end\n"
    ends = [f'{base}layer {{ name: "{name}" type: "Silence" bottom: "fc2" }}\n' for name in "ab"]
    text = typed(ends[0], ends[1], base).text
    assert text == ends[1] + ends[0].removeprefix(base)


def test_a_file_without_a_last_line_break_is_added_to_by_two() -> None:
    base = BASE.rstrip("\n")
    ends = [f'{base}\nlayer {{ name: "{name}" type: "Silence" bottom: "fc2" }}' for name in "ab"]
    assert typed(ends[0], ends[1], base).text == f"{ends[1]}\n{ends[0].removeprefix(base).strip()}"
    commented = f"{base} # last"
    assert (
        typed(f"{commented}\n{ends[0].removeprefix(base).strip()}", commented, base).text.count("# last") == 1
    )


def test_a_layer_moved_by_one_and_changed_by_the_other_is_both() -> None:
    lines = BASE.splitlines(keepends=True)
    quiet = [f'layer {{ name: "{name}" type: "Silence" bottom: "fc2" }}\n' for name in "abc"]
    base = "".join([*lines, *quiet])
    moved = "".join([*lines, *quiet[1:], quiet[0]])
    changed = base.replace('"a" type: "Silence"', '"a" type: "Silence" loss_weight: 1')
    both = moved.replace('"a" type: "Silence"', '"a" type: "Silence" loss_weight: 1')
    assert typed(moved, changed, base).text == typed(changed, moved, base).text == both


def test_a_layer_deleted_by_one_leaves_what_the_other_typed() -> None:
    without = "".join(line for line in BASE.splitlines(keepends=True) if "relu1" not in line)
    assert typed(without, NARROW).text == without.replace("num_output: 2", "num_output: 20")


def test_what_both_typed_in_one_layer_clashes() -> None:
    narrower = BASE.replace("num_output: 5", "num_output: 4")
    assert clashes(WIDE, narrower) == [("layer", "fc1", "changed")]
    assert clashes(FIRST, BASE.replace("# the first", "# one")) == [("layer", "fc1", "comment")]
    assert clashes(BASE.replace('"tower"', '"a"'), BASE.replace('"tower"', '"b"')) == [
        ("file", "name", "changed")
    ]


def test_what_both_typed_alike_is_no_clash() -> None:
    assert typed(WIDE, WIDE).text == WIDE
    both = WIDE.replace("num_output: 2", "num_output: 20")
    assert typed(both, WIDE).text == both


def test_typing_in_a_layer_that_was_deleted_clashes() -> None:
    without = "".join(line for line in BASE.splitlines(keepends=True) if "fc2" not in line)
    assert clashes(NARROW, without) == [("layer", "fc2", "deleted")]
    assert clashes(without, NARROW) == [("layer", "fc2", "changed")]


def test_a_half_typed_layer_is_kept_as_it_was_typed() -> None:
    half = BASE + 'layer {\n  name: "prob"\n  type: "Soft'
    assert typed(half, WIDE).text == half.replace("num_output: 5", "num_output: 50")


def test_two_new_layers_that_make_one_blob_clash_in_caffes_words() -> None:
    other = BASE + 'layer { name: "other" type: "Power" bottom: "fc2" top: "prob" }\n'
    with pytest.raises(rebase.Refused, match="Top blob 'prob' produced by multiple sources"):
        typed(other, MORE)


def test_line_breaks_of_the_file_are_kept() -> None:
    texts = [text.replace("\n", "\r\n") for text in (BASE, WIDE, NARROW)]
    assert typed(texts[1], texts[2], texts[0]).text == typed(WIDE, NARROW).text.replace("\n", "\r\n")


# Whatever is typed

Row = tuple[str, int, int]  # a layer's name, its type and the comment above it, by number
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.integers(0, 2)),
    max_size=8,
    unique_by=lambda row: row[0],
)
ENDS = st.sampled_from(["", "\n", "# end", "\n# end\n", "# the end\n"])


def lead(name: str, number: int) -> str:
    return f"# {name}{number}\n" if number else ""


def layer(name: str, kind: int) -> str:
    return f'layer {{ name: "{name}" type: "T{kind}" }}\n'


def written(rows: Iterable[Row], end: str = "") -> str:
    return (
        'name: "net"\n' + "".join(lead(name, above) + layer(name, kind) for name, kind, above in rows) + end
    )


@st.composite
def changed(draw: st.DrawFn, base: list[Row]) -> list[Row]:
    """The rows with some gone, some changed, some new, in another order perhaps."""
    rows = draw(st.permutations(base)) if draw(st.booleans()) else list(base)
    names = {name for name, _, _ in base}
    gone = draw(st.sets(st.sampled_from(sorted(names) or ["-"]), max_size=2))
    other = {name: (kind, above) for name, kind, above in draw(ROWS)}
    kept = [
        (name, *other.get(name, (kind, above))) if draw(st.integers(0, 3)) == 0 else (name, kind, above)
        for name, kind, above in rows
        if name not in gone
    ]
    at = draw(st.integers(0, len(kept)))
    new = [(name, kind, above) for name, (kind, above) in other.items() if name not in names]
    return [*kept[:at], *new, *kept[at:]]


@given(base=ROWS, data=st.data(), ends=st.tuples(ENDS, ENDS, ENDS))
def test_a_merge_keeps_every_byte_that_nobody_touched(
    base: list[Row], data: st.DataObject, ends: tuple[str, str, str]
) -> None:
    rows = [base, data.draw(changed(base), label="ours"), data.draw(changed(base), label="theirs")]
    texts = [written(row, end) for row, end in zip(rows, ends, strict=True)]
    try:
        text = merged(texts[1], texts[2], texts[0])
    except rebase.Refused:
        assert all(one != other for one, other in combinations(texts, 2))
        return
    sides = [{name: (kind, above) for name, kind, above in row} for row in rows]
    was, ours, theirs = sides
    assert sorted(one.name for one in edit.view(prototxt.parse(text)).layers) == sorted(
        {name for name in ours if name in theirs or name not in was}
        | {name for name in theirs if name not in was}
    )
    for name in was.keys() | ours.keys() | theirs.keys():
        if f'"{name}"' in text:
            parts = [side.get(name) or (None, None) for side in sides]
            kind, above = (mine if other == old else other for old, mine, other in zip(*parts, strict=True))
            assert kind is not None
            assert above is not None
            assert lead(name, above) + layer(name, kind) in text


@given(base=ROWS, ours=ROWS, theirs=ROWS)
def test_a_merge_with_oneself_or_with_nothing_is_the_text_itself(
    base: list[Row], ours: list[Row], theirs: list[Row]
) -> None:
    was, one, other = (written(rows) for rows in (base, ours, theirs))
    assert merged(one, was, was) == one
    assert merged(was, other, was) == other
    assert merged(one, one, was) == one


def test_every_pair_of_single_changes_merges_alike_both_ways() -> None:
    changes = [WIDE, NARROW, FIRST, BASE.replace('"tower"', '"net"'), BASE.replace("# in place", "# here")]
    for one, other in product(changes, changes):
        if one != other:
            assert merged(one, other) == merged(other, one)
