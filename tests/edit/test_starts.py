"""From which stored layer each layer starts: by its name, by its origin, by what is really stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netgraft import edit, weights
from netgraft.edit.starts import starts
from netgraft.weights import Index, Origin


@pytest.fixture
def stored(shared: Path) -> Iterator[Index]:
    index = weights.index(shared / "weights" / "lenet_v1.caffemodel")
    yield index
    index.close()


def document(**origins: Origin | None) -> edit.Document:
    return edit.Document(edit.Document.read("").tree, origins)


def test_without_weights_what_was_copied_is_taken_to_be_stored() -> None:
    assert starts(document()) == {}
    assert starts(document(b=Origin("a"), c=None)) == {"a": "a", "b": "a", "c": None}
    assert starts(document(b=Origin("a", "other"))) == {"b": "a of other"}


def test_with_weights_only_what_is_stored_counts(stored: Index) -> None:
    found = starts(document(b=Origin("ip1"), c=Origin("nowhere"), ip2=None), stored)
    assert (found["conv1"], found["ip1"], found["b"], found["ip2"]) == ("conv1", "ip1", "ip1", None)
    assert "c" not in found
    assert starts(document(c=Origin("nowhere", fallbacks=("ip1",))), stored)["c"] == "ip1"


def test_layers_of_two_caffemodels_are_different_starts(stored: Index) -> None:
    both = {"": stored, "other": stored}
    found = starts(document(b=Origin("ip1", "other"), c=Origin("ip1", "third")), both)
    assert (found["ip1"], found["b"]) == ("ip1", "ip1 of other")
    assert "c" not in found
