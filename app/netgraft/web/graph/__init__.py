"""A document as the browser draws it: layers, edges, share groups, and what Caffe says of them."""

from netgraft.web.graph.ahead import Ahead, Made
from netgraft.web.graph.build import Asked, Look, build
from netgraft.web.graph.changes import Graph, Shown
from netgraft.web.graph.states import states_of

__all__ = ["Ahead", "Asked", "Graph", "Look", "Made", "Shown", "build", "states_of"]
