"""RNN, LSTM and LSTMUnit. The first two are nets of their own, unrolled over the time steps."""

from __future__ import annotations

from dataclasses import dataclass

from netgraft.caffe.catalogue.fillers import filled
from netgraft.caffe.catalogue.layer_checks import check_bottoms, check_tops
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Setup, Shape, register
from netgraft.caffe.catalogue.shapes import (
    axis_size,
    canonical_axis,
    check_eq,
    count,
    fail,
    int32,
    reshape,
    shape_string,
    touch,
)
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter


@dataclass(frozen=True, slots=True)
class _Cell:
    """What tells RNN and LSTM apart: hidden blobs, gates an output, and the names of the parameters."""

    name: str
    hidden: int  # RecurrentInputBlobNames
    gates: int  # values that the input transform makes for each output
    own: tuple[str, str]  # of the input: weight, bias
    static: str  # of the static input
    rest: tuple[str, ...]  # from the hidden state on


_RNN = _Cell("RNN", 1, 1, ("W_xh", "b_h"), "W_xh_static", ("W_hh", "W_ho", "b_o"))
_LSTM = _Cell("LSTM", 2, 4, ("W_xc", "b_c"), "W_xc_static", ("W_hc",))


def _exposed(cell: _Cell, layer: Layer) -> int:
    """The hidden blobs that are bottoms and tops of the layer (expose_hidden)."""
    return cell.hidden if layer.recurrent_param.expose_hidden else 0


def _check_sequence(x: Shape, cont: Shape | None) -> None:
    """The checks on time steps and streams at the start of RecurrentLayer::LayerSetUp."""
    if len(x) < 2:
        detail = "bottom[0] must have at least 2 axes -- (#timesteps, #streams, ...)"
        raise fail("bottom[0]->num_axes() >= 2", detail, (len(x), 2))
    if cont is not None:
        detail = "bottom[1] must have exactly 2 axes -- (#timesteps, #streams)"
        check_eq(len(cont), 2, "bottom[1]->num_axes() == 2", detail)
        check_eq(x[0], cont[0], "T_ == bottom[1]->shape(0)")
        check_eq(x[1], cont[1], "N_ == bottom[1]->shape(1)")


def _blobs(
    cell: _Cell, layer: Layer, x: Shape | None, static: tuple[Shape | None, ...]
) -> list[Shape | None]:
    """The parameters of the unrolled net, owners in order of its layers, filled as they are there."""
    param = layer.recurrent_param
    outputs = int32(param.num_output)
    gates = int32(outputs * cell.gates)
    weights, biases = param.weight_filler, param.bias_filler
    blobs: list[Shape | None] = []
    if x is None:
        blobs += [None, (gates,)]
    else:
        if x[0] == 0:
            check_tops("Slice", Arity(least=1), 0)
        if x[0] == 1:
            touch(x[1])  # a Slice into one part shares its data
        canonical_axis(2, x)
        blobs += [filled((gates, count(x, 2)), weights), filled((gates,), biases)]
        touch(x[0] * x[1])
    for shape in static:
        if shape is None:
            blobs.append(None)
        else:
            canonical_axis(1, shape)
            blobs.append(filled((gates, count(shape, 1)), weights))
    blobs.append(filled((gates, outputs), weights))
    if cell is _RNN:
        blobs += [filled((outputs, outputs), weights), filled((outputs,), biases)]
    return blobs


def _recurrent(cell: _Cell) -> Setup:
    def setup(ctx: LayerContext) -> Outcome:
        """RecurrentLayer's blob counts, LayerSetUp, FillUnrolledNet and Reshape."""
        layer, bottoms = ctx.layer, ctx.bottoms
        if "lstm_param" in ctx.fork:
            return Outcome([None] * ctx.tops, None)  # a fork's layer of this name
        exposed = _exposed(cell, layer)
        check_bottoms(cell.name, Arity(least=2 + exposed, most=3 + exposed), len(bottoms))
        check_tops(cell.name, Arity(exact=1 + exposed), ctx.tops)
        x, cont = bottoms[0], bottoms[1]
        if x is not None:
            _check_sequence(x, cont)
        static = tuple(bottoms[2:3]) if len(bottoms) > 2 + exposed else ()
        for shape in static:
            if shape is not None:
                if len(shape) < 1:
                    raise fail("bottom[2]->num_axes() >= 1", values=(0, 1))
                if x is not None:
                    check_eq(x[1], shape[0], "N_ == bottom[2]->shape(0)")
        outputs = int32(layer.recurrent_param.num_output)
        if outputs <= 0:
            raise fail("num_output > 0", "num_output must be positive", (outputs, 0))
        blobs = _blobs(cell, layer, x, static)
        if x is None:
            return Outcome([None] * ctx.tops, blobs)
        reshape((x[0], x[1], int32(outputs * cell.gates)))
        top, hidden = reshape((x[0], x[1], outputs)), (1, x[1], outputs)
        for j in range(exposed):
            i = 2 + len(static) + j
            given = bottoms[i]
            if given is not None and given != hidden:
                detail = (
                    f"shape mismatch - recur_input_blobs_[{j}]: {shape_string(hidden)} "
                    f"vs. bottom[{i}]: {shape_string(given)}"
                )
                raise fail("recur_input_blobs_[j]->shape() == bottom[i]->shape()", detail)
        return Outcome([top, *[hidden] * exposed], blobs)

    return setup


def _lstm_unit(ctx: LayerContext) -> Outcome:
    """LSTMUnitLayer::Reshape: the cell state, the gates, and whether each sequence goes on."""
    first = ctx.bottom(0)
    streams = axis_size(first, 1)
    for i, bottom in enumerate(ctx.bottoms):
        if bottom is not None:
            axes = 2 if i == 2 else 3
            check_eq(axes, len(bottom), f"{axes} == bottom[i]->num_axes()")
            check_eq(1, bottom[0], "1 == bottom[i]->shape(0)")
            check_eq(streams, bottom[1], "num_instances == bottom[i]->shape(1)")
    gates = ctx.bottoms[1]
    if gates is not None:
        check_eq(4 * first[2], gates[2], "4 * hidden_dim_ == bottom[1]->shape(2)")
    return Outcome([first, first])


def _register(cell: _Cell, doc: str) -> None:
    def roles(layer: Layer) -> tuple[str, ...]:
        static = (cell.static,) if len(layer.bottom) > 2 + _exposed(cell, layer) else ()
        return (*cell.own, *static, *cell.rest)

    register(
        LayerType(
            cell.name,
            "recurrent",
            doc,
            _recurrent(cell),
            "recurrent_param",
            # the numbers of bottoms and tops hang on expose_hidden: setup checks them
            allow_force_backward=lambda bottom: bottom != 1,
            roles=roles,
            summary=_summary,
        )
    )


def _summary(layer: Layer) -> str:
    param = layer.recurrent_param
    return f"{param.num_output}{' exposed' if param.expose_hidden else ''}"


_register(_RNN, "A simple recurrent layer with tanh, over sequences of (time step, stream, ...).")
_register(_LSTM, "Long short-term memory over sequences of (time step, stream, ...).")
register(
    LayerType(
        "LSTMUnit",
        "recurrent",
        "One time step of an LSTM, of which LSTM is made.",
        _lstm_unit,
        bottoms=Arity(exact=3),
        tops=Arity(exact=2),
        allow_force_backward=lambda bottom: bottom != 2,
    )
)
