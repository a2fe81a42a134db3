"""Small notes and large titles beside the text of a page."""

from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.detector import Kernels
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.layout import turned_back
from hccr_desktop.recognize.page.other_sizes import places_of
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import Readers
from tests.hccr_desktop.recognize.test_pages import page_of
from tests.networks import NETWORKS

LINES = ("木上中木上中", "中十木中上十", "上中木木中上", "木十上中中十")


def page(size: int, where: tuple[int, int], words: str) -> Gray:
    """Return a page of `LINES` of 80 pixels, and words of another size from x and y on."""
    own = page_of(words, size=size, gap=size // 2)[size:-size, size:]
    body = page_of(*LINES, size=80, gap=20)
    x, y = where
    whole = np.full((max(body.shape[0], y + own.shape[0]), max(body.shape[1], x + own.shape[1])), 255, np.uint8)
    whole[: body.shape[0], : body.shape[1]] = body
    area = whole[y : y + own.shape[0], x : x + own.shape[1]]
    np.minimum(area, own, out=area)
    return whole


@pytest.mark.parametrize(
    ("size", "where", "at"), [(26, (100, 780), 4), (24, (800, 120), 1), (30, (760, 420), 3)], ids=str
)
def test_small_notes_are_read(size: int, where: tuple[int, int], at: int) -> None:
    reader = Readers(NETWORKS, CutReader(Engine(Registry().active())))
    read = read_page(GlyphImage(page(size, where, "中木十中木十中木")), reader)
    texts = [line.text for line in read.lines]
    assert texts[at] == "中木十中木十中木"
    assert [text for text in texts if text != "中木十中木十中木"] == list(LINES)
    box = next(line for line in read.lines if line.text == "中木十中木十中木")[0].box
    assert box is not None
    assert np.allclose(box, (where[0], where[1], where[0] + size, where[1] + size), atol=0.4 * size)


def test_a_title_four_times_as_large_is_one_line_of_whole_characters() -> None:
    reader = Readers(NETWORKS, CutReader(Engine(Registry().active())))
    body = page_of(*LINES, size=60, gap=20)
    title = page_of("中木上十", size=260, gap=60)[200:-230, :1400]
    whole = np.full((title.shape[0] + body.shape[0], max(title.shape[1], body.shape[1])), 255, np.uint8)
    whole[: title.shape[0], : title.shape[1]], whole[title.shape[0] :, : body.shape[1]] = title, body
    assert read_page(GlyphImage(whole), reader).text.splitlines() == ["中木上十", *LINES]


def test_layouts_of_other_sizes_are_turned_with_the_first() -> None:
    upright = page(26, (100, 780), "中木十中木十中木")
    first = turned_back(analyze(np.ascontiguousarray(np.rot90(np.rot90(upright, 3))), NETWORKS.finder), 1)
    straight = analyze(upright, NETWORKS.finder)
    assert first.numbers == straight.numbers == tuple(range(4))
    assert first.rest is not None
    assert straight.rest is not None
    turned, note = first.rest(), straight.rest()
    assert note.numbers == (4,)
    boxes = [layout.source_box(layout.lines[0].box) for layout in (turned, note)]
    assert boxes[1][1] > 700
    assert turned.source_size == first.source_size


def test_places_are_told_by_size_and_by_missing_ink() -> None:
    mask = np.zeros((400, 400), bool)
    mask[50:60, 40:300] = mask[100:110, 40:300] = True  # characters of 22
    mask[200:240, 20:380] = True  # of 88
    mask[300:304, 40:120] = mask[312:316, 40:120] = True  # of 9, in two lines
    mask[390:400, 40:60] = True  # too short to tell
    body = [(x, y - 6, x + 18, y + 16) for y in (50, 100) for x in range(40, 300, 22)]
    rests = [(60, 150, 90, 180), (200, 230, 240, 260)]
    found = places_of(Kernels(mask, 1.0, 22.0), [*body, *rests], 18.0)
    assert [place.box[1] < 200 for place in found] == [True, False]
    title, note = found
    assert title.size == pytest.approx(88)
    assert set(title.pieces) == {len(body), len(body) + 1}
    assert note.size == pytest.approx(8.8)
    assert note.box[1] < 300 < 316 < note.box[3]
    assert not note.pieces
    assert places_of(Kernels(mask[:150], 1.0, 22.0), body, 18.0) == []
