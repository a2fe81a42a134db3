from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.recognize.evaluation import ranks, score, wilson


def test_ranks_count_the_classes_above() -> None:
    logits = np.array([[3, 1, 2], [3, 1, 2], [3, 1, 2]], np.float32)
    assert ranks(logits, np.array([0, 1, -1])).tolist() == [0, 2, np.iinfo(np.int64).max]


def test_what_is_no_number_is_an_error() -> None:
    assert score(np.full((2, 3), np.nan, np.float32), np.array([0, 2])).top1 == 0.0


def test_a_label_outside_the_alphabet_is_an_error() -> None:
    result = score(np.array([[1, 0], [1, 0]], np.float32), np.array([0, -1]))
    assert (result.n, result.top1, result.top5, result.top10) == (2, 0.5, 0.5, 0.5)


def test_the_interval_is_wilsons() -> None:
    # Agresti and Coull (1998), example of 9 successes in 10.
    assert wilson(0.9, 10) == pytest.approx((0.596, 0.982), abs=0.001)
    assert wilson(1.0, 100)[0] == pytest.approx(0.963, abs=0.001)


def test_nothing_measured_says_nothing() -> None:
    assert score(np.zeros((0, 5), np.float32), np.zeros(0, np.int64)).interval == (0.0, 1.0)
