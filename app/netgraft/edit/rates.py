"""The operation on one layer's learning rates."""

from __future__ import annotations

from netgraft import prototxt
from netgraft.edit.document import Document, Edited
from netgraft.edit.duplicate.plan import LayerRate
from netgraft.edit.duplicate.rates import apply_rate, check_rate, effective_rate, mismatch
from netgraft.edit.errors import EditError
from netgraft.edit.groups import User, agree, blob_indices, users
from netgraft.edit.meaning import BATCH_NORM
from netgraft.edit.numbers import write_float
from netgraft.edit.operations import SetRate
from netgraft.edit.params import ParamChange, change_params
from netgraft.edit.report import Fix, Note, Report
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, View, view


def set_rate(document: Document, operation: SetRate) -> Edited:
    """Sets, scales or unstates rates of a layer's blobs; entries that are missing come to be.

    Raises EditError for a layer without parameters, for BatchNorm's statistics (Caffe refuses any
    lr_mult but 0 there) and for numbers that are no rates.
    """
    document, upgraded = modernise_layers(document)
    here = view(document.tree)
    layer = here.layer(operation.layer)
    given = operation.model_fields_set
    rate = LayerRate(lr_mult=operation.lr_mult, scale_lr=operation.scale_lr, decay_mult=operation.decay_mult)
    check_rate(rate)
    if not given & {"lr_mult", "decay_mult", "scale_lr"}:
        raise EditError("bad-rate", "Say lr_mult, decay_mult or scale_lr.")
    blobs = blob_indices(here, layer, operation.blob)
    if not blobs:
        raise EditError("no-parameters", f"Layer {layer.name!r} has no parameters.", layer.place)
    if layer.type == BATCH_NORM and (operation.lr_mult or operation.scale_lr):
        raise EditError(
            "batch-norm-rate",
            "Cannot configure batch normalization statistics as layer parameters: their lr_mult is 0.",
            layer.place,
        )
    changes = {blob: ParamChange() for blob in blobs}
    for blob, change in changes.items():
        apply_rate(effective_rate(here, layer, blob), rate, change)
        if "lr_mult" in given and operation.lr_mult is None and operation.scale_lr is None:
            change.lr_mult = None
        if "decay_mult" in given and operation.decay_mult is None:
            change.decay_mult = None
    tree = prototxt.apply(document.tree, change_params(here.tree, layer, changes))
    after = view(tree)
    report = Report(
        op="set_rate",
        title=f"Set the rate of {layer.name}",
        summary=[_told(after.by_key[layer.key], blob) for blob in blobs],
        upgraded=upgraded,
        changed=[layer.key],
        notes=_notes(after, after.by_key[layer.key], blobs),
    )
    return Edited(Document(tree, document.origins), report)


def _told(layer: LayerText, blob: int) -> str:
    param = layer.params[blob] if blob < len(layer.params) else None
    lr = param.lr_mult if param else None
    decay = param.decay_mult if param else None
    words = [
        f"{which} {'unstated (1)' if value is None else write_float(value)}"
        for which, value in (("lr_mult", lr), ("decay_mult", decay))
    ]
    return f"{layer.key}[{blob}]: {', '.join(words)}"


def _notes(after: View, layer: LayerText, blobs: list[int]) -> list[Note]:
    """The contradictions that a rate on a shared blob makes, with the ways out."""
    notes: list[Note] = []
    for blob in blobs:
        name = layer.params[blob].name if blob < len(layer.params) else ""
        if not name:
            continue
        group = users(after, name)
        for which in ("lr_mult", "decay_mult"):
            if agree(group, which):
                continue
            param = User(layer, blob).param
            value = param.lr_mult if which == "lr_mult" else param.decay_mult
            one_rate: dict[str, object] = {"op": "one_rate", "name": name}
            if value is not None:
                one_rate[which] = value
            unshare = {"op": "unshare", "layer": layer.key, "blob": blob}
            fixes = [
                Fix(title=f"Unshare {layer.name}", operations=[unshare]),
                Fix(title=f"Give {name!r} this rate everywhere", operations=[one_rate]),
            ]
            notes.append(mismatch(name, which, layer.key, fixes))
    return notes
