"""The picture of one character: `GlyphImage`, gray, 255 = paper.

In: arrays as image files and the clipboard give them, with color and transparency. Out: one
gray array. Colors are reduced along the line from paper to ink, so that red ink on gray
paper keeps its contrast; what is transparent becomes paper, unless the writing is lost so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.errors import InputError

Gray = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class GlyphImage:
    """One character as `pixels`, uint8 (h, w), h and w ≥ 1, 255 = paper, read-only."""

    pixels: Gray

    def __post_init__(self) -> None:
        pixels = np.array(self.pixels)
        if pixels.dtype != np.uint8 or pixels.ndim != 2 or pixels.size == 0:
            raise InputError(
                "A glyph needs a gray picture, not {dtype} of shape {shape}.",
                "Give uint8 pixels of shape (height, width).",
                dtype=pixels.dtype,
                shape=pixels.shape,
            )
        pixels.setflags(write=False)
        object.__setattr__(self, "pixels", pixels)

    @classmethod
    def from_array(cls, array: npt.NDArray[Any]) -> GlyphImage:
        """Make a glyph of uint8 (h, w), (h, w, 2 gray+alpha), (h, w, 3 RGB) or (h, w, 4 RGBA).

        Transparency is taken for what lets ink stand on paper: see `_composed`.
        """
        array = np.asarray(array)
        if array.ndim == 2:
            return cls(array)
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in (2, 3, 4) or array.size == 0:
            raise InputError(
                "A picture of {dtype} with shape {shape} cannot be read as a glyph.",
                "Give uint8 pixels, gray or RGB, with or without alpha.",
                dtype=array.dtype,
                shape=array.shape,
            )
        has_alpha = array.shape[2] % 2 == 0
        return cls(_to_gray(_composed(array[..., :-1], array[..., -1:]) if has_alpha else array))

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.pixels.shape[1])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GlyphImage) and np.array_equal(self.pixels, other.pixels)

    __hash__ = None  # type: ignore[assignment]


_SAMPLE = 20_000
"""Pixels that a picture's colors are judged by."""
_BLOCK = 256
"""Rows that are turned gray at once."""
_LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


_OPAQUE = 1 / 3
"""How much it counts that transparency says nothing: what lies outside a page looks like ink too."""
_ON_BLACK = 1 / 5
"""How much it counts that it lies on black."""


def _composed(color: Gray, alpha: Gray) -> Gray:
    """Lay colors (h, w, 1 or 3) on paper with their opacity (h, w, 1), the same shape back.

    What transparency means differs: a drawing has no paper, a page was cut out and has nothing around it, a color that
    the paper has too is declared transparent, a scan is opaque by half all over, a program left a fourth channel unset.
    Of white paper below, the page's own around what is visible, no transparency at all and black paper below the one
    that shows most ink on paper is taken.
    """
    most = int(alpha.max())
    if int(alpha.min()) == most:
        return color
    step = max(1, math.isqrt(alpha.size // _SAMPLE))
    shade = color[::step, ::step].astype(np.float32).mean(axis=2)
    opacity = alpha[::step, ::step, 0].astype(np.float32) / most
    seen = shade[opacity >= 0.5]
    on_white, own = _writing(shade * opacity + 255 * (1 - opacity)), _writing(seen) if _is_part(seen, shade) else 0.0
    scores = (on_white, own, _OPAQUE * _writing(shade), _ON_BLACK * _writing(shade * opacity))
    best = int(np.argmax(scores))
    if best == 1:
        return np.where(alpha >= most / 2, color, np.uint8(np.median(seen)))
    return color if best == 2 else _laid_on(255.0 if best == 0 else 0.0, color, alpha, most)


def _is_part(seen: npt.NDArray[Any], whole: npt.NDArray[Any]) -> bool:
    return seen.size > max(0.01 * whole.size, 16)


def _laid_on(paper: float, color: Gray, alpha: Gray, most: int) -> Gray:
    composed = np.empty_like(color)
    for rows in _blocks(len(color)):
        weight = alpha[rows].astype(np.float32) / most
        composed[rows] = (color[rows] * weight + paper * (1 - weight)).round()
    return composed


def _writing(shade: npt.NDArray[np.float32]) -> float:
    """Return how much shades look like ink on paper: two far apart, of one of them little."""
    counts = np.bincount(shade.round().clip(0, 255).astype(np.uint8).ravel(), minlength=256).astype(np.float64)
    values, total = np.arange(256), shade.size
    below, sums = counts.cumsum()[:-1], (counts * values).cumsum()
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.nan_to_num((sums[-1] - sums[:-1]) / (total - below) - sums[:-1] / below)
    at = int((below * (total - below) * apart**2).argmax())  # Otsu's threshold: shades up to it are dark
    dark = below[at] / total
    variance = (counts * (values - sums[-1] / total) ** 2).sum() / total
    spread = math.sqrt(max(variance - dark * (1 - dark) * apart[at] ** 2, 0.0))
    return float(apart[at] / (spread + 16.0) * (1.0 - min(dark, 1.0 - dark)))


def _blocks(rows: int) -> Iterator[slice]:
    """Yield a picture's rows in parts, so that little memory is needed at once."""
    for first in range(0, rows, _BLOCK):
        yield slice(first, first + _BLOCK)


def _to_gray(color: Gray) -> Gray:
    """Reduce (h, w, 1 or 3) to gray along the color axis in which the picture varies most.

    The first principal component of the colors is the line from paper to ink. It is signed so
    that brighter stays brighter, and used only where luminance loses half of the contrast.
    """
    if color.shape[2] == 1:
        return color[..., 0]
    flat = color.reshape(-1, 3)
    flat = flat[:: max(1, len(flat) // _SAMPLE)].astype(np.float32)
    values, vectors = np.linalg.eigh(np.cov(flat.T)) if len(flat) > 1 else (np.zeros(3), np.eye(3))
    strongest = float(np.sqrt(max(values[-1], 0.0)))
    axis, low, unit = _LUMINANCE, 0.0, 1.0
    if strongest > 2.0 * float((flat @ _LUMINANCE).std()) and strongest > 1.0:
        axis = vectors[:, -1].astype(np.float32)
        axis *= 1.0 if axis.sum() >= 0 else -1.0
        ends = [
            (float(along.min()), float(along.max())) for along in (color[rows] @ axis for rows in _blocks(len(color)))
        ]
        low = min(least for least, _ in ends)
        unit = 255.0 / max(max(most for _, most in ends) - low, 1e-6)
    gray = np.empty(color.shape[:2], np.uint8)
    for rows in _blocks(len(color)):
        gray[rows] = (((color[rows] @ axis) - low) * unit).round().clip(0, 255)
    return gray
