"""Where in the text a layer says something, in whichever format the layer is written."""

from __future__ import annotations

from netgraft.caffe.diagnostics import Place
from netgraft.caffe.upgrade import SourceLayer
from netgraft.prototxt import Field, Kind, elements, first

_V1_PARAM_FIELDS = {
    "name": "param",
    "share_mode": "blob_share_mode",
    "lr_mult": "blobs_lr",
    "decay_mult": "weight_decay",
}


def layer_place(layer: SourceLayer) -> Place:
    """The layer's name, or where it begins when it has none."""
    name = first(layer.field.children, "name") or _inner(layer, "name")
    return value_place(layer, name) if name is not None else start_place(layer)


def start_place(layer: SourceLayer) -> Place:
    """The layer's opening: `layer {`."""
    field = layer.field
    end = field.value_start + 1 if field.kind is Kind.MESSAGE else field.end
    return Place(layer.chunk, field.start, end)


def type_place(layer: SourceLayer) -> Place:
    """The value of the layer's type."""
    found = first(layer.field.children, "type") or _inner(layer, "type")
    return value_place(layer, found) if found is not None else start_place(layer)


def value_place(layer: SourceLayer, field: Field) -> Place:
    """A field's value in the layer's chunk."""
    return Place(layer.chunk, field.value_start, field.end)


def field_place(layer: SourceLayer, field: Field) -> Place:
    """A whole field, name and value."""
    return Place(layer.chunk, field.start, field.end)


def element_place(layer: SourceLayer, name: str, index: int) -> Place:
    """The value number `index` of a repeated field such as `bottom`; for a net-level input, its name."""
    if layer.field.kind is not Kind.MESSAGE:
        return start_place(layer)
    found = elements(layer.field.children, name)
    return value_place(layer, found[index]) if index < len(found) else layer_place(layer)


def param_place(layer: SourceLayer, blob: int, part: str) -> Place:
    """`lr_mult: 10` (or `name`, `decay_mult`, `share_mode`) of the layer's `param` number `blob`; the
    `param` itself where the part is not stated, the layer where that is not either."""
    if layer.field.name == "layer":
        found = elements(layer.field.children, "param")
        if blob >= len(found):
            return layer_place(layer)
        stated = first(found[blob].children, part)
        return field_place(layer, stated or found[blob])
    name = _V1_PARAM_FIELDS[part]
    fields = layer.field.children
    inner = first(fields, "layer")
    if inner is not None and name not in ("param", "blob_share_mode"):
        fields = inner.children
    found = elements(fields, name)
    return value_place(layer, found[blob]) if blob < len(found) else layer_place(layer)


def _inner(layer: SourceLayer, name: str) -> Field | None:
    """A field of a V0 layer's inner message."""
    inner = first(layer.field.children, "layer") if layer.field.name == "layers" else None
    return first(inner.children, name) if inner is not None else None
