"""Silence, and layers written in Python."""

from __future__ import annotations

from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, register


def _silence(ctx: LayerContext) -> Outcome:
    return Outcome([])


def _python(ctx: LayerContext) -> Outcome:
    """What a Python layer makes is its own affair: nothing is known but the names of its tops."""
    return Outcome([None] * ctx.tops, None)


register(
    LayerType(
        "Silence",
        "utility",
        "Takes blobs and does nothing, so that they are no outputs of the net.",
        _silence,
        bottoms=Arity(least=1),
        tops=Arity(exact=0),
    )
)
register(
    LayerType(
        "Python",
        "utility",
        "A layer written in Python (a build of Caffe with Python layers).",
        _python,
        "python_param",
        summary=lambda layer: ".".join(
            part for part in (layer.python_param.module, layer.python_param.layer) if part
        ),
        needs="Python",
    )
)
