"""Print and handwriting, told apart by how evenly characters stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from hccr_desktop.core.recognition import HANDWRITTEN, PRINTED, Candidate, Recognition, TextLine
from hccr_desktop.recognize.packed import packed, unpacked
from hccr_desktop.recognize.page.kinds import kinds_of
from hccr_desktop.recognize.pages import Page


def line_of(text: str, places: Sequence[tuple[float, float]], size: float = 40.0) -> TextLine:
    """A line of characters whose middles stand at (x, y)."""
    return TextLine(
        tuple(
            Recognition(
                (Candidate(character, 0.99),),
                "m",
                1.0,
                (round(x - size / 2), round(y - size / 2), round(x + size / 2), round(y + size / 2)),
            )
            for character, (x, y) in zip(text, places, strict=True)
        )
    )


def even(count: int, y: float, rise: float = 0.0) -> list[tuple[float, float]]:
    return [(100 + 50 * i, y + rise * i) for i in range(count)]


def shaky(count: int, y: float, spread: float = 4.0) -> list[tuple[float, float]]:
    rng = np.random.default_rng(3)
    return [(x + spread * rng.normal(), y + spread * rng.normal()) for x, y in even(count, y)]


TEXT = "天地玄黃宇宙洪荒日月盈昃"


@pytest.mark.parametrize("rise", [0.0, 3.0])
def test_print_stands_evenly_also_on_a_slope(rise: float) -> None:
    printed = line_of(TEXT, even(len(TEXT), 100, rise))
    assert kinds_of([printed, line_of(TEXT, shaky(len(TEXT), 300))]) == [PRINTED, HANDWRITTEN]


def test_perspective_is_no_unevenness() -> None:
    places = np.cumsum(np.linspace(40, 60, len(TEXT)))
    assert kinds_of([line_of(TEXT, [(x, 100 + 0.02 * x) for x in places.tolist()])]) == [PRINTED]


def test_columns_are_told_as_rows_are() -> None:
    columns = [line_of(TEXT, [(y, x) for x, y in places(len(TEXT), 100.0)]) for places in (even, shaky)]
    assert kinds_of(columns) == [PRINTED, HANDWRITTEN]


def test_a_short_line_is_of_its_neighbors_kind() -> None:
    lines = [
        line_of("天地", even(2, 40)),
        line_of(TEXT, even(len(TEXT), 100)),
        line_of(TEXT, shaky(len(TEXT), 300)),
        line_of("abc，", even(4, 350)),
        TextLine((), "Arabic", (0, 90, 100, 120)),
    ]
    assert kinds_of(lines) == [PRINTED, PRINTED, HANDWRITTEN, HANDWRITTEN, PRINTED]
    assert kinds_of([]) == []
    assert kinds_of(lines[:1]) == [HANDWRITTEN]


def test_letters_and_marks_say_nothing() -> None:
    mixed = line_of("天a地b玄，黃1宇", even(9, 100))
    assert kinds_of([mixed]) == [HANDWRITTEN]  # no two Chinese characters beside each other


def test_a_page_is_packed_with_its_kinds() -> None:
    page = Page(2, (900, 400), (line_of("天", [(50, 50)]), TextLine((), "Thai", (1, 2, 3, 4), kind=PRINTED)))
    again = unpacked(packed(page))
    assert again == page
    earlier = packed(page).replace(', "printed"]', "]").replace(', "handwritten"]', "]")
    assert [line.kind for line in (unpacked(earlier) or page).lines] == ["handwritten", "handwritten"]
    assert unpacked("[1]") is None
    assert unpacked("") is None
