"""Targets for atheris (coverage-guided): one parser each, held to what must always be so.

    .venv/bin/python tools/fuzz_targets.py TARGET [libFuzzer options] [FOLDER OF SEEDS...]

`tools/fuzz.py` breaks whole files at random and needs nothing but Python; this finds what it does not.
`tools/fuzz_seeds.py` writes seeds to begin with.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

APP = Path(__file__).resolve().parent.parent / "app"
# Where atheris is to find its way: to instrument all of netgraft takes longer than a short run.
PARTS: dict[str, tuple[str, ...]] = {
    "prototxt": ("netgraft.prototxt", "netgraft.caffe", "netgraft.edit"),
    "caffemodel": ("netgraft.weights",),
    "hdf5": ("netgraft.weights",),
    "multipart": ("netgraft.web.multipart",),
    "live": ("netgraft.web.live",),
}


def _others(target: str) -> list[str]:
    """The modules of netgraft that the target is not about."""
    names = (".".join(file.relative_to(APP).with_suffix("").parts) for file in APP.rglob("*.py"))
    modules = (name.removesuffix(".__init__") for name in names)
    return [name for name in modules if not name.startswith(PARTS[target])]


with atheris.instrument_imports(include=["netgraft", "python_multipart"], exclude=_others(sys.argv[1])):
    from python_multipart.exceptions import FormParserError
    from starlette.requests import Request

    from fuzz import try_text, try_weights
    from netgraft import weights
    from netgraft.web.live.messages import LONGEST_NAME, MOST_KEYS, NotUnderstood, read_me
    from netgraft.web.live.people import People, Person
    from netgraft.web.multipart import TextPart, read_form
    from netgraft.web.problems import ProblemError
    from netgraft.weights import WeightsError
    from netgraft.workspace import TooLarge


def prototxt(data: bytes) -> None:
    """Parse, check, edit."""
    try_text(data[:20_000], random.Random(len(data)))


def caffemodel(data: bytes) -> None:
    """The wire format."""
    try_weights(data, random.Random(0))


def hdf5(data: bytes) -> None:
    """HDF5: behind its signature, so that all the time goes there."""
    try:
        with weights.index(b"\x89HDF\r\n\x1a\n" + data.removeprefix(b"\x89HDF\r\n\x1a\n")) as index:
            for layer in index.layers[:20]:
                for blob in layer.blobs[:4]:
                    if blob.count < 100_000:
                        blob.read()
    except WeightsError:
        return


def multipart(data: bytes) -> None:
    """A form as it arrives, in pieces."""
    cut = data[0] + 1 if data else 1
    pieces = [data[at : at + cut] for at in range(0, len(data), cut)]

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": bool(pieces)}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", b"multipart/form-data; boundary=b")],
    }
    parts = {"prototxt": TextPart("The prototxt", 1000), "name": TextPart("The name", 100)}
    try:
        asyncio.run(read_form(Request(scope, receive), parts))
    except (ProblemError, TooLarge, FormParserError):
        return


def live(data: bytes) -> None:
    """A client's message over the live socket, and what one server's processes tell each other."""
    text = data.decode("utf-8", "replace")
    ours, theirs = People("ours"), People("theirs")
    ours.hear(text, 0)
    try:
        me = read_me(text)
    except NotUnderstood:
        return
    assert me.name is None or len(me.name) <= LONGEST_NAME
    assert me.selection is None or len(me.selection) <= MOST_KEYS
    theirs.put(0, Person("c", me.name or "", me.selection or (), me.more, "edit", 1))
    for signal in theirs.signals():
        assert ours.hear(signal, 0), "what was read is not told"


TARGETS: dict[str, Callable[[bytes], None]] = {
    "prototxt": prototxt,
    "caffemodel": caffemodel,
    "hdf5": hdf5,
    "multipart": multipart,
    "live": live,
}


def main() -> None:
    """Runs one target until libFuzzer ends it."""
    target = TARGETS[sys.argv.pop(1)]
    logging.disable()  # the form's parser warns of each odd byte
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
