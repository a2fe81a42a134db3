"""A program that is started again hands its files to the window that is open."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from hccr_desktop import cli, paths
from hccr_desktop.rooms.one_window import OneWindow


def test_the_first_is_the_one_until_it_ends(tmp_path: Path) -> None:
    first, second = OneWindow(tmp_path / "window"), OneWindow(tmp_path / "window")
    assert first.begin()
    assert not second.begin()
    first.end()
    assert second.begin()
    second.end()


def test_files_are_handed_over_and_the_window_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = OneWindow(tmp_path / "window"), OneWindow(tmp_path / "window")
    assert first.begin()
    monkeypatch.chdir(tmp_path)
    odd = tmp_path / "上 海\udcff.png"
    taken: list[list[Path]] = []

    def answer() -> None:
        while not taken:
            taken.extend(first.requests())
            time.sleep(0.01)

    answering = threading.Thread(target=answer)
    answering.start()
    assert second.hand_over([odd, Path("beside.png")], patience=20)
    answering.join()
    assert taken == [[odd, tmp_path / "beside.png"]]
    assert not second.hand_over([odd], patience=0.05)  # nobody answers
    assert first.requests() == []
    first.end()


def test_what_was_asked_of_a_window_that_was_ended_is_not_asked_of_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "window"
    folder.mkdir()
    (folder / "old.asked").write_text('["/somewhere"]')
    (folder / "damaged.asked").write_text("no JSON")
    os.utime(folder / "old.asked", (0, 0))
    one = OneWindow(folder)
    assert one.begin()
    assert one.requests() == []
    (folder / "damaged.asked").write_text("no JSON")
    assert one.requests() == []
    one.end()


def test_where_nothing_can_be_written_every_window_is_the_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert OneWindow(tmp_path / "file" / "window").begin()
    assert not OneWindow(tmp_path / "file" / "window").hand_over([], patience=0.05)


def test_nothing_is_forgotten_below_an_open_window(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir(exist_ok=True)
    paths.draft_file().write_text("written", encoding="utf-8")
    window = OneWindow(paths.window_folder())
    assert window.begin()
    assert cli.main(["forget", "--yes"]) == 1
    assert "Close it" in capsys.readouterr().err
    assert paths.draft_file().read_text("utf-8") == "written"
    window.end()
    assert cli.main(["forget", "--yes"]) == 0
    assert not home.exists()
