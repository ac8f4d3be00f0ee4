"""How the forks' files register their types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, Unpack

from netgraft.caffe.catalogue.registry import Arity, Family, LayerType, Setup, register
from netgraft.proto import caffe_pb2

ONE = Arity(exact=1)


class _More(TypedDict, total=False):
    """What few types say of themselves, as LayerType explains it."""

    equal: bool
    keeps_shape: bool
    in_place: bool
    roles: Callable[[caffe_pb2.LayerParameter], tuple[str, ...]]
    summary: Callable[[caffe_pb2.LayerParameter], str]


def register_fork(
    name: str,
    doc: str,
    setup: Setup,
    param_field: str | None,
    bottoms: Arity = ONE,
    tops: Arity = ONE,
    *,
    family: Family = "vision",
    gradients: Callable[[int], bool] | None = None,
    **more: Unpack[_More],
) -> None:
    """Registers a type of a fork: a LossLayer where `gradients` says which bottoms have one."""
    register(
        LayerType(
            name,
            "loss" if gradients else family,
            doc,
            setup,
            param_field,
            bottoms=bottoms,
            tops=tops,
            auto_tops=gradients is not None,
            loss=gradients is not None,
            allow_force_backward=gradients or (lambda bottom: True),
            profile="fork",
            **more,
        )
    )


def first_only(bottom: int) -> bool:
    """A loss of the first bottom: labels, weights and regions have no gradient."""
    return bottom == 0


def all_but_labels(bottom: int) -> bool:
    """A LossLayer's own rule: the second bottom has no gradient."""
    return bottom != 1
