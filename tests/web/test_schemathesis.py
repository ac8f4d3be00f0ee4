"""Whatever the API's own description allows: no 5xx, and answers of documented statuses, kinds and shapes."""

from __future__ import annotations

from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from netgraft.web.app import create_app
from netgraft.web.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 20  # of each call

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


def _without_tuples(described: Any) -> Any:
    """The same said without `prefixItems`, which schemathesis 4.32 rewrites to what it then refuses: all our
    tuples are numbers of one kind, as many as `minItems` says."""
    if isinstance(described, list):
        return [_without_tuples(each) for each in described]
    if not isinstance(described, dict):
        return described
    told = {name: _without_tuples(value) for name, value in described.items()}
    if "prefixItems" in told:
        told["items"], *others = told.pop("prefixItems")
        assert all(each == told["items"] for each in others)
    return told


# Only described here: no workspace is opened, and the calls are known while pytest collects.
_SCHEMA = schemathesis.openapi.from_dict(_without_tuples(create_app(Settings()).openapi()))
_CALLS: dict[str, Any] = {}
for _each in _SCHEMA.get_all_operations():
    assert not isinstance(_each, Err), _each
    _CALLS[_each.ok().label] = _each.ok()


@pytest.mark.parametrize("label", sorted(_CALLS))
def test_every_call_answers_as_described(label: str, reader: httpx.Client) -> None:
    call = _CALLS[label]

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=(hypothesis.Phase.generate,),
    )
    @hypothesis.given(st.data())
    def answers(data: Any) -> None:
        case = data.draw(call.as_strategy())
        # Every second time about the document that there is: the others end with a 404.
        if "id" in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters["id"] = "example"
        if call.method.upper() == "DELETE" and case.path_parameters.get("id") == "example":
            case.path_parameters["id"] = "none"
        case.call_and_validate(base_url=str(reader.base_url), checks=CHECKS)

    answers()
