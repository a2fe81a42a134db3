"""Finds handwriting on a picture of a page with a small network: which pixels are ink, and where lines run.

The network (`trainer.tasks.page` trains it) tells handwriting from rulings, grids, watermarks, shadows and what lies
around the paper, and marks the middle band of each line, as text detectors do (Liao et al., AAAI 2020).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.bundle import Bundle
from hccr_desktop.core.specs import PageSpec
from hccr_desktop.recognize.agreement import require_agreement
from hccr_desktop.recognize.page.detector import Detector, Kernels, missed
from hccr_desktop.recognize.page.light import even_light
from hccr_desktop.recognize.sessions import session_of_bundle

Floats = npt.NDArray[np.float32]

_SIDE = 1600
"""Longer side of what the network sees at first."""
_MOST_SIDE = 2600
"""Longer side of what it sees at most."""
_SMALLEST = 28.0
"""Smallest size of characters, in pixels, that is good for it."""
_WANTED = 38.0
"""The best size."""
_LARGEST = 52.0
"""The largest."""
_NEARER = 2.0
"""How far a picture is enlarged at most."""
_AWAY = (0.5, 0.25, 0.125)
"""From how much further away it looks where it finds nothing."""
_LEAST_SIDE = 40
"""How small the picture may become."""
_LEAST_DARKNESS = 20.0
"""Gray levels below paper that ink has at least, where only the second opinion saw its line."""
_MISSED = 0.25
"""Share of the length of lines that the second opinion may have more, without being followed."""
_LOST = 0.6
"""Share of the bands' area that is left from nearer, below which the look before counts."""
_UNLIKE = 3.0
"""How many times larger or smaller the second opinion's characters are where the look before was wrong."""
_LARGER, _LARGEST_OF_ALL = 1.6, 6.0
"""How many times as large its characters are where the network takes strokes for writing; where rows stand upright as
columns, its lines are far larger still."""
_SEEN = 0.7
"""Share of what is dark near its lines that is ink to the network, where writing is not too near to be seen."""
_MORE = 2.0
"""How many times the bands' area has to grow from twice as far away for writing to have been seen from too near."""


@dataclass(frozen=True, eq=False)
class Found:
    """What the network says: probabilities of ink and of band, float32 (h, w), of the picture reduced by `scale`.

    `size` is that of a character there, in pixels, 0 where there are no bands.
    """

    ink: Floats
    band: Floats
    scale: float
    size: float


class Finder:
    """The network, opened; raises `InvalidBundle` where its files are none, or contradict each other."""

    def __init__(self, bundle: Bundle[PageSpec], threads: int = 2, second: Detector | None = None) -> None:
        """`second` is asked for its opinion, where there is one."""
        self.bundle, self._second = bundle, second
        self._session = session_of_bundle(bundle, threads, varying=True)
        require_agreement(bundle, self._session)

    def kernels(self, picture: npt.NDArray[np.uint8]) -> Kernels | None:
        """Return where the second opinion sees lines in a picture, uint8 (h, w), dark on light or light on dark."""
        return self._second.find(picture) if self._second is not None else None

    def find(self, picture: npt.NDArray[np.uint8], kernels: Kernels | None = None, *, is_part: bool = False) -> Found:
        """Return where there is handwriting in a picture, uint8 (h, w), dark on light; `kernels` are its own.

        Where the second opinion has many lines that are not found, or far larger characters, the picture is looked at
        again at the size of its characters, and where that does not help, its lines are taken.
        """
        found = self._found(picture, kernels, is_part)
        if kernels is None:
            return found
        size = kernels.size / kernels.scale
        is_missed = missed(found.band, kernels) > _MISSED
        larger = size * found.scale / found.size if found.size else 0.0
        is_near = _LARGER < larger < _LARGEST_OF_ALL and _seen(found, picture, kernels) < _SEEN
        if not is_missed and not is_near:
            return found
        again = self._look(picture, min(_WANTED / size, _NEARER, _MOST_SIDE / max(picture.shape)))
        if not is_missed:  # a few large characters, of which strokes were taken for writing
            is_better = again.size >= _SMALLEST and _seen(again, picture, kernels) >= _SEEN
            return again if is_better else found
        if missed(again.band, kernels) <= _MISSED:
            return again
        band = kernels.mask.astype(np.float32)
        ink = dark_near(picture, kernels)
        return Found(ink, band, kernels.scale, size_of(band, self.bundle.spec))

    def _found(self, picture: npt.NDArray[np.uint8], kernels: Kernels | None, is_part: bool) -> Found:
        """Return what our network finds; large writing is seen from further away.

        What is a part of a long picture does not show all of a page, and its writing may be as high as it is.
        """
        scale = min(1.0, _SIDE / max(picture.shape))
        found = self._look(picture, scale)
        while is_part and found.size and max(picture.shape) * found.scale / 2 >= _LEAST_SIDE:
            further = self._look(picture, found.scale / 2)
            if further.band.mean() <= _MORE * found.band.mean():
                break
            found = further
        for away in _AWAY:
            if found.size or max(picture.shape) * scale * away < _LEAST_SIDE:
                break
            found = self._look(picture, scale * away)
        if not found.size or _SMALLEST <= found.size <= _LARGEST:
            return found
        nearer = min(_WANTED / found.size, _NEARER / found.scale, _MOST_SIDE / (max(picture.shape) * found.scale))
        if 0.9 <= nearer <= 1.2:
            return found
        again = self._look(picture, found.scale * nearer)
        is_lost = nearer > 1.0 and again.band.mean() < _LOST * found.band.mean()
        size = kernels.size / kernels.scale * found.scale if kernels is not None else 0.0
        is_of_size = 1 / _UNLIKE < size / found.size < _UNLIKE
        return found if is_lost and is_of_size else again  # what is not sharp is seen worse from near

    def _look(self, picture: npt.NDArray[np.uint8], scale: float) -> Found:
        height, width = (max(round(side * scale), 1) for side in picture.shape)
        way = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
        page = picture if scale == 1.0 else cv2.resize(picture, (width, height), interpolation=way)
        # At least two strides each way, as the network was exported.
        stride = self.bundle.spec.stride
        down, right = (max(-side % stride, 2 * stride - side) for side in (height, width))
        page = cv2.copyMakeBorder(page, 0, down, 0, right, cv2.BORDER_REPLICATE)
        (logits,) = self._session.run(None, {"page": page[None, None]})[0]
        said = 1.0 / (1.0 + np.exp(-logits[:, :height, :width].clip(-30, 30)))
        ink, band = said.astype(np.float32)
        return Found(ink, band, scale, size_of(band, self.bundle.spec))


def size_of(band: Floats, spec: PageSpec) -> float:
    """Return the size of a character in pixels, from how thick the bands are, 0 where there are none."""
    is_band = (band > 0.5).astype(np.uint8)
    if not is_band.any():
        return 0.0
    inside = np.asarray(cv2.distanceTransform(is_band, cv2.DIST_L2, 3))
    ridge = np.sort(inside[(inside > 1.0) & (inside >= np.asarray(cv2.dilate(inside, np.ones((3, 3), np.uint8))))])
    if not ridge.size:
        return 0.0
    weight = np.cumsum(ridge**2)  # a band's thick parts say more than its frayed ends
    return float(2.0 * ridge[int(np.searchsorted(weight, 0.5 * weight[-1]))] / spec.band)


def _seen(found: Found, picture: npt.NDArray[np.uint8], kernels: Kernels) -> float:
    """Return how much of what is dark near the second opinion's lines is ink to the network."""
    dark = dark_near(picture, kernels) > 0
    ink = cv2.resize(found.ink, dark.shape[::-1], interpolation=cv2.INTER_AREA)
    return float((ink[dark] > 0.5).mean()) if dark.any() else 1.0


def dark_near(picture: npt.NDArray[np.uint8], kernels: Kernels) -> Floats:
    """Return what is dark around the kernels of lines, 0 or 1, float32 of the kernels' height and width."""
    height, width = kernels.mask.shape
    page = even_light(np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8))
    near = kernels.around
    darkness = np.where(near, 255 - page, 0)
    level = max(_LEAST_DARKNESS, 0.4 * float(np.percentile(darkness[near], 98))) if near.any() else 255.0
    return np.asarray(darkness > level, np.float32)
