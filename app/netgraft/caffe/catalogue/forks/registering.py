"""How the forks' files register the types that differ in little."""

from __future__ import annotations

from collections.abc import Callable

from netgraft.caffe.catalogue.registry import Arity, LayerType, Setup, register

ONE = Arity(exact=1)


def register_fork(
    name: str,
    doc: str,
    setup: Setup,
    param_field: str | None,
    bottoms: Arity = ONE,
    tops: Arity = ONE,
    *,
    gradients: Callable[[int], bool] | None = None,
) -> None:
    """Registers a "vision" type, or a LossLayer where `gradients` says which bottoms have one."""
    register(
        LayerType(
            name,
            "loss" if gradients else "vision",
            doc,
            setup,
            param_field,
            bottoms=bottoms,
            tops=tops,
            auto_tops=gradients is not None,
            loss=gradients is not None,
            allow_force_backward=gradients or (lambda bottom: True),
            profile="fork",
        )
    )


def first_only(bottom: int) -> bool:
    """A loss of the first bottom: labels, weights and regions have no gradient."""
    return bottom == 0


def all_but_labels(bottom: int) -> bool:
    """A LossLayer's own rule: the second bottom has no gradient."""
    return bottom != 1
