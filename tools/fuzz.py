"""Breaks texts and weights files at random and holds the readers to what must always be so.

- a prototxt of any bytes comes back to the byte, has a verdict, and what is edited in it is still a tree;
- a caffemodel of any bytes is an index or a WeightsError; what can be indexed can be matched and planned.

Ends with 1 at the first failure and leaves the input in test-results/, to be made a test. The same seed makes
the same inputs. `--seconds` bounds the time, `--rounds` the inputs.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from netgraft import edit, prototxt, weights
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.weights import WeightsError

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "weights"
LARGEST = 200_000
TOKENS = (
    *(b"{", b"}", b"<", b">", b"[", b"]", b":", b",", b";", b"#", b'"', b"'", b"\\", b"\n", b"\r", b"\0"),
    *(b"layer {", b'name: "a"', b"lr_mult: 1", b"-", b"1e99", b"0x", b"nan", b"\xff\xfe", b"\xef\xbb\xbf"),
)


def mutate(data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A few random changes: bits, spans cut out, doubled, moved, taken from another input, tokens put in."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(out) + 1)
        end = min(len(out), at + chance.choice((1, 4, 40, 400)))
        way = chance.randrange(6)
        if way == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif way == 1:
            del out[at:end]
        elif way == 2:
            out[at:at] = out[at:end]
        elif way == 3:
            start = chance.randrange(len(other) + 1)
            out[at:end] = other[start : start + chance.choice((1, 16, 256))]
        elif way == 4:
            out[at:at] = chance.choice(TOKENS)
        else:
            out[at:end] = bytes(chance.randrange(256) for _ in range(min(end - at, 8)))
    return bytes(out)


def try_text(data: bytes, chance: random.Random) -> None:
    """What must hold for any prototxt."""
    tree = prototxt.parse(data)
    assert prototxt.emit(tree) == data, "the text did not come back to the byte"
    for phase in ("TRAIN", "TEST"):
        verdict = check(tree, NetState(phase), profile=chance.choice(("bvlc", "fork")))
        assert verdict.ok == (not any(each.severity == "error" for each in verdict.diagnostics))
        for each in verdict.diagnostics:
            if each.place is not None:
                tree.position(each.place.chunk, each.place.start)
    keys = [layer.key for layer in edit.view(tree).layers]
    if not keys:
        return
    some = chance.sample(keys, min(len(keys), 3))
    operation = chance.choice(
        (
            {"op": "duplicate", "layers": some, "rates": [{}, {"scale_lr": 10}]},
            {"op": "delete_layers", "layers": some},
            {"op": "rename_layer", "layer": some[0], "to": "fresh"},
            {"op": "set_rate", "layer": some[0], "lr_mult": 0.5},
            {"op": "unshare", "layer": some[0]},
            {"op": "upgrade"},
        )
    )
    try:
        edited = edit.apply(edit.Document(tree), operation)
    except edit.EditError:
        return
    text = prototxt.emit(edited.document.tree)
    again = prototxt.parse(text)
    assert prototxt.emit(again) == text
    assert tree.errors or not again.errors, f"{operation} broke the text"


def try_weights(data: bytes, _: random.Random) -> None:
    """What must hold for any weights file."""
    try:
        with weights.index(data) as index:
            for layer in index.layers[:50]:
                for blob in layer.blobs[:4]:
                    if blob.count < LARGEST:
                        blob.read()
            sum(map(len, weights.plan([], index, {}, keep_unused=True).chunks()))
    except WeightsError:
        return


Trial = Callable[[bytes, random.Random], None]


def inputs() -> dict[Trial, list[bytes]]:
    """The unbroken files: the examples, and the real trained nets where they are at hand."""
    texts = [
        file.read_bytes() for folder in (ROOT / "examples", SHARED) for file in folder.glob("*.prototxt")
    ]
    models = [file.read_bytes()[:LARGEST] for file in SHARED.glob("*.caffemodel")]
    return {try_text: sorted(texts), try_weights: sorted(models)}


def trials(seed: int) -> Iterator[tuple[int, Trial, bytes, random.Random]]:
    """Broken inputs without end, each with the seed that makes it."""
    known = {trial: files for trial, files in inputs().items() if files}
    for number in count(seed):
        chance = random.Random(number)
        trial = chance.choice(list(known))
        data, other = chance.choice(known[trial]), chance.choice(known[trial])
        yield number, trial, mutate(data, other, chance), chance


def main(arguments: list[str]) -> int:
    """Runs until the time or the rounds are over; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    asked = parser.parse_args(arguments)
    print(f"from seed {asked.seed}")
    stop = time.monotonic() + asked.seconds
    done = 0
    for number, trial, data, chance in trials(asked.seed):
        if done == asked.rounds or (asked.rounds is None and time.monotonic() >= stop):
            break
        try:
            trial(data, chance)
        except Exception:
            file = ROOT / "test-results" / f"{trial.__name__}-{number}.bin"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
            traceback.print_exc()
            print(f"seed {number} fails: {file}")
            return 1
        done += 1
    print(f"{done} inputs, none fails")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
