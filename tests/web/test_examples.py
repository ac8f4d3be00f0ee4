"""The examples that come with Netgraft."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from netgraft.web.examples import examples, folder


def test_each_example_says_in_a_line_what_it_is_and_what_to_try() -> None:
    for example in examples():
        assert 10 < len(example.title.partition(":")[0]) <= 60, example.name
        assert len(example.description) > 60, example.name


def test_each_example_has_a_picture_of_its_present_text(repo: Path) -> None:
    """`make pictures` draws them."""
    for file in folder().glob("*.prototxt"):
        drawn = (repo / "static" / "examples" / f"{file.stem}.svg").read_text(encoding="utf-8")
        told = re.search(r"<desc>(\w+)</desc>", drawn)
        assert told, file.stem
        assert told[1] == hashlib.sha256(file.read_bytes()).hexdigest()[:16], file.stem
