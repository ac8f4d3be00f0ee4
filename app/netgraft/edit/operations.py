"""Every operation on a document, as data: a Pydantic union on `op`.

The browser, REST, the command line, quick fixes and undo speak these and nothing else. Layers are
named by their key: the layer's name, later namesakes as `name~2`, `name~3` in file order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from netgraft.edit.drawing_operations import DrawingOperation
from netgraft.edit.duplicate.plan import Inputs, Join, Rate, Share
from netgraft.edit.errors import EditError, suggestion
from netgraft.edit.weight_operations import LeaveToFiller, MergeBatchNorm, TakeWeights, ToConvolution

LayerKey = Annotated[str, Field(description="A layer's key: its name, later namesakes as `name~2`.")]


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Duplicate(_Operation):
    """Grafts copies of a selection of layers into the net."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "op": "duplicate",
                    "layers": ["conv1", "ip1"],
                    "copies": 2,
                    "suffixes": ["_a", "_b"],
                    "share": {"default": "none", "layers": {"conv1": "shared"}},
                    "rates": [{}, {"scale_lr": 10, "layers": {"conv1": {}}}],
                    "inputs": "separate",
                    "join": {"kind": "concat", "axis": 1},
                }
            ]
        }
    )

    op: Literal["duplicate"] = "duplicate"
    layers: list[LayerKey] = Field(
        description="The selection, in any order; TRAIN and TEST namesakes go along."
    )
    copies: int = Field(
        default=2, description="How many copies there are in the end, the first (the original) included."
    )
    suffixes: list[str] | None = Field(
        default=None,
        description="One a copy, put after every name made in the selection; `_a`, `_b`, ... by default.",
    )
    prefixes: list[str] | None = Field(default=None, description="One a copy, instead of suffixes.")
    keep_first: bool = Field(
        default=False, description="The first copy keeps its names: the text only grows."
    )
    share: Share = Field(default_factory=Share, description="Whose parameters the copies have in common.")
    rates: list[Rate] = Field(default_factory=list, description="One a copy, in order; none changes no rate.")
    inputs: Inputs | dict[str, Inputs] = Field(
        default="same",
        description="What the copies read from outside: the `same` blobs, `separate` new inputs, or a "
        "`slice` each of a paired blob; for all blobs or by blob name (those not named: `same`).",
    )
    slice_axis: int = Field(default=1, description="The axis that `inputs: slice` cuts.")
    join: Join = Field(default_factory=Join, description="How the outputs of the copies become one.")


class SetRate(_Operation):
    """Sets, scales or unstates the rates of a layer's parameters."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "set_rate", "layer": "conv1", "blob": None, "scale_lr": 0.1}]}
    )

    op: Literal["set_rate"] = "set_rate"
    layer: LayerKey
    blob: int | None = Field(
        default=None, ge=0, description="Index of the parameter blob; null is all of them."
    )
    lr_mult: float | None = Field(
        default=None, description="The new lr_mult; null, when given, takes the statement out."
    )
    decay_mult: float | None = Field(default=None, description="As lr_mult.")
    scale_lr: float | None = Field(
        default=None, description="Multiplies lr_mult (1 where unstated): keeps weight to bias."
    )


class Unshare(_Operation):
    """Takes a layer's parameters out of their share groups."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "unshare", "layer": "ip1_b"}]})

    op: Literal["unshare"] = "unshare"
    layer: LayerKey
    blob: int | None = Field(
        default=None, ge=0, description="Index of the parameter blob; null is all of them."
    )


class Member(BaseModel):
    """One parameter blob."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layer: LayerKey
    blob: int = Field(default=0, ge=0, description="Index of the parameter blob.")


class ShareBlobs(_Operation):
    """Makes parameter blobs one: they get one `param` name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "op": "share",
                    "members": [{"layer": "conv1", "blob": 0}, {"layer": "conv1_p", "blob": 0}],
                    "name": "conv1_w",
                }
            ]
        }
    )

    op: Literal["share"] = "share"
    members: list[Member] = Field(description="At least two; the first in the file becomes the owner.")
    name: str | None = Field(
        default=None, description="The group's name; by default the owner's, or layer and role."
    )
    share_mode: Literal["STRICT", "PERMISSIVE"] | None = Field(
        default=None,
        description="What the sharers state: equal shapes, or only equal counts. Null leaves it.",
    )


class RenameShareGroup(_Operation):
    """Renames a share group at all its users."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "rename_share_group", "name": "ip1_w", "to": "tower_w"}]}
    )

    op: Literal["rename_share_group"] = "rename_share_group"
    name: str = Field(description="The `param` name of the group.")
    to: str = Field(description="Its new name.")


class OneRate(_Operation):
    """Gives every user of a `param` name one rate: what Caffe asks of a share group."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "one_rate", "name": "ip1_w", "lr_mult": 1}]}
    )

    op: Literal["one_rate"] = "one_rate"
    name: str = Field(description="The `param` name of the group.")
    lr_mult: float | None = Field(
        default=None, description="Null: the first that a user states, in file order."
    )
    decay_mult: float | None = Field(default=None, description="As lr_mult.")


class RenameLayer(_Operation):
    """Renames a layer (all its TRAIN and TEST variants); its weights follow."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "rename_layer", "layer": "fc8", "to": "fc8_flickr"}]}
    )

    op: Literal["rename_layer"] = "rename_layer"
    layer: LayerKey
    to: str = Field(description="Its new name.")
    blobs: bool = Field(
        default=False, description="Also rename a blob it makes that bears its name, at all readers."
    )
    from_scratch: bool = Field(
        default=False, description="Start it from its filler instead of the weights it had."
    )


class DeleteLayers(_Operation):
    """Deletes layers; with `heal`, readers are tied to what the deleted layer read."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "delete_layers", "layers": ["drop6"], "heal": True}]}
    )

    op: Literal["delete_layers"] = "delete_layers"
    layers: list[LayerKey] = Field(description="The layers to delete; a namesake of another phase stays.")
    heal: bool = Field(default=True, description="Whether readers are tied to what the deleted layers read.")


class SetField(_Operation):
    """Sets one field of a layer, by path; null takes it out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"op": "set_field", "layer": "conv1", "path": "convolution_param.num_output", "value": "64"}
            ]
        }
    )

    op: Literal["set_field"] = "set_field"
    layer: LayerKey
    path: str = Field(description="As `convolution_param.num_output`, `param[1].lr_mult`, `bottom[0]`.")
    value: str | None = Field(
        description="The value as the file spells it (a bare string gets its quotes); `[1, 2]` stands for "
        "all values of a repeated field."
    )


class RenameNet(_Operation):
    """Renames the net itself: what Caffe calls it in its log and in the caffemodel."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "rename_net", "to": "twins"}]})

    op: Literal["rename_net"] = "rename_net"
    to: str = Field(description="Its new name; empty takes the statement out.")


class Upgrade(_Operation):
    """Rewrites an old-format net (V0, V1, net-level inputs) in the format of Caffe 1.0."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"op": "upgrade"}]})

    op: Literal["upgrade"] = "upgrade"


class ReplaceText(_Operation):
    """Replaces the whole text; layers that keep their names keep their weights."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"op": "replace_text", "text": 'name: "net"\n'}]}
    )

    op: Literal["replace_text"] = "replace_text"
    text: str = Field(description="The whole prototxt.")
    must_parse: bool = Field(
        default=False,
        description="Refuse a text with more syntax errors than before: it is still being typed.",
    )


Operation = Annotated[
    Duplicate
    | SetRate
    | Unshare
    | ShareBlobs
    | RenameShareGroup
    | OneRate
    | RenameLayer
    | DeleteLayers
    | SetField
    | RenameNet
    | Upgrade
    | ReplaceText
    | TakeWeights
    | LeaveToFiller
    | ToConvolution
    | MergeBatchNorm
    | DrawingOperation,
    Field(discriminator="op"),
]

_BRANCH = re.compile(r"(literal|function-\w+|list|dict|nullable|tagged-union|constrained-\w+)\[")
_adapter: TypeAdapter[Operation] = TypeAdapter(Operation)


def read_operation(data: Mapping[str, Any]) -> Operation:
    """An operation from plain data. Raises EditError where it is none."""
    try:
        return _adapter.validate_python(data)
    except ValidationError as error:
        raise EditError("bad-operation", _told(error.errors()[0])) from error


def _told(first: ErrorDetails) -> str:
    """What is wrong with something that is no operation."""
    known = re.findall(r"'(\w+)'", first.get("ctx", {}).get("expected_tags", ""))
    if first["type"] == "union_tag_invalid":
        tag = str(first["ctx"]["tag"])
        return f"There is no operation {tag!r}.{suggestion(tag, known)}"
    if not isinstance(first["input"], Mapping) and len(first["loc"]) == 0:
        return f"An operation is a mapping with an 'op', not {first['input']!r}."
    # The members that lead there, without the names of pydantic's own branches.
    members = [str(part) for part in first["loc"][1:] if not _BRANCH.match(str(part))]
    return f"This is no operation: {'.'.join(members) or 'op'}: {first['msg']}."
