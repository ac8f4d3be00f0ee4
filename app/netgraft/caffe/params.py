"""Parameter blobs: who owns which, and at what rate it learns (Net::AppendParam)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

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


class _Shared:
    """A blob with a name in the making: its users, the owner first, and the rates in force so far, with the
    param index of who stated them (or -1)."""

    __slots__ = ("decay", "decay_from", "lr", "lr_from", "members")

    def __init__(self, owner: int, spec: ParamFacts) -> None:
        self.members = [owner]
        self.lr = spec.lr
        self.decay = spec.decay
        self.lr_from = owner if spec.lr_stated else -1
        self.decay_from = owner if spec.decay_stated else -1


class ParamTable:
    """Net's params_ and learnable_params_ while layers are added in order."""

    __slots__ = ("_named", "_rows", "_users")

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, Shape | None, ParamFacts]] = []
        self._named: dict[str, _Shared] = {}
        self._users: dict[int, _Shared] = {}  # by param index, those with a name

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, index: int) -> tuple[int, int, Shape | None, ParamFacts]:
        """Of one blob: its layer's index, its number in the layer, its shape and what is stated of it."""
        return self._rows[index]

    def append(self, layer: int, blob: int, shape: Shape | None, spec: ParamFacts) -> list[Clash] | None:
        """Adds the next blob; returns what Caffe would refuse about it, in Caffe's order."""
        rows = self._rows
        if not spec.name:
            rows.append((layer, blob, shape, spec))
            return None
        index = len(rows)
        rows.append((layer, blob, shape, spec))
        shared = self._named.get(spec.name)
        if shared is None:
            self._users[index] = self._named[spec.name] = _Shared(index, spec)
            return None
        self._users[index] = shared
        shared.members.append(index)
        return self._share(index, shape, spec, shared)

    def _share(self, index: int, shape: Shape | None, spec: ParamFacts, shared: _Shared) -> list[Clash]:
        clashes: list[Clash] = []
        owner = shared.members[0]
        owner_shape = self._rows[owner][2]
        if shape is not None and owner_shape is not None:
            if spec.permissive:
                if total(shape) != total(owner_shape):
                    clashes.append(Clash("count", index, owner))
            elif tuple.__ne__(shape, owner_shape):
                clashes.append(Clash("shape", index, owner))
        if spec.lr_stated:
            if shared.lr_from < 0:
                shared.lr, shared.lr_from = spec.lr, index
            elif spec.lr != shared.lr:
                clashes.append(Clash("lr", index, owner, spec.lr, shared.lr))
        if spec.decay_stated:
            if shared.decay_from < 0:
                shared.decay, shared.decay_from = spec.decay, index
            elif spec.decay != shared.decay:
                clashes.append(Clash("decay", index, owner, spec.decay, shared.decay))
        return clashes

    def params(self) -> tuple[NetParam, ...]:
        """Every blob of every layer, in order, with the rates now in force."""
        new, make, users = tuple.__new__, NetParam, self._users
        out: list[NetParam] = []
        for index, (layer, blob, shape, spec) in enumerate(self._rows):
            name, lr, decay, lr_stated, decay_stated, _ = spec
            shown, owner = name, -1
            if name:
                shared = users[index]
                lr, decay = shared.lr, shared.decay
                if shared.members[0] != index:
                    owner = shared.members[0]
            else:
                shown = _NUMBERS[blob] if blob < 8 else str(blob)
            row = (layer, blob, shown, name, owner, shape, lr, decay, lr_stated, decay_stated)
            out.append(new(make, row))
        return tuple(out)

    def groups(self) -> tuple[ShareGroup, ...]:
        """Every `param` name with its uses, in order of first use."""
        return tuple(
            [
                ShareGroup(
                    name,
                    tuple(shared.members),
                    self._rows[shared.members[0]][2],
                    shared.lr,
                    shared.decay,
                    shared.lr_from,
                    shared.decay_from,
                )
                for name, shared in self._named.items()
            ]
        )


_NUMBERS: Final = tuple(str(number) for number in range(8))


def learnable(params: Sequence[NetParam]) -> tuple[Learnable, ...]:
    """What the solver updates (Net::learnable_params): one entry an owner, in order."""
    new, make = tuple.__new__, Learnable
    return tuple(
        [new(make, (index, param[6], param[7])) for index, param in enumerate(params) if param[4] < 0]
    )
