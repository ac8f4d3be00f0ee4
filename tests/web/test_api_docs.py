"""The API's documentation: complete, and its examples work as they stand."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import httpx
import pytest

from netgraft.proto import caffe_pb2
from netgraft.web import routes
from netgraft.web.app import create_app
from netgraft.web.settings import Settings

_SCHEMA = create_app(Settings()).openapi()
_PICTURES = """layer { name: "in" type: "Input" top: "in"
  input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } } }
layer { name: "conv1" type: "Convolution" bottom: "in" top: "conv1"
  convolution_param { num_output: 4 kernel_size: 3 } }
"""
_EDIT = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}

Call = tuple[str, str, dict[str, Any]]


def _calls() -> list[Call]:
    return [
        (method, path, described)
        for path, methods in _SCHEMA["paths"].items()
        for method, described in methods.items()
    ]


every_call = pytest.mark.parametrize(
    "call", _calls(), ids=[f"{method} {path}" for method, path, _ in _calls()]
)


@every_call
def test_every_call_says_what_it_does_and_answers(call: Call) -> None:
    _, _, described = call
    assert described["summary"]
    assert len(described["description"]) > 20
    good = [answer for status, answer in described["responses"].items() if status.startswith("2")]
    assert len(good) == 1
    assert good[0].get("content") or "204" in described["responses"]
    for parameter in described.get("parameters", []):
        assert parameter["description"], parameter["name"]
    for status, answer in described["responses"].items():
        if status.startswith("4"):
            assert list(answer["content"]) == ["application/problem+json"]


def test_no_route_of_a_resource_is_left_out_of_the_documentation() -> None:
    documented = {(method.upper(), path) for method, path, _ in _calls()}
    for found in pkgutil.iter_modules(routes.__path__):
        router = importlib.import_module(f"{routes.__name__}.{found.name}").router
        for route in router.routes:
            assert {(method, route.path_format) for method in route.methods} <= documented


def test_every_reference_in_the_schema_has_its_target() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    known = {f"#/components/schemas/{name}" for name in _SCHEMA["components"]["schemas"]}
    assert set(references(_SCHEMA)) <= known


@pytest.fixture
def prepared(api: httpx.Client, call: Call) -> httpx.Client:
    """A server whose example document is in the state that the call is about."""
    path = "/api/documents/example"
    if call[1].endswith(("/undo", "/redo")):
        api.post(f"{path}/operations", json=_EDIT).raise_for_status()
    if call[1].endswith("/redo"):
        api.post(f"{path}/undo").raise_for_status()
    if call[1].endswith("/solver"):
        api.put(f"{path}/solver", json={"text": "base_lr: 0.01"}).raise_for_status()
    if "/weights" in call[1] or "/export/" in call[1]:
        api.put(f"{path}/weights", files={"caffemodel": _weights()}).raise_for_status()
    if "/filters/" in call[1]:
        body = {"base_revision": 1, "operations": [{"op": "replace_text", "text": _PICTURES}]}
        api.post(f"{path}/operations", json=body).raise_for_status()
    if call[0] == "delete" and call[1].endswith("/weights/{source}"):
        api.put(f"{path}/weights/other", files={"caffemodel": _weights()}).raise_for_status()
    if call[1].endswith("/links/{link}"):
        api.post(f"{path}/links", json={}).raise_for_status()
    return api


@every_call
def test_the_example_of_a_call_works(prepared: httpx.Client, call: Call) -> None:
    method, path, described = call
    headers = {}
    for parameter in described.get("parameters", []):
        value = str(parameter.get("examples", {}).get("example", {}).get("value", ""))
        if parameter["in"] == "path":
            # An upload's id is the server's to choose.
            value = _upload(prepared, b"") if parameter["name"] == "upload" else value
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif parameter["in"] == "header" and value:
            headers[parameter["name"]] = value
    for arguments in _bodies(described):
        if "upload" in arguments.get("json", {}):
            arguments["json"]["upload"] = _upload(prepared, _weights())
        arguments["headers"] = headers | arguments.get("headers", {})
        answer = prepared.request(method.upper(), path, **arguments)
        assert str(answer.status_code) in described["responses"], answer.text
        assert answer.status_code < 300, answer.text
        if method == "delete":
            break
        if path.endswith("/operations"):
            prepared.post("/api/documents/example/undo").raise_for_status()


def _upload(api: httpx.Client, data: bytes) -> str:
    """The id of an upload that has this data; without any, of one that has just begun."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data) or 1_000_000)}
    if data:
        headers["Content-Type"] = "application/offset+octet-stream"
    answer = api.post("/api/uploads", headers=headers, content=data or None).raise_for_status()
    return str(answer.json()["id"])


def _bodies(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What to send for each body that is documented."""
    if "requestBody" not in described:
        yield {}
        return
    for kind, body in described["requestBody"]["content"].items():
        if kind == "application/json":
            schema = body["schema"]
            schema = (
                _SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                if "$ref" in schema
                else schema
            )
            for example in [body["example"]] if "example" in body else schema["examples"]:
                yield {"json": example}
        elif kind == "multipart/form-data":
            assert set(body["example"]) <= set(body["schema"]["properties"])
            fields = {name: (name, value.encode()) for name, value in body["example"].items()}
            if "caffemodel" in body["schema"]["required"]:
                fields["caffemodel"] = ("w.caffemodel", _weights())
            yield {"files": fields}
        else:
            yield {"content": _weights(), "headers": {"Content-Type": kind}}


@pytest.mark.parametrize("name", sorted(_SCHEMA["components"]["schemas"]))
def test_every_example_of_an_operation_is_one(reader: httpx.Client, name: str) -> None:
    schema = _SCHEMA["components"]["schemas"][name]
    if "op" not in schema.get("properties", {}) or "const" not in schema["properties"]["op"]:
        return
    for example in schema["examples"]:
        body = {"base_revision": 1, "operations": [example]}
        answer = reader.post("/api/documents/example/preview", json=body)
        # The layers that an example names need not be there, but it must be read as an operation.
        assert answer.status_code == 200 or answer.json()["code"] not in ("invalid-request", "bad-operation")


def test_the_documentations_page_loads_only_what_this_server_has(reader: httpx.Client) -> None:
    page = reader.get("/docs").raise_for_status()
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "start.js"):
        assert f"/docs/{name}" in page.text
        assert reader.get(f"/docs/{name}").raise_for_status().content
    assert reader.get("/docs/../app.py").status_code == 404
    assert reader.get("/docs/__init__.py").status_code == 404


def test_rest_md_names_every_call(repo: Path) -> None:
    text = (repo / "docs" / "rest.md").read_text()
    missing = [
        f"{method.upper()} {path}" for method, path, _ in _calls() if f"`{method.upper()} {path}`" not in text
    ]
    assert missing == []


def _weights() -> bytes:
    net = caffe_pb2.NetParameter(name="siam")
    for name, shape in (("ip1_a", (10, 8)), ("joint_ip", (30, 20)), ("conv1", (4, 3, 3, 3))):
        layer = net.layer.add(name=name, type="InnerProduct")
        for axes in (shape, shape[:1]):
            blob = layer.blobs.add()
            blob.shape.dim.extend(axes)
            blob.data.extend([0.5] * prod(axes))
    return net.SerializeToString()
