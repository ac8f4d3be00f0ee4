"""Whatever is stored, in whatever format, comes out bit for bit in every copy of it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from google.protobuf.unknown_fields import UnknownFieldSet
from hypothesis import given
from hypothesis import strategies as st

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.weights.wire import length_prefix, varint

NAMES = st.text("abcdé/_0 ", min_size=1, max_size=6)
FLOATS = st.floats(width=32, allow_nan=False)


@st.composite
def blobs(draw: st.DrawFn) -> caffe_pb2.BlobProto:
    blob = caffe_pb2.BlobProto()
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    count = int(np.prod(shape))
    legacy = draw(st.booleans())
    if shape and legacy:
        four = (1,) * (4 - len(shape)) + tuple(shape)
        blob.num, blob.channels, blob.height, blob.width = four
    else:
        blob.shape.dim.extend(shape)
    values = draw(st.lists(FLOATS, min_size=count, max_size=count))
    if draw(st.booleans()):
        blob.data.extend(values)
    else:
        blob.double_data.extend(values)
    if draw(st.booleans()):
        blob.diff.extend(values)
    return blob


@st.composite
def layers(draw: st.DrawFn) -> bytes:
    """A `layer` with blobs, its fields in any order, some of them a fork's."""
    name = draw(NAMES)
    fields = [
        caffe_pb2.LayerParameter(name=name).SerializeToString(),
        caffe_pb2.LayerParameter(type="InnerProduct").SerializeToString(),
    ]
    for blob in draw(st.lists(blobs(), max_size=3)):
        raw = blob.SerializeToString()
        if draw(st.booleans()):
            raw += b"\x9a\x06" + varint(3) + b"abc"  # field 99, which no schema knows
        fields.append(length_prefix(7, len(raw)) + raw)
    if draw(st.booleans()):
        fields.append(b"\xc0\x0c" + varint(draw(st.integers(0, 2**64 - 1))))  # field 200
    if draw(st.booleans()):
        fields.append(b"\xfa\x09\x02hi")  # field 159
    # Blobs keep their order among themselves; everything else may stand anywhere.
    order = draw(st.permutations(range(len(fields))))
    moved = sorted(position for position in order if fields[position][:1] == b"\x3a")
    queue = iter(moved)
    return b"".join(
        fields[next(queue)] if fields[position][:1] == b"\x3a" else fields[position] for position in order
    )


@st.composite
def models(draw: st.DrawFn) -> bytes:
    kind = draw(st.sampled_from(["layer", "layers", "v0"]))
    net = caffe_pb2.NetParameter(name=draw(st.text("ab", max_size=3)))
    if kind == "layer":
        stored = draw(st.lists(layers(), min_size=1, max_size=4))
        return net.SerializeToString() + b"".join(length_prefix(100, len(raw)) + raw for raw in stored)
    for name in draw(st.lists(NAMES, min_size=1, max_size=4)):
        kept = draw(st.lists(blobs(), max_size=3))
        if kind == "layers":
            net.layers.add(name=name, type=caffe_pb2.V1LayerParameter.INNER_PRODUCT, blobs=kept)
        else:
            inner = net.layers.add().layer
            inner.name, inner.type = name, "innerproduct"
            inner.blobs.extend(kept)
    return net.SerializeToString()


def _unknown(message: caffe_pb2.LayerParameter | caffe_pb2.BlobProto) -> list[tuple[int, object]]:
    found = UnknownFieldSet(message)
    return [(found[position].field_number, found[position].data) for position in range(len(found))]


def _last_stored(net: caffe_pb2.NetParameter, name: str) -> tuple[caffe_pb2.LayerParameter, bool]:
    """The last stored layer of the name as a LayerParameter, and whether it was one."""
    for layer in reversed(net.layer):
        if layer.name == name:
            return layer, True
    for old in reversed(net.layers):
        if old.HasField("layer") and old.layer.name == name:
            return caffe_pb2.LayerParameter(name=name, type="InnerProduct", blobs=old.layer.blobs), False
        if not old.HasField("layer") and old.name == name:
            return caffe_pb2.LayerParameter(name=name, type="InnerProduct", blobs=old.blobs), False
    raise AssertionError(name)


@given(models(), st.booleans(), st.booleans())
def test_two_copies_of_any_caffemodel_equal_their_source(raw: bytes, strip: bool, shapes_known: bool) -> None:
    net = caffe_pb2.NetParameter.FromString(raw)
    index = weights.index(raw)
    targets, origins = [], {}
    for layer in index.layers:
        shapes = tuple(blob.shape for blob in layer.blobs) if shapes_known else None
        kept = index.effective(layer.name)
        if kept is not layer:
            continue
        for suffix in ("_a", "_b"):
            targets.append(weights.Target(layer.name + suffix, "InnerProduct", shapes))
            origins[layer.name + suffix] = weights.Origin(layer.name)
    plan = weights.plan(targets, index, origins, strip_diff=strip)
    out = io.BytesIO()
    weights.write(plan, out)
    assert len(out.getvalue()) == plan.size
    assert b"".join(plan.chunks(size=7)) == out.getvalue()
    middle = plan.size // 3
    assert b"".join(plan.chunks(middle, plan.size - 1)) == out.getvalue()[middle : plan.size - 1]
    made = caffe_pb2.NetParameter.FromString(out.getvalue())
    assert made.name == net.name
    assert not made.layers
    written = {layer.name: layer for layer in made.layer}
    assert len(written) == len(made.layer)
    for name, origin in origins.items():
        source, current = _last_stored(net, origin.layer)
        if not source.blobs and not shapes_known:
            assert name not in written
            continue
        copy = written[name]
        assert copy.type == "InnerProduct"
        assert len(copy.blobs) == len(source.blobs)
        if current:
            assert _unknown(copy) == _unknown(source)
        for mine, stored in zip(copy.blobs, source.blobs, strict=True):
            assert _unknown(mine) == _unknown(stored)
            assert list(mine.data) == list(stored.data)
            assert list(mine.double_data) == list(stored.double_data)
            assert list(mine.diff) == ([] if strip else list(stored.diff))
            if stored.HasField("shape") or not shapes_known:
                assert mine.shape == stored.shape
                assert mine.num == stored.num
            else:
                assert tuple(mine.shape.dim) == (stored.num, stored.channels, stored.height, stored.width)
                assert not mine.HasField("num")


@given(models())
def test_a_file_written_from_a_file_equals_the_stream(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.caffemodel"
        path.write_bytes(raw)
        with weights.index(path) as index:
            targets = [weights.Target(layer.name, layer.type, None) for layer in index.layers]
            plan = weights.plan(targets, index, keep_unused=True)
            stream = b"".join(plan.chunks())
            # Over its own source, which stays readable until it is closed.
            weights.write(plan, path, durable=True)
            assert path.read_bytes() == stream
            assert [item.name for item in Path(folder).iterdir()] == ["in.caffemodel"]


@pytest.mark.parametrize("name", ["normface_lenet", "mtcnn_det2", "lenet_v1", "cifar10_quick_v1"])
def test_real_models_survive_a_rewrite(shared: Path, tmp_path: Path, name: str) -> None:
    path = shared / "weights" / f"{name}.caffemodel"
    net = caffe_pb2.NetParameter.FromString(path.read_bytes())
    out = tmp_path / "out.caffemodel"
    with weights.index(path) as index:
        targets = [weights.Target(layer.name, layer.type, None) for layer in index.layers]
        plan = weights.plan(targets, index)
        weights.write(plan, out)
    assert out.stat().st_size == plan.size
    made = {layer.name: layer for layer in caffe_pb2.NetParameter.FromString(out.read_bytes()).layer}
    stored: list[caffe_pb2.LayerParameter | caffe_pb2.V1LayerParameter] = [*net.layer, *net.layers]
    assert len(made) == sum(1 for layer in stored if layer.blobs)
    for layer in stored:
        if layer.blobs:
            assert list(made[layer.name].blobs) == list(layer.blobs)
            if isinstance(layer, caffe_pb2.LayerParameter):
                assert _unknown(made[layer.name]) == _unknown(layer)
