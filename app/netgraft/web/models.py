"""The REST interface's request and answer bodies, but for the graph (see graph/models.py)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from netgraft.edit import Operation, Report
from netgraft.web.graph.models import DiagnosticModel, GraphChanges, GraphModel, StateModel


class WeightsInfo(BaseModel):
    """Weights that a document uses."""

    name: str = Field(description="The file name that they were uploaded under.")
    size: int = Field(description="Bytes.")
    layers: int = Field(description="How many layers are stored.")
    sha256: str


class SourceInfo(WeightsInfo):
    """Another caffemodel of a document: layers take weights from it where they are told to."""

    source: str = Field(description="Its name in operations.")


class DocumentEntry(BaseModel):
    """A document in the list."""

    id: str
    name: str
    revision: int
    version: int = Field(
        description="Counts every change of whatever kind: edits, undo, name, weights, layout."
    )
    created: int = Field(description="Milliseconds since 1970, UTC.")
    changed: int = Field(description="Milliseconds since 1970, UTC.")
    weights: WeightsInfo | None


class SolverInfo(BaseModel):
    """The solver beside a net, as Caffe reads it."""

    name: str = Field(description="Its file's name.")
    type: str
    net: str = Field(description="The net that it names.")
    base_lr: float
    lr_policy: str
    weight_decay: float
    momentum: float
    max_iter: int
    train_state: StateModel = Field(description="The state in which it trains the net.")
    test_states: list[StateModel] = Field(description="The states of the test nets that it makes of it.")


class DocumentInfo(DocumentEntry):
    """A document at its present revision."""

    access: Literal["edit", "read"] = Field(description="`read` by a share link: nothing can be changed.")
    can_undo: bool
    can_redo: bool
    undo_title: str | None
    redo_title: str | None
    undo_author: str | None = Field(description="Who made the step that undo takes back; may be empty.")
    redo_author: str | None
    states: list[StateModel] = Field(description="The states that this net tells apart.")
    weight_sources: list[SourceInfo] = Field(description="Its caffemodels beside the main one.")
    datum: dict[str, tuple[int, int, int]] = Field(
        description="What data layers' sources hold, as it was answered: channels, height, width."
    )
    profile: Literal["bvlc", "fork"] | None = Field(
        description="The Caffe that was chosen; null: what the file suggests."
    )
    solver: SolverInfo | None


class DocumentList(BaseModel):
    """All documents, the one changed last first."""

    documents: list[DocumentEntry]


class NewDocument(BaseModel):
    """A document to be made from a text, or from an example."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"example": "question"}]})

    text: str | None = Field(None, description="The prototxt.")
    example: str | None = Field(None, description="The name of an example, instead of a text.")
    name: str | None = Field(None, max_length=500, description="What to call it.")
    upload: str | None = Field(
        None, max_length=64, description="The id of a finished upload: weights for it. See `/api/uploads`."
    )


class UploadedWeights(BaseModel):
    """A finished upload that is to become a document's weights."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"upload": "0" * 40}]})

    upload: str = Field(max_length=64, description="The upload's id.")
    name: str | None = Field(
        None, max_length=500, description="The file's name; by default the one in the upload's metadata."
    )


class UploadInfo(BaseModel):
    """An upload that was begun."""

    id: str = Field(description="What the document is given at the end; `Location` ends with it.")
    offset: int = Field(description="How many bytes the server has.")
    length: int = Field(description="How many it is to have.")


class Edit(BaseModel):
    """Operations, for the revision that they were made for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"base_revision": 1, "operations": [{"op": "unshare", "layer": "ip1_b"}]}]
        },
    )

    base_revision: int = Field(description="The revision that the caller saw.")
    operations: Annotated[
        list[Operation], Field(max_length=10_000, description="Applied in turn, all or none.")
    ]


Axis = Annotated[int, Field(ge=1, le=2**31 - 1)]
Datum = Annotated[
    dict[Annotated[str, Field(max_length=4096)], tuple[Axis, Axis, Axis] | None], Field(max_length=1000)
]


class PremisesChange(BaseModel):
    """What verdicts are to rest on beside the text. What is not named stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"datum": {"mnist_train_lmdb": [1, 28, 28]}}, {"profile": "fork"}]},
    )

    datum: Datum = Field(
        default_factory=dict,
        description="What data layers' sources hold: channels, height, width. Null takes an answer back.",
    )
    profile: Literal["bvlc", "fork"] | None = Field(
        None, description="The Caffe to judge by; null: what the file suggests."
    )


class NewSolver(BaseModel):
    """A solver's text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "solver.prototxt", "text": 'net: "siam.prototxt"\nbase_lr: 0.01\n'}]
        },
    )

    text: str
    name: str = Field("solver.prototxt", max_length=500)


class SolverAnswer(BaseModel):
    """A document's solver, and what is to be said about it."""

    solver: SolverInfo
    text: str
    diagnostics: list[DiagnosticModel] = Field(description="Their places are in the solver's text.")


class PassedModel(BaseModel):
    """One revision that an edit was carried over."""

    revision: int
    title: str
    author: str = Field(description="Who made it, as they called themselves; may be empty.")
    undone: bool = Field(description="Whether it was taken back since the edit was made.")


class GivenName(BaseModel):
    """A name that an operation would have given by itself, and gave otherwise, for it was taken meanwhile."""

    kind: Literal["layer", "blob", "param"]
    old: str
    new: str


class RebasedModel(BaseModel):
    """How an edit that was made for an earlier revision came to the present one."""

    from_: int = Field(alias="from", description="The edit's `base_revision`.")
    over: list[PassedModel] = Field(
        description="What was undone since, then what was made, oldest first; at most 50."
    )
    renamed: list[GivenName]


class EditAnswer(BaseModel):
    """A document after a change."""

    document: DocumentInfo
    report: Report | None = Field(description="What the operations did; null where none were carried out.")
    graph: GraphModel | GraphChanges = Field(
        description="The graph; `GraphChanges` where the request says in `known` which one it holds."
    )
    rebased: RebasedModel | None = Field(
        None, description="Over what the operations were carried; null where `base_revision` was the present."
    )
    repeated: bool = Field(
        False,
        description="The edit had been carried out before (`Idempotency-Key`); the document is as it is now.",
    )


class PreviewAnswer(BaseModel):
    """What operations would do. Nothing was saved."""

    report: Report
    graph: GraphModel
    diff: str = Field(description="Unified diff of the text.")
    text: str = Field(description="The whole new text.")
    rebased: RebasedModel | None = Field(None, description="As in the answer to `operations`.")


class CheckRequest(BaseModel):
    """A text to be checked, and for which states."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": 'layer { name: "in" type: "Input" top: "in" input_param { shape { dim: 1 } } }',
                    "states": [{"phase": "TRAIN"}],
                }
            ]
        },
    )

    text: str = Field(description="The prototxt.")
    states: list[StateModel] | None = Field(
        None, max_length=24, description="By default all that the file tells apart."
    )
    datum: dict[str, tuple[int, int, int]] = Field(
        default_factory=dict, description="What a data layer's source holds: channels, height, width."
    )
    profile: Literal["bvlc", "fork"] | None = Field(
        None, description="The Caffe to judge by; by default what the file suggests."
    )


class CheckAnswer(BaseModel):
    """A verdict: whether Caffe would build the net, and all that was found."""

    ok: bool = Field(description="Whether Caffe would build the net in every state asked for.")
    states: list[StateModel]
    runs: list[dict[str, Any]] = Field(
        description="One a state: layers, params, learnable and outputs, or error and layer."
    )
    diagnostics: list[DiagnosticModel]


Pixels = Annotated[float, Field(ge=-1e7, le=1e7, allow_inf_nan=False)]
Moved = Annotated[
    dict[Annotated[str, Field(max_length=4096)], tuple[Pixels, Pixels]], Field(max_length=20_000)
]


class PictureLayout(BaseModel):
    """How far cards were moved from the places that the picture gives them, by layer key."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"down": {"conv1": [120, -40]}}]}
    )

    down: Moved = Field(default_factory=dict, description="Where the net flows down.")
    right: Moved = Field(default_factory=dict, description="Where it flows to the right.")


Movement = Annotated[
    dict[Annotated[str, Field(max_length=4096)], tuple[Pixels, Pixels] | None], Field(max_length=20_000)
]


class CardMoves(BaseModel):
    """Cards that were moved just now, by layer key; null puts one back in its own place."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"down": {"concat": [120, -40], "joint_ip": None}}]}
    )

    down: Movement = Field(default_factory=dict, description="Where the net flows down.")
    right: Movement = Field(default_factory=dict, description="Where it flows to the right.")


class CountRange(BaseModel):
    """How many blobs a layer takes or makes."""

    least: int
    most: int | None = Field(description="Null: no limit.")


class CatalogueEntry(BaseModel):
    """A layer type."""

    name: str
    family: str = Field(description="Also the key of its colour.")
    doc: str
    profile: str = Field(description="`bvlc`, or `fork` for a type that Caffe 1.0 does not have.")
    param_field: str | None = Field(description="The field of a layer that holds its parameters.")
    blobs: list[str] = Field(
        description="Roles of its parameter blobs, as a layer with no parameters set has them."
    )
    loss: bool
    in_place: bool
    bottoms: CountRange
    tops: CountRange
    equal_counts: bool = Field(description="It makes one top of each bottom.")


class Catalogue(BaseModel):
    """All layer types, by name."""

    types: list[CatalogueEntry]


class ExampleEntry(BaseModel):
    """An example net."""

    name: str
    title: str
    description: str
    layers: int


class Examples(BaseModel):
    """The example nets."""

    examples: list[ExampleEntry]


class Health(BaseModel):
    """The server is up and its database answers."""

    status: str
    version: str
