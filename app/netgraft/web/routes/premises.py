"""What verdicts on a document rest on beside its text: data sources' shapes, the profile, the solver."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from netgraft.caffe.net import check
from netgraft.caffe.solver import train_state
from netgraft.web.answers import answer
from netgraft.web.changing import Changing, ChangingDep
from netgraft.web.context import DocumentId, WorkspaceDep
from netgraft.web.graph.beside import findings_of, solver_info
from netgraft.web.models import EditAnswer, NewSolver, PremisesChange, SolverAnswer
from netgraft.web.multipart import TextPart, read_form
from netgraft.web.names import stem
from netgraft.web.openapi import form, refusals
from netgraft.web.problems import ProblemError
from netgraft.web.reading import read_json, read_solver_text
from netgraft.web.settings import MIB
from netgraft.workspace import Premises, SolverFile

router = APIRouter(prefix="/api/documents/{id}", tags=["premises"])

_LARGEST_SOLVER = MIB

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/NewSolver"},
                "example": {"name": "solver.prototxt", "text": 'net: "siam.prototxt"\nbase_lr: 0.01\n'},
            },
            **form("A solver.", {"solver": "The solver.prototxt."}, ("solver",), {"solver": "base_lr: 0.01"}),
        },
    }
}


@router.patch(
    "/premises",
    response_model=EditAnswer,
    responses=refusals(404, 422),
    summary="Say what a source holds, or which Caffe to judge by",
)
def change(id: DocumentId, asked: PremisesChange, changing: ChangingDep) -> Response:
    """Answers what data layers' sources hold, and chooses the profile. Kept with the document and used in all
    its verdicts, graphs, previews and exports; it is no revision, so undo does not take it back."""

    def changed(now: Premises) -> Premises:
        datum = {source: axes for source, axes in {**now.datum, **asked.datum}.items() if axes is not None}
        profile = asked.profile if "profile" in asked.model_fields_set else now.profile
        return replace(now, datum=datum, profile=profile)

    return changing.told(changing.workspace.set_premises(id, changed, by=changing.by))


@router.put(
    "/solver",
    response_model=EditAnswer,
    responses=refusals(400, 404, 413, 415, 422),
    openapi_extra=_BODY,
    summary="Put a solver beside the net",
)
async def put_solver(id: DocumentId, request: Request, changing: ChangingDep) -> Response:
    """Puts a solver.prototxt beside the net: multipart `solver`, or JSON with its `text`. The graph then has
    each blob's effective rate, and findings say whether the two fit. One with errors is taken, and told."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    await run_in_threadpool(changing.workspace.snapshot, id)  # 404 before anything is said of the body
    part = TextPart("The solver", _LARGEST_SOLVER)
    if kind == "multipart/form-data":
        await read_form(request, {"solver": part})
    elif kind == "application/json":
        await _read_json(request, part)
    else:
        raise ProblemError(415, "unsupported-media-type", "Send multipart/form-data or application/json.")
    if part.data is None:
        raise ProblemError(422, "invalid-request", "The form lacks the field 'solver'.")
    return await run_in_threadpool(_accept, id, bytes(part.data), part.file_name, changing)


@router.get("/solver", response_model=SolverAnswer, responses=refusals(404), summary="Read the solver")
def get_solver(id: DocumentId, workspace: WorkspaceDep) -> Response:
    """The solver beside the net, its text, and what is to be said about it."""
    snapshot = workspace.snapshot(id)
    file, tree = snapshot.premises.solver, snapshot.document.tree
    if file is None:
        raise ProblemError(404, "no-solver", "There is no solver beside this net: put one there first.")
    # Under `fork`, so that a fork's layers do not hide which of them learn.
    state = train_state(file.solver, tree)
    train = check(tree, state, datum=snapshot.premises.datum, profile="fork")
    return answer(
        {
            "solver": solver_info(file, tree),
            "text": file.solver.document.text,
            "diagnostics": findings_of(file, tree, train.net, snapshot.entry.name),
        }
    )


@router.delete("/solver", response_model=EditAnswer, responses=refusals(404), summary="Take the solver away")
def delete_solver(id: DocumentId, changing: ChangingDep) -> Response:
    """The net stands alone again, whether there was a solver or not."""
    return _set_solver(id, None, changing)


async def _read_json(request: Request, part: TextPart) -> None:
    given = read_json(NewSolver, await request.body())
    part.begin(given.name)
    try:
        part.write(given.text.encode())
    except UnicodeEncodeError:
        raise ProblemError(422, "not-unicode", "The text holds code points that no file can hold.") from None


def _accept(id: str, text: bytes, name: str, changing: Changing) -> Response:
    file = SolverFile(f"{stem(name, 'solver')}.prototxt", read_solver_text(text, changing.settings))
    return _set_solver(id, file, changing)


def _set_solver(id: str, solver: SolverFile | None, changing: Changing) -> Response:
    after = changing.workspace.set_premises(id, lambda now: replace(now, solver=solver), by=changing.by)
    return changing.told(after)
