"""Cells of squared paper (方格, 田字格, 米字格): where a line's walls are, in which a character stands each.

Walls are rulings across a line, evenly spaced. Of those that halve or quarter the cells, or that the writing does not
mind, none is left.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box

_CLOSE = 0.85
"""Least width of a cell, in sizes of a character."""
_WIDE = 2.2
"""Its largest width."""
_THROUGH = 0.6
"""Share of a character's height that a wall goes through."""
_ROWS = 17
"""In how many places it is looked at."""
_LEAN = 0.4
"""How much walls lean at most, seen from the side."""
_LEANS = 9
"""How many ways to lean are tried."""
_EVEN = 0.18
"""By which share of a cell its walls may waver."""
_FOUND = 0.6
"""Least share of walls that are seen."""
_OVER = 0.12
"""How far ink reaches over a wall on both sides that does not mind it, in cells."""
_MINDED = 0.2
"""Share of walls that may not be minded."""


def walls_of(rulings: npt.NDArray[np.uint8], boxes: Sequence[Box], size: float) -> tuple[float, ...]:
    """Return where walls stand along a line, x from the left, none where it is not written in cells.

    `rulings` uint8 (h, w) is 1 where the page's rulings are, `boxes` are those of the line's ink, of characters so
    large.
    """
    tall = np.array([box for box in boxes if max(box[2] - box[0], box[3] - box[1]) >= 0.5 * size], np.float64)
    if len(tall) < 3:
        return ()
    left, right = int(tall[:, 0].min() - 1.5 * size), int(tall[:, 2].max() + 1.5 * size)
    left, right = max(left, 0), min(right, rulings.shape[1])
    centers, heights = tall[:, [0, 2]].mean(axis=1), tall[:, [1, 3]].mean(axis=1)
    slope, level = np.polyfit(centers, heights, 1) if np.ptp(centers) > 3 * size else (0.0, float(np.median(heights)))
    columns = np.arange(left, right)
    away = np.linspace(-0.5, 0.5, _ROWS) * size  # from the middle of the line
    y = np.round(away[:, None] + slope * columns + level).astype(int).clip(0, rulings.shape[0] - 1)
    rows = cv2.dilate(rulings[y, columns], np.ones((1, 3), np.uint8))
    most = round(_LEAN * size / 2)
    rows = np.pad(rows, ((0, 0), (most, most)))
    through = np.zeros(len(columns), np.uint8)
    for lean in np.linspace(-_LEAN, _LEAN, _LEANS):
        starts = most + np.round(lean * away).astype(int)
        leaning = [row[start : start + len(columns)] for row, start in zip(rows, starts, strict=True)]
        through = np.maximum(through, np.sum(leaning, axis=0, dtype=np.uint8))
    seen = np.diff((through > _THROUGH * _ROWS).astype(np.int8), prepend=0, append=0)
    found = left + (np.flatnonzero(seen == 1) + np.flatnonzero(seen == -1) - 1) / 2
    for halved in (1, 2, 4):  # lines that help to place strokes are no walls
        for first in range(halved):
            walls = _even(found[first::halved], size)
            if len(walls) and _minded(walls, tall):
                return tuple(float(wall) for wall in walls)
    return ()


def _even(found: npt.NDArray[np.float64], size: float) -> npt.NDArray[np.float64]:
    """Return walls with those between that are not seen, none where they are not even or no cells of characters."""
    if len(found) < 3:
        return found[:0]
    steps = np.diff(found)
    cell = float(np.median(steps))
    if not _CLOSE * size <= cell <= _WIDE * size:
        return found[:0]
    times = np.maximum(np.round(steps / cell), 1.0)
    if np.mean(np.abs(steps / cell - times) < _EVEN * times) < 0.9 or len(times) / times.sum() < _FOUND:
        return found[:0]
    number = np.concatenate([[0.0], np.cumsum(times)])
    return np.asarray(np.interp(np.arange(number[-1] + 1), number, found))


def _minded(walls: npt.NDArray[np.float64], tall: npt.NDArray[np.float64]) -> bool:
    """Say whether a line's ink keeps to cells: few walls have ink that reaches far over them on both sides."""
    over = _OVER * float(np.median(np.diff(walls)))
    crossed = (tall[None, :, 0] < walls[:, None] - over) & (tall[None, :, 2] > walls[:, None] + over)
    inside = (walls > tall[:, 0].min()) & (walls < tall[:, 2].max())
    far = walls[-1] - walls[0] > 0.6 * np.ptp(tall[:, [0, 2]])
    return bool(far and inside.any()) and float(np.mean(crossed[inside].any(axis=1))) <= _MINDED
