"""Sets one layer up as the catalogue does, from its type and the text of its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pytest
from google.protobuf import text_format

from netgraft.caffe.catalogue import layer_checks, registry
from netgraft.proto import caffe_pb2

Shape = tuple[int, ...]


class Bench:
    """Runs CheckBlobCounts, setup and SetLossWeights on one layer."""

    def layer(self, kind: str, params: str = "", more: str = "") -> caffe_pb2.LayerParameter:
        """A layer of that type; `params` goes into the type's own parameter message."""
        known = registry.lookup(kind)
        assert known is not None, kind
        own = f"{known.param_field} {{ {params} }}" if params and known.param_field else ""
        text = f'name: "subject" type: "{kind}" {own} {more}'
        return text_format.Parse(text, caffe_pb2.LayerParameter())

    def context(
        self,
        layer: caffe_pb2.LayerParameter,
        bottoms: tuple[Shape | None, ...],
        tops: int = 1,
        phase: Literal["TRAIN", "TEST"] = "TEST",
        datum: Mapping[str, tuple[int, int, int]] | None = None,
        fork: registry.ForkFields | None = None,
    ) -> registry.LayerContext:
        """The layer with its blobs; names are made up where the text gives none."""
        for index in range(len(layer.bottom), len(bottoms)):
            layer.bottom.append(f"bottom{index}")
        for index in range(len(layer.top), tops):
            layer.top.append(f"top{index}")
        return registry.LayerContext(layer, bottoms, tops, phase, (datum or {}).get, fork or {})

    def run(
        self,
        kind: str,
        params: str = "",
        *bottoms: Shape | None,
        tops: int = 1,
        more: str = "",
        phase: Literal["TRAIN", "TEST"] = "TEST",
        datum: Mapping[str, tuple[int, int, int]] | None = None,
        fork: registry.ForkFields | None = None,
    ) -> registry.Outcome:
        """What the layer makes; raises Refusal with Caffe's words."""
        known = registry.lookup(kind)
        assert known is not None, kind
        layer = self.layer(kind, params, more)
        context = self.context(layer, bottoms, tops, phase, datum, fork)
        layer_checks.create(known, layer)
        layer_checks.check_blob_counts(known, len(bottoms), tops)
        try:
            outcome = known.setup(context)
        except registry.Unknown:
            return registry.Outcome([None] * tops, [None] * len(known.roles(layer)))
        layer_checks.loss_weights(known, layer, outcome.tops)
        if outcome.blobs is not None:
            assert len(outcome.blobs) == len(known.roles(layer))
        return outcome

    def tops(self, kind: str, params: str = "", *bottoms: Shape | None, **rest: Any) -> list[Shape | None]:
        """The shapes of the tops only."""
        return self.run(kind, params, *bottoms, **rest).tops

    def refusal(self, kind: str, params: str = "", *bottoms: Shape | None, **rest: Any) -> str:
        """Caffe's words on a layer that it does not take."""
        with pytest.raises(registry.Refusal) as caught:
            self.run(kind, params, *bottoms, **rest)
        return caught.value.message


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def set_up(bench: Bench) -> Callable[..., registry.Outcome]:
    """`set_up(type, params, *bottoms, tops=1, ...)` gives the outcome."""
    return bench.run


@pytest.fixture(scope="session")
def tops_of(bench: Bench) -> Callable[..., list[Shape | None]]:
    """`tops_of(type, params, *bottoms, tops=1, ...)` gives the tops' shapes."""
    return bench.tops


@pytest.fixture(scope="session")
def refusal_of(bench: Bench) -> Callable[..., str]:
    """`refusal_of(type, params, *bottoms, tops=1, ...)` gives Caffe's words."""
    return bench.refusal
