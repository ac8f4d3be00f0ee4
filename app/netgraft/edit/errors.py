"""The one error of this room: an operation that cannot be done, said to people."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from netgraft.caffe.diagnostics import Place


class EditError(Exception):
    """An operation that cannot be done; the document is as it was.

    `code` is for programs, `message` for people, `place` says where, if anywhere.
    """

    def __init__(self, code: str, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """` Did you mean X?`, or nothing where no name is close."""
    near = get_close_matches(wrong, list(known), n=3, cutoff=0.6)
    if not near:
        return ""
    return f" Did you mean {' or '.join(repr(name) for name in near)}?"
