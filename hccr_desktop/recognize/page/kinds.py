"""Tells printed lines from handwritten ones by how evenly their characters stand.

A press sets Chinese characters at one distance and one height; no hand does, not even in squares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import HANDWRITTEN, PRINTED, TextLine
from hccr_desktop.core.subsets import is_chinese

_LEAST = 6
"""Fewest Chinese characters of a line that tell."""
_ALONG, _ACROSS = 0.03, 0.02
"""How far, in distances and in sizes of a character, characters of print stand off their places at most."""


def kinds_of(lines: Sequence[TextLine]) -> list[str]:
    """Return the kind of each line of a page; one that is too short is of the kind of the nearest that tells."""
    told = [_is_even(line) for line in lines]
    places = [_middle(line) for line in lines]
    known = [i for i, even in enumerate(told) if even is not None]
    found = []
    for i, own in enumerate(told):
        nearest = min(known, key=lambda other: abs(places[other] - places[i]), default=i) if own is None else i
        found.append(PRINTED if told[nearest] else HANDWRITTEN)
    return found


def _middle(line: TextLine) -> float:
    """Return where a line stands from the page's top."""
    boxes = [answer.box for answer in line if answer.box] or [line.box or (0, 0, 0, 0)]
    return float(np.mean([(top + bottom) / 2 for _, top, _, bottom in boxes]))


def _is_even(line: TextLine) -> bool | None:
    """Say whether a line's characters stand as evenly as print; None where they are too few to tell."""
    placed = [(answer.box, is_chinese(answer.best.character)) for answer in line if answer.box]
    chinese = np.array([known for _, known in placed], bool)
    if chinese.sum() < _LEAST:
        return None
    boxes = np.array([box for box, _ in placed], np.float64)
    middles, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]
    spread = np.ptp(middles, axis=0)
    along, across = (middles.T if spread[0] >= spread[1] else middles.T[::-1]).copy()
    beside = chinese[1:] & chinese[:-1]
    steps = np.diff(along)[beside]
    usual, size = float(np.median(steps)) if len(steps) else 0.0, float(np.median(sizes[chinese].max(axis=1)))
    if len(steps) < _LEAST // 2 or not usual or not size:
        return None
    off = _off_line(steps, ((along[1:] + along[:-1]) / 2)[beside])
    return off <= _ALONG * abs(usual) and _off_line(across[chinese], along[chinese]) <= _ACROSS * size


def _off_line(values: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> float:
    """Return how far values usually are off the straight line through them: perspective is no unevenness."""
    x, y = at - at.mean(), values - values.mean()
    slope = float((x * y).sum() / max((x * x).sum(), 1e-9))
    return float(np.median(np.abs(y - slope * x)))
