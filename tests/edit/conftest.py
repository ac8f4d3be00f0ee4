"""Nets that real Caffe accepted, and a small net for tests of one rule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

Recorded = tuple[str, str, dict[str, tuple[int, int, int]]]
"""A net that Caffe accepted in TRAIN and in TEST: its id, its text, what its data sources hold."""


@pytest.fixture(scope="session")
def accepted_nets(shared: Path) -> list[Recorded]:
    """The recorded nets that Caffe accepts in both phases, smaller ones of real life and the twins."""
    nets: list[Recorded] = []
    for name in ("sharing.jsonl", "nets.jsonl"):
        with (shared / "conformance" / name).open(encoding="utf-8", errors="surrogateescape") as lines:
            for line in lines:
                record = json.loads(line)
                phases = {run["phase"] for run in record["runs"] if run["ok"]}
                if len(phases) < 2 or not all(run["ok"] for run in record["runs"]):
                    continue
                if len(record["prototxt"]) > 20_000:
                    continue
                sizes = record.get("datum", {})
                datum = {source: (size[0], size[1], size[2]) for source, size in sizes.items()}
                nets.append((record["id"], record["prototxt"], datum))
    return nets


TOWER = """name: "tower"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 dim: 8 dim: 8 } } }
# the trunk
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  param { lr_mult: 1 decay_mult: 1 }  # weights
  param { lr_mult: 2 decay_mult: 0 }
  convolution_param { num_output: 4 kernel_size: 3 bias_filler { value: .5 } }
}
layer {
  name: "relu1"
  type: "ReLU"
  bottom: "conv1"
  top: "conv1"
}
layer {
  name: "fc1"
  type: "InnerProduct"
  bottom: "conv1"
  top: "fc1"
  inner_product_param { num_output: 5 }
}
layer {
  name: "fc2"
  type: "InnerProduct"
  bottom: "fc1"
  top: "fc2"
  inner_product_param { num_output: 2 bias_term: false }
}
"""


@pytest.fixture(scope="session")
def tower() -> str:
    """data -> conv1 -> relu1 (in place) -> fc1 -> fc2 (no bias)."""
    return TOWER
