"""The weight map: who gets whose blobs, what is refused, and what an interrupted write leaves behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights import Origin, Target
from netgraft.weights.layout import Piece
from netgraft.weights.plan import Plan
from netgraft.weights.words import READ_LIMIT
from netgraft.weights.write import replacing

MakeNet = Callable[..., caffe_pb2.NetParameter]


def _target(name: str, *shapes: tuple[int, ...], owners: tuple[tuple[str, int] | None, ...] = ()) -> Target:
    spare = tuple(owner is not None for owner in owners)
    return Target(name, "InnerProduct", shapes, owners=owners, spare=spare)


def _written(plan: Plan) -> dict[str, list[list[float]]]:
    made = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks()))
    return {layer.name: [list(blob.data) for blob in layer.blobs] for layer in made.layer}


def _actions(plan: Plan) -> dict[str, str]:
    return {layer.layer: layer.action for layer in plan.report.layers}


@pytest.fixture
def source(make_net: MakeNet) -> weights.Index:
    net = make_net(("ip1", [(2, 3), (2,)]), ("ip2", [(1, 2), (1,)]))
    return weights.index(net.SerializeToString())


def test_layers_take_the_weights_of_their_own_name_unless_told_otherwise(source: weights.Index) -> None:
    plan = weights.plan(
        [_target("ip1", (2, 3), (2,)), _target("ip1_b", (2, 3), (2,)), _target("new", (2, 3), (2,))],
        source,
        {"ip1_b": Origin("ip1")},
    )
    assert _written(plan) == {"ip1": [[1, 2, 3, 4, 5, 6], [7, 8]], "ip1_b": [[1, 2, 3, 4, 5, 6], [7, 8]]}
    assert _actions(plan) == {"ip1": "copied", "ip1_b": "copied", "new": "filler"}
    assert plan.report.unused == ("ip2",)
    assert "ip2" in plan.report.notes[0]


def test_a_layer_can_be_left_to_its_filler(source: weights.Index) -> None:
    plan = weights.plan([_target("ip1", (2, 3), (2,)), _target("ip2", (1, 2), (1,))], source, {"ip1": None})
    assert list(_written(plan)) == ["ip2"]
    assert plan.report.layers[0].message == "its stored weights are not taken"


def test_a_sharer_gets_its_owners_blobs_whatever_is_stored_for_it(make_net: MakeNet) -> None:
    source = weights.index(make_net(("a", [(2,), (2,)]), ("b", [(2,), (2,)])).SerializeToString())
    plan = weights.plan([_target("a", (2,), (2,)), _target("b", (2,), (2,), owners=(("a", 0), None))], source)
    assert _written(plan) == {"a": [[1, 2], [3, 4]], "b": [[1, 2], [7, 8]]}
    assert _actions(plan) == {"a": "copied", "b": "copied"}


def test_layers_that_only_share_can_be_left_out(make_net: MakeNet) -> None:
    source = weights.index(make_net(("a", [(2,), (2,)])).SerializeToString())
    twins = [
        _target("a", (2,), (2,)),
        _target("b", (2,), (2,), owners=(("a", 0), ("a", 1))),
        _target("c", (2,), (2,), owners=(("a", 0), None)),
    ]
    origins = {"b": Origin("a"), "c": Origin("a")}
    whole = weights.plan(twins, source, origins)
    assert _actions(whole) == {"a": "copied", "b": "shared", "c": "copied"}
    small = weights.plan(twins, source, origins, skip_sharers=True)
    assert _actions(small) == {"a": "copied", "b": "left out", "c": "copied"}
    assert list(_written(small)) == ["a", "c"]
    assert small.size < whole.size


def test_a_sharer_is_kept_where_its_owner_has_no_weights(make_net: MakeNet) -> None:
    source = weights.index(make_net(("b", [(2,)])).SerializeToString())
    plan = weights.plan(
        [_target("a", (2,)), _target("b", (2,), owners=(("a", 0),))], source, {"a": None}, skip_sharers=True
    )
    assert _written(plan) == {"b": [[1, 2]]}


def test_a_permissive_sharer_gets_its_own_shape(make_net: MakeNet) -> None:
    source = weights.index(make_net(("a", [(2, 3)])).SerializeToString())
    plan = weights.plan([_target("a", (2, 3)), _target("b", (3, 2), owners=(("a", 0),))], source)
    made = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks()))
    assert list(made.layer[1].blobs[0].shape.dim) == [3, 2]
    assert made.layer[1].blobs[0].data == made.layer[0].blobs[0].data


def test_legacy_dimensions_become_the_nets_shape(make_net: MakeNet) -> None:
    net = make_net(("ip", [(2, 3), (2,)]), format="layers", legacy=True)
    plan = weights.plan([_target("ip", (2, 3), (2,))], weights.index(net.SerializeToString()))
    made = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks())).layer[0]
    assert [list(blob.shape.dim) for blob in made.blobs] == [[2, 3], [2]]
    assert not made.blobs[0].HasField("num")
    assert "V1 `layers` became the current `layer` format" in plan.report.notes[0]


def test_a_shape_clash_is_refused_in_caffes_words(source: weights.Index) -> None:
    with pytest.raises(weights.WeightsError) as caught:
        weights.plan([_target("ip1", (4, 3), (2,)), _target("ip2", (1, 3), (1,))], source)
    assert caught.value.kind == "clash"
    assert caught.value.message == (
        "Cannot copy param 0 weights from layer 'ip1'; shape mismatch.  Source param shape is 2 3 (6); "
        "target param shape is 4 3 (12). To learn this layer's parameters from scratch rather than copying "
        "from a saved net, rename the layer. (and 1 more layers)"
    )
    plan = weights.plan([_target("ip1", (4, 3), (2,))], source, refuse_clashes=False)
    assert _written(plan) == {}
    assert _actions(plan) == {"ip1": "clash"}


def test_a_count_clash_is_refused_in_caffes_words(source: weights.Index) -> None:
    with pytest.raises(weights.WeightsError) as caught:
        weights.plan([_target("ip1", (2, 3))], source)
    assert caught.value.message == (
        "Check failed: target_blobs.size() == source_layer.blobs_size() (1 vs. 2) Incompatible number of "
        "blobs for layer ip1"
    )


def test_values_fewer_than_the_shape_asks_for_are_a_clash(make_net: MakeNet) -> None:
    net = make_net(("a", [(3,)]))
    del net.layer[0].blobs[0].data[2]
    with pytest.raises(weights.WeightsError, match=r"count_ == proto.data_size\(\) \(3 vs. 2\)"):
        weights.plan([_target("a", (3,))], weights.index(net.SerializeToString()))


def test_an_inner_product_can_become_a_convolution(source: weights.Index) -> None:
    plan = weights.plan(
        [Target("conv", "Convolution", ((2, 3, 1, 1), (2,)))], source, {"conv": Origin("ip1", reshape=True)}
    )
    made = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks())).layer[0]
    assert list(made.blobs[0].shape.dim) == [2, 3, 1, 1]
    assert list(made.blobs[0].data) == [1, 2, 3, 4, 5, 6]


def test_two_models_go_into_one(make_net: MakeNet, source: weights.Index) -> None:
    other = weights.index(make_net(("ip1", [(1,)]), format="v0").SerializeToString())
    plan = weights.plan(
        [_target("ip1", (2, 3), (2,)), _target("face", (1,))],
        {"": source, "faces": other},
        {"face": Origin("ip1", "faces")},
    )
    assert _written(plan)["face"] == [[1]]
    with pytest.raises(weights.WeightsError, match="No weights named 'cars'"):
        weights.plan([_target("x", (1,))], source, {"x": Origin("ip1", "cars")})


def test_stored_layers_that_the_net_lacks_are_kept_on_request(source: weights.Index) -> None:
    assert list(_written(weights.plan([_target("x", (1,))], source))) == []
    assert list(_written(weights.plan([_target("x", (1,))], source, keep_unused=True))) == ["ip1", "ip2"]


def test_the_nets_own_layer_is_written_with_the_blobs(source: weights.Index) -> None:
    message = caffe_pb2.LayerParameter(name="ip1_a", type="InnerProduct", bottom=["x"], top=["y"])
    message.inner_product_param.num_output = 2
    target = Target("ip1_a", "InnerProduct", ((2, 3), (2,)), message)
    plan = weights.plan([target], source, {"ip1_a": Origin("ip1")}, name="twins")
    made = caffe_pb2.NetParameter.FromString(b"".join(plan.chunks()))
    assert made.name == "twins"
    del made.layer[0].blobs[:]
    assert made.layer[0] == message


def test_layers_without_blobs_are_written_and_of_two_with_one_name_the_first(source: weights.Index) -> None:
    targets = [Target("data", "Data", ()), Target("data", "ImageData", ()), _target("ip2", (1, 2), (1,))]
    made = caffe_pb2.NetParameter.FromString(b"".join(weights.plan(targets, source).chunks()))
    assert [(layer.name, layer.type) for layer in made.layer] == [("data", "Data"), ("ip2", "InnerProduct")]


def test_a_result_that_caffe_cannot_read_is_refused_with_the_way_out(source: weights.Index) -> None:
    plan = weights.plan([_target("ip1", (2, 3), (2,))], source)
    large = Plan(
        plan.name, plan.layers, (*plan.parts, Piece(source.source, 0, READ_LIMIT - plan.size)), plan.report
    )
    assert large.size == READ_LIMIT
    with pytest.raises(weights.WeightsError, match="HDF5") as caught:
        weights.write(large, io.BytesIO())
    assert caught.value.kind == "too-large"
    with pytest.raises(weights.WeightsError, match="HDF5"):
        next(large.chunks())


def _interrupt(path: Path) -> None:
    with replacing(path) as (temporary, _):
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt


def test_an_interrupted_write_leaves_what_was_there(tmp_path: Path, source: weights.Index) -> None:
    path = tmp_path / "net.caffemodel"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        _interrupt(path)
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["net.caffemodel"]
    with pytest.raises(FileNotFoundError):
        weights.write(weights.plan([], source), tmp_path / "no" / "net.caffemodel")


def test_a_link_keeps_its_name_and_its_target_is_replaced(tmp_path: Path, source: weights.Index) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    plan = weights.plan([_target("ip1", (2, 3), (2,))], source)
    weights.write(plan, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_size == plan.size
    weights.write(plan, "/dev/null")


def test_long_blobs_go_from_file_to_file(make_net: MakeNet, tmp_path: Path) -> None:
    path = tmp_path / "in.caffemodel"
    net = make_net(("a", [(300, 300)]))
    path.write_bytes(net.SerializeToString())
    with weights.index(path) as index:
        plan = weights.plan(
            [_target("x", (300, 300)), _target("y", (300, 300))], index, {"x": Origin("a"), "y": Origin("a")}
        )
        weights.write(plan, tmp_path / "out.caffemodel")
    made = weights.index(tmp_path / "out.caffemodel")
    expected = np.asarray(net.layer[0].blobs[0].data, np.float32)
    for layer in made.layers:
        assert np.array_equal(layer.blobs[0].read().ravel(), expected)
