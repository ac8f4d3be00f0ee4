"""The message that a text makes is protobuf's own, and what protobuf refuses is refused in its words."""

from __future__ import annotations

import math
import struct

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st

from netgraft import prototxt
from netgraft.caffe.layers import document_layers, outline
from netgraft.caffe.message import NET_TABLE, Problem, Reader
from netgraft.caffe.net import check
from netgraft.caffe.strict import first_refusal
from netgraft.proto import caffe_pb2


def read(text: str) -> tuple[caffe_pb2.NetParameter, list[Problem]]:
    """A whole text as one NetParameter."""
    document = prototxt.parse(text)
    message = caffe_pb2.NetParameter()
    problems: list[Problem] = []
    for chunk in document.chunks:
        assert not chunk.errors
        reader = Reader(chunk.text)
        message.MergeFromString(reader.encode(NET_TABLE, chunk.fields))
        problems += reader.problems
    return message, problems


SOUND = [
    'layer { name: "a" type: \'B\' bottom: "x" "y" top: "t" loss_weight: 1e-3 loss_weight: .5f }',
    "layer { convolution_param { kernel_size: [3, 0x5, 017] bias_term: t engine: 2 pad: 0 axis: -1 } }",
    'layer < name: "angle"; param < lr_mult: inf, decay_mult: -Infinity > propagate_down: [True, f, 1, 0] >',
    "layer { include: { phase: TRAIN stage: 'a' } exclude { phase: 1, min_level: -3 } }",
    "layer { blobs { data: 1 data: [2.5, 3] shape { dim: 9223372036854775807 } } }",
    'input: "a" input_dim: 1 input_dim: [2, 3] state { level: -2147483648 } force_backward: false',
    r'name: "tab\t \x41\101 \" ü"',
    "layers { type: CONVOLUTION param: 'w' blob_share_mode: PERMISSIVE blobs_lr: 1 weight_decay: 0 }",
    "layer { power_param { power: 1e40 scale: -1e40 shift: 1e-50 } }",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_makes_the_message_that_protobuf_makes(text: str) -> None:
    message, problems = read(text)
    assert not problems
    assert message == text_format.Parse(text, caffe_pb2.NetParameter())


def test_a_minus_may_stand_apart_from_its_number() -> None:
    """As in C++; Python's own parser refuses it."""
    message, problems = read("layer { exclude { min_level: - # so\n 3 } loss_weight: - inf }")
    assert not problems
    assert message.layer[0].exclude[0].min_level == -3
    assert message.layer[0].loss_weight == [-math.inf]


@given(st.floats(width=32) | st.integers(-(2**40), 2**40))
def test_every_number_becomes_the_float_that_c_makes_of_it(value: float) -> None:
    message, problems = read(f"layer {{ loss_weight: {value} }}")
    assert not problems
    got = message.layer[0].loss_weight[0]
    want = struct.unpack("f", struct.pack("f", value))[0]
    assert got == want or (math.isnan(got) and math.isnan(want))


@given(st.text(st.characters(codec="utf-8")), st.sampled_from("'\""))
def test_every_string_comes_through(value: str, mark: str) -> None:
    message, problems = read(f"layer {{ name: {prototxt.quote(value, mark)} }}")
    assert not problems
    assert message.layer[0].name == value


def test_bytes_that_are_not_utf8_come_back_in_names() -> None:
    document = prototxt.parse(b'layer { name: "caf\xe9" type: "Input" top: "\\377" }')
    layer = document_layers(document)[0]
    assert layer.name.encode("utf-8", "surrogateescape") == b"caf\xe9"
    assert layer.tops[0].encode("utf-8", "surrogateescape") == b"\xff"
    assert check(document).ok


REFUSED = [
    ("layer { foo: 1 }", '1:12: Message type "caffe.LayerParameter" has no field named "foo".'),
    ("layer { foo { } }", '1:13: Message type "caffe.LayerParameter" has no field named "foo".'),
    ("version: 1", '1:8: Message type "caffe.NetParameter" has no field named "version".'),
    (
        "layer { [a.b]: 1 }",
        '1:14: Extension "a.b" is not defined or is not an extension of "caffe.LayerParameter".',
    ),
    ('layer { name: "a" name: "b" }', '1:23: Non-repeated field "name" is specified multiple times.'),
    ('name: "a"\nname: "b"', '2:5: Non-repeated field "name" is specified multiple times.'),
    ("layer { name: a }", "1:15: Expected string, got: a"),
    ("layer { phase: MIDDLE }", '1:23: Unknown enumeration value of "MIDDLE" for field "phase".'),
    ("layer { phase: 7 }", '1:18: Unknown enumeration value of "7" for field "phase".'),
    ("layer { phase: 1.5 }", "1:16: Expected integer or identifier, got: 1.5"),
    ('layer { phase: "TEST" }', '1:16: Expected integer or identifier, got: "TEST"'),
    ("layer { propagate_down: 2 }", "1:25: Integer out of range (2)"),
    (
        "layer { propagate_down: TRUE }",
        '1:30: Invalid value for boolean field "propagate_down". Value: "TRUE".',
    ),
    ('layer { propagate_down: "t" }', '1:25: Expected identifier, got: "t"'),
    ("layer { loss_weight: 0x1 }", "1:22: Expect a decimal number, got: 0x1"),
    ("layer { loss_weight: one }", "1:22: Expected double, got: one"),
    ("layer { convolution_param { num_output: -1 } }", "1:41: Expected integer, got: -"),
    ("layer { convolution_param { num_output: 1.0 } }", "1:41: Expected integer, got: 1.0"),
    ("layer { convolution_param { num_output: 4294967296 } }", "1:41: Integer out of range (4294967296)"),
    ("layer { convolution_param { axis: -2147483649 } }", "1:36: Integer out of range (2147483649)"),
    ("layer { convolution_param { num_output: $x } }", "1:41: Expected integer, got: $"),
    ("layer { convolution_param { num_output: [1] } }", "1:41: Expected integer, got: ["),
    (
        "layer { convolution_param { num_output: 08 } }",
        "1:42: Numbers starting with leading zero must be in octal.",
    ),
    ("layer { convolution_param: 5 }", '1:28: Expected "{", found "5".'),
    ("layer { name { } }", '1:14: Expected ":", found "{".'),
    ("layer { name: { } }", "1:15: Expected string, got: {"),
    ("layer { param: [{ lr_mult: a }] }", "1:28: Expected double, got: a"),
    (
        "layer { foo: 1 }\n# then\nlayer }",
        '1:12: Message type "caffe.LayerParameter" has no field named "foo".',
    ),
    ("layer { foo  # comment\n : 1 }", '2:2: Message type "caffe.LayerParameter" has no field named "foo".'),
    ("layer { loss_weight: 1loss_weight: 2 }", "1:23: Need space between number and identifier."),
    ('layer { name: "a\nb" }', "1:17: String literals cannot cross line boundaries."),
    (r'layer { name: "a\q" }', "1:18: Invalid escape sequence in string literal."),
    (r'layer { name: "\\" "\x" }', "1:23: Expected hex digits for escape sequence."),
    ("layer { loss_weight [1] }", '1:21: Expected ":", found "[".'),
    ("layer { loss_weight: [1, $] }", "1:26: Expected double, got: $"),
    ("layer { convolution_param $ }", '1:27: Expected "{", found "$".'),
    ("layer { name- }", '1:13: Expected ":", found "-".'),
    ("layer { { } }", "1:9: Expected identifier, got: {"),
    ("layer {\tphase:\tUP }", '1:20: Unknown enumeration value of "UP" for field "phase".'),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_protobuf_refuses_is_refused_in_its_words_and_place(text: str, words: str) -> None:
    verdict = check(prototxt.parse(text))
    assert verdict.first_error is not None
    assert verdict.first_error.caffe_message == words
    with pytest.raises((text_format.ParseError, DeprecationWarning)):  # the latter for an odd escape
        text_format.Parse(text, caffe_pb2.NetParameter())


def test_every_problem_is_found_and_the_sound_rest_is_read() -> None:
    text = 'layer { name: "a" foo: 1 type: "ReLU" bottom: 7 top: "t" phase: UP bar { baz: 1 } }'
    message, problems = read(text)
    assert [problem.code for problem in problems] == [
        "unknown-field",
        "bad-value",
        "unknown-enum-value",
        "unknown-field",
    ]
    assert message.layer[0] == caffe_pb2.LayerParameter(name="a", type="ReLU", top=["t"])


def test_what_a_fork_says_is_kept_beside_the_message() -> None:
    text = (
        'layer { name: "a" type: "Permute" permute_param { order: 0 order: [2, 3] } '
        'pooling_param { pool: MIN mode: "x" } }'
    )
    extra = document_layers(prototxt.parse(text))[0].source.facts.extra
    assert extra == {
        "permute_param": [{"order": ["0", "2", "3"]}],
        "pooling_param.pool": ["MIN"],
        "pooling_param.mode": ["x"],
    }


# What stands in the tree's first problem in other words than protobuf's own first.
PROTOBUF_FIRST = [
    # A lost bracket shows as a field that does not belong.
    (
        'layer { name: "a"\n  param { lr_mult: 1\n}\nlayer { name: "b" }\n',
        '4:7: Message type "caffe.LayerParameter" has no field named "layer".',
    ),
    ('layer { name: "a"', "1:18: Expected identifier, got: "),
    ("input_dim: 1input_dim: 2", "1:13: Need space between number and identifier."),
    ("layer { loss_weight: 08 }", "1:23: Numbers starting with leading zero must be in octal."),
    ("layer { loss_weight: 1e }", '1:24: "e" must be followed by exponent.'),
    ("layer { loss_weight: 0x }", '1:24: "0x" must be followed by hex digits.'),
    ("layer { loss_weight: 1..2 }", "1:24: Already saw decimal point or exponent; can't have another one."),
    ("layer { loss_weight: 0x1.8 }", "1:25: Hex and octal numbers must be integers."),
    ("layer { phase: a.5 }", "1:17: Need space between identifier and decimal point."),
    ("layer { loss_weight: - $ }", "1:24: Expected double, got: $"),
    ("layer { loss_weight:: 1 }", "1:21: Expected double, got: :"),
    ("layer { name: \u00e9 }", "1:15: Interpreting non ascii codepoint 195."),
    ("layer { loss_weight: \x01 }", "1:22: Invalid control characters encountered in text."),
    ('layer { name: "a\0" }', "1:17: Unexpected end of string."),
    (r'layer { name: "\X41" }', "1:17: Invalid escape sequence in string literal."),
    (r'layer { name: "\u12" }', r"1:20: Expected four hex digits for \u escape sequence."),
    (r'layer { name: "\U00200000" }', r"1:20: Expected eight hex digits up to 10ffff for \U escape sequence"),
    ("layer [ { } { } ]", '1:13: Expected ",", found "{".'),
    (
        "layer { [a.b.c] { } }",
        '1:17: Extension "a.b.c" is not defined or is not an extension of "caffe.LayerParameter".',
    ),
    ("layer { [a.b/c.d] { } }", '1:13: Expected "]", found "/".'),
    (
        'name: "a"\nlayer { }\nlayer { }\nname "b"',
        '4:6: Non-repeated field "name" is specified multiple times.',
    ),
]


@pytest.mark.parametrize(("text", "words"), PROTOBUF_FIRST)
def test_the_first_error_is_protobufs_whatever_the_tree_makes_of_the_text(text: str, words: str) -> None:
    verdict = check(prototxt.parse(text))
    assert verdict.first_error is not None
    assert verdict.first_error.caffe_message == words


def test_protobuf_begins_behind_sound_fields_with_their_separators() -> None:
    text = 'name: "n"\n;\nlayer { name: "a" type: "Input" top: "a" }\n, layer { bar: 1 }\n'
    first = check(prototxt.parse(text)).first_error
    assert first is not None
    assert first.caffe_message == '4:14: Message type "caffe.LayerParameter" has no field named "bar".'


@given(st.text(alphabet="layer{}<>[]:;,\"'\\ \n01.exfu-#"))
def test_the_tree_has_a_problem_where_protobuf_refuses_and_only_there(text: str) -> None:
    assert bool(outline(prototxt.parse(text)).reading.problems) == (first_refusal(text) is not None)
