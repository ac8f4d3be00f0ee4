"""Documents over HTTP: open, list, read, delete; and what is no net."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

NET = b'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 dim: 3 } } }\n'


def _open(api: httpx.Client, text: bytes, name: str = "net.prototxt") -> httpx.Response:
    return api.post("/api/documents", files={"prototxt": (name, text)})


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document, which must be of that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


def test_a_new_workspace_opens_with_an_example(api: httpx.Client) -> None:
    assert [entry["id"] for entry in api.get("/api/documents").json()["documents"]] == ["example"]
    assert api.get("/api/documents/example").json()["revision"] == 1


def test_a_deleted_example_stays_deleted_while_there_are_documents(api: httpx.Client) -> None:
    _open(api, NET)
    assert api.delete("/api/documents/example").status_code == 204
    problem(api.get("/api/documents/example"), 404, "no-such-document")


@pytest.mark.parametrize("body", [{"text": NET.decode()}, {"example": "siamese_mnist", "name": "mine"}])
def test_a_document_is_made_from_a_text_or_an_example(api: httpx.Client, body: dict[str, str]) -> None:
    answer = api.post("/api/documents", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == body.get("name", "untitled")
    assert api.get(answer.headers["location"]).json()["id"] == answer.json()["id"]


def test_the_source_is_the_upload_byte_for_byte(api: httpx.Client) -> None:
    text = b"\xef\xbb\xbf# caf\xe9 \r\n" + NET.replace(b"\n", b"\r\n") + b"# no end"
    path = f"/api/documents/{_open(api, text).json()['id']}/source"
    answer = api.get(path)
    assert answer.content == text
    assert answer.headers["etag"] == '"1"'
    assert api.get(path, headers={"If-None-Match": '"1"'}).status_code == 304


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not-a-prototxt"),
        (b"{ }", "not-a-prototxt"),
        (b"Lorem ipsum dolor sit amet, consectetur.", "not-a-prototxt"),
        (b"base_lr: 0.01\nmax_iter: 10\n", "is-a-solver"),
        (b"name: 'empty'\n", "no-layers"),
    ],
)
def test_a_text_that_is_no_net_is_refused_with_its_place(api: httpx.Client, text: bytes, code: str) -> None:
    body = problem(_open(api, text), 422, code)
    if code == "not-a-prototxt":
        assert body["errors"][0]["line"] == 1
        assert body["errors"][0]["column"] >= 1
    assert len(api.get("/api/documents").json()["documents"]) == 1


def test_a_caffemodel_in_the_prototxt_s_place_is_told_as_what_it_is(api: httpx.Client) -> None:
    body = problem(
        _open(api, b"\n\x05mnist\x12(\n\x05conv1\x12\x0bConvolution:\x01\xff"), 422, "not-a-prototxt"
    )
    assert "A caffemodel belongs to a net" in body["detail"]
    assert len(body["errors"]) == 1


@pytest.mark.parametrize("path", ["/api/documents", "/api/documents/example/operations"])
def test_a_body_that_is_not_json_is_called_so(api: httpx.Client, path: str) -> None:
    answer = api.post(path, content=b'{"text": ', headers={"content-type": "application/json"})
    body = problem(answer, 422, "invalid-request")
    assert body["detail"].startswith("The request is not as it should be: body: It is not JSON: ")
    assert body["errors"][0]["field"] == "body"


def test_a_net_with_an_error_in_it_opens_and_shows_the_error(api: httpx.Client) -> None:
    made = _open(api, NET + b'layer { name: "a" type: "ReLU" bottom: "in" top: "a" < }\n').json()
    graph = api.get(f"/api/documents/{made['id']}/graph").json()
    assert graph["verdict"] == "refused"
    assert {layer["name"] for layer in graph["layers"]} == {"in", "a"}
    assert next(each["line"] for each in graph["diagnostics"] if each["code"] == "syntax") == 2


def test_a_file_of_a_fork_is_looked_at_as_such_unless_asked_otherwise(api: httpx.Client) -> None:
    made = _open(api, NET + b'layer { name: "a" type: "ReLU" bottom: "in" top: "a" fork_field: 1 }\n').json()
    graph = api.get(f"/api/documents/{made['id']}/graph").json()
    assert (graph["profile"], graph["verdict"]) == ("fork", "ok")
    graph = api.get(f"/api/documents/{made['id']}/graph?profile=bvlc").json()
    assert (graph["profile"], graph["verdict"]) == ("bvlc", "refused")
    assert any("fork_field" in each["message"] for each in graph["diagnostics"])


def test_a_document_is_not_made_with_truncated_weights(api: httpx.Client, shared: Path) -> None:
    folder = shared / "weights"
    model = (folder / "mtcnn_det1.caffemodel").read_bytes()[:5000]
    files = {"prototxt": (folder / "mtcnn_det1.prototxt").read_bytes(), "caffemodel": model}
    problem(api.post("/api/documents", files=files), 422, "weights-damaged")
    assert len(api.get("/api/documents").json()["documents"]) == 1


def test_a_pair_opens_with_its_weights(api: httpx.Client, shared: Path) -> None:
    folder = shared / "weights"
    files = {
        "prototxt": ("mtcnn_det1.prototxt", (folder / "mtcnn_det1.prototxt").read_bytes()),
        "caffemodel": ("mtcnn_det1.caffemodel", (folder / "mtcnn_det1.caffemodel").read_bytes()),
    }
    made = api.post("/api/documents", files=files).json()
    assert (made["name"], made["weights"]["size"]) == ("mtcnn_det1", 28163)
    graph = api.get(f"/api/documents/{made['id']}/graph").json()
    fates = {layer["key"]: (layer["origin"], layer["weights"]) for layer in graph["layers"]}
    assert fates["conv1"] == ("conv1", "loads")
    assert fates["pool1"] == (None, None)


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {"content-type": "application/json"}, 422, "invalid-request"),
        (b"[]", {"content-type": "application/json"}, 422, "invalid-request"),
        (b"{}", {"content-type": "application/json"}, 422, "invalid-request"),
        (b'{"example": "no"}', {"content-type": "application/json"}, 404, "no-such-example"),
        (b'{"text": "", "more": 1}', {"content-type": "application/json"}, 422, "invalid-request"),
        (b"x", {"content-type": "text/plain"}, 415, "unsupported-media-type"),
        (b"x", {}, 415, "unsupported-media-type"),
        (b"x", {"content-type": "multipart/form-data"}, 400, "malformed-form"),
        (b"x", {"content-type": "multipart/form-data; boundary=b"}, 400, "malformed-form"),
        (b"--b\r\n", {"content-type": "multipart/form-data; boundary=b"}, 400, "malformed-form"),
        (
            b'--b\r\ncontent-disposition: form-data; name="prototxt"\r\n\r\nlayer {}',
            {"content-type": "multipart/form-data; boundary=b"},
            400,
            "malformed-form",
        ),
    ],
)
def test_a_request_that_cannot_be_read_is_a_problem(
    reader: httpx.Client, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    problem(reader.post("/api/documents", content=body, headers=headers), status, code)


def test_form_fields_that_are_unknown_missing_or_repeated_are_refused(reader: httpx.Client) -> None:
    problem(reader.post("/api/documents", files={"other": b"x"}), 422, "unknown-field")
    problem(reader.post("/api/documents", files={"caffemodel": b"x"}), 422, "invalid-request")
    twice = [("prototxt", NET), ("prototxt", NET)]
    problem(reader.post("/api/documents", files=twice), 422, "repeated-field")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/api/nothing", 404, "not-found"),
        ("GET", "/static/nothing.js", 404, "not-found"),
        ("GET", "/static/../../pyproject.toml", 404, "not-found"),
        ("PATCH", "/api/documents", 405, "method-not-allowed"),
        ("GET", "/api/documents/none", 404, "no-such-document"),
        ("GET", "/api/documents/none/graph", 404, "no-such-document"),
        ("GET", "/api/documents/example/graph?phase=BOTH", 422, "invalid-request"),
        ("GET", "/api/documents/example/graph?level=x", 422, "invalid-request"),
        ("DELETE", "/api/documents/none", 404, "no-such-document"),
    ],
)
def test_every_refusal_is_a_problem_document(
    reader: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    problem(reader.request(method, path), status, code)
