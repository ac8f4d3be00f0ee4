"""The operations on where weights come from, as data: see netgraft.edit.operations for all the others."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LayerKey = Annotated[str, Field(description="A layer's key: its name, later namesakes as `name~2`.")]


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TakeWeights(_Operation):
    """Starts a layer from the stored blobs of another layer, of this or another uploaded caffemodel."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "take_weights", "layer": "conv1_b", "from_layer": "conv1"}]}
    )

    op: Literal["take_weights"] = "take_weights"
    layer: LayerKey
    from_layer: str | None = Field(
        default=None, description="The stored layer's name; null: the layer's own name."
    )
    source: str = Field(
        default="", max_length=200, description="The name of the caffemodel; empty: the document's main one."
    )


class LeaveToFiller(_Operation):
    """Starts layers from their fillers, whatever is stored for them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "leave_to_filler", "layers": ["fc8"]}]})

    op: Literal["leave_to_filler"] = "leave_to_filler"
    layers: list[LayerKey] = Field(description="The layers that start anew.")


class ToConvolution(_Operation):
    """Makes an InnerProduct a Convolution over its whole input: the fully convolutional net."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "to_convolution", "layer": "fc6"}]})

    op: Literal["to_convolution"] = "to_convolution"
    layer: LayerKey


class MergeBatchNorm(_Operation):
    """Merges BatchNorm, and the Scale after it, into the Convolution or InnerProduct before it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "merge_batch_norm", "layers": ["bn_conv1"]}]}
    )

    op: Literal["merge_batch_norm"] = "merge_batch_norm"
    layers: list[LayerKey] | None = Field(
        default=None, description="BatchNorm layers, or the layers before them; null: all that can be merged."
    )
