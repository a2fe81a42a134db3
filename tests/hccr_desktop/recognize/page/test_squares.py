"""Squares to practice in, taken off a page; others stay."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.squares import without_squares
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import Readers
from tests.conftest import written
from tests.networks import NETWORKS

Gray = npt.NDArray[np.uint8]
LINES = ("木上中十木上", "中十木中上十", "上中木木中上", "木十上中中十")
CELL, MARGIN = 120, 70


def sheet(kind: str, shade: int = 90, angle: float = 0.0) -> tuple[Gray, Gray]:
    """Return a sheet of squares without and with `LINES` written into them."""
    size = (2 * MARGIN + len(LINES) * CELL, 2 * MARGIN + len(LINES[0]) * CELL)
    page = np.full(size, 255, np.uint8)
    for row in range(len(LINES)):
        for column in range(len(LINES[0])):
            x, y = MARGIN + column * CELL, MARGIN + row * CELL
            far_x, far_y, middle_x, middle_y = x + CELL, y + CELL, x + CELL // 2, y + CELL // 2
            lines = [
                ((x, y), (far_x, y)),
                ((far_x, y), (far_x, far_y)),
                ((far_x, far_y), (x, far_y)),
                ((x, far_y), (x, y)),
            ]
            if kind in ("田", "米"):
                lines += [((middle_x, y), (middle_x, far_y)), ((x, middle_y), (far_x, middle_y))]
            if kind == "米":
                lines += [((x, y), (far_x, far_y)), ((x, far_y), (far_x, y))]
            if kind == "回":
                cv2.rectangle(page, (x + 24, y + 24), (far_x - 24, far_y - 24), shade, 2)
            for start, end in lines:
                cv2.line(page, start, end, shade, 2)
    full, rng = page.copy(), np.random.default_rng(7)
    for row, line in enumerate(LINES):
        for column, character in enumerate(line):
            glyph = draw(written(character), 84).pixels
            down, right = rng.integers(-9, 10, 2).tolist()  # no hand writes exactly below and beside
            top, left = MARGIN + row * CELL + 18 + down, MARGIN + column * CELL + 18 + right
            area = full[top : top + glyph.shape[0], left : left + glyph.shape[1]]
            np.minimum(area, glyph, out=area)
    turn = cv2.getRotationMatrix2D((size[1] / 2, size[0] / 2), angle, 1.0)
    empty, turned = (cv2.warpAffine(picture, turn, size[::-1], borderValue=255) for picture in (page, full))
    return np.asarray(empty, np.uint8), np.asarray(turned, np.uint8)


@pytest.mark.parametrize("angle", [0.0, 2.0])
@pytest.mark.parametrize("kind", ["田", "米", "回"])
def test_squares_go_and_strokes_stay(kind: str, angle: float) -> None:
    empty, page = sheet(kind, angle=angle)
    bare = without_squares(page, 110.0)
    assert bare is not None
    printed, stroke = empty < 160, (page < 100) & (empty > 200)
    assert (bare[printed & (cv2.dilate(stroke.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0)] > 160).mean() > 0.97
    assert (bare[stroke] < 160).mean() > 0.95


def test_other_pages_have_none() -> None:
    empty, _ = sheet("")
    assert without_squares(empty, 110.0) is None  # what is written in these stands between the lines
    assert without_squares(np.full((300, 400), 255, np.uint8), 0.0) is None
    noise = np.random.default_rng(1).integers(0, 256, (300, 400), dtype=np.uint8)
    assert without_squares(noise, 30.0) is None
    ruled = np.full((600, 800), 255, np.uint8)
    ruled[50::60] = 120
    assert without_squares(ruled, 40.0) is None


@pytest.mark.parametrize(("kind", "shade"), [("米", 60), ("米", 150), ("田", 60)])
def test_sheets_of_practice_are_read(kind: str, shade: int) -> None:
    reader = Readers(NETWORKS, CutReader(Engine(Registry().active())))
    _, page = sheet(kind, shade)
    read = read_page(GlyphImage(page), reader, direction="horizontal").text.splitlines()
    assert len(read) == len(LINES)
    wrong = sum(a != b for said, found in zip(LINES, read, strict=True) for a, b in zip(said, found, strict=False))
    assert wrong + sum(abs(len(a) - len(b)) for a, b in zip(LINES, read, strict=True)) <= 3


def test_one_character_in_a_square_is_read() -> None:
    reader = Readers(NETWORKS, CutReader(Engine(Registry().active())))
    _, page = sheet("米", 120)
    cell = np.full((CELL + 60, CELL + 60), 255, np.uint8)
    cell[29:-28, 29:-28] = page[MARGIN - 1 : MARGIN + CELL + 2, MARGIN - 1 : MARGIN + CELL + 2]
    assert read_page(GlyphImage(cell), reader).text == "木"
