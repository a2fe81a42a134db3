"""PP-OCRv6's detector of text, out of the package `rapidocr`: a second opinion on where lines run.

It gives the kernel of each line (Liao et al., AAAI 2020), about as high as the bands of our own finder, which tells
handwriting from rulings and follows lines better, but may look from too far away, or know a kind of page too little.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.packaged import open_packaged

Floats = npt.NDArray[np.float32]
Gray = npt.NDArray[np.uint8]

FILE = "models/PP-OCRv6_det_small.onnx"
_SIDE = 736
"""Longer side of what it sees at most: on 33 photographs 1,280 changed no line, and took three times as long."""
_STRIDE = 32
"""Its height and width are multiples of this."""
_KERNEL = 0.3
"""Probability from which a pixel is in the kernel of a line."""
_SURE = 0.6
"""Mean probability of a kernel that counts."""
_LEAST_LENGTH = 12
"""Its least length, in pixels."""
_DARK_PAPER = 110
"""Gray below which paper is dark, and writing light, where no lines are seen."""
_ENOUGH = 20
"""Pixels of a line from which it tells whether its writing is light."""
_SIZE = 2.2
"""Size of a character, in heights of a kernel: usual on photographs, where our finder sees the same lines."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """That of one line: where its pixels are, and the size of a character there, in the reduced picture."""

    ys: npt.NDArray[np.intp]
    xs: npt.NDArray[np.intp]

    @property
    def length(self) -> int:
        """How wide it is, in pixels."""
        return int(np.ptp(self.xs)) + 1

    @property
    def size(self) -> float:
        """The size of a character of its line, in pixels."""
        return _SIZE * len(self.xs) / self.length


@dataclass(frozen=True, eq=False)
class Kernels:
    """`mask` bool (h, w) of the kernels of lines, of the picture reduced by `scale`; `size` of a character there."""

    mask: npt.NDArray[np.bool_]
    scale: float
    size: float

    @property
    def around(self) -> npt.NDArray[np.bool_]:
        """Where the lines are, bool (h, w): their kernels, and as far around as their characters reach."""
        reach = max(round(self.size * 0.6), 1)
        return cv2.dilate(self.mask.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0

    def each(self) -> list[Kernel]:
        """Return the kernel of each line."""
        _, labels = cv2.connectedComponents(self.mask.astype(np.uint8))
        ys, xs = np.nonzero(self.mask)
        order = np.argsort(np.asarray(labels)[ys, xs], kind="stable")
        firsts = np.flatnonzero(np.diff(np.asarray(labels)[ys, xs][order])) + 1
        parts = zip(np.split(ys[order], firsts), np.split(xs[order], firsts), strict=True)
        return [Kernel(own_ys, own_xs) for own_ys, own_xs in parts if len(own_ys)]


class Detector:
    """The network, opened; raises `ModelError` where it is missing, damaged or another network."""

    def __init__(self, threads: int = 2) -> None:
        self._session, _ = open_packaged(FILE, lambda session: session.get_inputs()[0].shape[1] == 3, threads)
        self._input = self._session.get_inputs()[0].name

    def find(self, picture: Gray) -> Kernels:
        """Return the kernels of the lines in a picture, uint8 (h, w), dark on light."""
        scale = min(1.0, _SIDE / max(picture.shape))
        height, width = (max(round(side * scale / _STRIDE), 1) * _STRIDE for side in picture.shape)
        seen = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 127.5 - 1.0
        (found,) = self._session.run(None, {self._input: np.repeat(seen[None, None], 3, axis=1)})[0]
        chances = found.reshape(height, width)
        mask = (chances > _KERNEL).astype(np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, ltype=cv2.CV_32S)
        means = np.bincount(np.asarray(labels).ravel(), chances.ravel(), count) / np.maximum(
            stats[:, cv2.CC_STAT_AREA], 1
        )
        lengths = stats[:, cv2.CC_STAT_WIDTH]
        kept = (means >= _SURE) & (lengths >= _LEAST_LENGTH)
        kept[0] = False
        heights = stats[kept, cv2.CC_STAT_AREA] / lengths[kept]
        size = _SIZE * float(np.median(np.repeat(heights, lengths[kept]))) if kept.any() else 0.0
        high, wide = (max(round(side * scale), 1) for side in picture.shape)  # whole strides are of another shape
        mask = cv2.resize(kept[np.asarray(labels)].astype(np.uint8), (wide, high), interpolation=cv2.INTER_NEAREST)
        return Kernels(mask > 0, scale, size * high / height)


def is_light_on_dark(picture: Gray, kernels: Kernels | None) -> bool:
    """Say whether a picture's writing is lighter than its paper, as on a blackboard.

    Around the lines most is paper, whatever the page lies on and however the light falls: what differs from what is
    around it is ink. Where no lines are known, most of the picture is taken for paper.
    """
    if kernels is None or not kernels.size:
        return bool(np.median(picture) < _DARK_PAPER)
    height, width = kernels.mask.shape
    seen = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(seen, min(2 * round(kernels.size) + 1, 255))
    if not _is_light((seen.astype(np.float32) - paper)[kernels.around]):
        return False
    # Around a slip of paper on a dark table most is table: within the lines themselves most is paper.
    inside = [seen[kernel.ys, kernel.xs].astype(np.float32) for kernel in kernels.each()]
    differs = [values - np.median(values) for values in inside if len(values) > _ENOUGH]
    return not differs or _is_light(np.concatenate(differs))


def _is_light(differs: Floats) -> bool:
    """Say whether what differs most from what is usual, 0, is lighter than it, and skews to that side."""
    dark, light = np.percentile(differs, (2, 98))
    return bool(light > -dark) and float(((differs - differs.mean()) ** 3).mean()) > 0.0


def missed(band: Floats, kernels: Kernels) -> float:
    """Return which share of the length of lines the bands of our finder, float32 (h, w), do not have, 0..1."""
    if not kernels.size:
        return 0.0
    height, width = kernels.mask.shape
    seen = cv2.resize(band, (width, height), interpolation=cv2.INTER_AREA) > 0.25
    reach = max(round(kernels.size / 2), 1)
    near = cv2.dilate(seen.astype(np.uint8), np.ones((2 * reach + 1, 1), np.uint8)) > 0
    count, labels = cv2.connectedComponents(kernels.mask.astype(np.uint8))
    columns = np.zeros((count, width), bool)
    covered = np.zeros((count, width), bool)
    ys, xs = np.nonzero(kernels.mask)
    of = np.asarray(labels)[ys, xs]
    columns[of, xs] = True
    covered[of[near[ys, xs]], xs[near[ys, xs]]] = True
    lengths, found = columns.sum(axis=1), covered.sum(axis=1)
    return float(lengths[found < 0.5 * lengths].sum() / max(lengths.sum(), 1))
