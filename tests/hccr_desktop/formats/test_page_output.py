"""Pages out: every form keeps text and places; a batch goes on where it was killed."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from defusedxml import ElementTree
from PIL import Image

from hccr_desktop import cli
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.store.journal import NAME
from tests.hccr_desktop.recognize.test_pages import page_of

ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PAGE = "{http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15}"
TEXT = ("漢字，<&ア", "|一")


@pytest.fixture
def page() -> PageResult:
    lines = tuple(
        TextLine(
            tuple(
                Recognition(
                    (Candidate(c, 0.9), Candidate("乙", 0.05)),
                    "m",
                    0.0,
                    (20 + 50 * i, 30 + 80 * n, 60 + 50 * i, 70 + 80 * n),
                )
                for i, c in enumerate(line)
            )
        )
        for n, line in enumerate(TEXT)
    )
    return PageResult("scan.jpg", 2, GlyphImage(np.full((300, 400), 255, np.uint8)), lines, "2026-01-01T00:00:00")


def made(page: PageResult, form: str) -> bytes:
    return FORMATS[form][1](page)


def test_text_markdown_and_tables(page: PageResult) -> None:
    assert made(page, "text").decode() == "漢字，<&ア\n|一\n"
    markdown = made(page, "markdown").decode()
    assert "# scan.jpg, 2" in markdown
    assert "\\<&ア  \n\\|一" in markdown
    rows = list(csv.DictReader(io.StringIO(made(page, "csv").decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == list("".join(TEXT))
    assert (rows[0]["left"], rows[0]["others"], rows[0]["page"]) == ("20", "乙:0.0500", "2")
    objects = [json.loads(line) for line in made(page, "json").decode().splitlines()]
    assert objects[0]["box"] == [20, 30, 60, 70]


def test_alto_page_and_hocr_keep_text_boxes_and_alternatives(page: PageResult) -> None:
    alto = ElementTree.fromstring(made(page, "alto"))
    assert [s.attrib["CONTENT"] for s in alto.iter(f"{ALTO}String")] == list(TEXT)
    glyph = next(alto.iter(f"{ALTO}Glyph"))
    assert (glyph.attrib["HPOS"], glyph.attrib["WIDTH"], glyph.attrib["GC"]) == ("20", "40", "0.9000")
    assert next(glyph.iter(f"{ALTO}Variant")).attrib["CONTENT"] == "乙"
    tree = ElementTree.fromstring(made(page, "page"))
    words = [e.text for e in tree.iterfind(f".//{PAGE}TextLine/{PAGE}TextEquiv/{PAGE}Unicode")]
    assert words == list(TEXT)
    points = next(next(tree.iter(f"{PAGE}Glyph")).iter(f"{PAGE}Coords")).attrib["points"]
    assert points == "20,30 60,30 60,70 20,70"
    hocr = ElementTree.fromstring(made(page, "hocr"))
    spans = [e for e in hocr.iter() if e.attrib.get("class") == "ocrx_cinfo"]
    assert "".join(e.text or "" for e in spans) == "".join(TEXT)
    assert spans[0].attrib["title"] == "x_bboxes 20 30 60 70; x_confs 90.00"


def test_a_line_of_another_script_keeps_its_place_and_its_name(page: PageResult) -> None:
    made_with = replace(page, lines=(*page.lines, TextLine((), "Arabic", (20, 200, 300, 240))))
    assert made(made_with, "text").decode().splitlines()[-1] == "[Arabic]"
    last = json.loads(made(made_with, "json").decode().splitlines()[-1])
    assert (last["script"], last["box"], last["text"]) == ("Arabic", [20, 200, 300, 240], "")
    row = list(csv.DictReader(io.StringIO(made(made_with, "csv").decode("utf-8-sig"))))[-1]
    assert (row["script"], row["left"], row["text"]) == ("Arabic", "20", "")
    alto = ElementTree.fromstring(made(made_with, "alto"))
    assert next(alto.iter(f"{ALTO}Illustration")).attrib["TYPE"] == "Arabic writing"
    region = next(ElementTree.fromstring(made(made_with, "page")).iter(f"{PAGE}ImageRegion"))
    assert "Arabic" in region.attrib["custom"]
    assert "[Arabic]" in made(made_with, "hocr").decode()


@pytest.mark.parametrize("is_vertical", [False, True])
def test_what_was_typed_is_in_every_form(page: PageResult, is_vertical: bool) -> None:
    typed = [Recognition((Candidate(c, 1.0),), "", 0.0) for c in "补充文字"]
    first, second = page.lines
    lines = (
        TextLine((typed[0], *first.answers[:2], typed[1], *first.answers[2:], typed[2])),
        TextLine(tuple(typed)),
        second,
        TextLine((typed[3],)),
    )
    edited = replace(page, lines=lines, is_vertical=is_vertical)
    whole = "\n".join(line.text for line in lines)
    root = ElementTree.fromstring(made(edited, "alto"))
    assert "\n".join(string.get("CONTENT", "") for string in root.iter(f"{ALTO}String")) == whole
    root = ElementTree.fromstring(made(edited, "page"))
    texts = [line.findtext(f"{PAGE}TextEquiv/{PAGE}Unicode") for line in root.iter(f"{PAGE}TextLine")]
    assert texts == whole.split()
    root = ElementTree.fromstring(made(edited, "hocr"))
    assert "".join(e.text or "" for e in root.iter() if e.get("class") == "ocrx_cinfo") == whole.replace("\n", "")
    text = pypdfium2.PdfDocument(made(edited, "pdf"))[0].get_textpage().get_text_range()
    assert all(character in text for character in "补充文字漢ア一")
    for line, boxes in edited.placed:
        assert len(line) == len(boxes)
        assert all(0 <= a < c <= 400 and 0 <= b < d <= 300 for a, b, c, d in boxes)
        for answer, box in zip(line, boxes, strict=True):
            assert answer.box in (None, box)


def test_text_on_a_page_without_any_place_is_in_every_form(page: PageResult) -> None:
    typed = TextLine(tuple(Recognition((Candidate(c, 1.0),), "", 0.0) for c in "补充"))
    only = replace(page, lines=(typed, typed))
    text = pypdfium2.PdfDocument(made(only, "pdf"))[0].get_textpage().get_text_range()
    assert text.split() == ["补充", "补充"]
    assert "补充" in made(only, "alto").decode()


@pytest.mark.parametrize("size", [(100, 45_000), (1, 1), (30, 20)])
def test_a_pdfs_page_is_no_larger_or_smaller_than_readers_take(page: PageResult, size: tuple[int, int]) -> None:
    picture = GlyphImage(np.full(size[::-1], 255, np.uint8))
    box = pypdfium2.PdfDocument(made(replace(page, picture=picture, lines=()), "pdf"))[0].get_mediabox()
    assert min(box[2:]) > 2.99
    assert max(box[2:]) < 14_400.1


def test_inserted_words_are_told(page: PageResult) -> None:
    made_with = replace(page, lines=(page.lines[0], replace(page.lines[1], inserted=True)))
    assert made(made_with, "text") == made(page, "text")
    rows = csv.DictReader(io.StringIO(made(made_with, "csv").decode("utf-8-sig")))
    assert [row["inserted"] for row in rows] == ["0"] * len(TEXT[0]) + ["1"] * len(TEXT[1])
    objects = [json.loads(line) for line in made(made_with, "json").decode().splitlines()]
    assert [o["inserted"] for o in objects] == [False] * len(TEXT[0]) + [True] * len(TEXT[1])
    lines = ElementTree.fromstring(made(made_with, "page")).iter(f"{PAGE}TextLine")
    assert [line.attrib.get("custom") for line in lines] == [None, "inserted"]


def test_printed_lines_are_told(page: PageResult) -> None:
    made_with = replace(page, lines=(page.lines[0], replace(page.lines[1], kind="printed")))
    kinds = ["handwritten"] * len(TEXT[0]) + ["printed"] * len(TEXT[1])
    rows = csv.DictReader(io.StringIO(made(made_with, "csv").decode("utf-8-sig")))
    assert [row["kind"] for row in rows] == kinds
    assert [json.loads(line)["kind"] for line in made(made_with, "json").decode().splitlines()] == kinds
    lines = ElementTree.fromstring(made(made_with, "page")).iter(f"{PAGE}TextLine")
    assert [line.attrib.get("production") for line in lines] == [None, "printed"]


def test_page_xml_obeys_its_schema(page: PageResult) -> None:
    """The parts of the PAGE 2019 schema that we use, in the order that it demands."""
    tree = ElementTree.fromstring(made(page, "page"))
    assert [e.tag.removeprefix(PAGE) for e in tree] == ["Metadata", "Page"]
    assert [e.tag.removeprefix(PAGE) for e in tree[0]] == ["Creator", "Created", "LastChange"]
    for name, order in (("TextLine", ["Coords", "Word", "TextEquiv"]), ("Glyph", ["Coords", "TextEquiv", "TextEquiv"])):
        assert [e.tag.removeprefix(PAGE) for e in next(tree.iter(f"{PAGE}{name}"))] == order


def test_a_pdfs_text_is_found_by_another_reader_where_it_stands(page: PageResult) -> None:
    document = pypdfium2.PdfDocument(made(page, "pdf"))
    words = document[0].get_textpage()
    assert "".join(words.get_text_bounded().split()) == "".join(TEXT)
    left, bottom, right, top = words.get_charbox(0, loose=True)
    unit = 72 / 200
    assert abs((left + right) / 2 - 40 * unit) < 6 * unit
    assert abs((bottom + top) / 2 - (300 - 50) * unit) < 15 * unit
    image = document[0].render(scale=1).to_numpy()
    assert image.min() > 240  # the text is invisible
    document.close()


def test_a_pdf_is_as_large_as_its_source_where_that_is_known(page: PageResult) -> None:
    for size, expected in (((200.0, 300.0), (200, 300)), (None, (400 * 72 / 200, 300 * 72 / 200))):
        document = pypdfium2.PdfDocument(made(replace(page, size_pt=size), "pdf"))
        assert document[0].get_size() == pytest.approx(expected, abs=0.01)
        left, bottom, right, top = document[0].get_textpage().get_charbox(0, loose=True)
        across, down = expected[0] / 400, expected[1] / 300
        assert abs((left + right) / 2 - 40 * across) < 6 * across
        assert abs((bottom + top) / 2 - (300 - 50) * down) < 15 * down
        document.close()


def with_text(page: PageResult, *candidates: str) -> PageResult:
    line = TextLine((Recognition(tuple(Candidate(c, 0.5) for c in candidates), "m", 0.0, (0, 0, 9, 9)),))
    return replace(page, lines=(line,))


def cells(page: PageResult) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made(page, "csv").decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "\t", "\r"])
def test_a_table_holds_no_formulas_and_one_character_stays_what_it_is(page: PageResult, sign: str) -> None:
    _, row = cells(with_text(page, sign, sign))
    assert (row[3], row[9]) == (sign, f"'{sign}:0.5000")
    assert cells(with_text(page, f"{sign}1"))[1][3] == f"'{sign}1"
    assert cells(with_text(page, "1=", "木"))[1][3:10:6] == ["1=", "木:0.5000"]


def test_nothing_in_markdown_is_markup(page: PageResult) -> None:
    odd = replace(with_text(page, "1. 木"), name="# [x](y) <b>&amp;_a_\n2. *b*.png", number=1)
    heading, _, line = made(odd, "markdown").decode().splitlines()
    assert heading == r"# \# \[x\](y) \<b\>&amp;amp;\_a\_ 2. \*b\*.png"
    assert line == r"1\. 木"


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_are_not_utf8_or_hold_what_no_xml_may_are_no_trouble(page: PageResult, form: str) -> None:
    named = replace(page, name='\udcca\udcd6\x00\x08\ufffe&<".jpg')
    for odd in (named, with_text(page, "\ud800"), with_text(page, "\x00")):
        data = made(odd, form)
        if form != "pdf":
            assert data.decode()
        if form in ("alto", "page", "hocr"):
            assert len(ElementTree.fromstring(data))


def test_an_empty_page_is_no_trouble_in_any_form() -> None:
    empty = PageResult("a.png", 1, GlyphImage(np.full((50, 40), 255, np.uint8)), ())
    for form in FORMATS:
        assert "乙" not in made(empty, form).decode("latin-1")
        assert made(empty, form) or form == "json"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "pages.pdf"
    images = [Image.fromarray(page_of(text)) for text in ("木上中", "十木")]
    images[0].save(path, save_all=True, append_images=images[1:], resolution=200)
    return path


# -------------------------------------------------------------------------------- batch


def test_a_batch_of_everything_in_every_form(pdf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    command = ["batch", str(pdf), "--out", str(out), "--no-language", "--json", "--format", ",".join(FORMATS)]
    assert cli.main(command) == 0
    assert json.loads(capsys.readouterr().out)["pages"] == 2
    names = {p.name for p in out.iterdir() if not p.name.startswith(".")}
    expected = {f"pages{part}{suffix}" for part in ("", "-2") for suffix, _ in FORMATS.values()}
    assert names == expected | {"summary.json"}
    assert (out / "pages-2.txt").read_text(encoding="utf-8") == "十木\n"
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["characters"] == 5
    assert 0.5 < summary["mean_confidence"] <= 1


def test_an_unknown_form_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["batch", "--format", "text,docx", str(tmp_path), "--out", str(tmp_path / "out")])
    assert "“docx” is no form" in capsys.readouterr().err


def test_finished_pages_are_not_read_twice_but_changed_ones_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = tmp_path / "in", tmp_path / "in" / "out"
    folder.mkdir()
    for name, text in (("a", "木"), ("b", "上中")):
        Image.fromarray(page_of(text * 3)).save(folder / f"{name}.png")
    command = ["batch", str(folder), "--out", str(out), "--no-language"]
    assert cli.main(command) == 0
    capsys.readouterr()
    assert cli.main(command) == 0
    assert "2 pages (2 done before)" in capsys.readouterr().err
    Image.fromarray(page_of("十十木")).save(folder / "a.png")
    (out / "b.txt").unlink()
    assert cli.main(command) == 0
    assert "done before" not in capsys.readouterr().err
    assert (out / "a.txt").read_text(encoding="utf-8") == "十十木\n"
    assert cli.main([*command, "--force"]) == 0
    assert "done before" not in capsys.readouterr().err
    (out / NAME).write_bytes(b"no database, but as long as one would be" * 40)
    assert cli.main(command) == 1
    assert "journal" in capsys.readouterr().err


def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    """Kill it at twenty moments; then nothing is missing, nothing twice, and nothing was read more than needed."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(40):
        Image.fromarray(page_of("木上中"[number % 3] * (3 + number // 8))).save(folder / f"{number:02}.png")
    command = [sys.executable, "-m", "hccr_desktop", "batch", str(folder), "--out", str(out), "--no-language"]
    kills = 0
    for moment in range(20):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        have = len(list(out.glob("*.txt"))) if out.exists() else 0
        while process.poll() is None and time.monotonic() < deadline:
            if out.exists() and len(list(out.glob("*.txt"))) > have:
                break
            time.sleep(0.002)
        time.sleep(0.003 * moment)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait(10)
    assert kills >= 5
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
    assert "40 pages" in done.stderr
    assert "done before" in done.stderr
    found = {p.name: p.read_text(encoding="utf-8") for p in out.glob("*.txt")}
    assert found == {f"{n:02}.txt": "木上中"[n % 3] * (3 + n // 8) + "\n" for n in range(40)}
    left = {p.name for p in out.iterdir()} - set(found) - {"summary.json"}
    assert all(name.startswith(Path(NAME).stem) for name in left)  # nothing half-written stays


def test_a_pdfs_own_text_is_reported(page: PageResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.pdf").write_bytes(made(page, "pdf"))
    assert cli.main(["batch", str(tmp_path / "own.pdf"), "--out", str(tmp_path / "out"), "--no-language"]) == 0
    assert f"holds {len(''.join(TEXT))} characters of text" in capsys.readouterr().err
