"""Weights against a net, as Net::CopyTrainedLayersFrom would load them: a table, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from netgraft.caffe.diagnostics import Diagnostic
from netgraft.weights.codes import (
    COUNT,
    DATA,
    LANDS_NOWHERE,
    MIXED_FORMATS,
    SHAPE,
    SHARED_DIFFER,
    STORED_TWICE,
    TOO_LARGE,
)
from netgraft.weights.compare import equal_values
from netgraft.weights.fillers import filler_of
from netgraft.weights.stored import Index, Shape, StoredBlob, StoredLayer
from netgraft.weights.target import LayerLike, NetLike, ParamLike
from netgraft.weights.words import MIXED, READ_LIMIT, blob_clash, ignoring, layer_clash

State = Literal["loads", "filler", "ignored", "count-clash", "shape-clash", "data-clash"]
SHARED = "through the blob that it shares"
_CODES = {"count-clash": COUNT, "shape-clash": SHAPE, "data-clash": DATA}


@dataclass(frozen=True, slots=True)
class BlobMatch:
    """One blob of a net's layer: what is stored for it, and the filler that it starts from otherwise."""

    index: int
    state: State
    shape: Shape | None
    stored_shape: Shape | None
    filler: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One layer: of the net (`key`), or of the weights alone (`key` is "", state `ignored`).

    `message` holds Caffe's words for a clash and for `ignored`, else a remark or "".
    """

    key: str
    name: str
    state: State
    blobs: tuple[BlobMatch, ...]
    stored_blobs: int | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """The table: a row for each net layer that has blobs, or stored ones, then the ignored stored layers.

    `diagnostics` begins with what Caffe dies of, in the order in which it would.
    """

    rows: tuple[Match, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def loads(self) -> bool:
        """Whether Caffe loads the weights into the net."""
        return not any(diagnostic.severity == "error" for diagnostic in self.diagnostics)

    def __iter__(self) -> Iterator[Match]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(slots=True)
class _Matcher:
    index: Index
    layers: Sequence[LayerLike]
    params: Sequence[ParamLike]
    fork: bool
    errors: list[Diagnostic] = field(default_factory=list)
    remarks: list[Diagnostic] = field(default_factory=list)
    owners: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    loaded: dict[tuple[int, int], tuple[int, StoredBlob]] = field(default_factory=dict)
    """(net layer, blob) -> (load order, stored blob): what the layer's own stored blobs put into it last."""
    rows: dict[int, Match] = field(default_factory=dict)

    def load(self) -> list[Match]:
        """Loads every stored layer in turn, as Caffe does; returns the rows of those that are ignored."""
        # The binary reader takes the first net layer of a name, the HDF5 reader the last.
        positions: dict[str, int] = {}
        for position, layer in enumerate(self.layers):
            if self.index.format == "hdf5":
                positions[layer.name] = position
            else:
                positions.setdefault(layer.name, position)
        ignored: list[Match] = []
        for order, stored in enumerate(self.index.layers):
            target = positions.get(stored.name)
            if target is not None:
                self._load_layer(target, order, stored)
            elif stored.blobs:
                ignored.append(self._ignored(stored))
        return ignored

    def _ignored(self, stored: StoredLayer) -> Match:
        count = len(stored.blobs)
        self.remarks.append(
            Diagnostic(
                LANDS_NOWHERE,
                "warning",
                f"{ignoring(stored.name)}: the net has no layer of that name, so the {count} stored "
                f"{'blob is' if count == 1 else 'blobs are'} not used",
            )
        )
        return Match("", stored.name, "ignored", (), count, ignoring(stored.name))

    def _load_layer(self, position: int, order: int, stored: StoredLayer) -> None:
        layer = self.layers[position]
        if not layer.blobs and not stored.blobs:
            return
        if not layer.blobs_known:
            self.rows[position] = Match(
                layer.key,
                layer.name,
                "loads",
                (),
                len(stored.blobs),
                "its type is not known, nor are its blobs",
            )
            return
        if position in self.rows and stored.blobs:
            self.remarks.append(
                Diagnostic(
                    STORED_TWICE,
                    "warning",
                    f"Layer '{stored.name}' is stored more than once; the last one wins",
                    layer=layer.key,
                )
            )
        owners = [self.owners.get((position, blob)) for blob in range(len(layer.blobs))]
        if clash := layer_clash(stored.name, layer.blobs, owners, stored):
            self._clash(layer, "count-clash", clash)
            self.rows[position] = Match(layer.key, layer.name, "count-clash", (), len(stored.blobs), clash)
            return
        blobs = []
        worst: tuple[State, str] = ("loads", "")
        for blob, shape in enumerate(layer.blobs):
            kept = stored.blob(blob)
            filler = filler_of(layer.message, blob)
            if kept is None:
                blobs.append(BlobMatch(blob, "filler", shape, None, filler))
                continue
            found = blob_clash(stored.name, blob, kept, shape, fork=self.fork)
            if found is None:
                self.loaded[position, blob] = order, kept
                blobs.append(BlobMatch(blob, "loads", shape, kept.shape, filler))
                continue
            blobs.append(BlobMatch(blob, found[0], shape, kept.shape, filler, found[1]))
            if worst[0] == "loads":
                worst = found
                self._clash(layer, *found)
        self.rows[position] = Match(
            layer.key, layer.name, worst[0], tuple(blobs), len(stored.blobs), worst[1]
        )

    def _clash(self, layer: LayerLike, state: State, words: str) -> None:
        self.errors.append(
            Diagnostic(
                _CODES[state],
                "error",
                f"The weights stored for layer '{layer.name}' do not fit it: {words.strip()}",
                caffe_message=words,
                layer=layer.key,
            )
        )

    def fill(self) -> None:
        """Settles the blobs that nothing was stored for: a member of their group fills them, or a filler."""
        filled = {self.owners.get(member, member) for member in self.loaded}
        for position, layer in enumerate(self.layers):
            row = self.rows.get(position)
            if not layer.blobs or (row is not None and all(blob.state != "filler" for blob in row.blobs)):
                continue
            blobs = (
                row.blobs
                if row is not None
                else tuple(
                    BlobMatch(blob, "filler", shape, None, filler_of(layer.message, blob))
                    for blob, shape in enumerate(layer.blobs)
                )
            )
            blobs = tuple(
                replace(blob, state="loads", message=SHARED)
                if blob.state == "filler"
                and self.owners.get((position, blob.index), (position, blob.index)) in filled
                else blob
                for blob in blobs
            )
            random = [blob.filler for blob in blobs if blob.state == "filler"]
            if row is None or row.state == "loads":
                count = None if row is None else row.stored_blobs
                state: State = "filler" if random else "loads"
                message = SHARED if row is None and not random else ""
                self.rows[position] = Match(layer.key, layer.name, state, blobs, count, message)
            if random:
                self.remarks.append(
                    Diagnostic(
                        LANDS_NOWHERE,
                        "info",
                        f"Nothing is stored for layer '{layer.name}': it starts from its fillers "
                        f"({', '.join(random)})",
                        layer=layer.key,
                    )
                )

    def compare_sharers(self) -> None:
        """Finds parameters for which the weights store several values; the last loaded wins."""
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for member, owner in self.owners.items():
            groups.setdefault(owner, [owner]).append(member)
        names = {(param.layer, param.blob): param.shared_name for param in self.params}
        for owner, members in groups.items():
            stored = sorted((self.loaded[member][0], member) for member in members if member in self.loaded)
            if len(stored) < 2:
                continue
            last = stored[-1][1]
            other = [
                member
                for _, member in stored[:-1]
                if not equal_values(self.loaded[member][1], self.loaded[last][1])
            ]
            if other:
                lost = ", ".join(f"'{self.layers[layer].name}'" for layer, _ in other)
                self.remarks.append(
                    Diagnostic(
                        SHARED_DIFFER,
                        "warning",
                        f"The weights store different values for param '{names[owner]}': that of layer "
                        f"'{self.layers[last[0]].name}' is loaded last and wins over that of {lost}",
                        layer=self.layers[owner[0]].key,
                        blob=names[owner],
                    )
                )


def match(
    index: Index, net: NetLike | Sequence[LayerLike], *, fork: bool = False, compare: bool = True
) -> Matching:
    """Matches a file's weights with a net of one phase.

    A bare sequence of layers stands for a net that shares nothing. `fork`: the Caffe that will read the file
    knows NVIDIA's raw_data. `compare` reads the values of shared blobs (a second a gigabyte); without it
    `shared-blobs-differ` is not looked for.
    """
    if isinstance(net, Sequence):
        layers, params = net, list[ParamLike]()
    else:
        layers, params = net.layers, list(net.params)
    matcher = _Matcher(index, layers, params, fork)
    for param in params:
        if param.owner >= 0:
            owner = params[param.owner]
            matcher.owners[param.layer, param.blob] = owner.layer, owner.blob
    if index.format != "hdf5" and index.size >= READ_LIMIT:
        matcher.errors.append(
            Diagnostic(
                TOO_LARGE,
                "error",
                f"The caffemodel has {index.size:,} bytes, but Caffe reads only fewer than {READ_LIMIT:,}; "
                "as HDF5 it has no such limit",
                caffe_message="Check failed: ReadProtoFromBinaryFile(param_file, param) Failed to parse "
                "NetParameter file: ",
            )
        )
    if index.mixed:
        matcher.errors.append(
            Diagnostic(
                MIXED_FORMATS, "error", "The file holds both `layer` and `layers`", caffe_message=MIXED
            )
        )
    ignored = matcher.load()
    matcher.fill()
    if compare:
        matcher.compare_sharers()
    rows = tuple(row for _, row in sorted(matcher.rows.items()))
    return Matching(rows + tuple(ignored), tuple(matcher.errors + matcher.remarks))
