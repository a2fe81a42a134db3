"""Sheets of boxes: printed, filled, scanned askew, read back."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.errors import InputError, UnreadableFile
from hccr_desktop.formats import sheet as form
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from tests.conftest import WRITTEN, written

DOTS = 8
"""Pixels a millimeter."""


def printed(sheet: form.Sheet, page: int, filled: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return a page as paper: marks, strip, box lines, and characters written into the first boxes."""
    paper = np.full((round(form.HEIGHT * DOTS), round(form.WIDTH * DOTS)), 255, np.uint8)

    def fill(x: float, y: float, width: float, height: float, value: int = 0) -> None:
        paper[round(y * DOTS) : round((y + height) * DOTS), round(x * DOTS) : round((x + width) * DOTS)] = value

    for x, y in form.CORNERS:
        fill(x - form.MARK / 2, y - form.MARK / 2, form.MARK, form.MARK)
    for i, bit in enumerate(form.code_of(sheet.number, page)):
        if bit:
            fill(form.STRIP[0] + (i - 0.5) * form.BIT, form.STRIP[1] - form.BIT / 2, form.BIT, form.BIT)
    for place in range(len(sheet.on_page(page))):
        left, top = form.box_of(place)
        fill(left - 0.1, top - 0.1, form.BOX + 0.2, form.BOX + 0.2, 150)
        fill(left + 0.1, top + 0.1, form.BOX - 0.2, form.BOX - 0.2, 255)
    for place, character in enumerate(filled):
        if character in WRITTEN:
            left, top = (round((v + 3) * DOTS) for v in form.box_of(place))
            side = round((form.BOX - 6) * DOTS)
            pixels = cv2.resize(draw(written(character)).pixels, (side, side), interpolation=cv2.INTER_AREA)
            paper[top : top + side, left : left + side] = pixels
    return paper


def scanned(paper: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], turns: int, askew: float) -> Image.Image:
    """Return the paper as a camera sees it: turned, in perspective, with a shadow, on a gray table."""
    height, width = paper.shape
    room = 120
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = corners + room + askew * np.array([[30, 60], [-70, 10], [-10, -60], [50, -20]], np.float32)
    to_picture = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    size = (width + 2 * room, height + 2 * room)
    picture = cv2.warpPerspective(paper, to_picture, size, borderValue=110).astype(np.float32)
    shade = np.linspace(1.0, 1.0 - 0.35 * askew, picture.shape[1])[None, :]
    return Image.fromarray(np.rot90((picture * shade).astype(np.uint8), turns))


@pytest.mark.parametrize(("turns", "askew"), [(0, 0.0), (1, 0.5), (2, 1.0), (3, 0.7)])
def test_a_filled_sheet_is_read_back_however_it_lies(tmp_path: Path, turns: int, askew: float) -> None:
    sheet = form.new_sheet("木上中十一木", tmp_path / "sheets")
    scanned(printed(sheet, 0, "木上　十"), turns, askew).save(tmp_path / "scan.png")
    samples = list(form.read_sheets(tmp_path / "scan.png", tmp_path / "sheets", "me"))
    assert "".join(s.character for s in samples) == "木上十"  # an empty box is no sample
    assert {s.writer for s in samples} == {"me"}
    engine = Engine(Registry().active(), 1)
    assert all(engine.recognize(s.content, top=1).best.character == s.character for s in samples)
    assert all(isinstance(s.content, GlyphImage) for s in samples)


def test_the_second_page_knows_its_characters(tmp_path: Path) -> None:
    sheet = form.new_sheet("木" * form.A_PAGE + "上中", tmp_path)
    assert sheet.pages == 2
    scanned(printed(sheet, 1, "上中"), 0, 0.2).save(tmp_path / "scan.png")
    assert "".join(s.character for s in form.read_sheets(tmp_path / "scan.png", tmp_path)) == "上中"


@given(st.integers(0, 2**20 - 1), st.integers(0, 199))
def test_every_code_reads_back_and_a_flipped_cell_is_noticed(number: int, page: int) -> None:
    code = form.code_of(number, page)
    value = int("".join("1" if bit else "0" for bit in code), 2)
    assert value >> 16 == number
    assert value >> 8 & 0xFF == page
    assert form._checksum(value >> 8) == value & 0xFF
    for flipped in range(form.BITS):
        other = value ^ 1 << flipped
        assert form._checksum(other >> 8) != other & 0xFF


def test_what_is_no_sheet_of_ours_is_refused(tmp_path: Path) -> None:
    Image.new("L", (800, 1100), 250).save(tmp_path / "blank.png")
    with pytest.raises(UnreadableFile, match="no sheet"):
        list(form.read_sheets(tmp_path / "blank.png", tmp_path))
    sheet = form.new_sheet("木", tmp_path / "elsewhere")
    scanned(printed(sheet, 0, "木"), 0, 0.0).save(tmp_path / "scan.png")
    with pytest.raises(UnreadableFile, match="not printed on this computer"):
        list(form.read_sheets(tmp_path / "scan.png", tmp_path))
    (tmp_path / "elsewhere" / f"{sheet.number}.json").write_text(json.dumps([]), encoding="utf-8")
    with pytest.raises(UnreadableFile):
        list(form.read_sheets(tmp_path / "scan.png", tmp_path / "elsewhere"))
    for text in (" ", "木" * (form.A_PAGE * 200 + 1)):
        with pytest.raises(InputError):
            form.new_sheet(text, tmp_path)


@pytest.mark.parametrize("kind", ["tif", "pdf"])
def test_pages_between_the_sheets_are_passed_over(tmp_path: Path, kind: str) -> None:
    sheet = form.new_sheet("木上中", tmp_path / "sheets")
    page, blank = scanned(printed(sheet, 0, "木上"), 0, 0.0), Image.new("L", (800, 1100), 250)
    page.save(tmp_path / f"scan.{kind}", save_all=True, append_images=[blank], resolution=150)
    assert "".join(s.character for s in form.read_sheets(tmp_path / f"scan.{kind}", tmp_path / "sheets")) == "木上"
