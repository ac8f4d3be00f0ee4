"""File names from outside are made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraft.web.names import attachment, grafted_name, stem


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("lenet.prototxt", "lenet"),
        ("C:\\nets\\LeNet.PROTOTXT", "LeNet"),
        ("../../etc/passwd", "passwd"),
        ("net.caffemodel.h5", "net"),
        ("a\r\nSet-Cookie: x", "a_Set-Cookie_ x"),
        ("con.prototxt", "_con"),
        ("网络.prototxt", "网络"),
        ("\u202egpj.exe", "gpj.exe"),
        (".prototxt", "net"),
        ("...", "net"),
        ("", "net"),
    ],
)
def test_a_name_loses_its_folders_its_ending_and_what_is_unsafe(given_name: str, safe: str) -> None:
    assert stem(given_name) == safe


@given(st.text())
def test_no_name_can_leave_its_folder_or_break_a_header(name: str) -> None:
    safe = stem(name)
    assert safe
    assert not set(safe) & set('/\\:"<>|?*\r\n\0')
    assert not safe.startswith(".")
    assert stem(safe) == safe or "." in safe
    header = attachment(safe + ".zip")
    assert header.isascii()
    assert header.isprintable()


def test_an_attachment_says_its_name_in_both_forms() -> None:
    assert attachment("nëts.zip") == "attachment; filename=\"n_ts.zip\"; filename*=UTF-8''n%C3%ABts.zip"
    assert attachment("nets.zip") == 'attachment; filename="nets.zip"'


@pytest.mark.parametrize(
    ("name", "sources", "made"),
    [
        ("lenet", ["lenet.caffemodel"], "lenet_grafted"),
        ("lenet", ["flow.caffemodel", "lenet.caffemodel.h5"], "lenet_grafted"),
        ("lenet_grafted", ["lenet_grafted.caffemodel"], "lenet_grafted2"),
        ("lenet_grafted9", ["lenet_grafted9.caffemodel"], "lenet_grafted10"),
        ("twins", ["lenet.caffemodel"], "twins"),
        ("lenet", [], "lenet"),
    ],
)
def test_a_graft_has_the_name_of_none_of_the_files_that_it_was_made_from(
    name: str, sources: list[str], made: str
) -> None:
    assert grafted_name(name, sources) == made
