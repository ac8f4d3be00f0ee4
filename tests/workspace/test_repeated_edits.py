"""An edit with a key is made once, whoever asks for it again and when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from netgraft import edit
from netgraft.edit.operations import SetRate
from netgraft.edit.rebase import Apply
from netgraft.workspace import By, Repeated, Snapshot, Workspace, rebasing

RACES = 10  # most of them show a gap between a look and what is done upon it
NET = """layer { name: "d" type: "Input" top: "d" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "ip" type: "InnerProduct" bottom: "d" top: "ip" inner_product_param { num_output: 4 } }
"""


def prepare(before: Snapshot) -> Apply:
    return lambda document, operation: edit.apply(document, operation)


def test_a_key_that_a_revision_has_is_told_with_that_revision(workspace: Workspace) -> None:
    document = edit.Document.read(NET)
    doc = workspace.create("net", document).id
    for key, base in (("one", 1), ("two", 2)):
        workspace.commit(doc, base, document, title=key, operations=[], by=By(key=key))
    with pytest.raises(Repeated) as repeated:
        workspace.commit(doc, 1, document, title="", operations=[], by=By(key="one"))
    assert repeated.value.revision == 2
    found = workspace.edit_of(doc, "two")
    assert found is not None
    assert (found.revision, found.title, found.parent) == (3, "two", 2)
    assert workspace.edit_of(doc, "three") is workspace.edit_of(doc, "") is None


def test_of_one_edit_asked_for_many_times_at_once_one_is_made(workspace: Workspace, other: Workspace) -> None:
    operations = [SetRate(op="set_rate", layer="ip", blob=0, scale_lr=2)]

    def ask(server: Workspace, doc: str) -> tuple[bool, int]:
        carried, after = rebasing.commit(server, doc, 1, operations, prepare, by=By(key="k"))
        return carried.repeated, after.revision

    with ThreadPoolExecutor(6) as pool:
        for _ in range(RACES):
            doc = workspace.create("net", edit.Document.read(NET)).id
            answers = list(pool.map(ask, [workspace, other] * 3, [doc] * 6))
            assert sorted(answers) == [(False, 2), *[(True, 2)] * 5]
            assert "lr_mult: 2" in workspace.snapshot(doc).document.text
