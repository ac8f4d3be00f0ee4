"""A document as the browser draws it: layers, edges, share groups, and what Caffe says of them."""

from netgraft.web.graph.build import Look, build
from netgraft.web.graph.states import states_of

__all__ = ["Look", "build", "states_of"]
