"""The editor's modules as static/tools/app.mjs packs them: a few small files in place of 150 requests.

They are taken only while they were made from the very sources that stand in static/: whoever edits a module
sees it at the next load, as if there were no pack. An installed wheel always has a matching one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = "built"
# As in static/tools/app.mjs.
_NOT_SOURCES = {"node_modules", "tests", "tools", BUILT}
_SUFFIXES = {".js": "text/javascript", ".css": "text/css"}
# What the page loads one by one: from the first script or style sheet of ours to the last.
_LOADED = re.compile(r'[ \t]*<(?:script|link)[^>]*"/static/(?!styles/mark)[^>]*>(?:</script>)?\n')
_SHEET = re.compile(r'rel="stylesheet" href="/static/([^"]*)"')
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


@dataclass(frozen=True, slots=True)
class _Pack:
    """What manifest.json says: the digest of its sources, its folder, the chunks that app.js imports, and the
    style sheets that it holds, in their order."""

    sources: str
    folder: str
    chunks: list[str]
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
        tags = [
            f'<script src="{at}/boot.js"></script>',
            f'<link rel="stylesheet" href="{at}/page.css" />',
            *(f'<link rel="modulepreload" href="{at}/{name}" />' for name in pack.chunks),
            f'<script type="module" src="{at}/app.js"></script>',
        ]
        first = _LOADED.search(html)
        if first is None:
            return html
        rest = _LOADED.sub("", html[first.start() :])
        return html[: first.start()] + "".join(f"    {tag}\n" for tag in tags) + rest

    def _current(self) -> _Pack | None:
        manifest = self.static / BUILT / "manifest.json"
        try:
            files = sorted(_sources(self.static, self.static))
            stats = [(file, file.stat()) for file in (*files, manifest)]
            seen = tuple((file, stat.st_mtime_ns, stat.st_size) for file, stat in stats)
            if seen != self._seen:
                pack = _Pack(**json.loads(manifest.read_text("utf-8")))
                self._pack = pack if pack.sources == digest(self.static, files) else None
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


def _sources(folder: Path, static: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if folder != static or entry.name not in _NOT_SOURCES:
                yield from _sources(entry, static)
        elif entry.suffix in _SUFFIXES and not entry.name.endswith(".test.js"):
            yield entry


class PackedFiles(StaticFiles):
    """The pack's files, compressed ahead of time. Their folder is named after what they were made from, so a
    browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        kind = _SUFFIXES.get(Path(path).suffix)
        accepted = {
            name.partition(";")[0].strip()
            for name in Headers(scope=scope).get("accept-encoding", "").split(",")
        }
        encoding, suffix = next(
            (pair for pair in _ENCODINGS if kind is not None and pair[0] in accepted), ("", "")
        )
        response = await super().get_response(path + suffix, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        if kind is not None:
            response.headers["Content-Type"] = f"{kind}; charset=utf-8"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response
