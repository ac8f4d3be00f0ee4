"""Layer by layer against what Caffe was recorded to do: shapes, blobs and, to the letter, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf import text_format

from netgraft.caffe.catalogue import layer_checks, registry
from netgraft.proto import caffe_pb2

Shape = tuple[int, ...]


def recorded(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any], caffe_pb2.NetParameter]]:
    """Each run with its net, where the net is in today's format."""
    for line in path.read_text("utf-8", "surrogateescape").splitlines():
        row = json.loads(line)
        try:
            net = text_format.Parse(row["prototxt"], caffe_pb2.NetParameter())
        except text_format.ParseError:
            continue
        if net.layer and not net.input and net.IsInitialized():
            for run in row["runs"]:
                yield row, run, net


def evaluate(
    layer: caffe_pb2.LayerParameter, bottoms: list[Shape | None], phase: Any, datum: Any
) -> registry.Outcome:
    known = registry.lookup(layer.type)
    assert known is not None
    tops = max(len(layer.top), layer_checks.needed_tops(known))
    if layer.type == "BatchNorm" and len(layer.param) == 3:  # as UpgradeNetBatchNorm leaves them
        for param in layer.param:
            param.lr_mult = 0
    layer_checks.create(known, layer)
    layer_checks.check_blob_counts(known, len(bottoms), tops)
    return known.setup(registry.LayerContext(layer, bottoms, tops, phase, datum.get))


def test_every_accepted_layer_makes_the_shapes_and_blobs_that_caffe_made(shared: Path) -> None:
    seen = 0
    wrong: list[tuple[object, ...]] = []
    for row, run, net in recorded(shared / "conformance" / "layers.jsonl"):
        if not run["ok"]:
            continue
        by_name = {layer.name: layer for layer in net.layer}
        if len(by_name) < len(net.layer):
            continue  # phases share names: which layer was meant is the engine's matter
        blobs: dict[str, Shape | None] = {}
        for want in run["layers"]:
            layer = by_name[want["name"]]
            bottoms = [blobs[bottom] for bottom in layer.bottom]
            made = evaluate(layer, bottoms, run["phase"], row.get("datum", {}))
            seen += 1
            blobs.update(zip(layer.top, made.tops, strict=False))
            if made.blobs is None or [list(blob or ()) for blob in made.blobs] != want["blobs"]:
                wrong.append((row["id"], want["name"], made.blobs, want["blobs"]))
        for want in run["layers"]:
            # a blob's recorded shape is its last: layers in place may have changed it
            for top, shape in want["tops"]:
                if list(blobs[top] or ()) != shape:
                    wrong.append((row["id"], top, blobs[top], shape))
    assert seen > 1000
    assert wrong == []


def test_every_refusal_by_a_layer_is_in_the_words_that_caffe_used(shared: Path) -> None:
    seen, wrong = 0, []
    for row, run, net in recorded(shared / "conformance" / "layers.jsonl"):
        if run["ok"] or "net.cpp" in run["source"] or "layer_factory" in run["source"]:
            continue
        said = None
        blobs: dict[str, Shape | None] = {}
        for layer in net.layer:
            try:
                made = evaluate(layer, [blobs[bottom] for bottom in layer.bottom], run["phase"], {})
                known = registry.lookup(layer.type)
                assert known is not None
                layer_checks.loss_weights(known, layer, made.tops)
            except registry.Refusal as refusal:
                said = refusal.message
                break
            blobs.update(zip(layer.top, made.tops, strict=False))
        seen += 1
        words = re.sub(r" \(0x[0-9a-f]+ vs\. 0x[0-9a-f]+\)", "", run["error"])  # addresses
        if said != words:
            wrong.append((row["id"], words, said))
    assert seen > 400
    assert wrong == []
