"""Share links: whoever holds one may look at one document, and at nothing else."""

from __future__ import annotations

import http.client
import json
import re
import sqlite3
from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft.proto import caffe_pb2
from netgraft.web import sharing
from netgraft.web.app import create_app
from netgraft.web.settings import Settings

Serve = Callable[..., httpx.Client]
TOKEN = "s3cret-token"
OWNER = {"Authorization": f"Bearer {TOKEN}"}
EXAMPLE = "/api/documents/example"
EDIT = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}


@pytest.fixture(scope="module")
def guarded(serve_module: Serve) -> httpx.Client:
    """A server with a token, which the client does not have by itself."""
    return serve_module(token=TOKEN)


@pytest.fixture(scope="module")
def link(guarded: httpx.Client) -> str:
    """The address of a link to the example document, which stays."""
    return str(make(guarded)["address"])


def make(api: httpx.Client, document: str = EXAMPLE, note: str = "") -> Any:
    answer = api.post(f"{document}/links", json={"note": note}, headers=OWNER)
    assert answer.status_code == 201, answer.text
    return answer.json()


def other_document(api: httpx.Client) -> str:
    answer = api.post("/api/documents", json={"example": "question"}, headers=OWNER)
    return str(answer.raise_for_status().json()["id"])


def put_weights(api: httpx.Client) -> None:
    net = caffe_pb2.NetParameter(name="siam")
    layer = net.layer.add(name="ip1_a", type="InnerProduct")
    for axes in ((10, 8), (10,)):
        blob = layer.blobs.add()
        blob.shape.dim.extend(axes)
        blob.data.extend([0.5] * prod(axes))
    files = {"caffemodel": net.SerializeToString()}
    api.put(f"{EXAMPLE}/weights", files=files, headers=OWNER).raise_for_status()


def raw(api: httpx.Client, path: str, method: str = "GET") -> tuple[int, str]:
    """Asks for a path just as it stands, which a client library would tidy up; status and body."""
    connection = http.client.HTTPConnection(api.base_url.host, api.base_url.port or 80, timeout=30)
    connection.putrequest(method, path)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_a_link_opens_the_editors_page_without_the_servers_token(guarded: httpx.Client, link: str) -> None:
    page = guarded.get(link)
    assert page.status_code == 200
    assert page.text == guarded.get("/", headers=OWNER).text
    assert guarded.get("/static/styles/base.css").status_code == 200


def test_a_link_reads_its_document(guarded: httpx.Client, link: str) -> None:
    put_weights(guarded)
    read = guarded.get(f"{link}{EXAMPLE}").raise_for_status().json()
    assert (read["id"], read["access"]) == ("example", "read")
    assert guarded.get(EXAMPLE, headers=OWNER).json()["access"] == "edit"
    for part in ("source", "graph", "history", "diff", "weights", "layout", "layers?layer=ip1_a"):
        assert guarded.get(f"{link}{EXAMPLE}/{part}").status_code == 200, part
    for part in ("prototxt", "zip", "caffemodel", "hdf5", "proof"):
        assert guarded.get(f"{link}{EXAMPLE}/export/{part}").status_code == 200, part
    for path in ("/api/catalogue", "/api/schema", "/api/examples"):
        assert guarded.get(link + path).status_code == 200, path


def test_the_list_of_documents_holds_only_the_links_own(guarded: httpx.Client, link: str) -> None:
    other_document(guarded)
    listed = guarded.get(f"{link}/api/documents").json()["documents"]
    assert [each["id"] for each in listed] == ["example"]


def test_weights_say_by_a_link_that_they_are_read_only(guarded: httpx.Client, link: str) -> None:
    put_weights(guarded)
    assert guarded.get(f"{link}{EXAMPLE}/weights").json()["document"]["access"] == "read"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{EXAMPLE}/operations"),
        ("POST", f"{EXAMPLE}/preview"),
        ("POST", f"{EXAMPLE}/undo"),
        ("POST", f"{EXAMPLE}/redo"),
        ("POST", f"{EXAMPLE}/goto"),
        ("PATCH", EXAMPLE),
        ("DELETE", EXAMPLE),
        ("PATCH", f"{EXAMPLE}/premises"),
        ("PUT", f"{EXAMPLE}/layout"),
        ("PUT", f"{EXAMPLE}/solver"),
        ("PUT", f"{EXAMPLE}/weights"),
        ("DELETE", f"{EXAMPLE}/weights/x"),
        ("POST", f"{EXAMPLE}/links"),
        ("DELETE", f"{EXAMPLE}/links/1"),
        ("POST", "/api/documents"),
        ("OPTIONS", EXAMPLE),
        ("POST", ""),
    ],
)
def test_a_link_changes_nothing(guarded: httpx.Client, link: str, method: str, path: str) -> None:
    before = guarded.get(EXAMPLE, headers=OWNER).json()["version"]
    # The owner's own cookie or token gives a link's address no more rights.
    answer = guarded.request(method, link + path, json=EDIT, headers=OWNER)
    assert (answer.status_code, answer.json()["code"]) == (403, "read-only")
    assert guarded.get(EXAMPLE, headers=OWNER).json()["version"] == before


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        f"{EXAMPLE}x",
        "/api/documents/other",
        "/api/documents/other/source",
        "/api/check",
        "/api/duplicate",
        "/api/health",
        "/api/uploads",
        "/metrics",
        "/openapi.json",
        "/docs",
        "/static/app.js",
        "/d/example",
        "/",
        "//",
        "/s",
        f"/{EXAMPLE}",
        "/api",
        "/api/documents/",
        "/API/documents/example",
    ],
)
def test_a_link_opens_nothing_else(guarded: httpx.Client, link: str, method: str, path: str) -> None:
    assert raw(guarded, link + path, method)[0] == 404


@pytest.mark.parametrize("part", ["links", "links/1", "live", "operations", "", "/source", "source/../links"])
def test_of_its_document_a_link_opens_only_what_is_named(guarded: httpx.Client, link: str, part: str) -> None:
    assert raw(guarded, f"{link}{EXAMPLE}/{part}")[0] == 404


def test_no_path_leads_from_a_link_to_another_document(guarded: httpx.Client, link: str) -> None:
    other = other_document(guarded)
    ways = [
        f"/../../api/documents/{other}",
        f"/%2e%2e/%2e%2e/api/documents/{other}",
        f"/..%2f..%2fapi%2fdocuments%2f{other}",
        f"/api/documents/example/../{other}",
        f"/api/documents/example/%2e%2e/{other}",
        f"/api/documents/example%2f..%2f{other}",
        f"/api/documents/example/source/../../{other}/source",
        f"/api/documents/example/weights/layers/../../../{other}",
        f"/api/documents/{other}%2fsource",
        f"/api/documents/{other}?document=example",
        f"/api/documents/example;/../{other}",
        f"/api/documents/example%00/../{other}",
        f"/api/documents/example\\..\\{other}",
        f"//api/documents/{other}",
        f"/./api/documents/{other}",
        f"/api//documents/{other}",
        f"/s/{link.rpartition('/')[2]}/api/documents/{other}",
        f"/@/api/documents/{other}",
        f"/http://127.0.0.1/api/documents/{other}",
    ]
    for way in ways:
        assert raw(guarded, link + way)[0] in (400, 404), way


_WORDS = [
    "",
    "..",
    ".",
    "api",
    "documents",
    "example",
    "OTHER",
    "source",
    "graph",
    "links",
    "live",
    "weights",
]
_ENCODED = [
    "%2e%2e",
    "%2F",
    "%2f..%2f",
    "%5c",
    "%00",
    "%C3%A9",
    "%ff",
    "~",
    ";",
    "layers",
    "export",
    "zip",
    "s",
]
_STEPS = st.sampled_from([*_WORDS, *_ENCODED])


@given(st.lists(_STEPS, max_size=8))
def test_any_path_below_a_link_tells_of_its_own_document_or_nothing(
    guarded: httpx.Client, link: str, steps: list[str]
) -> None:
    listed = guarded.get("/api/documents", headers=OWNER).json()["documents"]
    others = [each["id"] for each in listed if each["id"] != "example"]
    other = others[0] if others else other_document(guarded)
    path = "/".join(other if step == "OTHER" else step for step in steps)
    status, body = raw(guarded, f"{link}/{path}")
    assert status in (200, 404, 422)
    assert other not in body


def test_every_read_of_a_document_is_either_open_to_links_or_closed_on_purpose() -> None:
    prefix = "/api/documents/{id}/"
    closed = {"links"}
    parts = {
        path.removeprefix(prefix).partition("/")[0]
        for path, methods in create_app(Settings()).openapi()["paths"].items()
        if path.startswith(prefix) and "get" in methods
    }
    assert parts == sharing.PARTS | closed


def test_a_link_that_never_was_opens_nothing(guarded: httpx.Client, link: str) -> None:
    for path in ("x" * 32, "", "short", "x" * 5000, "%2e%2e", "é", link.rpartition("/")[2].swapcase()):
        answer = guarded.get(f"/s/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-link")
        assert guarded.get(f"/s/{path}{EXAMPLE}").status_code == 404


def test_a_person_who_follows_a_dead_link_sees_a_page(guarded: httpx.Client) -> None:
    answer = guarded.get("/s/gone", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert "was revoked" in answer.text
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert guarded.get(address).status_code == 200, address


def test_a_revoked_link_opens_nothing_any_more(guarded: httpx.Client) -> None:
    first, second = make(guarded), make(guarded)
    answer = guarded.delete(f"{EXAMPLE}/links/{first['id']}", headers=OWNER)
    assert answer.status_code == 204
    for path in ("", EXAMPLE, "/api/catalogue"):
        assert guarded.get(first["address"] + path).status_code == 404
        assert guarded.get(second["address"] + path).status_code == 200
    again = guarded.delete(f"{EXAMPLE}/links/{first['id']}", headers=OWNER)
    assert (again.status_code, again.json()["code"]) == (404, "no-such-link")


def test_a_link_is_revoked_only_with_its_own_document(guarded: httpx.Client) -> None:
    made = make(guarded)
    other = other_document(guarded)
    answer = guarded.delete(f"/api/documents/{other}/links/{made['id']}", headers=OWNER)
    assert answer.status_code == 404
    assert guarded.get(made["address"]).status_code == 200


def test_the_list_of_links_tells_notes_and_times_but_no_token(guarded: httpx.Client) -> None:
    author = {"Netgraft-Author": "Zo%C3%AB"} | OWNER
    made = guarded.post(f"{EXAMPLE}/links", json={"note": "<b>reviewers</b>"}, headers=author).json()
    unused = make(guarded)
    guarded.get(made["address"])
    answer = guarded.get(f"{EXAMPLE}/links", headers=OWNER)
    listed = {each["id"]: each for each in answer.json()["links"]}
    first, second = listed[made["id"]], listed[unused["id"]]
    assert (first["note"], first["author"], first["created"]) == ("<b>reviewers</b>", "Zoë", made["created"])
    assert first["used"] >= first["created"]
    assert second["used"] is None
    assert made["token"] not in answer.text


def test_a_token_is_long_fits_an_address_and_is_kept_only_as_a_hash(serve: Serve, tmp_path: Path) -> None:
    api = serve()
    tokens = [make(api)["token"] for _ in range(3)]
    assert len(set(tokens)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)
    with sqlite3.connect(tmp_path / "data" / "netgraft.sqlite3") as database:
        rows = database.execute("SELECT * FROM share_links").fetchall()
    database.close()
    assert len(rows) == 3
    assert not any(token in str(rows) for token in tokens)


def test_a_documents_links_go_with_it(guarded: httpx.Client) -> None:
    other = other_document(guarded)
    made = make(guarded, f"/api/documents/{other}")
    guarded.delete(f"/api/documents/{other}", headers=OWNER).raise_for_status()
    assert guarded.get(made["address"]).status_code == 404
    assert guarded.get(f"/api/documents/{other}/links", headers=OWNER).status_code == 404
    assert guarded.post(f"/api/documents/{other}/links", json={}, headers=OWNER).status_code == 404


def test_a_documents_links_are_limited(guarded: httpx.Client) -> None:
    document = f"/api/documents/{other_document(guarded)}"
    for _ in range(100):
        make(guarded, document)
    answer = guarded.post(f"{document}/links", json={}, headers=OWNER)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "too-many", 100)
    assert answer.json()["detail"] == "Share links of one document are limited to 100."


def test_a_links_address_leaks_by_no_cache_referrer_or_search_engine(
    guarded: httpx.Client, link: str
) -> None:
    for path in ("", EXAMPLE, f"{EXAMPLE}/source", f"{EXAMPLE}/export/prototxt", "/nothing"):
        headers = guarded.get(link + path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "noindex" in headers["x-robots-tag"], path
        assert "default-src 'self'" in headers["content-security-policy"], path
    made = guarded.post(f"{EXAMPLE}/links", json={}, headers=OWNER)
    assert made.headers["cache-control"] == "no-store"


def test_a_links_errors_do_not_repeat_its_token(guarded: httpx.Client, link: str) -> None:
    token = link.rpartition("/")[2]
    for path in ("/nothing", f"{EXAMPLE}/layers", f"{EXAMPLE}/weights/layers/none", f"{EXAMPLE}/export/x"):
        answer = guarded.get(link + path)
        assert token not in answer.text + json.dumps(dict(answer.headers))


def test_other_sites_and_other_names_are_refused_at_a_links_address_too(serve: Serve) -> None:
    api = serve()
    address = make(api)["address"]
    assert api.get(address, headers={"Host": "evil.example"}).status_code == 421
    assert api.get(address + EXAMPLE, headers={"Origin": "https://evil.example"}).status_code == 403
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert api.get(address, headers=followed).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/api/documents", EXAMPLE, "/docs", "/openapi.json", "/metrics", "/s/"]
)
def test_that_there_are_links_opens_nothing_else(guarded: httpx.Client, link: str, path: str) -> None:
    assert guarded.get(link).status_code == 200
    assert guarded.get(path).status_code in (401, 404)
    assert raw(guarded, "/static/../api/documents")[0] in (401, 404)
    assert raw(guarded, f"{link}/..{path}")[0] == 404
