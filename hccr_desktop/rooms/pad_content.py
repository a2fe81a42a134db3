"""What a pad shows: a list of states, so that undo brings back anything; and writing shown again at its pace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Stroke

Content = tuple[Stroke, ...] | GlyphImage
"""What the pad shows: strokes, or a picture that was opened."""

_KEPT = 200
"""States that are remembered."""
_LONGEST_PAUSE_S = 0.5
"""Pauses for thought are no longer when writing is shown again."""
_STROKE_S = 0.25
"""How long a stroke takes whose times are not known."""


class States:
    """The states of a pad, and which of them is shown; each with what else happened when it came, if anything."""

    def __init__(self) -> None:
        self._all: list[tuple[Content, object]] = [((), None)]
        self._at = 0

    @property
    def content(self) -> Content:
        """What is shown."""
        return self._all[self._at][0]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a state was undone."""
        return self._at + 1 < len(self._all)

    def undo(self) -> object:
        """Go to the state before; return what else happened when the one that is left came, to be taken back."""
        because = self._all[self._at][1]
        self._at -= self.can_undo
        return because

    def redo(self) -> object:
        """Go to the state that was undone; return what else happened when it came."""
        self._at += self.can_redo
        return self._all[self._at][1]

    def push(self, content: Content, because: object = None) -> None:
        """Show something else; what was undone is gone."""
        self._all = [*self._all[: self._at + 1], (content, because)][-_KEPT:]
        self._at = len(self._all) - 1

    def forget(self) -> None:
        """Be empty, without an undo."""
        self._all, self._at = [((), None)], 0


class Replay:
    """Strokes as they were written, each with the second at which it begins."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        start = float(strokes[0].points[0, 2])
        has_times = float(strokes[-1].points[-1, 2]) > start
        self._strokes: list[tuple[float, Stroke]] = []
        at = 0.0
        for stroke in strokes:
            begin = (float(stroke.points[0, 2]) - start) / 1000.0 if has_times else at
            begin = min(begin, at + _LONGEST_PAUSE_S)
            self._strokes.append((begin, stroke))
            at = begin + _seconds(stroke)
        self.seconds = at
        """How long it takes."""

    def shown(self, elapsed_s: float) -> list[npt.NDArray[np.float32]]:
        """Return the points of each stroke that are written by then, float32 (n, 3 or 4)."""
        shown = []
        for begin, stroke in self._strokes:
            share = (elapsed_s - begin) / _seconds(stroke)
            if share > 0:
                shown.append(stroke.points[: max(1, round(min(share, 1.0) * len(stroke.points)))])
        return shown


def _seconds(stroke: Stroke) -> float:
    took = float(stroke.points[-1, 2] - stroke.points[0, 2]) / 1000.0
    return took if took > 0 else _STROKE_S


def distance(stroke: Stroke, at: npt.NDArray[np.float32]) -> float:
    """Return how far a point, float32 (2,), is from a stroke's line, in the pad's units."""
    a = stroke.xy[:-1] if len(stroke.xy) > 1 else stroke.xy
    b = stroke.xy[1:] if len(stroke.xy) > 1 else stroke.xy
    along = b - a
    share = np.clip(((at - a) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9), 0.0, 1.0)
    return float(np.hypot(*(a + share[:, None] * along - at).T).min())


def fitted(strokes: Sequence[Stroke], bounds: Sequence[float], width: float, height: float) -> tuple[Stroke, ...]:
    """Return strokes from elsewhere, with `bounds` left, top, right, bottom, in the middle of a pad, at four fifths."""
    left, top, right, bottom = bounds
    scale = 0.8 * min(width, height) / max(right - left, bottom - top, 1e-6)
    shift = width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2
    found = []
    for stroke in strokes:
        points = stroke.points.copy()
        points[:, :2] = points[:, :2] * scale + shift
        found.append(Stroke(points))
    return tuple(found)
