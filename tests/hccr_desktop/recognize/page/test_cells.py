"""Cells of squared paper: found, believed only where the writing minds them, and used."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.lattice import joints_of
from hccr_desktop.recognize.lines.spikes import Spike
from hccr_desktop.recognize.lines.strip import Strip
from hccr_desktop.recognize.lines.whole import WholeLineReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.cells import walls_of
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.line import Line
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import How, readers_of
from tests.hccr_desktop.recognize.test_pages import page_of
from tests.networks import NETWORKS

CELL = 90
"""Width of a cell; `page_of` sets a character every 90 pixels, from 60 on."""


def ruled(page: Gray, step: int = CELL, first: int = 45, shade: int = 150) -> Gray:
    """Draw upright lines, and level ones around each line of text."""
    page = page.copy()
    for x in range(first, page.shape[1], step):
        cv2.line(page, (x, 45), (x, page.shape[0] - 30), shade, 2)
    for y in range(45, page.shape[0], 2 * 60):
        cv2.line(page, (45, y), (page.shape[1] - 45, y), shade, 2)
        cv2.line(page, (45, y + CELL), (page.shape[1] - 45, y + CELL), shade, 2)
    return page


@pytest.mark.parametrize("shade", [60, 190])
def test_walls_are_found_where_a_character_stands_in_each_cell(shade: int) -> None:
    layout = analyze(ruled(page_of("木上中木上中木", "十木中上十木中"), shade=shade), NETWORKS.finder)
    assert len(layout.lines) == 2
    scale = 1 / layout.to_source[0, 0]
    for line in layout.lines:
        walls = np.array(line.walls) / scale
        assert len(walls) >= 6
        away = (walls - 45 + CELL / 2) % CELL - CELL / 2
        assert np.abs(away).max() < 4


def test_no_walls_without_cells_or_where_the_writing_does_not_mind_them() -> None:
    text = ("木上中木上中木", "十木中上十木中")
    assert not any(line.walls for line in analyze(page_of(*text), NETWORKS.finder).lines)
    through = ruled(page_of(*text), first=90)  # through the middle of each character
    assert not any(line.walls for line in analyze(through, NETWORKS.finder).lines)


def test_lines_that_help_to_place_strokes_are_no_walls() -> None:
    """田字格: every other line goes through a character's middle."""
    rulings = np.zeros((100, 600), np.uint8)
    rulings[:, 10::40] = 1
    boxes = [(15 + 80 * k, 15, 85 + 80 * k, 85) for k in range(7)]
    assert walls_of(rulings, boxes, 70.0) == pytest.approx([10 + 80 * k for k in range(8)], abs=1)
    beside = [(left + 40, top, right + 40, bottom) for left, top, right, bottom in boxes]
    assert walls_of(rulings, beside, 70.0)[0] == pytest.approx(50, abs=1)


def test_a_joint_that_tears_cells_apart_pays_for_each() -> None:
    columns = [[(0, 0, 30, 60)], [(35, 0, 60, 60)], [(70, 0, 100, 60)], [(132, 40, 140, 50)]]
    torn = {(joint.start, joint.stop): joint.torn for joint in joints_of(columns, 60.0, walls=[-5.0, 65.0, 145.0])}
    assert torn[0, 2] == 0  # both halves of a cell
    assert torn[0, 1] == torn[1, 2] == 1
    assert torn[1, 3] == 2  # across a wall, and the first half is left
    assert torn[2, 3] == 0  # a mark may share a cell
    assert all(joint.torn == 0 for joint in joints_of(columns, 60.0))


@pytest.mark.parametrize("how", ["cut", "auto"])
def test_squared_paper_is_read_and_boxes_stay_in_their_cells(how: How) -> None:
    reader = readers_of(Engine(Registry().active()), NETWORKS, how=how)
    page = read_page(GlyphImage(ruled(page_of("木上中木上中木", "十木中上十木中"))), reader, direction="horizontal")
    assert page.text == "木上中木上中木\n十木中上十木中"
    for line in page.lines:
        for number, answer in enumerate(line):
            assert answer.box is not None
            assert 45 + CELL * number - 3 <= answer.box[0] < answer.box[2] <= 45 + CELL * (number + 1) + 3


def test_what_stands_in_one_cell_is_one_character_but_for_sure_marks() -> None:
    reader = WholeLineReader(NETWORKS.lines)
    known = NETWORKS.lines.charset
    line = Line((), 50.0, walls=(0.0, 64.0, 128.0, 192.0))
    strip = Strip(np.full((64, 256), 255, np.uint8), 0.0, 1.0, is_column=False)

    def spike(at: int, character: str, chance: float) -> Spike:
        return Spike(at, at + 1, np.array([known.index(character)]), np.log([chance]).astype(np.float32), -4.0)

    halves, whole, comma = [spike(0, "日", 0.9), spike(4, "月", 0.6)], spike(10, "木", 0.9), spike(14, "，", 0.9)
    outside = [spike(25, "上", 0.9), spike(28, "中", 0.9)]
    joined, *others = reader._one_a_cell(line, strip, [*halves, whole, comma, *outside])
    assert others == [whole, comma, *outside]
    assert (joined.start, joined.stop, joined.none) == (0, 5, -8.0)
    assert [known[int(k)] for k in joined.classes] == ["日", "月"]
    np.testing.assert_allclose(np.exp(joined.logs), [0.45, 0.3], rtol=1e-5)  # not sure, so that it is looked at
    unsure = spike(14, "，", 0.3)
    assert len(reader._one_a_cell(line, strip, [whole, unsure])) == 1
