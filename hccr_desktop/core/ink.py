"""Pen trajectories: `Stroke` and `Ink`, the form in which handwriting is never lost.

In: points as a pen, mouse or file gives them. Out: frozen values with checked, read-only
arrays. Drawing them is `core.normalize`; reading and writing files is `formats`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hccr_desktop.errors import EmptyInk, InvalidInk

Points = npt.NDArray[np.float32]

MAX_POINTS = 100_000
"""Bound on the points of one ink; a minute of a 200 Hz pen is 12,000."""

MAX_COORDINATE = 1e6
"""Bound on |x|, |y|: far beyond any canvas, far within float32."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One pen-down movement.

    `points` is float32 (n, 3 or 4), n ≥ 1, read-only: x and y in canvas units (y downward),
    t in ms (0 where unknown) and, where the pen knows it, pressure 0..1. Raises `InvalidInk`
    for other shapes, non-finite numbers, or coordinates beyond `MAX_COORDINATE`.
    """

    points: Points

    def __post_init__(self) -> None:
        points = np.array(self.points, dtype=np.float32)
        if points.ndim != 2 or points.shape[1] not in (2, 3, 4):
            raise InvalidInk(
                "A stroke needs points of 2 to 4 numbers, not an array of shape {shape}.",
                "Give each point as x, y, and optionally time and pressure.",
                shape=points.shape,
            )
        if len(points) == 0:
            raise InvalidInk("A stroke has no points.", "Leave empty strokes out.")
        if points.shape[1] == 2:
            points = np.concatenate([points, np.zeros((len(points), 1), np.float32)], axis=1)
        # A NaN compares false, and makes the sum one too.
        if not (np.abs(points[:, :2]).max() <= MAX_COORDINATE and math.isfinite(points.sum())):
            raise InvalidInk(
                "A stroke has coordinates that are not numbers or lie beyond any canvas.",
                "Coordinates must be finite and within ±{limit}.",
                limit=f"{MAX_COORDINATE:g}",
            )
        if points.shape[1] == 4:
            points[:, 3].clip(0.0, 1.0, out=points[:, 3])
        points.setflags(write=False)
        object.__setattr__(self, "points", points)

    @property
    def xy(self) -> Points:
        """X and y, float32 (n, 2), a view."""
        return self.points[:, :2]

    @property
    def pressure(self) -> Points | None:
        """Pressure 0..1, float32 (n,), or None where the pen did not tell."""
        return self.points[:, 3] if self.points.shape[1] == 4 else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stroke) and np.array_equal(self.points, other.points)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Ink:
    """The strokes of one writing, in the order in which they were written."""

    strokes: tuple[Stroke, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "strokes", tuple(self.strokes))
        count = sum(len(stroke.points) for stroke in self.strokes)
        if count > MAX_POINTS:
            raise InvalidInk(
                "The ink has {count} points, more than the {limit} allowed.",
                "Write one character at a time.",
                count=f"{count:,}",
                limit=f"{MAX_POINTS:,}",
            )

    @classmethod
    def from_points(cls, strokes: Iterable[Sequence[Sequence[float]] | npt.NDArray[np.float32]]) -> Ink:
        """Build an ink from sequences of points; raises `InvalidInk`."""
        made = []
        for points in strokes:
            try:
                with np.errstate(over="ignore"):  # beyond float32 becomes infinite, which is refused below
                    array = np.asarray(points, dtype=np.float32)
            except (TypeError, ValueError, OverflowError) as error:
                raise InvalidInk(
                    "A stroke has points that are not numbers or differ in length.",
                    "Give each point as x, y, and optionally time and pressure.",
                ) from error
            made.append(Stroke(array))
        return cls(tuple(made))

    @property
    def is_empty(self) -> bool:
        """True where no stroke was written."""
        return not self.strokes

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in canvas units; raises `EmptyInk`."""
        if self.is_empty:
            raise EmptyInk
        points = np.concatenate([stroke.xy for stroke in self.strokes])
        left, top = points.min(axis=0).tolist()
        right, bottom = points.max(axis=0).tolist()
        return left, top, right, bottom

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ink) and self.strokes == other.strokes

    __hash__ = None  # type: ignore[assignment]
