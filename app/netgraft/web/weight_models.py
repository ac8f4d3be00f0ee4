"""The REST interface's bodies about weights: how they fit, what they look like, the proof of an export."""

from __future__ import annotations

from pydantic import BaseModel, Field

from netgraft.web.graph.models import Shape
from netgraft.web.models import DocumentInfo, SourceInfo, WeightsInfo


class BlobMatchModel(BaseModel):
    """What loading the weights does to one parameter blob."""

    index: int
    role: str = Field(description="What it is to the layer: weight, bias, mean, ...")
    state: str = Field(description="loads, filler, count-clash, shape-clash or data-clash")
    shape: Shape = Field(description="The net's; null where it cannot be known.")
    stored_shape: Shape = Field(description="The stored blob's; null where nothing is stored for it.")
    filler: str = Field(description="What it starts from where nothing is loaded: `xavier`, `constant 0`.")
    owner: str | None = Field(description="The layer whose blob this is; null: its own.")
    message: str


class LayerMatch(BaseModel):
    """What loading the weights does to one layer."""

    layer: str
    type: str
    fate: str = Field(description="loads, filler, count-clash, shape-clash, data-clash or source-clash")
    origin: str | None = Field(description="The stored layer that it takes its blobs from.")
    message: str = Field(description="Caffe's words where it clashes, else a remark.")
    blobs: list[BlobMatchModel]


class ExportSize(BaseModel):
    """The caffemodel that an export would write."""

    size: int = Field(description="Bytes.")
    too_large: bool = Field(description="Whether Caffe could not read it; HDF5 has no such limit.")


class WeightsAnswer(BaseModel):
    """A document's weights, and how they fit its net."""

    weights: WeightsInfo | None = Field(description="The main caffemodel.")
    sources: list[SourceInfo] = Field(description="The other ones.")
    document: DocumentInfo
    export: ExportSize
    layers: list[LayerMatch]
    unused: list[str] = Field(description="Stored layers that no layer of the net takes.")
    notes: list[str]


class BlobStatsModel(BaseModel):
    """A blob in figures; NaN and Inf are counted and otherwise left out."""

    index: int
    role: str
    shape: list[int]
    count: int
    min: float | None = Field(description="Null where no value is finite, as the next three.")
    max: float | None
    mean: float | None
    std: float | None
    zeros: float = Field(description="Their share, 0 to 1.")
    nan: int
    inf: int
    histogram: list[int] = Field(description="Finite values in equal bins from min to max.")
    filters: bool = Field(description="Whether there is a picture of its filters.")


class Candidate(BaseModel):
    """A stored layer whose blobs the layer could take."""

    source: str = Field(description="The caffemodel's name; empty: the main one.")
    layer: str


class LayerWeights(BaseModel):
    """The values that a layer starts from."""

    layer: str
    fate: str
    origin: str | None
    message: str
    blobs: list[BlobStatsModel] = Field(description="Empty where it starts from its filler.")
    candidates: list[Candidate]


class BlobProofModel(BaseModel):
    """One blob of the net, as the exported file has it."""

    layer: str
    blob: int
    finding: str = Field(
        description="equal (to its source, bit for bit), shared (its owner has it), filler; all else is a "
        "failure: differs, unknown, missing, misfit."
    )
    source: str
    message: str


class ProofAnswer(BaseModel):
    """Whether an export holds what it should, blob by blob."""

    ok: bool
    revision: int
    equal: int = Field(description="Blobs that equal their source.")
    copied: int = Field(description="Blobs that were copied.")
    summary: str
    rows: list[BlobProofModel]
    ignored: list[str] = Field(description="Layers of the file that the net would ignore.")
