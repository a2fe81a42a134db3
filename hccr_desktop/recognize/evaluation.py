"""Accuracy with intervals from logits and labels: the one definition, for trainer and application."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Score:
    """Shares 0..1 of `n` samples; `interval` is the 95 % Wilson interval of top-1."""

    n: int
    top1: float
    top5: float
    top10: float
    interval: tuple[float, float]


def score(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> Score:
    """Score logits (n, classes) against labels (n,); a label of -1 counts as an error."""
    if not len(labels):
        return Score(0, 0.0, 0.0, 0.0, (0.0, 1.0))
    return score_ranks(ranks(logits, labels))


def ranks(logits: npt.NDArray[np.float32], labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many classes stand above each label, int64 (n,); the largest number for a label of -1.

    What is no number stands above all.
    """
    own = logits[np.arange(len(labels)), np.maximum(labels, 0)]
    above = (~(logits <= own[:, None])).sum(axis=1)
    return np.asarray(np.where(labels < 0, np.iinfo(np.int64).max, above), np.int64)


def score_ranks(rank: npt.NDArray[np.int64]) -> Score:
    """Score ranks as `ranks` gives them."""
    n = len(rank)
    if n == 0:
        return Score(0, 0.0, 0.0, 0.0, (0.0, 1.0))
    top1, top5, top10 = (float((rank < k).mean()) for k in (1, 5, 10))
    return Score(n, top1, top5, top10, wilson(top1, n))


def wilson(share: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a share of n (JASA 22, 1927)."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
