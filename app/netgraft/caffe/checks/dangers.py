"""The registry of dangers: what Caffe does without a word and people rarely mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from netgraft.caffe.diagnostics import Diagnostic, Severity, declare
from netgraft.caffe.layers import Outline
from netgraft.caffe.model import Net, NetLayer
from netgraft.caffe.params import NetParam


@dataclass(frozen=True, slots=True)
class Scene:
    """What a danger check sees: the built net, the whole document, the stages in force, and the layer that
    each layer's start weights are copied from, where that is known."""

    net: Net
    outline: Outline
    stages: frozenset[str]
    origins: Mapping[str, str | None]

    def layer_of(self, param: int) -> NetLayer:
        """The layer that has this parameter blob."""
        return self.net.layers[self.net.params[param].layer]

    def role(self, param: int) -> str:
        """What the blob is in its layer: "weight", "bias", ..., by the catalogue."""
        blob = self.net.params[param]
        return role(self.net.layers[blob.layer], blob)


def role(layer: NetLayer, param: NetParam) -> str:
    """What a blob is in its layer; `blob 0` where the catalogue does not say."""
    roles = layer.known.roles(layer.message) if layer.known is not None else ()
    return roles[param.blob] if param.blob < len(roles) else f"blob {param.blob}"


Check = Callable[[Scene], Iterator[Diagnostic]]
CHECKS: dict[str, Check] = {}


def danger(code: str, title: str, severity: Severity = "warning") -> Callable[[Check], Check]:
    """Registers a check under its code. The check yields diagnostics with that code."""
    declare(code, severity, title)

    def register(check: Check) -> Check:
        CHECKS[code] = check
        return check

    return register


def find_dangers(scene: Scene) -> list[Diagnostic]:
    """What all registered checks find."""
    return [diagnostic for check in CHECKS.values() for diagnostic in check(scene)]
