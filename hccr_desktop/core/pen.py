"""A pen's path → the picture that it leaves: black on white, as wide as a pen that fits the writing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import EmptyInk

Floats = npt.NDArray[np.float32]

INK_SIDE = 80
"""Longer side, in pixels, at which ink is drawn before it is normalized."""


@dataclass(frozen=True, eq=False)
class PenPath:
    """Strokes as arrays, what drawing works on.

    `xy` float32 (n, 2) are all points one after another, n ≥ 1; `pressure` float32 (n,) 0..1, 0.5
    where unknown; `ends` (strokes,) says where each stroke's last point stands.
    """

    xy: Floats
    pressure: Floats
    ends: npt.NDArray[np.intp]

    @classmethod
    def of(cls, ink: Ink) -> PenPath:
        """Join an ink's strokes; raises `EmptyInk`."""
        if ink.is_empty:
            raise EmptyInk
        pressure = [np.full(len(s.points), 0.5, np.float32) if s.pressure is None else s.pressure for s in ink.strokes]
        ends = np.cumsum([len(stroke.points) for stroke in ink.strokes]) - 1
        return cls(np.concatenate([stroke.xy for stroke in ink.strokes]), np.concatenate(pressure), ends)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """The least and the largest x and y, float32 (2,) each."""
        return self.xy.min(axis=0), self.xy.max(axis=0)


def fitting_pen(path: PenPath) -> float:
    """Return the pen's diameter as a share of the writing's longer side.

    Dense characters take a finer pen, as they do on paper: 5.2 % for a single stroke, falling
    with the length of line written to 2.6 %, about the width of line in scans.
    """
    steps = path.xy[1:] - path.xy[:-1]
    distance = np.hypot(steps[:, 0], steps[:, 1])
    distance[path.ends[:-1]] = 0.0  # between strokes the pen is up
    low, high = path.bounds
    side = max(float((high - low).max()), 1e-12)
    return min(max(0.052 - 0.0016 * float(distance.sum()) / side, 0.026), 0.052)


_SATURATION = float(np.exp(-2.0))


def draw(writing: Ink | PenPath, side: int = INK_SIDE, pen: float | None = None) -> GlyphImage:
    """Draw black on white, the longer side at about `side` pixels.

    `pen` is the diameter as a share of the longer side, `fitting_pen` where None; pressure p
    scales it by 0.5 + p, within 0.45 to 1.4. Raises `EmptyInk`.

    The line is a density of 1 a pixel of path, blurred by a Gaussian of σ = radius / 2 and cut
    where it falls below exp(-2), which is at the radius. A point weighted exp(-2)·exp(2ρ²) is
    cut at ρ times the radius: this is how pressure widens the line at no further cost.
    """
    path = PenPath.of(writing) if isinstance(writing, Ink) else writing
    low, high = path.bounds
    extent_x, extent_y = (high - low).tolist()
    scale = side / max(extent_x, extent_y) if max(extent_x, extent_y) > 1e-12 else 1.0
    radius = max((fitting_pen(path) if pen is None else pen) * side / 2.0, 0.6)
    pad = int(np.ceil(1.5 * radius)) + 2
    height = int(np.ceil(extent_y * scale)) + 2 * pad + 1
    width = int(np.ceil(extent_x * scale)) + 2 * pad + 1

    points = (path.xy - low) * np.float32(scale) + np.float32(pad)
    rho = (0.5 + path.pressure).clip(0.45, 1.4)
    ends = path.ends
    followed = np.ones(len(points), bool)
    followed[ends] = False
    a = np.flatnonzero(followed)
    step = points[a + 1] - points[a]
    distance = np.hypot(step[:, 0], step[:, 1])
    # Dots, and the ends of strokes, count as a short dab: a pen leaves one.
    pieces = np.maximum(np.ceil(distance / max(0.6, 0.45 * radius)), 1).astype(np.intp)
    which = np.repeat(np.arange(len(a)), pieces)
    inside = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = np.asarray((inside + 0.5) / pieces[which], np.float32)[:, None]
    dots = points[a][which] + along * step[which]
    rho_dots = rho[a][which] * (1 - along[:, 0]) + rho[a + 1][which] * along[:, 0]
    weight = np.asarray(distance / pieces, np.float32)[which]
    dab = np.concatenate([ends, [0], ends[:-1] + 1])
    dots = np.concatenate([dots, points[dab]])
    rho_dots = np.concatenate([rho_dots, rho[dab]])
    weight = np.concatenate([weight, np.full(len(dab), 0.5 * radius, np.float32)])
    weight = weight * np.exp(2.0 * rho_dots**2) * _SATURATION

    cell = np.floor(dots).astype(np.intp)
    fraction = dots - cell
    fx, fy = fraction[:, 0], fraction[:, 1]
    corner = cell[:, 1] * width + cell[:, 0]
    index = np.concatenate([corner, corner + 1, corner + width, corner + width + 1])
    upper, lower = weight * (1 - fy), weight * fy
    share = np.concatenate([upper * (1 - fx), upper * fx, lower * (1 - fx), lower * fx])
    density = np.bincount(index, share, height * width).astype(np.float32).reshape(height, width)
    sigma = radius / 2.0
    blurred = gaussian(height, sigma) @ density @ gaussian(width, sigma)
    # Blurring across the path divides by σ√2π; the slope at the cut is 2/σ of it: one pixel of soft edge.
    level = blurred * np.float32(sigma * np.sqrt(2.0 * np.pi) / _SATURATION)
    ink_share = ((level - 1.0) * np.float32(max(sigma, 1.0) / 2.0) + 0.5).clip(0.0, 1.0)
    return GlyphImage((255.0 - 255.0 * ink_share).round().astype(np.uint8))


_NOTHING = 1e-16
"""Weights that change no sum of float32; their products would be denormal numbers, which slow processors down."""


@lru_cache(maxsize=512)
def _gaussian_row(length: int, sigma_hundredths: int) -> Floats:
    offset = np.arange(length, dtype=np.float32)
    kernel = np.exp(-0.5 * ((offset[:, None] - offset[None, :]) / (sigma_hundredths / 100.0)) ** 2)
    kernel /= sigma_hundredths / 100.0 * np.sqrt(2.0 * np.pi)
    kernel[kernel < _NOTHING] = 0.0
    return np.asarray(kernel, np.float32)


def gaussian(length: int, sigma: float) -> Floats:
    """Convolution by a Gaussian as a matrix, float32 (length, length)."""
    return _gaussian_row(length, max(30, round(sigma * 100)))
