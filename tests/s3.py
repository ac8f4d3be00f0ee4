"""A real HTTP server with S3's interface (moto) on the loopback interface, that tests may stop and start."""

from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import obstore
from obstore.store import S3Store

_SECONDS_TO_START = 60
_BUCKET = "weights"


class S3Server:
    """The server, empty at each start; it keeps its port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._folders = itertools.count(1)

    @property
    def environment(self) -> dict[str, str]:
        """What tells a client where it is, and who one is there."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "someone",
            "AWS_SECRET_ACCESS_KEY": "something",
            "AWS_REGION": "us-east-1",
        }

    def start(self) -> None:
        """Starts it and makes the bucket."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            try:
                self._ask("PUT", f"/{_BUCKET}")
                return
            except urllib.error.URLError:
                assert self._process.poll() is None, "the S3 server ended"
                assert time.monotonic() < deadline, "the S3 server did not start"
                time.sleep(0.05)

    def stop(self) -> None:
        """Stops it, and what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def new_folder(self) -> str:
        """A folder that nobody used before."""
        return f"s3://{_BUCKET}/folder-{next(self._folders)}"

    def objects(self, folder: str) -> list[str]:
        """The names of what is in a folder."""
        return sorted(each["path"] for page in obstore.list(self._folder(folder)) for each in page)

    def put(self, folder: str, name: str, data: bytes) -> None:
        """Puts an object there, behind Netgraft's back."""
        obstore.put(self._folder(folder), name, data)

    def delete(self, folder: str, name: str) -> None:
        """Deletes one."""
        obstore.delete(self._folder(folder), name)

    def _folder(self, folder: str) -> S3Store:
        said = self.environment
        return S3Store.from_url(
            folder,
            endpoint=said["AWS_ENDPOINT_URL"],
            access_key_id=said["AWS_ACCESS_KEY_ID"],
            secret_access_key=said["AWS_SECRET_ACCESS_KEY"],
            region=said["AWS_REGION"],
            client_options={"allow_http": True},
        )

    def _ask(self, method: str, path: str) -> None:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        urllib.request.urlopen(request, timeout=10).close()
