"""Old formats rewritten as text in the format of Caffe 1.0: comments, order and spelling stay."""

from netgraft.edit.upgrade.whole import modernise, modernise_layers, upgrade

__all__ = ["modernise", "modernise_layers", "upgrade"]
