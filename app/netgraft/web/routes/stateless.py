"""Without a document: check a net, or graft copies and get the pair at once."""

from __future__ import annotations

from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from netgraft import prototxt, weights
from netgraft.caffe.layers import document_layers
from netgraft.caffe.net import check as caffe_check
from netgraft.caffe.net import suggested_profile
from netgraft.caffe.report import run_object
from netgraft.caffe.state import NetState
from netgraft.edit import Operation
from netgraft.edit.pairing import plan_weights
from netgraft.edit.shapes import Datum
from netgraft.web import zipped
from netgraft.web.answers import answer, dump
from netgraft.web.context import SettingsDep, WorkspaceDep
from netgraft.web.editing import Done, carry_out
from netgraft.web.exporting import planned
from netgraft.web.grafting import fits
from netgraft.web.graph import findings, states_of
from netgraft.web.graph.states import as_json
from netgraft.web.models import Axis, CheckAnswer, CheckRequest
from netgraft.web.multipart import FilePart, TextPart, read_form
from netgraft.web.names import grafted_name
from netgraft.web.observe import metrics
from netgraft.web.openapi import binary, form, refusals
from netgraft.web.problems import ProblemError
from netgraft.web.reading import read_net
from netgraft.web.routes.exports import zip_of
from netgraft.web.settings import Settings
from netgraft.weights import Index

router = APIRouter(prefix="/api", tags=["stateless"])

T = TypeVar("T")

_PLAN: TypeAdapter[list[Operation]] = TypeAdapter(list[Operation])
_DATUM: TypeAdapter[dict[str, tuple[int, int, int]]] = TypeAdapter(dict[str, tuple[Axis, Axis, Axis]])

_NET = (
    'layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 8 } } }\n'
    'layer { name: "ip1" type: "InnerProduct" bottom: "data" top: "ip1"\n'
    "  inner_product_param { num_output: 4 } }\n"
)
_DUPLICATE = {
    "requestBody": {
        "required": True,
        "content": form(
            "The pair and what to do.",
            {
                "prototxt": "The net.",
                "caffemodel": "Its weights.",
                "plan": "An operation as JSON, or a list of them.",
                "datum": "What data sources hold, as JSON: source to [channels, height, width].",
            },
            ("prototxt", "plan"),
            {
                "prototxt": _NET,
                "plan": '{"op": "duplicate", "layers": ["ip1"], "copies": 2, "suffixes": ["_a", "_b"]}',
                "datum": '{"mnist_train_lmdb": [1, 28, 28]}',
            },
        ),
    }
}


@router.post("/check", response_model=CheckAnswer, responses=refusals(413, 422), summary="Check a net")
def check(asked: CheckRequest, settings: SettingsDep) -> Response:
    """Whether Caffe would build the net, for each state, and everything that is to be said about it."""
    document = read_net(asked.text, settings)
    tree = document.tree
    layers = document_layers(tree)
    told = states_of(layers, settings.max_states)
    if asked.states:
        told = tuple(NetState(each.phase, each.level, frozenset(each.stages)) for each in asked.states)
    profile = asked.profile or suggested_profile(tree)
    with metrics.checks.time():
        verdicts = {state: caffe_check(tree, state, datum=asked.datum, profile=profile) for state in told}
    return answer(
        {
            "ok": all(verdict.ok for verdict in verdicts.values()),
            "states": [as_json(state) for state in told],
            "runs": [run_object(tree, verdict, "") for verdict in verdicts.values()],
            "diagnostics": findings.merge(tree, verdicts),
        }
    )


@router.post(
    "/duplicate",
    responses=binary("The new pair, and report.json.", "application/zip") | refusals(400, 413, 422),
    openapi_extra=_DUPLICATE,
    summary="Graft copies, pair in, pair out",
)
async def duplicate(request: Request, workspace: WorkspaceDep, settings: SettingsDep) -> Response:
    """Applies a plan (an operation or a list of them, most likely a `duplicate`) to a prototxt and its
    caffemodel, and answers with a zip of the new pair, NET_grafted, and the report. Nothing is kept."""
    text = TextPart("The prototxt", settings.max_text)
    plan = TextPart("The plan", settings.max_text)
    datum = TextPart("The datum", settings.max_text)
    with FilePart(lambda: workspace.receive(settings.max_upload)) as part:
        await read_form(request, {"prototxt": text, "caffemodel": part, "plan": plan, "datum": datum})
        return await run_in_threadpool(_duplicate, settings, text, plan, datum, part)


def _duplicate(
    settings: Settings, text: TextPart, plan: TextPart, told: TextPart, part: FilePart
) -> Response:
    for name, given in (("prototxt", text), ("plan", plan)):
        if given.data is None:
            raise ProblemError(422, "invalid-request", f"The form lacks the field {name!r}.")
    document = read_net(bytes(text.data or b""), settings)
    operations = _read(_PLAN, "plan", _listed(bytes(plan.data or b"")))
    datum = _read(_DATUM, "datum", bytes(told.data or b"{}"))
    index = None
    if part.incoming is not None:
        part.incoming.finish()
        # The index keeps the file open: it can be read to the end of the answer after its name is gone.
        index = weights.index(part.incoming.path)
        fits(document, datum)(index)
    done = carry_out(document, operations, settings, datum, {} if index is None else {"": index})
    return _pair(done, index, grafted_name(text.file_name, [text.file_name]), datum)


def _pair(done: Done, index: Index | None, name: str, datum: Datum) -> Response:
    grafted = planned(plan_weights(done.document, index, datum=datum)) if index is not None else None
    text = prototxt.emit(done.document.tree)
    return zip_of(name, text, grafted, zipped.entry("report.json", dump(done.report.model_dump())))


def _listed(plan: bytes) -> bytes:
    """A plan of one operation as a list of one."""
    return b"[" + plan + b"]" if plan.lstrip()[:1] == b"{" else plan


def _read(kind: TypeAdapter[T], name: str, text: bytes) -> T:
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        raise RequestValidationError(
            [{**each, "loc": (name, *each["loc"])} for each in error.errors()]
        ) from None
