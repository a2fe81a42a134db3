"""What a study claims, tested in pairs over the same test samples.

McNemar's test, with all seeds of a sample as one observation (Eliasziw and Donner, Statistics in Medicine, 1991): the
seeds' answers to a sample are alike, and do not count as so many samples. To the variance over samples that over
seeds is added, for another training gives another network; a row of one seed is taken to vary as the other does, and
of two such rows nothing can be decided. As that is known of few seeds, Student's t is taken, with the degrees of
freedom of Welch and Satterthwaite (Welch, Biometrika, 1947).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

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
    """The difference, `row` less `than`, as a share with its 95 % interval, a p-value, the word.

    The p-value is that of no difference or, where there is a `margin`, of a loss of just that.
    """

    difference: float
    low: float
    high: float
    p: float
    word: str
    margin: float | None = None

    def __str__(self) -> str:
        number = f"{100 * self.difference:+.2f} points ({100 * self.low:+.2f} to {100 * self.high:+.2f})"
        of = "" if self.margin is None else f" of a loss of {100 * self.margin:g}"
        return f"{number}, p{of} {'< 0.001' if self.p < 0.001 else f'= {self.p:.3f}'}: {self.word}"


def judge(table: Table, claim: Claim) -> Verdict | None:
    """Test a claim; None where a row was not measured. A row of one seed is compared with all of the other's."""
    ours, others = ([table.points(cell) for cell in table.cells(row)] for row in (claim.row, claim.than))
    if not ours or not others:
        return None
    apart = np.mean(ours, 0) - np.mean(others, 0)
    n, difference = len(apart), float(np.mean(apart))
    of_seeds = _of_seeds(ours, others)
    variance = float(np.var(apart, ddof=1)) / n + sum(varies for varies, _ in of_seeds)
    half = quantile(_freedom(variance, of_seeds)) * math.sqrt(variance)
    same = float(np.sum(apart**2)) / n**2 + sum(varies for varies, _ in of_seeds)
    if claim.margin is not None:
        against = abs(difference + claim.margin)
        p = probability(against / math.sqrt(variance), _freedom(variance, of_seeds)) if variance else float(not against)
    else:
        p = probability(abs(difference) / math.sqrt(same), _freedom(same, of_seeds)) if same else 1.0
    low, high = difference - half, difference + half
    if not (table.is_flat(claim.row) and table.is_flat(claim.than)):
        word = UNFIT
    elif not of_seeds:
        word = OPEN
    elif claim.margin is not None:
        word = HELD if low >= -claim.margin else REFUTED if high < -claim.margin else OPEN
    else:
        word = OPEN if p >= 0.05 else HELD if difference > 0 else REFUTED
    return Verdict(difference, low, high, p, word, claim.margin)


def _of_seeds(ours: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> list[tuple[float, int]]:
    """Return the parts of the difference's variance over seeds, each with its degrees of freedom.

    Where one row has one seed there is one part: that row varies as the other does, of which there is one estimate.
    """
    rows = [[float(np.mean(cell)) for cell in cells] for cells in (ours, others)]
    known = [row for row in rows if len(row) > 1]
    if len(known) == 2:
        return [(float(np.var(row, ddof=1)) / len(row), len(row) - 1) for row in known]
    shares = sum(1 / len(row) for row in rows)
    return [(float(np.var(row, ddof=1)) * shares, len(row) - 1) for row in known]


def _freedom(variance: float, parts: Sequence[tuple[float, int]]) -> float:
    """Return the degrees of freedom of a sum of variances; of what is none of the `parts` they are endless."""
    uncertain = sum(part**2 / freedom for part, freedom in parts)
    return variance**2 / uncertain if uncertain else math.inf


_MANY = 1_000.0
"""Degrees of freedom from which Student's t is the normal distribution, to a thousandth."""


def probability(t: float, freedom: float) -> float:
    """Return how probable it is that Student's t lies at least as far from 0 as `t`; `freedom` is at least 1."""
    if freedom >= _MANY:
        return math.erfc(t / math.sqrt(2.0))
    angles, above = _tail(freedom)
    return float(np.interp(math.atan(t / math.sqrt(freedom)), angles, above))


def quantile(freedom: float, p: float = 0.05) -> float:
    """Return beyond which t, on both sides, lies the share `p` of Student's distribution."""
    if freedom >= _MANY:
        return NormalDist().inv_cdf(1.0 - p / 2.0)
    angles, above = _tail(freedom)
    return math.sqrt(freedom) * math.tan(float(np.interp(-p, -above, angles)))


def _tail(freedom: float) -> tuple[np.ndarray, np.ndarray]:
    """Return angles and the probability beyond each: t = √ν·tan θ makes the density cos^(ν - 1) θ."""
    angles = np.linspace(0.0, math.pi / 2.0, 20_001)
    density = np.cos(angles) ** (freedom - 1.0)
    below = np.concatenate(([0.0], np.cumsum(density[1:] + density[:-1])))
    return angles, 1.0 - below / below[-1]
