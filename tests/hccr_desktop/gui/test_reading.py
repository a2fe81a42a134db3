"""The reading room: pages are read in the background, shown with boxes, and can be stopped, copied and saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hccr_desktop.gui.reading import ReadingDialog, certainty_color
from hccr_desktop.gui.window import MainWindow
from tests.hccr_desktop.recognize.test_pages import page_of


@pytest.fixture
def room(window: MainWindow, qtbot: QtBot) -> ReadingDialog:
    qtbot.waitUntil(lambda: window.recognizer.engine is not None, timeout=20_000)
    window.pages_action.trigger()
    assert window.reading is not None
    return window.reading


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.tiff"
    pages = [Image.fromarray(page_of("木上中", "十木")), Image.fromarray(page_of("中中木"))]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def test_pages_are_read_shown_copied_and_saved(room: ReadingDialog, scan: Path, tmp_path: Path, qtbot: QtBot) -> None:
    room.open_file(scan)
    assert room.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not room.stop_button.isEnabled(), timeout=20_000)
    assert room.text.toPlainText().split() == ["木上中", "十木", "中中木"]
    assert "page 2: 3 characters in 1 lines" in room.state.text()
    assert room.view.box_count == 3  # of the last page
    qtbot.mouseClick(room.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == room.text.toPlainText()
    room.text.appendPlainText("更正")
    room.save(tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8").endswith("更正\n")
    room.save(tmp_path / "scan.tiff" / "below a file.txt")
    assert "cannot be written" in room.state.text()


def test_reading_is_stopped_and_what_was_read_stays(room: ReadingDialog, scan: Path, qtbot: QtBot) -> None:
    room.open_file(scan)
    qtbot.mouseClick(room.stop_button, Qt.MouseButton.LeftButton)
    assert "Stopped" in room.state.text()
    qtbot.wait(300)
    assert "中中木" not in room.text.toPlainText()


def test_a_bad_file_is_reported(room: ReadingDialog, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    room.open_file(tmp_path / "bad.png")
    qtbot.waitUntil(lambda: "damaged" in room.state.text(), timeout=20_000)
    assert not room.stop_button.isEnabled()


def test_without_a_model_it_says_so_and_the_language_follows(room: ReadingDialog, window: MainWindow) -> None:
    waiting = ReadingDialog(lambda: None, lambda: None, window)
    waiting.open_file(Path("any.png"))
    assert "being loaded" in waiting.state.text()
    waiting.shut()
    QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    assert room.open_button.text()


def test_colors_tell_certainty() -> None:
    assert len({certainty_color(p).name() for p in (0.95, 0.7, 0.2)}) == 3
