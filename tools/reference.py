"""Writes the pages of the reference that code knows best: docs/operations.md and docs/layers.md.

`--check` writes nothing and exits with 1 if a page is not as the code has it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import netgraft.caffe.net  # noqa: F401 - fills the catalogue
from netgraft.caffe.catalogue.registry import Arity, Family, LayerType, all_types
from netgraft.edit.operations import Operation
from netgraft.proto import caffe_pb2

DOCS = Path(__file__).resolve().parent.parent / "docs"
Schema = Mapping[str, Any]

OPERATIONS = """# Operations

<!-- Made by tools/reference.py: change the code and run `make docs`. -->

Everything that changes a document is an operation: a JSON object with an `op`. The browser, the [REST
API](rest.md), [Python](python.md) and the fixes that [findings](checks.md) offer all speak these. A list of
them is carried out in order, all or none. A layer is named by its **key**: its name; later layers of the
same name are `name~2`, `name~3` in file order.

"""

PARTS = """## Parts of operations

"""

LAYERS = """# Layer types

<!-- Made by tools/reference.py: change the code and run `make docs`. -->

What Netgraft knows of each type: how many blobs it reads and makes, its parameter blobs, the message that
holds its parameters. Any other type is kept as it is; its shapes are unknown, and the checks that need them
are silent. *In place*: its top may be its bottom. *OpenCV*, *Python*: only in a Caffe built with it.

"""

FAMILIES: dict[Family, str] = {
    "data": "Data",
    "vision": "Vision",
    "recurrent": "Recurrent",
    "common": "Common",
    "normalization": "Normalization",
    "activation": "Activation",
    "utility": "Utility",
    "loss": "Loss",
    "fork": "Other",
}

COLUMNS = """| type | what it does | bottoms | tops | parameter blobs | message | |
|---|---|---|---|---|---|---|
"""

FORKS = """## Of forks

Known under the profile `fork`: BVLC Caffe 1.0 refuses a file that has one.

"""


def operations_page() -> str:
    """Every operation with its members and examples, in the order of the union."""
    schema = TypeAdapter(Operation).json_schema()
    parts: dict[str, Schema] = schema["$defs"]
    listed = [reference["$ref"].rpartition("/")[2] for reference in schema["oneOf"]]
    text = OPERATIONS
    for name in listed:
        text += f"## {parts[name]['properties']['op']['const']}\n" + _operation(parts[name])
    text += PARTS
    for name in sorted(set(parts) - set(listed)):
        text += f"### {name} object\n" + _operation(parts[name])
    return text.rstrip("\n") + "\n"


def _operation(part: Schema) -> str:
    text = f"{part.get('description', '').strip()}\n\n"
    members = {name: member for name, member in part["properties"].items() if name != "op"}
    if members:
        text += "| member | type | default | meaning |\n|---|---|---|---|\n"
    for name, member in members.items():
        default = "" if name in part.get("required", ()) else f"`{json.dumps(member.get('default'))}`"
        if "default" not in member:
            default = ""
        text += f"| `{name}` | {_type(member)} | {default} | {_cell(member.get('description', ''))} |\n"
    text += "\n" if members else ""
    for example in part.get("examples", ()):
        ordered = {name: example[name] for name in ("op", *members) if name in example}
        text += f"```json\n{json.dumps(ordered)}\n```\n\n"
    return text


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()}-object)"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {_type(schema['additionalProperties'])}"
    return str(schema.get("type", "any"))


def layers_page() -> str:
    """Every layer type by family, those of forks apart."""
    text = LAYERS
    for family, title in FAMILIES.items():
        text += _table(f"## {title}", [t for t in all_types() if t.profile == "bvlc" and t.family == family])
    text += FORKS
    text += _table("", [each for each in all_types() if each.profile == "fork"])
    return text.rstrip("\n") + "\n"


def _table(heading: str, types: list[LayerType]) -> str:
    if not types:
        return ""
    rows = [
        f"| `{each.name}` | {_cell(each.doc)} | {_count(each.bottoms)} | {_count(each.tops)} "
        f"| {_cell(', '.join(_blobs(each)))} | {f'`{each.param_field}`' if each.param_field else ''} "
        f"| {', '.join(_notes(each))} |\n"
        for each in types
    ]
    head = f"{heading}\n\n" if heading else ""
    return head + COLUMNS + "".join(rows) + "\n"


def _blobs(kind: LayerType) -> tuple[str, ...]:
    return kind.roles(caffe_pb2.LayerParameter(type=kind.name))


def _notes(kind: LayerType) -> Iterator[str]:
    if kind.in_place:
        yield "in place"
    if kind.loss:
        yield "loss"
    if kind.needs:
        yield kind.needs


def _count(arity: Arity) -> str:
    if arity.exact is not None:
        return str(arity.exact)
    least, most = arity.least or 0, arity.most
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


PAGES = {"operations.md": operations_page, "layers.md": layers_page}


def main(arguments: list[str]) -> int:
    """Writes or compares the pages; returns the exit code."""
    stale = []
    for name, make in PAGES.items():
        file, text = DOCS / name, make()
        if file.is_file() and file.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            file.write_text(text, "utf-8")
    if stale and "--check" in arguments:
        print(
            f"docs/{', docs/'.join(stale)} is not as the code has it: run .venv/bin/python tools/reference.py"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
