"""A client of tus for tests, which sends just what it is told to."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

TUS = {"Tus-Resumable": "1.0.0"}
PATIENCE = 20.0


def chunk(offset: int | None = None) -> dict[str, str]:
    """The headers of a request that brings bytes."""
    headers = TUS | {"Content-Type": "application/offset+octet-stream"}
    return headers if offset is None else headers | {"Upload-Offset": str(offset)}


@dataclass
class Upload:
    """An upload on a server."""

    api: httpx.Client
    path: str
    length: int
    offset: int = 0

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    def patch(self, data: bytes, offset: int | None = None) -> httpx.Response:
        """Sends bytes, by default those that follow."""
        at = self.offset if offset is None else offset
        answer = self.api.patch(self.path, content=data, headers=chunk(at))
        if answer.status_code == 204:
            self.offset = int(answer.headers["Upload-Offset"])
        return answer

    def asked(self) -> int:
        """How far the server says that it is."""
        answer = self.api.head(self.path, headers=TUS).raise_for_status()
        return int(answer.headers["Upload-Offset"])

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Asks again and again."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.01)


def begin(api: httpx.Client, length: int, data: bytes = b"", filename: str = "") -> Upload:
    """Begins an upload, with its first bytes if there are any."""
    headers = (chunk() if data else TUS) | {"Upload-Length": str(length)}
    if filename:
        headers["Upload-Metadata"] = f"filename {base64.b64encode(filename.encode()).decode()}"
    answer = api.post("/api/uploads", headers=headers, content=data or None)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Upload-Offset"] == str(len(data))
    return Upload(api, answer.headers["Location"], length, len(data))
