"""Errors as RFC 9457 problem documents: one shape for every refusal.

Beside the standard members there is `code` (stable, for programs), and `errors` where there are
places to point at: [{line, column, message, code}], lines and columns from 1.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from netgraft import workspace
from netgraft.web.observe import ids, metrics
from netgraft.weights import WeightsError

MEDIA_TYPE = "application/problem+json"

_RETRY_DATABASE = "2"  # seconds: a failover, or a lock that somebody holds


class Place(TypedDict):
    """One entry of a problem's `errors`."""

    line: int | None
    column: int | None
    message: str
    code: str
    field: NotRequired[str]


class ProblemPlace(BaseModel):
    """Where in the file, or in the request, something is wrong."""

    line: int | None = Field(None, description="From 1; null where the place is not in a text.")
    column: int | None = Field(None, description="From 1, in characters.")
    message: str
    code: str
    field: str | None = Field(None, description="The request's field, where the request itself is wrong.")


class Problem(BaseModel):
    """An RFC 9457 problem document."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Unprocessable Content",
                "status": 422,
                "code": "syntax",
                "detail": "The text is not a prototxt.",
                "errors": [
                    {"line": 1, "column": 7, "message": "Expected identifier, got: <", "code": "syntax"}
                ],
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="A stable name of what went wrong.")
    detail: str = Field(description="What went wrong, for people.")
    errors: list[ProblemPlace] | None = None
    request_id: str | None = Field(
        None, description="Of a 5xx: what to look for in the server's log; also the header X-Request-ID."
    )


class ProblemError(HTTPException):
    """Raised anywhere below a route to answer with a problem document.

    An HTTPException, since FastAPI turns all others into a 400 while it reads a request's body.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[Place] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(status, detail)
        self.code = code
        self.errors = errors
        self.extra = extra or {}

    def response(self, headers: Mapping[str, str] | None = None) -> JSONResponse:
        """The problem document."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "code": self.code,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        if self.status_code >= 500 and ids.current():
            body["request_id"] = ids.current()
        body.update(self.extra)
        # ASCII escapes: a text that is not UTF-8 must not break its own error message.
        return _Ascii(body, self.status_code, dict(headers or {}), MEDIA_TYPE)


class _Ascii(JSONResponse):
    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")


_REFUSALS: dict[type[workspace.WorkspaceError], tuple[int, str]] = {
    workspace.DamagedRevision: (500, "damaged-revision"),
    workspace.NoSuchDocument: (404, "no-such-document"),
    workspace.NoSuchLink: (404, "no-such-link"),
    workspace.NoSuchUpload: (404, "no-such-upload"),
    workspace.NoSuchWeights: (404, "no-such-weights"),
    workspace.NothingToUndo: (409, "nothing-to-undo"),
    workspace.StaleRevision: (409, "stale-revision"),
    workspace.StoreUnavailable: (503, "store-unavailable"),
    workspace.TooLarge: (413, "too-large"),
    workspace.TooMany: (413, "too-many"),
    workspace.UploadBusy: (423, "upload-busy"),
    workspace.UploadGone: (410, "upload-gone"),
    workspace.UploadOffset: (409, "upload-offset"),
    workspace.UploadUnfinished: (409, "upload-unfinished"),
}
"""The status and the code of what the workspace refuses."""


def _from_workspace(error: Exception) -> ProblemError:
    assert isinstance(error, workspace.WorkspaceError)
    return ProblemError(*_REFUSALS[type(error)], str(error), extra=_more(error))


def _more(error: workspace.WorkspaceError) -> dict[str, Any]:
    """What a program may want to know beside the code."""
    match error:
        case workspace.StaleRevision():
            metrics.rebased(applied=False)
            return _what_came_between(error)
        case workspace.TooLarge() | workspace.TooMany():
            return {"limit": error.limit}
        case workspace.UploadOffset() | workspace.UploadUnfinished():
            return {"offset": error.offset}
        case workspace.DamagedRevision():
            return {"damaged": error.damaged, "readable": error.readable}
    return {}


def _what_came_between(error: workspace.StaleRevision) -> dict[str, Any]:
    changes = [
        {
            "revision": change.revision,
            "title": change.title,
            "author": change.author,
            "undone": change.undone,
            "operations": list(change.operations),
        }
        for change in error.changes
    ]
    clashes = [{"kind": one.kind, "name": one.name, "message": one.message} for one in error.conflicts]
    return {"base_revision": error.base, "revision": error.current, "changes": changes, "clashes": clashes}


def database_problem(error: workspace.DatabaseTrouble) -> JSONResponse:
    """The answer where the database cannot do its work."""
    if isinstance(error, workspace.DatabaseFull):
        return ProblemError(507, "disk-full", str(error)).response()
    problem = ProblemError(503, "database-unavailable", str(error))
    return problem.response({"Retry-After": _RETRY_DATABASE})


def internal() -> ProblemError:
    """What is said where Netgraft itself went wrong."""
    detail = "Something went wrong inside Netgraft; the document is as it was. The server's log says more."
    return ProblemError(500, "internal", detail)


def weights_problem(error: WeightsError) -> ProblemError:
    """A WeightsError as a problem; `offset` is the byte where reading failed."""
    status = 413 if error.kind == "too-large" else 422
    extra: dict[str, Any] = {} if error.offset is None else {"offset": error.offset}
    if error.kind == "too-large":
        extra["alternative"] = "hdf5"  # what can be asked for instead: `format=hdf5`
    return ProblemError(status, f"weights-{error.kind}", str(error), extra=extra)


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem document."""

    @app.exception_handler(ProblemError)
    async def _problem(request: Request, error: ProblemError) -> JSONResponse:
        return error.response()

    async def _refused(request: Request, error: Exception) -> JSONResponse:
        problem = _from_workspace(error)
        return problem.response({"Retry-After": "10"} if problem.status_code == 503 else None)

    for kind in _REFUSALS:
        app.exception_handler(kind)(_refused)

    @app.exception_handler(workspace.DatabaseTrouble)
    async def _database(request: Request, error: workspace.DatabaseTrouble) -> JSONResponse:
        return database_problem(error)

    @app.exception_handler(WeightsError)
    async def _weights(request: Request, error: WeightsError) -> JSONResponse:
        return weights_problem(error).response()

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return ProblemError(error.status_code, code, str(error.detail)).response(error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        places = [_field_place(each) for each in error.errors()]
        first = places[0]
        detail = f"The request is not as it should be: {first['field']}: {first['message']}."
        return ProblemError(422, "invalid-request", detail, places).response()

    @app.exception_handler(OSError)
    async def _system(request: Request, error: OSError) -> JSONResponse:
        # EFBIG: a limit on the size of files, which is as good as the disk's end.
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return ProblemError(507, "disk-full", "The disk is full; nothing was saved.").response()
        raise error


def _field_place(error: Mapping[str, Any]) -> Place:
    where = ".".join(str(part) for part in error["loc"] if part != "body")
    if error["type"] == "json_invalid":
        # FastAPI's own reading tells the place as if it were a field.
        at = f" at character {where}" if where.isdigit() else ""
        said = f"It is not JSON: {error.get('ctx', {}).get('error', error['msg'])}{at}"
        return {"line": None, "column": None, "message": said, "code": "json_invalid", "field": "body"}
    return {
        "line": None,
        "column": None,
        "message": str(error["msg"]),
        "code": str(error["type"]),
        "field": where or "body",
    }
