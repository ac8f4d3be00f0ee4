"""The tree keeps every byte, and goes on reading after every error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt
from netgraft.prototxt import Document, Field, Kind

TOKENS = st.sampled_from(
    [
        "layer", "name", "dim", "{", "}", "<", ">", "[", "]", ":", ",", ";", '"a"', "'b'", '"\\n\\101"',
        '"open', "1", "-2.5e3", "0x1F", "inf", "- nan", "true", "# note\n", "\n", "\r\n", " ", "\t", "\ufeff",
        "$", "\\", "layer {", "\nlayer {\n", "name: 'x'", "[a.b]", "é", "\udc80",
    ]
)  # fmt: skip


def messages(document: Document) -> list[str]:
    return [error.message for _, error in document.errors]


def shape(fields: tuple[Field, ...]) -> list[object]:
    """Names, kinds and nesting only: what two spellings of one message have in common."""
    return [(f.name, f.kind, shape(f.children)) for f in fields]


def only(text: str) -> Field:
    document = prototxt.parse(text)
    assert not document.errors
    ((_, field),) = document.fields()
    return field


@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_row_of_tokens_is_kept_to_the_last_character(text: str) -> None:
    assert prototxt.parse(text).text == text


@given(st.binary(max_size=200))
def test_any_bytes_are_kept(data: bytes) -> None:
    assert prototxt.emit(prototxt.parse(data)) == data


@given(st.lists(TOKENS, max_size=40).map("".join))
def test_every_offset_lies_in_its_chunk_and_children_lie_in_their_parent(text: str) -> None:
    for chunk in prototxt.parse(text).chunks:
        todo = [(field, 0, len(chunk.text)) for field in chunk.fields]
        while todo:
            field, low, high = todo.pop()
            assert low <= field.start <= field.value_start <= field.end <= high
            todo += [(child, field.value_start, field.end) for child in field.children]
        assert all(0 <= error.start <= len(chunk.text) for error in chunk.errors)


def test_every_recorded_net_is_kept_byte_for_byte(shared: Path) -> None:
    lossy = []
    for file in sorted((shared / "conformance").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            case = json.loads(line)
            data = case["prototxt"].encode("utf-8", "surrogateescape")
            if prototxt.emit(prototxt.parse(data)) != data:
                lossy.append(case["id"])
    assert not lossy


@pytest.mark.parametrize(
    "text",
    [
        'layer { name: "a" }',
        'layer: { name: "a" }',
        "layer < name: 'a' >",
        'layer {\r\n  name: "a"\r\n}\r\n',
        'layer { name: "a", }',
        'layer { name: "a"; }',
        '# before\nlayer # after\n{ # in\n name # x\n : # y\n "a" # z\n }',
        'layer { name: "" "a" }',
    ],
)
def test_the_spellings_of_one_message_read_alike(text: str) -> None:
    assert shape((only(text),)) == [("layer", Kind.MESSAGE, [("name", Kind.STRING, [])])]


@pytest.mark.parametrize(
    "value", ["1", "-1", "- 1", "1.5", ".5", "5.", "1e-45", "0x1F", "017", "1.0f", "inf", "-inf", "nan"]
)
def test_numbers_are_read_whole(value: str) -> None:
    field = only(f"lr_mult: {value}")
    assert (field.kind, field.end) == (Kind.NUMBER, len(f"lr_mult: {value}"))


def test_a_list_holds_its_elements() -> None:
    field = only("dim: [1, 2 , # two\n 3]")
    assert [prototxt.raw(prototxt.parse("dim: [1, 2 , # two\n 3]").chunks[0], e) for e in field.children] == [
        "1",
        "2",
        "3",
    ]


def test_a_list_of_messages_holds_messages() -> None:
    field = only("param [{ lr_mult: 1 }, <name: 'w' decay_mult: [0]>]")
    assert shape(field.children) == [
        ("param", Kind.MESSAGE, [("lr_mult", Kind.NUMBER, [])]),
        (
            "param",
            Kind.MESSAGE,
            [("name", Kind.STRING, []), ("decay_mult", Kind.LIST, [("decay_mult", 1, [])])],
        ),
    ]


def test_an_empty_list_is_a_list() -> None:
    assert only("dim: []") == Field("dim", Kind.LIST, 0, 5, 7)


def test_a_number_may_touch_the_next_name() -> None:
    document = prototxt.parse("a { x: 1y: 2 }")
    assert not document.errors
    assert [f.name for f in document.chunks[0].fields[0].children] == ["x", "y"]


def test_an_extension_keeps_its_brackets() -> None:
    assert only("[caffe.extra] { a: 1 }").name == "[caffe.extra]"


def test_a_chunk_takes_the_rest_of_its_line_and_the_comments_before_it() -> None:
    document = prototxt.parse("# head\nname: 'n' # tail\n\n# next\nlayer {}\n# end\n")
    assert [chunk.text for chunk in document.chunks] == [
        "# head\nname: 'n' # tail\n",
        "\n# next\nlayer {}\n",
        "# end\n",
    ]


def test_every_error_of_a_file_is_found_with_its_place() -> None:
    text = 'name: "n"\nlayer { name "a" }\nlayer { type: }\n$\nlayer { top: "t" }\n'
    document = prototxt.parse(text)
    places = [document.position(i, e.start) for i, e in document.errors]
    assert (messages(document), places) == (
        ['Expected ":", found ""a"".', "Expected value, got: }", "Expected identifier, got: $"],
        [(2, 14), (3, 15), (4, 1)],
    )


def test_what_follows_an_error_is_still_read() -> None:
    document = prototxt.parse("layer { name: }\nlayer { name: 'b' }\n")
    assert [field.name for _, field in document.fields()] == ["layer", "layer"]


def test_a_lost_closing_bracket_costs_only_its_own_layer() -> None:
    document = prototxt.parse('layer {\n  name: "a"\nlayer {\n  name: "b"\n}\nlayer {\n  name: "c"\n}\n')
    assert messages(document) == ['Expected "}", found "layer".']
    assert document.position(*next((i, e.start) for i, e in document.errors)) == (3, 1)
    assert len(list(document.fields())) == 3


def test_a_value_lost_with_its_bracket_does_not_reach_into_the_next_layer() -> None:
    document = prototxt.parse("layer {\n  a: 1\n  flag:\nlayer {\n  b: 2\n}\n")
    first = document.chunks[0]
    lost = first.fields[0].children[-1]
    assert (lost.name, lost.kind) == ("flag", Kind.MISSING)
    assert lost.end <= len(first.text)


def test_a_stray_closing_bracket_is_one_error() -> None:
    document = prototxt.parse("layer { } }\nlayer { }\n")
    assert messages(document) == ["Expected identifier, got: }"]
    assert len(list(document.fields())) == 2


def test_brackets_of_two_kinds_do_not_match() -> None:
    assert messages(prototxt.parse("layer { a: 1 >\n")) == ['Expected "}", found ">".']


def test_a_message_left_open_at_the_end_is_an_error_there() -> None:
    document = prototxt.parse("layer {\n  a: 1\n")
    assert [(document.position(i, e.start), e.message) for i, e in document.errors] == [
        ((3, 1), "Expected identifier, got: ")
    ]


def test_the_marks_of_a_merge_are_one_error_a_line() -> None:
    text = "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> branch\n"
    assert len(prototxt.parse(text).errors) == 3


def test_a_string_that_is_never_closed_is_an_error_and_not_the_end_of_reading() -> None:
    document = prototxt.parse('layer { name: "a }\nlayer { top: 1 }\n')
    assert document.errors
    assert any(field.name == "layer" for _, field in document.fields())


def test_a_byte_order_mark_is_kept_and_told_as_protobuf_tells_it() -> None:
    document = prototxt.parse(b"\xef\xbb\xbfname: 'n'\n")
    assert messages(document) == ["Interpreting non ascii codepoint 239."]
    assert [field.name for _, field in document.fields()] == ["name"]


def test_columns_are_counted_as_protobuf_counts_them() -> None:
    document = prototxt.parse("\té: 1")
    (chunk, error) = document.errors[0]
    assert document.position(chunk, error.start) == (1, 2)
    assert document.protobuf_position(chunk, error.start) == (1, 9)


def test_a_place_on_a_line_that_several_fields_share_counts_from_the_line() -> None:
    document = prototxt.parse("a: 1 b: 2 $\n")
    (chunk, error) = document.errors[0]
    assert document.position(chunk, error.start) == (1, 11)


def test_text_that_is_no_prototxt_is_given_up_after_many_errors() -> None:
    document = prototxt.parse('"\\' * 500_000)
    assert messages(document)[-1] == "Too many errors: the rest of the text was not read."
    assert len(document.errors) < 1_000


@pytest.mark.parametrize("opening", ["a {", "a: [{", "a <", "{", "["])
def test_deep_nesting_does_not_crash(opening: str) -> None:
    text = opening * 50_000
    assert prototxt.parse(text).text == text


def test_deep_nesting_that_is_closed_is_read() -> None:
    assert not prototxt.parse("a {" * 50_000 + "}" * 50_000).errors


@pytest.mark.parametrize("filling", ["x", "\\n", '" "', "\n"])
def test_a_megabyte_string_is_read(filling: str) -> None:
    field = only('name: "' + filling * 1_000_000 + '"')
    assert field.kind is Kind.STRING


def test_a_megabyte_of_blanks_and_comments_before_rubbish_is_read_quickly_and_kept() -> None:
    text = " \n# c\n" * 200_000 + "$"
    assert prototxt.parse(text).text == text
