"""Documents, their revisions and undo, and uploaded weights; kept in a database and a data folder."""

from netgraft.workspace.errors import (
    Change,
    Conflict,
    DatabaseTrouble,
    NoSuchDocument,
    NoSuchLink,
    NoSuchWeights,
    NothingToUndo,
    StaleRevision,
    TooLarge,
    TooMany,
    WorkspaceError,
)
from netgraft.workspace.feed import Listener, Notice, Watch
from netgraft.workspace.files import Incoming
from netgraft.workspace.links import Link, Links
from netgraft.workspace.premises import Premises, SolverFile
from netgraft.workspace.records import NOBODY, By, Entry, Event, EventKind, Snapshot, Step, StoredWeights
from netgraft.workspace.workspace import Workspace

__all__ = [
    "NOBODY",
    "By",
    "Change",
    "Conflict",
    "DatabaseTrouble",
    "Entry",
    "Event",
    "EventKind",
    "Incoming",
    "Link",
    "Links",
    "Listener",
    "NoSuchDocument",
    "NoSuchLink",
    "NoSuchWeights",
    "NothingToUndo",
    "Notice",
    "Premises",
    "Snapshot",
    "SolverFile",
    "StaleRevision",
    "Step",
    "StoredWeights",
    "TooLarge",
    "TooMany",
    "Watch",
    "Workspace",
    "WorkspaceError",
]
