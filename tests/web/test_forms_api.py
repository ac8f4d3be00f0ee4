"""What the inspector's forms are made of."""

from __future__ import annotations

from typing import Any

import httpx

from netgraft.caffe.catalogue.field_docs import CHOICES, FIELD_DOCS, SELDOM
from netgraft.caffe.catalogue.forms import messages

_NET = """
layer { name: "a" type: "Convolution" # mine
  convolution_param { num_output: 4 kernel_size: [3, 5] weight_filler { type: "xavier" } house: 7 } }
"""


def _fields(of: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in of}


def test_every_documented_field_is_one_of_the_schema() -> None:
    known = {f"{name}.{field.name}" for name, fields in messages().items() for field in fields}
    assert set(FIELD_DOCS) <= known
    assert known >= SELDOM
    assert set(CHOICES) <= known


def test_every_field_of_a_layer_s_parameters_has_a_line_or_is_seldom_wanted() -> None:
    spoken = {name for name in messages() if name.endswith("Parameter") and name not in ("LayerParameter",)}
    spoken -= {"NetParameter", "V1LayerParameter", "V0LayerParameter"}
    missing = [
        f"{name}.{field.name}"
        for name in spoken
        for field in messages()[name]
        if not field.doc and not field.seldom
    ]
    assert missing == []


def test_the_schema_says_types_defaults_and_what_a_layer_type_reads(api: httpx.Client) -> None:
    schema = api.get("/api/schema").json()
    pooling = _fields(schema["messages"]["PoolingParameter"])
    assert pooling["pool"]["values"][:2] == ["MAX", "AVE"]
    assert pooling["pool"]["default"] == "MAX"
    assert pooling["stride"]["default"] == "1"
    convolution = _fields(schema["messages"]["ConvolutionParameter"])
    assert convolution["kernel_size"]["repeated"]
    assert convolution["weight_filler"]["message"] == "FillerParameter"
    assert _fields(schema["messages"]["BatchNormParameter"])["moving_average_fraction"]["default"] == "0.999"
    assert schema["types"]["Data"] == ["data_param", "transform_param"]
    assert schema["types"]["SoftmaxWithLoss"] == ["softmax_param", "loss_param"]


def test_what_layers_state_is_told_field_by_field(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"text": _NET}).json()
    path = f"/api/documents/{made['id']}"
    answer = api.get(f"{path}/layers", params={"layer": ["a", "nobody"]}).json()
    assert answer["revision"] == 1
    (layer,) = answer["layers"]
    fields = _fields(layer["fields"])["convolution_param"]["fields"]
    assert [(field["name"], field.get("value")) for field in fields] == [
        ("num_output", "4"),
        ("kernel_size", "3"),
        ("kernel_size", "5"),
        ("weight_filler", None),
        ("house", "7"),
    ]
    assert fields[3]["fields"] == [{"name": "type", "value": "xavier"}]


def test_a_row_replaces_all_values_and_a_wrong_one_is_refused(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"text": _NET}).json()
    path = f"/api/documents/{made['id']}"

    def send(value: str, revision: int) -> httpx.Response:
        operation = {"op": "set_field", "layer": "a", "path": "convolution_param.kernel_size", "value": value}
        return api.post(f"{path}/operations", json={"base_revision": revision, "operations": [operation]})

    assert send("[7]", 1).status_code == 200
    assert "kernel_size: [7]" in api.get(f"{path}/source").text
    assert send("[1, 2, 3]", 2).status_code == 200
    assert "# mine" in api.get(f"{path}/source").text
    refused = send("[1, two]", 3)
    assert refused.status_code == 422
    assert "two" in refused.json()["detail"]


def test_a_text_that_must_parse_is_refused_with_all_its_places(api: httpx.Client) -> None:
    made = api.post("/api/documents", json={"text": _NET}).json()
    path = f"/api/documents/{made['id']}"
    broken = _NET + 'layer { name: "b" type: }\nlayer { name "c" }\n'
    operation = {"op": "replace_text", "text": broken, "must_parse": True}
    answer = api.post(f"{path}/operations", json={"base_revision": 1, "operations": [operation]})
    assert answer.status_code == 422
    assert [place["line"] for place in answer.json()["errors"]] == [4, 5]
    assert api.get(f"{path}/source").text == _NET
