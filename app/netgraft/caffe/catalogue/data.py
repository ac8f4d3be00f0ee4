"""Layers that bring data in, or out to a file. What a file holds is asked of `ctx.datum`, else unknown."""

from __future__ import annotations

from netgraft.caffe.catalogue.fillers import fill, given_blobs, known_filler
from netgraft.caffe.catalogue.registry import Arity, LayerContext, LayerType, Outcome, Shape, register
from netgraft.caffe.catalogue.shapes import UNSHAPED, check_eq, fail, int32, proto_shape, reshape, touch
from netgraft.proto import caffe_pb2

Layer = caffe_pb2.LayerParameter
NONE = Arity(exact=0)


def shape_text(dims: object) -> str:
    """`1×3×224×224`."""
    return "×".join(str(dim) for dim in dims) if isinstance(dims, (tuple, list)) else ""


def _shapes_summary(shapes: list[tuple[int, ...]]) -> str:
    return ", ".join(dict.fromkeys(shape_text(shape) for shape in shapes))


def _input(ctx: LayerContext) -> Outcome:
    """InputLayer::LayerSetUp: one shape for all tops, one a top, or none at all."""
    shapes, tops = ctx.layer.input_param.shape, ctx.tops
    given = len(shapes)
    if given == 0:
        return Outcome([UNSHAPED] * tops)
    if given not in (1, tops):
        detail = (
            f"Must specify 'shape' once, once per top blob, or not at all: {tops} tops vs. {given} shapes."
        )
        raise fail("num_shape == 0 || num_shape == 1 || num_shape == num_top", detail)
    if given == 1:
        return Outcome([proto_shape(shapes[0].dim)] * tops)
    return Outcome([proto_shape(shape.dim) for shape in shapes])


_LEGACY = ("num", "channels", "height", "width")


def _dummy_data(ctx: LayerContext) -> Outcome:
    """DummyDataLayer::LayerSetUp, its first Forward included: that fills from constant fillers only."""
    param, tops = ctx.layer.dummy_data_param, ctx.tops
    fillers = len(param.data_filler)
    if fillers not in (0, 1, tops):
        detail = (
            f"Number of data fillers must be 0, 1 or equal to the number of tops: {tops}; "
            f"you specified {fillers} data fillers."
        )
        raise fail("num_data_filler == 0 || num_data_filler == 1 || num_data_filler == num_top", detail)
    axes = (param.num, param.channels, param.height, param.width)
    legacy = any(axes)
    if legacy:
        check_eq(
            0, len(param.shape), "0 == param.shape_size()", "Both shape and legacy fields were specified"
        )
    for name, values in zip(_LEGACY, axes, strict=True) if legacy else (("shape", param.shape),):
        if len(values) not in (1, tops):
            detail = f"Must specify '{name}' once, or once per top blob ({tops}); specified {len(values)}."
            raise fail(f"param.{name}_size() == 1 || param.{name}_size() == num_top", detail)
    for filler in param.data_filler:
        known_filler(filler)
    made: list[Shape | None] = []
    for top in range(tops):
        if legacy:
            made.append(reshape([int32(values[top if len(values) > 1 else 0]) for values in axes]))
        else:
            made.append(proto_shape(param.shape[top if len(param.shape) > 1 else 0].dim))
    for top, shape in enumerate(made):
        data_filler = param.data_filler[top if fillers > 1 else 0] if fillers else _ZERO
        if data_filler.type == "constant" and shape is not None:
            fill(shape, data_filler)
    return Outcome(made)


_ZERO = caffe_pb2.FillerParameter(type="constant", value=0)


def _check_transform(layer: Layer) -> int:
    """DataTransformer's constructor; returns the crop size."""
    param = layer.transform_param
    if param.HasField("mean_file") and param.mean_value:
        detail = "Cannot specify mean_file and mean_value at the same time"
        raise fail("param_.mean_value_size() == 0", detail, (len(param.mean_value), 0))
    return int32(param.crop_size)


def _transformed(ctx: LayerContext, source: str, batch: int, crop: int) -> Shape | None:
    """DataTransformer::InferBlobShape on what the source holds, with the batch in front."""
    datum = ctx.datum(source)
    if datum is None:
        return None
    channels, height, width = datum
    if not channels > 0:
        raise fail("datum_channels > 0", values=(channels, 0))
    if height < crop:
        raise fail("datum_height >= crop_size", values=(height, crop))
    if width < crop:
        raise fail("datum_width >= crop_size", values=(width, crop))
    return reshape((batch, channels, crop or height, crop or width))


def _labels(ctx: LayerContext, batch: int) -> list[Shape | None]:
    """The label top where there is one: one value an item."""
    return [reshape((batch,))] if ctx.tops > 1 else []


def _data(ctx: LayerContext) -> Outcome:
    """DataLayer::DataLayerSetUp; then prefetching allocates a batch (BasePrefetchingDataLayer)."""
    param = ctx.layer.data_param
    crop, batch = _check_transform(ctx.layer), int32(param.batch_size)
    data = _transformed(ctx, param.source, batch, crop)
    labels = _labels(ctx, batch)
    if param.prefetch:
        touch(batch)
    return Outcome([data, *labels])


def _image_data(ctx: LayerContext) -> Outcome:
    """ImageDataLayer::DataLayerSetUp: known without its files where images are resized or cropped."""
    param = ctx.layer.image_data_param
    crop, batch = _check_transform(ctx.layer), int32(param.batch_size)
    height, width = int32(param.new_height), int32(param.new_width)
    if not ((height == 0 and width == 0) or (height > 0 and width > 0)):
        detail = "Current implementation requires new_height and new_width to be set at the same time."
        raise fail("(new_height == 0 && new_width == 0) || (new_height > 0 && new_width > 0)", detail)
    channels = 3 if param.is_color else 1
    data: Shape | None
    if height:
        if height < crop:
            raise fail("img_height >= crop_size", values=(height, crop))
        if width < crop:
            raise fail("img_width >= crop_size", values=(width, crop))
        data = reshape((batch, channels, crop or height, crop or width))
    else:
        data = _transformed(ctx, param.source, batch, crop)
        if data is None and crop:
            data = reshape((batch, channels, crop, crop))
    if not batch > 0:
        raise fail("batch_size > 0", "Positive batch size required", (batch, 0))
    return Outcome([data, *_labels(ctx, batch)])


def _window_data(ctx: LayerContext) -> Outcome:
    """WindowDataLayer::DataLayerSetUp: windows are warped to crop_size; channels come from the file."""
    param = ctx.layer.window_data_param
    crop, batch = _check_transform(ctx.layer), int32(param.batch_size)
    if not crop > 0:
        raise fail("crop_size > 0", values=(crop, 0))
    datum = ctx.datum(param.source)
    data = None if datum is None else reshape((batch, datum[0], crop, crop))
    return Outcome([data, *_labels(ctx, batch)])


def _memory_data(ctx: LayerContext) -> Outcome:
    """MemoryDataLayer::DataLayerSetUp."""
    _check_transform(ctx.layer)
    param = ctx.layer.memory_data_param
    batch, channels = int32(param.batch_size), int32(param.channels)
    height, width = int32(param.height), int32(param.width)
    values = int32(batch * int32(channels * height * width))
    if not values > 0:
        detail = "batch_size, channels, height, and width must be specified and positive in memory_data_param"
        raise fail("batch_size_ * size_ > 0", detail, (values, 0))
    return Outcome([reshape((batch, channels, height, width)), reshape((batch,))])


def _hdf5_data(ctx: LayerContext) -> Outcome:
    """HDF5DataLayer::LayerSetUp: a dataset a top, of which `datum` can answer for the first only."""
    if ctx.layer.HasField("transform_param"):
        raise fail("!this->layer_param_.has_transform_param()", "HDF5Data does not transform data.")
    param = ctx.layer.hdf5_data_param
    datum = ctx.datum(param.source)
    first = None if datum is None else reshape((int32(param.batch_size), *datum))
    return Outcome([first, *[None] * (ctx.tops - 1)])


def _parameter(ctx: LayerContext) -> Outcome:
    """ParameterLayer::LayerSetUp: the top is the parameter blob itself."""
    blobs: list[Shape | None] = list(given_blobs(ctx.layer))
    shape = proto_shape(ctx.layer.parameter_param.shape.dim)
    return Outcome([shape], blobs or [shape])


def _silent_output(ctx: LayerContext) -> Outcome:
    return Outcome([])


def source_summary(source: str, batch: int) -> str:
    """`batch 64 · mnist_train_lmdb`: the last part of the path."""
    name = source.rstrip("/").rsplit("/", 1)[-1]
    return " · ".join(part for part in (f"batch {batch}" if batch else "", name) if part)


def _dummy_summary(layer: Layer) -> str:
    param = layer.dummy_data_param
    if param.shape:
        return _shapes_summary([tuple(shape.dim) for shape in param.shape])
    axes = [list(axis) for axis in (param.num, param.channels, param.height, param.width)]
    return _shapes_summary(list(zip(*axes, strict=False)))


def _memory_summary(layer: Layer) -> str:
    param = layer.memory_data_param
    return shape_text((param.batch_size, param.channels, param.height, param.width))


register(
    LayerType(
        "Input",
        "data",
        "Makes blobs of stated shapes, to be filled by whoever runs the net.",
        _input,
        "input_param",
        bottoms=NONE,
        tops=Arity(least=1),
        summary=lambda layer: _shapes_summary([tuple(shape.dim) for shape in layer.input_param.shape]),
    )
)
register(
    LayerType(
        "Data",
        "data",
        "Reads images and labels from an LMDB or LevelDB.",
        _data,
        "data_param",
        bottoms=NONE,
        tops=Arity(least=1, most=2),
        summary=lambda layer: source_summary(layer.data_param.source, layer.data_param.batch_size),
    )
)
register(
    LayerType(
        "DummyData",
        "data",
        "Makes blobs of stated shapes, filled by fillers.",
        _dummy_data,
        "dummy_data_param",
        bottoms=NONE,
        tops=Arity(least=1),
        summary=_dummy_summary,
    )
)
register(
    LayerType(
        "MemoryData",
        "data",
        "Reads images and labels from memory, handed over by the program.",
        _memory_data,
        "memory_data_param",
        bottoms=NONE,
        tops=Arity(exact=2),
        summary=_memory_summary,
    )
)
register(
    LayerType(
        "HDF5Data",
        "data",
        "Reads each top from the HDF5 dataset of that name.",
        _hdf5_data,
        "hdf5_data_param",
        bottoms=NONE,
        tops=Arity(least=1),
        summary=lambda layer: source_summary(layer.hdf5_data_param.source, layer.hdf5_data_param.batch_size),
    )
)
register(
    LayerType(
        "HDF5Output",
        "data",
        "Writes its two bottoms to an HDF5 file, as data and label.",
        _silent_output,
        "hdf5_output_param",
        bottoms=Arity(exact=2),
        tops=NONE,
        summary=lambda layer: source_summary(layer.hdf5_output_param.file_name, 0),
    )
)
register(
    LayerType(
        "ImageData",
        "data",
        "Reads images and labels from a list of files (a build of Caffe with OpenCV).",
        _image_data,
        "image_data_param",
        bottoms=NONE,
        tops=Arity(exact=2),
        summary=lambda layer: source_summary(
            layer.image_data_param.source, layer.image_data_param.batch_size
        ),
        needs="OpenCV",
    )
)
register(
    LayerType(
        "WindowData",
        "data",
        "Reads windows of images and labels from a window file (a build of Caffe with OpenCV).",
        _window_data,
        "window_data_param",
        bottoms=NONE,
        tops=Arity(exact=2),
        summary=lambda layer: source_summary(
            layer.window_data_param.source, layer.window_data_param.batch_size
        ),
        needs="OpenCV",
    )
)
register(
    LayerType(
        "Parameter",
        "data",
        "A learned blob of a stated shape, given out as the top.",
        _parameter,
        "parameter_param",
        bottoms=NONE,
        tops=Arity(exact=1),
        roles=lambda layer: ("parameter",),
        summary=lambda layer: shape_text(tuple(layer.parameter_param.shape.dim)),
    )
)
