"""The pack of the editor's modules: taken while it matches the sources, small, kept by the browser."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest

from netgraft.web.bundle import BUILT, Bundle, PackedFiles, digest

PAGE = """<head>
    <link rel="icon" href="/static/styles/mark.svg" />
    <script src="/static/boot.js"></script>
    <link rel="stylesheet" href="/static/styles/one.css" />
    <script type="module" src="/static/app.js"></script>
</head>
"""
# What one waits for when a page is opened for the first time.
BAR = 400_000


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A folder of sources with a pack of them that nobody made: only its manifest counts here."""
    folder = tmp_path / "static"
    (folder / "styles").mkdir(parents=True)
    for name in ("app.js", "boot.js", "styles/one.css"):
        (folder / name).write_text(f"/* {name} */\n")
    files = [folder / name for name in ("app.js", "boot.js", "styles/one.css")]
    manifest = {
        "sources": digest(folder, files),
        "folder": "abc",
        "chunks": ["chunk-x.js"],
        "later": ["furniture-x.js"],
        "sheets": ["styles/one.css"],
    }
    (folder / BUILT / "abc").mkdir(parents=True)
    (folder / BUILT / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="module")
def packed(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real pack, made of the sources as they are now."""
    out = tmp_path_factory.mktemp("pack") / BUILT
    subprocess.run(["node", "tools/app.mjs", ".", out], cwd=repo / "static", check=True)
    return out


def test_a_page_loads_the_pack_in_place_of_single_modules_and_sheets(static: Path) -> None:
    page = Bundle(static).page(PAGE)
    assert page.count("/static/built/abc/") == 6
    first = page.index("/static/built/abc/")
    assert page[first:].startswith("/static/built/abc/app.js")  # the largest, so it is asked for first
    assert "styles/one.css" not in page
    assert '"/static/app.js"' not in page
    assert "mark.svg" in page


def test_a_changed_module_is_served_itself_at_the_next_load(static: Path) -> None:
    bundle = Bundle(static)
    assert bundle.page(PAGE) != PAGE
    (static / "app.js").write_text("changed();\n")
    assert bundle.page(PAGE) == PAGE


def test_a_module_that_was_changed_back_is_served_from_the_pack_again(static: Path) -> None:
    bundle, before = Bundle(static), (static / "app.js").read_text()
    (static / "app.js").write_text("changed();\n")
    bundle.page(PAGE)
    (static / "app.js").write_text(before)
    assert "/static/built/abc/app.js" in bundle.page(PAGE)


def test_a_page_that_names_other_style_sheets_than_the_pack_holds_is_left_alone(static: Path) -> None:
    other = PAGE.replace("one.css", "two.css")
    assert Bundle(static).page(other) == other


@pytest.mark.parametrize("manifest", [None, "", "[]", "{}", '{"sources": 1}'])
def test_without_a_pack_that_can_be_read_the_modules_are_served(static: Path, manifest: str | None) -> None:
    file = static / BUILT / "manifest.json"
    if manifest is None:
        file.unlink()
    else:
        file.write_text(manifest)
    assert Bundle(static).page(PAGE) == PAGE


def test_the_packing_script_and_the_server_agree_on_the_sources(repo: Path, packed: Path) -> None:
    static = repo / "static"
    files = [
        Path(folder) / name
        for folder, _, names in os.walk(static)
        if Path(folder).relative_to(static).parts[:1]
        not in [("node_modules",), ("tests",), ("tools",), (BUILT,)]
        for name in names
        if name.endswith((".js", ".css")) and not name.endswith(".test.js")
    ]
    assert json.loads((packed / "manifest.json").read_text())["sources"] == digest(static, files)


def test_the_first_load_of_an_open_example_is_under_400_kilobytes_compressed(
    packed: Path, reader: httpx.Client
) -> None:
    manifest = json.loads((packed / "manifest.json").read_text())
    files = ["boot.js", "page.css", "app.js", "worker.js", *manifest["chunks"], *manifest["later"]]
    sizes = {name: (packed / manifest["folder"] / f"{name}.gz").stat().st_size for name in files}
    asked = ["/", "/api/documents", "/api/examples", "/api/catalogue", "/api/documents/example"]
    asked += ["/api/documents/example/graph", "/api/documents/example/layout", "/static/styles/mark.svg"]
    sizes |= {path: len(gzip.compress(reader.get(path).raise_for_status().content, 5)) for path in asked}
    assert sum(sizes.values()) < BAR, sizes


def test_the_panels_are_no_part_of_what_the_first_picture_waits_for(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_text())
    folder = packed / manifest["folder"]
    first = "".join((folder / name).read_text() for name in ("app.js", *manifest["chunks"]))
    later = "".join((folder / name).read_text() for name in manifest["later"])
    for panel in ("ng-inspector", "ng-problems", "ng-duplicate"):
        assert f'define("{panel}"' not in first
        assert f'define("{panel}"' in later


def test_what_is_loaded_when_it_is_first_shown_is_no_part_of_the_first_load(packed: Path) -> None:
    folder = packed / json.loads((packed / "manifest.json").read_text())["folder"]
    first = "".join(path.read_text() for path in (folder / "app.js", *folder.glob("chunk-*.js")))
    assert "cm-editor" not in first  # CodeMirror comes with the text
    assert any("cm-editor" in path.read_text() for path in folder.glob("editor-*.js"))


@pytest.mark.parametrize(("accepts", "encoding"), [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)])
def test_a_packed_file_is_sent_compressed_and_kept_for_ever(
    packed: Path, accepts: str, encoding: str | None
) -> None:
    folder = json.loads((packed / "manifest.json").read_text())["folder"]

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(PackedFiles(directory=packed))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
            return await asking.get(f"/{folder}/boot.js", headers={"Accept-Encoding": accepts})

    answer = asyncio.run(ask())
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_packed_file_that_was_sent_once_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "abc").mkdir()
    file = tmp_path / "abc" / "app.js"
    file.write_text("once();")

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(PackedFiles(directory=tmp_path))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
            asking.headers["Accept-Encoding"] = "identity"
            first = await asking.get("/abc/app.js")
            file.unlink()
            return [first, await asking.get("/abc/app.js"), await asking.head("/abc/app.js")]

    answers = asyncio.run(ask())
    assert [answer.text for answer in answers] == ["once();", "once();", ""]
    assert {answer.headers["content-length"] for answer in answers} == {"7"}
    assert {answer.headers["content-type"] for answer in answers} == {"text/javascript; charset=utf-8"}
