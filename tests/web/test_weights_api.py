"""Weights and downloads over HTTP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from netgraft import weights


@pytest.fixture
def opened(api: httpx.Client, shared: Path) -> str:
    """The path of a document of MTCNN's first net, without weights."""
    files = {"prototxt": ("det1.prototxt", (shared / "weights" / "mtcnn_det1.prototxt").read_bytes())}
    answer = api.post("/api/documents", files=files).raise_for_status()
    return f"/api/documents/{answer.json()['id']}"


@pytest.fixture
def model(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()


def _put(api: httpx.Client, path: str, data: bytes) -> httpx.Response:
    return api.put(f"{path}/weights", files={"caffemodel": ("../up load.caffemodel", data)})


def test_an_upload_answers_how_the_weights_fit(api: httpx.Client, opened: str, model: bytes) -> None:
    answer = _put(api, opened, model).raise_for_status().json()
    assert answer["weights"]["name"] == "up load.caffemodel"
    assert answer["document"]["weights"] == answer["weights"]
    fates = {row["layer"]: row["fate"] for row in answer["layers"]}
    assert set(fates.values()) == {"loads"}
    assert answer == api.get(f"{opened}/weights").json()


def test_the_bytes_alone_are_an_upload_too(api: httpx.Client, opened: str, model: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    answer = api.put(f"{opened}/weights?name=w.caffemodel", content=model, headers=headers)
    assert answer.raise_for_status().json()["weights"]["name"] == "w.caffemodel"


@pytest.mark.parametrize("part", [slice(0, 0), slice(0, 1), slice(0, 20_000), slice(1, None)])
def test_damaged_weights_are_refused_and_the_old_ones_stay(
    api: httpx.Client, opened: str, model: bytes, part: slice
) -> None:
    before = _put(api, opened, model).json()["document"]
    answer = _put(api, opened, model[part])
    assert answer.status_code == 422
    assert answer.json()["code"].startswith("weights-")
    assert api.get(opened).json() == before


def test_weights_of_another_net_are_refused_in_caffes_words_with_the_lines(
    api: httpx.Client, opened: str, shared: Path
) -> None:
    answer = _put(api, opened, (shared / "weights" / "mtcnn_det2.caffemodel").read_bytes())
    assert answer.status_code == 422
    body = answer.json()
    assert body["code"] == "weights-clash"
    assert "Cannot copy param 0 weights from layer 'conv1'; shape mismatch." in body["errors"][0]["message"]
    assert body["errors"][0]["line"] > 1
    assert api.get(opened).json()["weights"] is None


def test_weights_that_meet_no_layer_are_refused(api: httpx.Client, opened: str, shared: Path) -> None:
    rename = {"op": "replace_text", "text": 'layer { name: "in" type: "Input" top: "in" }\n'}
    body = {"base_revision": 1, "operations": [rename]}
    api.post(f"{opened}/operations", json=body).raise_for_status()
    answer = _put(api, opened, (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes())
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-fit-nothing")


def test_a_document_without_weights_says_so(api: httpx.Client, opened: str) -> None:
    for path in ("/weights", "/export/caffemodel"):
        answer = api.get(opened + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no-weights")
    with zipfile.ZipFile(io.BytesIO(api.get(f"{opened}/export/zip").content)) as archive:
        assert archive.namelist() == ["det1.prototxt"]


def test_an_upload_for_no_document_or_without_a_file_is_refused(api: httpx.Client, opened: str) -> None:
    assert _put(api, "/api/documents/none", b"x").status_code == 404
    assert api.put(f"{opened}/weights", content=b"x").status_code == 415
    empty = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = api.put(f"{opened}/weights", content=b"--b--\r\n", headers=empty)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def _graft(api: httpx.Client, path: str, **more: Any) -> None:
    operation = {
        "op": "duplicate",
        "layers": ["conv1", "PReLU1"],
        "copies": 2,
        "suffixes": ["_a", "_b"],
        **more,
    }
    revision = api.get(path).json()["revision"]
    body = {"base_revision": revision, "operations": [operation]}
    api.post(f"{path}/operations", json=body).raise_for_status()


def test_a_changed_net_is_not_downloaded_under_the_name_of_its_weights(
    api: httpx.Client, opened: str, model: bytes
) -> None:
    api.put(f"{opened}/weights", files={"caffemodel": ("det1.caffemodel", model)}).raise_for_status()
    assert 'filename="det1.zip"' in api.get(f"{opened}/export/zip").headers["content-disposition"]
    _graft(api, opened)
    answer = api.get(f"{opened}/export/zip").raise_for_status()
    assert 'filename="det1_grafted.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pair:
        assert pair.namelist() == ["det1_grafted.prototxt", "det1_grafted.caffemodel"]


def test_downloads_are_grafted_and_say_their_size(api: httpx.Client, opened: str, model: bytes) -> None:
    _put(api, opened, model).raise_for_status()
    _graft(api, opened)
    for kind, ending in (("prototxt", ".prototxt"), ("caffemodel", ".caffemodel"), ("zip", ".zip")):
        answer = api.get(f"{opened}/export/{kind}").raise_for_status()
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert answer.headers["content-disposition"] == f'attachment; filename="det1{ending}"'
    with (
        weights.index(model) as source,
        weights.index(api.get(f"{opened}/export/caffemodel").content) as grafted,
    ):
        for copy in ("conv1_a", "conv1_b"):
            for old, new in zip(source.require("conv1").blobs, grafted.require(copy).blobs, strict=True):
                assert (old.read() == new.read()).all()


def test_layers_that_only_share_may_be_left_out(api: httpx.Client, opened: str, model: bytes) -> None:
    _put(api, opened, model).raise_for_status()
    _graft(api, opened, share={"default": "all"})
    sizes = [
        len(api.get(f"{opened}/export/caffemodel?skip_sharers={flag}").raise_for_status().content)
        for flag in ("false", "true")
    ]
    assert sizes[1] < sizes[0]


def test_after_undo_the_download_is_the_net_as_it_was(api: httpx.Client, opened: str, model: bytes) -> None:
    _put(api, opened, model).raise_for_status()
    before = api.get(f"{opened}/export/caffemodel").content
    _graft(api, opened)
    assert api.get(f"{opened}/export/caffemodel").content != before
    api.post(f"{opened}/undo").raise_for_status()
    assert api.get(f"{opened}/export/caffemodel").content == before
