"""Parameter blobs: who owns which, and at what rate it learns (Net::AppendParam)."""

from __future__ import annotations

from typing import Literal, NamedTuple

from netgraft.caffe.catalogue.registry import Shape
from netgraft.caffe.catalogue.shapes import total
from netgraft.caffe.facts import ParamFacts


class NetParam(NamedTuple):
    """A parameter blob of a layer. `layer` and `blob` are indices, `owner` is -1 or an index into Net.params;
    `name` is what Caffe shows for it. `lr` and `decay` are those in force: the owner's."""

    layer: int
    blob: int
    name: str
    shared_name: str
    owner: int
    shape: Shape | None
    lr: float
    decay: float
    lr_stated: bool
    decay_stated: bool


class Learnable(NamedTuple):
    """What the solver updates: one an owner, in order. `param` is an index into Net.params."""

    param: int
    lr: float
    decay: float


class ShareGroup(NamedTuple):
    """All uses of one `param` name, the owner first (indices into Net.params), even if it is used only once.
    `lr_from` and `decay_from` say whose statement rules, -1 where nobody states it."""

    name: str
    members: tuple[int, ...]
    shape: Shape | None
    lr: float
    decay: float
    lr_from: int
    decay_from: int


class Clash(NamedTuple):
    """A sharer that Caffe refuses: `param` and `owner` are indices into Net.params, `stated` and `group` the
    two rates (for "lr" and "decay")."""

    kind: Literal["shape", "count", "lr", "decay"]
    param: int
    owner: int
    stated: float = 0.0
    group: float = 0.0


class _Learnable:
    """A learnable blob in the making; `lr_from` and `decay_from` are param indices, or -1."""

    __slots__ = ("decay", "decay_from", "lr", "lr_from", "members")

    def __init__(self, owner: int, spec: ParamFacts) -> None:
        self.members = [owner]
        self.lr = spec.lr
        self.decay = spec.decay
        self.lr_from = owner if spec.lr_stated else -1
        self.decay_from = owner if spec.decay_stated else -1


class ParamTable:
    """Net's params_ and learnable_params_ while layers are added in order."""

    __slots__ = ("_learnables", "_names", "_rows")

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, Shape | None, ParamFacts, _Learnable]] = []
        self._learnables: list[_Learnable] = []
        self._names: dict[str, _Learnable] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, index: int) -> tuple[int, int, Shape | None, ParamFacts]:
        """Of one blob: its layer's index, its number in the layer, its shape and what is stated of it."""
        return self._rows[index][:4]

    def append(self, layer: int, blob: int, shape: Shape | None, spec: ParamFacts) -> list[Clash]:
        """Adds the next blob; returns what Caffe would refuse about it, in Caffe's order."""
        index = len(self._rows)
        learnable = self._names.get(spec.name) if spec.name else None
        if learnable is None:
            learnable = _Learnable(index, spec)
            self._learnables.append(learnable)
            if spec.name:
                self._names[spec.name] = learnable
            self._rows.append((layer, blob, shape, spec, learnable))
            return []
        learnable.members.append(index)
        self._rows.append((layer, blob, shape, spec, learnable))
        return self._share(index, shape, spec, learnable)

    def _share(self, index: int, shape: Shape | None, spec: ParamFacts, group: _Learnable) -> list[Clash]:
        clashes: list[Clash] = []
        owner = group.members[0]
        owner_shape = self._rows[owner][2]
        if shape is not None and owner_shape is not None:
            if spec.permissive:
                if total(shape) != total(owner_shape):
                    clashes.append(Clash("count", index, owner))
            elif tuple.__ne__(shape, owner_shape):
                clashes.append(Clash("shape", index, owner))
        if spec.lr_stated:
            if group.lr_from < 0:
                group.lr, group.lr_from = spec.lr, index
            elif spec.lr != group.lr:
                clashes.append(Clash("lr", index, owner, spec.lr, group.lr))
        if spec.decay_stated:
            if group.decay_from < 0:
                group.decay, group.decay_from = spec.decay, index
            elif spec.decay != group.decay:
                clashes.append(Clash("decay", index, owner, spec.decay, group.decay))
        return clashes

    def params(self) -> tuple[NetParam, ...]:
        """Every blob of every layer, in order, with the rates now in force."""
        new, make = tuple.__new__, NetParam
        return tuple(
            [
                new(
                    make,
                    (
                        layer,
                        blob,
                        spec.name or str(blob),
                        spec.name,
                        -1 if group.members[0] == index else group.members[0],
                        shape,
                        group.lr,
                        group.decay,
                        spec.lr_stated,
                        spec.decay_stated,
                    ),
                )
                for index, (layer, blob, shape, spec, group) in enumerate(self._rows)
            ]
        )

    def learnable(self) -> tuple[Learnable, ...]:
        """One entry an owner, in order."""
        return tuple([Learnable(group.members[0], group.lr, group.decay) for group in self._learnables])

    def groups(self) -> tuple[ShareGroup, ...]:
        """Every `param` name with its uses, in order of first use."""
        return tuple(
            [
                ShareGroup(
                    name,
                    tuple(group.members),
                    self._rows[group.members[0]][2],
                    group.lr,
                    group.decay,
                    group.lr_from,
                    group.decay_from,
                )
                for name, group in self._names.items()
            ]
        )
