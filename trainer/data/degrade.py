"""The same pen, paper and camera for synthetic and real samples.

In: a glyph, uint8 (h, w), dark on light. Out: one that was written a little differently with
another pen on other paper and digitized by another device. Every source of training samples
passes through here. Without that a network takes real scan texture for a sign that the sample
is one of the few characters that have real samples.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SIDE = 96
"""Longer side, in pixels, of what comes out."""

_FIELD = 128


@lru_cache(maxsize=1)
def _fields() -> tuple[Floats, Floats]:
    """Banks, drawn once: smooth displacements (64, F, F, 2), unit std, and grain (32, F, F)."""
    rng = np.random.default_rng(20260101)
    smooth = np.empty((64, _FIELD, _FIELD, 2), np.float32)
    for i in range(len(smooth)):
        coarse = int(rng.integers(3, 7))
        field = cv2.resize(
            rng.standard_normal((coarse, coarse, 2)).astype(np.float32), (_FIELD, _FIELD), interpolation=cv2.INTER_CUBIC
        )
        smooth[i] = field / field.std()
    grain = np.empty((32, _FIELD, _FIELD), np.float32)
    for i in range(len(grain)):
        noise = cv2.GaussianBlur(rng.standard_normal((_FIELD, _FIELD)).astype(np.float32), (0, 0), 0.3 + 0.1 * i)
        grain[i] = noise / noise.std()
    return smooth, grain


def degrade(pixels: Gray, rng: np.random.Generator, vigor: float = 1.0, hand: float = 0.0) -> Gray:
    """Return the glyph as another hand, pen, paper and device would give it, uint8 (SIDE, SIDE).

    `vigor` 0..1 scales the change of shape, and how often and how far the texture changes. `hand`
    0..1 says how much of a writer's posture to add: print stands upright and square, while the
    scans of 120 characters rise by 5° to the right, lean forward by 5° and are 0.8 as wide as high.
    """
    smooth, grain = _fields()
    side = SIDE
    u = rng.random(16)
    often = 0.4 + 0.6 * vigor
    g = rng.standard_normal(6)

    # Shape: turn, shear, stretch, perspective of the whole, and a smooth warp, as one resampling.
    height, width = pixels.shape
    fit = 0.86 * side / max(height, width)
    angle = 0.06 * g[0] * vigor
    cos, sin = np.cos(angle), np.sin(angle)
    rise = hand * (0.05 + 0.08 * g[3] * vigor)
    shear = 0.09 * g[1] * vigor + hand * (0.06 + 0.12 * g[4] * vigor)
    stretch = np.exp(0.09 * g[2] * vigor + hand * (0.10 + 0.12 * g[5] * vigor))
    turn = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1.0, 0.0], [rise, 1.0]])
    matrix = turn @ np.array([[stretch, shear], [0.0, 1.0 / stretch]]) / fit
    grid = _grid(side)
    at = grid @ matrix.T.astype(np.float32)
    amplitude = np.float32((0.012 + 0.022 * u[0]) * max(height, width) * vigor * (1.0 + 0.9 * hand))
    at += amplitude * smooth[int(u[1] * len(smooth))][:side, :side].reshape(-1, 2)
    at += np.array([(width - 1) / 2, (height - 1) / 2], np.float32)
    at = at.reshape(side, side, 2)
    ink: Any = cv2.remap(255 - pixels, at, _NO_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)

    # Pen: wider or finer by a fraction of a pixel and more.
    if u[2] < 0.5 * often:
        ink = _change_width(ink, rng, float(u[3]))

    # Ink: bitty ball pens, dry brushes, pale pencils.
    level = np.float32(0.35 + 0.65 * u[4])
    flow: Any = ink.astype(np.float32)
    if u[5] < 0.75:
        texture = grain[int(u[6] * len(grain))]
        y, x = int(u[7] * (_FIELD - side)), int(u[8] * (_FIELD - side))
        flow *= (1.0 + np.float32(0.45 * often * u[9]) * texture[y : y + side, x : x + side]).clip(0.0, 1.35)
    if u[10] < 0.6 * often:
        sigma = 0.35 + 0.9 * often * float(u[11]) ** 1.5
        flow = cv2.GaussianBlur(flow, (0, 0), sigma)

    # Device: resolution, light, noise.
    if u[12] < 0.35 * often:
        small = int(side * (0.42 + 0.5 * u[13]))
        flow = cv2.resize(cv2.resize(flow, (small, small), interpolation=cv2.INTER_AREA), (side, side))
    paper = np.float32(255.0 - 60.0 * max(0.0, u[14] - 0.5))
    gray = paper - level * np.minimum(flow, 255.0) * (paper / 255.0)
    if u[15] < 0.5 * often:
        texture = grain[int(rng.integers(8))]
        y, x = rng.integers(_FIELD - side, size=2)
        gray += np.float32(12.0 * rng.random()) * level * texture[y : y + side, x : x + side]
    return np.asarray(gray.clip(0.0, 255.0), np.uint8)


@lru_cache(maxsize=4)
def _grid(side: int) -> Floats:
    axis = np.arange(side, dtype=np.float32) - (side - 1) / 2
    x, y = np.meshgrid(axis, axis)
    return np.stack([x.ravel(), y.ravel()], axis=1)


_NO_MAP: Any = None  # a second map is not needed; the type stubs ask for one

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_ROUND = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


def _change_width(ink: Gray, rng: np.random.Generator, choice: float) -> Gray:
    """Blend with a dilated or, where lines are wide enough to bear it, an eroded picture."""
    if choice < 0.25:
        other = cv2.dilate(ink, _CROSS)
    elif choice < 0.30:
        other = cv2.dilate(ink, _ROUND)
    else:
        other = cv2.erode(ink, _CROSS)
        if int(other.sum(dtype=np.int64)) < 0.4 * int(ink.sum(dtype=np.int64)):
            return ink
    share = float(rng.random())
    return np.asarray(cv2.addWeighted(ink, 1.0 - share, other, share, 0.0), np.uint8)
