"""The operations that draw a net, as data: layers added and pasted, wires tied and cut, order, blob names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LayerKey = Annotated[str, Field(description="A layer's key: its name, later namesakes as `name~2`.")]


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Between(_Operation):
    """One wire: the blob that `target` reads."""

    target: LayerKey
    blob: str = Field(description="The blob on the wire.")
    bottom: int | None = Field(
        default=None, ge=0, description="Which of its bottoms; null: the first that reads it."
    )


class Feeds(_Operation):
    """A bottom that is to read a new layer."""

    layer: LayerKey
    bottom: int | None = Field(default=None, ge=0, description="As in `connect`.")


class AddLayer(_Operation):
    """Adds a layer of a type, with what that type cannot do without."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"op": "add_layer", "type": "Pooling", "after": "conv1"},
                {"op": "add_layer", "type": "ReLU", "between": {"target": "ip1", "blob": "pool2"}},
                {"op": "add_layer", "type": "Input", "feeds": {"layer": "loss", "bottom": 1}},
            ]
        }
    )

    op: Literal["add_layer"] = "add_layer"
    type: str = Field(description="A type of the catalogue, or any other.")
    name: str | None = Field(default=None, description="By default made from the type, free of clashes.")
    bottoms: list[str] | None = Field(
        default=None, description="The blobs it reads; by default what `after` or `between` says."
    )
    tops: list[str] | None = Field(
        default=None, description="The blobs it makes; by default made from its name."
    )
    after: LayerKey | None = Field(default=None, description="Reads a top of this layer.")
    top: int = Field(default=0, ge=0, description="With `after`: which of its tops.")
    take_readers: bool = Field(
        default=False, description="With `after`: whoever read that top reads the new layer instead."
    )
    between: Between | None = Field(default=None, description="Stands on this wire, instead of `after`.")
    feeds: Feeds | None = Field(default=None, description="Who is to read its first top, besides.")


class Connect(_Operation):
    """Lets a layer read a blob; layers move down the file where the order asks for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"op": "connect", "layer": "ip1", "bottom": 0, "from_layer": "pool2"}]
        }
    )

    op: Literal["connect"] = "connect"
    layer: LayerKey
    bottom: int | None = Field(
        default=None,
        ge=0,
        description="The bottom to be tied; its number of bottoms appends one. Null: one that nobody makes, "
        "else a new one where the type takes more (and no top more with it), else its only one.",
    )
    from_layer: LayerKey | None = Field(default=None, description="The layer to read from.")
    top: int = Field(default=0, ge=0, description="Which of that layer's tops.")
    blob: str | None = Field(default=None, description="The blob to read, instead of a layer.")


class Disconnect(_Operation):
    """Takes one bottom away from a layer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "disconnect", "layer": "cat", "bottom": 1}]}
    )

    op: Literal["disconnect"] = "disconnect"
    layer: LayerKey
    bottom: int = Field(ge=0, description="Which of its bottoms, from 0.")


class MoveLayer(_Operation):
    """Moves a layer in the file, as far as what it reads and what reads it allow."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "move_layer", "layer": "loss1", "before": "loss2"}]}
    )

    op: Literal["move_layer"] = "move_layer"
    layer: LayerKey
    before: LayerKey | None = Field(default=None, description="The layer to stand before; or `after`.")
    after: LayerKey | None = Field(default=None, description="The layer to stand after; or `before`.")


class RenameBlob(_Operation):
    """Renames a blob wherever it is made, changed or read."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "rename_blob", "blob": "pool5", "to": "feature"}]}
    )

    op: Literal["rename_blob"] = "rename_blob"
    blob: str = Field(description="The blob's name.")
    to: str = Field(description="Its new name.")


class SetInPlace(_Operation):
    """Lets a layer work in place, or gives it a top of its own; its readers follow."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "set_in_place", "layer": "relu1", "in_place": False}]}
    )

    op: Literal["set_in_place"] = "set_in_place"
    layer: LayerKey
    in_place: bool = Field(description="True: the top is the bottom itself.")


class SplitPhases(_Operation):
    """Makes a layer two of one name: one for TRAIN, one for TEST, to be set differently."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "split_phases", "layer": "data"}]})

    op: Literal["split_phases"] = "split_phases"
    layer: LayerKey


class Paste(_Operation):
    """Puts layers given as text at the end of the net, under free names."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"op": "paste", "text": 'layer { name: "relu1" type: "ReLU" bottom: "ip1" top: "ip1" }'}
            ]
        }
    )

    op: Literal["paste"] = "paste"
    text: str = Field(description="A prototxt of layers.")
    keep_inputs: bool = Field(
        default=False,
        description="What the pasted layers read from outside them is read here too; else that is left open.",
    )
    source: str | None = Field(
        default=None,
        max_length=200,
        description="The caffemodel, by its name in the document, that the pasted layers start from: each "
        "from the stored layer of the name that it has in the text. So two nets become one.",
    )


DrawingOperation = AddLayer | Connect | Disconnect | MoveLayer | RenameBlob | SetInPlace | SplitPhases | Paste
