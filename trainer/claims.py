"""What a study claims, tested in pairs over the same test samples.

McNemar's test, with all seeds of a sample as one observation (Eliasziw and Donner, Statistics in Medicine, 1991): the
seeds' answers to a sample are alike, and do not count as so many samples. To the variance over samples that over
seeds is added, for another training gives another network; of a row with one seed it is not known, and left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trainer.table import Table

HELD, REFUTED, OPEN, UNFIT = "held", "refuted", "not decided", "not counted: not converged"


@dataclass(frozen=True)
class Claim:
    """That `row` is better than `than`, or, with a `margin` (a share, 0.003 say), that it loses no more than that."""

    text: str
    row: str
    than: str
    margin: float | None = None


@dataclass(frozen=True)
class Verdict:
    """The difference, `row` less `than`, as a share with its 95 % interval, the p-value of no difference, the word."""

    difference: float
    low: float
    high: float
    p: float
    word: str

    def __str__(self) -> str:
        number = f"{100 * self.difference:+.2f} points ({100 * self.low:+.2f} to {100 * self.high:+.2f})"
        return f"{number}, p {'< 0.001' if self.p < 0.001 else f'= {self.p:.3f}'}: {self.word}"


def judge(table: Table, claim: Claim) -> Verdict | None:
    """Test a claim; None where a row was not measured. A row of one seed is compared with all of the other's."""
    ours, others = ([table.points(cell) for cell in table.cells(row)] for row in (claim.row, claim.than))
    if not ours or not others:
        return None
    seeds = max(len(ours), len(others))
    apart = np.mean(_repeated(ours, seeds), 0) - np.mean(_repeated(others, seeds), 0)
    n, difference = len(apart), float(np.mean(apart))
    of_seeds = _of_seeds(ours) + _of_seeds(others)
    half = 1.96 * math.sqrt(float(np.var(apart, ddof=1)) / n + of_seeds)
    spread = math.sqrt(float(np.sum(apart**2)) / n**2 + of_seeds)
    p = math.erfc(abs(difference) / spread / math.sqrt(2.0)) if spread else 1.0
    low, high = difference - half, difference + half
    if not (table.is_flat(claim.row) and table.is_flat(claim.than)):
        word = UNFIT
    elif claim.margin is not None:
        word = HELD if low >= -claim.margin else REFUTED if high < -claim.margin else OPEN
    else:
        word = OPEN if p >= 0.05 else HELD if difference > 0 else REFUTED
    return Verdict(difference, low, high, p, word)


def _of_seeds(cells: Sequence[np.ndarray]) -> float:
    """Return the variance of the mean over seeds."""
    return float(np.var([np.mean(cell) for cell in cells], ddof=1)) / len(cells) if len(cells) > 1 else 0.0


def _repeated(cells: Sequence[np.ndarray], count: int) -> Sequence[np.ndarray]:
    return cells if len(cells) == count else [cells[i % len(cells)] for i in range(count)]
