"""Applying operations: the one door through which a document changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netgraft.edit.document import Document, Edited
from netgraft.edit.duplicate.graft import duplicate
from netgraft.edit.operations import (
    Duplicate,
    OneRate,
    Operation,
    RenameShareGroup,
    SetRate,
    ShareBlobs,
    Unshare,
    read_operation,
)
from netgraft.edit.rates import set_rate
from netgraft.edit.shapes import Datum
from netgraft.edit.sharing import one_rate, rename_share_group, share, unshare


def apply(
    document: Document, operation: Operation | Mapping[str, Any], *, datum: Datum | None = None
) -> Edited:
    """The document after an operation; the one given is not touched.

    `datum` says what data layers' sources hold, (channels, height, width) by source, for operations
    that need shapes. Raises EditError, and then nothing has happened.
    """
    if isinstance(operation, Mapping):
        operation = read_operation(operation)
    match operation:
        case Duplicate():
            return duplicate(document, operation, datum or {})
        case SetRate():
            return set_rate(document, operation)
        case Unshare():
            return unshare(document, operation)
        case ShareBlobs():
            return share(document, operation)
        case RenameShareGroup():
            return rename_share_group(document, operation)
        case OneRate():
            return one_rate(document, operation)
    raise AssertionError(operation.op)
