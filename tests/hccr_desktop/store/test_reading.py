"""Open pages survive: a killed program, a damaged file, a second program."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from hccr_desktop.errors import StorageError
from hccr_desktop.store.reading import MOST_CLOSED, KeptPage, ReadingStore

KILLS = 50


def page(text: str = "", path: str = "/scans/a.png", number: int = 0) -> KeptPage:
    regions = '{"only": [], "ignored": []}'
    return KeptPage(number, number, path.encode(), 1, 0, regions, text.encode(), "[]", "[]", 0, "[]", "", 0)


def texts(pages: Iterable[KeptPage | None]) -> list[str]:
    return [kept.text.decode() for kept in pages if kept]


@pytest.fixture
def store(tmp_path: Path) -> ReadingStore:
    return ReadingStore(tmp_path / "reading.sqlite")


def test_pages_come_back_in_their_order(store: ReadingStore, tmp_path: Path) -> None:
    numbers = [store.keep(page(text)) for text in ("一", "二", "三")]
    store.keep(page("二 again", number=numbers[1]))
    assert store.keep_text(numbers[2], "三!".encode(), "[0, -1]", "[0]")
    assert not store.keep_text(99, b"", "[]", "[]")
    store.keep_current(numbers[1])
    store.close()
    again = ReadingStore(tmp_path / "reading.sqlite")
    assert texts(again.pages()) == ["一", "二 again", "三!"]
    assert again.pages()[2].settled == "[0]"
    assert again.current() == numbers[1]


def test_a_closed_page_is_opened_again_and_old_ones_are_forgotten(store: ReadingStore) -> None:
    assert not store.has_closed()
    assert store.reopen() is None
    numbers = [store.keep(page(str(i))) for i in range(MOST_CLOSED + 5)]
    for number in numbers:
        store.close_page(number)
    assert store.pages() == []
    found = [store.reopen() for _ in range(MOST_CLOSED)]
    assert texts(found) == [str(i) for i in reversed(range(5, MOST_CLOSED + 5))]
    assert store.reopen() is None
    assert texts(store.pages()) == [str(i) for i in range(5, MOST_CLOSED + 5)]  # each in its place


def test_a_page_that_is_read_anew_is_kept_as_it_was(store: ReadingStore) -> None:
    number = store.keep(page("as corrected"), "found first")
    store.keep(page("next"))
    store.keep_earlier(number)
    store.keep(page("as read anew", number=number), "found anew")
    before = store.reopen()
    assert before is not None
    assert texts(store.pages()) == ["as read anew", "as corrected", "next"]
    assert store.found(number) == "found anew"
    assert store.found(before.id) == "found first"


def test_what_was_recognized_stays_through_edits_and_goes_with_its_page(store: ReadingStore, tmp_path: Path) -> None:
    number = store.keep(page("一"), "found " * 50_000)
    log = tmp_path / "reading.sqlite-wal"
    before = log.stat().st_size
    store.keep_text(number, "二".encode(), "[0]", "[0]")
    assert log.stat().st_size - before < 20_000  # a keystroke writes no reading
    assert store.found(number) == "found " * 50_000
    store.forget(number)
    assert store.found(number) is None


@pytest.mark.parametrize("damage", [b"no database at all", None])
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "reading.sqlite"
    if damage is None:
        first = ReadingStore(path)
        for i in range(400):
            first.keep(page(f"{i} " * 50))
        first.close()
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(b"\xff" * 20_000)
    else:
        path.write_bytes(damage)
    before = path.read_bytes()
    store = ReadingStore(path)
    assert store.pages() == []
    assert store.set_aside is not None
    assert store.set_aside.read_bytes() == before
    store.keep(page("new"))
    assert texts(store.pages()) == ["new"]


def test_a_database_of_other_tables_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "reading.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE pages (id INTEGER); PRAGMA user_version = 1;")
    store = ReadingStore(path)
    assert store.pages() == []
    assert store.set_aside is not None


def test_a_second_program_is_told(store: ReadingStore, tmp_path: Path) -> None:
    store.keep(page("mine"))
    second = ReadingStore(tmp_path / "reading.sqlite")
    with pytest.raises(StorageError, match="Another window"):
        second.pages()
    store.close()
    assert texts(second.pages()) == ["mine"]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reading.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        ReadingStore(path).pages()
    assert path.exists()


_TYPISTS = """
import os, sys
from pathlib import Path
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.open_pages import Session
from hccr_desktop.rooms.reading import ReadPage
from hccr_desktop.store.reading import ReadingStore

def tell(what):
    os.write(1, f"{what}\\n".encode())  # a whole line or none, even where `print` is not buffered

def type_on():
    session = Session(ReadingStore(Path(sys.argv[1])), lambda error: os._exit(1))
    pages, _ = session.restored()
    if pages:
        page = pages[0]
    else:
        page = ReadPage(Path("a.png"), 1)
        answer = Recognition((Candidate("一", 0.5), Candidate("二", 0.4)), "m", 1.0, (0, 0, 9, 9))
        page.set_page(Page(1, (100, 100), (TextLine((answer,)),)))
        session.keep(page)
    tell(os.getpid())
    while True:
        tell(len(page.text))
        page.edited(len(page.text), 0, "字")
        session.keep_text(page)

for _ in sys.stdin:  # each line asks for a typist; what all need is imported once
    if os.fork() == 0:
        type_on()
    _, status = os.wait()
    tell("killed" if os.WIFSIGNALED(status) else "ended")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked here")
def test_killed_at_any_moment_it_loses_the_last_keystroke_at_most(tmp_path: Path) -> None:
    path, rng, length = tmp_path / "reading.sqlite", random.Random(1), 1
    command = [sys.executable, "-c", _TYPISTS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as typists:
        assert typists.stdin is not None
        assert typists.stdout is not None
        out = typists.stdout
        for _ in range(KILLS):
            typists.stdin.write("type\n")
            typists.stdin.flush()
            typist, there = int(out.readline()), int(out.readline())
            assert length <= there <= length + 1  # what was told before, and at most the keystroke that was not
            time.sleep(rng.uniform(0.0, 0.03))
            os.kill(typist, signal.SIGKILL)
            told = list(iter(lambda: next(out).strip(), "killed"))
            length = int(told[-1]) if told else there
    store = ReadingStore(path)
    (kept,) = store.pages()
    assert length <= len(kept.text.decode()) <= length + 1
    assert length > KILLS
    assert store.set_aside is None
