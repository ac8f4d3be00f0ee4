"""Sequence layers of text-line and speech nets, and losses and fields that stand alone."""

from __future__ import annotations

from netgraft.caffe.catalogue.activation import same_shape
from netgraft.caffe.catalogue.fillers import filled
from netgraft.caffe.catalogue.forks.fields import fields, foreign
from netgraft.caffe.catalogue.forks.registering import first_only, register_fork
from netgraft.caffe.catalogue.registry import Arity, LayerContext, Outcome, Shape, Unknown
from netgraft.caffe.catalogue.shapes import check_eq, divide, fail, legacy_axis, reshape, total


def _lstm(ctx: LayerContext) -> Outcome:
    """LstmLayer (junhyukoh/caffe-lstm): batch_size sequences laid one value of time after another."""
    param = fields(ctx, "lstm_param")
    if len(ctx.bottoms) != 1 or len(ctx.layer.param) > 3 or "num_output" not in param or "width" in param:
        return foreign(ctx)
    outputs, batch = param.integer("num_output"), param.integer("batch_size", 1)
    weights, biases = param.filler("weight_filler"), param.filler("bias_filler")
    hidden, bias = filled((4 * outputs, outputs), weights), filled((4 * outputs,), biases)
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None], [None, hidden, bias])
    if len(bottom) == 3 and "batch_size" not in param:  # (time step, sequence, value), as in CTPN's fork
        return Outcome([reshape((*bottom[:2], outputs))], [None, hidden, bias])
    items = legacy_axis(bottom, 0)
    inputs = divide(total(bottom), items, "the batch is empty")
    detail = "Input size should be multiple of batch size"
    if batch < 1:
        raise Unknown
    check_eq(items % batch, 0, "bottom[0]->num() % N_ == 0", detail)
    blobs: list[Shape | None] = [filled((4 * outputs, inputs), weights), hidden, bias]
    return Outcome([reshape((items, outputs))], blobs)


def _reverse(ctx: LayerContext) -> Outcome:
    """ReverseLayer; with two bottoms forks differ on which of them is turned."""
    if len(ctx.bottoms) != 1:
        return foreign(ctx)
    return same_shape(ctx)


def _continuation_indicator(ctx: LayerContext) -> Outcome:
    """ContinuationIndicatorLayer (crnn.caffe): 0 where a sequence starts, else 1."""
    param = fields(ctx, "continuation_indicator_param")
    if "time_step" not in param or "batch_size" not in param:
        return foreign(ctx)
    return Outcome([reshape((param.integer("time_step"), param.integer("batch_size")))])


def _scalar(ctx: LayerContext) -> Outcome:
    return Outcome([(), *[None] * (ctx.tops - 1)])


def _ctc_loss(ctx: LayerContext) -> Outcome:
    """CtcLossLayer::Reshape (crnn.caffe): scores of (time step, sequence, letter), a label row a sequence."""
    scores, labels = ctx.bottoms[:2]
    if scores is not None and labels is not None and len(scores) > 1 and len(labels) > 0:
        detail = "The input blobs should have same dimensions."
        check_eq(labels[0], scores[1], "bottom[1]->shape()[0] == bottom[0]->shape()[1]", detail)
    return _scalar(ctx)


def _mean_field(ctx: LayerContext) -> Outcome:
    """MultiStageMeanfieldLayer (CRF-RNN): spatial and bilateral weights and a compatibility matrix."""
    bottom = ctx.bottoms[0]
    if bottom is None:
        return Outcome([None], [None] * 3)
    if len(bottom) > 4:
        raise fail("num_axes() <= 4", "Cannot use legacy accessors on Blobs with > 4 axes.", (len(bottom), 4))
    channels = legacy_axis(bottom, 1)
    top = reshape([legacy_axis(bottom, axis) for axis in range(4)])
    return Outcome([top], [(1, 1, channels, channels)] * 3)


_SOME = Arity(least=1)
_PAIR = Arity(least=2)
for _name, _doc, _setup, _param_field, _bottoms in (
    ("CTCLoss", "Connectionist temporal classification: labels without alignment.", _scalar, None, _PAIR),
    (
        "CtcLoss",
        "Connectionist temporal classification: labels without alignment.",
        _ctc_loss,
        "ctc_loss_param",
        _PAIR,
    ),
    ("L1Loss", "Absolute error.", _scalar, None, _PAIR),
    ("TripletLoss", "Draws a pair nearer than another, by a margin.", _scalar, "triplet_loss_param", _SOME),
):
    register_fork(_name, _doc, _setup, _param_field, _bottoms, _SOME, gradients=first_only)
register_fork(
    "Lstm",
    "Long short-term memory of caffe-lstm, over sequences laid end to end.",
    _lstm,
    "lstm_param",
    Arity(least=1),
    Arity(least=1),
    family="recurrent",
    roles=lambda layer: ("W_i", "W_h", "b") if len(layer.param) <= 3 else (),
)
register_fork(
    "Reverse",
    "Turns an axis round, time by default.",
    _reverse,
    "reverse_param",
    Arity(least=1, most=2),
    family="common",
    keeps_shape=True,
)
register_fork(
    "ContinuationIndicator",
    "0 where a sequence starts, else 1.",
    _continuation_indicator,
    "continuation_indicator_param",
    Arity(exact=0),
    family="data",
)
register_fork(
    "MultiStageMeanfield",
    "A conditional random field as a recurrent layer (CRF-RNN).",
    _mean_field,
    "multi_stage_meanfield_param",
    Arity(exact=3),
    roles=lambda layer: ("spatial", "bilateral", "compatibility"),
)
