"""Edits over HTTP that were made for a revision that others moved on from."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

PATH = "/api/documents/example"
CONV1 = {"op": "set_rate", "layer": "conv1", "blob": None, "lr_mult": 10}
IP1 = {"op": "set_rate", "layer": "joint_ip", "blob": 0, "lr_mult": 3}


def edit(
    api: httpx.Client, base: int, *operations: dict[str, Any], how: str = "operations", author: str = ""
) -> httpx.Response:
    body = {"base_revision": base, "operations": list(operations)}
    return api.post(f"{PATH}/{how}", json=body, headers={"Netgraft-Author": quote(author)})


def source(api: httpx.Client) -> str:
    return api.get(f"{PATH}/source").text


@pytest.fixture
def net(api: httpx.Client) -> httpx.Client:
    """A client of a server whose example is the small tower of two InnerProducts below."""
    text = 'name: "tower"\n' + "".join(
        [
            'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 2 dim: 3 } } }\n',
            'layer { name: "a" type: "InnerProduct" bottom: "data" top: "a" param { lr_mult: 1 } ',
            "inner_product_param { num_output: 4 } }\n",
            'layer { name: "b" type: "InnerProduct" bottom: "a" top: "b" param { lr_mult: 1 } ',
            "inner_product_param { num_output: 2 } }\n",
        ]
    )
    edit(api, 1, {"op": "replace_text", "text": text}).raise_for_status()
    return api


def rate(layer: str, lr: float) -> dict[str, Any]:
    return {"op": "set_rate", "layer": layer, "blob": 0, "lr_mult": lr}


def test_an_edit_of_another_layer_is_carried_over_and_says_over_what(net: httpx.Client) -> None:
    edit(net, 2, rate("a", 5), author="Ann Å").raise_for_status()
    answer = edit(net, 2, rate("b", 7)).raise_for_status().json()
    assert answer["document"]["revision"] == 4
    over = answer["rebased"]["over"]
    assert (answer["rebased"]["from"], answer["rebased"]["renamed"]) == (2, [])
    assert [(each["revision"], each["author"], each["undone"]) for each in over] == [(3, "Ann Å", False)]
    assert "a" in over[0]["title"]
    text = source(net)
    assert "lr_mult: 5" in text
    assert "lr_mult: 7" in text
    net.post(f"{PATH}/undo").raise_for_status()
    assert "lr_mult: 5" in source(net)
    assert "lr_mult: 7" not in source(net)


def test_an_edit_of_the_present_revision_is_carried_over_nothing(net: httpx.Client) -> None:
    assert edit(net, 2, rate("a", 5)).json()["rebased"] is None
    assert edit(net, 3, rate("a", 6), how="preview").json()["rebased"] is None


def test_a_preview_of_an_old_revision_shows_what_would_be_carried_over(net: httpx.Client) -> None:
    edit(net, 2, rate("a", 5)).raise_for_status()
    shown = edit(net, 2, rate("b", 7), how="preview").raise_for_status().json()
    assert [each["revision"] for each in shown["rebased"]["over"]] == [3]
    changed = [line for line in shown["diff"].splitlines() if line[0] in "-+" and "lr_mult" in line]
    assert [line[0] for line in changed] == ["-", "+"]
    assert all('"b"' in line for line in changed)
    assert "lr_mult: 5" in shown["text"]
    assert edit(net, 2, rate("b", 7)).json()["document"]["revision"] == 4
    assert source(net) == shown["text"]


def test_an_edit_of_the_same_layer_is_refused_with_who_did_what(net: httpx.Client) -> None:
    title = edit(net, 2, rate("a", 5), author="Ann").raise_for_status().json()["report"]["title"]
    before = source(net)
    for how in ("operations", "preview"):
        answer = edit(net, 2, rate("a", 7), how=how)
        body = answer.json()
        assert (answer.status_code, body["code"]) == (409, "stale-revision")
        assert (body["base_revision"], body["revision"]) == (2, 3)
        assert body["detail"] == f"Ann changed a meanwhile ({title})."
        assert body["clashes"] == [{"kind": "layer", "name": "a", "message": body["detail"]}]
        assert body["changes"] == [
            {"revision": 3, "title": title, "author": "Ann", "undone": False, "operations": [rate("a", 5)]}
        ]
    assert source(net) == before


def test_of_several_who_changed_the_net_the_right_one_is_named(net: httpx.Client) -> None:
    for base, (layer, author) in enumerate((("a", "Ann"), ("b", "Ben"), ("a", "Cid")), start=2):
        edit(net, base, rate(layer, 4 + base), author=author).raise_for_status()
    for layer, author in (("a", "Cid"), ("b", "Ben")):
        assert (
            edit(net, 2, rate(layer, 1.5)).json()["detail"].startswith(f"{author} changed {layer} meanwhile")
        )


def test_what_was_typed_meanwhile_elsewhere_is_kept(net: httpx.Client) -> None:
    text = source(net)
    typed = text.replace("num_output: 4", "num_output: 40")
    edit(net, 2, rate("b", 7)).raise_for_status()
    answer = edit(net, 2, {"op": "replace_text", "text": typed}).raise_for_status().json()
    assert answer["rebased"]["from"] == 2
    assert source(net) == typed.replace(
        "param { lr_mult: 1 } inner_product_param { num_output: 2 }",
        "param { lr_mult: 7 } inner_product_param { num_output: 2 }",
    )
    net.post(f"{PATH}/undo").raise_for_status()
    net.post(f"{PATH}/redo").raise_for_status()
    assert "num_output: 40" in source(net)


def test_what_a_revision_keeps_makes_it_of_the_one_before(net: httpx.Client) -> None:
    typed = source(net).replace("num_output: 4", "num_output: 40")
    edit(net, 2, rate("b", 7)).raise_for_status()
    edit(net, 2, {"op": "replace_text", "text": typed}).raise_for_status()
    stale = net.post(f"{PATH}/undo", params={"base_revision": 3}).json()
    assert stale["changes"][0]["operations"] == [{"op": "replace_text", "text": source(net)}]


def test_an_edit_of_a_revision_that_was_undone_is_carried_over_the_undo(net: httpx.Client) -> None:
    edit(net, 2, rate("a", 5), author="Ann").raise_for_status()
    net.post(f"{PATH}/undo").raise_for_status()
    answer = edit(net, 3, rate("b", 7)).raise_for_status().json()
    assert [(each["revision"], each["undone"]) for each in answer["rebased"]["over"]] == [(3, True)]
    assert "lr_mult: 5" not in source(net)
    assert "lr_mult: 7" in source(net)


def test_an_edit_of_what_was_undone_is_refused(net: httpx.Client) -> None:
    title = edit(net, 2, rate("a", 5), author="Ann").raise_for_status().json()["report"]["title"]
    net.post(f"{PATH}/undo").raise_for_status()
    edit(net, 2, rate("b", 7), author="Ben").raise_for_status()
    answer = edit(net, 3, rate("a", 6))
    assert answer.status_code == 409
    assert answer.json()["detail"] == f"“{title}” was undone meanwhile, which changed a."
    assert [(each["revision"], each["undone"]) for each in answer.json()["changes"]] == [
        (3, True),
        (4, False),
    ]


def test_a_revision_that_never_was_is_refused(net: httpx.Client) -> None:
    for base in (0, 3, 99):
        answer = edit(net, base, rate("a", 5))
        assert (answer.status_code, answer.json()["code"], answer.json()["changes"]) == (
            409,
            "stale-revision",
            [],
        )
        assert answer.json()["detail"] == f"The document has no revision {base}; it is at revision 2."


def test_an_edit_that_could_never_be_done_is_no_clash(net: httpx.Client) -> None:
    edit(net, 2, rate("a", 5)).raise_for_status()
    for operations, code in (([rate("none", 5)], "unknown-layer"), ([], "no-operations")):
        answer = edit(net, 2, *operations)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_name_that_was_taken_meanwhile_is_told(net: httpx.Client) -> None:
    for blob, target in (("data", "a"), ("a", "b")):
        wire = {"target": target, "blob": blob}
        answer = edit(net, 2, {"op": "add_layer", "type": "Power", "between": wire}).raise_for_status().json()
    assert [each["old"] for each in answer["rebased"]["renamed"] if each["kind"] == "layer"] == ["power1"]
    assert answer["report"]["added"] == [each["new"] for each in answer["rebased"]["renamed"]][:1]


def test_what_caffe_would_refuse_of_both_is_told_in_its_words(net: httpx.Client) -> None:
    def joined(top: str) -> dict[str, Any]:
        text = f'layer {{ name: "{top}" type: "Power" bottom: "b" top: "one" }}\n'
        return {"op": "replace_text", "text": source(net) + text}

    first, second = joined("x"), joined("y")
    edit(net, 2, first).raise_for_status()
    answer = edit(net, 2, second)
    clash = answer.json()["clashes"][0]
    assert (answer.status_code, clash["kind"], clash["name"]) == (409, "verdict", "y")
    assert "Top blob 'one' produced by multiple sources." in clash["message"]


def again(api: httpx.Client, base: int, *operations: dict[str, Any], key: str = "k1") -> dict[str, Any]:
    body = {"base_revision": base, "operations": list(operations)}
    answer = api.post(f"{PATH}/operations", json=body, headers={"Idempotency-Key": key})
    return dict(answer.raise_for_status().json())


def test_an_edit_whose_answer_was_lost_is_safe_to_ask_for_again(net: httpx.Client) -> None:
    twins = {"op": "duplicate", "layers": ["a", "b"]}
    first = again(net, 2, twins)
    second = again(net, 2, twins)
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert second["report"] == first["report"]
    assert second["document"]["revision"] == first["document"]["revision"] == 3
    assert second["rebased"] is None
    # Others may have gone on meanwhile: the answer shows the net as it is now.
    edit(net, 3, rate("b_a", 5)).raise_for_status()
    assert (third := again(net, 2, twins))["document"]["revision"] == 4
    assert third["report"]["added"] == first["report"]["added"]
    assert "lr_mult: 5" in source(net)
    # The key of one edit is no key of another one.
    assert again(net, 4, rate("b_b", 9))["repeated"] is False


def test_an_edit_that_was_carried_over_says_again_over_what(net: httpx.Client) -> None:
    edit(net, 2, rate("a", 5)).raise_for_status()
    first, second = (again(net, 2, rate("b", 7)) for _ in range(2))
    assert first["rebased"]["over"] == second["rebased"]["over"] != []
    assert (second["repeated"], second["document"]["revision"]) == (True, 4)


def test_a_typed_text_and_weights_that_are_gone_are_repeated_too(net: httpx.Client) -> None:
    typed = {"op": "replace_text", "text": source(net) + "# more\n"}
    assert [again(net, 2, typed)["repeated"] for _ in range(2)] == [False, True]
    assert source(net).count("# more") == 1
