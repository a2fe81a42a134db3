"""Very long pictures: parts, no line twice or in two, places on the whole picture; others as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.layout import Layout
from hccr_desktop.recognize.page.parts import _widest, lay_out
from hccr_desktop.recognize.page.rulings import without_rulings
from hccr_desktop.recognize.pages import Page, read_page
from hccr_desktop.recognize.readers import Readers
from tests.hccr_desktop.recognize.test_pages import columns_of, page_of
from tests.networks import NETWORKS

Gray = npt.NDArray[np.uint8]

CYCLE = "木上中十中木木十上中上木"


@pytest.fixture(scope="module")
def reader() -> Readers:
    return Readers(NETWORKS, CutReader(Engine(Registry().active())))


def line(number: int, length: int = 5) -> str:
    """Return one of a row of texts of which none is like its neighbors."""
    return "".join(CYCLE[(number + k * (1 + number % 5)) % len(CYCLE)] for k in range(length))


def long_rows(count: int, columns: int) -> tuple[Gray, list[str]]:
    """Write rows of ten times so many characters on a wide page."""
    texts = [["".join(line(row + 3 * column, 10)) for row in range(count)] for column in range(columns)]
    page = np.hstack([page_of(*lines, gap=20)[:, 60 : 60 + 10 * 80] for lines in texts])
    margin = np.full((page.shape[0], 60), 255, np.uint8)
    return np.hstack([margin, page, margin]), ["".join(lines[row] for lines in texts) for row in range(count)]


def parts_of(layout: Layout) -> Iterator[Layout]:
    yield layout
    while layout.rest is not None:
        layout = layout.rest()
        yield layout


def has_ink_in_its_boxes(page: Gray, read: Page) -> bool:
    boxes = [answer.box for line in read.lines for answer in line]
    return all(box is not None and page[box[1] : box[3], box[0] : box[2]].min() < 100 for box in boxes)


@pytest.mark.parametrize("shape", [(900, 700), (600, 1500), (300, 2600), (2600, 1040)])
def test_ordinary_pages_are_laid_out_as_ever(shape: tuple[int, int]) -> None:
    page = np.full(shape, 255, np.uint8)
    written = page_of(line(0), line(1))[: shape[0], : shape[1]]
    page[: written.shape[0], : written.shape[1]] = written
    for vertical in (False, True):
        made, wanted = (
            lay_out(page, NETWORKS.finder, vertical=vertical),
            analyze(page, NETWORKS.finder, vertical=vertical),
        )
        assert made.rest is None
        assert made.lines
        for field in fields(Layout):
            np.testing.assert_array_equal(getattr(made, field.name), getattr(wanted, field.name))


def test_all_rows_of_a_high_picture_are_read_once_in_order(reader: Readers) -> None:
    texts = [line(number) for number in range(30)]
    page = page_of(*texts)
    read = read_page(GlyphImage(page), reader, direction="horizontal")
    assert read.text.splitlines() == texts
    assert has_ink_in_its_boxes(page, read)
    tops = [one.box[1] for one in read.lines if one.box]
    assert tops == pytest.approx([60 + 120 * number for number in range(30)], abs=25)


def test_rows_that_lean_so_that_no_cut_is_free_are_neither_lost_nor_doubled(reader: Readers) -> None:
    texts = [line(number, 10) for number in range(26)]
    page = page_of(*texts)
    lean = np.array([[1.0, 0.0, 0.0], [-0.13, 1.0, 150.0]])
    leaning = cv2.warpAffine(page, lean, (page.shape[1], page.shape[0] + 150), flags=cv2.INTER_AREA, borderValue=255)
    read = read_page(GlyphImage(np.asarray(leaning, np.uint8)), reader, direction="horizontal")
    assert read.text.splitlines() == texts
    assert has_ink_in_its_boxes(np.asarray(leaning, np.uint8), read)


def test_rows_of_a_wide_picture_are_whole_lines(reader: Readers) -> None:
    page, texts = long_rows(3, 5)
    read = read_page(GlyphImage(page), reader, direction="horizontal")
    assert read.text.splitlines() == texts
    assert has_ink_in_its_boxes(page, read)
    assert all(one.box and one.box[0] < 80 and one.box[2] > page.shape[1] - 100 for one in read.lines)


def test_columns_are_read_in_long_pictures_either_way(reader: Readers) -> None:
    texts = [line(number) for number in range(24)]
    wide = columns_of(*texts)[:600]
    high = np.rot90(long_rows(1, 5)[0], -1)
    assert wide.shape[1] > 2.5 * wide.shape[0]
    read = read_page(GlyphImage(wide), reader, direction="vertical")
    assert read.text.splitlines() == texts
    assert has_ink_in_its_boxes(wide, read)
    assert len(list(parts_of(lay_out(high, NETWORKS.finder, vertical=True)))) > 2
    lying = read_page(GlyphImage(np.ascontiguousarray(high)), reader, direction="vertical")
    assert len(lying.lines) == 1  # a row turned by a quarter is one column, in parts of which none begins a new one
    assert lying.lines[0].box
    assert lying.lines[0].box[1] < 100 < high.shape[0] - 100 < lying.lines[0].box[3]


def test_writing_as_high_as_the_strip_is_found(reader: Readers) -> None:
    page = page_of("木上中十中木木十上中", size=240, gap=60)
    assert page.shape[1] > 2.5 * page.shape[0]
    assert read_page(GlyphImage(page), reader, direction="horizontal").text == "木上中十中木木十上中"


def test_a_part_is_bounded_and_parts_reach_to_the_end() -> None:
    page = np.full((12_000, 1000), 255, np.uint8)
    page[11_600:11_900, :500] = page_of("木上中", "十木中")[:300, :500]
    found = list(parts_of(lay_out(page, NETWORKS.finder)))
    assert 5 <= len(found) <= 12
    assert all(one.labels.size <= 2600 * 1200 for one in found)
    assert [len(one.pieces) > 0 for part in found for one in part.lines] == [True, True]
    assert found[-1].source_box(found[-1].lines[0].box)[1] == pytest.approx(11_660, abs=15)


def test_the_widest_free_space_parts_things_and_where_none_is_free_they_overlap_least() -> None:
    apart = np.array([[0.0, 10.0], [14.0, 30.0], [40.0, 55.0]])
    assert _widest(apart, 5, 50) == (35.0, 10.0)
    assert _widest(apart, 5, 33) == (12.0, 4.0)
    overlapping = np.array([[0.0, 12.0], [10.0, 30.0], [22.0, 55.0]])
    assert _widest(overlapping, 5, 40) == (11.0, -2.0)
    assert _widest(apart, 60, 80) == (70.0, 20.0)
    assert _widest(np.zeros((0, 2)), 5, 50) == (50, np.inf)


def test_rulings_are_none_where_there_is_no_writing() -> None:
    mask = np.ones((40, 40), np.uint8)
    assert np.array_equal(without_rulings(mask, np.zeros(mask.shape, np.float32), 0.0), mask)


def test_columns_that_go_through_the_parts_of_a_high_picture_are_read_one_after_another(reader: Readers) -> None:
    left, right = ([line(start + number) for number in range(32)] for start in (0, 7))
    columns = [page_of(*texts)[:, : 60 + 5 * 90] for texts in (left, right)]
    gap = np.full((columns[0].shape[0], 300), 255, np.uint8)
    page = np.hstack([columns[0], gap, columns[1]])
    assert len(list(parts_of(lay_out(page, NETWORKS.finder)))) > 1
    read = read_page(GlyphImage(page), reader, direction="horizontal")
    is_right = [bool(one.box and one.box[0] > page.shape[1] / 2) for one in read.lines]
    assert is_right == [False] * 32 + [True] * 32
    assert sum(one == wanted for one, wanted in zip(read.text.splitlines(), left + right, strict=True)) > 60
