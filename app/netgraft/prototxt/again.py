"""A text that replaces another, read only where they differ: what one types in a file is one line of it."""

from __future__ import annotations

from netgraft.prototxt.parser import parse, parse_chunks
from netgraft.prototxt.tree import Chunk, Document


def reparse(document: Document, text: str) -> Document:
    """`parse(text)`, with the chunks of `document` where its text is the same: the very objects, so that all
    that was derived from them is known still. Never raises for bad text."""
    old = document.chunks
    head, at = _same_head(old, text)
    tail, end = _same_tail(old, text, head, at)
    middle = parse_chunks(text[at:end], after_field=head > 0)
    if not _stands_alone(middle, old[:head], old[tail:]):
        return parse(text)
    return Document((*old[:head], *middle, *old[tail:]))


def _sound(chunk: Chunk) -> bool:
    """Whether it ends as any reading of it would, whatever follows: with a whole field and the line's end."""
    return bool(chunk.fields) and not chunk.errors and chunk.text.endswith("\n")


def _same_head(old: tuple[Chunk, ...], text: str) -> tuple[int, int]:
    """How many chunks the text begins with, and how many characters they have."""
    at = count = 0
    for chunk in old:
        if not _sound(chunk) or not text.startswith(chunk.text, at):
            break
        at += len(chunk.text)
        count += 1
    return count, at


def _same_tail(old: tuple[Chunk, ...], text: str, head: int, at: int) -> tuple[int, int]:
    """From which chunk on the text ends as before, and where that is; the first one that is the same is read
    again, since the comments of what was changed before it may have become its own."""
    index, end = len(old), len(text)
    while index > head:
        chunk = old[index - 1]
        start = end - len(chunk.text)
        if chunk.errors or start < at or not text.startswith(chunk.text, start):
            break
        index, end = index - 1, start
    if index < len(old):
        end += len(old[index].text)
        index += 1
    return index, end


def _stands_alone(middle: list[Chunk], head: tuple[Chunk, ...], tail: tuple[Chunk, ...]) -> bool:
    """Whether what was read between is what reading the whole text would have found there."""
    if any(chunk.errors for chunk in middle):
        return (
            False  # a lost bracket looks for its place in what follows, and too many errors end the reading
        )
    if any(chunk.errors for chunk in tail):
        return False
    return not tail or (_sound(middle[-1]) if middle else not head or _sound(head[-1]))
