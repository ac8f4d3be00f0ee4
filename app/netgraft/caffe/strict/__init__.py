"""protobuf's own way through a text, to its first error: see `first_refusal`."""

from netgraft.caffe.strict.parser import Refusal, first_refusal

__all__ = ["Refusal", "first_refusal"]
