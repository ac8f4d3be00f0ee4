"""Where accepted weights are kept: each file once, named by the SHA-256 of its bytes.

A store is on disk (here), or on an S3-compatible server with the disk as its cache (`stores_remote`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from netgraft.weights import WeightsError
from netgraft.weights.write import sync_folder
from netgraft.workspace.files import Received

NO_HARD_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK)


class Store(Protocol):
    """The weights of a workspace. Who may do what at the same time, `keeping` sees to."""

    def path(self, sha256: str) -> Path:
        """Where the file stands on this machine's disk, if it does."""

    def prepare(self, received: Received, sha256: str) -> None:
        """What of `settle` takes long, done while nothing is locked. Raises StoreUnavailable, OSError."""

    def settle(self, received: Received, sha256: str) -> bool:
        """Takes a finished file in, unless it has it; the caller keeps its own name of it.

        False where the store lost meanwhile what `prepare` brought: it is to be done again. Called while no
        file is discarded. Raises StoreUnavailable, OSError.
        """

    def discard(self, sha256: str) -> None:
        """Deletes a file that no document uses; not to have it is fine. Raises StoreUnavailable."""

    def reading(self, sha256: str) -> AbstractContextManager[Path]:
        """A path under which the file can be opened, and, once open, read for as long as one likes.

        Raises WeightsError (kind `changed`) where it is not there any more, StoreUnavailable, OSError.
        """


class DiskStore:
    """Weights in a folder of this machine, or one that several share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "weights"
        self._folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file stands, if it does."""
        return self._folder / sha256[:2] / sha256

    def prepare(self, received: Received, sha256: str) -> None:
        """Nothing takes long here."""

    def settle(self, received: Received, sha256: str) -> bool:
        """Gives the file its name in the store; the same bytes a second time cost nothing."""
        place(received.path, self.path(sha256))
        return True

    def discard(self, sha256: str) -> None:
        """Deletes a file."""
        self.path(sha256).unlink(missing_ok=True)

    @contextmanager
    def reading(self, sha256: str) -> Iterator[Path]:
        """The file's own path."""
        path = self.path(sha256)
        try:
            yield path
        except FileNotFoundError:
            raise taken_away() from None


def place(file: Path, target: Path) -> None:
    """Gives a file a second name, durably, unless the target is there. Both are on one file system."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        try:
            os.link(file, target)
        except OSError as error:
            if error.errno not in NO_HARD_LINKS:
                raise
            if not target.exists():
                file.replace(target)
    sync_folder(target.parent)


def taken_away() -> WeightsError:
    """What is said where weights are read that were replaced or deleted a moment before."""
    return WeightsError("The weights were replaced or taken away while they were asked for", kind="changed")
