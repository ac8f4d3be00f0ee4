"""Dangers in layer names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from netgraft.caffe import places
from netgraft.caffe.checks.dangers import Scene, danger
from netgraft.caffe.diagnostics import Diagnostic, Fix

DUPLICATE: Final = "duplicate-layer-name"
SLASH: Final = "hdf5-slash-name"


@danger(DUPLICATE, "Two layers of one phase have one name")
def duplicate_layer_name(scene: Scene) -> Iterator[Diagnostic]:
    """Weights go by layer name: from a .caffemodel to the first, from HDF5 to the last."""
    names = [layer.name for layer in scene.net.layers]
    if len(set(names)) == len(names):
        return
    taken = set(names) | set(scene.outline.keys)
    first: dict[str, str] = {}
    for layer in scene.net.layers:
        if layer.name not in first:
            first[layer.name] = layer.key
            continue
        fresh = fresh_name(layer.name, taken)
        taken.add(fresh)
        weights = (
            " Weights from a .caffemodel go to the first only, from HDF5 to the last." if layer.blobs else ""
        )
        message = (
            f"There is a layer named '{layer.name}' before this one.{weights} Caffe cannot save it as HDF5."
        )
        rename = {"op": "rename_layer", "layer": layer.key, "to": fresh}
        fix = Fix(f"Rename this layer to {fresh}", (rename,))
        place = places.layer_place(layer.source)
        yield Diagnostic(DUPLICATE, "warning", message, None, layer.key, None, place, (fix,))


@danger(SLASH, "Layer names with a slash cannot be saved as HDF5")
def hdf5_slash_name(scene: Scene) -> Iterator[Diagnostic]:
    """Said once a net: GoogLeNet alone has 140 such names."""
    found = [layer for layer in scene.net.layers if "/" in layer.name]
    if not found:
        return
    taken = {layer.name for layer in scene.net.layers}
    renames: list[dict[str, object]] = []
    for layer in found:
        fresh = fresh_name(layer.name.replace("/", "_"), taken, layer.name)
        taken.add(fresh)
        renames.append({"op": "rename_layer", "layer": layer.key, "to": fresh})
    first = found[0]
    others = f" and {len(found) - 1} more" if len(found) > 1 else ""
    message = (
        f"'{first.name}'{others}: Caffe cannot save layers with a slash in their name as HDF5 "
        "(a .caffemodel is fine)."
    )
    # Last first: a name that goes leaves its key to the namesake after it.
    fix = Fix("Put _ for / in these names", tuple(reversed(renames)))
    yield Diagnostic(
        SLASH, "warning", message, None, first.key, None, places.layer_place(first.source), (fix,)
    )


def fresh_name(wanted: str, taken: set[str], own: str = "") -> str:
    """A name that nobody has: the wanted one, else with `_2`, `_3`, ..."""
    if wanted not in taken and wanted != own:
        return wanted
    number = 2
    while f"{wanted}_{number}" in taken:
        number += 1
    return f"{wanted}_{number}"
