"""A page's text and its places: edits keep what they do not touch."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.errors import HccrError, InputError, StorageError
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.exporting import exporting
from hccr_desktop.rooms.open_pages import Session, place_of
from hccr_desktop.rooms.reading import Queue, ReadPage, sample_of, turned
from hccr_desktop.store.reading import ReadingStore


def read_page(*lines: str, probability: float = 0.95) -> ReadPage:
    made = ReadPage(Path("scan.png"), 1)
    answers = tuple(
        TextLine(
            tuple(
                Recognition((Candidate(c, probability),), "m", 0.0, (10 * i, 0, 10 * i + 8, 8))
                for i, c in enumerate(line)
            )
        )
        for line in lines
    )
    made.set_page(Page(1, (100, 100), answers))
    return made


def test_lines_of_other_scripts_keep_their_place_through_edits_and_exports(tmp_path: Path) -> None:
    made = ReadPage(Path("scan.png"), 1)
    latin = TextLine((Recognition((Candidate("a", 0.9),), "m", 0.0, (0, 50, 8, 58)),), "Latin", (0, 50, 8, 58))
    latin = replace(latin, inserted=True)
    arabic = TextLine((), "Arabic", (5, 20, 90, 40))
    made.set_page(Page(1, (100, 100), (read_page("木").lines[0], arabic, latin)))
    assert [line.inserted for line in made.lines] == [False, False, True]
    assert made.text == "木\n[Arabic]\na"
    assert made.next_doubtful(-1) == -1 or made.owners[made.next_doubtful(-1)] >= 0
    assert [(line.text, line.script, line.box) for line in made.lines[1:]] == [
        ("[Arabic]", "Arabic", (5, 20, 90, 40)),
        ("a", "Latin", None),
    ]
    made.edited(0, 1, "十")
    assert [line.text for line in made.lines] == ["十", "[Arabic]", "a"]
    assert not made.lines[1]
    made.edited(made.text.index("["), len("[Arabic]"), "سلام")  # typed in by the user
    assert made.lines[1].answers[0].best.character == "س"
    made.set_regions(ignored=[(0, 15, 100, 45)])
    assert made.text == "木\na"


def test_text_and_places() -> None:
    page = read_page("木上", "中")
    assert page.text == "木上\n中"
    assert page.owners == [0, 1, -1, 2]
    assert page.answer_at(3) == 2
    assert page.answer_at(2) == page.answer_at(99) == -1
    assert page.place_of(2) == 3


def test_a_correction_keeps_its_place_and_settles_it() -> None:
    page = read_page("木上", probability=0.5)
    assert page.next_doubtful(-1) == 0
    page.edited(0, 1, "本")
    assert page.text == "本上"
    assert page.owners == [0, 1]
    assert page.next_doubtful(-1) == 1
    assert page.next_doubtful(1, -1) == -1
    page.edited(1, 1, "")
    assert page.place_of(1) == -1


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4), st.text("木上中\n", max_size=4)), max_size=8),
)
def test_any_edits_leave_text_and_places_in_step(edits: list[tuple[int, int, str]]) -> None:
    page = read_page("木上中", "十木")
    whole = page.text
    for at, removed, text in edits:
        start = min(at, len(whole))
        count = min(removed, len(whole) - start)
        whole = whole[:start] + text + whole[start + count :]
        page.edited(start, count, text)
    assert page.text == whole
    assert len(page.owners) == len(whole)
    kept = [owner for owner in page.owners if owner >= 0]
    assert kept == sorted(set(kept))


def test_a_picture_is_turned_to_the_right() -> None:
    picture = GlyphImage(np.array([[0, 255]], np.uint8))
    assert turned(picture, 1).pixels.tolist() == [[0], [255]]
    assert turned(picture, 2).pixels.tolist() == [[255, 0]]
    assert turned(picture, 4) is picture


def test_a_corrected_character_becomes_a_sample_of_its_part_of_the_page() -> None:
    page = read_page("木上")
    picture = GlyphImage((np.arange(100) * 5 % 256).astype(np.uint8)[None, :].repeat(20, axis=0))
    sample = sample_of(page, 1, picture, "土", "me")
    assert sample is not None
    assert isinstance(sample.content, GlyphImage)
    assert sample.content.pixels[0].tolist() == list(range(50, 90, 5))
    paper = GlyphImage(np.full((20, 100), 255, np.uint8))
    assert sample_of(page, 1, paper, "土", "me") is None
    assert (sample.character, sample.writer, sample.source) == ("土", "me", "scan.png")


def test_corrected_lines_keep_their_places_and_typed_ones_have_none(tmp_path: Path) -> None:
    page = read_page("木上", "中", probability=0.6)
    page.path = tmp_path / "scan.png"
    Image.new("L", (100, 60), 255).save(page.path)
    page.edited(1, 1, "土")
    page.edited(0, 0, "新")
    page.edited(4, 1, "")
    (line,) = page.lines
    assert "".join(a.best.character for a in line) == "新木土"
    assert [a.best.probability for a in line] == [1.0, 0.6, 1.0]
    assert [a.box for a in line] == [None, (0, 0, 8, 8), (10, 0, 18, 8)]
    assert [c.character for c in line[2].candidates] == ["土", "上"]
    other = read_page("十")
    other.path = page.path
    for suffix in (".txt", ".csv", ".alto.xml", ".page.xml", ".hocr", ".pdf"):
        files = exporting([page, other], tmp_path / f"out{suffix}")()
        assert len(files) == (1 if suffix == ".txt" else 2)
        assert all(file.stat().st_size for file in files)
    assert "土" in (tmp_path / "out.alto.xml").read_text(encoding="utf-8")
    assert "十" in (tmp_path / "out-2.alto.xml").read_text(encoding="utf-8")
    with pytest.raises(InputError):
        exporting([page], tmp_path / "out.docx")()


def test_the_queue_hands_out_one_page_at_a_time_and_can_be_paused() -> None:
    queue = Queue()
    pages = [ReadPage(Path(f"{number}.png"), 1) for number in range(4)]
    for page in (*pages, pages[0]):
        queue.add(page)
    assert queue.seconds_left is None
    assert queue.take() is pages[0]
    assert queue.take() is None  # one is at work
    queue.is_paused = True
    queue.done()
    assert queue.take() is None
    assert queue.is_busy
    assert queue.seconds_left is not None
    queue.is_paused = False
    assert queue.take() is pages[1]
    queue.drop(pages[2])
    assert queue.stop() == [pages[3]]
    queue.done()
    assert not queue.is_busy
    assert queue.seconds_left is None


def test_a_session_brings_pages_back_with_all_that_became_of_them(tmp_path: Path) -> None:
    scan = tmp_path / "a.png"
    scan.write_bytes(b"not looked at")
    page = ReadPage(scan, 1, 3, only=[(0, 0, 500, 500)])
    answers = [
        Recognition((Candidate(c, 0.6), Candidate("二", 0.3)), "m", 1.0, (9 * i, 0, 9 * i + 9, 9))
        for i, c in enumerate("木上中")
    ]
    lines = (
        TextLine(tuple(answers[:2]), inserted=True),
        TextLine((), "Thai", (0, 90, 99, 99)),
        TextLine((answers[2],)),
    )
    page.set_page(Page(1, (100, 100), lines, is_vertical=True))
    session = Session(ReadingStore(tmp_path / "reading.sqlite"))
    session.keep(page)
    page.edited(0, 1, "林")
    session.keep_text(page)
    page.edited(2, 0, "𠮷!")
    session.keep_text(page)
    waiting = ReadPage(tmp_path / "b.pdf", 7)
    session.keep(waiting)
    session.keep_current(waiting)
    session.close()

    again = Session(ReadingStore(tmp_path / "reading.sqlite"))
    (first, second), current = again.restored()
    assert (first.text, first.owners, first.settled) == (page.text, page.owners, page.settled)
    assert (first.path, first.turns, first.only, first.is_vertical) == (scan, 3, [(0, 0, 500, 500)], True)
    assert first.doubts == page.doubts == {0, 1, 2}
    assert first.lines == page.lines
    assert first.answers == page.answers
    assert not first.is_stale
    assert (second.path, second.number, second.is_read) == (tmp_path / "b.pdf", 7, False)
    assert current == 1
    scan.write_bytes(b"another picture")
    again.close_page(first)
    assert again.has_closed()
    again.close()

    last = Session(ReadingStore(tmp_path / "reading.sqlite"))
    pages, _ = last.restored()
    assert [left.path for left in pages] == [second.path]
    assert last.has_closed()
    back = last.reopened()
    assert back is not None
    assert (back.text, back.is_stale, place_of(back, pages)) == (page.text, True, 0)
    assert last.reopened() is None
    assert not last.has_closed()


def test_a_page_that_was_worked_on_is_kept_when_it_is_read_anew(tmp_path: Path) -> None:
    session = Session(ReadingStore(tmp_path / "reading.sqlite"))
    page = ReadPage(tmp_path / "a.png", 1)
    tree = TextLine((Recognition((Candidate("木", 0.6),), "m", 1.0, (0, 0, 9, 9)),))
    found = Page(1, (9, 9), (tree, TextLine((), "Arabic", (0, 20, 9, 29))))
    page.set_page(found)
    session.keep(page)
    session.keep_earlier(page)
    assert not session.has_closed()  # nobody had touched it
    for edit, text in (((0, 1, "林"), "林\n[Arabic]"), ((0, 1, ""), "\n[Arabic]")):
        page.edited(*edit)
        session.keep_text(page)
        session.keep_earlier(page)
        page.set_page(Page(1, (9, 9), ()))
        session.keep(page)
        earlier = session.reopened()
        assert earlier is not None
        assert earlier.text == text
        page.set_page(found)
        session.keep(page)


def test_a_disk_that_takes_nothing_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    heard: list[HccrError] = []
    session = Session(ReadingStore(tmp_path / "file" / "reading.sqlite"), heard.append)
    page = ReadPage(tmp_path / "a.png", 1)
    for _ in range(3):
        session.keep(page)
        session.keep_text(page)
    assert len(heard) == 1
    assert session.reopened() is None


def test_a_page_is_kept_once_the_disk_takes_it_again(tmp_path: Path) -> None:
    (tmp_path / "disk").write_bytes(b"")
    session, page = Session(ReadingStore(tmp_path / "disk" / "reading.sqlite")), read_page("木上", "中")
    session.keep(page)
    (tmp_path / "disk").unlink()
    page.edited(0, 1, "林")
    session.keep_text(page)
    session.close()
    ((again,), _) = Session(ReadingStore(tmp_path / "disk" / "reading.sqlite")).restored()
    assert again.text == "林上\n中"
    assert again.lines == page.lines


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE readings SET found = 'no JSON'",
        'UPDATE readings SET found = \'[1, [9, 9], false, [["Han", null, false, [["m", 1, null, []]]]]]\'',
        "DELETE FROM readings",
        "UPDATE pages SET owners = '[7, 8, 9, 10]'",
        "UPDATE pages SET settled = '[7]'",
        "UPDATE pages SET answers = 2",
    ],
)
def test_where_the_reading_is_damaged_the_text_stays(tmp_path: Path, change: str) -> None:
    path = tmp_path / "reading.sqlite"
    session, page = Session(ReadingStore(path)), read_page("木上", "中")
    session.keep(page)
    session.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(change)
        connection.commit()
    ((again,), _) = Session(ReadingStore(path)).restored()
    assert [line.text for line in again.lines] == ["木上", "中"]
    assert again.answers == ()
    assert again.is_edited
    again.edited(0, 1, "林")
    assert again.text == "林上\n中"


def test_rows_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "reading.sqlite"
    session = Session(ReadingStore(path))
    for page in (read_page("木"), read_page("上"), read_page("中")):
        session.keep(page)
    session.close_page(page)
    session.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE pages SET regions = '{}' WHERE id != 2")
        connection.commit()
    again = Session(ReadingStore(path))
    assert [page.text for page in again.restored()[0]] == ["上"]
    assert again.reopened() is None


def test_names_and_texts_that_are_no_unicode_come_back(tmp_path: Path) -> None:
    session, page = Session(ReadingStore(tmp_path / "reading.sqlite")), read_page("木")
    page.path = tmp_path / os.fsdecode(b"\xffscan.png" if os.name == "posix" else b"scan.png")
    page.edited(1, 0, "\ud842")  # half a character, as an input method may give it
    session.keep(page)
    session.close()
    ((again,), _) = Session(ReadingStore(tmp_path / "reading.sqlite")).restored()
    assert (again.path, again.text) == (page.path, "木\ud842")


def test_readings_that_do_not_end_are_counted(tmp_path: Path) -> None:
    session, page = Session(ReadingStore(tmp_path / "reading.sqlite")), ReadPage(tmp_path / "a.png", 1)
    session.keep(page)
    for tries in (1, 2):
        session.begin(page)
        session.close()  # as if it had been killed
        session = Session(ReadingStore(tmp_path / "reading.sqlite"))
        ((page,), _) = session.restored()
        assert page.tries == tries
    page.set_page(Page(1, (9, 9), ()))
    session.keep(page)
    assert session.restored()[0][0].tries == 0


def test_regions_are_turned_with_their_page() -> None:
    page = read_page("木上", "中")
    picture = np.zeros((100, 60), np.uint8)
    picture[10:20, 30:50] = 1
    page.set_page(Page(1, (60, 100), ()))
    page.set_regions(ignored=[(30, 10, 50, 20)])
    for turning in (1, 2, 3):
        page.turning = turning
        picture = turned(GlyphImage(picture), turning).pixels
        page.set_page(Page(1, picture.shape[::-1], ()), turning)
        ((left, top, right, bottom),) = page.ignored
        assert picture[top:bottom, left:right].all()
        assert int(picture.sum()) == (bottom - top) * (right - left)
        assert page.turning == 0
    assert page.turns == 2


def test_what_the_disk_did_not_take_is_not_lost_by_what_it_takes_after(tmp_path: Path) -> None:
    store = ReadingStore(tmp_path / "pages.sqlite")
    session = Session(store)
    pages = [ReadPage(tmp_path / f"{n}.png", 1) for n in range(3)]
    for page in pages:
        page.set_page(Page(1, (10, 10), ()))
        session.keep(page)
    keep_text, keep = store.keep_text, store.keep

    def full(*_: object, **__: object) -> Any:
        raise StorageError("The disk is full.")

    store.keep_text = store.keep = full  # type: ignore[method-assign]
    for page in pages[:2]:
        page.edited(0, 0, "改")
        session.keep_text(page)
    assert session.unkept == 2
    store.keep_text, store.keep = keep_text, keep  # type: ignore[method-assign]
    session.close_page(pages[0])
    pages[1].is_checked = True
    session.keep_checked(pages[1])
    assert session.unkept == 0
    pages[2].edited(0, 0, "字")
    session.keep_text(pages[2])
    session.close()
    kept = ReadingStore(tmp_path / "pages.sqlite").pages()
    assert [(page.text.decode(), page.checked) for page in kept] == [("改", 1), ("字", 0)]
    again = Session(ReadingStore(tmp_path / "pages.sqlite"))
    reopened = again.reopened()
    assert reopened is not None
    assert reopened.text == "改"
    again.close()
