"""The caffemodel half of the pair: indexed, matched, grafted and verified without decoding a blob."""

from netgraft.weights.arriving import Arriving
from netgraft.weights.errors import WeightsError
from netgraft.weights.hdf5_export import write_hdf5
from netgraft.weights.match import BlobMatch, Match, Matching, match
from netgraft.weights.opening import index
from netgraft.weights.origin import Origin
from netgraft.weights.plan import Plan, plan
from netgraft.weights.report import GraftedLayer, GraftReport
from netgraft.weights.stats import BlobStats, filter_images, filter_sheet, stats
from netgraft.weights.stored import Index, StoredBlob, StoredLayer
from netgraft.weights.target import Target, targets
from netgraft.weights.verify import BlobProof, Proof, verify
from netgraft.weights.write import write

__all__ = [
    "Arriving",
    "BlobMatch",
    "BlobProof",
    "BlobStats",
    "GraftReport",
    "GraftedLayer",
    "Index",
    "Match",
    "Matching",
    "Origin",
    "Plan",
    "Proof",
    "StoredBlob",
    "StoredLayer",
    "Target",
    "WeightsError",
    "filter_images",
    "filter_sheet",
    "index",
    "match",
    "plan",
    "stats",
    "targets",
    "verify",
    "write",
    "write_hdf5",
]
