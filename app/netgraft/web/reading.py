"""Opening a prototxt that came from outside: within the limits, and a net at all."""

from __future__ import annotations

import re
from typing import TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from netgraft import edit, prototxt
from netgraft.caffe.layers import document_layers
from netgraft.caffe.solver import is_solver
from netgraft.web.problems import Place, ProblemError
from netgraft.web.settings import Settings

_TOLD_ERRORS = 50


Asked = TypeVar("Asked", bound=BaseModel)


def read_json(model: type[Asked], body: bytes) -> Asked:
    """A request's body where FastAPI does not read it. Raises RequestValidationError, as FastAPI would."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


def read_net(text: str | bytes, settings: Settings) -> edit.Document:
    """A document of the text.

    A net with errors in it opens, for its errors can be shown and mended. Raises ProblemError (413, 422)
    past a limit, and where the text is no prototxt of a net: it has fields or errors, but no layer.
    """
    _check_size(
        len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass")), settings
    )
    try:
        document = edit.Document.read(text)
        document.text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ProblemError(422, "not-unicode", "The text holds code points that no file can hold.") from None
    check_nesting(document.tree, settings)
    check_limits(document, settings)
    check_is_net(document.tree)
    return document


def read_solver_text(text: bytes, settings: Settings) -> bytes:
    """A solver's text as it came. Raises ProblemError (422, 413) where it is none, or is too deep."""
    tree = prototxt.parse(text)
    check_nesting(tree, settings)
    if is_solver(tree):
        return text
    places = syntax_places(tree)
    what = "a net" if document_layers(tree) else "no solver"
    raise ProblemError(422, "not-a-solver", f"The text is {what}; a solver has base_lr and the like.", places)


def check_is_net(tree: prototxt.Document) -> None:
    """Raises ProblemError (422) for a text with fields or errors in it, but no layer."""
    if document_layers(tree):
        return
    if is_solver(tree):
        detail = "This is a solver, not a net. Open its net first, then give the solver to it."
        raise ProblemError(422, "is-a-solver", detail)
    places = syntax_places(tree)
    if places and _is_binary(tree):
        detail = "These bytes are no text. A caffemodel belongs to a net: the prototxt comes first."
        raise ProblemError(422, "not-a-prototxt", detail, places[:1])
    if places:
        first = f" Line {places[0]['line']}: {places[0]['message']}"
        raise ProblemError(422, "not-a-prototxt", f"The text is not a prototxt.{first}", places)
    if any(True for _ in tree.fields()):
        raise ProblemError(422, "no-layers", "The text holds no layer, so it is not a net.")


def _is_binary(tree: prototxt.Document) -> bool:
    """Whether a text holds what no text editor writes, such as the tags and lengths of a caffemodel."""
    return any(re.search(r"[\0-\x08\x0e-\x1a\x7f]", chunk.text) for chunk in tree.chunks)


def check_parses(tree: prototxt.Document, faults: int) -> None:
    """Raises ProblemError (422) for a text with more than so many syntax errors, with all their places.

    What had errors when it was opened can so be edited, and mended one error at a time.
    """
    if len(tree.errors) > faults:
        places = syntax_places(tree)
        detail = f"Line {places[0]['line']}: {places[0]['message']}"
        raise ProblemError(422, "not-a-prototxt", detail, places)


def check_limits(document: edit.Document, settings: Settings) -> None:
    """Raises ProblemError (413) where a document is larger or deeper than the settings allow."""
    tree = document.tree
    _check_size(sum(len(chunk.text) for chunk in tree.chunks), settings)
    layers = len(document_layers(tree))
    if layers > settings.max_layers:
        raise _limit(
            f"The net has {layers:,} layers; the limit is {settings.max_layers:,}.", settings.max_layers
        )


def check_nesting(tree: prototxt.Document, settings: Settings) -> None:
    """Raises ProblemError (413) where messages stand deeper in each other than the settings allow."""
    for at, top in tree.fields():
        pending = [(top, 1)]
        while pending:
            field, depth = pending.pop()
            if depth > settings.max_nesting:
                line, column = tree.position(at, field.start)
                message = f"Messages are nested deeper than the limit of {settings.max_nesting}."
                place: Place = {"line": line, "column": column, "message": message, "code": "too-deep"}
                raise ProblemError(413, "too-deep", message, [place], {"limit": settings.max_nesting})
            pending += [(child, depth + 1) for child in field.children]


def syntax_places(tree: prototxt.Document) -> list[Place]:
    """The syntax errors with their lines and columns, the first of them."""
    places: list[Place] = []
    for chunk, error in tree.errors[:_TOLD_ERRORS]:
        line, column = tree.position(chunk, error.start)
        places.append({"line": line, "column": column, "message": error.message, "code": "syntax"})
    return places


def _check_size(size: int, settings: Settings) -> None:
    if size > settings.max_text:
        raise _limit(
            f"The prototxt is larger than the limit of {settings.max_text:,} bytes.", settings.max_text
        )


def _limit(detail: str, limit: int) -> ProblemError:
    return ProblemError(413, "too-large", detail, extra={"limit": limit})
