"""The catalogue of layer types. Importing it registers every type that Netgraft knows."""

from netgraft.caffe.catalogue import (
    activation,
    convolution,
    data,
    forks,
    inner_product,
    joining,
    losses,
    normalization,
    pooling,
    recurrent,
    scaling,
    shaping,
    utility,
)

__all__ = [
    "activation",
    "convolution",
    "data",
    "forks",
    "inner_product",
    "joining",
    "losses",
    "normalization",
    "pooling",
    "recurrent",
    "scaling",
    "shaping",
    "utility",
]
