"""Uploads that can be cut off and go on: each a partial file, and what was said of it in a file beside.

Nothing else remembers an upload, so a server that is killed, or another one on the same folder, goes on with
it: how far it is, is the size of the file. Its hash and the walk through its bytes are kept in memory as they
arrive, and made anew from the file where another process began it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from netgraft.weights import Arriving, WeightsError
from netgraft.weights.write import sync_folder
from netgraft.workspace.cache import Recent
from netgraft.workspace.errors import (
    NoSuchUpload,
    TooLarge,
    UploadBusy,
    UploadGone,
    UploadOffset,
    UploadUnfinished,
)
from netgraft.workspace.files import WHAT, modified, write_all, write_whole

_ID = re.compile(r"[0-9a-f]{40}")
_ENDING = ".json"
_READ = 1 << 20
_REMEMBERED = 64
"""Of how many uploads the hash is in memory at once: the others' files are read once more at their end."""
USELESS = ("damaged", "not-a-caffemodel")
"""Kinds of WeightsError after which the same bytes will never do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: how long it will be, how far it is, the metadata that came with it, when it is given up."""

    id: str
    length: int
    offset: int
    metadata: str
    expires: float


@dataclass(slots=True)
class _Progress:
    """What is known of the first `offset` bytes of an upload."""

    check: Arriving
    hash: Any  # hashlib's hashes have no public type
    hashed: int


class Uploads:
    """The uploads of a data folder. `lifetime`: for how many seconds one may rest before it is given up."""

    def __init__(self, folder: Path, lifetime: float) -> None:
        self._folder = folder / "uploads"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lifetime = lifetime
        self._progress: Recent[str, _Progress] = Recent(_REMEMBERED)

    def create(self, length: int, limit: int, metadata: str = "") -> Upload:
        """A new upload of so many bytes. Raises TooLarge, and OSError where the disk is full."""
        if length > limit:
            raise TooLarge(WHAT, limit)
        self.sweep()
        if length > shutil.disk_usage(self._folder).free:
            raise OSError(errno.ENOSPC, "The disk has no room for the upload")
        made = secrets.token_hex(20)
        try:
            write_whole(self._said(made), json.dumps({"length": length, "metadata": metadata}).encode())
            self._file(made).touch(exist_ok=False)
        except BaseException:
            self._said(made).unlink(missing_ok=True)
            raise
        sync_folder(self._folder)
        return self.find(made)

    def find(self, id: str) -> Upload:
        """Raises NoSuchUpload, UploadGone."""
        if not _ID.fullmatch(id):
            raise NoSuchUpload(id)
        try:
            said = json.loads(self._said(id).read_text())
        except (FileNotFoundError, json.JSONDecodeError):  # half a file: the server died while it began
            raise NoSuchUpload(id) from None
        try:
            state = self._file(id).stat()
        except FileNotFoundError:
            raise UploadGone(id) from None
        expires = state.st_mtime + self._lifetime
        if expires < time.time():
            self.terminate(id)
            raise UploadGone(id)
        return Upload(id, said["length"], state.st_size, said["metadata"], expires)

    def append(self, id: str, offset: int) -> Appending:
        """The upload, to write to from `offset` on, by one at a time in all processes.

        Raises as `find` does, UploadBusy, UploadOffset.
        """
        descriptor = self._lock(id)
        try:
            upload = self.find(id)
            if offset != upload.offset:
                raise UploadOffset(offset, upload.offset)
            return Appending(self, upload, descriptor, self._recall(upload, descriptor))
        except BaseException:
            os.close(descriptor)
            raise

    def take(self, id: str) -> Arrived:
        """A finished upload, to be accepted. Raises as `find` does, UploadBusy, UploadUnfinished."""
        descriptor = self._lock(id)
        try:
            upload = self.find(id)
            if upload.offset < upload.length:
                raise UploadUnfinished(upload.offset, upload.length)
            return Arrived(self, upload, descriptor, self._file(id), self._recall(upload, descriptor))
        except BaseException:
            os.close(descriptor)
            raise

    def terminate(self, id: str) -> None:
        """Gives an upload up: who still writes to it is told so at the next bytes. Raises NoSuchUpload."""
        if not _ID.fullmatch(id) or not self._said(id).exists():
            raise NoSuchUpload(id)
        self._progress.take(id)
        self._file(id).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Gives up what rested too long, and forgets, later, that it was there."""
        now = time.time()
        for said in self._folder.glob(f"*{_ENDING}"):
            file = said.with_suffix("")
            if modified(file) + self._lifetime < now:
                self.terminate(file.name)
            if modified(said) + 2 * self._lifetime < now and not file.exists():
                said.unlink(missing_ok=True)

    def remember(self, id: str, progress: _Progress) -> None:
        """Keeps what is known of an upload for whoever goes on with it."""
        self._progress.take(id)
        self._progress.put(id, progress)

    def _file(self, id: str) -> Path:
        return self._folder / id

    def _said(self, id: str) -> Path:
        return self._folder / f"{id}{_ENDING}"

    def _lock(self, id: str) -> int:
        """Opens the file for one's own use: the lock ends when it is closed, be it by the process's end."""
        self.find(id)
        try:
            descriptor = os.open(self._file(id), os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        except FileNotFoundError:
            raise UploadGone(id) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise UploadBusy(id) from None
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def _recall(self, upload: Upload, descriptor: int) -> _Progress:
        """What is known of the bytes that are there; walked through anew where it is not known here.

        Raises WeightsError where they turn out to be none of a caffemodel's.
        """
        known = self._progress.take(upload.id)
        if known is not None and known.check.position == upload.offset:
            return known
        check = Arriving(upload.length)
        try:
            while (at := check.position) < upload.offset:
                if check.idle:
                    check.skip(min(check.idle, upload.offset - at))
                else:
                    check.feed(os.pread(descriptor, min(_READ, upload.offset - at), at))
        except WeightsError:
            self.terminate(upload.id)
            raise
        return _Progress(check, hashlib.sha256(), 0)


class Appending:
    """An upload that is being written to. A context manager: what came is on the disk at its end."""

    def __init__(self, uploads: Uploads, upload: Upload, descriptor: int, progress: _Progress) -> None:
        self.id = upload.id
        self.length = upload.length
        self.offset = upload.offset
        self._uploads = uploads
        self._descriptor = descriptor
        self._progress = progress
        self._guard = Lock()  # a cancelled request closes it while its last bytes are still being written
        self._open = True

    def write(self, data: bytes) -> None:
        """Appends bytes. Raises TooLarge past the length, UploadGone where it was cancelled, WeightsError at
        the first byte that no caffemodel has, and OSError where the disk is full: then the upload is gone."""
        with self._guard:
            self._write(data)

    def _write(self, data: bytes) -> None:
        if self.offset + len(data) > self.length:
            raise TooLarge("The upload", self.length)
        if not self._open or os.fstat(self._descriptor).st_nlink == 0:
            raise UploadGone(self.id)
        try:
            self._progress.check.feed(data)
            write_all(self._descriptor, data)
        except (WeightsError, OSError):
            self._uploads.terminate(self.id)
            raise
        if self._progress.hashed == self.offset:
            self._progress.hash.update(data)
            self._progress.hashed += len(data)
        self.offset += len(data)

    def close(self) -> None:
        """Brings what came to the disk, and lets others go on."""
        with self._guard:
            if not self._open:
                return
            self._open = False
            try:
                if os.fstat(self._descriptor).st_nlink:
                    os.fsync(self._descriptor)
                    self._uploads.remember(self.id, self._progress)
            finally:
                os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Arrived:
    """A finished upload on its way to be accepted: a `Received`.

    A context manager. The upload is gone at its end where it was accepted (`done`), and where its bytes are
    no caffemodel's. Else it stays, so that it need not be sent again when the net or the store is mended.
    """

    def __init__(
        self, uploads: Uploads, upload: Upload, descriptor: int, path: Path, progress: _Progress
    ) -> None:
        self.path = path
        self.size = upload.length
        self.metadata = upload.metadata
        self._id = upload.id
        self._uploads = uploads
        self._descriptor = descriptor
        self._progress = progress
        self._done = False

    def finish(self) -> str:
        """Brings all bytes to the disk; returns their SHA-256 in hexadecimal."""
        progress = self._progress
        while progress.hashed < self.size:
            data = os.pread(self._descriptor, _READ, progress.hashed)
            if not data:
                raise UploadGone(self._id)
            progress.hash.update(data)
            progress.hashed += len(data)
        os.fsync(self._descriptor)
        return str(progress.hash.hexdigest())

    def done(self) -> None:
        """It was accepted."""
        self._done = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._done or (isinstance(error, WeightsError) and error.kind in USELESS):
                with suppress(NoSuchUpload):
                    self._uploads.terminate(self._id)
            else:
                self._uploads.remember(self._id, self._progress)
        finally:
            os.close(self._descriptor)
