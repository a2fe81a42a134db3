"""A place on the page for every character of a text, also for what was typed and never stood there.

Forms that say where each character stands would lose the others. What was typed stands between its neighbors, a line of
it between the lines around.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from hccr_desktop.core.recognition import Box, TextLine, around


def placed(
    lines: Sequence[TextLine], size: tuple[int, int], *, is_vertical: bool = False
) -> list[tuple[TextLine, list[Box]]]:
    """Return the lines that have a text, each with a box for each of its characters.

    `size` are the page's width and height in pixels; where it `is_vertical` the lines are columns from the right.
    """

    def lain(box: Box) -> Box:
        """Return a box on the page turned so that its columns are rows."""
        left, top, right, bottom = box
        return (top, size[0] - right, bottom, size[0] - left) if is_vertical else box

    def stood(box: Box) -> Box:
        left, top, right, bottom = box
        return (size[0] - bottom, left, size[0] - top, right) if is_vertical else box

    read = [line for line in lines if line]
    flat = [[None if answer.box is None else lain(answer.box) for answer in line] for line in read]
    outlines: list[Box | None] = []
    for line, boxes in zip(read, flat, strict=True):
        known = [box for box in boxes if box]
        outlines.append(around(known) if known else lain(line.box) if line.box else None)
    found = []
    for number, (line, boxes) in enumerate(zip(read, flat, strict=True)):
        room = size[::-1] if is_vertical else size
        outline = outlines[number] or _between(outlines[:number], outlines[number + 1 :], room)
        outlines[number] = outline
        found.append((line, [stood(box) for box in _filled(boxes, outline, room)]))
    return found


def _between(before: Sequence[Box | None], after: Sequence[Box | None], size: tuple[int, int]) -> Box:
    """Return where a row is taken to stand of which no character has a place: between those around, as wide as one."""
    above = next((box for box in reversed(before) if box), None)
    below = next((box for box in after if box), None)
    left, right = ((above or below or (0, 0, size[0], 0))[side] for side in (0, 2))
    top, bottom = above[3] if above else 0, below[1] if below else size[1]
    if not above and not below:  # the page is shared out
        bottom = size[1] // (1 + len(after))
    elif above and (bottom <= top or not below):
        bottom = top + above[3] - above[1]
    elif below and not above:
        top = max(top, bottom - (below[3] - below[1]))
    return _inside((left, top, right, bottom), size)


def _filled(boxes: Sequence[Box | None], outline: Box, size: tuple[int, int]) -> list[Box]:
    """Return a row's boxes, those that are missing between the others, or beyond them, as wide as there is room."""
    known = [box for box in boxes if box]
    left, top, right, bottom = outline
    usual = round(sum(box[2] - box[0] for box in known) / len(known)) if known else 0
    found: list[Box] = []
    for is_known, run in itertools.groupby(boxes, key=lambda box: box is not None):
        own = [*run]
        if is_known:
            found += [box for box in own if box]
            continue
        start = found[-1][2] if found else None
        rest = [box for box in boxes[len(found) + len(own) :] if box]
        stop = rest[0][0] if rest else None
        if start is None and stop is None:
            start, stop = left, right
        elif start is None and stop is not None:
            start = stop - usual * len(own)
        elif start is not None and stop is None:
            stop = start + usual * len(own)
        assert start is not None
        assert stop is not None
        edges = [round(start + (stop - start) * n / len(own)) for n in range(len(own) + 1)]
        found += [_inside((a, top, max(a, b), bottom), size) for a, b in itertools.pairwise(edges)]
    return found


def _inside(box: Box, size: tuple[int, int]) -> Box:
    """Return a box within a page of `size`, a pixel wide and high at least."""
    left, top = (min(max(at, 0), max(most - 1, 0)) for at, most in zip(box[:2], size, strict=True))
    right = min(max(box[2], left + 1), max(size[0], 1))
    bottom = min(max(box[3], top + 1), max(size[1], 1))
    return left, top, right, bottom
