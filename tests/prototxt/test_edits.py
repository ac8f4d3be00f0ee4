"""An edit changes what it must and writes in the style around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt
from netgraft.prototxt import Splice


def added(text: str, new: str, *, after: int | None = None) -> str:
    document = prototxt.parse(text)
    parent = document.chunks[0].fields[0]
    anchor = None if after is None else parent.children[after]
    splices = prototxt.add_field(document, 0, parent, new, after=anchor)
    return prototxt.apply(document, splices).text


def removed(text: str, child: int) -> str:
    document = prototxt.parse(text)
    field = document.chunks[0].fields[0].children[child]
    return prototxt.apply(document, prototxt.remove_field(document, 0, field)).text


@pytest.mark.parametrize(
    ("text", "after", "result"),
    [
        ("a { x: 1 }", None, "a { x: 1 y: 2 }"),
        ("a {x: 1}", None, "a {x: 1 y: 2}"),
        ("a { x: 1, }", None, "a { x: 1, y: 2, }"),
        ("a { x: 1; z: 3; }", 0, "a { x: 1; y: 2; z: 3; }"),
        ("a {\n  x: 1\n}\n", None, "a {\n  x: 1\n  y: 2\n}\n"),
        ("a {\r\n\tx: 1\r\n}\r\n", None, "a {\r\n\tx: 1\r\n\ty: 2\r\n}\r\n"),
        ("a {\n  x: 1 # one\n}\n", None, "a {\n  x: 1 # one\n  y: 2\n}\n"),
        ("a { x: 1 # one\n}\n", None, "a { x: 1 y: 2 # one\n}\n"),
        ("a {\n  x: 1\n  z: 3\n}\n", 0, "a {\n  x: 1\n  y: 2\n  z: 3\n}\n"),
        ("a {}", None, "a { y: 2 }"),
        ("  a {\n  }\n", None, "  a {\n    y: 2\n  }\n"),
        ("a {\n  # only a note\n}\n", None, "a {\n  # only a note\n  y: 2\n}\n"),
        ("a {\n  m { k: 1 }\n}\n", None, "a {\n  m { k: 1 }\n  y: 2\n}\n"),
    ],
)
def test_a_new_field_follows_its_siblings(text: str, after: int | None, result: str) -> None:
    assert added(text, "y: 2", after=after) == result


@pytest.mark.parametrize(
    ("text", "child", "result"),
    [
        ("a { x: 1 y: 2 }", 0, "a { y: 2 }"),
        ("a { x: 1 y: 2 }", 1, "a { x: 1 }"),
        ("a { x: 1 }", 0, "a { }"),
        ("a {x: 1}", 0, "a {}"),
        ("a {x: 1 y: 2}", 0, "a {y: 2}"),
        ("a { x: 1, y: 2 }", 0, "a { y: 2 }"),
        ("a {\n  x: 1\n  y: 2\n}\n", 0, "a {\n  y: 2\n}\n"),
        ("a {\n  x: 1 # one\n  y: 2\n}\n", 0, "a {\n  y: 2\n}\n"),
        ("a {\r\n  x: 1\r\n}\r\n", 0, "a {\r\n}\r\n"),
        ("a {\n  x: 1 y: 2\n}\n", 0, "a {\n  y: 2\n}\n"),
    ],
)
def test_a_removed_field_leaves_no_trace(text: str, child: int, result: str) -> None:
    assert removed(text, child) == result


def test_a_string_is_replaced_in_the_quotes_that_it_had() -> None:
    document = prototxt.parse("layer { name: 'a' }")
    field = document.chunks[0].fields[0].children[0]
    after = prototxt.apply(document, prototxt.set_string(document, 0, field, 'b"'))
    assert after.text == "layer { name: 'b\"' }"


def test_an_edit_keeps_every_chunk_that_it_does_not_touch() -> None:
    document = prototxt.parse("a: 1\nb: 2\nc: 3\n")
    field = document.chunks[1].fields[0]
    after = prototxt.apply(document, prototxt.set_value(1, field, "9"))
    assert after.text == "a: 1\nb: 9\nc: 3\n"
    assert after.chunks[0] is document.chunks[0]
    assert after.chunks[2] is document.chunks[2]


def test_the_document_before_an_edit_is_as_it_was() -> None:
    document = prototxt.parse("a: 1\n")
    prototxt.apply(document, [Splice(0, 3, 4, "2")], insert={1: ["b: 1"]})
    assert document.text == "a: 1\n"


@pytest.mark.parametrize(
    ("text", "at", "result"),
    [
        ("a: 1\nb: 2\n", 1, "a: 1\nNEW: 0\nb: 2\n"),
        ("a: 1\n", 1, "a: 1\nNEW: 0\n"),
        ("a: 1", 1, "a: 1\nNEW: 0"),
        ("a: 1\r\n", 1, "a: 1\r\nNEW: 0\r\n"),
        ("a: 1 b: 2\n", 1, "a: 1 \nNEW: 0\nb: 2\n"),
        ("", 0, "NEW: 0\n"),
        ("a: 1\n", 0, "NEW: 0\na: 1\n"),
    ],
)
def test_an_inserted_chunk_stands_on_lines_of_its_own(text: str, at: int, result: str) -> None:
    assert prototxt.apply(prototxt.parse(text), insert={at: ["NEW: 0"]}).text == result


def test_a_removed_chunk_is_gone() -> None:
    assert prototxt.apply(prototxt.parse("a: 1\nb: 2\n"), remove=[0]).text == "b: 2\n"


@pytest.mark.parametrize("splices", [[Splice(0, 0, 3, ""), Splice(0, 2, 4, "")], [Splice(0, 0, 99, "")]])
def test_splices_that_overlap_or_lie_outside_are_refused(splices: list[Splice]) -> None:
    with pytest.raises(ValueError, match="overlap or lie outside"):
        prototxt.apply(prototxt.parse("a: 1\n"), splices)


def test_a_chunk_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no chunk 7"):
        prototxt.apply(prototxt.parse("a: 1\n"), remove=[7])


@given(st.lists(st.sampled_from(["a: 1", "b { c: 2 }", "# note", "", "d: 'x';"]), max_size=6), st.data())
def test_a_document_after_edits_reads_like_its_own_text(lines: list[str], data: st.DataObject) -> None:
    document = prototxt.parse("\n".join(lines))
    at = data.draw(st.integers(0, len(document.chunks)))
    after = prototxt.apply(document, insert={at: ["new { x: 1 }"]})
    again = prototxt.parse(after.text)
    assert [f.name for _, f in after.fields()] == [f.name for _, f in again.fields()]
    assert not after.errors
