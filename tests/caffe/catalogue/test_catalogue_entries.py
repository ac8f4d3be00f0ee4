"""What every entry of the catalogue must have."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraft.caffe import catalogue
from netgraft.caffe.catalogue.layer_checks import check_blob_counts
from netgraft.caffe.catalogue.registry import (
    LayerContext,
    LayerType,
    Refusal,
    Unknown,
    all_types,
    lookup,
    register,
)
from netgraft.caffe.catalogue.shapes import UNSHAPED
from netgraft.proto import caffe_pb2

# Caffe's registry: REGISTER_LAYER_CLASS and REGISTER_LAYER_CREATOR in its sources
BVLC = """
AbsVal Accuracy ArgMax BatchNorm BatchReindex Bias BNLL Clip Concat ContrastiveLoss Convolution Crop Data
Deconvolution Dropout DummyData Eltwise ELU Embed EuclideanLoss Exp Filter Flatten HDF5Data HDF5Output
HingeLoss Im2col ImageData InfogainLoss InnerProduct Input Log LRN LSTM LSTMUnit MemoryData
MultinomialLogisticLoss MVN Parameter Pooling Power PReLU Python Reduction ReLU Reshape RNN Scale Sigmoid
SigmoidCrossEntropyLoss Silence Slice Softmax SoftmaxWithLoss Split SPP Swish TanH Threshold Tile
WindowData
"""

every_type = pytest.mark.parametrize("known", all_types(), ids=lambda known: known.name)


def test_the_catalogue_holds_exactly_the_layer_types_of_bvlc_caffe() -> None:
    assert catalogue.__doc__
    assert sorted(known.name for known in all_types() if known.profile == "bvlc") == sorted(BVLC.split())


def test_types_that_the_plain_build_lacks_say_what_they_need() -> None:
    needs = {known.name: known.needs for known in all_types() if known.needs}
    assert needs == {"ImageData": "OpenCV", "WindowData": "OpenCV", "Python": "Python"}


def test_a_name_may_be_registered_once() -> None:
    known = lookup("ReLU")
    assert known is not None
    with pytest.raises(ValueError, match="registered twice"):
        register(known)


def test_an_unknown_type_is_not_found() -> None:
    assert lookup("Quantum") is None


@every_type
def test_a_type_has_a_doc_line_and_a_parameter_message_of_the_schema(known: LayerType) -> None:
    assert known.doc.endswith(".")
    assert "\n" not in known.doc
    assert len(known.doc) < 110
    if known.param_field is not None and known.profile == "bvlc":
        assert known.param_field in caffe_pb2.LayerParameter.DESCRIPTOR.fields_by_name


@every_type
def test_the_summary_and_roles_of_an_unfinished_layer_are_readable(known: LayerType) -> None:
    layer = caffe_pb2.LayerParameter(name="new", type=known.name)
    assert isinstance(known.summary(layer), str)
    assert all(role for role in known.roles(layer))


@every_type
def test_a_type_that_works_in_place_keeps_its_shape(known: LayerType) -> None:
    assert known.keeps_shape or not known.in_place


axes = st.lists(st.integers(0, 9), max_size=5).map(tuple)
blobs = st.lists(st.one_of(axes, st.none(), st.just(UNSHAPED)), min_size=5, max_size=5)


@given(known=st.sampled_from(all_types()), blobs=blobs, in_place=st.booleans(), more=st.integers(0, 1))
@settings(max_examples=400)
def test_a_layer_of_any_shape_is_set_up_or_refused_but_never_an_accident(
    known: LayerType, blobs: list[tuple[int, ...] | None], in_place: bool, more: int
) -> None:
    least = known.bottoms.exact if known.bottoms.exact is not None else (known.bottoms.least or 1) + more
    bottoms = blobs[:least]
    tops = len(bottoms) if known.equal else known.tops.exact if known.tops.exact is not None else 1
    layer = caffe_pb2.LayerParameter(name="subject", type=known.name)
    layer.bottom.extend(f"b{index}" for index in range(len(bottoms)))
    layer.top.extend(["b0" if in_place else "t0", "t1", "t2", "t3", "t4"][:tops])
    with contextlib.suppress(Refusal, Unknown):
        check_blob_counts(known, len(bottoms), tops)
        made = known.setup(LayerContext(layer, bottoms, tops, "TRAIN"))
        assert len(made.tops) == tops
        assert all(min(top, default=0) >= 0 for top in made.tops if top is not None)
