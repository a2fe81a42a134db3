from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.ink import MAX_POINTS, Ink, Stroke
from hccr_desktop.errors import EmptyInk, InvalidInk


def test_points_without_time_get_time_zero() -> None:
    stroke = Stroke(np.array([[1, 2], [3, 4]], np.float32))
    assert stroke.points.shape == (2, 3)
    assert (stroke.points[:, 2] == 0).all()
    assert stroke.pressure is None


def test_points_are_frozen_copies() -> None:
    source = np.zeros((2, 3), np.float32)
    stroke = Stroke(source)
    source[0, 0] = 9
    assert stroke.points[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        stroke.points[0, 0] = 1


def test_pressure_is_kept_within_its_range() -> None:
    stroke = Stroke(np.array([[0, 0, 0, -1], [1, 1, 0, 2]], np.float32))
    assert stroke.pressure is not None
    assert stroke.pressure.tolist() == [0, 1]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e30])
def test_coordinates_that_are_no_numbers_are_refused(bad: float) -> None:
    with pytest.raises(InvalidInk) as caught:
        Ink.from_points([[[0, 0], [bad, 1]]])
    assert caught.value.hint


@pytest.mark.parametrize("strokes", [[[]], [[[1]]], [[[1, 2, 3, 4, 5]]], [[[1, 2], [3]]], [[["a", "b"]]], [5]])
def test_strokes_that_are_no_strokes_are_refused(strokes: list[list[list[float]]]) -> None:
    with pytest.raises(InvalidInk):
        Ink.from_points(strokes)


def test_an_ink_of_too_many_points_is_refused() -> None:
    with pytest.raises(InvalidInk, match="100,000"):
        Ink((Stroke(np.zeros((MAX_POINTS + 1, 2), np.float32)),))


def test_bounds_span_all_strokes_and_empty_ink_has_none() -> None:
    assert Ink.from_points([[[1, 5], [2, 3]], [[-4, 9]]]).bounds == (-4, 3, 2, 9)
    with pytest.raises(EmptyInk):
        _ = Ink(()).bounds


def test_equal_inks_are_equal() -> None:
    assert Ink.from_points([[[1, 2]]]) == Ink.from_points([[[1, 2, 0]]])
    assert Ink.from_points([[[1, 2]]]) != Ink.from_points([[[1, 3]]])
