"""Pages out: every form keeps text and places; PDFs and archives in; a batch goes on where it was killed."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
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
from hccr_desktop.errors import HccrError, TooLarge, UnreadableFile
from hccr_desktop.formats.documents import open_document
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


def test_inserted_words_are_told(page: PageResult) -> None:
    made_with = replace(page, lines=(page.lines[0], replace(page.lines[1], inserted=True)))
    assert made(made_with, "text") == made(page, "text")
    rows = csv.DictReader(io.StringIO(made(made_with, "csv").decode("utf-8-sig")))
    assert [row["inserted"] for row in rows] == ["0"] * len(TEXT[0]) + ["1"] * len(TEXT[1])
    objects = [json.loads(line) for line in made(made_with, "json").decode().splitlines()]
    assert [o["inserted"] for o in objects] == [False] * len(TEXT[0]) + [True] * len(TEXT[1])
    lines = ElementTree.fromstring(made(made_with, "page")).iter(f"{PAGE}TextLine")
    assert [line.attrib.get("custom") for line in lines] == [None, "inserted"]


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


def test_an_empty_page_is_no_trouble_in_any_form() -> None:
    empty = PageResult("a.png", 1, GlyphImage(np.full((50, 40), 255, np.uint8)), ())
    for form in FORMATS:
        assert "乙" not in made(empty, form).decode("latin-1")
        assert made(empty, form) or form == "json"


# ---------------------------------------------------------------------------- documents


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "pages.pdf"
    images = [Image.fromarray(page_of(text)) for text in ("木上中", "十木")]
    images[0].save(path, save_all=True, append_images=images[1:], resolution=200)
    return path


def test_a_pdf_has_pages_and_an_archive_has_its_images(pdf: Path, tmp_path: Path) -> None:
    with open_document(pdf, 200) as document:
        assert len(document) == 2
        assert abs(document.page(1).width - page_of("十木").shape[1]) <= 2
        assert document.text(0) == ""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("b/2.png", "1.png", "notes.txt", ".hidden.png"):
            out = io.BytesIO()
            Image.new("L", (10 + len(name), 20), 255).save(out, "PNG")
            archive.writestr(name, out.getvalue() if name.endswith("png") else b"text")
        archive.writestr("broken.png", b"\x89PNG\r\n\x1a\n")
    with open_document(tmp_path / "a.zip") as document:
        assert len(document) == 3
        assert [document.page(i).width for i in (0, 1)] == [15, 17]
        with pytest.raises(UnreadableFile, match=r"a\.zip/broken\.png"):
            document.page(2)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", b"%PDF-1.7\nno more", "damaged PDF"),
        ("a.zip", b"PK\x03\x04 no more", "damaged archive"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "damaged|not installed"),
        ("a.png", b"", "0 bytes"),
    ],
)
def test_bad_documents_are_a_sentence(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HccrError, match=words), open_document(tmp_path / name) as document:
        document.page(0)


def test_a_locked_pdf_and_a_giant_page_are_refused(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    locked = Canvas(str(tmp_path / "locked.pdf"), encrypt=StandardEncryption("secret"))
    locked.showPage()
    locked.save()
    with pytest.raises(UnreadableFile, match="password"), open_document(tmp_path / "locked.pdf"):
        pass
    giant = Canvas(str(tmp_path / "giant.pdf"), pagesize=(14_000, 14_000))
    giant.showPage()
    giant.save()
    with open_document(tmp_path / "giant.pdf") as document, pytest.raises(TooLarge, match="too large"):
        document.page(0)


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
        Image.fromarray(page_of("木上中十"[number % 4] * (3 + number // 8))).save(folder / f"{number:02}.png")
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
    assert found == {f"{n:02}.txt": "木上中十"[n % 4] * (3 + n // 8) + "\n" for n in range(40)}
    left = {p.name for p in out.iterdir()} - set(found) - {"summary.json"}
    assert all(name.startswith(NAME) for name in left)  # nothing half-written stays


def test_a_pdfs_own_text_is_reported(page: PageResult, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.pdf").write_bytes(made(page, "pdf"))
    assert cli.main(["batch", str(tmp_path / "own.pdf"), "--out", str(tmp_path / "out"), "--no-language"]) == 0
    assert f"holds {len(''.join(TEXT))} characters of text" in capsys.readouterr().err
