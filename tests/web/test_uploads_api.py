"""tus 1.0.0 over HTTP: begin, go on, cancel, and what is said where that cannot be done."""

from __future__ import annotations

import base64
import os
import socket
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.web.tus_client import TUS, Upload, begin, chunk

from netgraft import weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the server keeps uploads."""
    return tmp_path / "data" / "uploads"


@pytest.fixture
def model(shared: Path) -> bytes:
    return (shared / "weights" / "mtcnn_det1.caffemodel").read_bytes()


@pytest.fixture
def opened(api: httpx.Client, shared: Path) -> str:
    files = {"prototxt": ("det1.prototxt", (shared / "weights" / "mtcnn_det1.prototxt").read_bytes())}
    return f"/api/documents/{api.post('/api/documents', files=files).raise_for_status().json()['id']}"


def _refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    return body


def _parts(folder: Path) -> list[str]:
    """The files of bytes that uploads have."""
    return [path.name for path in folder.iterdir() if path.suffix != ".json"]


def test_the_server_says_what_it_can(serve: Any) -> None:
    api = serve(max_upload=12_345)
    answer = api.options("/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == "12345"
    extensions = set(answer.headers["Tus-Extension"].split(","))
    assert extensions == {"creation", "creation-with-upload", "termination", "expiration"}
    assert api.options("/api/uploads/any").headers["Tus-Version"] == "1.0.0"


def test_an_upload_in_pieces_becomes_a_documents_weights(
    api: httpx.Client, opened: str, model: bytes, folder: Path
) -> None:
    upload = begin(api, len(model), filename="détecteur.caffemodel")
    for at in range(0, len(model), 9000):
        answer = upload.patch(model[at : at + 9000])
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(min(at + 9000, len(model)))
    answer = api.put(f"{opened}/weights", json={"upload": upload.id}).raise_for_status()
    assert answer.json()["weights"]["name"] == "détecteur.caffemodel"
    assert api.get(f"{opened}/export/proof").json()["ok"]
    assert _parts(folder) == []
    _refused(api.delete(upload.path, headers=TUS), 410, "upload-gone")


def test_a_small_file_is_one_request(api: httpx.Client, opened: str, model: bytes) -> None:
    upload = begin(api, len(model), model)
    assert upload.offset == len(model)
    body = {"upload": upload.id, "name": "w.h5"}
    answer = api.put(f"{opened}/weights/other", json=body).raise_for_status().json()
    assert [source["name"] for source in answer["sources"]] == ["w.caffemodel.h5"]


def test_a_document_is_made_with_an_upload(api: httpx.Client, shared: Path, model: bytes) -> None:
    text = (shared / "weights" / "mtcnn_det1.prototxt").read_text()
    upload = begin(api, len(model), model, filename="m.caffemodel")
    made = api.post("/api/documents", json={"text": text, "upload": upload.id, "name": "det"})
    assert made.raise_for_status().json()["weights"]["name"] == "m.caffemodel"
    # The very bytes of a net go by the form.
    upload = begin(api, len(model), model, filename="m.caffemodel")
    form: dict[str, Any] = {"prototxt": ("n.prototxt", text.encode()), "upload": (None, upload.id)}
    made = api.post("/api/documents", files=form)
    assert made.raise_for_status().json()["weights"]["name"] == "m.caffemodel"
    form["caffemodel"] = ("m.caffemodel", model)
    assert api.post("/api/documents", files=form).status_code == 422


def test_head_says_how_far_it_is_and_until_when_it_stays(api: httpx.Client, model: bytes) -> None:
    upload = begin(api, len(model), model[:1000], filename="m.caffemodel")
    answer = api.head(upload.path, headers=TUS)
    assert answer.headers["Upload-Offset"] == "1000"
    assert answer.headers["Upload-Length"] == str(len(model))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Upload-Metadata"] == f"filename {base64.b64encode(b'm.caffemodel').decode()}"
    parsedate_to_datetime(answer.headers["Upload-Expires"])


@pytest.mark.parametrize("version", [None, "0.2.2", "2.0.0"])
def test_another_version_is_refused(api: httpx.Client, version: str | None) -> None:
    headers = {"Upload-Length": "5"} | ({"Tus-Resumable": version} if version else {})
    answer = api.post("/api/uploads", headers=headers)
    _refused(answer, 412, "tus-version")
    assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upload-Length": "x"},
        {"Upload-Length": "-1"},
        {"Upload-Length": "1" * 30},
        {"Upload-Length": "5", "Upload-Metadata": "filename ???"},
        {"Upload-Length": "5", "Upload-Metadata": "a b c"},
        {"Upload-Length": "5", "Upload-Metadata": "a " + "QUFB" * 2000},
    ],
)
def test_headers_that_cannot_be_read_are_refused(api: httpx.Client, headers: dict[str, str]) -> None:
    _refused(api.post("/api/uploads", headers=TUS | headers), 400, "bad-header")


def test_bytes_for_another_place_are_refused_and_change_nothing(api: httpx.Client, model: bytes) -> None:
    upload = begin(api, len(model), model[:1000])
    for offset in (0, 999, 1001, len(model)):
        body = _refused(upload.patch(model[1000:1010], offset=offset), 409, "upload-offset")
        assert body["offset"] == 1000
    _refused(api.patch(upload.path, content=b"x", headers=chunk()), 400, "bad-header")
    assert upload.patch(model[1000:], offset=1000).status_code == 204


def test_bytes_of_another_media_type_are_refused(api: httpx.Client, model: bytes) -> None:
    upload = begin(api, len(model))
    headers = chunk(0) | {"Content-Type": "application/octet-stream"}
    _refused(api.patch(upload.path, content=model, headers=headers), 415, "unsupported-media-type")
    headers = TUS | {"Upload-Length": "10", "Content-Type": "text/plain"}
    _refused(api.post("/api/uploads", content=b"x", headers=headers), 415, "unsupported-media-type")


def test_an_upload_past_the_limit_is_refused_before_it_begins(serve: Any, folder: Path) -> None:
    api = serve(max_upload=1000)
    body = _refused(api.post("/api/uploads", headers=TUS | {"Upload-Length": "1001"}), 413, "too-large")
    assert body["limit"] == 1000
    assert list(folder.iterdir()) == []


def test_more_bytes_than_were_announced_are_refused(api: httpx.Client, model: bytes) -> None:
    upload = begin(api, 2000, model[:1000])
    _refused(upload.patch(model[1000:3000]), 413, "too-large")
    pieces = (model[at : at + 500] for at in range(1000, 20_000, 500))
    answer = api.patch(upload.path, content=pieces, headers=chunk(1000))
    _refused(answer, 413, "too-large")
    assert upload.asked() == 1000


@pytest.mark.parametrize("upload", ["0" * 40, "x", "..%2Fnetgraft.sqlite3", "%00", "0" * 39 + "%0a"])
def test_an_upload_that_never_was_is_not_found(api: httpx.Client, upload: str) -> None:
    path = f"/api/uploads/{upload}"
    assert api.head(path, headers=TUS).status_code == 404
    assert api.delete(path, headers=TUS).status_code == 404
    assert api.patch(path, content=b"x", headers=chunk(0)).status_code == 404
    answer = api.put("/api/documents/example/weights", json={"upload": "0" * 40})
    assert (answer.status_code, answer.json()["code"]) == (404, "no-such-upload")


def test_a_cancelled_upload_is_gone(api: httpx.Client, model: bytes, folder: Path) -> None:
    upload = begin(api, len(model), model[:1000])
    assert api.delete(upload.path, headers=TUS).status_code == 204
    assert _parts(folder) == []
    assert api.head(upload.path, headers=TUS).status_code == 410
    _refused(upload.patch(model[1000:], offset=1000), 410, "upload-gone")
    _refused(api.delete(upload.path, headers=TUS), 410, "upload-gone")
    answer = api.put("/api/documents/example/weights", json={"upload": upload.id})
    assert (answer.status_code, answer.json()["code"]) == (410, "upload-gone")


def test_an_upload_that_rested_too_long_is_gone_and_later_forgotten(
    serve: Any, model: bytes, folder: Path
) -> None:
    api = serve(upload_hours=1)
    upload = begin(api, len(model), model[:1000])
    other = begin(api, len(model), model[:1000])
    past = (folder / upload.id).stat().st_mtime - 3601
    for path in (folder / upload.id, folder / f"{upload.id}.json"):
        os.utime(path, (past, past))
    begin(api, len(model))  # sweeps
    assert not (folder / upload.id).exists()
    assert api.head(upload.path, headers=TUS).status_code == 410
    os.utime(folder / f"{upload.id}.json", (past - 3600, past - 3600))
    begin(api, len(model))
    assert api.head(upload.path, headers=TUS).status_code == 404
    assert other.asked() == 1000


def test_an_unfinished_upload_cannot_be_used(api: httpx.Client, opened: str, model: bytes) -> None:
    upload = begin(api, len(model), model[:-1])
    answer = api.put(f"{opened}/weights", json={"upload": upload.id})
    assert (answer.status_code, answer.json()["code"]) == (409, "upload-unfinished")
    assert answer.json()["offset"] == len(model) - 1
    upload.patch(model[-1:])
    api.put(f"{opened}/weights", json={"upload": upload.id}).raise_for_status()


def test_weights_that_do_not_fit_stay_until_the_net_is_mended(
    api: httpx.Client, opened: str, model: bytes
) -> None:
    text = api.get(f"{opened}/source").text
    wrong = {"op": "replace_text", "text": text.replace("num_output: 10", "num_output: 11")}
    api.post(f"{opened}/operations", json={"base_revision": 1, "operations": [wrong]}).raise_for_status()
    upload = begin(api, len(model), model)
    answer = api.put(f"{opened}/weights", json={"upload": upload.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-clash")
    api.post(f"{opened}/undo").raise_for_status()
    api.put(f"{opened}/weights", json={"upload": upload.id}).raise_for_status()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x00" * 20_000, "weights-damaged"),
        (b"PK\x03\x04" + b"x" * 20_000, "weights-not-a-caffemodel"),
        (b"layer { name: 'x' }\n" * 1000, "weights-not-a-caffemodel"),
    ],
)
def test_what_is_no_caffemodel_ends_the_upload_at_once(
    api: httpx.Client, folder: Path, data: bytes, code: str
) -> None:
    upload = begin(api, 10 << 30)
    _refused(upload.patch(data), 422, code)
    assert _parts(folder) == []
    assert api.head(upload.path, headers=TUS).status_code == 410
    _refused(api.post("/api/uploads", content=data, headers=chunk() | {"Upload-Length": "20480"}), 422, code)
    assert _parts(folder) == []


def test_what_only_the_whole_file_tells_is_told_at_the_end_and_the_upload_is_gone(
    api: httpx.Client, opened: str, folder: Path
) -> None:
    data = b"\x0a\x40" + b"n" * 64  # a net without layers
    upload = begin(api, len(data), data)
    answer = api.put(f"{opened}/weights", json={"upload": upload.id})
    assert (answer.status_code, answer.json()["code"]) == (422, "weights-not-a-caffemodel")
    assert _parts(folder) == []


def _raw(api: httpx.Client, head: str, data: bytes) -> socket.socket:
    """A connection on which a request was begun: its head, and some of its body."""
    url = api.base_url
    connection = socket.create_connection((url.host, url.port or 80), timeout=20)
    connection.sendall(f"{head}\r\nHost: {url.host}:{url.port}\r\n".encode() + b"\r\n" + data)
    return connection


def _patch_head(upload: Upload, offset: int, length: int) -> str:
    headers = "".join(f"\r\n{name}: {value}" for name, value in chunk(offset).items())
    return f"PATCH {upload.path} HTTP/1.1\r\nContent-Length: {length}{headers}"


def test_a_request_that_is_cut_off_keeps_what_came(api: httpx.Client, opened: str, model: bytes) -> None:
    upload = begin(api, len(model), model[:100])
    with _raw(api, _patch_head(upload, 100, len(model) - 100), model[100:15_000]):
        upload.wait_until(lambda: upload.asked() == 15_000)
    upload.wait_until(lambda: upload.patch(b"", offset=15_000).status_code == 204)
    assert upload.patch(model[15_000:], offset=15_000).status_code == 204
    api.put(f"{opened}/weights", json={"upload": upload.id}).raise_for_status()


def test_while_one_request_writes_no_other_does(api: httpx.Client, opened: str, model: bytes) -> None:
    upload = begin(api, len(model))
    with _raw(api, _patch_head(upload, 0, len(model)), model[:9000]) as first:
        upload.wait_until(lambda: upload.asked() > 0)
        _refused(upload.patch(model[:10], offset=upload.asked()), 423, "upload-busy")
        answer = api.put(f"{opened}/weights", json={"upload": upload.id})
        assert (answer.status_code, answer.json()["code"]) == (423, "upload-busy")
        first.sendall(model[9000:])
        assert first.recv(100).startswith(b"HTTP/1.1 204")
    api.put(f"{opened}/weights", json={"upload": upload.id}).raise_for_status()


def test_an_upload_can_be_cancelled_while_it_is_written(
    api: httpx.Client, model: bytes, folder: Path
) -> None:
    upload = begin(api, len(model))
    with _raw(api, _patch_head(upload, 0, len(model)), model[:9000]) as first:
        upload.wait_until(lambda: upload.asked() > 0)
        assert api.delete(upload.path, headers=TUS).status_code == 204
        first.sendall(model[9000:])
        assert first.recv(100).startswith(b"HTTP/1.1 410")
    assert _parts(folder) == []


def test_another_server_on_the_folder_goes_on_with_it(serve: Any, shared: Path, model: bytes) -> None:
    one, other = serve(), serve()
    upload = begin(one, len(model), model[:9000])
    moved = Upload(other, upload.path, upload.length)
    assert moved.asked() == 9000
    assert moved.patch(model[9000:20_000], offset=9000).status_code == 204
    assert upload.patch(model[20_000:], offset=20_000).status_code == 204
    text = (shared / "weights" / "mtcnn_det1.prototxt").read_text()
    made = other.post("/api/documents", json={"text": text, "upload": upload.id}).raise_for_status().json()
    assert made["weights"]["size"] == len(model)
    assert one.get(f"/api/documents/{made['id']}/export/proof").json()["ok"]


def test_a_wrong_byte_is_found_by_the_server_that_did_not_see_the_first_ones(
    serve: Any, model: bytes
) -> None:
    one, other = serve(), serve()
    with weights.index(model) as index:
        last = index.layers[-1].span
    upload = begin(one, len(model), model[: last[0] + 20])
    moved = Upload(other, upload.path, upload.length)
    answer = moved.patch(b"\x07" * 8, offset=last[0] + 20)
    assert _refused(answer, 422, "weights-damaged")["offset"] >= last[0]
