"""Open pages survive: a killed program, a damaged file, a second program."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hccr_desktop.errors import StorageError
from hccr_desktop.store.reading import MOST_CLOSED, KeptPage, ReadingStore

KILLS = 50


def page(text: str = "", path: str = "/scans/a.png", number: int = 0) -> KeptPage:
    return KeptPage(number, path, 1, 0, '{"only": [], "ignored": []}', "", text, "[]", "[]", "")


@pytest.fixture
def store(tmp_path: Path) -> ReadingStore:
    return ReadingStore(tmp_path / "reading.sqlite")


def test_pages_come_back_in_their_order(store: ReadingStore, tmp_path: Path) -> None:
    numbers = [store.keep(page(text)) for text in ("一", "二", "三")]
    store.keep(page("二 again", number=numbers[1]))
    store.keep_text(numbers[2], "三!", "[0, -1]", "[0]")
    store.keep_current(numbers[1])
    store.close()
    again = ReadingStore(tmp_path / "reading.sqlite")
    assert [kept.text for kept in again.pages()] == ["一", "二 again", "三!"]
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
    assert [kept.text for kept in found if kept] == [str(i) for i in reversed(range(5, MOST_CLOSED + 5))]
    assert store.reopen() is None
    assert len(store.pages()) == MOST_CLOSED


def test_a_page_that_is_read_anew_is_kept_as_it_was(store: ReadingStore) -> None:
    number = store.keep(page("as corrected"))
    store.keep_earlier(number)
    store.keep(page("as read anew", number=number))
    before = store.reopen()
    assert before is not None
    assert [kept.text for kept in store.pages()] == ["as read anew", "as corrected"]


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
    assert [kept.text for kept in store.pages()] == ["new"]


def test_a_second_program_is_told(store: ReadingStore, tmp_path: Path) -> None:
    store.keep(page("mine"))
    second = ReadingStore(tmp_path / "reading.sqlite")
    with pytest.raises(StorageError, match="Another window"):
        second.pages()
    store.close()
    assert [kept.text for kept in second.pages()] == ["mine"]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "reading.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        ReadingStore(path).pages()
    assert path.exists()


_TYPIST = """
import json, sys
from pathlib import Path
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.reading import ReadPage, Session
from hccr_desktop.store.reading import ReadingStore

session = Session(ReadingStore(Path(sys.argv[1])), lambda error: sys.exit(error.sentence()))
pages, _ = session.restored()
if pages:
    page = pages[0]
else:
    page = ReadPage(Path("a.png"), 1)
    answer = Recognition((Candidate("一", 0.5), Candidate("二", 0.4)), "m", 1.0, (0, 0, 9, 9))
    page.set_page(Page(1, (100, 100), (TextLine((answer,)),)))
    session.keep(page)
print(len(page.text), flush=True)
while True:
    page.edited(len(page.text), 0, "字")
    session.keep_text(page)
    print(len(page.text), flush=True)
"""


def test_killed_at_any_moment_it_loses_the_last_keystroke_at_most(tmp_path: Path) -> None:
    path, rng = tmp_path / "reading.sqlite", random.Random(1)
    length = 1
    for _ in range(KILLS):
        command = [sys.executable, "-c", _TYPIST, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as typist:
            assert typist.stdout is not None
            told = [typist.stdout.readline()]
            assert int(told[0]) >= length  # what was told before is still there
            time.sleep(rng.uniform(0.0, 0.03))
            typist.send_signal(signal.SIGKILL)
            told += [line for line in typist.stdout.read().split("\n")[:-1] if line]
        length = int(told[-1])
    store = ReadingStore(path)
    (kept,) = store.pages()
    assert length <= len(kept.text) <= length + 1
    assert store.set_aside is None
