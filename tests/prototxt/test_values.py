"""Strings mean what protobuf says that they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt


def value(text: str) -> str:
    chunk = prototxt.parse(f"name: {text}").chunks[0]
    return prototxt.string_value(chunk, chunk.fields[0])


@given(st.text())
def test_a_quoted_string_means_itself(text: str) -> None:
    assert prototxt.unquote(prototxt.quote(text)) == text


@given(st.text())
def test_a_string_in_single_quotes_means_itself(text: str) -> None:
    assert prototxt.unquote(prototxt.quote(text, "'")) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_quoted_string_is_one_value_of_the_text_format(text: str) -> None:
    assert value(prototxt.quote(text)) == text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (r'"a\n\t\\"', "a\n\t\\"),
        (r'"\101\x42"', "AB"),
        (r'"\303\251"', "é"),
        (r'"\u00e9"', "é"),
        (r'"\ud83d\ude00!"', "\U0001f600!"),  # two escapes of one character
        (r'"it\'s \"so\""', 'it\'s "so"'),
        ("'say \"x\"'", 'say "x"'),
        ('"con" \'cat\' # joined\n "enated"', "concatenated"),
        ('"\\377"', "\udcff"),
    ],
)
def test_escapes_and_adjacent_strings_are_resolved(text: str, meaning: str) -> None:
    assert value(text) == meaning


def test_a_repeated_name_gives_its_values_with_lists_taken_apart() -> None:
    chunk = prototxt.parse("shape { dim: 1 dim: [2, 3] other: 9 dim: 4 }").chunks[0]
    found = prototxt.elements(chunk.fields[0].children, "dim")
    assert [prototxt.raw(chunk, field) for field in found] == ["1", "2", "3", "4"]


def test_first_and_last_find_the_ends_of_a_repeated_name() -> None:
    chunk = prototxt.parse("a { x: 1 y: 2 x: 3 }").chunks[0]
    children = chunk.fields[0].children
    assert (prototxt.first(children, "x"), prototxt.last(children, "x")) == (children[0], children[2])
    assert prototxt.first(children, "z") is None
