"""The log: one line an event, for people or as JSON, on standard error.

What is logged is named field by field. Never among them: tokens (a route is logged as its template and not as
the address that was asked for), cookies, queries, what a net holds.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import Processor

from netgraft.web.observe import ids

Fields = MutableMapping[str, Any]

FORMS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")

_LONGEST = 500  # of one value; a log line is no place for a document


def configure(form: str, level: str, stream: TextIO | None = None) -> None:
    """Sends everything that this process logs, libraries included, to `stream` (standard error).

    `form` is of FORMS, `level` of LEVELS.
    """
    formatter = ProcessorFormatter(
        foreign_pre_chain=[_named, *_ABOUT],
        processors=[ProcessorFormatter.remove_processors_meta, _as_json if form == "json" else _as_text],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # of libraries only what is wrong
    logging.getLogger("netgraft").setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)
    # It says with a trace what Observe has said already, or that a task was cancelled by the stop.
    logging.captureWarnings(True)


def trace(error: BaseException) -> str:
    """A traceback without values: frames, types, and of each message no more than its beginning."""
    return "\n".join(_trace(error, set()))


def _trace(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _trace(before, seen)
        yield "which led to:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_cut(_message(error))}"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            if id(each) not in seen:
                yield "one of them:"
                yield from _trace(each, seen)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an error's own text may fail, too
        return "(no message)"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


# Processors: each takes an event's fields and returns them changed.


def _named(_: Any, __: str, fields: Fields) -> Fields:
    record = fields.get("_record")
    if record is not None:
        fields["logger"] = record.name
    return fields


def _add_id(_: Any, __: str, fields: Fields) -> Fields:
    if "request_id" not in fields and (found := ids.current()):
        fields["request_id"] = found
    return fields


def _add_trace(_: Any, __: str, fields: Fields) -> Fields:
    found = fields.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        fields["exception"] = trace(error)
    fields.pop("stack_info", None)
    return fields


def _shorten(_: Any, __: str, fields: Fields) -> Fields:
    for name, value in fields.items():
        if isinstance(value, str) and name != "exception":
            fields[name] = _cut(value)
    return fields


_ABOUT: list[Processor] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    _add_id,
    _add_trace,
    _shorten,
]


def _as_json(_: Any, __: str, fields: Fields) -> str:
    head = {name: fields.pop(name) for name in ("time", "level", "event")}
    told = {name: _plain(value) for name, value in fields.items()}
    return json.dumps({**head, **told}, separators=(",", ":"))  # ASCII: no line ends but ours


def _as_text(_: Any, __: str, fields: Fields) -> str:
    head = f"{fields.pop('time')} {fields.pop('level'):<7} {_word(str(fields.pop('event')), spaces=True)}"
    error = fields.pop("exception", None)
    told = [head, *(f"{name}={_word(str(_plain(value)))}" for name, value in fields.items())]
    line = " ".join(told)
    if error is None:
        return line
    # Behind a bar, so that no line of a message looks like a line of the log.
    return "\n".join([line, *(f"  | {_word(each, spaces=True)}" for each in error.split("\n"))])


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _word(text: str, *, spaces: bool = False) -> str:
    """Text that cannot end its line or drive a terminal; quoted where it would look like more fields."""
    if text.isprintable() and (spaces or (text and not any(each in text for each in ' ="'))):
        return text
    return json.dumps(text)


def logger(name: str) -> BoundLogger:
    """A logger for a module of ours; its fields are rendered as `configure` says, wherever that is called."""
    wrapped: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *_ABOUT,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        context_class=dict,
    )
    return wrapped
