"""Checking nets: cold against google.protobuf.text_format.Parse, and anew after a one-field edit.

Caffe itself is not there to be timed. On one machine its Net init of GoogLeNet's deploy net took about 110 ms
where text_format.Parse took 46 ms for its train_val net; a quarter of that is 0.6 of text_format's, which
is the bar for parsing and checking together, with nothing remembered (1 / 0.6 = 1.67 times as fast).
The second table has no peer: its bar is 50 ms at 1,000 layers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from bench_parse import chain, protobuf_parse
from common import Comparison, finish, shared
from netgraft import prototxt
from netgraft.caffe import reading
from netgraft.caffe.model import Verdict
from netgraft.caffe.net import check
from netgraft.caffe.state import TRAIN

COLD = ("095__", "145__", "144__", "236__")
INPUT = """
layer { name: "data" type: "Input" top: "b0" input_param { shape { dim: 1 dim: 64 dim: 56 dim: 56 } } }
"""


class Editor:
    """A net whose middle layer's num_output goes back and forth, checked after each edit."""

    def __init__(self, layers: int) -> None:
        head, _, rest = chain(layers).partition("\n")
        self.document = prototxt.parse(f"{head}\n{INPUT}{rest}")
        self.chunk = len(self.document.chunks) // 2
        text = self.document.chunks[self.chunk].text
        self.start = text.index("num_output: 64") + len("num_output: ")
        self.outputs = 64
        check(self.document, TRAIN)

    def edit(self) -> None:
        """One edit, and the verdict on the new document."""
        self.outputs = 128 - self.outputs + (self.outputs == 64)
        width = len(prototxt.raw(self.document.chunks[self.chunk], self.field()))
        splice = prototxt.Splice(self.chunk, self.start, self.start + width, str(self.outputs))
        self.document = prototxt.apply(self.document, [splice])
        verdict = check(self.document, TRAIN)
        assert verdict.ok

    def field(self) -> prototxt.Field:
        """The num_output field."""
        layer = self.document.chunks[self.chunk].fields[0]
        params = prototxt.first(layer.children, "convolution_param")
        assert params is not None
        found = prototxt.first(params.children, "num_output")
        assert found is not None
        return found


def check_text(text: str, datum: Mapping[str, tuple[int, int, int]]) -> Verdict:
    """From characters to the verdict."""
    return check(prototxt.parse(text), TRAIN, datum=datum)


def main() -> None:
    """Measure them all."""
    cold = Comparison("parse and check, cold", peer_name="text_format.Parse", bar=1 / 0.6)
    for line in (shared() / "conformance" / "nets.jsonl").read_text("utf-8").splitlines():
        net = json.loads(line)
        if net["id"].startswith(COLD) and any(run["ok"] for run in net["runs"]):
            text = net["prototxt"]
            datum = {name: (c, h, w) for name, (c, h, w) in net.get("datum", {}).items()}
            cold.measure(
                net["id"][:36],
                ours=partial(check_text, text, datum),
                peer=partial(protobuf_parse, text),
                before=reading.forget,
            )
    edits = Comparison("a one-field edit to the new verdict")
    for layers in (1_000, 10_000):
        edits.measure(f"{layers:,} layers", ours=Editor(layers).edit, repeats=7)
    finish(cold, edits)


if __name__ == "__main__":
    main()
