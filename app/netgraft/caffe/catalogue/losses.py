"""Loss layers, and Accuracy: predictions against labels."""

from __future__ import annotations

from netgraft.caffe.catalogue.layer_checks import check_engine, set_loss_weights
from netgraft.caffe.catalogue.normalization import softmax_top
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Setup, Shape, register
from netgraft.caffe.catalogue.shapes import (
    axis_size,
    canonical_axis,
    check_eq,
    count,
    divide,
    fail,
    int32,
    legacy_axis,
    total,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter


def loss_reshape(ctx: LayerContext) -> tuple[Shape | None, Shape | None]:
    """LossLayer::Reshape; returns the first two bottoms as they are after it.

    The first top becomes a scalar, and so does the first bottom where the two are one blob.
    """
    data, label = ctx.bottoms[0], ctx.bottoms[1]
    if data is not None and label is not None:
        # g++ evaluates CHECK_EQ's right side first, so that is the one it complains about
        labels, items = axis_size(label, 0), axis_size(data, 0)
        detail = "The data and label should have the same first dimension."
        check_eq(items, labels, "bottom[0]->shape(0) == bottom[1]->shape(0)", detail)
    return (() if ctx.in_place else data), label


def check_label_count(data: Shape, label: Shape | None, axis: int, what: str) -> None:
    """One label a prediction along the axis."""
    axis = canonical_axis(axis, data)
    predictions = count(data, 0, axis) * count(data, axis + 1)
    if label is not None:
        check_eq(
            predictions,
            total(label),
            "outer_num_ * inner_num_ == bottom[1]->count()",
            "Number of labels must match number of predictions; "
            f"e.g., if {what} axis == 1 and prediction shape is (N, C, H, W), label count "
            "(number of labels) must be N*H*W, with integer values in {0, 1, ..., C-1}.",
        )


def _loss(ctx: LayerContext) -> Outcome:
    loss_reshape(ctx)
    return Outcome([()])


def _softmax_with_loss(ctx: LayerContext) -> Outcome:
    """SoftmaxWithLossLayer::LayerSetUp, that of its inner Softmax, and Reshape.

    The inner layer inherits the loss weights, the default one too, for its one top.
    """
    param = ctx.layer.softmax_param
    check_engine(ctx.layer, param.engine)
    data = ctx.bottoms[0]
    if data is not None:
        softmax_top(data, param.axis)
    set_loss_weights(ctx.layer.loss_weight or (1.0,), [data])
    after, label = loss_reshape(ctx)
    if after is not None:
        softmax_top(after, param.axis)
        check_label_count(after, label, param.axis, "softmax")
    return Outcome([(), *[after] * (ctx.tops - 1)])


def _infogain_loss(ctx: LayerContext) -> Outcome:
    """InfogainLossLayer::LayerSetUp, that of its inner Softmax, and Reshape.

    The matrix in a file is not looked at: whether it fits is not known here.
    """
    param = ctx.layer.infogain_loss_param
    check_engine(ctx.layer, ctx.layer.softmax_param.engine)
    data = ctx.bottoms[0]
    if data is not None:
        softmax_top(data, param.axis)
        set_loss_weights((1.0,), [data])
    if ctx.layer.loss_param.HasField("normalize"):
        detail = 'normalize is deprecated. use "normalization"'
        raise fail("!this->layer_param_.loss_param().has_normalize()", detail)
    if len(ctx.bottoms) < 3 and not param.HasField("source"):
        detail = "Infogain matrix source must be specified."
        raise fail("this->layer_param_.infogain_loss_param().has_source()", detail)
    after, label = loss_reshape(ctx)
    if after is not None:
        softmax_top(after, param.axis)
        check_label_count(after, label, param.axis, "infogain")
        matrix = ctx.bottoms[2] if len(ctx.bottoms) > 2 else None
        if matrix is not None:
            labels = axis_size(after, param.axis)
            check_eq(total(matrix), int32(labels * labels), "infogain->count() == num_labels_*num_labels_")
    return Outcome([(), *[after] * (ctx.tops - 1)])


def _euclidean_loss(ctx: LayerContext) -> Outcome:
    """EuclideanLossLayer::Reshape."""
    data, label = loss_reshape(ctx)
    values = None if label is None else count(label, 1)
    if data is not None:
        mine = count(data, 1)
        if values is not None:
            detail = "Inputs must have the same dimension."
            check_eq(mine, values, "bottom[0]->count(1) == bottom[1]->count(1)", detail)
    return Outcome([()])


def _sigmoid_cross_entropy_loss(ctx: LayerContext) -> Outcome:
    """SigmoidCrossEntropyLossLayer::LayerSetUp, that of its inner Sigmoid, and Reshape."""
    set_loss_weights(ctx.layer.loss_weight, [ctx.bottoms[0]])
    data, label = loss_reshape(ctx)
    if data is not None:
        axis_size(data, 0)
        count(data, 1)
        if label is not None:
            detail = "SIGMOID_CROSS_ENTROPY_LOSS layer inputs must have the same count."
            check_eq(total(data), total(label), "bottom[0]->count() == bottom[1]->count()", detail)
    return Outcome([()])


_LEGACY = ("num", "channels", "height", "width")


def _check_one(shape: Shape | None, bottom: int, *axes: int) -> None:
    """The named legacy axes of a bottom must be 1."""
    if shape is not None:
        for axis in axes:
            check_eq(legacy_axis(shape, axis), 1, f"bottom[{bottom}]->{_LEGACY[axis]}() == 1")


def _multinomial_logistic_loss(ctx: LayerContext) -> Outcome:
    """MultinomialLogisticLossLayer::Reshape."""
    _, label = loss_reshape(ctx)
    _check_one(label, 1, 1, 2, 3)
    return Outcome([()])


def _contrastive_loss(ctx: LayerContext) -> Outcome:
    """ContrastiveLossLayer::LayerSetUp: two feature vectors an item, and whether they are of one kind."""
    left, right, similar = ctx.bottoms
    if left is not None and right is not None:
        others = legacy_axis(right, 1)
        check_eq(legacy_axis(left, 1), others, "bottom[0]->channels() == bottom[1]->channels()")
    _check_one(left, 0, 2, 3)
    _check_one(right, 1, 2, 3)
    _check_one(similar, 2, 1, 2, 3)
    return _loss(ctx)


def _accuracy(ctx: LayerContext) -> Outcome:
    """AccuracyLayer::Reshape: a scalar, and with a second top the accuracy a class."""
    param = ctx.layer.accuracy_param
    data, label = ctx.bottoms
    top_k = int32(param.top_k)
    if data is None:
        return Outcome([(), *[None] * (ctx.tops - 1)])
    if label is not None:
        classes = divide(total(data), total(label), "there are no labels")
        if top_k > classes:
            detail = "top_k must be less than or equal to the number of classes."
            raise fail("top_k_ <= bottom[0]->count() / bottom[1]->count()", detail, (top_k, classes))
    check_label_count(data, label, param.axis, "label")
    if ctx.tops == 1:
        return Outcome([()])
    axis = canonical_axis(param.axis, data)
    after: Shape = () if ctx.in_place else data
    return Outcome([(), (axis_size(after, axis),)])


def _normalization(layer: Layer) -> str:
    """How the loss is normalized, where it is stated, and the label that is left out."""
    param = layer.loss_param
    parts = []
    if param.HasField("normalization"):
        parts.append(caffe_pb2.LossParameter.NormalizationMode.Name(param.normalization))
    if param.HasField("ignore_label"):
        parts.append(f"ignores {param.ignore_label}")
    return " ".join(parts)


def _register_loss(
    name: str,
    doc: str,
    setup: Setup,
    param_field: str | None = None,
    *,
    bottoms: Arity | None = None,
    tops: Arity | None = None,
    no_gradient: int | None = 1,
) -> None:
    """Registers a LossLayer; `no_gradient` is the bottom that force_backward leaves alone."""
    register(
        LayerType(
            name,
            "loss",
            doc,
            setup,
            param_field,
            bottoms=bottoms or Arity(exact=2),
            tops=tops or Arity(exact=1),
            auto_tops=True,
            loss=True,
            allow_force_backward=lambda bottom: bottom != no_gradient,
            summary=_normalization,
        )
    )


_register_loss(
    "SoftmaxWithLoss",
    "Cross entropy of a softmax over the scores with integer labels.",
    _softmax_with_loss,
    "softmax_param",
    tops=Arity(least=1, most=2),
)
_register_loss(
    "InfogainLoss",
    "Softmax loss weighted by a matrix between the classes, from a file or the third bottom.",
    _infogain_loss,
    "infogain_loss_param",
    bottoms=Arity(least=2, most=3),
    tops=Arity(least=1, most=2),
)
_register_loss("EuclideanLoss", "Half the mean squared distance.", _euclidean_loss, no_gradient=None)
_register_loss(
    "SigmoidCrossEntropyLoss",
    "Cross entropy of a sigmoid a value with a target probability a value.",
    _sigmoid_cross_entropy_loss,
)
_register_loss("HingeLoss", "One-versus-all hinge loss, L1 or L2.", _loss, "hinge_loss_param")
_register_loss(
    "MultinomialLogisticLoss",
    "Cross entropy of given probabilities with integer labels.",
    _multinomial_logistic_loss,
)
_register_loss(
    "ContrastiveLoss",
    "Draws pairs of one kind together and others apart, up to a margin.",
    _contrastive_loss,
    "contrastive_loss_param",
    bottoms=Arity(exact=3),
    no_gradient=2,
)
register(
    LayerType(
        "Accuracy",
        "loss",
        "The share of items whose label is among the top_k scores.",
        _accuracy,
        "accuracy_param",
        bottoms=Arity(exact=2),
        tops=Arity(least=1, most=2),
        summary=lambda layer: f"top {layer.accuracy_param.top_k}",
    )
)
