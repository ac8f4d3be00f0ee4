"""Netgraft: a visual editor for Caffe networks, and what it does as a library (docs/python.md).

    import netgraft

    net = netgraft.open("N.prototxt", weights="N.caffemodel")
    twins = net.duplicate("conv1..fc7", scale_lr=[1, 10], inputs="separate", join="concat")
    twins.save("twins")

What is named in `__all__` is public and kept; the rooms below it (netgraft.caffe and so on) may change.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Document",
    "EditError",
    "Finding",
    "Saved",
    "Training",
    "Verdict",
    "WeightsError",
    "__version__",
    "open",
    "parse",
    "weights",
]

if TYPE_CHECKING:
    from netgraft import weights
    from netgraft.api import Document, EditError, Finding, Saved, Training, Verdict, WeightsError, open, parse


def __getattr__(name: str) -> Any:
    """Loads what is asked for when it is asked for: `netgraft check` needs none of it."""
    if name not in __all__:
        raise AttributeError(f"module 'netgraft' has no attribute {name!r}")
    if name == "weights":
        return import_module("netgraft.weights")
    found = globals()[name] = getattr(import_module("netgraft.api"), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
