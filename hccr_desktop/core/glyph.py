"""The picture of one character: `GlyphImage`, gray, 255 = paper.

In: arrays as image files and the clipboard give them, with color and transparency. Out: one
gray array. Colors are reduced along the line from paper to ink, so that red ink on gray
paper keeps its contrast; a transparent background becomes paper.
"""

from __future__ import annotations

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

        A transparent background becomes the shade that the visible ink stands out from.
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
        color = array[..., : array.shape[2] - (array.shape[2] % 2 == 0)].astype(np.float32)
        if array.shape[2] in (2, 4):
            alpha = array[..., -1:].astype(np.float32) / 255.0
            if alpha.min() < 1.0:
                weight = float(alpha.sum())
                ink_shade = float((color * alpha).mean(axis=2).sum()) / weight if weight else 0.0
                paper = 255.0 if ink_shade < 170.0 else 0.0
                color = color * alpha + paper * (1.0 - alpha)
        return cls(_to_gray(color))

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


def _to_gray(color: npt.NDArray[np.float32]) -> Gray:
    """Reduce (h, w, 1 or 3) to gray along the color axis in which the picture varies most.

    The first principal component of the colors is the line from paper to ink. It is signed so
    that brighter stays brighter, and used only where luminance loses half of the contrast.
    """
    if color.shape[2] == 1:
        return color[..., 0].round().clip(0, 255).astype(np.uint8)
    luminance = color @ np.array([0.299, 0.587, 0.114], np.float32)
    flat = color.reshape(-1, 3)
    flat = flat[:: max(1, len(flat) // 20_000)]
    values, vectors = np.linalg.eigh(np.cov(flat.T)) if len(flat) > 1 else (np.zeros(3), np.eye(3))
    strongest = float(np.sqrt(max(values[-1], 0.0)))
    if strongest > 2.0 * float(luminance.std()) and strongest > 1.0:
        axis = vectors[:, -1].astype(np.float32)
        axis *= 1.0 if axis.sum() >= 0 else -1.0
        along = color @ axis
        low, high = float(along.min()), float(along.max())
        return ((along - low) * (255.0 / max(high - low, 1e-6))).round().clip(0, 255).astype(np.uint8)
    return luminance.round().clip(0, 255).astype(np.uint8)
