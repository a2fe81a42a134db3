"""In which order lines are read: columns one after another, wherever others reach across the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from hccr_desktop.recognize.page import order
from hccr_desktop.recognize.page.line import Line, Piece
from hccr_desktop.recognize.page.order import _gutter, in_reading_order

SIZE = 40.0


def line(left: float, top: float, right: float) -> Line:
    """Return a line of characters of `SIZE`, from one x to another."""
    starts = np.arange(left, right - SIZE / 2, SIZE)
    return Line(tuple(Piece((0,), (int(x), int(top), int(x + 34), int(top + 36))) for x in starts), SIZE)


def page(*kinds: str) -> list[Line]:
    """Return lines in the order in which they are to be read: parts of a page from top to bottom.

    "2" is two columns of five lines of which the right one begins a little lower, "3" are three columns, "-" a line
    across the page, "l" one over the left column, "m" one in the middle, as a number of the page.
    """
    found: list[Line] = []
    top = 50.0
    for kind in kinds:
        if kind in "23":
            width = 1_000 / int(kind)
            for column in range(int(kind)):
                left = 100 + column * width
                found += [line(left, top + 60 * k + 11 * column, left + width - 90) for k in range(5)]
            top += 300 + 22
        else:
            left, right = {"-": (100.0, 1_060.0), "l": (100.0, 400.0), "m": (540.0, 620.0)}[kind]
            found.append(line(left, top, right))
        top += 70
    return found


@pytest.mark.parametrize(
    "kinds", ["2", "3", "-2", "2-", "2m", "-2-", "2-2", "-2-2m", "2-3", "--2--2--", "----------", "-l-l-l", "2---3"]
)
def test_columns_are_read_one_after_another(kinds: str) -> None:
    wanted = page(*kinds)
    shuffled = [wanted[i] for i in np.random.default_rng(1).permutation(len(wanted))]
    assert in_reading_order(shuffled, SIZE) == wanted


def test_a_row_of_words_that_stand_apart_is_one_row() -> None:
    words = [line(100 + 300 * column, 50 + 60 * row, 260 + 300 * column) for row in range(2) for column in range(3)]
    text = [line(100, 50 + 60 * row, 1_000) for row in range(2, 8)]
    assert in_reading_order([*text, *reversed(words)], SIZE) == [*words, *text]


def test_columns_begin_below_labels() -> None:
    labels = [line(100, 50 + 60 * k, 190) for k in range(6)]
    texts = [line(700, 50 + 60 * k, 1_060) for k in range(6)]
    left = [line(100, 450 + 60 * k, 560) for k in range(5)]
    right = [line(700, 450 + 60 * k, 1_060) for k in range(5)]
    found = in_reading_order([*texts, *right, *left, *labels], SIZE)
    for column in (left, right):
        assert [found.index(one) for one in column] == [*range(found.index(column[0]), found.index(column[0]) + 5)]


def test_staggered_columns_are_columns() -> None:
    right = [line(700, 50 + 60 * k, 1_060) for k in range(10)]
    left = [line(100, 350 + 60 * k, 560) for k in range(10)]
    found = in_reading_order([*left, *right], SIZE)
    at = [found.index(one) for one in left]
    assert at == [*range(at[0], at[0] + 10)]


def test_a_few_level_pairs_between_paragraphs_are_read_across() -> None:
    above, below = ([line(100, top + 60 * k, 1_060) for k in range(3)] for top in (50, 530))
    pairs = [line(left, 260 + 60 * k, left + 400) for k in range(4) for left in (100, 660)]
    assert in_reading_order([*below, *pairs[::-1], *above], SIZE) == [*above, *pairs, *below]


def test_many_lines_take_few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def counted(lines: Sequence[Line], size: float) -> float | None:
        nonlocal looks
        looks += len(lines)
        return _gutter(lines, size)

    monkeypatch.setattr(order, "_gutter", counted)
    cells = [line(100 + 300 * column, 50 + 60 * row, 340 + 300 * column) for row in range(80) for column in range(8)]
    wide = [line(100, 50 + 60 * row, 2_400) for row in range(80, 160)]
    assert len(in_reading_order([*cells, *wide], SIZE)) == len(cells) + len(wide)
    assert looks < 400 * len(cells)
