"""A changed text read again: the tree that reading all of it gives, and old chunks where nothing changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt

NET = """# a net
name: 'net'

# one
layer {
  name: "a"
}
layer { name: "b" } # b

# last
layer {
  name: "c"
}
# end
"""
PIECES = [
    *(
        "layer {",
        "}",
        "\n",
        " ",
        "# note\n",
        "# open",
        'name: "x"\n',
        "a: 1;",
        ",",
        ";",
        "<",
        ">",
        "[",
        "]",
        "{",
    ),
    *('"', "'", "\ufeff", 'layer {\n  name: "d"\n}\n', "\r\n", "layer\n{\n}", "x {", "}\n}\n", "b:"),
]


def described(document: prototxt.Document) -> list[tuple[object, ...]]:
    return [(chunk.text, chunk.fields, chunk.errors) for chunk in document.chunks]


@given(
    st.lists(st.sampled_from([*PIECES, NET]), max_size=14).map("".join),
    st.data(),
)
def test_reading_again_finds_what_reading_all_finds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    put = data.draw(st.lists(st.sampled_from(PIECES), max_size=4).map("".join))
    changed = text[:start] + put + text[end:]
    again = prototxt.reparse(prototxt.parse(text), changed)
    assert described(again) == described(prototxt.parse(changed))


@pytest.mark.parametrize("place", ['"a"', '"b"', '"c"', "# a net", "# last", "# end"])
def test_what_lies_far_from_a_change_is_kept_as_it_is(place: str) -> None:
    whole = "".join(f'layer {{\n  name: "x{i}"\n}}\n' for i in range(9))
    before = prototxt.parse(whole + NET + whole)
    after = prototxt.reparse(before, whole + NET.replace(place, f"{place}# changed\n") + whole)
    assert after.chunks[:8] == before.chunks[:8]
    assert after.chunks[-7:] == before.chunks[-7:]


def test_the_same_text_is_the_same_chunks_but_for_those_at_its_end() -> None:
    before = prototxt.parse(NET)
    after = prototxt.reparse(before, NET)
    assert after.chunks[:3] == before.chunks[:3]
    assert described(after) == described(before)
