"""What holds for any two edits of any net: nothing of either is lost or means something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netgraft import edit
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.edit import rebase
from netgraft.edit.operations import ReplaceText, read_operation

Op = dict[str, Any]

HEAD = """name: "net"
layer { name: "data" type: "Input" top: "data" top: "label"
  input_param { shape { dim: 2 dim: 3 dim: 4 dim: 4 } shape { dim: 2 } } }
"""


@st.composite
def nets(draw: st.DrawFn) -> str:
    """A small net with branches, in-place layers, layers of one phase and shared parameters."""
    text = HEAD
    blobs = ["data"]
    for index in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(["Convolution", "InnerProduct", "ReLU", "ReLU", "Dropout", "Eltwise"]))
        name = f"{kind[:2].lower()}{index}"
        bottoms = [draw(st.sampled_from(blobs[-3:])) for _ in range(2 if kind == "Eltwise" else 1)]
        in_place = kind in ("ReLU", "Dropout") and bottoms[0] != "data" and draw(st.booleans())
        top = bottoms[0] if in_place else name
        body = ""
        if kind in ("Convolution", "InnerProduct"):
            shared = draw(st.sampled_from(["", "", f'name: "{kind[0]}" ']))
            body = f"param {{ {shared}lr_mult: 1 }} {kind_param(kind)}"
        phase = draw(st.sampled_from(["", "", "", "include { phase: TRAIN } "])) if in_place else ""
        reads = "".join(f'bottom: "{blob}" ' for blob in bottoms)
        comment = draw(st.sampled_from(["", f"# {name}\n"]))
        text += f'{comment}layer {{ name: "{name}" type: "{kind}" {reads}top: "{top}" {phase}{body} }}\n'
        if not in_place:
            blobs.append(name)
    return text


def kind_param(kind: str) -> str:
    if kind == "Convolution":
        return "convolution_param { num_output: 3 kernel_size: 3 pad: 1 }"
    return "inner_product_param { num_output: 4 }"


@st.composite
def edits(draw: st.DrawFn, document: edit.Document) -> Op:
    """Something that one may do to the net, or at least ask for."""
    here = edit.view(document.tree)
    layer = draw(st.sampled_from(here.layers))
    other = draw(st.sampled_from(here.layers))
    key, name = layer.key, layer.name
    blob = draw(st.sampled_from(sorted(here.blob_names)))
    number = draw(st.integers(1, 3))
    wire = draw(st.sampled_from([(one.key, read) for one in here.layers for read in one.bottom_names]))
    lines = document.text.splitlines(keepends=True)
    at = draw(st.integers(len(HEAD.splitlines()), len(lines) - 1))
    typed = draw(
        st.sampled_from(
            [
                [*lines[:at], f"# typed {number}\n", *lines[at:]],
                [*lines[:at], lines[at].replace("layer {", f"layer {{ # {number}\n"), *lines[at + 1 :]],
                [*lines[:at], *lines[at + 1 :]],
                [*lines, f'layer {{ name: "typed" type: "Silence" bottom: "{blob}" }}\n'],
                [lines[0].replace("net", f"net{number}"), *lines[1:]],
            ]
        )
    )
    choices: list[Op] = [
        {"op": "set_rate", "layer": key, "blob": 0, "lr_mult": number},
        {"op": "set_rate", "layer": key, "blob": None, "scale_lr": number},
        {"op": "set_field", "layer": key, "path": "inner_product_param.num_output", "value": str(number)},
        {"op": "set_field", "layer": key, "path": "convolution_param.kernel_size", "value": str(number)},
        {"op": "rename_layer", "layer": key, "to": f"new{number}", "blobs": draw(st.booleans())},
        {"op": "rename_blob", "blob": blob, "to": f"blob{number}"},
        {"op": "delete_layers", "layers": [key], "heal": draw(st.booleans())},
        {"op": "add_layer", "type": draw(st.sampled_from(["ReLU", "Pooling"])), "after": key},
        {"op": "add_layer", "type": "Dropout", "between": {"target": wire[0], "blob": wire[1]}},
        {"op": "connect", "layer": key, "bottom": 0, "blob": blob},
        {"op": "disconnect", "layer": key, "bottom": 0},
        {"op": "move_layer", "layer": key, "after": other.key},
        {"op": "set_in_place", "layer": key, "in_place": draw(st.booleans())},
        {"op": "duplicate", "layers": [key], "keep_first": draw(st.booleans())},
        {"op": "duplicate", "layers": [key, other.key], "share": {"default": "all"}},
        {"op": "share", "members": [{"layer": key, "blob": 0}, {"layer": other.key, "blob": 0}]},
        {"op": "unshare", "layer": key},
        {"op": "leave_to_filler", "layers": [key]},
        {"op": "take_weights", "layer": key, "from_layer": f"stored{number}"},
        {
            "op": "paste",
            "text": f'layer {{ name: "{name}" type: "Silence" bottom: "{blob}" }}',
            "keep_inputs": True,
        },
        {"op": "replace_text", "text": "".join(typed)},
    ]
    return draw(st.sampled_from(choices))


def tried(document: edit.Document, operation: Op) -> edit.Document | None:
    try:
        return edit.apply(document, operation).document
    except edit.EditError:
        return None


def carried(base: edit.Document, head: edit.Document, operation: Op) -> rebase.Rebased | None:
    try:
        return rebase.rebase(base, head, [read_operation(operation)], edit.apply, rebase.Premises({}))
    except rebase.Refused:
        return None


def texts(document: edit.Document) -> dict[str, str]:
    """Every layer's text by its key."""
    here = edit.view(document.tree)
    chunks = document.tree.chunks
    return {one.key: chunks[one.chunk].text[one.field.start : one.field.end] for one in here.layers}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> set[str]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def errors(document: edit.Document) -> set[tuple[str, str | None]]:
    found = (check(document.tree, NetState(phase)) for phase in ("TRAIN", "TEST"))
    return {(one.code, one.layer) for run in found for one in run.diagnostics if one.severity == "error"}


@settings(max_examples=150)
@given(text=nets(), data=st.data())
def test_nothing_of_either_edit_is_lost_and_nothing_else_is_changed(text: str, data: st.DataObject) -> None:
    base = edit.Document.read(text)
    theirs, ours = (data.draw(edits(base), label=side) for side in ("theirs", "ours"))
    head, alone = tried(base, theirs), tried(base, ours)
    assume(head is not None and alone is not None)
    assert head is not None
    assert alone is not None
    before = head.text
    result = carried(base, head, ours)
    assert head.text == before
    if result is None:
        return
    was, mine, other, now = (texts(one) for one in (base, alone, head, result.document))
    if result.names:
        assert differing(now, other) >= differing(mine, was) & was.keys()
    else:
        assert differing(now, other) <= differing(mine, was)
        for key in differing(mine, was):
            assert now.get(key) == mine.get(key)
        for key in differing(other, was):
            assert now.get(key) == other.get(key)
        origins = [one.origins for one in (base, alone, head, result.document)]
        for name in differing(origins[1], origins[0]):
            assert origins[3].get(name) == origins[1].get(name)
        for name in differing(origins[2], origins[0]):
            assert origins[3].get(name) == origins[2].get(name)
        assert errors(result.document) <= errors(alone) | errors(head)


@settings(max_examples=150)
@given(text=nets(), data=st.data())
def test_both_orders_give_one_net(text: str, data: st.DataObject) -> None:
    base = edit.Document.read(text)
    first, second = (data.draw(edits(base), label=side) for side in ("first", "second"))
    one, other = tried(base, first), tried(base, second)
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    results = [carried(base, one, second), carried(base, other, first)]
    if results[0] is None or results[1] is None or results[0].names or results[1].names:
        return
    documents = [result.document for result in results if result is not None]
    states = rebase.net_states(documents)
    facts = [rebase.facts_of(document, states) for document in documents]
    assert not rebase.changed(*facts)
    old = texts(base)
    orders = [[key for key in texts(document) if key in old] for document in documents]
    moves = any(operation["op"] in ("move_layer", "connect", "replace_text") for operation in (first, second))
    assert moves or orders[0] == orders[1]


@given(text=nets(), data=st.data())
def test_an_edit_is_carried_over_nothing_as_it_is(text: str, data: st.DataObject) -> None:
    base = edit.Document.read(text)
    ours = data.draw(edits(base), label="ours")
    alone = tried(base, ours)
    assume(alone is not None)
    assert alone is not None
    same = edit.Document.read(text)
    result = carried(base, same, ours)
    assert result is not None
    assert result.document.text == alone.text
    assert result.document.origins == alone.origins


@given(text=nets(), comment=st.sampled_from(["# one", "# two\n# three", "#"]), data=st.data())
def test_a_comment_typed_at_the_end_never_stands_in_the_way(
    text: str, comment: str, data: st.DataObject
) -> None:
    base = edit.Document.read(text)
    ours = data.draw(edits(base), label="ours")
    assume(ours["op"] != "replace_text" and tried(base, ours) is not None)
    head = edit.apply(base, ReplaceText(text=f"{text}\n{comment}\n")).document
    result = carried(base, head, ours)
    assert result is not None
    assert comment in result.document.text
