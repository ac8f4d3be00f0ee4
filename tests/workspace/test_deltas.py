"""Revisions that are kept as what they changed: whatever the way, each text comes out as it was."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from netgraft import edit, prototxt
from netgraft.weights import Origin
from netgraft.workspace import DamagedRevision, StaleRevision, Workspace, delta
from netgraft.workspace.database import MIGRATIONS, sqlite_url
from netgraft.workspace.texts import MOST_DELTAS

Open = Callable[..., Workspace]
LAYER = 'layer { name: "%s" type: "ReLU" bottom: "x" top: "x" }\n'
pieces = st.lists(st.sampled_from(["a", "b", "c", "d", "é", "\udcff", "#"]), max_size=8)


def net(names: list[str]) -> bytes:
    """A net of such layers; one named # is a comment that has no end of line."""
    return "".join("# c" if name == "#" else LAYER % name for name in names).encode(
        "utf-8", "surrogateescape"
    )


@given(pieces, pieces)
def test_what_a_text_has_of_another_makes_it_again(one: list[str], other: list[str]) -> None:
    before, after = net(one), net(other)
    stored = delta.encode(prototxt.parse(before).chunks, prototxt.parse(after).chunks)
    assert delta.decode(before, stored) == after


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_texts_that_are_no_nets_come_out_too(before: bytes, after: bytes) -> None:
    stored = delta.encode(prototxt.parse(before).chunks, prototxt.parse(after).chunks)
    assert delta.decode(before, stored) == after


def test_another_parent_or_a_spoilt_row_is_noticed() -> None:
    before, after = net(["a", "b", "c"]), net(["a", "c", "d"])
    stored = delta.encode(prototxt.parse(before).chunks, prototxt.parse(after).chunks)
    for parent, row in ((net(["c", "b", "a"]), stored), (before, b"x" + stored), (before, stored[:-9])):
        with pytest.raises(delta.DamagedText):
            delta.decode(parent, row)


def test_a_layer_changed_among_thousands_takes_its_own_bytes() -> None:
    before = prototxt.parse(net([f"l{number}" for number in range(5000)]))
    splice = prototxt.Splice(2500, 0, 5, "layer  ")
    stored = delta.encode(before.chunks, prototxt.apply(before, [splice]).chunks)
    assert len(stored) < 200


def longer(document: edit.Document, name: str) -> edit.Document:
    return edit.Document(
        prototxt.apply(document.tree, insert={len(document.tree.chunks): [LAYER % name]}), document.origins
    )


def test_every_revision_is_read_as_it_was_made_by_a_server_that_starts_anew(open_workspace: Open) -> None:
    workspace = open_workspace()
    made = workspace.create("net", edit.Document.read(net([f"l{number}" for number in range(40)])))
    doc, document = made.id, made.document
    written = {1: (document.text, document.origins)}
    for number in range(2, 2 * MOST_DELTAS + 9):
        document = longer(document, f"n{number}")
        if number % 7 == 0:
            document = edit.Document(document.tree, {f"n{number}": Origin("l1"), "l2": None})
        workspace.commit(doc, number - 1, document, title="", operations=[])
        written[number] = document.text, document.origins
    # Another way on from the middle: its parent is a delta itself.
    workspace.go(doc, 20)
    last = len(written) + 1
    branch = longer(workspace.snapshot(doc).document, "branch")
    workspace.commit(doc, 20, branch, title="", operations=[])
    written[last] = branch.text, branch.origins
    workspace = open_workspace()  # a server that has just started: nothing is in its memory
    read = {number: workspace.revision(doc, number) for number in written}
    assert {number: (one.text, one.origins) for number, one in read.items()} == written
    assert workspace.snapshot(doc).document.text == branch.text
    assert workspace.guess_layers(doc) > 20


def test_a_small_edit_of_a_large_net_is_a_small_row(open_workspace: Open) -> None:
    workspace = open_workspace()
    document = edit.Document.read(net([f"layer_{number}" for number in range(2000)]))
    doc = workspace.create("net", document).id
    rows = "SELECT depth, length(text), length(origins) FROM revisions ORDER BY number"
    workspace.commit(doc, 1, longer(document, "more"), title="", operations=[])
    with workspace._database.engine.connect() as connection:
        (first, whole, _), (second, small, origins) = connection.execute(text(rows)).all()
    assert (first, second, origins) == (0, 1, 0)
    assert small * 20 < whole


@pytest.fixture
def spoilt(open_workspace: Open) -> Callable[[int], Workspace]:
    """A server that starts on a document of four revisions, one of which the disk has spoilt."""

    def make(number: int) -> Workspace:
        workspace = open_workspace()
        document = edit.Document.read(net(["a"]))
        doc = workspace.create("net", document, id="doc").id
        for base, name in ((1, "b"), (2, "c"), (3, "d")):
            document = longer(document, name)
            workspace.commit(doc, base, document, title=f"Add {name}", operations=[])
        with workspace._database.engine.begin() as connection:
            spoil = text("UPDATE revisions SET text = :spoilt WHERE number = :number")
            connection.execute(spoil, {"spoilt": b"d1\n?", "number": number})
        return open_workspace()

    return make


def test_a_damaged_revision_is_named_with_the_last_whole_one_before_it(
    spoilt: Callable[[int], Workspace],
) -> None:
    workspace = spoilt(3)
    with pytest.raises(DamagedRevision, match=r"Revision 4 .* rests on revision 3") as told:
        workspace.snapshot("doc")
    assert (told.value.damaged, told.value.readable) == (3, 2)


def test_the_whole_revisions_of_a_damaged_document_open(spoilt: Callable[[int], Workspace]) -> None:
    workspace = spoilt(3)
    assert [step.revision for step in workspace.steps("doc")] == [1, 2, 3, 4]
    assert workspace.go("doc", 2).document.text.encode() == net(["a", "b"])


def test_no_step_ends_on_a_damaged_revision(spoilt: Callable[[int], Workspace]) -> None:
    workspace = spoilt(3)
    workspace.go("doc", 2)
    with pytest.raises(DamagedRevision):
        workspace.redo("doc")
    with pytest.raises(DamagedRevision):
        workspace.go("doc", 4)
    assert workspace.snapshot("doc").revision == 2


def test_where_the_first_revision_is_damaged_none_can_be_gone_back_to(
    spoilt: Callable[[int], Workspace],
) -> None:
    with pytest.raises(DamagedRevision, match="from its file again") as told:
        spoilt(1).snapshot("doc")
    assert (told.value.damaged, told.value.readable) == (1, None)


def test_a_typed_text_is_kept_once_and_told_whole(open_workspace: Open) -> None:
    typed = [{"op": "replace_text", "text": 'name: "b"\n', "must_parse": True}]
    other = [{"op": "replace_text", "text": "merged with others'", "must_parse": True}]
    workspace = open_workspace()
    doc = workspace.create("net", edit.Document.read('name: "a"\n')).id
    document = edit.Document.read('name: "b"\n')
    workspace.commit(doc, 1, document, title="", operations=typed)
    workspace.commit(doc, 2, document, title="", operations=other)
    with workspace._database.engine.connect() as connection:
        kept = connection.execute(text("SELECT operations FROM revisions WHERE number = 2")).scalar_one()
    assert '"b' not in kept
    with pytest.raises(StaleRevision) as refused:
        workspace.commit(doc, 1, document, title="", operations=[])
    assert [list(change.operations) for change in refused.value.changes] == [typed, other]


def test_revisions_of_an_older_server_are_read(tmp_path: Path) -> None:
    engine = create_engine(sqlite_url(tmp_path))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    packed = zlib.compress(net(["a"]), 1)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(text("INSERT INTO documents VALUES ('doc', 'net', 1, 1, 1, 0, 0)"))
        connection.execute(
            text("INSERT INTO revisions VALUES ('doc', 1, NULL, NULL, 0, '', 'Open', '[]', :text, '{}')"),
            {"text": packed},
        )
    engine.dispose()
    workspace = Workspace(tmp_path)
    before = workspace.snapshot("doc").document
    assert before.text.encode() == net(["a"])
    workspace.commit("doc", 1, longer(before, "b"), title="", operations=[])
    workspace.close()
    again = Workspace(tmp_path)
    assert again.snapshot("doc").document.text.encode() == net(["a", "b"])
    again.close()
