"""The editor's modules as static/tools/app.mjs packs them: a few small files in place of 150 requests.

They are taken only while they were made from the very sources that stand in static/: whoever edits a module
sees it at the next load, as if there were no pack. An installed wheel always has a matching one.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = "built"
# As in static/tools/app.mjs.
_NOT_SOURCES = {"node_modules", "tests", "tools", BUILT}
_SUFFIXES = {".js": "text/javascript", ".css": "text/css"}
# What the page loads one by one: from the first script or style sheet of ours to the last.
_LOADED = re.compile(r'[ \t]*<(?:script|link)[^>]*"/static/(?!styles/mark)[^>]*>(?:</script>)?\n')
_SHEET = re.compile(r'rel="stylesheet" href="/static/([^"]*)"')
_MOST_HELD = 100
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class _Pack:
    """What manifest.json says: the digest of its sources, its folder, the chunks that app.js imports, what it
    asks for after the first picture, and the style sheets that it holds, in their order."""

    sources: str
    folder: str
    chunks: list[str]
    later: list[str]
    sheets: list[str]


class Bundle:
    """The pack of one static/ folder; it notices when a source or the pack itself changes."""

    def __init__(self, static: Path) -> None:
        self.static = static
        self._seen: tuple[object, ...] = ()
        self._pack: _Pack | None = None

    def page(self, html: str) -> str:
        """A page that names single modules and style sheets, made to load the pack; as it is without one."""
        pack = self._current()
        if pack is None or pack.sheets != _SHEET.findall(html):
            return html
        at = f"/static/{BUILT}/{pack.folder}"
        # The browser asks in this order, and for six at a time: what takes longest first.
        tags = [
            f'<link rel="modulepreload" href="{at}/app.js" />',
            f'<script src="{at}/boot.js"></script>',
            f'<link rel="stylesheet" href="{at}/page.css" />',
            *(f'<link rel="modulepreload" href="{at}/{name}" />' for name in pack.chunks),
            f'<script type="module" src="{at}/app.js"></script>',
            *(f'<link rel="prefetch" href="{at}/{name}" />' for name in pack.later),
        ]
        first = _LOADED.search(html)
        if first is None:
            return html
        rest = _LOADED.sub("", html[first.start() :])
        return html[: first.start()] + "".join(f"    {tag}\n" for tag in tags) + rest

    def _current(self) -> _Pack | None:
        manifest = self.static / BUILT / "manifest.json"
        try:
            made = manifest.stat()
            files = sorted([(file.path, file.stat()) for file in _sources(self.static)], key=itemgetter(0))
            seen = (made.st_mtime_ns, *[(file, stat.st_mtime_ns, stat.st_size) for file, stat in files])
            if seen != self._seen:
                pack = _Pack(**json.loads(manifest.read_text("utf-8")))
                sources = digest(self.static, [Path(file) for file, _ in files])
                self._pack = pack if pack.sources == sources else None
                self._seen = seen
        except (OSError, ValueError, TypeError):  # none was made, or a file went while it was looked at
            return None
        return self._pack


def digest(static: Path, files: list[Path]) -> str:
    """SHA-256 over the paths and the bytes of the sources, as static/tools/app.mjs computes it."""
    found = hashlib.sha256()
    for name, file in sorted((file.relative_to(static).as_posix(), file) for file in files):
        found.update(f"{name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()


def _sources(folder: str | Path, top: bool = True) -> Iterator[os.DirEntry[str]]:
    # Every load of the page looks through them: scandir does not ask for each file's kind, as pathlib does.
    for entry in os.scandir(folder):
        if entry.is_dir():
            if not top or entry.name not in _NOT_SOURCES:
                yield from _sources(entry.path, top=False)
        elif entry.name.endswith(tuple(_SUFFIXES)) and not entry.name.endswith(".test.js"):
            yield entry


class PackedFiles(StaticFiles):
    """The pack's files, compressed ahead of time. Their folder is named after what they were made from, so a
    browser may keep them for ever, and so may we: what was read once is answered from memory, without the
    changes of thread that a look at the disk takes."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)
        self._held: dict[str, bytes] = {}

    async def get_response(self, path: str, scope: Scope) -> Response:
        kind = _SUFFIXES.get(Path(path).suffix)
        accepted = {
            name.partition(";")[0].strip()
            for name in Headers(scope=scope).get("accept-encoding", "").split(",")
        }
        encoding, suffix = next(
            (pair for pair in _ENCODINGS if kind is not None and pair[0] in accepted), ("", "")
        )
        response = await self._file(path + suffix, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        if kind is not None:
            response.headers["Content-Type"] = f"{kind}; charset=utf-8"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response

    async def _file(self, path: str, scope: Scope) -> Response:
        body = self._held.get(path)
        if body is None:
            response = await super().get_response(path, scope)
            if not isinstance(response, FileResponse) or response.status_code != 200:
                return response
            body = await run_in_threadpool(Path(response.path).read_bytes)
            if len(self._held) >= _MOST_HELD:  # packs that were made anew while we run
                self._held.clear()
            self._held[path] = body
        return Response(body if scope["method"] == "GET" else b"", headers={"Content-Length": str(len(body))})
