"""How a training went, and whether it had converged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Course:
    """How a training went: (step, running loss) and (step, share of the validation samples that was right)."""

    losses: tuple[tuple[int, float], ...] = ()
    validated: tuple[tuple[int, float], ...] = ()

    @property
    def last_third(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Means of the loss, and of the validation, in the first and the second half of the last third of the steps.

        None where there was no training, or too little of it.
        """
        if not self.losses or not self.validated:
            return None
        last = self.losses[-1][0]
        found = []
        for curve in (self.losses, self.validated):
            values = [[y for x, y in curve if low * last < x <= high * last] for low, high in _HALVES]
            if not all(values):
                return None
            found.append((float(np.mean(values[0])), float(np.mean(values[1]))))
        return found[0], found[1]

    @property
    def is_flat(self) -> bool:
        """Whether over its last third the loss fell by less than a tenth, and the validation rose by less than half a
        point: then the row counts.
        """
        if self.last_third is None:
            return False
        (before, after), (was, now) = self.last_third
        return after > min(0.9 * before, before - 0.005) and now - was < 0.005


_HALVES = ((2 / 3, 5 / 6), (5 / 6, 1.0))


def mean_course(courses: Sequence[Course]) -> Course:
    """Return the mean of trainings of the same plan, where all have points."""

    def mean(curves: Sequence[tuple[tuple[int, float], ...]]) -> tuple[tuple[int, float], ...]:
        values = [dict(curve) for curve in curves]
        steps = sorted(set.intersection(*(set(each) for each in values)))
        return tuple((step, float(np.mean([each[step] for each in values]))) for step in steps)

    return Course(mean([c.losses for c in courses]), mean([c.validated for c in courses]))
