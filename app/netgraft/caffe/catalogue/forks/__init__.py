"""Layer types of Caffe's forks that real nets use most, each named after the repository it was read from.

Forks share names and not always meanings: where the file does not tell which one is meant, shapes
and blobs are unknown. A refusal is given only where every known fork refuses.
"""

from netgraft.caffe.catalogue.forks import detection, mobile, regions, segmentation, sequence, yolo

__all__ = ["detection", "mobile", "regions", "segmentation", "sequence", "yolo"]
