"""Pixels of any depth → `GlyphImage`: how bright they are by themselves, whatever numbers say so."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage

_STRAY = 5e-4
"""Share of the values that may be stray ones at either end: hot and dead pixels."""
_TOGETHER, _LEAST_INK = 4, 40
"""Pixels of nine that are ink where one of them is writing; pixels of writing at least."""


def glyph_of(values: npt.NDArray[Any], *, has_alpha: bool = False, ink_is_high: bool = False) -> GlyphImage:
    """Make a glyph of numbers of any type (h, w) or (h, w, channels); the last channel may be opacity."""
    if values.ndim == 3 and has_alpha:
        opacity = values[..., -1:].astype(np.float32)
        most = float(np.nanmax(opacity, initial=0, where=np.isfinite(opacity))) or 1.0
        alpha = np.nan_to_num(opacity * (255.0 / most), posinf=255.0).clip(0, 255).astype(np.uint8)
        color = stretched(values[..., :-1], ink_is_high=ink_is_high)
        if not values[..., :-1].any():  # black ink, of which opacity says where it is
            color = np.zeros_like(color)
        return GlyphImage.from_array(np.concatenate((color[..., : 3 if color.shape[2] > 2 else 1], alpha), axis=2))
    gray = stretched(values, ink_is_high=ink_is_high)
    if gray.ndim == 3:
        return GlyphImage.from_array(gray[..., :3]) if gray.shape[2] > 2 else GlyphImage(gray[..., 0])
    return GlyphImage(gray)


def stretched(values: npt.NDArray[Any], *, ink_is_high: bool = False) -> npt.NDArray[np.uint8]:
    """Map numbers to 0 to 255 from the lowest to the highest but stray ones; all the same they are paper.

    Infinity and what is no number count as the usual value.
    """
    numbers: npt.NDArray[np.floating[Any]] = values.astype(np.float64 if values.dtype.itemsize > 4 else np.float32)
    sound = np.isfinite(numbers)
    if not sound.any():
        raise ValueError("no pixel has a value")
    known = numbers[sound] if not sound.all() else numbers.ravel()
    if known.size < numbers.size:
        numbers[~sound] = np.median(known)
    stray = min(max(1, round(_STRAY * known.size)), (known.size - 1) // 2)
    ends = np.partition(known, (stray, known.size - 1 - stray))
    low, high = float(ends[stray]), float(ends[-1 - stray])
    most = (float(ends[-1 - stray :].max()) - high) if ink_is_high else (low - float(ends[: stray + 1].min()))
    if most > high - low > 0:
        low, high = _with_rare_ink(numbers, low, high, ink_is_high)
    if not high > low:
        low, high = float(known.min()), float(known.max())
    if not high > low:
        return np.full(values.shape, 255, np.uint8)
    with np.errstate(over="ignore"):  # of what is stray
        np.subtract(numbers, low, out=numbers)
        np.multiply(numbers, 255.0 / (high - low), out=numbers)
    gray = numbers.round(out=numbers).clip(0, 255, out=numbers).astype(np.uint8)
    return np.asarray(255 - gray, np.uint8) if ink_is_high else gray


def _with_rare_ink(
    numbers: npt.NDArray[np.floating[Any]], low: float, high: float, is_high: bool
) -> tuple[float, float]:
    """Return a range, as wide as the ink outside: little writing is as rare as stray pixels, but hangs together.

    Else the grain of the paper of such a page would be stretched to black and white. A pixel is ink where three around
    it are outside, too.
    """
    outside = numbers > high + (high - low) if is_high else numbers < low - (high - low)
    rows = outside.astype(np.uint8)
    rows[1:] += outside[:-1]
    rows[:-1] += outside[1:]
    around = rows.copy()
    around[:, 1:] += rows[:, :-1]
    around[:, :-1] += rows[:, 1:]
    ink = numbers[outside & (around >= _TOGETHER)]
    if len(ink) < _LEAST_INK:
        return low, high
    usual = float(np.median(ink))
    return (low, usual) if is_high else (usual, high)
