"""The pages: the editor, the API's documentation, and the static files that both load.

Everything comes from this server; no page asks a third party for anything.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from netgraft._paths import static_dir
from netgraft.web.problems import ProblemError

router = APIRouter(include_in_schema=False)

_HERE = Path(__file__).parent
_EDITOR = _HERE / "templates" / "editor.html"
_DOCS = _HERE / "docs"
_SWAGGER_FILES = ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png")

# Modules name each other by plain paths, so a browser may keep a file but must ask whether it changed.
_REVALIDATE = {"Cache-Control": "no-cache"}

_FALLBACK = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Netgraft</title></head>
<body><h1>Netgraft</h1><p>The editor's page is missing from this installation.
The <a href="/docs">REST API</a> is here.</p></body></html>
"""


@router.get("/")
@router.get("/d/{document}")
def editor(document: str = "") -> Response:
    """The editor; it opens the document that its own address names."""
    if not _EDITOR.is_file():
        return HTMLResponse(_FALLBACK)
    return FileResponse(_EDITOR, media_type="text/html", headers=_REVALIDATE)


@router.get("/docs")
def docs() -> Response:
    """Swagger UI over /openapi.json."""
    return FileResponse(_DOCS / "index.html", media_type="text/html", headers=_REVALIDATE)


@router.get("/docs/{name}")
def docs_file(name: str) -> Response:
    """Swagger UI's own files, which the package fastapi-swagger carries."""
    if name == "start.js":
        return FileResponse(_DOCS / name, headers=_REVALIDATE)
    if name not in _SWAGGER_FILES:
        raise ProblemError(404, "not-found", "There is no such page.")
    with resources.as_file(resources.files("fastapi_swagger") / "resources" / name) as file:
        return FileResponse(file, headers=_REVALIDATE)


class _Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_REVALIDATE)
        return response


def mount_static(app: FastAPI) -> None:
    """Serves static/ with ETags; a checkout whose bundle was not made yet still serves the API."""
    try:
        folder = static_dir()
    except RuntimeError:
        return
    app.mount("/static", _Static(directory=folder), name="static")
