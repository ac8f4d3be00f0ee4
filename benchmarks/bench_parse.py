"""Parsing a prototxt losslessly, against google.protobuf.text_format.Parse of the same text.

The files are recorded real nets that both can read, small to large, and two synthetic ones of
1,000 and 10,000 layers.
"""

from __future__ import annotations

import json
from functools import partial

from google.protobuf import text_format

from common import Comparison, shared
from netgraft import prototxt
from netgraft.proto import caffe_pb2

NETS = ("095__", "145__", "144__", "236__")


def chain(layers: int) -> str:
    """A net of convolutions in a row, as a program writes it."""
    layer = (
        'layer {{\n  name: "conv{0}"\n  type: "Convolution"\n  bottom: "b{0}"\n  top: "b{1}"\n'
        "  param {{ lr_mult: 1 decay_mult: 1 }}\n  param {{ lr_mult: 2 decay_mult: 0 }}\n"
        "  convolution_param {{\n    num_output: 64\n    pad: 1\n    kernel_size: 3\n"
        '    weight_filler {{ type: "xavier" }}\n  }}\n}}\n'
    )
    return 'name: "chain"\n' + "".join(layer.format(index, index + 1) for index in range(layers))


def protobuf_parse(text: str) -> caffe_pb2.NetParameter:
    """What the peer does: the text into a new message."""
    return text_format.Parse(text, caffe_pb2.NetParameter())


def main() -> None:
    """Measure them all."""
    table = Comparison("parse a prototxt losslessly", peer_name="text_format.Parse", bar=3)
    cases: dict[str, str] = {}
    for line in (shared() / "conformance" / "nets.jsonl").read_text("utf-8").splitlines():
        net = json.loads(line)
        accepted = any(run["ok"] for run in net["runs"])
        if accepted and (net["id"].startswith(NETS) or len(net["prototxt"]) > 100_000):
            cases[net["id"][:36]] = net["prototxt"]
    cases["synthetic, 1,000 layers"] = chain(1_000)
    cases["synthetic, 10,000 layers"] = chain(10_000)
    for name, text in cases.items():
        table.measure(
            name,
            ours=partial(prototxt.parse, text),
            peer=partial(protobuf_parse, text),
            repeats=5,
        )
    table.finish()


if __name__ == "__main__":
    main()
