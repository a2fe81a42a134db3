"""Page → lines of ink pieces, in reading order: what stands where, before it is read.

In: a page, uint8 (h, w), any light. Out: an upright page with even light, and on it `Line`s of
`Piece`s, connected parts of ink from left to right. The steps are functions on arrays:
`even_light`, `ink_mask`, `skew`, `without_rulings`, `pieces_of`, `lines_of`. Ruling lines and the grids of
squared paper are taken out where they are long, thin and straight; where writing crosses them it is
patched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box, around

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
"""1 where there is ink, 0 elsewhere, uint8 (h, w)."""

_WORKING_SIDE = 2600
"""Pages with a longer side are reduced to this: an A4 page at 220 dpi."""


MOST_PIECES = 12_000
"""Pieces of ink that are looked at on a page, the largest first: those of about 3,000 characters."""


@dataclass(frozen=True)
class Piece:
    """Connected ink: its numbers in `Layout.labels`, and the box around it."""

    labels: tuple[int, ...]
    box: Box

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Line:
    """A text line: pieces from left to right, and the line's typical size of a character in pixels."""

    pieces: tuple[Piece, ...]
    size: float

    @property
    def box(self) -> Box:
        """The box around all pieces."""
        return around([piece.box for piece in self.pieces])


@dataclass(frozen=True, eq=False)
class Layout:
    """`page` uint8 (h, w), upright and evenly lit; `labels` int32 (h, w), the number of each piece of ink, 0 none.

    `to_source` is the 2 × 3 affine map from `page` to the picture that was given. Where `is_vertical`, the page was
    turned by a quarter to the left, so that columns from the right became rows from the top.
    """

    page: Gray
    labels: npt.NDArray[np.int32]
    lines: tuple[Line, ...]
    to_source: npt.NDArray[np.float64]
    is_vertical: bool = False

    def crop(self, pieces: Sequence[Piece]) -> Gray:
        """Return the picture of some pieces alone, as they were written, uint8 (h, w), 255 = paper."""
        left, top, right, bottom = around([piece.box for piece in pieces])
        wanted = [label for piece in pieces for label in piece.labels]
        area = np.s_[top:bottom, left:right]
        inside = np.isin(self.labels[area], wanted).astype(np.uint8)
        near = cv2.dilate(inside, np.ones((3, 3), np.uint8))  # the soft edge of the ink belongs to it
        picture = np.where(near > 0, self.page[area], 255).astype(np.uint8)
        return np.pad(np.rot90(picture, -1) if self.is_vertical else picture, 2, constant_values=255)

    def source_box(self, box: Box) -> Box:
        """Return the upright box, in the picture that was given, around a box of the page."""
        left, top, right, bottom = box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]], np.float64)
        x, y = self.to_source @ corners.T
        return int(np.floor(x.min())), int(np.floor(y.min())), int(np.ceil(x.max())), int(np.ceil(y.max()))


def analyze(picture: Gray, *, vertical: bool = False) -> Layout:
    """Find the lines of a page, or its columns from the right; a page without writing has none."""
    if vertical:
        turned = analyze(np.ascontiguousarray(np.rot90(picture)))
        back = np.array([[0.0, -1.0, picture.shape[1]], [1.0, 0.0, 0.0]])
        to_source = back @ np.vstack([turned.to_source, [0.0, 0.0, 1.0]])
        return Layout(turned.page, turned.labels, turned.lines, to_source, is_vertical=True)
    scale = min(1.0, _WORKING_SIDE / max(picture.shape))
    reduced = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    page = picture if scale == 1.0 else cv2.resize(picture, reduced, interpolation=cv2.INTER_AREA)
    page = even_light(np.asarray(page, np.uint8))
    angle = skew(ink_mask(page))
    upright, to_page = _turned(page, angle)
    mask = ink_mask(upright)
    mask = without_rulings(mask, max(mask.shape) // 5)  # a grid would hide how large the writing is
    mask = without_rulings(mask, round(2.5 * character_size(mask)))
    size = character_size(mask)
    pieces, labels = pieces_of(mask, size)
    to_source = to_page.copy()
    to_source /= scale
    return Layout(upright, labels, lines_of(pieces, size), to_source)


def even_light(page: Gray) -> Gray:
    """Divide out shadow and paper color; paper becomes 255. Light writing on dark paper is inverted first."""
    if np.median(page) < 110:
        page = np.asarray(255 - page, np.uint8)
    quarter = (max(page.shape[1] // 4, 1), max(page.shape[0] // 4, 1))
    small = cv2.resize(page, quarter, interpolation=cv2.INTER_AREA)
    reach = max(5, round(max(small.shape) / 40)) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), min(reach * 2 + 1, 255))
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), reach / 2), (page.shape[1], page.shape[0]))
    even = page.astype(np.float32) * (255.0 / np.maximum(paper.astype(np.float32), 1.0))
    return np.asarray(even.clip(0, 255), np.uint8)


def ink_mask(page: Gray) -> Mask:
    """Return where the ink is on an evenly lit page: what is nearer to the darkest ink than to pale rulings."""
    darkness = 255 - cv2.GaussianBlur(page, (0, 0), 0.7)
    written = darkness[darkness > 40]
    if written.size < 20:
        return np.zeros(page.shape, np.uint8)
    strong = float(np.percentile(written, 90))
    return np.asarray(darkness > max(0.42 * strong, 30.0), np.uint8)


def skew(mask: Mask, most: float = 12.0) -> float:
    """Return the angle in degrees by which the lines rise to the right, from their projection's sharpness."""
    side = max(mask.shape)
    reduced = (max(round(mask.shape[1] * 600 / side), 1), max(round(mask.shape[0] * 600 / side), 1))
    small = cv2.resize(mask * np.uint8(255), reduced, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small > 40)
    if len(ys) < 50:
        return 0.0

    def sharpness(angle: float) -> float:
        rows = ys + np.tan(np.radians(angle)) * xs
        counts = np.bincount((rows - rows.min()).astype(np.intp) // 2).astype(np.float64)
        return float((np.diff(counts) ** 2).sum())

    coarse = np.arange(-most, most + 0.1, 1.0)
    best = float(coarse[int(np.argmax([sharpness(a) for a in coarse]))])
    fine = np.arange(best - 1.0, best + 1.01, 0.2)
    best = float(fine[int(np.argmax([sharpness(a) for a in fine]))])
    return best if sharpness(best) > 1.08 * sharpness(0.0) else 0.0


def _turned(page: Gray, angle: float) -> tuple[Gray, npt.NDArray[np.float64]]:
    """Turn a page so that lines that rise by `angle` lie flat; also return the map back."""
    height, width = page.shape
    if abs(angle) < 0.15:
        return page, np.eye(2, 3)
    forward = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    cos, sin = abs(forward[0, 0]), abs(forward[0, 1])
    new_width, new_height = int(width * cos + height * sin) + 1, int(height * cos + width * sin) + 1
    forward[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    turned = cv2.warpAffine(page, forward, (new_width, new_height), flags=cv2.INTER_AREA, borderValue=255)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(forward), np.float64)


def without_rulings(mask: Mask, least: int) -> Mask:
    """Take out straight lines at least so long, across and down, and patch the writing where they crossed it."""
    result = mask.copy()
    for across in (True, False):
        image = mask if across else np.ascontiguousarray(mask.T)
        length = max(60, image.shape[1] // 12, least)
        closed = cv2.morphologyEx(image, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
        runs = _bits(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
        thick = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((9, 1), np.uint8))
        thin = runs & (1 - _bits(cv2.dilate(thick, np.ones((3, 3), np.uint8))))
        lines = _bits(cv2.dilate(thin, np.ones((3, 1), np.uint8)))
        if not lines.any():
            continue
        target = result if across else np.ascontiguousarray(result.T)
        cleared = target & (1 - lines)
        # Ink right above and right below a line went through it.
        cleared |= _bits(cv2.morphologyEx(cleared, cv2.MORPH_CLOSE, np.ones((7, 1), np.uint8))) & lines & target
        result = cleared if across else np.ascontiguousarray(cleared.T)
    return np.asarray(result, np.uint8)


def _bits(image: object) -> Mask:
    """Tell the type checker what OpenCV gave."""
    return np.asarray(image, np.uint8)


def pieces_of(mask: Mask, size: float) -> tuple[list[Piece], npt.NDArray[np.int32]]:
    """Return connected ink, specks and what is no writing left aside, and the picture of its numbers."""
    _, found, measured, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    labels, stats = np.asarray(found, np.int32), np.asarray(measured[1:], np.int32)
    if not len(stats):
        return [], labels
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    area = stats[:, cv2.CC_STAT_AREA]
    height, width = mask.shape
    kept = (longer >= 0.08 * size) & (area >= max(4.0, 0.004 * size * size)) & (longer < 0.5 * max(height, width))
    kept &= ~((longer > 6 * size) & (np.minimum(stats[:, 2], stats[:, 3]) > 2.5 * size))  # frames, pictures
    numbers = np.flatnonzero(kept)
    if len(numbers) > MOST_PIECES:  # grain, not writing
        numbers = np.sort(numbers[np.argsort(-area[numbers], kind="stable")[:MOST_PIECES]])
    pieces = []
    for i in numbers.tolist():
        left, top, w, h, _ = stats[i].tolist()
        pieces.append(Piece((i + 1,), (left, top, left + w, top + h)))
    return pieces, labels


def character_size(mask: Mask) -> float:
    """Return the size of the writing in pixels, 0 where there is none: that of the typical connected piece.

    Pieces as long as a quarter of the page are grids or frames.
    """
    stats = _measured(mask, max(mask.shape) / 4)
    return _typical(np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]), stats[:, 4])


def _measured(mask: Mask, longest: float) -> npt.NDArray[np.int32]:
    """Return OpenCV's statistics, int32 (n, 5), of connected ink no longer than `longest`."""
    stats = np.asarray(cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)[2][1:], np.int32)
    return stats[np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= longest]


def _typical(lengths: npt.NDArray[np.int32], area: npt.NDArray[np.int32]) -> float:
    """Return the median length, each part weighing as much as it has ink; 0 where there is none."""
    if not len(lengths):
        return 0.0
    order = np.argsort(lengths)
    weight = np.cumsum(area[order].astype(np.float64))
    return float(lengths[order][int(np.searchsorted(weight, 0.5 * weight[-1]))])


class _Sets:
    """Disjoint sets of numbers, joined one by one."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, i: int) -> int:
        """Return the number that stands for the set of `i`."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make one set of two."""
        self._parent[self.root(j)] = self.root(i)

    def groups(self, members: Iterable[int]) -> dict[int, list[int]]:
        """Return the members by set."""
        found: dict[int, list[int]] = {}
        for i in members:
            found.setdefault(self.root(i), []).append(i)
        return found


def lines_of(pieces: Sequence[Piece], size: float) -> tuple[Line, ...]:
    """Group pieces into lines: each large one belongs with its nearest neighbor to the right at its height."""
    if not pieces:
        return ()
    boxes = np.array([piece.box for piece in pieces], np.float64)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    center = (boxes[:, 0] + boxes[:, 2]) / 2
    large = np.flatnonzero(np.maximum(width, height) >= 0.45 * size)
    sets = _Sets(len(pieces))
    for i in large.tolist():
        others = large[(center[large] > center[i]) | ((center[large] == center[i]) & (large > i))]
        apart = boxes[others, 0] - boxes[i, 2]
        level = np.abs(middle[others] - middle[i])
        near = others[(level < 0.45 * size) & (apart < 3.5 * size)]
        if len(near):
            cost = np.maximum(boxes[near, 0] - boxes[i, 2], 0) + 2.0 * np.abs(middle[near] - middle[i])
            sets.join(i, int(near[int(np.argmin(cost))]))
    groups = _merged(sets.groups(large.tolist()), boxes, size)
    large_set = set(large.tolist())
    for i in range(len(pieces)):
        if i in large_set or not groups:
            continue
        best, distance = _nearest(groups, boxes, i)
        if distance < 1.2 * size:
            groups[best].append(i)
    lines = []
    for members in groups.values():
        own = [pieces[i] for i in sorted(members, key=lambda i: boxes[i, 0])]
        own = _without_rests(own, size)
        tall = [p.height for p in own if max(p.width, p.height) >= 0.45 * size]
        if tall and np.percentile(tall, 75) < 4 * size:  # larger is an edge of the paper, a shadow, a picture
            lines.append(Line(tuple(own), max(float(np.percentile(tall, 75)), 0.6 * size)))
    return tuple(sorted(lines, key=lambda line: _reading_key(line, size)))


def _without_rests(pieces: list[Piece], size: float) -> list[Piece]:
    """Leave aside flat pieces below or above the writing: underlines, and what is left of a ruling."""
    tall = [piece for piece in pieces if piece.height > 0.4 * size]
    if not tall:
        return pieces
    at = np.array([(piece.box[0] + piece.box[2]) / 2 for piece in tall])
    middle = np.array([(piece.box[1] + piece.box[3]) / 2 for piece in tall])

    def is_rest(piece: Piece) -> bool:
        if piece.height > 0.2 * size or piece.width < 0.3 * size:
            return False
        near = np.argsort(np.abs(at - (piece.box[0] + piece.box[2]) / 2))[:5]
        return bool(abs((piece.box[1] + piece.box[3]) / 2 - np.median(middle[near])) > 0.6 * size)

    return [piece for piece in pieces if not is_rest(piece)]


def _reading_key(line: Line, size: float) -> tuple[float, float]:
    left, top, _, bottom = line.box
    return (round((top + bottom) / 2 / (0.6 * size)), left)


def _merged(groups: dict[int, list[int]], boxes: npt.NDArray[np.float64], size: float) -> dict[int, list[int]]:
    """Join groups that lie at one height and go on after, or within, one another."""
    numbers = [*groups]
    boxes_of = [boxes[groups[number]] for number in numbers]
    bounds = np.array([(*b[:, :2].min(axis=0), *b[:, 2:].max(axis=0)) for b in boxes_of]).reshape(-1, 4)
    sets = _Sets(len(numbers))
    for i, (left, top, right, bottom) in enumerate(bounds):
        later = bounds[i + 1 :]
        level = (later[:, 1] < bottom + 0.5 * size) & (later[:, 3] > top - 0.5 * size)
        near = level & (later[:, 0] < right + 3.5 * size) & (later[:, 2] > left - 3.5 * size)
        for j in (np.flatnonzero(near) + i + 1).tolist():
            if sets.root(i) != sets.root(j) and _continues(boxes_of[i], boxes_of[j], size):
                sets.join(i, j)
    return {k: [m for i in own for m in groups[numbers[i]]] for k, own in sets.groups(range(len(numbers))).items()}


def _continues(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], size: float) -> bool:
    if a[:, 0].min() > b[:, 0].min():
        a, b = b, a
    apart = b[:, 0].min() - a[:, 2].max()
    if apart > 3.5 * size:
        return False
    few, many = sorted((a, b), key=len)
    if apart <= 0 and _stand_together(few, many, size):
        return True
    # Compare heights where they meet: a line may slope.
    near_a = a[a[:, 2] > min(a[:, 2].max(), b[:, 0].min()) - 3 * size]
    near_b = b[b[:, 0] < max(b[:, 0].min(), a[:, 2].max()) + 3 * size]
    if not len(near_a) or not len(near_b):
        return False
    level = abs(np.mean(near_a[:, [1, 3]]) - np.mean(near_b[:, [1, 3]]))
    return bool(level < (0.35 if apart > 0 else 0.3) * size)


def _stand_together(few: npt.NDArray[np.float64], many: npt.NDArray[np.float64], size: float) -> bool:
    """Say whether the smaller group are parts of characters of the larger one: no taller together than one is."""
    for left, top, right, bottom in few:
        over = many[(many[:, 0] < right) & (many[:, 2] > left)]
        if not len(over) or max(over[:, 3].max(), bottom) - min(over[:, 1].min(), top) > 1.5 * size:
            return False
    return True


def _nearest(groups: dict[int, list[int]], boxes: npt.NDArray[np.float64], i: int) -> tuple[int, float]:
    """Return the group whose pieces near a small piece lie nearest to it, and how far."""
    best, distance = -1, np.inf
    x, y = (boxes[i, 0] + boxes[i, 2]) / 2, (boxes[i, 1] + boxes[i, 3]) / 2
    for number, members in groups.items():
        own = boxes[members]
        dx = np.maximum(np.maximum(own[:, 0] - x, x - own[:, 2]), 0)
        dy = np.maximum(np.maximum(own[:, 1] - y, y - own[:, 3]), 0)
        found = float(np.min(np.hypot(0.6 * dx, dy)))
        if found < distance:
            best, distance = number, found
    return best, distance
