"""Rulings: straight lines on a page that are no strokes, found along their own slopes and taken out.

Short ones go where the finder doubts that they are ink. Long ones go in any case: edges (LSD, Grompone von Gioi et al.,
PAMI 2010) that stay dark when they are made longer tell how rulings lean, the page is sheared by each such slope, and
what is dark nearly throughout several characters' length is a ruling.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.page.finder import Floats
from hccr_desktop.recognize.page.ink import Mask

_DOUBTED = 0.6
"""Straight lines are rulings where the finder is not so sure that they are ink."""
_THROUGH = 6.0
"""Length of lines that are rulings in any case, in sizes of a character."""
_SOLID = 0.85
"""How much of it is dark."""
_STEEPEST = 0.65
"""How much rulings lean at most."""
_SLOPE_STEP = 0.012
"""Steps in which their slopes are looked for."""
_EDGE = 0.7
"""Least length of an edge that may be a ruling's, in sizes of a character."""
_BESIDE = 7.0
"""How far beside a ruling it is lighter, in pixels of a picture of half the size: more than any is thick."""


def without_rulings(mask: Mask, ink: Floats, size: float) -> Mask:
    """Take out rulings, across and down, and patch the writing, of characters so large, where they crossed it.

    On a page that is seen from the side rulings lean, not all alike.
    """
    result = mask.copy()
    if not size:  # there is no writing
        return result
    ways = _ways_of(mask, size)
    doubtful = _bits(ink < _DOUBTED)
    for across in (True, False):
        image, doubt = (mask, doubtful) if across else (np.ascontiguousarray(m.T) for m in (mask, doubtful))
        length = max(60, image.shape[1] // 12, round(2.5 * size))
        lines = _runs(image, length) & doubt
        for slope in _slopes_of(ways if across else ways[:, ::-1]):
            found = _long_lines(_sheared(image, slope), round(_THROUGH * size))
            lines |= _sheared_back(found, slope, image.shape)
        lines = _bits(cv2.dilate(lines, np.ones((3, 1), np.uint8)))
        if not lines.any():
            continue
        target = result if across else np.ascontiguousarray(result.T)
        cleared = target & (1 - lines)
        # Ink right above and right below a line went through it.
        thickness = lines.sum() / max(int((lines[1:] & (1 - lines[:-1])).sum()), 1)
        bridge = np.ones((2 * round(thickness / 2) + 3, 1), np.uint8)
        cleared |= _bits(cv2.morphologyEx(cleared, cv2.MORPH_CLOSE, bridge)) & lines & target
        result = cleared if across else np.ascontiguousarray(cleared.T)
    return np.asarray(result, np.uint8)


def _ways_of(mask: Mask, size: float) -> Floats:
    """Return where lines that go through several characters run, float32 (n, 2): so far to the right, and down.

    Each is an edge that, made longer, stays dark, and lighter on both sides.
    """
    half = (max(mask.shape[1] // 2, 1), max(mask.shape[0] // 2, 1))
    small = _bits(cv2.resize(mask, half, interpolation=cv2.INTER_NEAREST))
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(255 - 255 * small)[0]
    ends = np.zeros((0, 4), np.float32) if found is None else np.asarray(found, np.float32).reshape(-1, 4)
    ways, middles = ends[:, 2:] - ends[:, :2], (ends[:, :2] + ends[:, 2:]) / 2
    lengths = np.hypot(*ways.T)
    long = lengths > _EDGE * size / 2
    ways, middles = ways[long] / lengths[long, None], middles[long]
    near = cv2.copyMakeBorder(_bits(cv2.dilate(small, np.ones((3, 3), np.uint8))), 1, 1, 1, 1, cv2.BORDER_CONSTANT)

    def dark(begins: float, aside: float) -> npt.NDArray[np.float64]:
        along = (begins + np.linspace(0.0, 1.0, 96)) * _THROUGH * size / 2
        x = np.round(middles[:, :1] + along * ways[:, :1] - aside * ways[:, 1:]).astype(int) + 1
        y = np.round(middles[:, 1:] + along * ways[:, 1:] + aside * ways[:, :1]).astype(int) + 1
        return np.asarray(near[y.clip(0, near.shape[0] - 1), x.clip(0, near.shape[1] - 1)].mean(axis=1), np.float64)

    through = np.zeros(len(ways), bool)
    for begins in (-1.0, -0.5, 0.0):  # before, around and behind the edge
        beside = np.maximum(dark(begins, _BESIDE), dark(begins, -_BESIDE))
        through |= (dark(begins, 0.0) > _SOLID) & (beside < 0.6 * _SOLID)
    return np.asarray(ways[through], np.float32)


def _slopes_of(ways: Floats) -> list[float]:
    """Return by how much lines fall to the right that go so rather than down, and the steps beside, as edges waver."""
    along = ways[np.abs(ways[:, 1]) < _STEEPEST * np.abs(ways[:, 0])]
    steps = np.round(along[:, 1] / along[:, 0] / _SLOPE_STEP).astype(int)
    return [_SLOPE_STEP * step for step in np.unique(np.concatenate([steps - 1, steps, steps + 1])).tolist()]


def _shear(slope: float, shape: tuple[int, ...]) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    height, width = shape
    move = np.array([[1.0, 0.0, 0.0], [-slope, 1.0, max(slope, 0.0) * width]])
    return move, (width, height + int(abs(slope) * width) + 1)


def _sheared(image: Mask, slope: float) -> Mask:
    """Return a picture in which lines of a slope are level."""
    move, size = _shear(slope, image.shape)
    return image if not slope else _bits(cv2.warpAffine(image, move, size, flags=cv2.INTER_NEAREST))


def _sheared_back(image: Mask, slope: float, shape: tuple[int, ...]) -> Mask:
    move, _ = _shear(slope, shape)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return image if not slope else _bits(cv2.warpAffine(image, move, shape[::-1], flags=flags))


def _runs(level: Mask, length: int) -> Mask:
    """Return thin level lines at least so long, small breaks closed."""
    closed = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    runs = _bits(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
    thick = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((9, 1), np.uint8))
    return runs & (1 - _bits(cv2.dilate(thick, np.ones((3, 3), np.uint8))))


def _long_lines(level: Mask, length: int) -> Mask:
    """Return thin level lines that are dark nearly throughout some such length."""
    dense = _bits(cv2.blur(level.astype(np.float32), (length, 1), borderType=cv2.BORDER_CONSTANT) > _SOLID)
    if not dense.any():
        return dense
    thick = cv2.morphologyEx(dense, cv2.MORPH_OPEN, np.ones((12, 1), np.uint8))
    dense &= 1 - _bits(cv2.dilate(thick, np.ones((5, 5), np.uint8)))
    return level & _bits(cv2.dilate(dense, np.ones((1, length), np.uint8)))


def _bits(image: object) -> Mask:
    """Tell the type checker what OpenCV gave."""
    return np.asarray(image, np.uint8)
