"""The log: one line an event, as JSON or for people, with nothing in it that a client could make up."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from netgraft.web.observe import ids, logs

Lines = Callable[[], list[str]]


@pytest.fixture
def root() -> Iterator[None]:
    """Leaves logging as it was."""
    names = (None, "netgraft", "uvicorn", "uvicorn.error", "uvicorn.access")
    kept = [(each := logging.getLogger(name), each.handlers[:], each.level, each.propagate) for name in names]
    yield
    logging.captureWarnings(False)
    for each, handlers, level, propagate in kept:
        each.handlers[:] = handlers
        each.setLevel(level)
        each.propagate = propagate


@pytest.fixture
def written(root: None) -> Callable[[str], StringIO]:
    """Configures the log in a form; what it writes."""

    def configure(form: str, level: str = "info") -> StringIO:
        stream = StringIO()
        logs.configure(form, level, stream)
        return stream

    return configure


Written = Callable[[str], StringIO]
log = logs.logger("netgraft.test")
# Every way to end a line or to drive a terminal.
EVIL = "a\n2026-01-01 error forged\r\x1b[2J\x1b]0;t\x07\u2028\x85\x00\u202e"


def _json(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _fail() -> None:
    raise ValueError(EVIL + "x" * 10_000)


def test_json_is_one_object_a_line(written: Written) -> None:
    stream = written("json")
    log.info("request", route="/a/{id}", status=200, ms=1.5, cut=True, client=None)
    (line,) = _json(stream)
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "event": "request",
        "route": "/a/{id}",
        "status": 200,
        "ms": 1.5,
        "cut": True,
        "client": None,
    }


def test_text_is_one_line_of_fields(written: Written) -> None:
    stream = written("text")
    log.info("client too slow", route="/a", said='two "words"', empty="")
    _, _, told = stream.getvalue().partition("Z ")
    assert told == 'info    client too slow route=/a said="two \\"words\\"" empty=""\n'


@pytest.mark.parametrize("form", logs.FORMS)
def test_no_value_ends_its_line_or_drives_a_terminal(written: Callable[[str], StringIO], form: str) -> None:
    stream = written(form)
    log.info(EVIL, value=EVIL)
    text = stream.getvalue()
    assert text.isascii()
    assert text.count("\n") == 1
    assert all(each.isprintable() for each in text[:-1])


@pytest.mark.parametrize("form", logs.FORMS)
def test_no_error_forges_a_line_of_the_log(written: Callable[[str], StringIO], form: str) -> None:
    stream = written(form)
    try:
        _fail()
    except ValueError as error:
        log.error("failed", exc_info=error)
    first, *rest = stream.getvalue().splitlines()
    assert "failed" in first
    assert all(line.startswith("  | ") and line.isprintable() for line in rest)


def test_a_trace_has_frames_and_causes_and_of_a_message_only_its_beginning(written: Written) -> None:
    stream = written("json")
    try:
        try:
            _fail()
        except ValueError as error:
            raise RuntimeError("outer") from error
    except RuntimeError:
        log.exception("failed")
    (line,) = _json(stream)
    trace = line["exception"]
    assert "in _fail" in trace
    assert trace.index("builtins.ValueError: a") < trace.index("builtins.RuntimeError: outer")
    assert "which led to:" in trace
    assert len(trace) < 2500


def test_all_errors_of_a_group_are_told(written: Written) -> None:
    stream = written("json")
    log.error("failed", exc_info=ExceptionGroup("both", [ValueError("one"), KeyError("two")]))
    (line,) = _json(stream)
    assert "builtins.ValueError: one" in line["exception"]
    assert "builtins.KeyError: 'two'" in line["exception"]


def test_long_values_are_cut(written: Written) -> None:
    stream = written("json")
    log.info("x" * 100_000, value="y" * 100_000)
    assert len(stream.getvalue()) < 1500


def test_text_that_is_not_utf8_is_written_all_the_same(written: Written) -> None:
    stream = written("json")
    log.info("request", document="\udcff")
    assert _json(stream)[0]["document"] == "\udcff"


def test_what_libraries_log_comes_in_the_same_form(written: Written) -> None:
    stream = written("json")
    try:
        _fail()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("In %s", "here")
    logging.getLogger("sqlalchemy.pool").warning("gone")
    first, second = _json(stream)
    assert (first["logger"], first["event"], first["level"]) == ("uvicorn.error", "In here", "error")
    assert "in _fail" in first["exception"]
    assert (second["logger"], second["event"]) == ("sqlalchemy.pool", "gone")


def test_lines_within_a_request_carry_its_id(written: Written) -> None:
    stream = written("json")
    ids.begin("mine")
    try:
        log.info("within")
    finally:
        ids.begin(None)
    assert _json(stream)[0]["request_id"] == "mine"


def test_levels_hold(root: None) -> None:
    stream = StringIO()
    logs.configure("json", "warning", stream)
    log.info("no")
    log.warning("yes")
    assert [line["event"] for line in _json(stream)] == ["yes"]
