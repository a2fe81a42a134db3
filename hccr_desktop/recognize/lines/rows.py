"""Ink of several characters, beside or below one another → each character's strokes and what they are.

Strokes are put together by place, so that a dot added late finds its character; what belongs together
is decided by the same lattice that reads lines on pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink, Stroke
from hccr_desktop.core.marks import READ_AT, SMALL
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Box, Recognition, around
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.decode import TextWeights
from hccr_desktop.recognize.lines.lattice import Joint, Lattice, Weights, columns_of, joints_of

ROW_WEIGHTS = Weights(text=TextWeights(language=0.3, character=0.9, alone=1.0))
"""Ink is read better than a page's pictures: text counts less. Set on rows of the hand of `kanjicanvas`."""


_COARSE, _FINE, _LONGEST = 20.0, 100.0, 10_000.0
"""Extent of writing below which its units are too coarse, to which it is enlarged, and how long it becomes at most."""
_ROUNDS, _LEAST_OF_CELL = 4, 0.15
"""How often a character's size is looked for; the least that it is, in cells."""
_NEAR, _AS_HIGH = 1.6, 0.6
"""How far around a mark writing tells where it stands, and how high that is at least, in sizes of a character."""


@dataclass(frozen=True)
class Written:
    """One character of a row: the numbers of its strokes, its ink, and what it was read as."""

    strokes: tuple[int, ...]
    ink: Ink
    recognition: Recognition


class RowReader:
    """Reads rows and columns of characters written with a pen."""

    def __init__(
        self, engine: Engine, language: Language | None = None, allowed: Allowed = None, weights: Weights = ROW_WEIGHTS
    ) -> None:
        self._engine, self._allowed = engine, allowed
        self._lattice = Lattice(engine, language, weights)
        characters = engine.bundle.charset.characters
        permitted = np.ones(len(characters), np.bool_) if allowed is None else allowed
        self._of_place = {
            place: np.array([c in marks for c in characters]) & permitted for place, (marks, _, _) in READ_AT.items()
        }

    def read(self, ink: Ink, *, vertical: bool = False, cell: float = 0.0) -> list[Written]:
        """Return the characters along a row, or down a column; `cell` is a character's size in the ink's units.

        How large characters are is seen from the writing, which is not much smaller than a cell. Raises `EmptyInk`.
        """
        if ink.is_empty:
            raise EmptyInk()
        left, top, right, bottom = ink.bounds
        longest = max(right - left, bottom - top)
        extent = min(right - left, bottom - top) or longest
        if 0.0 < extent < _COARSE and (scale := min(_FINE / extent, _LONGEST / longest)) > 1.0:
            fine = Ink(tuple(Stroke(_scaled(stroke.points, left, top, scale)) for stroke in ink.strokes))
            return [self._as_given(one, ink) for one in self.read(fine, vertical=vertical, cell=cell * scale)]
        boxes = [_box(stroke, vertical) for stroke in ink.strokes]
        size = _size_of(boxes, cell)
        columns = columns_of(boxes, size)
        joints = joints_of([[boxes[n] for n in column] for column in columns], size)
        inks = [self._ink(ink, columns, joint) for joint in joints]
        chances = self._lattice.read(
            (self._image(part), self._allowed_in(joint, boxes, size, vertical))
            for (part, _), joint in zip(inks, joints, strict=True)
        )
        found = []
        for number, candidates in self._lattice.best_path(joints, chances, size):
            part, strokes = inks[number]
            answer = Recognition(candidates, self._engine.bundle.id, 0.0, _outline(part))
            found.append(Written(strokes, part, answer))
        return found

    def _as_given(self, fine: Written, ink: Ink) -> Written:
        """Return a character that was read in finer units in those of the ink."""
        own = Ink(tuple(ink.strokes[n] for n in fine.strokes))
        return replace(fine, ink=own, recognition=replace(fine.recognition, box=_outline(own)))

    def _allowed_in(self, joint: Joint, boxes: Sequence[Box], size: float, vertical: bool) -> Allowed:
        """Return which classes a joint can be: what is small is a mark of the height where it stands.

        Its size is gone once it is normalized, and 。 were an O.
        """
        left, top, right, bottom = around(joint.boxes)
        if max(right - left, bottom - top) >= SMALL * size:
            return self._allowed
        marks = np.logical_or.reduce(list(self._of_place.values()))
        if not vertical:
            middle = (left + right) / 2
            near = [
                b
                for b in boxes
                if abs((b[0] + b[2]) / 2 - middle) < _NEAR * size and not (b[0] >= left and b[2] <= right)
            ]
            if not near:
                return self._allowed
            _, high, _, low = around(near)
            if low - high < _AS_HIGH * size:
                return self._allowed
            away = ((top + bottom) - (high + low)) / 2 / size
            places = [self._of_place[place] for place, (_, first, last) in READ_AT.items() if first <= away <= last]
            marks = np.logical_or.reduce(places) if places else np.zeros_like(marks)
        return marks if marks.any() else self._allowed

    def _ink(self, ink: Ink, columns: Sequence[tuple[int, ...]], joint: Joint) -> tuple[Ink, tuple[int, ...]]:
        """Return a joint's strokes in the order in which they were written, and their numbers."""
        numbers = tuple(sorted(n for column in columns[joint.start : joint.stop] for n in column))
        return Ink(tuple(ink.strokes[n] for n in numbers)), numbers

    def _image(self, ink: Ink) -> npt.NDArray[np.uint8] | None:
        try:
            return normalize([ink], self._engine.bundle.spec)
        except EmptyInk:
            return None


def _size_of(boxes: Sequence[Box], cell: float) -> float:
    """Return a character's size, from how high the writing is within about its width: a row may rise or wander."""
    _, top, _, bottom = around(boxes)
    size = float(bottom - top)
    at = np.array(boxes, np.float64)
    middles, widths = (at[:, 0] + at[:, 2]) / 2, at[:, 2] - at[:, 0]
    for _ in range(_ROUNDS):
        near = np.abs(middles[:, None] - middles[None, :]) <= size / 2
        lowest = np.where(near, at[None, :, 3], -np.inf).max(axis=1)
        highest = np.where(near, at[None, :, 1], np.inf).min(axis=1)
        seen = max(float(np.quantile(lowest - highest, 0.8)), float(np.quantile(widths, 0.9)))
        if seen >= 0.97 * size:
            break
        size = seen
    return max(size, _LEAST_OF_CELL * cell, 1.0)


def _scaled(points: npt.NDArray[np.float32], left: float, top: float, scale: float) -> npt.NDArray[np.float32]:
    """Return points with their x and y from `left` and `top` on, times `scale`."""
    made = points.copy()
    made[:, :2] = (made[:, :2] - np.array([left, top], np.float32)) * np.float32(scale)
    return made


def _box(stroke: Stroke, vertical: bool) -> Box:
    """Return a stroke's box, for vertical writing with x and y exchanged."""
    low, high = np.floor(stroke.xy.min(axis=0)), np.ceil(stroke.xy.max(axis=0)) + 1
    if vertical:
        low, high = low[::-1], high[::-1]
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _outline(ink: Ink) -> Box:
    return around([_box(stroke, vertical=False) for stroke in ink.strokes])
