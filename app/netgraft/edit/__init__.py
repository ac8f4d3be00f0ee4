"""Operations: pure functions from a document and an operation to a document."""

from netgraft.edit.apply import apply
from netgraft.edit.document import Document, Edited
from netgraft.edit.duplicate.selection import find_layers
from netgraft.edit.errors import EditError
from netgraft.edit.operations import Operation, read_operation
from netgraft.edit.report import Report
from netgraft.edit.view import view

__all__ = [
    "Document",
    "EditError",
    "Edited",
    "Operation",
    "Report",
    "apply",
    "find_layers",
    "read_operation",
    "view",
]
