"""The library: what `import netgraft` gives. Documents are values; each change makes another one."""

from netgraft.api.document import Document, open, parse
from netgraft.api.saving import Saved
from netgraft.api.training import Training
from netgraft.api.verdict import Finding, Verdict
from netgraft.edit import EditError
from netgraft.weights import WeightsError

__all__ = [
    "Document",
    "EditError",
    "Finding",
    "Saved",
    "Training",
    "Verdict",
    "WeightsError",
    "open",
    "parse",
]
