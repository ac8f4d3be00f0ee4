"""A plan read as the file that it will be, before or without writing it."""

from __future__ import annotations

from netgraft.weights.plan import Plan
from netgraft.weights.source import Source


class PlannedSource(Source):
    """The bytes of a planned .caffemodel: what is read of it is made, or read from its sources, just then."""

    __slots__ = ("plan",)

    def __init__(self, plan: Plan) -> None:
        """Raises WeightsError (kind `too-large`) where Caffe could not read the file."""
        plan.require_readable()
        self.plan = plan
        self.fd = None
        self.path = None
        self.view = None
        self.size = plan.size

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset`."""
        return b"".join(self.plan.chunks(offset, offset + length))
