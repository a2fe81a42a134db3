"""A very long picture → parts that overlap, each laid out by itself, and no line of them twice or in two.

The finder sees a picture whole, so what is many times as long as wide would be too small for it. Each part ends where
its own layout has the widest free space, the next begins there. Where none is free, it begins earlier, and what
the part before it has already is told by the ink's place. A line that goes on in the next part is cut between
its pieces and keeps its number. One part is made after another: memory does not grow with the length.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.finder import Finder
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.layout import Layout, Show, as_columns, named, placed
from hccr_desktop.recognize.page.line import Line

Boxes = npt.NDArray[np.float64]
"""Left, top, right, bottom, float64 (n, 4)."""
Numbers = npt.NDArray[np.intp]

_LONG = 2.5
"""How many times as long as wide a picture is very long."""
_MOST_SIDE = 2600
"""Pixels that it is longer than."""
_LEAST_SIDE = 12
"""Pixels that it is wide at least: enough for writing."""
_PART = 2.0
"""Length of a part, in widths of the picture; never less than the picture is wide."""
_LEAST = 1600
"""Its least length, in pixels."""
_MOST = 3200
"""Its largest length, in pixels."""
_CHARACTERS = 16
"""Characters, of the size in the part before it, that a part is long at least."""
_FIRST = 1 / 3
"""Share of a part behind which it may end."""
_LAST = 1 / 16
"""Share of a part before whose end it may end, or `_WHOLE` characters."""
_WHOLE = 2.0
"""In sizes of a character: what is so far from a part's end is whole in it, and how far the next part looks back."""
_SAME = 0.3
"""Intersection over union of two pieces of ink that are one, seen in two parts."""


def lay_out(picture: Gray, finder: Finder, *, vertical: bool = False, show: Show | None = None) -> Layout:
    """Find the lines of a page, or its columns from the right; of a very long one those of its first part.

    `Layout.rest` goes on with the next. `show` is given a picture of each step, of each part.
    """
    wide, long = sorted(picture.shape)
    if long <= max(_LONG * wide, _MOST_SIDE) or wide < _LEAST_SIDE:
        return analyze(picture, finder, vertical=vertical, show=show)
    rows = np.rot90(picture) if vertical else picture
    return _Long(rows, int(np.argmax(rows.shape)), vertical, finder, show).first()


@dataclass(frozen=True, eq=False)
class _Before:
    """What the `parts` before one leave to it: where it starts, the size of characters, and ink around there.

    `known` are pieces of ink before the `cut`, which they have, `left` those behind it; `owners` are the numbers of the
    lines that these go on, -1 for none. `lines` have begun.
    """

    parts: int
    start: int
    cut: float
    size: float
    known: Boxes
    left: Boxes
    owners: Numbers
    lines: int


@dataclass(frozen=True, eq=False)
class _Long:
    """A very long picture in which lines are rows; `axis` is 0 where it is high, 1 where it is wide."""

    picture: Gray
    axis: int
    is_turned: bool
    finder: Finder
    show: Show | None

    def first(self) -> Layout:
        """Return the layout of the first part, which leads to the others."""
        none = np.zeros((0, 4))
        found = self._part(_Before(0, 0, 0.0, 0.0, none, none, np.zeros(0, np.intp), 0))
        return as_columns(found) if self.is_turned else found

    def _part(self, before: _Before) -> Layout:
        """Return the layout of the part that begins where those before it end."""
        long, wide = self.picture.shape[self.axis], self.picture.shape[1 - self.axis]
        length = max(min(int(_PART * wide), _MOST), _LEAST, wide, int(_CHARACTERS * before.size))
        start, stop = before.start, min(before.start + length, long)
        area = np.s_[start:stop] if self.axis == 0 else np.s_[:, start:stop]
        picture, show = np.ascontiguousarray(self.picture[area]), named(self.show, f"part-{before.parts + 1}")
        found = analyze(picture, self.finder, show=show, is_part=True)
        down, right = (start, 0) if self.axis == 0 else (0, start)
        size = (self.picture.shape[1], self.picture.shape[0])
        found = placed(found, np.array([[1.0, 0.0, right], [0.0, 1.0, down]]), size)
        found = self._without_known(found, before)
        if stop < long:
            found, after = self._without_left(found, before, stop)
            found = replace(found, rest=lambda: self._part(after))
        return found

    def _spans(self, boxes: Boxes) -> Boxes:
        """Return where boxes begin and end along the picture, float64 (n, 2)."""
        return boxes[:, [1, 3] if self.axis == 0 else [0, 2]]

    def _without_known(self, found: Layout, before: _Before) -> Layout:
        """Return a part without what the part before it has, and with the numbers of its lines."""
        lines: list[Line] = []
        numbers: list[int] = []
        count = before.lines
        for line in found.lines:
            boxes = _boxes_of(found, line)
            (left, nearest), (known, _) = _best(boxes, before.left), _best(boxes, before.known)
            is_new = np.where(np.maximum(left, known) > 0.0, left > known, self._spans(boxes).mean(axis=1) > before.cut)
            if self.axis == 0:  # rows are not cut in two
                is_new[:] = is_new.mean() >= 0.5
            if is_new.any():
                owners = before.owners[nearest[is_new & (left > _SAME)]]
                goes_on = np.bincount(owners[owners >= 0])
                lines.append(_part_of(line, is_new))
                numbers.append(int(goes_on.argmax()) if len(goes_on) else count)
                count += not len(goes_on)
        return replace(found, is_part=True, lines=tuple(lines), numbers=tuple(numbers))

    def _without_left(self, found: Layout, before: _Before, stop: int) -> tuple[Layout, _Before]:
        """Return a part without what is left to the next one: its last lines, or the rest of lines, past a cut."""
        boxes = [_boxes_of(found, line) for line in found.lines]
        sizes = [line.size * found.pixels for line in found.lines]
        size = float(np.median(sizes)) if sizes else 0.0
        length = stop - before.start
        low, high = before.start + _FIRST * length, stop - min(max(_WHOLE * size, _LAST * length), length / 3)
        spans = [self._spans(own) for own in boxes]
        if self.axis == 0:
            spans = [np.array([[own[:, 0].min(), own[:, 1].max()]]) for own in spans]
        cut, free = _widest(np.concatenate([np.zeros((0, 2)), *spans]), low, high)
        kept: list[tuple[Line, int]] = []
        known, left, owners = [np.zeros((0, 4))], [np.zeros((0, 4))], [np.zeros(0, np.intp)]
        for line, number, own, span, own_size in zip(found.lines, found.numbers, boxes, spans, sizes, strict=True):
            at, middles = cut, span.mean(axis=1)
            if middles.min() < cut < middles.max():
                at, _ = _widest(span, cut - _WHOLE * own_size, cut + _WHOLE * own_size)
            is_before = np.broadcast_to(middles < at, len(own))
            has_begun = number < before.lines or bool(is_before.any())
            known.append(own[is_before])
            left.append(own[~is_before])
            owners.append(np.full(len(left[-1]), number if has_begun else -1))
            if is_before.any():
                kept.append((_part_of(line, is_before), number))
        rest, seen = np.concatenate(left), np.concatenate(known)
        back = cut if self.axis == 0 and free > 0 else min([cut, *self._spans(rest)[:, 0]]) - _WHOLE * size
        start = int(max(back, before.start + length / 4))
        seen = seen[self._spans(seen)[:, 1] > start]
        lines = max([before.lines, *(number + 1 for _, number in kept)])
        after = _Before(before.parts + 1, start, cut, size, seen, rest, np.concatenate(owners), lines)
        own_lines, numbers = tuple(line for line, _ in kept), tuple(number for _, number in kept)
        return replace(found, lines=own_lines, numbers=numbers), after


def _part_of(line: Line, which: npt.NDArray[np.bool_]) -> Line:
    return replace(line, pieces=tuple(piece for piece, own in zip(line.pieces, which.tolist(), strict=True) if own))


def _boxes_of(layout: Layout, line: Line) -> Boxes:
    """Return the boxes of a line's pieces in the picture that was given."""
    return np.array([layout.source_box(piece.box) for piece in line.pieces], np.float64)


def _best(boxes: Boxes, others: Boxes) -> tuple[npt.NDArray[np.float64], Numbers]:
    """Return for each box its largest intersection over union with one of others, and which that is."""
    best, which = np.zeros(len(boxes)), np.zeros(len(boxes), np.intp)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    for number, box in enumerate(boxes if len(others) else ()):
        both = np.prod((np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])).clip(0.0), axis=1)
        overlap = both / (np.prod(box[2:] - box[:2]) + areas - both)
        which[number] = overlap.argmax()
        best[number] = overlap[which[number]]
    return best, which


def _widest(spans: Boxes, low: float, high: float) -> tuple[float, float]:
    """Return the middle of the widest free space between `low` and `high`, and how wide it is.

    `spans` are where things begin and end, float64 (n, 2), parted by their middles; where there is no free space they
    overlap least there, and the width is negative.
    """
    if not len(spans):
        return high, np.inf
    spans = spans[np.argsort(spans.sum(axis=1))]
    ends = np.concatenate([[low], np.maximum.accumulate(spans[:, 1])])
    begins = np.concatenate([np.minimum.accumulate(spans[::-1, 0])[::-1], [high]])
    is_free = begins > ends
    ends, begins = (np.where(is_free, at.clip(low, high), at) for at in (ends, begins))
    middles, free = (ends + begins) / 2, begins - ends
    free[(middles < low) | (middles > high) | (is_free & (free <= 0))] = -np.inf
    best = int(free.argmax())
    return (float(middles[best]), float(free[best])) if np.isfinite(free[best]) else (high, -np.inf)
