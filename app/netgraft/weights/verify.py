"""The proof after an export: the written file read anew, and every blob compared with where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from netgraft.weights.compare import first_difference
from netgraft.weights.merges import Merges
from netgraft.weights.origin import Origin
from netgraft.weights.resolve import find_clash, resolve
from netgraft.weights.stored import Index, StoredBlob, StoredLayer
from netgraft.weights.target import Target

Finding = Literal["equal", "shared", "filler", "differs", "unknown", "missing", "misfit"]
GOOD: tuple[Finding, ...] = ("equal", "shared", "filler")


@dataclass(frozen=True, slots=True)
class BlobProof:
    """One blob of the net, by what was found.

    `equal` to the stored blob that `source` names, bit for bit; `shared`: left out, as its owner has it;
    `filler`: not stored, nor meant to be. All else is a failure, told in `message`.
    """

    layer: str
    blob: int
    finding: Finding
    source: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """What verification found: a row a blob, and the stored layers that the net would ignore."""

    rows: tuple[BlobProof, ...]
    ignored: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every blob of the net is what and where it should be."""
        return all(row.finding in GOOD for row in self.rows)

    @property
    def failures(self) -> tuple[BlobProof, ...]:
        """The rows that are no good."""
        return tuple(row for row in self.rows if row.finding not in GOOD)

    def __str__(self) -> str:
        """What came out in a line, and a line for each failure."""
        if self.ok:
            equal = sum(row.finding == "equal" for row in self.rows)
            return f"every copied blob equals its source, bit for bit: {equal} of {equal}"
        head = f"{len(self.failures)} of {len(self.rows)} blobs are not as they should be"
        told = [f"{row.layer}/{row.blob}: {row.message or row.finding}" for row in self.failures]
        return "\n".join([head, *told])

    __repr__ = __str__


@dataclass(slots=True)
class _Digests:
    """Blobs of the originals by their values, hashed once and only where the number of values fits."""

    sources: Mapping[str, Index]
    by_count: dict[tuple[str, int], dict[bytes, list[tuple[str, str, int]]]] = field(default_factory=dict)

    def find(self, blob: StoredBlob) -> list[tuple[str, str, int]]:
        """(source, layer, blob index) of every original blob with these very values."""
        key = blob.dtype, blob.count
        if key not in self.by_count:
            table: dict[bytes, list[tuple[str, str, int]]] = {}
            for source, layer, index, other in _blobs(self.sources):
                if (other.dtype, other.count) == key:
                    table.setdefault(digest(other), []).append((source, layer.name, index))
            self.by_count[key] = table
        return self.by_count[key].get(digest(blob), [])


def _blobs(sources: Mapping[str, Index]) -> Iterator[tuple[str, StoredLayer, int, StoredBlob]]:
    for source, index in sources.items():
        for layer in index.layers:
            for position, blob in zip(layer.positions or range(len(layer.blobs)), layer.blobs, strict=True):
                yield source, layer, position, blob


def digest(blob: StoredBlob) -> bytes:
    """A hash of a blob's values, read in pieces."""
    state = hashlib.blake2b(digest_size=16)
    for piece in blob.pieces():
        state.update(piece)
    return state.digest()


def verify(
    written: Index,
    targets: Sequence[Target],
    sources: Index | Mapping[str, Index],
    origins: Mapping[str, Origin | None] | None = None,
    eps: Mapping[str, float] = {},
) -> Proof:
    """Compares a written file with the net and the originals.

    With `origins` each blob must equal its very source. Without (a pair found on disk) it must equal some
    blob of the originals, or what one of their BatchNorms makes of one, and the row names it; `eps` are those
    of BatchNorms by layer name, as the originals' nets state them. A layer that is not stored passes if its
    owners are, or if nothing that the originals hold was meant for it.
    """
    indexes = {"": sources} if isinstance(sources, Index) else dict(sources)
    expected: dict[tuple[str, int], tuple[StoredBlob, str]] | None = None
    if origins is not None:
        expected = {}
        for layer in resolve(targets, indexes, origins):
            for position, blob in enumerate(layer.blobs):
                name = _title(blob.origin.source, blob.origin.name, blob.index)
                expected[layer.target.name, position] = blob.stored, name
    digests, merges = _Digests(indexes), Merges(indexes, eps)
    rows: list[BlobProof] = []
    seen: set[str] = set()
    for target in targets:
        if target.name in seen:
            continue
        seen.add(target.name)
        stored = written.effective(target.name)
        if stored is None:
            rows += _absent(target, written, expected, indexes)
        elif clash := find_clash(target, stored):
            rows.append(BlobProof(target.name, 0, "misfit", message=clash.strip()))
        elif expected is not None:
            rows += _against_origins(target, stored, written, expected)
        else:
            rows += _against_all(target, stored, indexes, digests, merges)
    ignored = tuple(
        dict.fromkeys(layer.name for layer in written.layers if layer.blobs and layer.name not in seen)
    )
    return Proof(tuple(rows), ignored)


def _title(source: str, layer: str, blob: int) -> str:
    return f"{layer}/{blob}" + (f" of {source}" if source else "")


def _absent(
    target: Target,
    written: Index,
    expected: Mapping[tuple[str, int], tuple[StoredBlob, str]] | None,
    sources: Mapping[str, Index],
) -> Iterator[BlobProof]:
    """A layer that the file leaves out."""
    for blob in range(len(target.blobs or ())):
        owner = target.owner(blob)
        if owner is not None and written.effective(owner[0]) is not None:
            yield BlobProof(target.name, blob, "shared", f"{owner[0]}/{owner[1]}")
            continue
        if expected is not None:
            wanted = (target.name, blob) in expected
        else:
            # One that does not fit any more, as a head behind a Concat, starts from its filler.
            held = [index.effective(target.name) for index in sources.values()]
            wanted = any(one is not None and not find_clash(target, one) for one in held)
        if wanted:
            yield BlobProof(target.name, blob, "missing", message="its weights are not in the file")
        else:
            yield BlobProof(target.name, blob, "filler")


def _against_origins(
    target: Target,
    stored: StoredLayer,
    written: Index,
    expected: Mapping[tuple[str, int], tuple[StoredBlob, str]],
) -> Iterator[BlobProof]:
    count = len(target.blobs) if target.blobs is not None else len(stored.blobs)
    for position in range(count):
        blob = stored.blob(position)
        if blob is None:
            owner = target.owner(position)
            held = owner is not None and written.effective(owner[0]) is not None
            title = f"{owner[0]}/{owner[1]}" if owner else ""
            yield BlobProof(target.name, position, "shared" if held else "missing", title)
        elif (target.name, position) not in expected:
            yield BlobProof(target.name, position, "unknown", message="no origin accounts for it")
        else:
            source, title = expected[target.name, position]
            yield _compared(target.name, position, blob, source, title)


def _compared(layer: str, position: int, blob: StoredBlob, source: StoredBlob, title: str) -> BlobProof:
    place = first_difference(blob, source)
    if place is None:
        return BlobProof(layer, position, "equal", title)
    return BlobProof(layer, position, "differs", title, f"differs from {title} at value {place}")


def _against_all(
    target: Target, stored: StoredLayer, sources: Mapping[str, Index], digests: _Digests, merges: Merges
) -> Iterator[BlobProof]:
    count = len(target.blobs) if target.blobs is not None else len(stored.blobs)
    blobs = [stored.blob(position) for position in range(count)]
    found = [digests.find(blob) if blob is not None else [] for blob in blobs]
    strange = any(blob is not None and not equals for blob, equals in zip(blobs, found, strict=True))
    origin = merges.find(target.name, blobs) if strange else None
    for position, (blob, equals) in enumerate(zip(blobs, found, strict=True)):
        if blob is None:
            owner = target.owner(position)
            title = f"{owner[0]}/{owner[1]}" if owner else ""
            yield BlobProof(target.name, position, "shared" if owner else "missing", title)
        elif origin is not None:
            yield BlobProof(target.name, position, "equal", _title(origin.source, origin.name, position))
        elif equals:
            # Of several equal ones, the layer's own, or one at the same place in its layer.
            nearest = min(equals, key=lambda entry: (entry[1] != target.name, entry[2] != position))
            yield BlobProof(target.name, position, "equal", _title(*nearest))
        else:
            yield _stranger(target.name, position, blob, sources)


def _stranger(layer: str, position: int, blob: StoredBlob, sources: Mapping[str, Index]) -> BlobProof:
    """A blob that no original holds: compared with the one of its own name, where there is one."""
    for source, index in sources.items():
        original = index.effective(layer)
        own = original.blob(position) if original is not None else None
        if own is not None and own.count == blob.count:
            return _compared(layer, position, blob, own, _title(source, layer, position))
    return BlobProof(layer, position, "unknown", message="equals no blob of the originals")
