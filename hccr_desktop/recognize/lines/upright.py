"""A column of text → the strip that a network which knows rows reads along: its characters upright, side by side.

Columns lie on the page as rows whose characters lie on their left side (`Layout.is_vertical`). They are cut into
characters first, as the character model and the language model see them; each is then stood up as the page shows it.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import around
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.recognize.lines.strip import Strip
from hccr_desktop.recognize.page.layout import Layout
from hccr_desktop.recognize.page.line import Line, Piece

_GAP = 6
"""Columns of paper between two characters, twice as many before and behind them."""
_BESIDE = 0.15
"""How much more of the page is shown on either side than a character's ink, in sizes of a character."""
_MARK = 0.35
"""Longer side of what is a mark, in sizes of a character."""
_LOW = 0.32
"""How far below the middle marks stand in a row, in sizes of a character."""


@dataclass(frozen=True, eq=False)
class Upright:
    """The strip, and between which of its columns the `count` characters stand: float64 (count - 1,)."""

    strip: Strip
    bounds: npt.NDArray[np.float64]

    def place_of(self, column: float) -> int:
        """Return which character stands at a column of the strip."""
        return bisect.bisect(self.bounds.tolist(), column)


def upright(layout: Layout, line: Line, characters: Sequence[Sequence[Piece]], spec: LineSpec) -> Upright:
    """Stand the characters of a column up, one by one from its top; each has at least one piece of ink."""
    scale = spec.size / line.size
    boxes = [around([piece.box for piece in pieces]) for pieces in characters]
    paper = np.full((spec.height, _GAP), 255, np.uint8)
    shown: list[npt.NDArray[np.uint8]] = [paper]
    spans: list[tuple[int, int]] = []
    at = 2 * _GAP
    for number, (left, top, right, bottom) in enumerate(boxes):
        first, last = left - _BESIDE * line.size, right + _BESIDE * line.size
        if number:
            first = max(first, (boxes[number - 1][2] + left) / 2)
        if number + 1 < len(boxes):
            last = min(last, (right + boxes[number + 1][0]) / 2)
        middle = (left + right) / 2
        if max(right - left, bottom - top) < _MARK * line.size:
            middle -= _LOW * line.size
        width = int(np.ceil((bottom - top) * scale)) + 2
        along = middle + (np.arange(spec.height, dtype=np.float64) - spec.height / 2) / scale
        across = top - 1 + np.arange(width, dtype=np.float64)[::-1] / scale
        picture = _seen(layout, along, across, scale)
        picture[(along < first) | (along > last)] = 255
        shown += [paper, picture]
        spans.append((at, at + width))
        at += width + _GAP
    pixels = np.concatenate([*shown, paper, np.full((spec.height, -(at + _GAP) % spec.step), 255, np.uint8)], axis=1)
    starts, stops = np.array(spans, np.float64).reshape(-1, 2).T
    return Upright(Strip(pixels, 0.0, 1.0, is_column=False), (stops[:-1] + starts[1:]) / 2)


def _seen(
    layout: Layout, along: npt.NDArray[np.float64], across: npt.NDArray[np.float64], scale: float
) -> npt.NDArray[np.uint8]:
    """Return a part of the page stood up, uint8 (along, across): each row of it is a place along the column."""
    blur = 0.45 / scale if scale < 0.8 else 0.0
    reach = 1 + int(np.ceil(4 * blur))
    x, y = max(int(along.min()) - reach, 0), max(int(across.min()) - reach, 0)
    picture = layout.page[y : int(across.max()) + 1 + reach, x : int(along.max()) + 1 + reach]
    if blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.uint8)
    map_x = np.repeat((along - x).astype(np.float32)[:, None], len(across), axis=1)
    map_y = np.repeat((across - y).astype(np.float32)[None, :], len(along), axis=0)
    seen = cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(seen, np.uint8)
