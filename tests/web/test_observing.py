"""What a server says of its requests: an id each, metrics, whether it is alive and ready."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from netgraft.web.app import create_app
from netgraft.web.settings import Settings

Serve = Callable[..., httpx.Client]
TOKEN = "s3cret-token"


def metric(api: httpx.Client, name: str, **labels: str) -> float:
    """The value of a sample, 0 where it is not there."""
    text = api.get("/metrics").raise_for_status().text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return 0


def edit(api: httpx.Client, document: str = "example", base: int = 1) -> httpx.Response:
    """One small edit."""
    operation = {"op": "set_rate", "layer": "joint_ip", "blob": 0, "lr_mult": base + 1}
    body = {"base_revision": base, "operations": [operation]}
    return api.post(f"/api/documents/{document}/operations", json=body)


def test_every_answer_has_an_id(reader: httpx.Client) -> None:
    first, second = (reader.get("/api/documents").headers["x-request-id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/api/documents/none", "/static/none.js", "/metrics", "/docs"]
)
def test_an_id_that_a_proxy_gave_is_kept(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path, headers={"X-Request-ID": "a1-B2.c:3/4+5=6_7@8"})
    assert answer.headers["x-request-id"] == "a1-B2.c:3/4+5=6_7@8"


@pytest.mark.parametrize("given", ["", "a b", "a;b", "é", "x" * 129, "<script>", '"', "a\tb"])
def test_an_id_that_is_not_well_formed_is_replaced(reader: httpx.Client, given: str) -> None:
    answer = reader.get("/api/documents", headers={b"X-Request-ID": given.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


def test_refusals_of_the_guard_have_an_id_too(serve: Serve) -> None:
    api = serve(token=TOKEN)
    answer = api.get("/api/documents", headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (401, "mine")


def test_requests_are_counted_by_template_and_not_by_address(reader: httpx.Client) -> None:
    labels = {"route": "/api/documents/{id}", "method": "GET", "status": "404"}
    before = metric(reader, "netgraft_requests_total", **labels)
    for name in ("one", "two", "three"):
        reader.get(f"/api/documents/{name}")
    assert metric(reader, "netgraft_requests_total", **labels) == before + 3


@pytest.mark.parametrize(
    ("method", "path"), [("BREW", "/"), ("GET", "/wp-admin/secret"), ("GET", "/s/secret"), ("X-SECRET", "/y")]
)
def test_what_clients_make_up_becomes_no_label(reader: httpx.Client, method: str, path: str) -> None:
    reader.request(method, path)
    text = reader.get("/metrics").text
    assert "BREW" not in text
    assert "secret" not in text.lower()


def test_edits_are_counted_by_kind(api: httpx.Client) -> None:
    before = metric(api, "netgraft_edits_total", operation="set_rate")
    edit(api).raise_for_status()
    assert metric(api, "netgraft_edits_total", operation="set_rate") == before + 1


def test_an_edit_that_is_refused_counts_as_none(api: httpx.Client) -> None:
    before = metric(api, "netgraft_edits_total", operation="unshare")
    body = {"base_revision": 1, "operations": [{"op": "unshare", "layer": "none"}]}
    assert api.post("/api/documents/example/operations", json=body).status_code == 422
    assert metric(api, "netgraft_edits_total", operation="unshare") == before


def test_checks_are_timed(api: httpx.Client) -> None:
    before = metric(api, "netgraft_check_seconds_count")
    api.get("/api/documents/example/graph").raise_for_status()
    api.post("/api/check", json={"text": "layer { name: 'a' }"}).raise_for_status()
    assert metric(api, "netgraft_check_seconds_count") == before + 2


def test_bytes_of_uploads_are_counted_and_those_of_json_are_not(api: httpx.Client) -> None:
    before = metric(api, "netgraft_upload_bytes_total")
    headers = {"Content-Type": "application/octet-stream"}
    api.put("/api/documents/example/weights", content=b"x" * 5000, headers=headers)
    api.post("/api/check", json={"text": " " * 1000})
    assert metric(api, "netgraft_upload_bytes_total") == before + 5000


def test_gauges_tell_the_present(api: httpx.Client) -> None:
    api.get("/api/documents/example/graph").raise_for_status()
    assert metric(api, "netgraft_documents_parsed") == 1
    assert metric(api, "netgraft_requests_in_work") == 1  # the one that asks
    assert metric(api, "netgraft_requests_waiting") == 0
    assert metric(api, "netgraft_live_sockets") == 0


def test_what_has_not_happened_yet_is_told_as_nought(reader: httpx.Client) -> None:
    text = reader.get("/metrics").text
    for line in ('netgraft_refused_total{why="busy"}', 'netgraft_rebases_total{outcome="applied"}'):
        assert line in text


def test_the_process_is_told_of(reader: httpx.Client) -> None:
    text = reader.get("/metrics").text
    assert "process_resident_memory_bytes" in text
    assert "python_gc_collections_total" in text


def test_openmetrics_is_given_to_who_accepts_it(reader: httpx.Client) -> None:
    answer = reader.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")


def test_metrics_are_guarded_as_everything(serve: Serve) -> None:
    api = serve(token=TOKEN)
    assert api.get("/metrics").status_code == 401
    assert api.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_metrics_can_be_turned_off(serve: Serve) -> None:
    answer = serve(metrics=False).get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (404, "metrics-off")


def test_a_probe_needs_no_token_but_the_right_name(serve: Serve) -> None:
    guarded, local = serve(token=TOKEN), serve()
    for path in ("/api/health", "/api/ready"):
        assert guarded.get(path).status_code == 200
        assert guarded.post(path).status_code == 401
        assert local.get(path, headers={"Host": "evil.example"}).status_code == 421


def test_a_server_without_its_database_lives_but_is_not_ready(serve: Serve, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))
    api = serve(app)
    assert api.get("/api/ready").json()["status"] == "ok"
    before = metric(api, "netgraft_database_errors_total")
    app.state.workspace.close()  # its connections; the next one finds a folder where the database was
    for file in tmp_path.glob("netgraft.sqlite3*"):
        file.unlink()
    (tmp_path / "netgraft.sqlite3").mkdir()
    answers = [api.get("/api/ready") for _ in range(2)]
    assert api.get("/api/health").status_code == 200
    assert [answer.status_code for answer in answers] == [503, 503], answers[0].text
    assert answers[0].json()["code"] == "database-unavailable"
    assert answers[0].json()["request_id"] == answers[0].headers["x-request-id"]
    assert metric(api, "netgraft_database_errors_total") == before + 2
    assert api.get("/api/documents/example").status_code == 503  # whoever runs into it counts
    assert metric(api, "netgraft_database_errors_total") == before + 3
