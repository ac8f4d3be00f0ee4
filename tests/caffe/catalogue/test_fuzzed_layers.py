"""Random nets around one layer against what Caffe made of them: shapes, blobs and the words of each refusal.

`fuzzed_layers.jsonl` beside this file was recorded from BVLC Caffe (commit 9b89154), built for CPU
without OpenCV, Python, HDF5 and databases: for every layer type one net a refusal that its code can
give, and a few that it takes. A line is `{"net", "phase", "layers": [[name, top shapes, blob shapes],
...]}` or `{"net", "phase", "error"}`; `SIGFPE` stands for a division by zero, and the addresses and
lists of layer types in Caffe's messages are left out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from netgraft import prototxt
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState

RECORDED = Path(__file__).with_name("fuzzed_layers.jsonl")


def test_random_layers_come_out_as_caffe_made_them() -> None:
    seen = {"taken": 0, "refused": 0}
    wrong: list[tuple[object, ...]] = []
    for line in RECORDED.read_text("utf-8").splitlines():
        row = json.loads(line)
        verdict = check(prototxt.parse(row["net"]), NetState(phase=row["phase"]))
        first = verdict.first_error
        if "layers" in row:
            seen["taken"] += 1
            made = [
                [
                    layer.name,
                    [list(shape or ()) for shape in layer.top_shapes],
                    [list(b or ()) for b in layer.blobs],
                ]
                for layer in verdict.net.layers
            ]
            if first is not None or made != row["layers"]:
                wrong.append((row["net"], first and first.caffe_message, made))
            continue
        seen["refused"] += 1
        said = (
            None if first is None else re.sub(r" \(known types: .*", "", first.caffe_message or first.message)
        )
        if said != row["error"] and not (row["error"] == "SIGFPE" and said is not None and "SIGFPE" in said):
            wrong.append((row["net"], row["error"], said))
    assert min(seen.values()) > 300
    assert wrong == []
