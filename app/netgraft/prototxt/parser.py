"""From text to tree: protobuf's text format, read losslessly and on past every error.

One regular expression takes a whole `name: value` at a step, which is what makes this quick; all
repetition in it is possessive, so no text makes it slow. The grammar is that of
google::protobuf::TextFormat::Parser and io::Tokenizer (comments from `#`, strings that may hold
newlines, `{}` or `<>`, one optional `,` or `;` after a field, `[...]` lists, `[ext.name]` fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from netgraft.prototxt.tree import Chunk, Document, Field, Kind, SyntaxProblem

_BLANK: Final = r"(?:[ \t\r\n\f\v]++|\#[^\n]*+)*+"
_STRING: Final = r"""(?:"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')"""
_NUMBER: Final = (
    r"(?:0[xX][0-9a-fA-F]++|(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+[fF]?+|inf\b|nan\b)"
)
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*+"
_EXTENSION: Final = r"\[[ \t]*+[A-Za-z_][A-Za-z0-9_./]*+[ \t]*+\]"
_STRINGS: Final = rf"{_STRING}(?:{_BLANK}{_STRING})*+"
_VALUE: Final = rf"(?:([{{<])|({_STRINGS})|((?:-{_BLANK})?+{_NUMBER})|(-{_BLANK}{_NAME}|{_NAME})|(\[))"

# Groups: 1 name, 2 colon, 3 open, 4 string, 5 number, 6 identifier, 7 list; or 8 close.
_FIELD: Final = re.compile(
    rf"{_BLANK}(?:({_NAME}|{_EXTENSION}){_BLANK}(:)?+{_BLANK}{_VALUE}|([}}>]))",
    re.S,
)
# Groups: 1 open, 2 string, 3 number, 4 identifier, 5 list (an error inside a list).
_ELEMENT: Final = re.compile(rf"{_BLANK}{_VALUE}", re.S)
_COMMA: Final = re.compile(rf"{_BLANK}(?:(,)|(\]))", re.S)
_SEPARATOR: Final = re.compile(rf"{_BLANK}[;,]", re.S)
_SKIP: Final = re.compile(_BLANK, re.S)
_NAME_AHEAD: Final = re.compile(rf"{_BLANK}({_NAME}|{_EXTENSION}){_BLANK}(:)?+{_BLANK}", re.S)
_TOKEN: Final = re.compile(rf"{_STRING}|{_NAME}|{_NUMBER}|.", re.S)
_LINE_REST: Final = re.compile(r"[^\n{}<>\[\]\"'#]*+")
# A line that a version control merge left behind: one problem, not one a bracket.
_CONFLICT: Final = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?!\S)[^\n]*+")
# What belongs to a top-level field on its own line: a separator, blanks, a comment, the newline.
_TAIL: Final = re.compile(r"[ \t]*+[;,]?+[ \t]*+(?:\#[^\n]*+)?+(?:\r?\n|\r?\Z)|[ \t]*+(?:[;,][ \t]*+)?+")

MOST_ERRORS: Final = 100  # a file with more is not read on

_KINDS: Final = (
    Kind.MISSING,
    Kind.MISSING,
    Kind.MISSING,
    Kind.MESSAGE,
    Kind.STRING,
    Kind.NUMBER,
    Kind.IDENT,
    Kind.LIST,
)
_CLOSER: Final = {"{": "}", "<": ">"}

# An open message: its opening bracket, name, start, value_start and the fields around it so far.
_Open = tuple[str, str, int, int, list[Field]]


def parse(source: str | bytes) -> Document:
    """Reads a whole file. Never raises for bad text: `Document.errors` holds what is wrong."""
    text = source.decode("utf-8", "surrogateescape") if isinstance(source, bytes) else source
    return Document(tuple(parse_chunks(text)))


def emit(document: Document) -> bytes:
    """The file's bytes again: `emit(parse(x)) == x` for any x."""
    return document.text.encode("utf-8", "surrogateescape")


def parse_chunks(text: str, *, after_field: bool = False) -> list[Chunk]:
    """Cuts a text into chunks. `after_field`: a lone separator may lead (its field is in a chunk before)."""
    return _Parser(text, after_field).run()


class _Parser:
    """One run over a text; positions are absolute here and relative to the chunk in what it makes."""

    def __init__(self, text: str, after_field: bool) -> None:
        self.text = text
        self.base = 0  # where the present chunk begins
        self.chunks: list[Chunk] = []
        self.fields: list[Field] = []  # of the innermost open message, or top-level ones
        self.errors: list[SyntaxProblem] = []
        self.stack: list[_Open] = []
        self.separator_ok = after_field
        self.found = 0  # errors in all

    def run(self) -> list[Chunk]:
        text, match = self.text, _FIELD.match
        make, new = Field, tuple.__new__
        kinds = _KINDS
        at = 0
        if text.startswith("\ufeff"):
            self.errors.append(SyntaxProblem(0, "Interpreting non ascii codepoint 239."))
            at = 1
        base = 0
        fields, stack = self.fields, self.stack
        while True:
            found = match(text, at)
            if found is None:
                if self.found >= MOST_ERRORS:
                    self._give_up(at)
                    break
                if self._at_end(at):
                    break
                at = self._stumble(at)
                fields, base = self.fields, self.base
                continue
            group = found.lastindex
            assert group is not None
            at = found.end()
            if group == 3:
                stack.append((found[3], found[1], found.start(1) - base, at - 1 - base, fields))
                fields = self.fields = []
                self.separator_ok = False
                continue
            if group == 8:
                if not stack or _CLOSER[stack[-1][0]] != found[8]:
                    at = self._bad_close(at - 1, found[8])
                    base, fields = self.base, self.fields
                    continue
                _, name, start, value_start, outer = stack.pop()
                outer.append(new(make, (name, Kind.MESSAGE, start, value_start, at - base, tuple(fields))))
                fields = self.fields = outer
                if stack and stack[-1][0] == "[":
                    at = self._after_element(at)
                    fields = self.fields
            elif group == 7:
                at = self._list(found[1], found.start(1), found.start(7))
                fields = self.fields
            else:
                if found[2] is None:
                    self._error(found.start(group), f'Expected ":", found "{_first_token(found[group])}".')
                start, value_start = found.start(1) - base, found.start(group) - base
                fields.append(new(make, (found[1], kinds[group], start, value_start, at - base, ())))
            self.separator_ok = True
            if not stack:  # a top-level field is whole
                at = self._cut(at)
                base, fields = self.base, self.fields
        return self._finish()

    def _error(self, at: int, message: str) -> None:
        self.found += 1
        self.errors.append(SyntaxProblem(at - self.base, message))

    def _give_up(self, at: int) -> None:
        """Leaves the rest unread: the text is no prototxt, and more errors would help nobody."""
        self._error(at, "Too many errors: the rest of the text was not read.")
        self._close_open_messages(len(self.text))

    def _cut(self, at: int) -> int:
        """Ends the chunk after a top-level field: its line's rest goes with it."""
        tail = _TAIL.match(self.text, at)
        assert tail is not None
        end = tail.end()
        if any(mark in tail[0].partition("#")[0] for mark in ";,"):
            self.separator_ok = False
        self._close_chunk(end)
        return end

    def _close_chunk(self, end: int) -> None:
        self.chunks.append(Chunk(self.text[self.base : end], tuple(self.fields), tuple(self.errors)))
        self.base = end
        self.fields, self.errors = [], []

    def _at_end(self, at: int) -> bool:
        """At the end of the text: says so if a message is open, and may start over after a lost bracket."""
        skip = _SKIP.match(self.text, at)
        assert skip is not None
        end = len(self.text)
        return skip.end() >= end and not (self.stack and self._split_at_lost_bracket(end))

    def _stumble(self, at: int) -> int:
        """Deals with text that starts no field: notes the problem and returns where to go on."""
        text = self.text
        skip = _SKIP.match(text, at)
        assert skip is not None
        here = skip.end()
        if here >= len(text):  # only after a lost bracket: the parser has been set back
            return self.base
        conflict = _CONFLICT.match(text, here)
        if conflict is not None and text[here - 1 : here] in ("", "\n"):
            self._error(here, f"Expected identifier, got: {text[here]}")
            return conflict.end()
        if text[here] in ";,":
            if self.separator_ok:
                self.separator_ok = False
            else:
                self._error(here, f"Expected identifier, got: {text[here]}")
            return here + 1
        name = _NAME_AHEAD.match(text, at)
        if name is None:
            self._error(here, f"Expected identifier, got: {_first_token(text[here : here + 80])}")
            return self._resume(here)
        here = name.end()
        token = _first_token(text[here : here + 80])
        needs_colon = name[2] is None
        self._error(
            here, f'Expected ":", found "{token}".' if needs_colon else f"Expected value, got: {token}"
        )
        base = self.base
        self.fields.append(Field(name[1], Kind.MISSING, name.start(1) - base, here - base, here - base))
        return self._resume(here)

    def _resume(self, at: int) -> int:
        """Skips what cannot be read: one token, then on to the line's end or the next bracket."""
        text = self.text
        if at >= len(text):
            return at
        if text[at] not in "{}<>\n":
            token = _TOKEN.match(text, at)
            assert token is not None
            # A quote that is never closed must not take the rest of the file with it.
            at = at + 1 if token[0] in "\"'" else token.end()
        elif text[at] in "{<":
            # Contents of a message without a name: read them as fields of the present one.
            self.stack.append((text[at], "", at - self.base, at - self.base, self.fields))
            self.fields = []
            return at + 1
        rest = _LINE_REST.match(text, at)
        assert rest is not None
        return rest.end()

    def _bad_close(self, at: int, found: str) -> int:
        """A closing bracket of the wrong kind, or with nothing open."""
        conflict = _CONFLICT.match(self.text, at)
        if conflict is not None and self.text[at - 1 : at] in ("", "\n"):
            self._error(at, f"Expected identifier, got: {found}")
            return conflict.end()
        if not self.stack:
            self._error(at, f"Expected identifier, got: {found}")
            return at + 1
        opener, name, start, value_start, outer = self.stack.pop()
        self._error(at, f'Expected "{_CLOSER[opener]}", found "{found}".')
        outer.append(Field(name, Kind.MESSAGE, start, value_start, at + 1 - self.base, tuple(self.fields)))
        self.fields = outer
        if not self.stack:
            return self._cut(at + 1)
        return self._after_element(at + 1) if self.stack[-1][0] == "[" else at + 1

    def _list(self, name: str, start: int, opening: int) -> int:
        """Opens a `[...]` list; returns where the main loop goes on."""
        self.stack.append(("[", name, start - self.base, opening - self.base, self.fields))
        self.fields = []
        closing = _COMMA.match(self.text, opening + 1)
        if closing is not None and closing[2]:
            return self._close_list(closing.end())
        return self._elements(opening + 1)

    def _elements(self, at: int) -> int:
        """Reads elements up to the list's end, or up to one that is a message (the main loop reads it)."""
        text, base, name = self.text, self.base, self.stack[-1][1]
        while True:
            value = _ELEMENT.match(text, at)
            group = value.lastindex if value is not None else None
            if value is None or group is None or group == 5:
                return self._give_up_list(at, "Expected value, got: {}")
            begin = value.start(group)
            if group == 1:
                self.stack.append((value[1], name, begin - base, begin - base, self.fields))
                self.fields = []
                return value.end()
            at = value.end()
            self.fields.append(Field(name, _KINDS[group + 2], begin - base, begin - base, at - base))
            after = _COMMA.match(text, at)
            if after is None:
                return self._give_up_list(at, 'Expected ",", found "{}".')
            at = after.end()
            if after[2]:
                return self._close_list(at)

    def _after_element(self, at: int) -> int:
        """After an element that was a message: a comma and the next, or the list's end."""
        after = _COMMA.match(self.text, at)
        if after is None:
            return self._give_up_list(at, 'Expected ",", found "{}".')
        return self._close_list(after.end()) if after[2] else self._elements(after.end())

    def _give_up_list(self, at: int, message: str) -> int:
        skip = _SKIP.match(self.text, at)
        assert skip is not None
        at = skip.end()
        self._error(at, message.format(_first_token(self.text[at : at + 80])))
        at = self._resume(at) if self.text[at : at + 1] not in ("{", "<", "}", ">") else at
        return self._close_list(at + 1 if self.text[at : at + 1] == "]" else at)

    def _close_list(self, end: int) -> int:
        _, name, start, value_start, outer = self.stack.pop()
        outer.append(Field(name, Kind.LIST, start, value_start, end - self.base, tuple(self.fields)))
        self.fields = outer
        return end

    def _split_at_lost_bracket(self, end: int) -> bool:
        """The text ended inside a message. Where a later line begins as the unclosed field's own line
        does (`layer {` at the margin), the bracket was lost there: ends the chunk and starts over from it."""
        _, name, start, value_start, _ = self.stack[0]
        text, base = self.text, self.base
        line = text.rfind("\n", 0, base + start) + 1
        indent = text[line : base + start]
        again = None
        if not indent.strip(" \t"):
            pattern = rf"\n{re.escape(indent)}(?={re.escape(name)}{_BLANK}:?+{_BLANK}[{{<])"
            again = re.compile(pattern).search(text, base + value_start)
        cut = again.end() - len(indent) if again else end
        self._close_open_messages(cut)
        self.errors = [e for e in self.errors if base + e.start < cut]
        found = _first_token(text[cut : cut + 80].lstrip(" \t"))
        self._error(cut, f'Expected "}}", found "{found}".' if again else "Expected identifier, got: ")
        self._close_chunk(cut)
        return again is not None

    def _close_open_messages(self, cut: int) -> None:
        """Ends every open message at `cut`, leaving out the fields that begin behind it."""
        base = self.base
        fields = self.fields
        while self.stack:
            opener, name, start, value_start, outer = self.stack.pop()
            if base + start < cut:
                kind = Kind.LIST if opener == "[" else Kind.MESSAGE
                children = tuple(_until(fields, cut - base))
                outer.append(
                    Field(name, kind, start, value_start, max(value_start + 1, cut - base), children)
                )
            fields = outer
        self.fields = _until(fields, cut - base)

    def _finish(self) -> list[Chunk]:
        if self.base < len(self.text) or self.errors or self.fields:
            self._close_chunk(len(self.text))
        return self.chunks


def _first_token(text: str) -> str:
    """The first token of a text, as protobuf names it in an error; at the end of the file, nothing."""
    token = _TOKEN.match(text)
    return token[0] if token is not None else ""


def _until(fields: Iterable[Field], limit: int) -> list[Field]:
    """The fields before an offset; what stands across it loses what lies behind, a scalar its value."""
    kept: list[Field] = []
    for name, kind, start, value_start, end, children in fields:
        if start >= limit:
            continue
        if end <= limit:
            kept.append(Field(name, kind, start, value_start, end, children))
        elif value_start < limit and kind in (Kind.MESSAGE, Kind.LIST):
            kept.append(Field(name, kind, start, value_start, limit, tuple(_until(children, limit))))
        else:
            kept.append(Field(name, Kind.MISSING, start, limit, limit))
    return kept
