"""Setting a layer up: its type, its number of bottoms and tops, its parameters, its shapes."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.catalogue.registry import LayerType, Refusal, all_types
from netgraft.caffe.catalogue.shapes import fail
from netgraft.caffe.diagnostics import Diagnostic, Fix, Place, counted, declare, said_instead
from netgraft.caffe.spelling import misspelt_type
from netgraft.caffe.upgrade import SourceLayer
from netgraft.prototxt import last

UNKNOWN_TYPE: Final = declare("unknown-layer-type", "error", "Caffe has no layer of this type")
FORK_TYPE: Final = declare("fork-layer-type", "info", "A layer type that Netgraft does not know")
MISSPELT_TYPE: Final = declare(
    "misspelt-type", "warning", "A layer type that no fork has, most likely: a slip"
)
REFUSED: Final = declare(
    "layer-refused", "error", "Caffe refuses the layer's parameters or its bottoms' shapes"
)
LOSS_WEIGHTS: Final = declare("loss-weight-count", "error", "loss_weight does not match the tops")
BATCH_NORM_RATE: Final = declare(
    "batch-norm-rate", "error", "BatchNorm's statistics are given a learning rate"
)

_BATCH_NORM_WORDS: Final = "Cannot configure batch normalization statistics"


def unknown_type(key: str, source: SourceLayer, known: LayerType | None, known_types: str) -> Diagnostic:
    """LayerRegistry::CreateLayer: the type is not in the registry."""
    name = source.facts.type
    fixes: tuple[Fix, ...] = ()
    detail = f"Unknown layer type: {name} (known types: {known_types})"
    caffe = fail("registry.count(type) == 1", detail, (0, 1)).message
    if known is not None and known.needs:
        message = f"{name} is a layer of Caffe, but only in a build with {known.needs}."
    elif known is not None:
        message = f"{name} is a layer of Caffe's forks; BVLC Caffe 1.0 does not have it."
    elif not name:
        message = f"{key} has no type."
    else:
        message = f"BVLC Caffe 1.0 has no layer type {name}"
        near = meant_type(name) or _near(name)
        message += f"; is {near} meant?" if near else "."
        fixes = (said_instead(f"Make it {near}", key, "type", near),) if near else ()
    return Diagnostic(UNKNOWN_TYPE, "error", message, caffe, key, None, places.type_place(source), fixes)


@lru_cache(maxsize=1024)
def meant_type(name: str) -> str | None:
    """The layer type of which an unknown one is a slip of the pen; None for what may be a fork's."""
    return misspelt_type(name, [other.name for other in all_types()])


@lru_cache(maxsize=1024)
def _near(name: str) -> str | None:
    near = get_close_matches(name, [other.name for other in all_types()], 1)
    return near[0] if near else None


def fork_type(key: str, source: SourceLayer, known: LayerType | None) -> Diagnostic:
    """A type that is in no catalogue: a fork's or a slip of the pen, and its shapes are unknown."""
    what = source.facts.type or "A layer without a type"
    if meant := meant_type(source.facts.type):
        message = (
            f"{what} is no layer type that Netgraft knows; did you mean {meant}? {key}'s shapes are unknown."
        )
        fix = said_instead(f"Make it {meant}", key, "type", meant)
        return Diagnostic(
            MISSPELT_TYPE, "warning", message, None, key, None, places.type_place(source), (fix,)
        )
    message = f"{what} is not in the catalogue: {key}'s shapes are unknown."
    return Diagnostic(FORK_TYPE, "info", message, None, key, None, places.type_place(source))


def refused(key: str, source: SourceLayer, known: LayerType, refusal: Refusal) -> Diagnostic:
    """What CheckBlobCounts, LayerSetUp or Reshape of the type abort on."""
    words = refusal.message
    if _BATCH_NORM_WORDS in words:
        return _batch_norm_rate(key, source, words)
    plain = words.removeprefix("Check failed: ")
    message = f"{known.name} layer {key}: {plain}"
    return Diagnostic(REFUSED, "error", message, words, key, None, _params_place(source, known))


def _params_place(source: SourceLayer, known: LayerType) -> Place:
    """The type's own parameters, else the layer's name."""
    if known.param_field is not None:
        field = last(source.field.children, known.param_field)
        if field is not None:
            return Place(source.chunk, field.start, field.start + len(field.name))
    return places.layer_place(source)


def _batch_norm_rate(key: str, source: SourceLayer, words: str) -> Diagnostic:
    blob = next((index for index, spec in enumerate(source.facts.params) if spec.lr != 0), 0)
    message = (
        f"{key} gives BatchNorm's statistics a learning rate (an absent lr_mult counts as 1). "
        "They are no weights; state lr_mult: 0."
    )
    rate = {"op": "set_rate", "layer": key, "blob": None, "lr_mult": 0.0, "decay_mult": 0.0}
    fix = Fix(f"Set lr_mult 0 in every param of {key}", (rate,))
    place = places.param_place(source, blob, "lr_mult")
    return Diagnostic(BATCH_NORM_RATE, "error", message, words, key, None, place, (fix,))


def loss_weights(key: str, source: SourceLayer, refusal: Refusal) -> Diagnostic:
    """Layer::SetLossWeights."""
    stated = len(source.facts.loss_weights)
    tops = len(source.facts.tops)
    if stated:
        message = (
            f"{key} states {stated} loss_weight for {counted(tops, 'top')}; state one for each top, or none."
        )
    else:
        message = f"{key} has {tops} tops, for which Caffe assumes one loss_weight only; state one for each."
    place = places.element_place(source, "loss_weight", max(0, min(stated - 1, tops)))
    return Diagnostic(LOSS_WEIGHTS, "error", message, refusal.message, key, None, place)
