"""Several caffemodels, what their values are like, and every form of export, over HTTP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import h5py
import httpx
import numpy as np
import pytest

from netgraft import weights
from netgraft.proto import caffe_pb2
from netgraft.web.ranges import wanted_range


@pytest.fixture
def opened(api: httpx.Client, shared: Path) -> str:
    """The path of a document of MTCNN's first net with its weights, conv1 and its PReLU twice, shared."""
    folder = shared / "weights"
    files = {
        "prototxt": ("det1.prototxt", (folder / "mtcnn_det1.prototxt").read_bytes()),
        "caffemodel": ("det1.caffemodel", (folder / "mtcnn_det1.caffemodel").read_bytes()),
    }
    path = f"/api/documents/{api.post('/api/documents', files=files).raise_for_status().json()['id']}"
    operation = {"op": "duplicate", "layers": ["conv1", "PReLU1"], "share": {"layers": {"conv1": "shared"}}}
    _run(api, path, operation).raise_for_status()
    return path


def _run(api: httpx.Client, path: str, *operations: dict[str, Any]) -> httpx.Response:
    revision = api.get(path).json()["revision"]
    return api.post(f"{path}/operations", json={"base_revision": revision, "operations": list(operations)})


def _other(api: httpx.Client, path: str, data: bytes) -> httpx.Response:
    return api.put(f"{path}/weights/other", files={"caffemodel": ("second.caffemodel", data)})


def _values(path: Path | bytes, layer: str) -> list[Any]:
    with weights.index(path) as index:
        return [blob.read() for blob in index.require(layer).blobs]


# Ranges


def test_a_download_goes_on_where_it_stopped(api: httpx.Client, opened: str) -> None:
    url = f"{opened}/export/caffemodel"
    whole = api.get(url).raise_for_status()
    size = len(whole.content)
    assert whole.headers["accept-ranges"] == "bytes"
    got = b""
    for asked in ("bytes=0-999", f"bytes=1000-{size - 8}", "bytes=-7"):
        part = api.get(url, headers={"Range": asked, "If-Range": whole.headers["etag"]})
        assert part.status_code == 206
        assert int(part.headers["content-length"]) == len(part.content)
        start = len(got)
        got += part.content
        assert part.headers["content-range"] == f"bytes {start}-{len(got) - 1}/{size}"
    assert got == whole.content


def test_another_revision_is_another_file(api: httpx.Client, opened: str) -> None:
    url = f"{opened}/export/caffemodel"
    tag = api.get(url).headers["etag"]
    assert api.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert api.get(f"{url}?skip_sharers=true").headers["etag"] != tag
    _run(api, opened, {"op": "leave_to_filler", "layers": ["conv2"]}).raise_for_status()
    after = api.get(url, headers={"Range": "bytes=5-9", "If-Range": tag, "If-None-Match": tag})
    assert after.status_code == 200
    assert after.headers["etag"] != tag


def test_a_range_behind_the_end_is_refused_with_the_size(api: httpx.Client, opened: str) -> None:
    size = len(api.get(f"{opened}/export/caffemodel").content)
    answer = api.get(f"{opened}/export/caffemodel", headers={"Range": f"bytes={size}-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range-not-satisfiable")
    assert answer.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", (0, 10)),
        ("bytes=3-3", (3, 4)),
        ("bytes=3-99999999999999999999", (3, 10)),
        ("bytes=-4", (6, 10)),
        ("bytes=-40", (0, 10)),
        ("bytes=-0", (10, 10)),
        ("bytes=10-12", (10, 10)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=٣-4", None),
    ],
)
def test_only_single_byte_ranges_are_read(header: str | None, wanted: tuple[int, int] | None) -> None:
    assert wanted_range(header, 10) == wanted


# Forms of export


def test_hdf5_holds_the_owners_and_is_the_same_file_each_time(
    api: httpx.Client, opened: str, tmp_path: Path
) -> None:
    answer = api.get(f"{opened}/export/hdf5").raise_for_status()
    assert answer.headers["content-disposition"] == 'attachment; filename="det1_grafted.caffemodel.h5"'
    part = api.get(f"{opened}/export/hdf5", headers={"Range": "bytes=100-4099"})
    assert part.content == answer.content[100:4100]
    file = tmp_path / "det1.caffemodel.h5"
    file.write_bytes(answer.content)
    with weights.index(file) as index:
        assert not index.require("conv1_b").blobs
        first = index.require("conv1_a").blobs[0].read()
    assert (first == _values(api.get(f"{opened}/export/caffemodel").content, "conv1_a")[0]).all()
    with zipfile.ZipFile(io.BytesIO(api.get(f"{opened}/export/zip?format=hdf5").content)) as archive:
        assert archive.read("det1_grafted.caffemodel.h5") == answer.content


def test_options_of_an_export(api: httpx.Client, opened: str) -> None:
    _run(api, opened, {"op": "delete_layers", "layers": ["prob1"], "heal": True}).raise_for_status()
    _run(api, opened, {"op": "delete_layers", "layers": ["conv4-2"], "heal": True}).raise_for_status()
    sizes = {
        option: len(api.get(f"{opened}/export/caffemodel?{option}").raise_for_status().content)
        for option in ("", "skip_sharers=true", "keep_unused=true")
    }
    assert sizes["skip_sharers=true"] < sizes[""] < sizes["keep_unused=true"]


def test_every_export_is_proved_blob_by_blob(api: httpx.Client, opened: str) -> None:
    for query in ("", "?skip_sharers=true", "?format=hdf5"):
        answer = api.get(f"{opened}/export/proof{query}").raise_for_status().json()
        assert answer["ok"], query
        assert answer["equal"] == answer["copied"] > 10
        assert answer["summary"].startswith("Every copied blob equals its source: ")
        rows = {(row["layer"], row["blob"]): (row["finding"], row["source"]) for row in answer["rows"]}
        shared = ("shared", "conv1_a/0") if query else ("equal", "conv1/0")
        assert rows["conv1_b", 0] == shared
        assert rows["conv2", 0] == ("equal", "conv2/0")


# How they fit


def test_the_table_says_of_every_blob_what_becomes_of_it(api: httpx.Client, opened: str) -> None:
    _run(api, opened, {"op": "leave_to_filler", "layers": ["conv2"]}).raise_for_status()
    answer = api.get(f"{opened}/weights").raise_for_status().json()
    assert answer["export"]["too_large"] is False
    rows = {row["layer"]: row for row in answer["layers"]}
    blob = rows["conv1_b"]["blobs"][0]
    assert (blob["role"], blob["state"], blob["owner"]) == ("weight", "loads", "conv1_a")
    assert blob["shape"] == blob["stored_shape"] == [10, 3, 3, 3]
    assert [blob["state"] for blob in rows["conv2"]["blobs"]] == ["filler", "filler"]
    assert rows["conv2"]["blobs"][0]["filler"] == "xavier"
    assert rows["conv2"]["message"] == "its stored weights are not taken"
    change = {"op": "set_field", "layer": "conv3", "path": "convolution_param.num_output", "value": "33"}
    _run(api, opened, change).raise_for_status()
    rows = {row["layer"]: row for row in api.get(f"{opened}/weights").json()["layers"]}
    assert rows["conv3"]["fate"] == "shape-clash"
    assert "Cannot copy param 0 weights from layer 'conv3'" in rows["conv3"]["blobs"][0]["message"]


# Several caffemodels


def test_a_layer_takes_its_weights_from_a_second_caffemodel(
    api: httpx.Client, opened: str, shared: Path
) -> None:
    file = shared / "weights" / "mtcnn_det1.caffemodel"
    net = caffe_pb2.NetParameter.FromString(file.read_bytes())
    for layer in net.layer:
        for blob in layer.blobs:
            blob.data[:] = [value + 1 for value in blob.data]
    before = api.get(f"{opened}/export/caffemodel").content
    answer = _other(api, opened, net.SerializeToString()).raise_for_status().json()
    assert [source["source"] for source in answer["sources"]] == ["other"]
    assert answer["document"]["weight_sources"] == answer["sources"]
    assert api.get(f"{opened}/export/caffemodel").content == before
    taken = {"op": "take_weights", "layer": "conv2", "source": "other"}
    graph = _run(api, opened, taken).raise_for_status().json()["graph"]
    assert next(one for one in graph["layers"] if one["key"] == "conv2")["origin"] == "conv2 of other"
    grafted = api.get(f"{opened}/export/caffemodel").raise_for_status().content
    assert (_values(grafted, "conv2")[0] == _values(file, "conv2")[0] + 1).all()
    assert (_values(grafted, "conv3")[0] == _values(file, "conv3")[0]).all()
    assert api.get(f"{opened}/export/proof").json()["ok"]
    api.post(f"{opened}/undo").raise_for_status()
    assert api.get(f"{opened}/export/caffemodel").content == before


def test_a_source_that_is_gone_is_a_finding_and_no_export(
    api: httpx.Client, opened: str, shared: Path
) -> None:
    data = (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()
    _other(api, opened, data).raise_for_status()
    _run(api, opened, {"op": "take_weights", "layer": "conv2", "source": "other"}).raise_for_status()
    info = api.delete(f"{opened}/weights/other").raise_for_status().json()
    assert info["weight_sources"] == []
    graph = api.get(f"{opened}/graph").raise_for_status().json()
    assert next(one for one in graph["layers"] if one["key"] == "conv2")["weights"] == "source-clash"
    found = next(one for one in graph["diagnostics"] if one["code"] == "weights-source")
    assert "No weights named 'other'" in found["caffe_message"] + found["message"]
    answer = api.get(f"{opened}/export/caffemodel")
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-origin")
    assert api.delete(f"{opened}/weights/other").status_code == 404
    _other(api, opened, data).raise_for_status()
    assert api.get(f"{opened}/export/caffemodel").status_code == 200


def test_what_does_not_fit_is_refused_over_http(api: httpx.Client, opened: str) -> None:
    answer = _run(api, opened, {"op": "take_weights", "layer": "conv2", "from_layer": "conv3"})
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-clash")
    answer = _run(api, opened, {"op": "take_weights", "layer": "conv2", "source": "none"})
    assert (answer.status_code, answer.json()["code"]) == (422, "no-weights")


# Looking


def test_a_layers_values_are_told_in_figures(api: httpx.Client, opened: str, shared: Path) -> None:
    answer = api.get(f"{opened}/weights/layers/conv1_b").raise_for_status().json()
    assert (answer["fate"], answer["origin"]) == ("loads", "conv1")
    weight, bias = answer["blobs"]
    values = _values(shared / "weights" / "mtcnn_det1.caffemodel", "conv1")[0]
    assert weight["mean"] == pytest.approx(float(values.mean()), abs=1e-6)
    assert (weight["role"], weight["shape"], sum(weight["histogram"])) == ("weight", [10, 3, 3, 3], 270)
    assert (weight["nan"], weight["filters"], bias["filters"]) == (0, True, False)
    assert {"source": "", "layer": "conv1"} in answer["candidates"]
    quick = api.get(f"{opened}/weights/layers/conv1_b?values=false").json()
    assert quick["blobs"] == []
    assert quick["candidates"] == answer["candidates"]


def test_the_filters_of_a_first_convolution_are_a_picture(api: httpx.Client, opened: str) -> None:
    answer = api.get(f"{opened}/weights/filters/conv1_a").raise_for_status()
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    for key, code in (("conv2", "no-filters"), ("nowhere", "unknown-layer")):
        answer = api.get(f"{opened}/weights/filters/{key}")
        assert (answer.status_code, answer.json()["code"]) == (404, code)


def test_nan_and_inf_are_counted(api: httpx.Client, opened: str, shared: Path) -> None:
    net = caffe_pb2.NetParameter.FromString((shared / "weights" / "mtcnn_det1.caffemodel").read_bytes())
    layer = next(one for one in net.layer if one.name == "conv2")
    layer.blobs[0].data[3] = np.nan
    layer.blobs[0].data[4] = -np.inf
    _other(api, opened, net.SerializeToString()).raise_for_status()
    _run(api, opened, {"op": "take_weights", "layer": "conv2", "source": "other"}).raise_for_status()
    blob = api.get(f"{opened}/weights/layers/conv2").json()["blobs"][0]
    assert (blob["nan"], blob["inf"]) == (1, 1)
    assert blob["min"] is not None


def test_a_layer_whose_name_has_a_slash_is_looked_at_too(api: httpx.Client, opened: str) -> None:
    _run(api, opened, {"op": "rename_layer", "layer": "conv2", "to": "inception/3x3"}).raise_for_status()
    answer = api.get(f"{opened}/weights/layers/inception/3x3").raise_for_status().json()
    assert answer["origin"] == "conv2"
    refused = api.get(f"{opened}/export/hdf5")
    assert refused.status_code == 422
    assert "`/` separates groups" in refused.json()["detail"]


def test_more_than_caffe_can_read_is_refused_and_hdf5_is_offered(api: httpx.Client, tmp_path: Path) -> None:
    # 2 GiB of values that no chunk of the file was ever written for: a few kilobytes.
    with h5py.File(tmp_path / "huge.h5", "w") as file:
        file.create_dataset("data/ip/0", (1 << 16, 1 << 13), "<f4", chunks=(1 << 10, 1 << 10))
    net = (
        'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 8192 } } }\n'
        'layer { name: "ip" type: "InnerProduct" bottom: "in" top: "ip"\n'
        "  inner_product_param { num_output: 65536 bias_term: false } }\n"
    )
    files = {
        "prototxt": ("huge.prototxt", net.encode()),
        "caffemodel": ("huge.caffemodel.h5", (tmp_path / "huge.h5").read_bytes()),
    }
    path = f"/api/documents/{api.post('/api/documents', files=files).raise_for_status().json()['id']}"
    export = api.get(f"{path}/weights").raise_for_status().json()["export"]
    assert export["too_large"]
    assert export["size"] > 1 << 31
    for kind in ("caffemodel", "zip", "proof"):
        answer = api.get(f"{path}/export/{kind}")
        assert (answer.status_code, answer.json()["code"]) == (413, "weights-too-large")
        assert "Write it as HDF5" in answer.json()["detail"]
        assert answer.json()["alternative"] == "hdf5"
