"""Where lines of another size than their page's stand: small notes and large titles.

The finder sees a page at the size of most of its characters: far smaller ones are missed, and the strokes of far larger
ones are taken for characters. The second opinion, which gives no strokes, sees where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box, around
from hccr_desktop.recognize.page.detector import Kernel, Kernels

Floats = npt.NDArray[np.float64]

_MISSED = 0.5
"""Share of a line's kernel that lies in ink of lines, below which it was missed."""
_SMALL, _LARGE = 0.4, 2.0
"""How many times as large as a page's characters others are that are looked at by themselves: notes, and titles."""
_LONG = 2.0
"""Least length of a kernel that tells, in sizes of its characters."""
_REACH = 0.6
"""How far around a kernel its characters reach, in sizes of one."""
_NEAR = 1.5
"""How far apart kernels are at most that are looked at together, in sizes of a character."""
_LIKE = 1.6
"""How many times as large as another a character is at most that is of the same size."""
_OF_KERNEL, _OFF = 0.75, 2.0
"""Size of characters by their ink, in that by their kernel, usually; how far one is off it at most."""
_MOST = 8
"""Places of a page that are looked at, the longest."""


@dataclass(frozen=True)
class Place:
    """Where lines of another size stand, a box of the picture, and the size of their characters there, in pixels.

    `pieces` are the numbers of the pieces of ink that were taken for some of the page's size there.
    """

    box: Box
    size: float
    pieces: tuple[int, ...] = ()

    def around(self, margin: float, shape: tuple[int, ...]) -> Box:
        """Return the box with so many sizes of a character around it, within a picture of height and width `shape`."""
        more, (left, top, right, bottom) = round(margin * self.size), self.box
        return max(left - more, 0), max(top - more, 0), min(right + more, shape[1]), min(bottom + more, shape[0])

    def has(self, box: Box, size: float) -> bool:
        """Say whether a line stands here, with characters of about that size: `size` pixels by their ink."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        is_here = self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]
        return is_here and 1 / _OFF < size / (_OF_KERNEL * self.size) < _OFF


def places_of(kernels: Kernels, ink: Sequence[Box], size: float) -> list[Place]:
    """Return where lines stand that are of another size than a page's.

    `ink` are the boxes of the pieces of ink of lines that were found, `size` is that of their characters, in pixels, by
    their ink.
    """
    seen = [kernel for kernel in kernels.each() if kernel.length > _LONG * kernel.size]
    boxes = np.array(ink, np.float64).reshape(-1, 4)
    has_ink = np.zeros(kernels.mask.shape, bool)
    for left, top, right, bottom in (kernels.scale * boxes).round().astype(int).tolist():
        has_ink[top : bottom + 1, left : right + 1] = True
    usual = size / _OF_KERNEL * kernels.scale
    is_of_page = [_SMALL < k.size / usual < _LARGE and _covered(k, has_ink) >= _MISSED for k in seen]
    if all(is_of_page):
        return []
    sizes = np.array([kernel.size for kernel in seen]) / kernels.scale
    spans = np.array([[k.xs.min(), k.ys.min(), k.xs.max() + 1, k.ys.max() + 1] for k in seen]) / kernels.scale
    owners = _owners(boxes, spans, sizes)
    places = []
    for at in np.flatnonzero(~np.array(is_of_page)).tolist():
        reach = np.array([-1, -1, 1, 1]) * _REACH * sizes[at]
        left, top, right, bottom = (spans[at] + reach).round().astype(int).tolist()
        own = tuple(np.flatnonzero(owners == at).tolist())
        places.append(Place((left, top, right, bottom), float(sizes[at]), own))
    return sorted(_joined(places), key=lambda place: place.box[0] - place.box[2])[:_MOST]


def _owners(boxes: Floats, spans: Floats, sizes: Floats) -> npt.NDArray[np.intp]:
    """Return to which kernel each box of ink is nearest, in sizes of its characters; -1 where it is near none.

    `spans` are the boxes of the kernels.
    """
    x, y = (boxes[:, [0, 1]] + boxes[:, [2, 3]]).T[:, :, None] / 2
    away = np.abs(spans[:, [1, 3]].mean(axis=1) - y) / sizes
    outside = np.maximum(spans[:, 0] - x, x - spans[:, 2]) / sizes
    away[(outside > _REACH) | (away > 2 * _REACH)] = np.inf
    return np.where(np.isfinite(away.min(axis=1)), away.argmin(axis=1), -1)


def _covered(kernel: Kernel, has_ink: npt.NDArray[np.bool_]) -> float:
    """Return which share of a kernel has ink, bool (h, w), or stands between it."""
    area = np.s_[kernel.ys.min() : kernel.ys.max() + 1, kernel.xs.min() : kernel.xs.max() + 1]
    to_the_next = 2 * round(kernel.size / 2) + 1
    covered = np.asarray(cv2.dilate(has_ink[area].astype(np.uint8), np.ones((1, to_the_next), np.uint8)))
    return float(covered[kernel.ys - kernel.ys.min(), kernel.xs - kernel.xs.min()].mean())


def _joined(places: Iterable[Place]) -> list[Place]:
    """Join places of one size that are near each other."""
    found: list[Place] = []
    for place in places:
        own = place
        while (near := next((other for other in found if _is_near(own, other)), None)) is not None:
            found.remove(near)
            own = Place(around([own.box, near.box]), (own.size * near.size) ** 0.5, own.pieces + near.pieces)
        found.append(own)
    return found


def _is_near(one: Place, other: Place) -> bool:
    apart = max(
        one.box[0] - other.box[2], other.box[0] - one.box[2], one.box[1] - other.box[3], other.box[1] - one.box[3]
    )
    return _is_like(one.size, other.size) and apart < (_NEAR - 2 * _REACH) * min(one.size, other.size)


def _is_like(size: float, other: float) -> bool:
    return 1 / _LIKE < size / other < _LIKE
