"""What a parameter blob starts from when no weights are loaded into it: its filler, said in a few words."""

from __future__ import annotations

from netgraft.proto import caffe_pb2

_DEFAULTS = {
    ("PReLU", 0): "constant 0.25",
    ("Scale", 0): "constant 1",
    ("BatchNorm", 0): "constant 0",
    ("BatchNorm", 1): "constant 0",
    ("BatchNorm", 2): "constant 0",
}
"""Types whose layer sets another filler than FillerParameter's own default."""


def filler_of(layer: caffe_pb2.LayerParameter, blob: int) -> str:
    """The filler of one blob as `xavier` or `constant 0.1`; of a type that states none, `constant 0`.

    The first blob has `weight_filler` or `filler`, the second `bias_filler`, as in every layer of BVLC Caffe.
    """
    names = ("weight_filler", "filler") if blob == 0 else ("bias_filler",)
    if layer.type in ("LSTM", "RNN"):
        # LSTM: input weights, bias, state weights; RNN: the same, then output weights and bias.
        names = ("bias_filler",) if blob in (1, 4) else ("weight_filler",)
    for field, message in layer.ListFields():
        if not field.name.endswith("_param") or field.message_type is None or field.is_repeated:
            continue
        for name in names:
            if name in field.message_type.fields_by_name and message.HasField(name):
                return _words(getattr(message, name))
    return _DEFAULTS.get((layer.type, blob), "constant 0")


def _words(filler: caffe_pb2.FillerParameter) -> str:
    if filler.type == "constant":
        return f"constant {filler.value:g}"
    if filler.type == "uniform":
        return f"uniform {filler.min:g} to {filler.max:g}"
    if filler.type == "gaussian":
        mean = f"mean {filler.mean:g}, " if filler.mean else ""
        return f"gaussian ({mean}std {filler.std:g})"
    return filler.type
