"""What the OpenAPI description says beyond what FastAPI finds out by itself."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from netgraft.web.models import NewDocument, NewSolver, UploadedWeights
from netgraft.web.problems import MEDIA_TYPE, Problem

_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_MEANINGS = {
    400: "The request cannot be read.",
    404: "There is no such thing.",
    409: "The document has changed since, or has nothing of the kind.",
    410: "It was there, and is not any more.",
    412: "The header `Tus-Resumable` is missing, or names another version.",
    413: "Past a limit.",
    416: "The file is shorter than that.",
    415: "A body of another kind is asked for.",
    422: "It cannot be done; nothing was changed.",
    423: "Another request is at work on it.",
    503: "Not now: the server is busy, about to stop, or without its database. `Retry-After` says when.",
    507: "The disk is full; nothing was saved.",
}

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """The problem documents that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": _REFERENCE}}
    return {status: {"description": _MEANINGS[status], "content": content} for status in statuses}


def binary(description: str, media_type: str) -> Responses:
    """A 200 answer that is a file."""
    schema = {"type": "string", "format": "binary"}
    return {200: {"description": description, "content": {media_type: {"schema": schema}}}}


def text(description: str) -> Responses:
    """A 200 answer that is plain text."""
    return {200: {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}}


def form(
    description: str, files: dict[str, str], required: tuple[str, ...], example: dict[str, str]
) -> dict[str, Any]:
    """A multipart request body: its fields with what each is, and an example of the text fields."""
    properties = {
        name: {"type": "string", "format": "binary", "description": what}
        if name in ("prototxt", "caffemodel", "solver")
        else {"type": "string", "description": what}
        for name, what in files.items()
    }
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"multipart/form-data": {"schema": schema, "example": example}}


class Api(FastAPI):
    """An application whose /openapi.json describes problems as what they are, in place of FastAPI's own error
    model."""

    def openapi(self) -> dict[str, Any]:
        """The description, made when it is first asked for."""
        if self.openapi_schema is None:
            made = get_openapi(
                title=self.title,
                version=self.version,
                summary=self.summary,
                description=self.description,
                routes=self.routes,
                tags=self.openapi_tags,
            )
            schemas = made["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for model in (Problem, NewDocument, NewSolver, UploadedWeights):
                described = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(described.pop("$defs", {}))
                schemas[model.__name__] = described
            for methods in made["paths"].values():
                for call in methods.values():
                    # FastAPI adds its own 422 wherever there is a parameter.
                    if "422" in call["responses"]:
                        call["responses"].update({"422": refusals(422)[422]})
            self.openapi_schema = made
        return self.openapi_schema
