"""The story of the README, over HTTP: the question's net, Caffe's verdict, a fix, the trained pair."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from netgraft import weights

FIRST = "Shared param 'ip1_w' has mismatched lr_mult."


@pytest.fixture
def opened(api: httpx.Client, shared: Path) -> dict[str, Any]:
    """The question's net as a document."""
    text = (shared / "conformance" / "question.prototxt").read_bytes()
    answer = api.post("/api/documents", files={"prototxt": ("question.prototxt", text)})
    assert answer.status_code == 201
    info: dict[str, Any] = answer.json()
    return info


def _graph(api: httpx.Client, document: str) -> dict[str, Any]:
    graph: dict[str, Any] = api.get(f"/api/documents/{document}/graph").json()
    return graph


def test_the_net_is_refused_in_caffes_words_at_the_layer_and_line(
    api: httpx.Client, opened: dict[str, Any]
) -> None:
    graph = _graph(api, opened["id"])
    assert graph["verdict"] == "refused"
    first = graph["diagnostics"][0]
    assert first["caffe_message"].endswith(FIRST)
    assert (first["layer"], first["line"], first["severity"]) == ("ip1_b", 7, "error")
    assert first["states"] == ["TRAIN", "TEST"]


def test_the_fixes_are_unshare_and_one_rate_and_each_makes_caffe_accept(
    api: httpx.Client, opened: dict[str, Any]
) -> None:
    operations = [fix["operations"] for fix in _graph(api, opened["id"])["diagnostics"][0]["fixes"]]
    assert {each["op"] for fix in operations for each in fix} == {"unshare", "one_rate"}
    path = f"/api/documents/{opened['id']}"
    for fix in operations:
        graph = _graph(api, opened["id"])
        while graph["verdict"] == "refused":
            kind = fix[0]["op"]
            fixes = graph["diagnostics"][0]["fixes"]
            chosen = next(each for each in fixes if each["operations"][0]["op"] == kind)
            body = {"base_revision": graph["revision"], "operations": chosen["operations"]}
            answer = api.post(f"{path}/operations", json=body)
            assert answer.status_code == 200, answer.text
            graph = answer.json()["graph"]
        assert [each for each in graph["diagnostics"] if each["severity"] == "error"] == []
        while api.post(f"{path}/undo").status_code == 200:
            pass


def test_unshared_and_with_weights_the_pair_trains_two_copies_at_two_rates(
    api: httpx.Client, opened: dict[str, Any]
) -> None:
    path = f"/api/documents/{opened['id']}"
    stored = _trained_net()
    answer = api.put(f"{path}/weights", files={"caffemodel": ("n.caffemodel", stored)})
    assert answer.status_code == 200, answer.text
    body = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}
    answer = api.post(f"{path}/operations", json=body)
    assert answer.status_code == 200, answer.text
    graph = answer.json()["graph"]
    assert graph["verdict"] == "ok"
    rates = {layer["key"]: [blob["lr"] for blob in layer["blobs"]] for layer in graph["layers"]}
    assert (rates["ip1_a"], rates["ip1_b"]) == ([1, 2], [10, 20])
    assert graph["groups"] == []

    download = api.get(f"{path}/export/zip")
    assert int(download.headers["content-length"]) == len(download.content)
    with zipfile.ZipFile(io.BytesIO(download.content)) as pair:
        assert pair.namelist() == ["question.prototxt", "question.caffemodel"]
        with weights.index(pair.read("question.caffemodel")) as grafted:
            twins = [grafted.require(name).blobs for name in ("ip1_a", "ip1_b")]
            for blob in (0, 1):
                left, right = (twin[blob].read() for twin in twins)
                assert np.array_equal(left, right)
            assert np.array_equal(twins[0][0].read().ravel(), np.arange(80, dtype=np.float32))


def _trained_net() -> bytes:
    """Weights of N: its ip1, stored for ip1_a as Caffe stores the owner of a share group."""
    from netgraft.proto import caffe_pb2

    net = caffe_pb2.NetParameter(name="siam")
    for name in ("ip1_a", "ip1_b"):
        layer = net.layer.add(name=name, type="InnerProduct")
        for shape in ((10, 8), (10,)):
            blob = layer.blobs.add()
            blob.shape.dim.extend(shape)
            blob.data.extend(range(int(np.prod(shape))))
    return net.SerializeToString()
