"""Synthetic writing: stroke templates → `PenPath` as a person in more or less of a hurry writes it.

In: a `Template`, the center lines of a character's strokes in writing order. Out: `PenPath` whose
strokes are moved, turned, scaled, bent, shortened and now and then left out; whose components
drift apart and change size; which slants and stretches as a whole; and where, the faster the
hand, the more strokes are joined and the whole run is smoothed, so that corners become loops.

All strokes of a character are one array (strokes, POINTS, 2), so that a variation costs a few
array operations and not a loop over points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import PenPath

Floats = npt.NDArray[np.float32]

POINTS = 10
"""Points a stroke is resampled to, evenly along its length."""

_JOIN_POINTS = 3


@dataclass(frozen=True, eq=False)
class Template:
    """The strokes of a character, float32 (strokes, POINTS, 2), longer side from 0 to 1."""

    strokes: Floats

    @classmethod
    def from_ink(cls, ink: Ink) -> Template:
        """Resample an ink's strokes evenly and scale it into the unit square."""
        left, top, right, bottom = ink.bounds
        side = max(right - left, bottom - top, 1e-6)
        origin = np.array([left - (side - right + left) / 2, top - (side - bottom + top) / 2], np.float32)
        resampled = np.stack([_resample(stroke.xy) for stroke in ink.strokes])
        return cls(((resampled - origin) / side).astype(np.float32))


def _resample(points: Floats) -> Floats:
    steps = np.hypot(*np.diff(points, axis=0).T) if len(points) > 1 else np.zeros(0, np.float32)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] <= 0:
        return np.repeat(points[:1], POINTS, axis=0)
    at = np.linspace(0.0, along[-1], POINTS)
    return np.stack([np.interp(at, along, points[:, 0]), np.interp(at, along, points[:, 1])], axis=1)


def write(template: Template, rng: np.random.Generator, vigor: float = 1.0) -> PenPath:
    """Write a template once; `vigor` 0 (the template itself) to about 1 scales every deviation.

    The ranges were fitted to the scans of 120 characters: slant, proportions, width of line, and
    how much two writings of one character have in common (correlation of the blurred pictures:
    0.50 to 0.57 between scans, 0.51 between these at vigor 0.5 to 1.1).
    """
    strokes = template.strokes
    cursive = min(float(rng.beta(0.8, 0.9)) * (0.3 * _settled(vigor) + 0.8 * vigor), 1.0)
    strokes = _leave_out(strokes, rng, 0.03 * cursive)
    strokes = _vary_strokes(strokes, rng, vigor)
    strokes = _vary_components(strokes, rng, 5, 0.8 * vigor)
    strokes = _vary_components(strokes, rng, 2, vigor)
    strokes = _vary_whole(strokes, rng, vigor)
    points, run = _join(strokes, rng, cursive)
    ends = np.append(np.flatnonzero(run[1:] != run[:-1]), len(run) - 1)
    return PenPath(points, _pressure(run, rng), ends)


def _settled(vigor: float) -> float:
    """How far the means of posture, unlike its spread, are those of people: fully from vigor 0.5 on."""
    return min(2.0 * vigor, 1.0)


def _leave_out(strokes: Floats, rng: np.random.Generator, share: float) -> Floats:
    if len(strokes) < 8 or share <= 0:
        return strokes
    keep = rng.random(len(strokes)) >= share
    return strokes[keep]


_ALONG = np.linspace(0.0, 1.0, POINTS, dtype=np.float32)
_ARC = (4.0 * _ALONG * (1.0 - _ALONG))[None, :, None]
_WAVE = np.sin(2.0 * np.pi * _ALONG).astype(np.float32)[None, :, None]


def _vary_strokes(strokes: Floats, rng: np.random.Generator, vigor: float) -> Floats:
    """Turn, scale, bend, shorten and move each stroke about its own center."""
    n = len(strokes)
    noise = rng.standard_normal((n, 8)).astype(np.float32) * np.float32(vigor)
    if vigor > 0.3 and rng.random() < 0.5:  # shorten or lengthen at either end
        first = 0.10 * noise[:, 6:7] * (noise[:, 6:7] > 0)
        last = 1.0 + 0.10 * noise[:, 7:8]
        at = np.clip(first + _ALONG[None, :] * (last - first), 0.0, 1.12) * (POINTS - 1)
        low = np.clip(at.astype(np.intp), 0, POINTS - 2)
        part = (at - low)[..., None]
        row = np.arange(n)[:, None]
        strokes = strokes[row, low] * (1 - part) + strokes[row, low + 1] * part
    center = strokes.mean(axis=1, keepdims=True)
    shape = strokes - center
    chord = strokes[:, -1:] - strokes[:, :1]
    normal = np.concatenate([-chord[..., 1:], chord[..., :1]], axis=2)
    shape = shape + normal * (0.06 * noise[:, 0, None, None] * (_ARC - 0.6) + 0.015 * noise[:, 1, None, None] * _WAVE)
    angle = 0.10 * noise[:, 2]
    grow = np.exp(0.15 * noise[:, 3])
    cos, sin = np.cos(angle) * grow, np.sin(angle) * grow
    turn = np.stack([np.stack([cos, sin], 1), np.stack([-sin, cos], 1)], 1)
    return np.asarray(shape @ turn + center + 0.022 * noise[:, None, 4:6], np.float32)


def _vary_components(strokes: Floats, rng: np.random.Generator, most: int, vigor: float) -> Floats:
    """Move and scale `most` runs or fewer of successive strokes: they are components, mostly."""
    n = len(strokes)
    if n < 3:
        return strokes
    cuts = np.sort(rng.integers(1, n, size=min(most, n // 2)))
    group = np.searchsorted(cuts, np.arange(n), side="right")
    noise = rng.standard_normal((len(cuts) + 1, 5)).astype(np.float32) * np.float32(vigor)
    counts = np.maximum(np.bincount(group, minlength=len(cuts) + 1), 1)
    middle = strokes.mean(axis=1)
    centers = np.stack([np.bincount(group, middle[:, axis], len(cuts) + 1) / counts for axis in (0, 1)], axis=1).astype(
        np.float32
    )
    center = centers[group][:, None, :]
    grow = np.exp(0.14 * noise[:, :2])[group][:, None, :]
    shear = (0.07 * noise[:, 4])[group][:, None]
    moved = (strokes - center) * grow
    moved[..., 1] += shear * moved[..., 0]
    return np.asarray(moved + center + (0.035 * noise[:, 2:4])[group][:, None, :], np.float32)


def _vary_whole(strokes: Floats, rng: np.random.Generator, vigor: float) -> Floats:
    """Slant, stretch and warp the whole character smoothly."""
    noise = rng.standard_normal(12).astype(np.float32) * np.float32(vigor)
    x, y = strokes[..., 0] - 0.5, strokes[..., 1] - 0.5
    # Right-handers let horizontals rise and verticals lean forward, and write narrower than print.
    mean = _settled(vigor)
    rise, lean = 0.05 * mean + 0.07 * noise[0], 0.08 * mean + 0.10 * noise[1]
    x, y = x - lean * y, y - rise * x
    x, y = x * np.exp(0.17 * noise[2] - 0.12 * mean), y * np.exp(0.12 * noise[3])
    wx = x + 0.04 * noise[4] * np.sin(np.pi * (2 * x + noise[5])) + 0.03 * noise[6] * np.sin(np.pi * (2 * y + noise[7]))
    wy = (
        y
        + 0.04 * noise[8] * np.sin(np.pi * (2 * y + noise[9]))
        + 0.03 * noise[10] * np.sin(np.pi * (2 * x + noise[11]))
    )
    return np.stack([wx, wy], axis=2).astype(np.float32)


def _join(strokes: Floats, rng: np.random.Generator, cursive: float) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Join strokes that a fast hand would and smooth each run; return points (n, 2) and their runs (n,)."""
    n = len(strokes)
    strokes = _hook(strokes, rng, cursive)
    start, end = strokes[:, 0], strokes[:, -1]
    gap = np.hypot(*(start[1:] - end[:-1]).T) if n > 1 else np.zeros(0, np.float32)
    chance = np.clip(1.5 * cursive - 0.08, 0.0, 0.95) * np.exp(-((gap / (0.35 + 0.65 * cursive)) ** 2))
    joined = rng.random(len(gap)) < chance
    # A bridge sags toward the way the pen comes from, as a turning hand does.
    bridge_at = np.linspace(0.0, 1.0, _JOIN_POINTS + 2, dtype=np.float32)[1:-1, None]
    bridges = np.zeros((n, _JOIN_POINTS, 2), np.float32)
    if n > 1:
        bridges[:-1] = end[:-1, None] * (1 - bridge_at) + start[1:, None] * bridge_at
        sag = (end[:-1] - strokes[:-1, -3])[:, None] * (4 * bridge_at * (1 - bridge_at))
        bridges[:-1] += float(rng.uniform(0.0, 0.5)) * sag
    points = np.concatenate([strokes, bridges], axis=1).reshape(-1, 2)
    keep = np.ones((n, POINTS + _JOIN_POINTS), bool)
    keep[:, POINTS:] = np.concatenate([joined, [False]])[:, None]
    run = np.repeat(np.concatenate([[0], np.cumsum(~joined)]), POINTS + _JOIN_POINTS)
    points, run = points[keep.ravel()], run[keep.ravel()]
    sigma = cursive * float(rng.uniform(0.0, 1.6))  # many hands keep their corners
    if sigma > 0.25:
        weights = _toeplitz(len(points), round(sigma * 10)) * (run[:, None] == run[None, :])
        points = (weights @ points) / weights.sum(axis=1, keepdims=True)
    return points, run


def _hook(strokes: Floats, rng: np.random.Generator, cursive: float) -> Floats:
    """Let strokes begin where the pen comes down early and end where it lifts late, on its way to the next."""
    n = len(strokes)
    if n < 2 or cursive <= 0:
        return strokes
    way = strokes[1:, 0] - strokes[:-1, -1]
    way = way / np.maximum(np.hypot(*way.T)[:, None] / 0.25, 1.0)  # no hook is longer than a quarter of the character
    share = rng.random((2, n - 1, 1)).astype(np.float32) ** 2 * (rng.random((2, n - 1, 1)) < 0.2 + 0.7 * cursive)
    hooked = strokes.copy()
    hooked[:-1, -1] += share[0] * way * np.float32(0.2 + 0.6 * cursive)
    hooked[1:, 0] -= share[1] * way * np.float32(0.2 + 0.6 * cursive)
    return hooked


@lru_cache(maxsize=512)
def _bell(length: int, sigma_tenths: int) -> Floats:
    offset = np.arange(length, dtype=np.float32)
    distance = (offset[:, None] - offset[None, :]) / (sigma_tenths / 10.0)
    return np.asarray(np.exp(-0.5 * distance**2), np.float32)


def _toeplitz(length: int, sigma_tenths: int) -> Floats:
    """Gaussian weights between points by their distance in the run, float32 (length, length)."""
    return _bell(-(-length // 64) * 64, sigma_tenths)[:length, :length]


def _pressure(run: npt.NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """Return a pressure that wanders along each run and fades at its end, float32 (points,)."""
    length = np.bincount(run)
    first = np.cumsum(length) - length
    t = (np.arange(len(run)) - first[run]) / np.maximum(length - 1, 1)[run]
    base, beat, phase, fade = rng.standard_normal((4, len(length)))[:, run]
    wander = 0.12 * base * np.sin(2 * np.pi * (t * (1.0 + np.abs(beat)) + phase))
    fading = 0.45 * np.maximum(fade, 0.0) * np.maximum(t - 0.6, 0.0)
    return np.asarray((0.5 + 0.08 * beat + wander - fading).clip(0.0, 1.0), np.float32)
