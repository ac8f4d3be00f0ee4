"""Looking at weights: figures, a histogram and pictures of filters, computed piece by piece."""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgraft.weights.stored import Shape, StoredBlob

BINS = 64


@dataclass(frozen=True, slots=True)
class BlobStats:
    """A blob in figures; NaN and Inf are counted and otherwise left out.

    `least`, `most`, `mean` and `std` (of all values, not n - 1) are None where no value is finite.
    `histogram` counts the finite values in equal bins from `least` to `most`; all equal values fill the
    first bin. `zeros` is a share, 0 to 1.
    """

    shape: Shape
    count: int
    least: float | None
    most: float | None
    mean: float | None
    std: float | None
    zeros: float
    nan: int
    inf: int
    histogram: tuple[int, ...]


def stats(blob: StoredBlob, bins: int = BINS) -> BlobStats:
    """Reads the blob twice, a piece at a time: once for the figures, once for the histogram."""
    count = zeros = nan = inf = 0
    least, most = math.inf, -math.inf
    mean = squares = 0.0
    for piece in blob.values():
        values = piece.astype(np.float64)
        nan += int(np.isnan(values).sum())
        inf += int(np.isinf(values).sum())
        zeros += int((values == 0).sum())
        finite = values[np.isfinite(values)]
        if not finite.size:
            continue
        least, most = min(least, float(finite.min())), max(most, float(finite.max()))
        # Chan's update: means and squared deviations of two parts make those of the whole.
        size, part = finite.size, float(finite.mean())
        shift = part - mean
        total = count + size
        squares += float(((finite - part) ** 2).sum()) + shift * shift * count * size / total
        mean += shift * size / total
        count = total
    return BlobStats(
        shape=blob.shape,
        count=blob.count,
        least=least if count else None,
        most=most if count else None,
        mean=mean if count else None,
        std=math.sqrt(squares / count) if count else None,
        zeros=zeros / blob.count if blob.count else 0.0,
        nan=nan,
        inf=inf,
        histogram=_histogram(blob, least, most, bins) if count else (0,) * bins,
    )


def _histogram(blob: StoredBlob, least: float, most: float, bins: int) -> tuple[int, ...]:
    counts = np.zeros(bins, np.int64)
    width = (most - least) / bins
    for piece in blob.values():
        values = piece.astype(np.float64)
        finite = values[np.isfinite(values)]
        if width > 0:
            places = np.minimum(((finite - least) / width).astype(np.int64), bins - 1)
            counts += np.bincount(places, minlength=bins)
        else:
            counts[0] += finite.size
    return tuple(int(number) for number in counts)


MOST_FILTERS = 1024
LARGEST_FILTER = 64


def filter_images(blob: StoredBlob) -> NDArray[np.uint8] | None:
    """The filters of a first convolution as pictures (filters, height, width, 1 or 3); None for others.

    Of a blob (filters, channels, height, width) with one or three channels, each filter stretched to 0 .. 255
    by its own extremes; three channels are blue, green, red, as in Caffe's pictures, and come out red first.
    """
    if len(blob.shape) != 4 or blob.shape[1] not in (1, 3) or blob.count != blob.volume:
        return None
    filters, _, height, width = blob.shape
    if (
        not 1 <= filters <= MOST_FILTERS
        or not 2 <= min(height, width) <= max(height, width) <= LARGEST_FILTER
    ):
        return None
    values = np.nan_to_num(blob.read().astype(np.float64), posinf=0.0, neginf=0.0)
    low = values.min(axis=(1, 2, 3), keepdims=True)
    spread = values.max(axis=(1, 2, 3), keepdims=True) - low
    scaled = (values - low) / np.where(spread > 0, spread, 1) * 255
    return np.ascontiguousarray(scaled.round().astype(np.uint8).transpose(0, 2, 3, 1)[..., ::-1])


def filter_sheet(blob: StoredBlob, *, gap: int = 1) -> bytes | None:
    """All filters of a first convolution side by side as one PNG, a pixel a weight; None for other blobs."""
    images = filter_images(blob)
    if images is None:
        return None
    filters, height, width, channels = images.shape
    columns = math.ceil(math.sqrt(filters))
    rows = math.ceil(filters / columns)
    sheet = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, channels), np.uint8)
    for number, image in enumerate(images):
        top, left = number // columns * (height + gap), number % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return png(sheet)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A picture (height, width, 1 or 3) as PNG."""
    height, width, channels = pixels.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    lines = np.zeros((height, 1 + width * channels), np.uint8)
    lines[:, 1:] = pixels.reshape(height, -1)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
