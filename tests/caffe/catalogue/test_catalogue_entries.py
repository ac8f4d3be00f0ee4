"""What every entry of the catalogue must have."""

from __future__ import annotations

import pytest

from netgraft.caffe import catalogue
from netgraft.caffe.catalogue.registry import LayerType, all_types, lookup, register
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
