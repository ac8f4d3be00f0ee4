"""The pages: the editor, the API's documentation, and the static files that both load.

Everything comes from this server; no page asks a third party for anything.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from netgraft._paths import static_dir
from netgraft.web.bundle import BUILT, Bundle, PackedFiles
from netgraft.web.problems import ProblemError

router = APIRouter(include_in_schema=False)


class _Files(StaticFiles):
    """Files with ETags. Modules name each other by plain paths: a browser may keep a file, but must ask
    whether it changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


_HERE = Path(__file__).parent
_DOCS = _Files(directory=_HERE / "docs")
_DOCS_FILES = ("start.js",)
_SWAGGER = _Files(directory=Path(str(resources.files("fastapi_swagger"))) / "resources")
_SWAGGER_FILES = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# What static/early.js asks for and takes up, in the same words: so the browser asks as it reads the page, and
# the server reads the net while the modules come.
_EARLY = (
    '<link rel="preload" as="fetch" crossorigin="anonymous" href="{0}/graph?known=" />\n    '
    '<link rel="preload" as="fetch" crossorigin="anonymous" href="{0}" />\n    '
)

_FALLBACK = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Netgraft</title></head>
<body><h1>Netgraft</h1><p>The editor's page is missing from this installation.
The <a href="/docs">REST API</a> is here.</p></body></html>
"""


@router.get("/")
@router.get("/d/{document}")
@router.get("/s/{token}")
async def editor(request: Request, document: str = "", token: str = "") -> Response:
    """The editor; it opens the document that its own address names, by a share link to be read only."""
    page = _HERE / "templates" / "editor.html"
    bundle: Bundle | None = getattr(request.app.state, "bundle", None)
    if bundle is None or not page.is_file():
        return HTMLResponse(_FALLBACK)
    html = await run_in_threadpool(lambda: bundle.page(page.read_text("utf-8")))
    if _ID.fullmatch(document) and not request.url.query:
        html = html.replace("<title>", _EARLY.format(f"/api/documents/{document}") + "<title>", 1)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache"})


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Swagger UI over /openapi.json."""
    return await _DOCS.get_response("index.html", request.scope)


@router.get("/docs/{name}")
async def docs_file(name: str, request: Request) -> Response:
    """Swagger UI's own files, which the package fastapi-swagger carries, and what starts it."""
    if name in _DOCS_FILES:
        return await _DOCS.get_response(name, request.scope)
    if name in _SWAGGER_FILES:
        return await _SWAGGER.get_response(name, request.scope)
    raise ProblemError(404, "not-found", "There is no such page.")


def mount_static(app: FastAPI) -> None:
    """Serves static/; a checkout whose bundle was not made yet still serves the API."""
    try:
        folder = static_dir()
    except RuntimeError:
        return
    app.state.bundle = Bundle(folder)
    app.mount(f"/static/{BUILT}", PackedFiles(folder / BUILT), name="built")
    app.mount("/static", _Files(directory=folder), name="static")
