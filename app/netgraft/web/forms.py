"""What the inspector's forms ask for, as JSON: the schema's messages, and what layers state."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from netgraft import edit, prototxt
from netgraft.caffe.catalogue import forms
from netgraft.edit.upgrade import modernise_layers
from netgraft.edit.view import LayerText, view
from netgraft.prototxt import Chunk, Kind


class FormFieldModel(BaseModel):
    """One field of a message."""

    name: str
    type: str = Field(description="bool, int32, int64, uint32, uint64, float, string, enum or message.")
    repeated: bool
    message: str | None = Field(description="The message's name, for a field that is one.")
    values: list[str] = Field(description="An enum's names, or the strings that Caffe knows.")
    default: str | None = Field(description="As a prototxt spells it; null where there is none.")
    seldom: bool = Field(description="Old spellings and the very special: folded away in a form.")
    deprecated: bool
    doc: str


class Forms(BaseModel):
    """The schema as forms need it."""

    messages: dict[str, list[FormFieldModel]] = Field(description="The fields of each message, by its name.")
    types: dict[str, list[str]] = Field(description="The fields of LayerParameter that each type reads.")


class Stated(BaseModel):
    """A field as the text states it: `value` as it is spelled (strings without quotes), or `fields`."""

    name: str
    value: str | None = None
    fields: list[Stated] | None = None


class StatedLayer(BaseModel):
    """What one layer states."""

    key: str
    type: str
    fields: list[Stated]


class StatedLayers(BaseModel):
    """What layers state at a revision."""

    revision: int
    layers: list[StatedLayer]


def all_forms() -> dict[str, Any]:
    """Forms."""
    found = forms.messages()
    return {
        "messages": {name: [field._asdict() for field in fields] for name, fields in found.items()},
        "types": forms.type_sections(),
    }


def stated(document: edit.Document, keys: list[str]) -> list[dict[str, Any]]:
    """StatedLayer for each key that there is. Old formats are read as they would be upgraded."""
    modern, _ = modernise_layers(document)
    found = view(modern.tree)
    layers = [found.by_key[key] for key in dict.fromkeys(keys) if key in found.by_key]
    return [_layer(found.tree.chunks[layer.chunk], layer) for layer in layers]


def _layer(chunk: Chunk, layer: LayerText) -> dict[str, Any]:
    return {"key": layer.key, "type": layer.type, "fields": _fields(chunk, layer.field)}


def _fields(chunk: Chunk, parent: prototxt.Field) -> list[dict[str, Any]]:
    flat = [
        one for child in parent.children for one in (child.children if child.kind is Kind.LIST else (child,))
    ]
    return [_stated(chunk, field) for field in flat if field.kind is not Kind.MISSING]


def _stated(chunk: Chunk, field: prototxt.Field) -> dict[str, Any]:
    if field.kind is Kind.MESSAGE:
        return {"name": field.name, "fields": _fields(chunk, field)}
    spelled = prototxt.string_value if field.kind is Kind.STRING else prototxt.raw
    return {"name": field.name, "value": spelled(chunk, field)}
