"""Weights on their way from the browser: cut off by a killed server or a closed page, cancelled, wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect
from tests.browser.waiting import until
from tests.served import Served

from netgraft.proto import caffe_pb2
from netgraft.weights.wire import length_prefix

if TYPE_CHECKING:
    from tests.browser.editor.conftest import Editor

# Their network is slowed, their pages are closed.
pytestmark = pytest.mark.own_context

VALUES = 2_000_000
LAYERS = 6
NET = """name: "large"
layer { name: "in" type: "Input" top: "x0" input_param { shape { dim: 1 dim: 1000 } } }
""" + "".join(
    f'layer {{ name: "ip{n}" type: "InnerProduct" bottom: "x{n}" top: "x{n + 1}" inner_product_param '
    f"{{ num_output: {VALUES // 1000 if n % 2 == 0 else 1000} bias_term: false }} }}\n"
    for n in range(LAYERS)
)
"""A net whose weights have 48 MB: six chunks."""


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its weights."""
    path = tmp_path_factory.mktemp("large") / "large.caffemodel"
    values = np.random.default_rng(1).standard_normal(VALUES, np.float32).tobytes()
    with path.open("wb") as file:
        file.write(caffe_pb2.NetParameter(name="large").SerializeToString())
        for number in range(LAYERS):
            layer = caffe_pb2.LayerParameter(name=f"ip{number}", type="InnerProduct").SerializeToString()
            axes = (VALUES // 1000, 1000) if number % 2 == 0 else (1000, VALUES // 1000)
            blob = caffe_pb2.BlobProto(shape=caffe_pb2.BlobShape(dim=axes)).SerializeToString()
            blob += length_prefix(5, len(values)) + values
            layer += length_prefix(7, len(blob)) + blob
            file.write(length_prefix(100, len(layer)) + layer)
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of these tests alone, none of which leaves an upload behind; it may be killed and started."""
    with Served(tmp_path_factory.mktemp("uploads") / "data") as server:
        yield server


def _arrived(server: Served) -> dict[str, int]:
    """How many bytes each upload has on the server's disk."""
    files = [path for path in (server.data / "uploads").iterdir() if path.suffix != ".json"]
    return {path.name: path.stat().st_size for path in files}


def _open(editor: Editor, address: str) -> Page:
    """Opens a document of the large net on one's own server, and its page."""
    page = editor.page
    made = page.request.post(f"{address}/api/documents", data={"text": NET, "name": "large"})
    assert made.ok, made.text()
    page.goto(f"{address}/d/{made.json()['id']}")
    editor.drawn()
    return page


def _choose(page: Page, file: Path) -> None:
    """Picks a file as it stands on the disk."""
    page.locator("#file-picker").set_input_files(file)


def _tus(page: Page) -> list[tuple[str, int]]:
    """The requests of uploads that the page makes from now on: method, and where they begin."""
    seen: list[tuple[str, int]] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).path.startswith("/api/uploads"):
            seen.append((request.method, int(request.headers.get("upload-offset", "-1"))))

    page.on("request", note)
    return seen


def _slowed(page: Page, megabytes_a_second: float) -> None:
    """Makes the page's network slow, so that there is a middle."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": megabytes_a_second * 1e6,
        },
    )


def _until_arrived(page: Page, server: Served, least: int) -> None:
    """Waits until some upload has so many bytes."""
    until(page, lambda: max(_arrived(server).values(), default=0) >= least)


def _arrives(page: Page) -> None:
    """Waits until the page says that the weights are there."""
    told = page.locator(".toast-title", has_text="large.caffemodel belongs to this net now")
    expect(told).to_be_visible(timeout=60_000)


def test_small_weights_are_one_request_and_then_used(editor: Editor, weights: Path) -> None:
    editor.start()
    seen = _tus(editor.page)
    editor.drop(weights / "mtcnn_det1.prototxt", weights / "mtcnn_det1.caffemodel")
    editor.drawn()
    assert seen == [("POST", -1)]
    document = editor.page.url.rpartition("/")[2].partition("#")[0]
    info = editor.page.request.get(f"/api/documents/{document}").json()
    assert info["weights"]["name"] == "mtcnn_det1.caffemodel"
    assert editor.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('tus'))") == []


def test_the_code_of_uploads_is_loaded_when_there_is_one(editor: Editor) -> None:
    loaded: list[str] = []
    editor.page.on("request", lambda request: loaded.append(request.url))
    editor.start()
    assert not [url for url in loaded if "/tus" in url]


@pytest.mark.console_errors("ERR_CONNECTION", "ERR_EMPTY_RESPONSE", "WebSocket", "503")
def test_an_upload_survives_the_server_being_killed_in_its_middle(
    editor: Editor, own: Served, large: Path
) -> None:
    page = _open(editor, own.address)
    seen = _tus(page)
    _slowed(page, 12)
    _choose(page, large)
    _until_arrived(page, own, 16 << 20)
    own.kill()
    [arrived] = _arrived(own).values()
    expect(page.locator(".toast")).to_contain_text("The upload goes on when it is back")
    own.start()
    _arrives(page)
    offsets = [offset for method, offset in seen if method == "PATCH"]
    assert ("HEAD", -1) in seen
    assert [method for method, _ in seen].count("POST") == 1
    assert arrived in offsets  # it went on from just what had arrived


@pytest.mark.console_errors("WebSocket")
def test_a_cancelled_upload_is_gone_on_the_server(editor: Editor, own: Served, large: Path) -> None:
    page = _open(editor, own.address)
    _slowed(page, 8)
    _choose(page, large)
    _until_arrived(page, own, 9 << 20)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    until(page, lambda: _arrived(own) == {})
    document = page.url.rpartition("/")[2]
    assert page.request.get(f"{own.address}/api/documents/{document}").json()["weights"] is None


@pytest.mark.console_errors("WebSocket")
def test_a_page_that_is_opened_again_goes_on_with_its_file(editor: Editor, own: Served, large: Path) -> None:
    page = _open(editor, own.address)
    _slowed(page, 8)
    _choose(page, large)
    _until_arrived(page, own, 16 << 20)
    address = page.url
    page.close()
    again = page.context.new_page()
    again.goto(address)
    type(editor)(again).drawn()
    before = max(_arrived(own).values())
    seen = _tus(again)
    _choose(again, large)
    _arrives(again)
    methods = [method for method, _ in seen]
    assert methods[0] == "HEAD"
    assert "POST" not in methods
    assert min(offset for method, offset in seen if method == "PATCH") >= before >= 16 << 20
    assert _arrived(own) == {}


@pytest.mark.console_errors("422")
def test_a_wrong_file_is_refused_after_its_first_chunk(editor: Editor, own: Served, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.caffemodel"
    with wrong.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(300 << 20)
    page = _open(editor, own.address)
    seen = _tus(page)
    _choose(page, wrong)
    expect(page.locator(".toast")).to_contain_text("zip archive")
    assert [method for method, _ in seen] == ["POST", "PATCH"]
    assert _arrived(own) == {}


@pytest.mark.console_errors("422", "409", "410", "404")
def test_weights_that_do_not_fit_need_not_be_sent_again(editor: Editor, own: Served, large: Path) -> None:
    page = _open(editor, own.address)
    document = page.url.rpartition("/")[2]
    wrong = {"op": "set_field", "layer": "ip0", "path": "inner_product_param.num_output", "value": "7"}
    edit = {"base_revision": 1, "operations": [wrong]}
    page.request.post(f"{own.address}/api/documents/{document}/operations", data=edit)
    _choose(page, large)
    expect(page.locator(".toast")).to_contain_text("do not fit the net")
    page.request.post(f"{own.address}/api/documents/{document}/undo")
    seen = _tus(page)
    _choose(page, large)
    _arrives(page)
    assert [method for method, _ in seen] == ["HEAD"]
