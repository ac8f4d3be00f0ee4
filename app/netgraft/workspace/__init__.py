"""Documents, their revisions and undo, and uploaded weights; kept in a database and a data folder."""

from netgraft.workspace.errors import (
    Change,
    NoSuchDocument,
    NoSuchWeights,
    NothingToUndo,
    StaleRevision,
    TooLarge,
    TooMany,
    WorkspaceError,
)
from netgraft.workspace.files import Incoming
from netgraft.workspace.premises import Premises, SolverFile
from netgraft.workspace.records import NOBODY, By, Entry, Event, EventKind, Snapshot, Step, StoredWeights
from netgraft.workspace.workspace import Workspace

__all__ = [
    "NOBODY",
    "By",
    "Change",
    "Entry",
    "Event",
    "EventKind",
    "Incoming",
    "NoSuchDocument",
    "NoSuchWeights",
    "NothingToUndo",
    "Premises",
    "Snapshot",
    "SolverFile",
    "StaleRevision",
    "Step",
    "StoredWeights",
    "TooLarge",
    "TooMany",
    "Workspace",
    "WorkspaceError",
]
