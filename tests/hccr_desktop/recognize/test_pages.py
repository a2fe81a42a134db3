"""Pages: light, skew, rulings, lines in order, characters in lines, the command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from hccr_desktop import cli, paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.core.subsets import mask
from hccr_desktop.errors import UnreadableFile
from hccr_desktop.recognize import pages
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import START, Grams, Language, load_language
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.analysis import analyze, slope_of
from hccr_desktop.recognize.page.ink import dark_parts
from hccr_desktop.recognize.page.layout import Layout, Placed
from hccr_desktop.recognize.page.line import Line, Piece
from hccr_desktop.recognize.page.rulings import without_rulings
from hccr_desktop.recognize.page.text_lines import _with_insertions, bands_of, lines_of
from hccr_desktop.recognize.pages import Direction, _is_scattered, _is_writing, lines_of_page, plausibility, read_page
from hccr_desktop.recognize.readers import Readers, readers_of
from tests.conftest import written
from tests.networks import NETWORKS

Gray = npt.NDArray[np.uint8]


def page_of(*lines: str, size: int = 60, gap: int = 30) -> Gray:
    """Write lines of characters of `WRITTEN` on a white page; a space leaves a place free."""
    page = np.full(((len(lines) * 2 + 1) * size, 12 * (size + gap)), 255, np.uint8)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            if character != " ":
                glyph = draw(written(character), size).pixels
                top, left = (2 * row + 1) * size, size + column * (size + gap)
                area = page[top : top + glyph.shape[0], left : left + glyph.shape[1]]
                np.minimum(area, glyph, out=area)
    return page


@pytest.fixture(scope="module")
def reader() -> Readers:
    return Readers(NETWORKS, CutReader(Engine(Registry().active())))


def text(page: Gray, reader: Readers) -> str:
    made = read_page(GlyphImage(page), reader)
    return made.text


def test_lines_are_read_in_order_with_their_boxes(reader: Readers) -> None:
    page = page_of("木上中", "十木", "中中木上")
    made = read_page(GlyphImage(page), reader)
    assert made.text == "木上中\n十木\n中中木上"
    box = made.lines[1][1].box
    assert box is not None
    left, top, right, bottom = box
    assert 60 + 90 - 5 <= left < right <= 60 + 90 + 75
    assert 3 * 60 - 5 <= top < bottom <= 3 * 60 + 75
    assert len(made.lines[0][0].candidates) > 1


def test_paper_in_shade_white_on_black_and_turned(reader: Readers) -> None:
    page = page_of("木上中木上中", "十木中上十木")
    shade = (page * np.linspace(1.0, 0.35, page.shape[1])).astype(np.uint8)
    assert text(shade, reader) == text(page, reader) == "木上中木上中\n十木中上十木"
    assert text(np.asarray(255 - page, np.uint8), reader) == text(page, reader)
    matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 6.0, 1.0)
    turned = np.asarray(cv2.warpAffine(page, matrix, (page.shape[1], page.shape[0] + 80), borderValue=255), np.uint8)
    assert slope_of(NETWORKS.finder.find(turned).band) == pytest.approx(6.0, abs=1.0)
    made = read_page(GlyphImage(turned), reader)
    assert made.text == "木上中木上中\n十木中上十木"
    for answer in made.lines[0]:  # the boxes are those of the picture that was given
        assert answer.box is not None
        left, top, right, bottom = answer.box
        assert turned[max(top, 0) : bottom, max(left, 0) : right].min() < 100


@pytest.mark.parametrize(("paper", "ink"), [(240, 30), (30, 230), (100, 230), (140, 250), (105, 20), (90, 10)])
def test_writing_is_read_on_paper_of_any_shade(reader: Readers, paper: int, ink: int) -> None:
    page = page_of("木上中木上中", "十木中上十木").astype(np.float32)
    assert text((ink + page * ((paper - ink) / 255)).astype(np.uint8), reader) == "木上中木上中\n十木中上十木"


def test_a_note_on_a_dark_table_is_not_turned_into_light_writing(reader: Readers) -> None:
    note = page_of("木上中木上中", "十木中上十木")[:, :600]
    table = np.full((900, 1_200), 60, np.uint8)
    table[200 : 200 + note.shape[0], 300:900] = note
    assert np.median(table) == 60
    assert text(table, reader) == "木上中木上中\n十木中上十木"


def test_a_slip_of_paper_on_a_dark_table_is_no_blackboard(reader: Readers) -> None:
    slip = page_of("木上中木上中")[30:150, 40:600]
    table = np.full((900, 1_500), 40, np.uint8)
    table += np.random.default_rng(1).integers(0, 12, table.shape).astype(np.uint8)
    table[400 : 400 + slip.shape[0], 500 : 500 + slip.shape[1]] = slip
    assert text(table, reader) == "木上中木上中"


@pytest.mark.parametrize("angle", [-18.0, 25.0])
def test_a_page_that_leans_far_is_straightened(reader: Readers, angle: float) -> None:
    page = page_of("木上中木上中", "十木中上十木", "中上木上十中")[:, :660]
    room = 250
    matrix = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1.0)
    matrix[:, 2] += room
    size = (page.shape[1] + 2 * room, page.shape[0] + 2 * room)
    turned = np.asarray(cv2.warpAffine(page, matrix, size, borderValue=255), np.uint8)
    made = read_page(GlyphImage(turned), reader, direction="horizontal")
    assert made.text == "木上中木上中\n十木中上十木\n中上木上十中"
    assert made.size == (turned.shape[1], turned.shape[0])
    for line in made.lines:
        for answer in line:
            assert answer.box is not None
            left, top, right, bottom = answer.box
            assert turned[max(top, 0) : bottom, max(left, 0) : right].min() < 100


def test_faint_writing_is_read_and_grain_is_none(reader: Readers) -> None:
    page = page_of("木上中木上中", "十木中上十木").astype(np.float32)
    grain = np.random.default_rng(1).normal(0, 1.0, page.shape)
    assert text((215 - (255 - page) * 0.08 + grain).astype(np.uint8), reader) == "木上中木上中\n十木中上十木"
    assert text((215 + 3 * grain).astype(np.uint8), reader) == ""


@pytest.mark.parametrize("character", "中木")
def test_a_character_that_fills_its_picture_is_read(reader: Readers, character: str) -> None:
    page = np.pad(draw(written(character), 400).pixels, 50, constant_values=255)
    assert text(page, reader) == character


def test_sure_bare_strokes_are_writing_and_others_a_rulings() -> None:
    def line(text: str, probability: float) -> list[Recognition]:
        return [Recognition((Candidate(c, probability),), "m", 0.0) for c in text]

    assert _is_writing(line("11", 0.95))
    assert _is_writing(line("一、", 0.95))
    assert _is_writing(line("木一一", 0.5))
    assert not _is_writing(line("11", 0.6))
    assert not _is_writing(line("一", 0.99))
    assert not _is_writing([])


def test_ruled_and_squared_paper(reader: Readers) -> None:
    page = page_of("木上中木上", "十木中上十")
    for y in range(45, page.shape[0], 120):
        page[y : y + 2] = 90
    for x in range(50, page.shape[1], 90):
        page[:, x : x + 2] = 90
    ink = NETWORKS.finder.find(page).ink > 0.5
    assert ink[46::120].mean() < 0.1 < (page[46::120] < 128).mean()
    assert text(page, reader) == "木上中木上\n十木中上十"


def test_a_dark_grid_seen_from_the_side_goes_and_strokes_stay(reader: Readers) -> None:
    page = page_of("木上中木上", "十木中上十", "中木上木中", "上中十木木")
    bare = page.copy()
    for y in range(40, page.shape[0], 120):
        page[y : y + 3] = 40
    for x in range(46, page.shape[1], 90):
        page[:, x : x + 3] = 40
    lean = np.array([[1.0, -0.25, 0.25 * page.shape[0]], [0.03, 1.0, 0.0]])
    size = (page.shape[1] + 200, page.shape[0] + 60)
    seen, without = (
        np.asarray(cv2.warpAffine(p, lean, size, flags=cv2.INTER_AREA, borderValue=255), np.uint8) for p in (page, bare)
    )
    made = read_page(GlyphImage(seen), reader, direction="horizontal")
    assert made.text == "木上中木上\n十木中上十\n中木上木中\n上中十木木"
    ink, ruled = (without < 128).astype(np.uint8), (seen < 128).astype(np.uint8)
    kept = without_rulings(ruled, np.ones(ruled.shape, np.float32), 60.0)  # though the finder takes all for ink
    assert kept[ruled > ink].mean() < 0.1
    assert kept[ink > 0].mean() > 0.93
    assert np.array_equal(without_rulings(ink, np.ones(ink.shape, np.float32), 60.0), ink)


def test_rows_that_stand_apart_are_not_read_in_columns_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = ("木上中木十", "十木中上上", "中上木十中")
    asked: list[Direction] = []

    def looked(picture: GlyphImage, networks: Networks, direction: Direction, *rest: Any) -> Layout:
        asked.append(direction)
        return lines_of_page(picture, networks, direction, *rest)

    monkeypatch.setattr(pages, "lines_of_page", looked)

    class Unsure:
        def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
            candidate = Candidate("木", 0.3)
            return [tuple(Recognition((candidate,), "m", 0.0, piece.box) for piece in line.pieces) for _, line in lines]

    read_page(GlyphImage(page_of(*text)), Readers(NETWORKS, Unsure()))
    assert "vertical" not in asked
    read_page(GlyphImage(columns_of(*text, gap=4)), Readers(NETWORKS, Unsure()))
    assert "vertical" in asked


@pytest.mark.parametrize("quarters", [2, 3])
def test_a_page_that_does_not_lie_upright_is_turned(quarters: int) -> None:
    readers = readers_of(Engine(Registry().active()), NETWORKS)
    page = page_of("木上中上木上", "上木上中上中", "中上木上中上")
    turned = np.ascontiguousarray(np.rot90(page, quarters))
    read = read_page(GlyphImage(turned), readers)
    assert read.text == "木上中上木上\n上木上中上中\n中上木上中上"
    assert not read.is_vertical
    assert read.size == (turned.shape[1], turned.shape[0])
    for answer in read.lines[1]:
        assert answer.box is not None
        left, top, right, bottom = answer.box
        assert turned[top:bottom, left:right].min() < 100
        assert min(right - left, bottom - top) > 40


def test_bands_that_met_are_parted_again() -> None:
    band = np.zeros((200, 900), np.float32)
    for x in range(900):
        upper, lower = 60 + x // 18, 130 - x // 60
        band[upper - 7 : upper + 7, x] = band[lower - 7 : lower + 7, x] = 1.0
    assert cv2.connectedComponents((band > 0.5).astype(np.uint8))[0] == 2  # one, and what is none
    bands = bands_of(band, 40.0)
    assert len(np.unique(bands)) == 3
    assert bands[60, 5] == bands[60 + 880 // 18, 880] != bands[130, 5]
    assert bands[130 - 700 // 60, 700] == bands[130, 5]
    apart = bands_of(np.where(np.arange(200)[:, None] < 100, band, 0).astype(np.float32), 40.0)
    assert np.array_equal(apart > 0, (band > 0.5) & (np.arange(200)[:, None] < 100))


def test_pale_writing_beside_dark_is_ink_and_what_is_paler_beside_dark_is_not() -> None:
    page, ink = np.full((120, 1200), 255, np.uint8), np.zeros((120, 1200), np.float32)
    for x in range(20, 1180, 40):
        shade = 180 if x < 600 else 30
        page[30:90, x : x + 8], ink[30:90, x : x + 8] = shade, 1.0
    page[30:90, 1000:1008] = 200  # a ruling, say
    ink[30:90, 1000:1008] = 0.0
    dark, _ = dark_parts(page, ink, ink, 0.45, 40.0)
    assert dark[40:80, 22:26].all()
    assert dark[40:80, 1142:1146].all()
    assert not dark[40:80, 1002:1006].any()


def test_a_stroke_in_pencil_among_others_in_ink_is_whole() -> None:
    page, ink = np.full((120, 400), 255, np.uint8), np.zeros((120, 400), np.float32)
    for x, shade in ((20, 20), (60, 20), (100, 20), (140, 200), (180, 20), (220, 20)):
        page[30:90, x : x + 12], ink[28:92, x - 2 : x + 14] = shade, 1.0
    page[30:90, 300:312] = 200  # as pale, and nothing that the finder sees
    dark, _ = dark_parts(page, ink, ink, 0.45, 40.0)
    assert dark[40:80, 142:146].all()
    assert not dark[40:80, 302:306].any()
    assert not dark[40:80, 172:176].any()  # the paper beside what is dark


def test_strokes_grown_together_across_lines_are_parted(reader: Readers) -> None:
    page = page_of("木上中木上", "十木中上十")
    page[60:225, 178:182] = 0  # through the second character of both lines
    lines = analyze(page, NETWORKS.finder).lines
    assert len(lines) == 2
    assert lines[0].box[3] <= lines[1].box[1] + 10
    assert all(piece.height < 100 for line in lines for piece in line.pieces)


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (400, 3), (300, 300)])
def test_a_page_without_writing_is_empty(reader: Readers, shape: tuple[int, int]) -> None:
    assert text(np.full(shape, 200, np.uint8), reader) == ""
    assert text(np.random.default_rng(0).integers(180, 255, shape, dtype=np.uint8), reader) is not None


def test_a_drawing_is_no_text(reader: Readers) -> None:
    drawing, rng = np.full((1200, 900), 245, np.uint8), np.random.default_rng(3)
    for _ in range(25):
        x, y, size = rng.integers(30, 800, 3).tolist()
        if rng.random() < 0.5:
            cv2.circle(drawing, (x, y), size // 5 + 15, 20, 3)
        else:
            cv2.rectangle(drawing, (x, y), (x + size // 3 + 30, y + size // 3 + 30), 20, 3)
    for points in rng.integers(0, 900, (15, 4, 1, 2)):
        cv2.polylines(drawing, [points.astype(np.int32)], isClosed=False, color=20, thickness=4)
    assert read_page(GlyphImage(drawing), reader).lines == ()


def test_few_words_that_are_hardly_read_are_no_drawing() -> None:
    unsure = Recognition((Candidate("木", 0.5),), "m", 0.0, (0, 0, 9, 9))
    assert _is_scattered([TextLine((unsure,))] * 4)
    assert not _is_scattered([TextLine((unsure,))] * 3)
    assert not _is_scattered([TextLine((unsure,) * 4)] * 4)
    sure = replace(unsure, candidates=(Candidate("木", 0.99),))
    assert not _is_scattered([TextLine((sure,))] * 4)


def test_grain_and_narrow_alphabets_take_bounded_work(reader: Readers) -> None:
    grain = np.where(np.random.default_rng(0).random((800, 800)) < 0.1, 0, 255).astype(np.uint8)
    assert len(analyze(grain, NETWORKS.finder).lines) > 0
    engine = Engine(Registry().active())
    only = Readers(NETWORKS, CutReader(engine, allowed=mask(engine.bundle.charset, (), "，")))
    assert text(page_of("木上"), only) == ""


def test_neighbors_that_touch_are_cut(reader: Readers) -> None:
    page = page_of("中木中", gap=-8)
    assert len(analyze(page, NETWORKS.finder).lines[0].pieces) < 3
    assert text(page, reader) == "中木中"


def test_a_language_model_decides_between_look_alikes() -> None:
    characters = (START, "十", "木", "+")
    pairs = Grams.of(4, np.array([1 * 4 + 2, 3 * 4 + 2]), np.array([0.9, 0.001]))  # 十木 is common, +木 is not
    alike = np.log(np.full(4, 0.25, np.float32))
    model = Language(characters, alike, alike - 2, (pairs,))
    ten, wood, plus = model.numbers(["十", "木", "+"])
    chances = model.after(np.array([[ten], [plus]]), np.array([wood]))
    assert chances[0, 0] > chances[1, 0] + 2.0
    assert model.numbers(["囍"])[0] == 0


def test_a_language_model_is_saved_and_others_are_refused(tmp_path: Path) -> None:
    pairs, triples = np.array([3, 5, 7, 8]), np.array([3 * 3 + 1, 5 * 3 + 1, 5 * 3 + 2])
    orders = (Grams.of(3, pairs, np.full(4, 0.3)), Grams.of(3, triples, np.array([0.5, 0.2, 0.1])))
    model = Language(("", "木", "上"), np.array([-3.0, -1.0, -2.0], np.float32), np.zeros(3, np.float32), orders)
    model.save(tmp_path / "m.npz")
    again = load_language(tmp_path / "m.npz")
    assert again.characters == model.characters
    for stored, given in zip(again.orders, orders, strict=True):
        for name in ("keys", "levels", "contexts", "left"):
            np.testing.assert_array_equal(getattr(stored, name), getattr(given, name))
    for content in (b"", b"PK\x03\x04", b"text"):
        (tmp_path / "m.npz").write_bytes(content)
        with pytest.raises(UnreadableFile, match="no language model"):
            load_language(tmp_path / "m.npz")


def test_the_batch_command_writes_a_file_a_page_and_survives_bad_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "扫描" / "more"
    folder.mkdir(parents=True)
    image = Image.fromarray(page_of("木上中", "十木"))
    image.save(folder.parent / "a.png")
    image.save(folder.parent / "a.jpg", quality=95)
    image.save(folder / "b.tiff", save_all=True, append_images=[Image.fromarray(page_of("中中木"))])
    (folder / "empty.png").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture", encoding="utf-8")
    out = tmp_path / "out"
    assert cli.main(["batch", str(folder.parent), "--out", str(out), "--no-language"]) == 1
    found = {str(p.relative_to(out).as_posix()): p.read_text(encoding="utf-8") for p in out.rglob("*.txt")}
    assert found == {
        "a.png.txt": "木上中\n十木\n",
        "a.jpg.txt": "木上中\n十木\n",
        "more/b.txt": "木上中\n十木\n",
        "more/b-2.txt": "中中木\n",
    }
    said = capsys.readouterr().err
    assert "empty.png is empty" in said
    assert "4 pages, 18 characters" in said
    assert "1 failures" in said

    assert cli.main(["batch", str(folder.parent / "a.png"), "--out", str(out), "--format", "json"]) == 0
    rows = [json.loads(line) for line in (out / "a.png.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["line"], row["index"]) for row in rows] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
    assert len(rows[0]["box"]) == 4
    assert rows[0]["candidates"][0]["character"] == rows[0]["text"]


def columns_of(*text: str, size: int = 60, gap: int = 30) -> Gray:
    """Write columns of characters from the right."""
    page = np.full((14 * size, (2 * len(text) + 1) * size), 255, np.uint8)
    for column, line in enumerate(text):
        for row, character in enumerate(line):
            glyph = draw(written(character), size).pixels
            top, left = size + row * (size + gap), page.shape[1] - (2 * column + 2) * size
            area = page[top : top + glyph.shape[0], left : left + glyph.shape[1]]
            np.minimum(area, glyph, out=area)
    return page


def test_columns_are_read_from_the_right_and_their_boxes_stand_on_the_page(reader: Readers) -> None:
    text = ("中上木十中", "木十上中木", "上上中木十")
    page = columns_of(*text)
    found = read_page(GlyphImage(page), reader, 1, "vertical")
    assert found.text == "\n".join(text)
    first, last = found.lines[0][0].box, found.lines[2][4].box
    assert first is not None
    assert last is not None
    assert first[0] > page.shape[1] - 3 * 60
    assert first[1] < 2 * 60
    assert last[0] < 3 * 60
    assert 5 * 60 < last[1] < last[3] <= page.shape[0]


def test_the_direction_is_told_by_the_text() -> None:
    """A language of one sentence, 上木中十上木中十…, that rows and columns are held against."""
    characters = (START, *"上木中十")
    pairs = np.array(sorted((1 + i) * 5 + 1 + (i + 1) % 4 for i in range(4)))
    common = np.log(np.full(5, 0.2, np.float32))
    language = Language(characters, common, common, (Grams.of(5, pairs, np.full(4, 0.9)),))
    reader = Readers(NETWORKS, CutReader(Engine(Registry().active(), 1), language), language)
    text = ("上木中十上", "木中十上木", "上木中十上")
    assert read_page(GlyphImage(columns_of(*text)), reader).text == "\n".join(text)
    assert read_page(GlyphImage(page_of(*text)), reader).text == "\n".join(text)


def test_plausibility_knows_a_sentence_from_its_letters(reader: Readers) -> None:
    language = load_language(paths.language_model())

    def line(text: str, probability: float = 0.9) -> tuple[Recognition, ...]:
        return tuple(Recognition((Candidate(c, probability),), "m", 0.0) for c in text)

    assert plausibility([line("我们学习汉字")], language) > plausibility([line("字我汉们习学")], language) + 1
    assert plausibility([line("我们", 0.9)], None) > plausibility([line("我们", 0.2)], None)
    assert plausibility([], language) == -np.inf


def test_inserted_words_stand_behind_the_line_they_were_written_into(reader: Readers) -> None:
    page = page_of("木上中木上中木上", "", "十木中上十木十木", "", "中木上中十中中")
    words = cv2.resize(page_of("木中上")[55:125, 55:325], None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    top, left = 5 * 60 - words.shape[0] - 2, 160
    area = page[top : top + words.shape[0], left : left + words.shape[1]]
    np.minimum(area, words, out=area)
    made = read_page(GlyphImage(page), reader, direction="horizontal")
    assert [line.text for line in made.lines] == ["木上中木上中木上", "十木中上十木十木", "木中上", "中木上中十中中"]
    assert [line.inserted for line in made.lines] == [False, False, True, False]
    small = page_of("木上中木上中", "十木中")
    assert not any(line.inserted for line in analyze(small, NETWORKS.finder).lines)


def test_words_inserted_into_inserted_words_are_not_lost() -> None:
    def line(left: int, right: int, bottom: int, size: int) -> Line:
        return Line((Piece((1,), (left, bottom - size, right, bottom)),), float(size))

    host, words, more, other = (
        line(0, 600, 100, 60),
        line(200, 400, 38, 40),
        line(220, 300, 0, 20),
        line(0, 600, 200, 60),
    )
    found = _with_insertions([more, words, host, other])
    assert [(one.box, one.inserted) for one in found] == [
        (host.box, False),
        (words.box, True),
        (more.box, True),
        (other.box, False),
    ]
    assert _with_insertions([words, other]) == [words, other]


def test_underlines_and_rests_of_rulings_are_left_aside(reader: Readers) -> None:
    page = page_of("木上中木上中", "十木中上十木")
    for left in range(60, 500, 60):
        page[60 + 85 : 60 + 89, left : left + 40] = 0  # dashes below the first line
        page[-40:-36, left : left + 35] = 0  # and alone at the page's foot
    assert text(page, reader) == "木上中木上中\n十木中上十木"


def test_marks_belong_to_the_characters_they_stand_beside() -> None:
    """One stands in a band of its own, one too far from the band, one far from everything."""
    band, labels = np.zeros((200, 700), np.float32), np.zeros((200, 700), np.int32)
    band[92:108, 20:270] = band[70:76, 290:300] = 1.0
    boxes = [(20, 75, 70, 125), (80, 75, 130, 125), (220, 75, 270, 125), (290, 68, 302, 80), (150, 122, 160, 134)]
    pieces = []
    for number, box in enumerate([*boxes, (600, 20, 612, 32)], 1):
        labels[box[1] : box[3], box[0] : box[2]] = number
        pieces.append(Piece((number,), box))
    (line,) = lines_of(pieces, labels, band, 50.0)
    assert [piece.labels for piece in line.pieces] == [(1,), (2,), (5,), (3,), (4,)]


def test_what_stands_one_above_the_other_is_not_one_line() -> None:
    """Two small rows beside the end of a line: only one of them goes on with it."""
    band = np.zeros((200, 700), np.float32)
    labels = np.zeros((200, 700), np.int32)
    pieces = []
    for number, (left, top, side, count) in enumerate([(20, 80, 40, 6), (330, 72, 24, 5), (330, 104, 24, 5)]):
        band[top + side // 3 : top + 2 * side // 3, left : left + count * (side + 10)] = 1.0
        for k in range(count):
            box = (left + k * (side + 10), top, left + k * (side + 10) + side, top + side)
            labels[box[1] : box[3], box[0] : box[2]] = 10 * number + k + 1
            pieces.append(Piece((10 * number + k + 1,), box))
    lines = lines_of(pieces, labels, band, 50.0)
    assert sorted(len(line.pieces) for line in lines) == [5, 11]


@pytest.mark.parametrize("side", [100, 110])
def test_a_few_characters_that_fill_a_small_picture_are_a_row(side: int) -> None:
    page = np.full((round(2.7 * side), round(8.2 * side)), 255, np.uint8)
    for place, character in enumerate("木上中十木"):
        glyph = draw(written(character), side).pixels
        top, left = round(0.8 * side), round((0.75 + 1.05 * place) * side)
        area = page[top : top + glyph.shape[0], left : left + glyph.shape[1]]
        np.minimum(area, glyph, out=area)
    lines = analyze(page, NETWORKS.finder).lines
    assert [len(line.pieces) for line in lines] == [5]
