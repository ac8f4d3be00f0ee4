"""The codes of what is said about weights; docs/weights.md has a section for each."""

from __future__ import annotations

from netgraft.caffe.diagnostics import Code

LANDS_NOWHERE = "lands-nowhere"
SHARED_DIFFER = "shared-blobs-differ"
STORED_TWICE = "stored-twice"
TOO_LARGE = "too-large-to-read"
COUNT = "weights-count"
SHAPE = "weights-shape"
DATA = "weights-data"
SOURCE = "weights-source"
MIXED_FORMATS = "weights-mixed"

CODES: dict[str, Code] = {
    code.code: code
    for code in (
        Code(LANDS_NOWHERE, "warning", "Stored weights and the net do not meet"),
        Code(SHARED_DIFFER, "warning", "The weights store different values for one parameter"),
        Code(STORED_TWICE, "warning", "The weights hold a layer twice"),
        Code(TOO_LARGE, "error", "The caffemodel is too large for Caffe's reader"),
        Code(COUNT, "error", "The weights hold another number of blobs"),
        Code(SHAPE, "error", "The weights hold a blob of another shape"),
        Code(DATA, "error", "The weights hold a blob whose values Caffe cannot read"),
        Code(SOURCE, "error", "The weights that a layer takes from are not there"),
        Code(MIXED_FORMATS, "error", "The weights mix `layer` and `layers`"),
    )
}
