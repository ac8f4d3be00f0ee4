"""What holds for share groups of every net that Caffe accepted."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from netgraft import edit
from netgraft.caffe.model import Net
from netgraft.caffe.net import check
from netgraft.caffe.state import NetState
from netgraft.edit.upgrade import modernise

Datum = dict[str, tuple[int, int, int]]
Recorded = tuple[str, str, Datum]


def nets(document: edit.Document, datum: Datum) -> list[Net]:
    """The nets of both phases, which must both be accepted."""
    found = []
    for phase in ("TRAIN", "TEST"):
        verdict = check(document.tree, NetState(phase), datum=datum)
        assert verdict.ok, verdict.first_error
        found.append(verdict.net)
    return found


def with_names(data: st.DataObject, accepted: list[Recorded]) -> tuple[edit.Document, str, Datum]:
    """A net and one of its `param` names."""
    _, text, datum = data.draw(st.sampled_from(accepted), label="net")
    document, _ = modernise(edit.Document.read(text))
    names = sorted(edit.view(document.tree).param_users)
    assume(names)
    return document, data.draw(st.sampled_from(names), label="param"), datum


@given(data=st.data())
def test_unsharing_a_layer_leaves_the_net_acceptable_and_its_blobs_their_own(
    accepted_nets: list[Recorded], data: st.DataObject
) -> None:
    document, name, datum = with_names(data, accepted_nets)
    layer, _ = data.draw(st.sampled_from(edit.view(document.tree).param_users[name]), label="user")
    edited = edit.apply(document, {"op": "unshare", "layer": layer.key}).document
    for net in nets(edited, datum):
        for param in net.params:
            assert net.layers[param.layer].name != layer.name or param.owner < 0


@given(data=st.data())
def test_a_renamed_group_is_the_same_group(accepted_nets: list[Recorded], data: st.DataObject) -> None:
    document, name, datum = with_names(data, accepted_nets)
    before = nets(document, datum)
    edited = edit.apply(document, {"op": "rename_share_group", "name": name, "to": "a free name"}).document
    for old, new in zip(before, nets(edited, datum), strict=True):
        assert [param.owner for param in new.params] == [param.owner for param in old.params]
        assert new.learnable == old.learnable


@given(data=st.data(), rate=st.sampled_from([0.0, 0.1, 7.0]))
def test_one_rate_is_the_rate_of_the_whole_group(
    accepted_nets: list[Recorded], data: st.DataObject, rate: float
) -> None:
    document, name, datum = with_names(data, accepted_nets)
    edited = edit.apply(document, {"op": "one_rate", "name": name, "lr_mult": rate})
    statistics = any(note.code == "batch-norm-rate" for note in edited.report.notes)
    expected = 0.0 if statistics else rate
    for net in nets(edited.document, datum):
        for param in net.params:
            if param.name == name:
                assert abs(param.lr - expected) < 1e-6
