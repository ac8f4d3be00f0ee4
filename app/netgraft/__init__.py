"""Netgraft: a visual editor for Caffe networks."""

__version__ = "0.1.0"
