"""Which layers of a graft do what a layer of the original does."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.caffe.net import Net, check
from netgraft.weights.branches import Branch, branches, layers_of

INPUT = 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 8 } } }\n'


def layer(name: str, bottom: str, top: str, kind: str = "InnerProduct", more: str = "") -> str:
    param = "inner_product_param { num_output: 8 }" if kind == "InnerProduct" else ""
    return f'layer {{ name: "{name}" type: "{kind}" bottom: "{bottom}" top: "{top}" {param} {more} }}\n'


def net(text: str) -> Net:
    return check(prototxt.parse(text)).net


ORIGINAL = net(
    INPUT
    + layer("a", "in", "a")
    + layer("r", "a", "a", "ReLU")
    + layer("b", "a", "b")
    + layer("p", "b", "p", "Softmax")
)


def found(text: str, unequal: tuple[str, ...] = ()) -> set[Branch]:
    return set(branches(net(text), ORIGINAL, lambda mine, _: mine.name not in unequal).ends)


def tower(end: str, bottom: str = "in") -> str:
    return (
        layer(f"a{end}", bottom, f"a{end}")
        + layer(f"r{end}", f"a{end}", f"a{end}", "ReLU")
        + layer(f"b{end}", f"a{end}", f"b{end}")
        + layer(f"p{end}", f"b{end}", f"p{end}", "Softmax")
    )


def test_each_copy_is_followed_to_its_end() -> None:
    assert found(INPUT + tower("_1") + tower("_2")) == {Branch("p_1", "p"), Branch("p_2", "p")}


def test_copies_with_inputs_of_their_own_are_found_by_shape() -> None:
    second = INPUT.replace('"in"', '"in2"')
    both = branches(net(INPUT + second + tower("_1") + tower("_2", "in2")), ORIGINAL, lambda *_: True)
    assert both.inputs == {"in": "in", "in2": "in"}
    assert len(both.ends) == 2


def test_a_copy_ends_where_its_weights_do() -> None:
    ends = found(INPUT + tower("_1") + tower("_2"), ("b_2",))
    assert ends == {Branch("p_1", "p"), Branch("r_2", "r")}


def test_what_a_head_adds_is_no_end_of_a_copy() -> None:
    text = INPUT + tower("_1") + layer("join", "p_1", "join") + layer("end", "join", "end", "TanH")
    assert found(text) == {Branch("p_1", "p")}


def test_a_layer_that_was_changed_ends_the_copy_before_it() -> None:
    text = (INPUT + tower("_1")).replace(
        'top: "b_1" inner_product_param { num_output: 8 }', 'top: "b_1" inner_product_param { num_output: 9 }'
    )
    assert found(text) == {Branch("r_1", "r")}


def test_an_output_that_has_grown_is_not_compared_for_it_is_meant_to_differ() -> None:
    join = 'layer { name: "join" type: "Concat" bottom: "b_1" bottom: "b_2" top: "join" }\n'
    towers = INPUT + tower("_1") + tower("_2")
    ends = found(towers + join + layer("p", "join", "p", "Softmax"))
    assert ends == {Branch("p_1", "p"), Branch("p_2", "p")}


def test_an_output_of_the_same_name_is_compared_whatever_came_before() -> None:
    text = INPUT + layer("a", "in", "a", "TanH") + layer("p", "a", "p", "Softmax")
    assert found(text) == {Branch("p", "p", copy=False)}


def test_only_what_an_end_needs_is_run() -> None:
    text = net(INPUT + tower("_1") + tower("_2"))
    wanted = [position for position, one in enumerate(text.layers) if one.name == "b_2"]
    assert [one.name for one in layers_of(text, wanted)] == ["in", "a_2", "r_2", "b_2"]
