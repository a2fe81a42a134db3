"""In which order a page's lines are read: from top to bottom, columns of text one after another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hccr_desktop.recognize.page.line import Line

_COLUMN_LINES = 3
"""Fewest lines of a column of text."""
_LEVEL_LINES = 5
"""Fewest lines of one between other lines."""
_MOST_PARTS = 400
"""Parts of a page that are looked at for columns: it has a few."""
_COLUMN_WIDTH = 4.0
"""Its least width, in sizes of a character."""
_GUTTER = 1.2
"""Least width of the space between two columns, in sizes of a character."""


def in_reading_order(lines: Sequence[Line], size: float) -> list[Line]:
    """Return lines from top to bottom, those at one height from the left; columns of text one after another."""
    if (cut := _gutter(lines, size)) is not None:
        left = [line for line in lines if line.box[2] <= cut]
        right = [line for line in lines if line.box[0] >= cut]
        return in_reading_order(left, size) + in_reading_order(right, size)
    ordered = sorted(lines, key=_height)
    if (columns := _columns(ordered, size)) is not None:  # with lines across the page above, between or below them
        start, stop = columns
        parts = (ordered[:start], ordered[start:stop], ordered[stop:])
        return [line for part in parts for line in in_reading_order(part, size)]
    rows: list[list[Line]] = []
    for line in ordered:
        row = rows[-1] if rows else []
        level = np.mean([_height(o) for o in row]) if row else -np.inf
        beside = all(line.box[0] >= o.box[2] - 0.5 * size or line.box[2] <= o.box[0] + 0.5 * size for o in row)
        if beside and _height(line) - level < 0.5 * size:
            row.append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


def _columns(ordered: Sequence[Line], size: float) -> tuple[int, int] | None:
    """Return from and to which line, of those from top to bottom, columns stand beside each other; None for nowhere.

    No line reaches over an end of that part, and none of it over the space between the columns: the longest such part
    is told. What stands level between other lines may be a table or verses, which are read across: there columns are
    longer.
    """
    if len(ordered) < 2 * _COLUMN_LINES:
        return None
    boxes = np.array([line.box for line in ordered], np.float64)
    lowest, highest = np.maximum.accumulate(boxes[:, 3]), np.minimum.accumulate(boxes[::-1, 1])[::-1]
    free = (np.flatnonzero(lowest[:-1] <= highest[1:] + 0.3 * size) + 1).tolist()
    starts, stops = np.array([0, *free]), np.array([*free, len(ordered)])
    found: set[tuple[int, int]] = set()
    for edge in np.unique(boxes[:, 2]):  # the left column ends where one of its lines does
        left, right = boxes[:, 2] <= edge, boxes[:, 0] > edge + _GUTTER * size
        if min(left.sum(), right.sum()) < _COLUMN_LINES:
            continue
        across = np.add.reduceat(~(left | right), starts) > 0
        changes = np.flatnonzero(np.diff(np.concatenate([[True], across, [True]])))
        for first, last in changes.reshape(-1, 2).tolist():
            within = [(first, stop) for stop in range(first + 1, last + 1)] + [(k, last) for k in range(first, last)]
            for start, stop in ((int(starts[k]), int(stops[j - 1])) for k, j in within):
                least = _COLUMN_LINES if stop == len(ordered) or start == 0 else _LEVEL_LINES
                if min(left[start:stop].sum(), right[start:stop].sum()) >= least:
                    found.add((start, stop))
    longest_first = sorted(found, key=lambda part: (part[0] - part[1], -part[0]))[:_MOST_PARTS]
    return next((part for part in longest_first if _gutter(ordered[slice(*part)], size) is not None), None)


def _height(line: Line) -> float:
    """Return where a line's writing is between top and bottom: a stroke that reaches far does not move it."""
    tall = [piece.box for piece in line.pieces if piece.height > 0.4 * line.size] or [line.box]
    return float(np.median([box[1] + box[3] for box in tall])) / 2


def _gutter(lines: Sequence[Line], size: float) -> float | None:
    """Return where free space from top to bottom parts two columns of text, None where there is none.

    Each column has several lines of several characters, and stands beside the other: labels beside notes are none.
    """
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    spans = sorted((line.box[0], line.box[2]) for line in lines)
    reach = spans[0][1]
    for start, end in spans[1:]:
        if start - reach > _GUTTER * size:
            cut = (start + reach) / 2
            sides = [[o for o in lines if o.box[2] <= cut], [o for o in lines if o.box[0] >= cut]]
            heights = [(min(o.box[1] for o in side), max(o.box[3] for o in side)) for side in sides]
            shared = min(high for _, high in heights) - max(low for low, _ in heights)
            beside = shared > 0.6 * min(high - low for low, high in heights)
            wide = all(np.median([o.box[2] - o.box[0] for o in side]) > _COLUMN_WIDTH * size for side in sides)
            if beside and wide and min(map(len, sides)) >= _COLUMN_LINES:
                return cut
        reach = max(reach, end)
    return None
