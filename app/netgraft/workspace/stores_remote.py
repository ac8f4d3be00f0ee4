"""Weights on an S3-compatible server, for teams; this machine's disk is their cache.

A file is on the server before its upload is acknowledged. It comes back into the cache when it is read, and
is taken only if its bytes have the hash that it is named by. The cache forgets what was read longest ago;
files that are open stay readable, as ever where files are only unlinked.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from netgraft.workspace.errors import StoreUnavailable, StoreUnusable
from netgraft.workspace.files import Inbox, Received, write_all
from netgraft.workspace.stores import DiskStore, Store, place, taken_away

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore

_log = logging.getLogger(__name__)
CACHE = 64 << 30
"""Bytes of weights that are kept on this machine's disk where nobody says how many."""
_PART = 8 << 20  # bytes of a part: S3 takes 10,000 of them
_PARTS_AT_ONCE = 4  # what is in memory at once is these times a part
_PIECE = 1 << 20
_SECONDS = 10
"""How long a request to the server is tried again before it counts as unreachable."""


def open_store(url: str, folder: Path, inbox: Inbox, cache: int, environment: Mapping[str, str]) -> Store:
    """The store that an address names: the data folder where there is none, else a bucket's folder.

    Raises StoreUnusable. `cache` is the most bytes of weights kept on this disk. Credentials, region and
    endpoint come from the environment's AWS_ variables.
    """
    if not url:
        return DiskStore(folder)
    if urlsplit(url).scheme != "s3" or not urlsplit(url).netloc:
        raise StoreUnusable(f"The store of weights must be s3://BUCKET/FOLDER, not {url!r}.")
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError:
        raise StoreUnusable("A store on S3 needs obstore: pip install obstore") from None
    endpoint = environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL")
    endpoint = endpoint or environment.get("AWS_ENDPOINT") or ""
    # A transfer may take hours; silence may not last.
    client: ClientConfig = {"connect_timeout": f"{_SECONDS // 2}s", "read_timeout": "30s", "timeout": "24h"}
    if endpoint.startswith("http://"):
        client["allow_http"] = True
    try:
        remote = S3Store.from_url(
            url,
            config={"endpoint": endpoint} if endpoint else {},
            client_options=client,
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=_SECONDS)},
        )
    except BaseError as error:
        raise StoreUnusable(f"The store of weights {url!r} cannot be used: {error}") from None
    return RemoteStore(remote, folder, inbox, cache)


class RemoteStore:
    """Objects named by their hash, and a cache of them."""

    def __init__(self, remote: ObjectStore, folder: Path, inbox: Inbox, most: int) -> None:
        self._remote = remote
        self._cache = DiskStore(folder)
        self._folder = folder / "weights"
        self._inbox = inbox
        self._most = most
        self._fetching: dict[str, Lock] = {}
        self._guard = Lock()

    def path(self, sha256: str) -> Path:
        """Where the file stands in the cache, if it does."""
        return self._cache.path(sha256)

    def prepare(self, received: Received, sha256: str) -> None:
        """Brings the file to the server, in parts, unless it is there."""
        import obstore

        if self._size(sha256) == received.size:
            return
        with _told():
            obstore.put(self._remote, sha256, received.path, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE)

    def settle(self, received: Received, sha256: str) -> bool:
        """Whether the server still has it; then it is in the cache, too."""
        if self._size(sha256) != received.size:
            return False
        place(received.path, self.path(sha256))
        self._evict(sha256)
        return True

    def discard(self, sha256: str) -> None:
        """Deletes it on the server, then in the cache."""
        import obstore
        from obstore.exceptions import NotFoundError

        with _told(), suppress(NotFoundError, FileNotFoundError):
            obstore.delete(self._remote, sha256)
        self._cache.discard(sha256)

    @contextmanager
    def reading(self, sha256: str) -> Iterator[Path]:
        """A name of the file of one's own, so that the cache may forget it while it is being opened."""
        name = self._inbox.scratch()
        try:
            self._name(sha256, name)
            yield name
        finally:
            name.unlink(missing_ok=True)

    def _name(self, sha256: str, name: Path) -> None:
        while True:
            try:
                os.utime(self.path(sha256))  # used just now
                os.link(self.path(sha256), name)
                return
            except FileNotFoundError:
                self._fetch(sha256)

    def _fetch(self, sha256: str) -> None:
        """Brings a file into the cache, once where many ask for it at the same time."""
        with self._guard:
            lock = self._fetching.setdefault(sha256, Lock())
        with lock:
            if not self.path(sha256).exists():
                self._download(sha256)
        with self._guard:
            self._fetching.pop(sha256, None)
        self._evict(sha256)

    def _download(self, sha256: str) -> None:
        import obstore
        from obstore.exceptions import NotFoundError

        path = self._inbox.scratch()
        found = hashlib.sha256()
        try:
            with path.open("xb", buffering=0) as file:
                with _told():
                    try:
                        answer = obstore.get(self._remote, sha256)
                    except (NotFoundError, FileNotFoundError):
                        raise taken_away() from None
                    for piece in answer.stream(min_chunk_size=_PIECE):
                        data = memoryview(piece)
                        found.update(data)
                        write_all(file.fileno(), data)
                os.fsync(file.fileno())
            if found.hexdigest() != sha256:
                _log.error("The store's object %s has bytes of another hash: %s.", sha256, found.hexdigest())
                raise StoreUnavailable("what it gave back is not what it was given")
            place(path, self.path(sha256))
        finally:
            path.unlink(missing_ok=True)

    def _size(self, sha256: str) -> int | None:
        """How large the server's object is, None where it has none."""
        import obstore
        from obstore.exceptions import NotFoundError

        with _told():
            try:
                return int(obstore.head(self._remote, sha256)["size"])
            except (NotFoundError, FileNotFoundError):
                return None

    def _evict(self, keep: str) -> None:
        """Forgets files until the cache is small enough; the one that is wanted now is the last to go."""
        files = []
        for path in self._folder.glob("??/*"):
            try:
                state = path.stat()
            except FileNotFoundError:  # another process evicts, too
                continue
            files.append((path.name == keep, state.st_mtime, state.st_size, path))
        total = sum(size for _, _, size, _ in files)
        for wanted, _, size, path in sorted(files):
            if total <= self._most or wanted:
                return
            path.unlink(missing_ok=True)
            total -= size


@contextmanager
def _told() -> Iterator[None]:
    """Makes whatever the server or the way to it fails with a StoreUnavailable."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, PermissionError, TimeoutError, ConnectionError) as error:
        _log.warning("The store of weights failed: %s", str(error).partition("\n")[0])
        raise StoreUnavailable(_why(error)) from error


def _why(error: Exception) -> str:
    kind = type(error).__name__
    if kind in ("PermissionDeniedError", "UnauthenticatedError", "PermissionError"):
        return "it does not let Netgraft in"
    return "it does not answer as it should"
