"""The list of checks: what Caffe aborts on (errors), and what it would silently do (warnings).

One file a topic; importing this registers them all. Each code has a section in docs/checks.md.
"""

from netgraft.caffe.checks import (
    connections,
    formats,
    names,
    parsing,
    setup,
    shares,
    sharing,
    solvers,
    sources,
    twins,
)

__all__ = [
    "connections",
    "formats",
    "names",
    "parsing",
    "setup",
    "shares",
    "sharing",
    "solvers",
    "sources",
    "twins",
]
