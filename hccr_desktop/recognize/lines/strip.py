"""A line of a page → the strip that a network reads along: alone, straightened, of one height."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.specs import LineSpec
from hccr_desktop.recognize.page.layout import Layout
from hccr_desktop.recognize.page.line import Line

Floats = npt.NDArray[np.float32]

_LONGEST = 32_000
"""Most columns of a strip."""
_MARGIN = 0.35
"""Paper before and behind a line, in sizes of a character."""
_EVERY = 8
"""Columns between two places at which a line's middle is looked for."""


@dataclass(frozen=True, eq=False)
class Strip:
    """A line as the network reads it, uint8 (height, w); its column x is the page's `left` + x / `scale`.

    A column of text is mirrored at its diagonal.
    """

    pixels: npt.NDArray[np.uint8]
    left: float
    scale: float
    is_column: bool


def strip_of(layout: Layout, line: Line, spec: LineSpec, wider: float = 1.0) -> Strip:
    """Return a line straightened: its middle, which may wander, lies in the middle of the strip.

    It is drawn out by `wider` where its writing is narrow.
    """
    left, _, right, _ = line.box
    margin = _MARGIN * line.size
    length = right - left + 2 * margin
    scale = min(spec.size / line.size, _LONGEST / (wider * length))
    width = -(-int(length * scale * wider) // spec.step) * spec.step
    columns = np.arange(width, dtype=np.float32) / (scale * wider) + (left - margin)
    middle = middle_of_line(line, columns)
    rows = (np.arange(spec.height, dtype=np.float32) - spec.height / 2) / scale
    map_x = np.broadcast_to(columns[None, :], (spec.height, width))
    map_y = middle[None, :] + rows[:, None]
    blur = 0.45 / scale if scale < 0.8 else 0.0  # otherwise thin strokes fall between the samples
    reach = 1 + math.ceil(4 * blur)
    corner = np.array([map_x.min(), map_y.min()]) - reach
    x, y = (max(int(at), 0) for at in corner)
    area = np.s_[y : int(map_y.max()) + 1 + reach, x : int(map_x.max()) + 1 + reach]
    picture = _alone(layout, line, area) if spec.alone else layout.page[area]
    if blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.uint8)
    at_x, at_y = (np.ascontiguousarray(at, np.float32) for at in (map_x - x, map_y - y))
    pixels = cv2.remap(picture, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    if layout.is_vertical:  # the page is turned, so that what is on a column's right is above
        pixels = np.ascontiguousarray(pixels[::-1])
    return Strip(np.asarray(pixels, np.uint8), left - margin, scale * wider, layout.is_vertical)


def _alone(layout: Layout, line: Line, area: tuple[slice, slice]) -> npt.NDArray[np.uint8]:
    """Return an area of a page with nothing but a line's own ink on it."""
    own_labels = np.zeros(int(layout.labels.max(initial=0)) + 1, bool)
    own_labels[[label for piece in line.pieces for label in piece.labels]] = True
    own = own_labels[layout.labels[area]].astype(np.uint8)
    near = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0  # soft edges belong to the ink
    return np.where(near, layout.writing[area], 255).astype(np.uint8)


def middle_of_line(line: Line, at: Floats) -> Floats:
    """Return the height of a line's middle at places along it: that of the characters around."""
    tall = [p for p in line.pieces if p.height > 0.5 * line.size] or list(line.pieces)
    x = np.array([(p.box[0] + p.box[2]) / 2 for p in tall])
    y = np.array([(p.box[1] + p.box[3]) / 2 for p in tall])
    weight = np.array([float(p.width * p.height) for p in tall])
    near = np.exp(-0.5 * ((at[::_EVERY, None] - x[None, :]) / (3 * line.size)) ** 2) * weight + 1e-9 * weight
    middle = (near * y).sum(axis=1) / near.sum(axis=1)
    return np.asarray(np.interp(at, at[::_EVERY], middle), np.float32)
