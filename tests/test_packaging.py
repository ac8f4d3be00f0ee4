"""What users install: the wheel, built from an sdist of this checkout, in a fresh environment."""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from tests.served import Served

from netgraft import __version__

# Nothing of the developer's environment reaches the commands below.
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "PYTEST_"))
}


def _run(*command: str | Path, cwd: Path, env: dict[str, str] = CLEAN) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that `python -m build` made from it, with no Node.js on PATH."""
    out = tmp_path_factory.mktemp("dist")
    without_node = CLEAN | {"PATH": str(tmp_path_factory.mktemp("empty-path"))}
    _run(sys.executable, "-m", "build", "--outdir", out, repo, cwd=out, env=without_node)
    return out


@pytest.fixture(scope="module")
def wheel_names(built: Path) -> set[str]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_sdist_carries_sources_and_nothing_generated(built: Path) -> None:
    archive = next(built.glob("*.tar.gz"))
    top = f"netgraft-{__version__}/"
    with tarfile.open(archive) as sdist:
        names = {name.removeprefix(top) for name in sdist.getnames()}
    assert {
        "proto/caffe.proto",
        "static/package-lock.json",
        "static/.npmrc",
        "static/tools/bundle.mjs",
        "static/tools/app.mjs",
        "hatch_build.py",
        "CHANGELOG.md",
        "LICENSE",
        "PKG-INFO",
    } <= names
    assert not [
        name for name in names if re.search("caffe_pb2|static/vendor/|static/built/|node_modules", name)
    ]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_wheel_carries_the_compiled_schema_and_all_that_a_page_asks_for(
    repo: Path, wheel_names: set[str]
) -> None:
    assert {
        "netgraft/proto/caffe_pb2.py",
        "netgraft/proto/caffe_pb2.pyi",
        "netgraft/py.typed",
        "netgraft/static/vendor/lit.js",
        "netgraft/static/vendor/rbush.js",
        "netgraft/static/vendor/LICENSES.txt",
        "netgraft/static/built/manifest.json",
        f"netgraft-{__version__}.dist-info/licenses/LICENSE",
    } <= wheel_names
    tracked = _run("git", "ls-files", "app/netgraft", cwd=repo).splitlines()
    assert {name.removeprefix("app/") for name in tracked} <= wheel_names
    examples = _run("git", "ls-files", "examples", cwd=repo).splitlines()
    assert {f"netgraft/{name}" for name in examples} <= wheel_names
    served = _run("git", "ls-files", "static/*.js", "static/*.css", cwd=repo).splitlines()
    wanted = {f"netgraft/{name}" for name in served if not re.search(r"\.test\.js$|/tools/|/tests/", name)}
    assert wanted <= wheel_names


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_wheel_leaves_development_files_out(wheel_names: set[str]) -> None:
    prefix = "netgraft/static/"
    unwanted = re.compile(r"node_modules|tsconfig|package|\.npmrc|\.test\.js|\.d\.ts|/tools/|/tests/|\.stamp")
    served = [name.removeprefix(prefix) for name in wheel_names if name.startswith(prefix)]
    assert [name for name in served if unwanted.search(f"/{name}")] == []
    tops = {name.split("/")[0] for name in wheel_names}
    assert tops == {"netgraft", f"netgraft-{__version__}.dist-info"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_wheel_says_what_it_is_and_what_it_can_have_besides(built: Path, repo: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        said = email.message_from_bytes(wheel.read(f"netgraft-{__version__}.dist-info/METADATA"))
    assert (said["Version"], said["License-Expression"]) == (__version__, "BSD-2-Clause")
    assert said["Requires-Python"] == ">=3.11"
    assert {"postgres", "s3", "verify"} <= set(said.get_all("Provides-Extra") or [])
    assert "Typing :: Typed" in (said.get_all("Classifier") or [])
    assert said["Description-Content-Type"] == "text/markdown"
    assert said.get_payload(decode=True) == (repo / "README.md").read_bytes()


@pytest.fixture(scope="module")
def scripts(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that holds the wheel and what it depends on."""
    environment = tmp_path_factory.mktemp("fresh") / "venv"
    _run(sys.executable, "-m", "venv", environment, cwd=environment.parent)
    found = environment / ("Scripts" if os.name == "nt" else "bin")
    wheel = next(built.glob("*.whl"))
    _run(found / "python", "-m", "pip", "install", "--quiet", wheel, cwd=environment.parent)
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_installed_command_checks_a_net_in_a_fresh_environment(scripts: Path, repo: Path) -> None:
    assert "duplicate" in _run(scripts / "netgraft", "--help", cwd=scripts)
    assert _run(scripts / "netgraft", "--version", cwd=scripts) == f"netgraft {__version__}\n"
    net = repo / "examples" / "lenet_train_val.prototxt"
    arguments = ["check", str(net), "--phase", "TRAIN", "--format", "jsonl"]
    verdict = json.loads(_run(scripts / "netgraft", *arguments, cwd=scripts).splitlines()[0])
    assert verdict["ok"] is True


def _installed(scripts: Path, folder: Path) -> Served:
    """The installed server, with a data folder of its own."""
    return Served(folder / "data", program=scripts / "netgraft", environment=CLEAN)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_installed_server_gives_out_the_page_and_its_libraries(scripts: Path, tmp_path: Path) -> None:
    with _installed(scripts, tmp_path) as server:
        for path, holds in [
            ("/", b"/static/built/"),
            ("/static/vendor/lit.js", b"LitElement"),
            ("/api/examples", b"["),
        ]:
            with urllib.request.urlopen(server.address + path, timeout=30) as answer:
                assert holds in answer.read()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_installed_server_draws_a_net_in_a_browser(scripts: Path, tmp_path: Path) -> None:
    chromium = os.environ.get("NETGRAFT_CHROMIUM") or shutil.which("chromium")
    problems: list[str] = []
    with _installed(scripts, tmp_path) as server, sync_playwright() as playwright:
        # Without either: Playwright's own download, as `make browser` leaves it.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("requestfailed", lambda request: problems.append(request.url))
        page.goto(f"{server.address}/d/example")
        page.locator('.layer-row[data-key="ip1_b"]').wait_for()
        page.wait_for_function(
            "() => document.querySelector('net-canvas.main')?.clientRectOf('ip1_b') !== null"
        )
        browser.close()
    assert problems == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_installed_library_grafts_in_three_lines(scripts: Path, repo: Path, tmp_path: Path) -> None:
    code = (
        "import netgraft, sys\n"
        "twins = netgraft.open(sys.argv[1]).duplicate('conv1..ip2', scale_lr=[1, 10])\n"
        "print(twins.check().ok, twins.save('twins').prototxt)"
    )
    net = repo / "examples" / "lenet_train_val.prototxt"
    assert _run(scripts / "python", "-c", code, str(net), cwd=tmp_path).split() == ["True", "twins.prototxt"]
