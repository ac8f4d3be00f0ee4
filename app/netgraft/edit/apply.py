"""Applying operations: the one door through which a document changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from netgraft.edit.adding import add_layer
from netgraft.edit.connecting import connect, disconnect, move_layer, rename_blob, set_in_place
from netgraft.edit.convolving import to_convolution
from netgraft.edit.document import Document, Edited
from netgraft.edit.drawing_operations import (
    AddLayer,
    Connect,
    Disconnect,
    MoveLayer,
    Paste,
    RenameBlob,
    SetInPlace,
    SplitPhases,
)
from netgraft.edit.duplicate.graft import duplicate
from netgraft.edit.fields import set_field
from netgraft.edit.layers import delete_layers, rename_layer, replace_text
from netgraft.edit.merging import merge_batch_norm
from netgraft.edit.net_name import rename_net
from netgraft.edit.operations import (
    DeleteLayers,
    Duplicate,
    OneRate,
    Operation,
    RenameLayer,
    RenameNet,
    RenameShareGroup,
    ReplaceText,
    SetField,
    SetRate,
    ShareBlobs,
    Unshare,
    Upgrade,
    read_operation,
)
from netgraft.edit.pasting import paste
from netgraft.edit.phases import split_phases
from netgraft.edit.rates import set_rate
from netgraft.edit.refitting import refit
from netgraft.edit.shapes import Datum
from netgraft.edit.sharing import one_rate, rename_share_group, share, unshare
from netgraft.edit.taking import Sources, leave_to_filler, take_weights
from netgraft.edit.upgrade import upgrade
from netgraft.edit.weight_operations import LeaveToFiller, MergeBatchNorm, TakeWeights, ToConvolution


def apply(
    document: Document,
    operation: Operation | Mapping[str, Any],
    *,
    datum: Datum | None = None,
    sources: Sources | None = None,
) -> Edited:
    """The document after an operation; the one given is not touched.

    `datum` says what data layers' sources hold, (channels, height, width) by source, for operations
    that need shapes. `sources` are the document's caffemodels by name ("" the main one), for operations that
    take weights from them; None: they are not at hand, and what is stored is taken on trust.
    Raises EditError, and then nothing has happened.
    """
    if not isinstance(operation, BaseModel):
        operation = read_operation(operation)
    if isinstance(operation, Duplicate):
        return duplicate(document, operation, datum or {})
    if isinstance(operation, Unshare):
        return unshare(document, operation, datum or {})
    if isinstance(operation, ToConvolution):
        return to_convolution(document, operation, datum or {})
    if isinstance(operation, TakeWeights):
        return take_weights(document, operation, datum or {}, sources)
    if isinstance(operation, MergeBatchNorm):
        return merge_batch_norm(document, operation, datum or {}, sources)
    if isinstance(operation, Paste):
        return paste(document, operation, sources)
    edited = _SIMPLE[type(operation)](document, operation)
    if isinstance(operation, DeleteLayers | Connect | Disconnect):
        return refit(document, edited, datum or {}, sources)
    return edited


# Each entry's function takes the key's operation; the union is closed, so none can be missing.
_SIMPLE: dict[type, Callable[[Document, Any], Edited]] = {
    SetRate: set_rate,
    ShareBlobs: share,
    RenameShareGroup: rename_share_group,
    OneRate: one_rate,
    RenameLayer: rename_layer,
    DeleteLayers: delete_layers,
    SetField: set_field,
    RenameNet: rename_net,
    Upgrade: lambda document, _: upgrade(document),
    ReplaceText: replace_text,
    LeaveToFiller: leave_to_filler,
    AddLayer: add_layer,
    Connect: connect,
    Disconnect: disconnect,
    MoveLayer: move_layer,
    RenameBlob: rename_blob,
    SetInPlace: set_in_place,
    SplitPhases: split_phases,
}
