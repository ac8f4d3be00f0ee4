"""What Caffe's Layer base class checks around every LayerSetUp and Reshape (layer.hpp)."""

from __future__ import annotations

from collections.abc import Sequence

from netgraft.caffe.catalogue.fillers import given_blobs
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Refusal, Shape
from netgraft.caffe.catalogue.shapes import UNSHAPED, fail, total
from netgraft.proto import caffe_pb2


def check_blob_counts(layer_type: LayerType, bottoms: int, tops: int) -> None:
    """Layer::CheckBlobCounts: refuses a number of bottoms or tops that the type does not take."""
    check_bottoms(layer_type.name, layer_type.bottoms, bottoms)
    check_tops(layer_type.name, layer_type.tops, tops)
    if layer_type.equal and bottoms != tops:
        detail = f"{layer_type.name} Layer produces one top blob as output for each bottom blob input."
        raise fail("bottom.size() == top.size()", detail, (bottoms, tops))


def check_bottoms(name: str, arity: Arity, bottoms: int) -> None:
    """The bottom half of CheckBlobCounts, in its order: exact, least, most."""
    _check_arity(arity, bottoms, "Bottom", f"{name} Layer takes", "bottom blob(s) as input.")


def check_tops(name: str, arity: Arity, tops: int) -> None:
    """The top half of CheckBlobCounts, in its order: exact, least, most."""
    _check_arity(arity, tops, "Top", f"{name} Layer produces", "top blob(s) as output.")


def _check_arity(arity: Arity, have: int, side: str, before: str, after: str) -> None:
    size = f"{side.lower()}.size()"
    if arity.exact is not None and arity.exact != have:
        detail = f"{before} {arity.exact} {after}"
        raise fail(f"ExactNum{side}Blobs() == {size}", detail, (arity.exact, have))
    if arity.least is not None and arity.least > have:
        raise fail(
            f"Min{side}Blobs() <= {size}", f"{before} at least {arity.least} {after}", (arity.least, have)
        )
    if arity.most is not None and arity.most < have:
        raise fail(
            f"Max{side}Blobs() >= {size}", f"{before} at most {arity.most} {after}", (arity.most, have)
        )


def create(layer_type: LayerType, layer: caffe_pb2.LayerParameter) -> list[Shape]:
    """LayerRegistry::CreateLayer and Layer's constructor: refuses an engine that the build lacks.

    Returns the shapes of the blobs that the prototxt itself holds; they stay with a layer that makes
    none of its own.
    """
    if layer_type.engine is not None:
        check_engine(layer, layer_type.engine(layer))
    return given_blobs(layer) if layer.blobs else []


def needed_tops(layer_type: LayerType) -> int:
    """How many tops Caffe makes by itself where fewer are named (AutoTopBlobs); 0 for most types."""
    if not layer_type.auto_tops:
        return 0
    return max(layer_type.tops.exact or 0, layer_type.tops.least or 0)


def loss_weights(
    layer_type: LayerType, layer: caffe_pb2.LayerParameter, tops: Sequence[Shape | None]
) -> tuple[float, ...]:
    """The weight of each top in the loss (LossLayer::LayerSetUp, Layer::SetLossWeights), () for none.

    To be called after setup; refuses a number of `loss_weight` that is not the number of tops.
    """
    weights = tuple(layer.loss_weight) or ((1.0,) if layer_type.loss else ())
    set_loss_weights(weights, tops)
    return weights


def set_loss_weights(weights: Sequence[float], tops: Sequence[Shape | None]) -> None:
    """Layer::SetLossWeights on top shapes (None is unknown)."""
    if not weights:
        return
    if len(weights) != len(tops):
        detail = "loss_weight must be unspecified or specified once per top blob."
        raise fail("top.size() == num_loss_weights", detail, (len(tops), len(weights)))
    for weight, top in zip(weights, tops, strict=True):
        if weight != 0 and top is not None and total(top) == 0:
            raise fail("diff_")


def check_engine(layer: caffe_pb2.LayerParameter, engine: int) -> None:
    """CreateLayer of a CPU build: only the DEFAULT (0) and CAFFE (1) engines exist."""
    if engine == 2:
        raise Refusal(f"Layer {layer.name} has unknown engine.")


def refuse_in_place(ctx: LayerContext, top: str = "top[0]") -> None:
    """CHECK_NE(top[0], bottom[0]): the pointers that Caffe prints mean nothing here and are left out."""
    if ctx.in_place:
        raise fail(f"{top} != bottom[0]", f"{ctx.layer.type} Layer does not allow in-place computation.")


def reshaped_like(shape: Shape) -> Shape:
    """The shape of a blob after ReshapeLike(other): a never-shaped other gives a blob of no axes."""
    return () if shape is UNSHAPED else shape
