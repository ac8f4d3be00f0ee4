"""What a duplicate is asked to do: the parts of the operation, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Inputs = Literal["same", "separate", "slice"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Share(_Part):
    """Which layers' parameters the copies have in common."""

    default: Literal["none", "all"] = Field(
        default="none",
        description="For every layer that `layers` does not name; `all` leaves BatchNorm statistics out.",
    )
    layers: dict[str, Literal["shared", "independent"]] = Field(
        default_factory=dict, description="By layer name or key of the selection."
    )


class LayerRate(_Part):
    """How fast one layer of a copy learns; what is null stays as it is."""

    lr_mult: float | None = Field(default=None, description="Set for every parameter blob.")
    scale_lr: float | None = Field(
        default=None, description="Multiplies each blob's lr_mult (1 where unstated)."
    )
    decay_mult: float | None = Field(default=None, description="Set for every parameter blob.")
    freeze: bool = Field(default=False, description="lr_mult 0 and decay_mult 0.")

    @property
    def idle(self) -> bool:
        """Whether it changes nothing."""
        return self.lr_mult is None and self.scale_lr is None and self.decay_mult is None and not self.freeze


class Rate(LayerRate):
    """How fast one copy learns, with other rates for some of its layers."""

    layers: dict[str, LayerRate] = Field(
        default_factory=dict, description="By layer name: instead of the copy's own rate."
    )

    def for_layer(self, name: str, key: str) -> LayerRate:
        """The rate for one layer of the selection."""
        return self.layers.get(key) or self.layers.get(name) or self


class Join(_Part):
    """How the copies' outputs become one."""

    kind: Literal["none", "concat", "eltwise", "contrastive"] = Field(
        default="none",
        description="`none`: readers outside stay on the first copy. `concat`, `eltwise`: they read the "
        "join. `contrastive`: a ContrastiveLoss over two copies, flattened first where they are no vectors.",
    )
    axis: int | None = Field(default=None, description="For concat; 1 by default.")
    operation: Literal["SUM", "PROD", "MAX"] | None = Field(
        default=None, description="For eltwise; SUM by default."
    )
    name: str | None = Field(
        default=None, description="Of the join layer and its blob; made from the joined blob by default."
    )
    label: str | None = Field(
        default=None, description="For contrastive: the blob that says which pairs are alike."
    )
    margin: Annotated[float | None, Field(gt=0, description="For contrastive; 1 by default.")] = None
    blobs: list[str] | None = Field(
        default=None,
        description="Which outputs of the selection are joined; all that are read outside by default.",
    )
