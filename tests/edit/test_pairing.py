"""The caffemodel that goes with an edited net: one map drives names, sharing and weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netgraft import edit, weights
from netgraft.edit.pairing import plan_weights


@pytest.fixture
def lenet(shared: Path) -> edit.Document:
    return edit.Document.read((shared / "weights" / "lenet_v1.prototxt").read_bytes())


@pytest.fixture
def stored(shared: Path) -> Iterator[weights.Index]:
    index = weights.index(shared / "weights" / "lenet_v1.caffemodel")
    yield index
    index.close()


def written(document: edit.Document, stored: weights.Index, target: Path) -> dict[str, list[Any]]:
    """The blobs of the grafted caffemodel by layer."""
    weights.write(plan_weights(document, stored), target)
    index = weights.index(target)
    found = {layer.name: [layer.blob(i) for i in range(len(layer.blobs))] for layer in index.layers}
    values = {name: [blob.read() for blob in blobs if blob is not None] for name, blobs in found.items()}
    index.close()
    return values


def blobs(stored: weights.Index, layer: str) -> list[Any]:
    return [blob.read() for blob in stored.require(layer).blobs]


def same(left: list[Any], right: list[Any]) -> bool:
    return len(left) == len(right) > 0 and all(
        np.array_equal(np.ravel(a), np.ravel(b)) for a, b in zip(left, right, strict=True)
    )


def test_every_copy_starts_from_its_sources_weights(
    lenet: edit.Document, stored: weights.Index, tmp_path: Path
) -> None:
    operation = {
        "op": "duplicate",
        "layers": ["conv1", "pool1", "conv2"],
        "share": {"layers": {"conv1": "shared"}},
        "rates": [{}, {"layers": {"conv2": {"scale_lr": 10}}}],
    }
    document = edit.apply(lenet, operation).document
    values = written(document, stored, tmp_path / "pair.caffemodel")
    for name in ("conv1", "conv2"):
        assert name not in values
        for copy in ("a", "b"):
            assert same(values[f"{name}_{copy}"], blobs(stored, name))
    assert same(values["ip1"], blobs(stored, "ip1"))


def test_a_reader_of_a_wider_join_is_left_to_its_filler(
    lenet: edit.Document, stored: weights.Index, tmp_path: Path
) -> None:
    operation = {"op": "duplicate", "layers": ["conv1", "pool1"], "join": {"kind": "concat"}}
    document = edit.apply(lenet, operation).document
    values = written(document, stored, tmp_path / "pair.caffemodel")
    assert "conv2" not in values
    assert same(values["conv1_b"], blobs(stored, "conv1"))


def test_a_sharer_set_free_starts_from_its_owner_where_nothing_is_stored_for_it(
    stored: weights.Index, tmp_path: Path
) -> None:
    params = 'param { name: "w" } param { name: "b" }'
    layer = (
        'layer {{ name: "{0}" type: "InnerProduct" bottom: "data" top: "{0}" {1} '
        "inner_product_param {{ num_output: 10 }} }}\n"
    )
    text = 'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 500 } } }\n'
    text += layer.format("ip2", params) + layer.format("twin", params)
    document = edit.apply(edit.Document.read(text), {"op": "unshare", "layer": "twin"}).document
    values = written(document, stored, tmp_path / "pair.caffemodel")
    assert same(values["twin"], blobs(stored, "ip2"))
    # Copies of it, and a new name, do not lose the trail.
    document = edit.apply(document, {"op": "rename_layer", "layer": "twin", "to": "free"}).document
    document = edit.apply(document, {"op": "duplicate", "layers": ["free"]}).document
    values = written(document, stored, tmp_path / "pair2.caffemodel")
    assert same(values["free_b"], blobs(stored, "ip2"))
