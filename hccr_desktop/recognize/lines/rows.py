"""Ink of several characters, beside or below one another → each character's strokes and what they are.

Strokes are put together by place, so that a dot added late finds its character; what belongs together
is decided by the same lattice that reads lines on pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink, Stroke
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Box, Recognition, around
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.decode import TextWeights
from hccr_desktop.recognize.lines.lattice import Joint, Lattice, Weights, columns_of, joints_of

ROW_WEIGHTS = Weights(text=TextWeights(language=0.3, character=0.9, alone=1.0))
"""Ink is read better than a page's pictures: text counts less. Set on rows of the hand of `kanjicanvas`."""


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

    def read(self, ink: Ink, *, vertical: bool = False, cell: float = 0.0) -> list[Written]:
        """Return the characters along a row, or down a column; `cell` is a character's size in the ink's units.

        Where `cell` is 0, the writing's extent across the row is taken. Raises `EmptyInk`.
        """
        if ink.is_empty:
            raise EmptyInk()
        boxes = [_box(stroke, vertical) for stroke in ink.strokes]
        _, top, _, bottom = around(boxes)
        size = max(float(bottom - top), 0.6 * cell, 1.0)
        columns = columns_of(boxes, size)
        joints = joints_of([[boxes[n] for n in column] for column in columns], size)
        inks = [self._ink(ink, columns, joint) for joint in joints]
        chances = self._lattice.read((self._image(part), self._allowed) for part, _ in inks)
        found = []
        for number, candidates in self._lattice.best_path(joints, chances, size):
            part, strokes = inks[number]
            answer = Recognition(candidates, self._engine.bundle.id, 0.0, _outline(part))
            found.append(Written(strokes, part, answer))
        return found

    def _ink(self, ink: Ink, columns: Sequence[tuple[int, ...]], joint: Joint) -> tuple[Ink, tuple[int, ...]]:
        """Return a joint's strokes in the order in which they were written, and their numbers."""
        numbers = tuple(sorted(n for column in columns[joint.start : joint.stop] for n in column))
        return Ink(tuple(ink.strokes[n] for n in numbers)), numbers

    def _image(self, ink: Ink) -> npt.NDArray[np.uint8] | None:
        try:
            return normalize([ink], self._engine.bundle.spec)
        except EmptyInk:
            return None


def _box(stroke: Stroke, vertical: bool) -> Box:
    """Return a stroke's box, for vertical writing with x and y exchanged."""
    low, high = np.floor(stroke.xy.min(axis=0)), np.ceil(stroke.xy.max(axis=0)) + 1
    if vertical:
        low, high = low[::-1], high[::-1]
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _outline(ink: Ink) -> Box:
    return around([_box(stroke, vertical=False) for stroke in ink.strokes])
