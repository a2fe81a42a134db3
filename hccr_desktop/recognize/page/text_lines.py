"""Pieces of ink → lines of text, in reading order.

Each piece belongs to the band that most of it is nearest to; bands that go on where others end are one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.page.finder import Floats
from hccr_desktop.recognize.page.line import Line, Piece
from hccr_desktop.recognize.page.order import in_reading_order

_NEAR = 0.6
"""How far from a line's band its ink may begin, in sizes of a character."""
_GAP = 2.5
"""How wide a gap within a line may be, in sizes of a character."""
_STRAND = 3.0
"""Length of a strand of bands that have grown together, in sizes of a character."""
_TALL = 1.6
"""Height from which a piece may reach over several lines, in sizes of a character."""
_PART = 0.15
"""Least share of such a piece that a line has."""
_TALL_ENOUGH = 0.45
"""Least longer side of what is more than a mark, in sizes of a character."""
_MARK_AWAY = 1.0
"""How far from a character a mark may stand along its line, in sizes of a character."""
_MARK_OFF = 0.75
"""How far from its middle across the line."""
_ROW = 9
"""How many pieces around tell where a row's top is."""
_WHOLE = 0.75
"""How high most of them are at least, in sizes of a character."""
_SMALLER = 0.82
"""Size of inserted words at most, in that of their line."""
_LARGER = 0.38
"""Height of two of their parts at least."""
_INSERTED = 0.5
"""Their length at most, in that of their line."""
_OVER = 0.4
"""How far over their line they end at most, in its sizes."""
_INSIDE = 0.3
"""How far in their line they end at most."""


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


def lines_of(pieces: Sequence[Piece], labels: npt.NDArray[np.int32], band: Floats, size: float) -> tuple[Line, ...]:
    """Group pieces into lines: each belongs to the band that most of it is nearest to, if it is near at all.

    What is grown together across lines is parted between them, in `labels` too.
    """
    bands = bands_of(band, size)
    if not pieces or not bands.any():
        return ()
    apart, at = cv2.distanceTransformWithLabels(
        (bands == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    band_at = np.zeros(int(at.max()) + 1, np.int32)  # the pixels of bands are numbered
    band_at[np.asarray(at)[bands > 0]] = bands[bands > 0]
    nearest = band_at[np.asarray(at)]
    pieces = _parted(pieces, labels, nearest, size)
    ys, xs = np.nonzero(labels)
    owner, numbers = labels[ys, xs], nearest[ys, xs]
    away = np.full(int(labels.max()) + 1, np.inf)
    np.minimum.at(away, owner, np.asarray(apart)[ys, xs])
    pairs, counts = np.unique(owner.astype(np.int64) * (int(numbers.max()) + 1) + numbers, return_counts=True)
    most: dict[int, tuple[int, int]] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        piece, number = divmod(pair, int(numbers.max()) + 1)
        if count > most.get(piece, (0, 0))[0]:
            most[piece] = (count, number)
    groups: dict[int, list[int]] = {}
    for i, piece in enumerate(pieces):
        if away[piece.labels[0]] < _NEAR * size:
            groups.setdefault(most[piece.labels[0]][1], []).append(i)
    boxes = np.array([piece.box for piece in pieces], np.float64)
    merged = [members for members in _merged(groups, boxes, size).values() if _is_tall(boxes[members], size).any()]
    lines = []
    for members in _with_marks(merged, boxes, size):
        own = [pieces[i] for i in sorted(members, key=lambda i: boxes[i, 0])]
        for words in _words_over(own, _size_of(own, size)):
            lines.append(Line(tuple(words), float(np.percentile([p.height for p in words], 75))))
            own = [piece for piece in own if piece not in words]
        of_line = _size_of(own, size)
        lines.append(Line(tuple(_without_rests(own, of_line)), of_line))
    return tuple(_with_insertions(in_reading_order(lines, size)))


def bands_of(band: Floats, size: float) -> npt.NDArray[np.int32]:
    """Return the number of each band of lines, int32 (h, w), 0 elsewhere.

    Where lines come close, their bands meet. There each strand goes on as it came.
    """
    count, found, measured, _ = cv2.connectedComponentsWithStats((band > 0.5).astype(np.uint8), ltype=cv2.CV_32S)
    bands, stats = np.asarray(found, np.int32), np.asarray(measured)
    for number in range(1, count):
        left, top, width, height, _ = stats[number].tolist()
        if width < 2 * _STRAND * size:
            continue
        own = bands[top : top + height, left : left + width] == number
        runs = np.diff(own.astype(np.int8), axis=0, prepend=0) == 1
        several = own & (runs.sum(axis=0) > 1)
        _, strands, sizes, _ = cv2.connectedComponentsWithStats(several.astype(np.uint8), ltype=cv2.CV_32S)
        long = [k for k in range(1, len(sizes)) if sizes[k, cv2.CC_STAT_WIDTH] >= _STRAND * size]
        if len(long) < 2:
            continue
        ys, xs = np.nonzero(own)
        away = np.empty((len(long), len(ys)))
        for row, k in enumerate(long):
            y, x = np.nonzero(np.asarray(strands) == k)
            away[row] = np.abs(np.polyval(np.polyfit(x, y, 1), xs) - ys)
        bands[top + ys, left + xs] = int(bands.max()) + 1 + away.argmin(axis=0)
    return bands


def _size_of(pieces: Sequence[Piece], size: float) -> float:
    """Return the size of a line's characters, where those of the page are so large."""
    tall = [float(piece.height) for piece in pieces if max(piece.width, piece.height) >= _TALL_ENOUGH * size]
    return float(np.clip(np.percentile(tall or [size], 75), 0.6 * size, 1.6 * size))


def _words_over(pieces: Sequence[Piece], size: float) -> list[list[Piece]]:
    """Return small words among a line's pieces that stand over its row, as the finder takes both for one line."""
    boxes = np.array([piece.box for piece in pieces])
    large = boxes[boxes[:, 3] - boxes[:, 1] > 0.5 * size]
    if len(large) < _ROW:
        return []
    height, middle = boxes[:, 3] - boxes[:, 1], boxes[:, 0] + boxes[:, 2]
    away = np.abs(middle[:, None] - (large[:, 0] + large[:, 2])[None, :])
    near = large[np.argpartition(away, _ROW - 1, axis=1)[:, :_ROW]]
    top, high = np.percentile([near[..., 1], near[..., 3] - near[..., 1]], 60, axis=2)
    is_over = (height > 0.2 * size) & (height < _SMALLER * size) & (boxes[:, 3] < top + 0.1 * size)
    found: list[list[Piece]] = []
    for i in np.flatnonzero(is_over & (high > _WHOLE * size)).tolist():  # else a ruling parts the row's characters
        if found and boxes[i, 0] - found[-1][-1].box[2] < size:
            found[-1].append(pieces[i])
        else:
            found.append([pieces[i]])
    large_enough = ([p for p in words if p.height > _LARGER * size] for words in found)
    return [words for words, own in zip(found, large_enough, strict=True) if len(own) > 1]


def _with_insertions(lines: Sequence[Line]) -> list[Line]:
    """Return lines with words that were inserted right behind the line that they stand over."""
    inserted: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        left, _, right, bottom = line.box
        for at, host in enumerate(lines):
            first, top, last, _ = host.box
            over = -_INSIDE * host.size < top - bottom < _OVER * host.size
            within = first - line.size < left and right < last + line.size and right - left < _INSERTED * (last - first)
            if over and within and line.size < _SMALLER * host.size:
                inserted.setdefault(at, []).append(number)
                break
    told = {number for numbers in inserted.values() for number in numbers}

    def with_own(number: int) -> list[Line]:
        own = [replace(line, inserted=True) for other in inserted.get(number, ()) for line in with_own(other)]
        return [lines[number], *own]

    return [line for number in range(len(lines)) if number not in told for line in with_own(number)]


def _is_tall(boxes: npt.NDArray[np.float64], size: float) -> npt.NDArray[np.bool_]:
    """Say which boxes are large enough for a character, or a good part of one."""
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1) >= _TALL_ENOUGH * size, np.bool_)


def _with_marks(groups: Sequence[list[int]], boxes: npt.NDArray[np.float64], size: float) -> list[list[int]]:
    """Return groups of boxes with the marks beside their characters that lie in no band, or in one of their own."""
    group_of = {i: k for k, group in enumerate(groups) for i in group}
    is_tall = _is_tall(boxes, size)
    characters = [i for i in group_of if is_tall[i]]
    at = boxes[characters]
    found = [list(group) for group in groups]
    for i in np.flatnonzero(~is_tall).tolist() if characters else ():
        if i in group_of:
            continue
        left, top, right, bottom = boxes[i]
        along = np.maximum(np.maximum(at[:, 0] - right, left - at[:, 2]), 0.0)
        off = np.abs((at[:, 1] + at[:, 3]) - (top + bottom)) / 2
        apart = np.where((along < _MARK_AWAY * size) & (off < _MARK_OFF * size), along + off, np.inf)
        if np.isfinite(apart.min()):
            found[group_of[characters[int(apart.argmin())]]].append(i)
    return found


def _parted(
    pieces: Sequence[Piece], labels: npt.NDArray[np.int32], nearest: npt.NDArray[np.int32], size: float
) -> list[Piece]:
    """Cut pieces higher than a character between the bands that a good part of them is nearest to."""
    found: list[Piece] = []
    next_label = int(labels.max(initial=0)) + 1
    for piece in pieces:
        if piece.height < _TALL * size:
            found.append(piece)
            continue
        left, top, right, bottom = piece.box
        ys, xs = np.nonzero(labels[top:bottom, left:right] == piece.labels[0])
        _, of_each = np.unique(nearest[top:bottom, left:right][ys, xs], return_inverse=True)
        large = np.flatnonzero(np.bincount(of_each) > _PART * len(of_each))
        if len(large) < 2:
            found.append(piece)
            continue
        middles = np.array([np.average(ys[of_each == k]) for k in large])
        part = np.abs(ys[:, None] - middles[None, :]).argmin(axis=1)
        for k in range(len(large)):
            y, x = ys[part == k] + top, xs[part == k] + left
            labels[y, x] = next_label
            found.append(Piece((next_label,), (int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)))
            next_label += 1
    return found


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


def _merged(groups: dict[int, list[int]], boxes: npt.NDArray[np.float64], size: float) -> dict[int, list[int]]:
    """Join groups of which one goes on where another ends, those first that are most level.

    What stands above something of a line, or below it, as two rows in a bracket do, is another line.
    """
    numbers = [*groups]
    boxes_of = [boxes[groups[number]] for number in numbers]
    bounds = np.array([(*b[:, :2].min(axis=0), *b[:, 2:].max(axis=0)) for b in boxes_of]).reshape(-1, 4)
    sets = _Sets(len(numbers))
    pairs: list[tuple[float, int, int]] = []
    for i, (left, top, right, bottom) in enumerate(bounds):
        later = bounds[i + 1 :]
        beside = (later[:, 1] < bottom + 0.5 * size) & (later[:, 3] > top - 0.5 * size)
        near = beside & (later[:, 0] < right + _GAP * size) & (later[:, 2] > left - _GAP * size)
        for j in (np.flatnonzero(near) + i + 1).tolist():
            level = _continues(boxes_of[i], boxes_of[j], size)
            if level is not None:
                pairs.append((level, i, j))
    spans = [[(left, right)] for left, _, right, _ in bounds.tolist()]
    for _, i, j in sorted(pairs):
        a, b = sets.root(i), sets.root(j)
        if a != b and not any(_shared(one, other) > 0.5 * size for one in spans[a] for other in spans[b]):
            sets.join(a, b)
            spans[a] += spans[b]
    return {k: [m for i in own for m in groups[numbers[i]]] for k, own in sets.groups(range(len(numbers))).items()}


def _shared(a: tuple[float, float], b: tuple[float, float]) -> float:
    return min(a[1], b[1]) - max(a[0], b[0])


def _continues(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], size: float) -> float | None:
    """Return how far from level one group goes on where the other ends, None where it does not; a line may slope."""
    if a[:, 0].min() > b[:, 0].min():
        a, b = b, a
    apart = b[:, 0].min() - a[:, 2].max()
    if not -0.5 * size < apart < _GAP * size:
        return None
    near_a = a[a[:, 2] > a[:, 2].max() - 3 * size]
    near_b = b[b[:, 0] < b[:, 0].min() + 3 * size]
    level = float(abs(np.mean(near_a[:, [1, 3]]) - np.mean(near_b[:, [1, 3]])))
    return level if level < 0.35 * size else None
