"""An InnerProduct as a Convolution over its whole input, weights and all: the net-surgery classic."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.errors import EditError
from netgraft.edit.meaning import message, states
from netgraft.edit.origins import tidy
from netgraft.edit.removal import remove_fields
from netgraft.edit.report import Note, Report
from netgraft.edit.shapes import Datum, Shape, layer_shapes
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, view
from netgraft.edit.weight_operations import ToConvolution
from netgraft.prototxt import Field, Splice

_GOES = ("axis", "transpose")
"""What an InnerProduct states that a Convolution of the same meaning must not."""


def to_convolution(
    document: Document, operation: ToConvolution, datum: Datum = MappingProxyType({})
) -> Edited:
    """The layer with `convolution_param` and a kernel of its input's size; its stored weights are reshaped.

    TRAIN and TEST variants go together. Raises EditError where the input has no height and width, or the
    weight is transposed.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    variants = here.variants(layer.name)
    height, width = _kernel(here, variants, datum)
    splices: list[Splice] = []
    for one in variants:
        splices += _splices(here, one, height, width)
    tree = prototxt.apply(document.tree, splices)
    origins = dict(document.origins)
    origin = document.origin(layer.name)
    origins[layer.name] = None if origin is None else replace(origin, reshape=True)
    size = f"{height}" if height == width else f"{height}x{width}"
    text = (
        f"{layer.name!r} keeps its name, but its blobs have another shape: Caffe refuses the old caffemodel "
        "for this net. Export the new one with it."
    )
    report = Report(
        op="to_convolution",
        title=f"Make {layer.name} a Convolution",
        summary=[f"{layer.name}: InnerProduct -> Convolution, kernel {size}"],
        upgraded=upgraded,
        changed=[one.key for one in variants],
        notes=[Note(code="blobs-reshaped", severity="info", message=text, layer=layer.key)],
    )
    return Edited(Document(tree, tidy(origins, view(tree))), report)


def _kernel(here: View, variants: list[LayerText], datum: Datum) -> tuple[int, int]:
    """Height and width of what the layer reads, which must be one size in all states."""
    layer = variants[0]
    for one in variants:
        if one.type != "InnerProduct":
            raise EditError("not-inner-product", f"{one.type} {one.name!r} is no InnerProduct.", one.place)
        param = message(here, one).inner_product_param
        if param.transpose:
            text = f"The weight of {one.name!r} is transposed: only its values in another order would fit."
            raise EditError("transposed", text, one.place)
        if param.axis not in (1, -3):
            text = f"{one.name!r} flattens from axis {param.axis} on, which no Convolution does."
            raise EditError("other-axis", text, one.place)
    keys = {one.key for one in variants}
    shapes: set[Shape | None] = set()
    for found in layer_shapes(here.tree, states(here), datum).values():
        shapes.update(found[key].bottoms[0] for key in keys & found.keys() if found[key].bottoms)
    known = {shape for shape in shapes if shape is not None}
    sizes = {shape[2:] for shape in known if len(shape) == 4}
    if not known:
        text = f"The shape that {layer.name!r} reads is not known, so neither is the kernel's size."
        raise EditError("unknown-shape", text, layer.place)
    if any(len(shape) != 4 for shape in known):
        text = (
            f"{layer.name!r} reads a blob without height and width. Make the InnerProduct that makes it a "
            "Convolution first."
        )
        raise EditError("no-height-and-width", text, layer.place)
    if len(sizes) > 1:
        told = ", ".join(f"{size[0]}x{size[1]}" for size in sorted(sizes))
        raise EditError("several-sizes", f"{layer.name!r} reads blobs of several sizes: {told}.", layer.place)
    height, width = sizes.pop()
    return height, width


def _splices(here: View, layer: LayerText, height: int, width: int) -> list[Splice]:
    kernel = [f"kernel_size: {height}"] if height == width else [f"kernel_h: {height}", f"kernel_w: {width}"]
    tree, chunk = here.tree, layer.chunk
    kind = layer.child("type")
    splices = prototxt.set_string(tree, chunk, kind, "Convolution") if kind is not None else []
    params = [field for field in layer.field.children if field.name == "inner_product_param"]
    for param in params:
        end = param.start + len(param.name)
        splices.append(Splice(chunk, param.start, end, "convolution_param"))
        splices += remove_fields(chunk, tree.chunks[chunk].text, _gone(param))
    if params:
        stays = [field for field in params[-1].children if field.name not in _GOES]
        after = prototxt.last(stays, "num_output") or (stays[-1] if stays else None)
        for text in kernel:
            splices += prototxt.add_field(tree, chunk, params[-1], text, after=after)
    return splices


def _gone(param: Field) -> list[Field]:
    return [field for field in param.children if field.name in _GOES]
