"""The graph's JSON, as OpenAPI documents it.

`build` makes plain dictionaries of this shape and they are written out as they are: validating
10,000 layers that this program has just made would take longer than making them. A test holds
what `build` makes against these models.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from netgraft.edit.report import Fix

Phase = Literal["TRAIN", "TEST"]
Shape = list[int] | None


class Model(BaseModel):
    """A model that allows no member which it does not name."""

    model_config = ConfigDict(extra="forbid")


class StateModel(Model):
    """Caffe's NetState: which layers of the file are in the net."""

    phase: Phase
    level: int = 0
    stages: list[str] = []


class TopModel(Model):
    """A blob that a layer makes."""

    name: str
    shape: Shape = Field(description="Axes, outermost first; null where it cannot be known.")


class BlobModel(Model):
    """A parameter blob of a layer."""

    index: int
    role: str = Field(description="What it is to the layer: weight, bias, mean, ...")
    shape: Shape
    param: str | None = Field(description="The name that `param { name }` states.")
    lr: float | None = Field(
        description="The lr_mult in effect: the owner's; null where it is no finite number."
    )
    decay: float | None = Field(description="The decay_mult in effect: the owner's.")
    lr_stated: bool = Field(description="Whether this layer states it.")
    decay_stated: bool
    lr_own: float | None = Field(
        description="What this layer states, also where the owner's value is in effect."
    )
    decay_own: float | None = Field(description="As lr_own.")
    owner: str | None = Field(description="Key of the layer whose blob this is; null: its own.")
    group: str | None = Field(description="Name of the share group that it is in.")
    rate: float | None = Field(
        None, description="What it learns at under the solver: base_lr x lr_mult. Absent without a solver."
    )
    decay_rate: float | None = Field(None, description="As rate: weight_decay x decay_mult.")


class ProblemCounts(Model):
    """How many findings are about a layer."""

    error: int
    warning: int
    info: int


class CostModel(Model):
    """What a layer costs for the batch that the net states; null where shapes are unknown."""

    parameters: int | None = Field(description="Values in the blobs that it owns.")
    macs: int | None = Field(description="Multiply-accumulates of one forward pass.")
    activation_bytes: int | None = Field(description="Memory of the blobs that it makes, values only.")


class LayerModel(Model):
    """A layer of the file, in the asked state or not."""

    key: str = Field(
        description="Names the layer in operations: its name, `name~2` for the second of a name."
    )
    chunk: int
    line: int = Field(description="First line of the layer, from 1.")
    end_line: int
    name: str
    type: str
    family: str = Field(description="The catalogue's family of its type; `unknown` where it has none.")
    known: bool
    active: bool = Field(description="Whether it is in the net of the asked state.")
    bottoms: list[str]
    tops: list[TopModel]
    in_place: bool
    phases: list[Phase] = Field(description="The phases that it is in.")
    summary: str = Field(description="Its key parameters in short.")
    blobs: list[BlobModel]
    origin: str | None = Field(description="The stored layer that its weights come from.")
    weights: str | None = Field(
        description="What loading the document's weights does to it; null without any."
    )
    problems: ProblemCounts
    cost: CostModel | None = Field(description="Null for a layer that is in no state.")


class EdgeModel(Model):
    """A blob from the layer that makes it to one that reads it."""

    source: str
    target: str
    blob: str
    top: int
    bottom: int


class MemberModel(Model):
    """One parameter blob of a layer."""

    layer: str
    blob: int


class GroupModel(Model):
    """Parameter blobs that Caffe makes one."""

    name: str
    members: list[MemberModel]
    owner: str
    lr: float | None
    decay: float | None
    shape: Shape


class DiagnosticModel(Model):
    """A finding."""

    code: str
    severity: Literal["error", "warning", "info"]
    message: str
    caffe_message: str | None = Field(description="What Caffe itself would print.")
    layer: str | None
    blob: str | None
    line: int | None
    column: int | None
    end_line: int | None
    end_column: int | None
    fixes: list[Fix]
    states: list[str] = Field(description="The states that it holds in: TRAIN, TEST, `TEST deploy`, ...")
    file: str | None = Field(
        None, description="The solver's file, where the place is in it; absent: the net."
    )


class TotalsModel(Model):
    """Sums over the net of the asked state."""

    parameters: int = Field(description="Parameter values, a shared blob counted once.")
    layers: int
    macs: int = Field(description="Multiply-accumulates of one forward pass.")
    activation_bytes: int = Field(
        description="Memory of all blobs, values only; gradients take as much again."
    )
    complete: bool = Field(description="False where unknown shapes are left out of the sums.")


class SourceModel(Model):
    """A data source whose shapes the file does not say."""

    source: str
    layers: list[str] = Field(description="The keys of the layers that read it.")
    datum: tuple[int, int, int] | None = Field(
        description="The answer: channels, height, width. Null: nobody has said it yet."
    )


class GraphHead(Model):
    """What is said of a net as a whole, in one state."""

    document: str
    revision: int
    name: str
    state: StateModel
    states: list[StateModel] = Field(description="The states that this net tells apart.")
    verdict: Literal["ok", "refused"] = Field(description="Whether Caffe would build the net of the state.")
    profile: Literal["bvlc", "fork"] = Field(description="The Caffe that the verdict is for.")
    not_meant: Literal["TRAIN", "TEST"] | None = Field(
        default=None,
        description="The phase that the file has no net for: its data layers all live in the other.",
    )
    suggested_profile: Literal["bvlc", "fork"] = Field(
        description="`fork` where the file uses what Caffe 1.0 lacks."
    )
    solver: str | None = Field(description="The name of the solver beside the net.")
    groups: list[GroupModel]
    diagnostics: list[DiagnosticModel]
    outputs: list[str]
    sources: list[SourceModel]
    totals: TotalsModel


class GraphModel(GraphHead):
    """A document in one state."""

    layers: list[LayerModel]
    edges: list[EdgeModel]
    tag: str | None = Field(
        None, description="Names this very graph, for `known`; told where the request says `known`."
    )


class KeptLayers(Model):
    """Layers that are as they were, one after the other."""

    start: int = Field(description="The number of the first of them in the known graph, from 0.")
    count: int
    chunk: int = Field(description="By how much their `chunk` is another.")
    line: int = Field(description="By how many lines they moved: `line` and `end_line`.")


class NewLayers(Model):
    """Layers that the known graph lacks or has otherwise."""

    rows: list[LayerModel]


class KeptEdges(Model):
    """Edges that are as they were, one after the other."""

    start: int = Field(description="The number of the first of them in the known graph, from 0.")
    count: int


class NewEdges(Model):
    """Edges that the known graph lacks."""

    rows: list[EdgeModel]


class GraphChanges(GraphHead):
    """A document in one state, as what differs from the graph that the request named as `known`. `layers` and
    `edges` are those of the graph put together from runs, in their order; all else is told anew."""

    since: str = Field(description="The tag that the request named.")
    tag: str = Field(description="Names the graph that comes out.")
    layers: list[KeptLayers | NewLayers]
    edges: list[KeptEdges | NewEdges]
