"""Whatever is asked, the answer is an answer or a problem document, never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

_KEYS = st.sampled_from(["ip1_a", "ip1_b", "data_a", "concat", "joint_ip", "none", "", "ip1_b~2", "é"])
_NAMES = st.sampled_from(["ip1_w", "ip1_b", "new", "", "joint_ip", 'a"b', "a\nb", "é"])
_RATES = st.sampled_from([0, 1, 0.5, -1, 1e38, 1e39, 3, None])
_BLOBS = st.sampled_from([None, 0, 1, 2, 99])
_SHARE = st.fixed_dictionaries(
    {"default": st.sampled_from(["none", "all"])},
    optional={"layers": st.dictionaries(_KEYS, st.sampled_from(["shared", "independent"]), max_size=2)},
)
_RATE = st.fixed_dictionaries(
    {}, optional={"lr_mult": _RATES, "scale_lr": _RATES, "decay_mult": _RATES, "freeze": st.booleans()}
)
_JOIN = st.fixed_dictionaries(
    {"kind": st.sampled_from(["none", "concat", "eltwise", "contrastive"])},
    optional={"axis": st.sampled_from([0, 1, -1, 9]), "name": _NAMES, "label": _NAMES},
)


def _operation(op: str, /, **members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"op": st.just(op), **members})


OPERATIONS = st.one_of(
    st.fixed_dictionaries(
        {"op": st.just("duplicate"), "layers": st.lists(_KEYS, max_size=4)},
        optional={
            "copies": st.sampled_from([0, 1, 2, 3, 1000]),
            "suffixes": st.lists(_NAMES, max_size=3),
            "prefixes": st.lists(_NAMES, max_size=3),
            "keep_first": st.booleans(),
            "share": _SHARE,
            "rates": st.lists(_RATE, max_size=3),
            "inputs": st.sampled_from(["same", "separate", "slice"]),
            "join": _JOIN,
        },
    ),
    _operation("set_rate", layer=_KEYS, blob=_BLOBS, lr_mult=_RATES, decay_mult=_RATES),
    _operation("set_rate", layer=_KEYS, blob=_BLOBS, scale_lr=_RATES),
    _operation("unshare", layer=_KEYS, blob=_BLOBS),
    _operation(
        "share",
        members=st.lists(st.fixed_dictionaries({"layer": _KEYS, "blob": st.integers(0, 3)}), max_size=3),
        name=st.one_of(st.none(), _NAMES),
    ),
    _operation("rename_share_group", name=_NAMES, to=_NAMES),
    _operation("rename_net", to=_NAMES),
    _operation("one_rate", name=_NAMES, lr_mult=_RATES, decay_mult=_RATES),
    _operation("rename_layer", layer=_KEYS, to=_NAMES, blobs=st.booleans(), from_scratch=st.booleans()),
    _operation("delete_layers", layers=st.lists(_KEYS, max_size=3), heal=st.booleans()),
    _operation(
        "set_field",
        layer=_KEYS,
        path=st.sampled_from(
            [
                "type",
                "bottom[0]",
                "bottom[9]",
                "param[1].lr_mult",
                "inner_product_param.num_output",
                "no",
                ".",
                "",
            ]
        ),
        value=st.sampled_from(["1", "ReLU", '"x"', "", "}", "{", "1 2", "# c", None]),
    ),
    st.fixed_dictionaries(
        {"op": st.just("add_layer"), "type": st.sampled_from(["ReLU", "Eltwise", "Input", "Nonsense", ""])},
        optional={
            "name": _NAMES,
            "after": _KEYS,
            "take_readers": st.booleans(),
            "bottoms": st.lists(_NAMES, max_size=2),
            "tops": st.lists(_NAMES, max_size=2),
            "between": st.fixed_dictionaries({"target": _KEYS, "blob": _NAMES}),
        },
    ),
    _operation("connect", layer=_KEYS, bottom=_BLOBS, from_layer=_KEYS, top=st.integers(0, 2)),
    _operation("connect", layer=_KEYS, blob=_NAMES),
    _operation("disconnect", layer=_KEYS, bottom=st.integers(0, 2)),
    _operation("move_layer", layer=_KEYS, before=_KEYS),
    _operation("move_layer", layer=_KEYS, after=_KEYS),
    _operation("rename_blob", blob=_NAMES, to=_NAMES),
    _operation("set_in_place", layer=_KEYS, in_place=st.booleans()),
    _operation(
        "paste",
        text=st.sampled_from(["", "layer {}", "layer { name: 'ip1' top: 'ip1' bottom: 'x' }", "}", "\ud800"]),
        keep_inputs=st.booleans(),
    ),
    _operation("upgrade"),
    _operation("replace_text", text=st.sampled_from(["", "layer {}", "layer { name: 'a' ", "}", "\ud800"])),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(OPERATIONS, min_size=1, max_size=3))
def test_any_operations_are_done_or_refused(reader: httpx.Client, operations: list[dict[str, Any]]) -> None:
    body = {"base_revision": 1, "operations": operations}
    # Escaped, since a JSON body may hold what UTF-8 cannot.
    headers = {"Content-Type": "application/json"}
    answer = reader.post("/api/documents/example/preview", content=json.dumps(body), headers=headers)
    assert answer.status_code in (200, 413, 422), answer.text
    if answer.status_code == 200:
        made = answer.json()
        # What came out opens again, to the same graph.
        again = reader.post("/api/check", json={"text": made["text"]})
        assert again.status_code == 200 or not made["graph"]["layers"], again.text


@given(st.sampled_from(["operations", "preview"]), _JSON)
def test_any_json_is_answered(reader: httpx.Client, how: str, body: Any) -> None:
    for path in (f"/api/documents/example/{how}", "/api/check", "/api/documents"):
        answer = reader.post(path, json=body)
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_any_text_is_checked_or_refused(reader: httpx.Client, text: str) -> None:
    answer = reader.post("/api/check", json={"text": text})
    assert answer.status_code in (200, 422), answer.text


@given(st.binary(max_size=300))
def test_any_bytes_as_weights_or_as_a_net_are_refused(reader: httpx.Client, data: bytes) -> None:
    answer = reader.put("/api/documents/example/weights", files={"caffemodel": data})
    assert answer.status_code == 422, answer.text
    plan = b'{"op": "upgrade"}'
    answer = reader.post("/api/duplicate", files={"prototxt": data, "plan": plan})
    assert answer.status_code in (200, 422), answer.text


@given(st.binary(max_size=200), st.sampled_from(["b", "", '"', "x" * 80]))
def test_any_form_is_answered(reader: httpx.Client, data: bytes, boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    for body in (
        data,
        b"--b\r\n" + data,
        b'--b\r\nContent-Disposition: form-data; name="prototxt"\r\n' + data,
    ):
        for method, path in (("POST", "/api/documents"), ("PUT", "/api/documents/example/weights")):
            answer = reader.request(method, path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, answer.text
