"""The reading room: pages are read in the background, shown with boxes, corrected, copied and saved."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QInputMethodEvent, QPalette, QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.batch.job import Job
from hccr_desktop.batch.pipeline import run
from hccr_desktop.errors import StorageError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.character_menu import CharacterMenu
from hccr_desktop.gui.page_files import with_suffix_of
from hccr_desktop.gui.preferences import SettingsRoom
from hccr_desktop.gui.reading import ReadRoom
from hccr_desktop.gui.theme import SURE, certainty_color, settled_color
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.rooms.page_history import Choice
from hccr_desktop.rooms.reading import DOUBTFUL, MOST_TRIES, picture_of
from hccr_desktop.rooms.review import pages_of_batch
from tests.hccr_desktop.recognize.test_pages import page_of


@pytest.fixture
def room(window: MainWindow, qtbot: QtBot) -> ReadRoom:
    qtbot.waitUntil(lambda: window.recognizer.language is not None, timeout=20_000)
    window.show_room("read")
    made = window.room("read")
    assert isinstance(made, ReadRoom)
    return made


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "scan.tiff"
    pages = [Image.fromarray(page_of("木上中", "十木")), Image.fromarray(page_of("中中木"))]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    return path


def read(room: ReadRoom, qtbot: QtBot, *paths: Path, pages: int) -> None:
    room.open_files(paths)
    qtbot.waitUntil(
        lambda: len(room.pages) == pages and all(page.is_read for page in room.pages) and bool(room.view.box_count),
        timeout=30_000,
    )


def test_pages_are_read_shown_copied_and_saved(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    assert room.hint.isVisible()
    read(room, qtbot, scan, pages=2)
    assert not room.hint.isVisible()
    assert room.text.toPlainText() == "木上中\n十木"
    assert room.view.box_count == 5
    assert "of 5 doubtful" in room.list.item(0).text()
    room.list.setCurrentRow(1)
    assert room.text.toPlainText() == "中中木"  # at once; its picture takes a while
    qtbot.waitUntil(lambda: room.view.box_count == 3)
    room.actions_at_hand["read.copy"].trigger()
    assert QGuiApplication.clipboard().text() == "中中木"
    room.files.save(tmp_path / "out.txt")
    qtbot.waitUntil((tmp_path / "out.txt").exists, timeout=20_000)
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "木上中\n十木\n\n中中木\n"
    room.files.save(tmp_path / "out.pdf")
    qtbot.waitUntil((tmp_path / "out-2.pdf").exists, timeout=20_000)
    room.files.save(tmp_path / "scan.tiff" / "below a file.txt")
    qtbot.waitUntil(lambda: "cannot be written" in window.message.text(), timeout=20_000)
    room.files.save(tmp_path / "out.docx")
    qtbot.waitUntil(lambda: "no form of text" in window.message.text(), timeout=20_000)


def test_cursor_and_box_are_linked_and_a_candidate_corrects(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    room.view.clicked.emit(3)  # 十, after a line's end
    assert room.text.textCursor().selectedText() == "十"
    assert room.candidates.first == "十"
    assert room.view._marked == 3
    second = room.candidates.shown[1].character
    room.actions_at_hand["read.candidate_2"].trigger()
    assert room.text.toPlainText() == f"木上中\n{second}木"
    assert room.pages[0].text == f"木上中\n{second}木"
    assert room.text.textCursor().selectedText() == "木"  # the next one
    qtbot.waitUntil(lambda: window.desk.store.counts() == {second: 1})
    room.text.textCursor().insertText("林子")
    assert room.pages[0].text == f"木上中\n{second}林子"
    assert room.pages[0].owners == [0, 1, 2, -1, 3, -1, -1]


def test_the_next_doubtful_one_is_found_by_key(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    page = room.pages[0]
    doubtful = [at for at, owner in enumerate(page.owners) if owner >= 0 and page.is_doubtful(owner)]
    seen = []
    cursor = room.text.textCursor()
    cursor.setPosition(0)
    room.text.setTextCursor(cursor)
    for _ in doubtful:
        room.actions_at_hand["read.next"].trigger()
        seen.append(room.text.textCursor().selectionStart())
    assert seen == doubtful
    assert f"{len(doubtful)} of 5 doubtful" in room.list.item(0).text()
    for answer in range(len(page.answers)):
        room.view.clicked.emit(answer)
        room.text.correct(Choice(answer, "木"))
    assert "0 of 5 doubtful" in room.list.item(0).text()


def test_a_page_is_turned_and_read_again(room: ReadRoom, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "turned.png"
    Image.fromarray(page_of("木上中中", "十木中木")).rotate(90, expand=True).save(path)
    read(room, qtbot, path, pages=1)
    room.actions_at_hand["read.turn"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中中\n十木中木", timeout=20_000)


def test_reading_is_stopped_and_what_was_read_stays(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    room.open_files([scan] * 6)
    qtbot.waitUntil(lambda: len(room.pages) >= 6, timeout=20_000)
    room.progress.stop_button.click()
    qtbot.waitUntil(lambda: not room.progress.stop_button.isVisible(), timeout=20_000)
    assert 1 <= len(room.pages) < 6
    assert all(page.is_read for page in room.pages)


def test_a_bad_file_is_reported_and_the_others_are_read(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    room.open_files([tmp_path / "bad.png", scan])
    qtbot.waitUntil(lambda: len(room.pages) == 2 and room.pages[1].is_read, timeout=30_000)
    assert "bad.png" in window.message.text()


def test_a_page_that_is_damaged_leaves_the_others(
    room: ReadRoom, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("1.png", b"\x89PNG\r\n\x1a\nand no more")
        good = io.BytesIO()
        Image.fromarray(page_of("中中木")).save(good, "PNG")
        archive.writestr("2.png", good.getvalue())
    room.open_files([tmp_path / "pages.zip"])
    qtbot.waitUntil(lambda: len(room.pages) == 2 and room.pages[1].is_read, timeout=30_000)
    assert "cannot be read" in room.list.item(0).text()
    assert "1.png" in window.message.text()
    assert [page.text for page in room.pages] == ["", "中中木"]


def test_files_on_the_clipboard_and_an_empty_folder(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(scan))])
    QGuiApplication.clipboard().setMimeData(mime)
    room.actions_at_hand["read.paste"].setEnabled(True)
    room.actions_at_hand["read.paste"].trigger()
    qtbot.waitUntil(lambda: len(room.pages) == 2, timeout=20_000)
    (tmp_path / "empty").mkdir()
    room.open_files([tmp_path / "empty"])
    qtbot.waitUntil(lambda: "no pictures" in window.message.text(), timeout=20_000)
    room.actions_at_hand["read.remove"].trigger()
    assert len(room.pages) == 1


def test_colors_tell_certainty_in_both_themes() -> None:
    light, dark = QPalette(), QPalette()
    light.setColor(QPalette.ColorRole.Base, "white")
    dark.setColor(QPalette.ColorRole.Base, "black")
    for palette in (light, dark):
        assert len({certainty_color(p, palette).name() for p in (0.98, 0.9, 0.2)}) == 3
    assert SURE == DOUBTFUL
    assert certainty_color(0.2, light) != certainty_color(0.2, dark)


def test_regions_are_read_or_left_aside(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    height = page_of("木上中", "十木").shape[0]
    room.actions_at_hand["read.only"].trigger()
    room.view.drawn.emit((0, 0, 2000, height // 2))
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中", timeout=20_000)
    box = room.pages[0].answers[1].box
    assert box is not None
    room.actions_at_hand["read.ignore"].trigger()
    room.view.drawn.emit((box[0] - 2, box[1] - 2, box[2] + 2, box[3] + 2))
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木中", timeout=20_000)
    assert room.view.box_count == 2
    room.actions_at_hand["read.whole"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中\n十木", timeout=20_000)


def test_a_region_is_drawn_with_the_mouse(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    room.actions_at_hand["read.only"].trigger()
    port = room.view.viewport()
    start, end = (room.view.mapFromScene(x, y) for x, y in ((20, 20), (240, 170)))
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(port, (start + end) / 2)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: bool(room.pages[0].only), timeout=20_000)
    assert abs(room.pages[0].only[0][2] - 240) < 12
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上", timeout=20_000)


def test_what_comes_into_a_watched_folder_is_read(room: ReadRoom, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "scanner"
    folder.mkdir()
    Image.fromarray(page_of("十")).save(folder / "old.png")
    os.utime(folder / "old.png", (1_000_000_000, 1_000_000_000))
    room.files.watch(folder)
    Image.fromarray(page_of("中中木")).save(folder / "new.png")
    qtbot.waitUntil(lambda: bool(room.pages) and room.pages[0].is_read, timeout=30_000)
    assert [page.name for page in room.pages] == ["new.png"]
    assert room.pages[0].text == "中中木"


def test_a_scan_that_began_empty_and_paused_is_read(room: ReadRoom, tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "scanner"
    folder.mkdir()
    room.files.watch(folder)
    (folder / "new.png").touch()
    qtbot.wait(2_000)
    assert not room.pages
    made = io.BytesIO()
    Image.fromarray(page_of("中中木")).save(made, "png")
    with (folder / "new.png").open("wb", buffering=0) as file:
        file.write(made.getvalue()[:1_000])
        qtbot.waitUntil(lambda: bool(room.pages) and bool(room.pages[0].failure), timeout=30_000)
        file.write(made.getvalue()[1_000:])
    qtbot.waitUntil(lambda: room.pages[0].is_read, timeout=30_000)
    assert room.pages[0].text == "中中木"


def test_a_page_that_was_mended_is_read_when_it_is_opened_again(room: ReadRoom, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(page_of("中中木")).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:1_000])
    room.open_files([path])
    qtbot.waitUntil(lambda: bool(room.pages) and bool(room.pages[0].failure), timeout=30_000)
    path.write_bytes(whole)
    read(room, qtbot, path, pages=1)
    assert room.pages[0].text == "中中木"


def test_one_sample_is_kept_of_an_answer_the_one_that_was_chosen_last(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    counts = window.desk.store.counts
    room.view.clicked.emit(0)
    first, second = (shown.character for shown in room.candidates.shown[:2])
    for character in (second, first, first):
        room.view.clicked.emit(0)
        room.candidates.choose([c.character for c in room.candidates.shown].index(character))
        qtbot.waitUntil(lambda: window.desk.store.counts() == {character: 1})  # noqa: B023
    room.text.undo()
    qtbot.waitUntil(lambda: counts() == {second: 1})
    room.text.redo()
    qtbot.waitUntil(lambda: counts() == {first: 1})
    room.text.go_to(0)
    room.text.textCursor().insertText("火")  # none of what was chosen
    qtbot.waitUntil(lambda: counts() == {})
    room.text.undo()
    qtbot.waitUntil(lambda: counts() == {first: 1})
    room.text.go_to(0)
    room.text.textCursor().insertText("火")
    qtbot.waitUntil(lambda: counts() == {})
    room.text.go_to(0)
    room.text.textCursor().insertText(second)  # as it was chosen before
    qtbot.waitUntil(lambda: counts() == {second: 1})


def test_dragging_a_page_selects_nothing_and_an_unread_one_has_no_regions(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    clicked: list[int] = []
    room.view.clicked.connect(clicked.append)
    box = room.pages[0].answers[4].box
    assert box is not None
    port, at = room.view.viewport(), room.view.mapFromScene((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    qtbot.mouseMove(port, at)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)
    assert clicked == []
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=at)
    assert clicked == [4]
    room.pages[0].is_read = False
    room.actions_at_hand["read.only"].trigger()
    assert "once the page is read" in window.status.text()
    assert room.view.dragMode() == room.view.DragMode.ScrollHandDrag


def test_an_order_leaves_the_pages_that_are_searched(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    room.column.search.setText("十")
    room.list.order("name")
    assert [room.list.item(row).isHidden() for row in range(2)] == [False, True]


def test_rare_characters_beyond_two_bytes_keep_text_and_boxes_together(
    room: ReadRoom, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    room.view.clicked.emit(0)
    room.text.textCursor().insertText("𠮷")  # two units in Qt's text
    page = room.pages[0]
    assert page.text == "𠮷上中\n十木"
    assert page.owners == [0, 1, 2, -1, 3, 4]
    room.view.clicked.emit(3)
    assert room.text.textCursor().selectedText() == "十"
    assert room.text.answer == 3
    assert room.text.correct(Choice(3, "𡈽"))
    assert page.text == "𠮷上中\n𡈽木"
    assert room.text.textCursor().selectedText() == "木"
    room.text.undo()
    assert page.text == "𠮷上中\n十木"


def test_reading_is_paused_and_goes_on(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    room.queue.is_paused = True
    room.open_files([scan])
    qtbot.waitUntil(lambda: len(room.pages) == 2, timeout=20_000)
    assert room.progress.pause_button.text() == "Resume"
    assert not any(page.is_read for page in room.pages)
    room.progress.pause_button.click()
    qtbot.waitUntil(lambda: all(page.is_read for page in room.pages), timeout=30_000)
    assert not room.progress.pause_button.isVisible()


def test_pages_are_there_again_at_the_next_start(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(page_of("中中木")).save(other)
    read(room, qtbot, scan, other, pages=3)
    room.list.setCurrentRow(2)
    qtbot.waitUntil(lambda: room.text.toPlainText() == "中中木")
    room.text.textCursor().insertText("改")
    room.list.setCurrentRow(1)
    room.shut()
    other.unlink()

    again = ReadRoom(window.desk, Actions(window))
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: len(again.pages) == 3, timeout=20_000)
    assert [page.text for page in again.pages] == ["木上中\n十木", "中中木", "改中中木"]
    assert again.current is again.pages[1]
    qtbot.waitUntil(lambda: again.view.box_count == 3, timeout=20_000)
    assert "another" in again.list.item(2).text()
    with qtbot.waitSignal(again.failed, timeout=20_000):
        again.list.setCurrentRow(2)  # its file is gone, its text is not
    assert again.text.toPlainText() == "改中中木"
    again.shut()


def test_a_closed_page_is_opened_again_as_it_was(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    assert not room.actions_at_hand["read.reopen"].isEnabled()
    room.text.textCursor().insertText("改")
    room.actions_at_hand["read.remove"].trigger()
    assert [page.text for page in room.pages] == ["中中木"]
    room.actions_at_hand["read.reopen"].trigger()
    assert [page.text for page in room.pages] == ["改木上中\n十木", "中中木"]  # in its place
    assert room.current is room.pages[0]
    qtbot.waitUntil(lambda: room.text.toPlainText() == "改木上中\n十木", timeout=20_000)
    assert not room.actions_at_hand["read.reopen"].isEnabled()


def test_corrections_are_not_lost_when_a_page_is_read_again(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    room.text.textCursor().insertText("改")
    room.actions_at_hand["read.again"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中\n十木", timeout=20_000)
    assert room.actions_at_hand["read.reopen"].isEnabled()
    assert "Reopen page" in window.status.text()
    room.actions_at_hand["read.reopen"].trigger()
    assert [page.text for page in room.pages] == ["木上中\n十木", "改木上中\n十木", "中中木"]
    room.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: room.text.toPlainText() == "改木上中\n十木", timeout=20_000)
    room.view.clicked.emit(3)
    assert room.text.textCursor().selectedText() == "十"  # its places came back, too


def test_pages_that_waited_are_read_at_the_next_start_unless_they_ended_the_last_ones(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    room.queue.is_paused = True
    room.open_files([scan])
    qtbot.waitUntil(lambda: len(room.pages) == 2, timeout=20_000)
    for _ in range(MOST_TRIES):
        room.session.begin(room.pages[0])
    room.list.setCurrentRow(0)
    room.actions_at_hand["read.remove"].trigger()  # closed unread, and opened again
    assert len(room.pages) == 1
    room.actions_at_hand["read.reopen"].trigger()
    assert len(room.queue.waiting) == 2
    room.shut()

    again = ReadRoom(window.desk, Actions(window))
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: len(again.pages) == 2 and again.pages[1].is_read, timeout=30_000)
    assert "cannot be read" in again.list.item(0).text()
    assert not again.pages[0].is_read
    again.list.setCurrentRow(0)
    again.actions_at_hand["read.again"].trigger()
    qtbot.waitUntil(lambda: again.pages[0].text == "木上中\n十木", timeout=30_000)
    again.shut()


def test_a_turned_page_shows_as_it_was_until_it_is_read(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    page, (height, width) = room.pages[0], page_of("木上中", "十木").shape
    room.queue.is_paused = True
    room.actions_at_hand["read.turn"].trigger()
    assert (picture_of(page).width, picture_of(page).height) == (width, height)
    room.queue.is_paused = False
    room.actions_at_hand["read.again"].trigger()
    qtbot.waitUntil(lambda: picture_of(page).width == height, timeout=20_000)
    assert page.found is not None
    assert page.found.size == (height, width)


def test_a_damaged_session_is_set_aside_and_the_room_works(
    window: MainWindow, home: Path, scan: Path, qtbot: QtBot
) -> None:
    home.mkdir(exist_ok=True)
    (home / "reading.sqlite").write_bytes(b"SQLite format 3\0 and no more")
    qtbot.waitUntil(lambda: window.recognizer.language is not None, timeout=20_000)
    window.show_room("read")
    made = window.room("read")
    assert isinstance(made, ReadRoom)
    qtbot.waitUntil(lambda: "damaged" in window.message.text(), timeout=20_000)
    (aside,) = home.glob("reading.sqlite.damaged-*")
    assert aside.read_bytes() == b"SQLite format 3\0 and no more"
    assert aside in paths.everything()
    assert paths.reading_session() in paths.everything()
    read(made, qtbot, scan, pages=2)


_TYPIST = """
import os, sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from hccr_desktop.gui.app import load_engine
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.settings import Settings

app = QApplication([])
window = MainWindow(lambda: load_engine(Settings()), Settings())
window.show()
window.show_room("read")
room = window.room("read")
room.open_files([Path(sys.argv[1])])
while not (room.pages and room.pages[0].is_read and room.text.toPlainText()):
    app.processEvents()
room.text.setFocus()
while True:
    QTest.keyClick(room.text, Qt.Key.Key_A)
    os.write(1, f"{room.text.toPlainText().count('a')}\\n".encode())  # a whole line or none
"""


def test_a_window_that_is_killed_loses_the_last_keystroke_at_most(window: MainWindow, scan: Path, qtbot: QtBot) -> None:
    with subprocess.Popen([sys.executable, "-c", _TYPIST, str(scan)], stdout=subprocess.PIPE, text=True) as typist:
        assert typist.stdout is not None
        told = [typist.stdout.readline() for _ in range(20)]
        typist.kill()
        told += typist.stdout.read().split()
    room = ReadRoom(window.desk, Actions(window))
    qtbot.addWidget(room)
    qtbot.waitUntil(lambda: bool(room.pages), timeout=20_000)
    assert room.pages[0].text.endswith("木上中\n十木")
    assert room.pages[0].text.count("a") - int(told[-1]) in (0, 1)
    room.shut()


def test_deleting_everything_takes_the_open_pages_along(
    room: ReadRoom, window: MainWindow, scan: Path, home: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    assert (home / "reading.sqlite").exists()
    settings = window.room("settings")
    assert isinstance(settings, SettingsRoom)
    settings.delete_everything()
    assert room.pages == []
    assert not list(home.glob("reading*"))
    assert not room.actions_at_hand["read.reopen"].isEnabled()
    read(room, qtbot, scan, pages=2)  # and it goes on
    assert (home / "reading.sqlite").exists()


def test_a_batchs_folder_is_looked_through_and_corrected(
    room: ReadRoom, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    out = tmp_path / "out"
    job = Job((scan, scan.with_name("missing.png")), out, use_language=False)
    assert len(list(run(job))) == 3
    room.open_files([out])
    qtbot.waitUntil(lambda: len(room.pages) == 3 and room.view.box_count == 5, timeout=20_000)
    assert not room.queue.is_busy  # nothing is read again
    shown = [room.list.item(row).text() for row in range(3)]
    assert "cannot be read" in shown[0]
    assert "of 5 doubtful" in shown[1]
    assert room.list.currentRow() == 1
    room.text.go_to_answer(0)
    chosen = room.candidates.shown[1].character
    room.actions_at_hand["read.candidate_2"].trigger()
    room.actions_at_hand["read.checked"].trigger()
    assert "✓ checked" in room.list.item(1).text()
    assert room.list.currentRow() == 2
    qtbot.waitUntil(lambda: (out / "scan.txt").read_text("utf-8") == f"{chosen}上中\n十木\n", timeout=20_000)
    with qtbot.waitSignal(room.said, check_params_cb=lambda text: "missing.png" in text):
        room.list.setCurrentRow(0)
    room.list.setCurrentRow(2)
    room.actions_at_hand["read.checked"].trigger()
    room.actions_at_hand["read.checked"].trigger()
    assert "✓" not in room.list.item(2).text()
    room.shut()  # what was not written yet is
    assert [page.is_checked for page in pages_of_batch(out)] == [False, True, False]


def test_doubtful_characters_are_reviewed_by_keys_alone(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    page = room.pages[0]
    page.doubts, page.settled = frozenset({0, 2, 4}), set()
    room.text.moveCursor(QTextCursor.MoveOperation.Start)
    room.actions_at_hand["read.next"].trigger()
    assert room.text.is_reviewing
    assert "Enter confirms" in room.correction.hint.text()
    second = room.candidates.shown[1].character
    qtbot.keyClick(room.text, "2")  # chooses, and goes on
    assert page.text == f"{second}上中\n十木"
    assert room.text.textCursor().selectedText() == "中"
    qtbot.keyClick(room.text, Qt.Key.Key_Return)  # confirms, and goes on
    assert page.text == f"{second}上中\n十木"
    assert room.text.textCursor().selectedText() == "木"
    assert page.doubtful_count == 1
    assert "Doubtful: 1 here" in room.column.left.text()
    qtbot.keyClicks(room.text, "x")  # replaces
    assert page.text == f"{second}上中\n十x"
    assert page.settled == {0, 2, 4}
    assert page.doubtful_count == 0
    assert not room.text.is_reviewing
    green = settled_color(room.view._paper())
    assert {n for n, box in room.view._boxes.items() if box.pen().color() == green} == {0, 2, 4}
    room.text.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClick(room.text, "2")  # is a digit again
    assert page.text.startswith("2")
    room.text.go_to(1)
    qtbot.keyClick(room.text, Qt.Key.Key_Backspace)
    assert room.view.box_count == 4  # what was deleted has no box


def test_pages_are_searched_ordered_and_gone_through_by_their_doubts(
    room: ReadRoom, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    room.pages[0].doubts, room.pages[1].doubts = frozenset(), frozenset({1})
    first, second = room.pages
    room.order.choices["doubtful"].trigger()
    assert room.pages == [second, first]
    assert room.current is first
    room.actions_at_hand["read.next_page"].trigger()
    qtbot.waitUntil(lambda: room.current is second and room.text.toPlainText() == "中中木")
    room.order.choices["opened"].trigger()
    assert room.pages == [first, second]
    room.column.search.setText("十木")
    assert [room.list.item(row).isHidden() for row in (0, 1)] == [False, True]
    qtbot.keyClick(room.column.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.text.textCursor().selectedText() == "十木")
    assert room.current is first
    room.column.search.clear()
    room.open_files([scan])  # once more
    qtbot.wait(300)
    assert len(room.pages) == 2


def test_a_page_is_read_in_columns_where_the_user_says_so(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    room.direction.choices["vertical"].trigger()
    qtbot.waitUntil(lambda: room.pages[0].is_vertical, timeout=20_000)
    assert not room.pages[1].is_vertical
    assert room.desk.settings.direction == "auto"
    room.direction.choices["horizontal"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中\n十木", timeout=20_000)


def test_a_picture_on_the_clipboard_is_a_page(room: ReadRoom, tmp_path: Path, qtbot: QtBot) -> None:
    Image.fromarray(page_of("木上中", "十木")).save(tmp_path / "a.png")
    QGuiApplication.clipboard().setImage(QImage(str(tmp_path / "a.png")))
    for _ in range(2):
        room.actions_at_hand["read.paste"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中\n十木", timeout=20_000)
    assert len(room.pages) == 1
    assert room.pages[0].path.parent == paths.pasted()


def compose(room: ReadRoom, preedit: str, commit: str = "") -> None:
    """Let an input method write."""
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(room.text, event)


def test_an_input_method_replaces_one_character_and_leaves_the_others(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    page = room.pages[0]
    room.view.clicked.emit(1)  # 上
    compose(room, "s")
    compose(room, "shi")
    compose(room, "", "士")
    assert page.text == "木士中\n十木"
    assert page.owners == [0, 1, 2, -1, 3, 4]
    assert page.settled == {1}
    room.text.go_to(2)
    compose(room, "", "申")  # without a look at it before
    assert (page.text, page.owners) == ("木士申\n十木", [0, 1, 2, -1, 3, 4])
    cursor = room.text.textCursor()
    cursor.clearSelection()
    cursor.setPosition(0)
    room.text.setTextCursor(cursor)
    compose(room, "l")
    compose(room, "")  # given up
    assert (page.text, page.owners, page.settled) == ("木士申\n十木", [0, 1, 2, -1, 3, 4], {1, 2})
    compose(room, "", "木木")  # more of what stands there
    assert (page.text, page.owners) == ("木木木士申\n十木", [-1, -1, 0, 1, 2, -1, 3, 4])
    for _ in range(3):
        room.text.undo()
    assert (page.text, page.owners, page.settled) == ("木上中\n十木", [0, 1, 2, -1, 3, 4], set())


def test_undo_on_a_page_takes_back_places_confirmations_and_samples(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    page = room.pages[0]
    page.doubts = frozenset({0, 1})
    room.view.clicked.emit(0)
    second = room.candidates.shown[1].character
    room.candidates.choose(1)
    qtbot.waitUntil(lambda: window.desk.store.counts() == {second: 1})
    room.view.clicked.emit(1)
    qtbot.keyClick(room.text, Qt.Key.Key_Return)
    assert page.settled == {0, 1}
    qtbot.keyClick(room.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (page.text, page.settled) == (f"{second}上中\n十木", {0})
    qtbot.keyClick(room.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (page.text, page.settled, page.doubtful_count) == ("木上中\n十木", set(), 2)
    qtbot.waitUntil(lambda: window.desk.store.counts() == {})
    qtbot.keyClick(room.text, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # no more
    room.list.setCurrentRow(1)
    room.list.setCurrentRow(0)
    room.text.redo()
    assert room.text.toPlainText() == f"{second}上中\n十木"
    qtbot.waitUntil(lambda: window.desk.store.counts() == {second: 1})
    room.text.go_to(1, 2)
    qtbot.keyClick(room.text, Qt.Key.Key_Delete)
    assert page.owners == [0, -1, 3, 4]
    room.text.undo()
    assert page.owners == [0, 1, 2, -1, 3, 4]
    room.actions_at_hand["read.again"].trigger()
    qtbot.waitUntil(lambda: room.text.toPlainText() == "木上中\n十木", timeout=20_000)
    room.text.undo()  # of another reading
    assert page.text == "木上中\n十木"


def test_closing_a_page_shows_the_next_and_acts_on_that(
    room: ReadRoom, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(page_of("上上")).save(other)
    read(room, qtbot, scan, other, pages=3)
    room.list.setCurrentRow(0)
    room.actions_at_hand["read.remove"].trigger()
    assert room.current is room.pages[0]
    assert room.text.toPlainText() == "中中木"
    room.text.textCursor().insertText("改")
    assert [page.text for page in room.pages] == ["改中中木", "上上"]
    room.list.setCurrentRow(1)
    room.actions_at_hand["read.remove"].trigger()
    assert room.text.toPlainText() == "改中中木"
    qtbot.waitUntil(lambda: room.view.box_count == 3)
    room.actions_at_hand["read.remove"].trigger()
    assert room.text.toPlainText() == ""


def test_a_page_that_is_chosen_is_there_at_once_though_another_is_being_read(
    room: ReadRoom, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    qtbot.waitUntil(lambda: room.pages[1].is_read)
    goes_on = threading.Event()
    room._tasks.run(lambda: goes_on.wait(20), lambda _: None, lambda _: None)
    room.list.setCurrentRow(1)
    assert room.text.toPlainText() == "中中木"
    qtbot.waitUntil(lambda: room.view.box_count == 3)
    goes_on.set()


def test_all_pages_in_columns_leaves_those_that_were_worked_on(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.png"
    Image.fromarray(page_of("上上")).save(other)
    read(room, qtbot, scan, other, pages=3)
    room.list.setCurrentRow(0)
    room.text.textCursor().insertText("改")
    room.shelf.check(room.pages[2])
    room._set_direction("vertical", True)
    assert "2 pages that were corrected or checked stay" in window.status.text()
    qtbot.waitUntil(lambda: not room.queue.is_busy, timeout=30_000)
    assert room.pages[0].text.startswith("改")
    assert room.pages[2].is_checked


def test_a_region_is_not_drawn_on_another_page_nor_after_escape(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    drawing, usual = room.view.DragMode.RubberBandDrag, room.view.DragMode.ScrollHandDrag
    room.actions_at_hand["read.only"].trigger()
    assert room.view.dragMode() == drawing
    room.list.setCurrentRow(1)
    assert room.view.dragMode() == usual
    room.actions_at_hand["read.only"].trigger()
    qtbot.keyClick(room.text, Qt.Key.Key_Escape)
    assert room.view.dragMode() == usual


def test_only_what_was_read_is_saved_in_the_order_in_which_it_came(
    room: ReadRoom, window: MainWindow, scan: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "out.txt"
    target.write_text("of somebody", encoding="utf-8")
    assert not room.actions_at_hand["read.save"].isEnabled()
    room.files.save(target)
    assert "No page is read yet" in window.message.text()
    assert target.read_text("utf-8") == "of somebody"
    read(room, qtbot, scan, pages=2)
    room.list.order("doubtful")
    room.list.pages.reverse()
    room.queue.is_paused = True
    other = tmp_path / "other.png"
    Image.fromarray(page_of("上上")).save(other)
    room.open_files([other])
    qtbot.waitUntil(lambda: len(room.pages) == 3)
    room.files.save(target)
    qtbot.waitUntil(lambda: "2 of 3 pages were read by now" in window.status.text(), timeout=20_000)
    assert target.read_text("utf-8") == "木上中\n十木\n\n中中木\n"


def test_a_form_that_is_chosen_gives_its_suffix() -> None:
    named = {"scan": "alto", "scan.xml": "alto", "scan.alto.xml": "alto", "a.csv": "text", "notes.v2": "text"}
    made = [with_suffix_of(Path(name), form).name for name, form in named.items()]
    assert made == ["scan.alto.xml", "scan.alto.xml", "scan.alto.xml", "a.csv", "notes.v2.txt"]


def test_a_file_that_is_dropped_on_the_text_is_opened(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(scan.with_name("none.png")))])
    assert room.text.canInsertFromMimeData(mime)
    with qtbot.waitSignal(room.failed, timeout=20_000):
        room.text.insertFromMimeData(mime)
    assert room.text.toPlainText() == "木上中\n十木"
    text = QMimeData()
    text.setText("字")
    room.text.insertFromMimeData(text)
    assert room.pages[0].text == "字木上中\n十木"


def test_the_menu_of_a_text_has_its_own_actions_too(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot
) -> None:
    read(room, qtbot, scan, pages=2)
    room.text.selectAll()
    place = room.text.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, room.text.mapToGlobal(place))
    QApplication.sendEvent(room.text.viewport(), event)
    (menu,) = [child for child in window.findChildren(CharacterMenu) if child.isVisible()]
    names = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert names[0] == "Copy “木上中 十木”"
    assert {"edit-paste", "edit-cut", "select-all"} <= {action.objectName() for action in menu.actions()}
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "木上中\n十木"
    menu.close()


def test_pages_that_the_disk_does_not_take_are_asked_about_at_the_end(
    room: ReadRoom, window: MainWindow, scan: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(room, qtbot, scan, pages=2)
    store = room.session._store

    def full(*_: object, **__: object) -> bool:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(store, "keep_text", full)
        patched.setattr(store, "keep", full)
        room.text.textCursor().insertText("改")
        assert "The disk is full." in window.message.text()
        assert "1 pages could not be kept" in room.keeps_open()
    assert room.keeps_open() == ""  # it was tried once more
    room.shut()
    again = ReadRoom(window.desk, Actions(window))
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: len(again.pages) == 2, timeout=20_000)
    assert again.pages[0].text == "改木上中\n十木"
    again.shut()


def test_the_last_undo_of_many_changes_takes_back_one(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    page = room.pages[0]
    whole = len(page.text)
    for _ in range(520):
        room.text.textCursor().insertText("a")
    lengths = [len(page.text)]
    while room.text._histories[page].can_undo:
        room.text.undo()
        lengths.append(len(page.text))
    assert lengths == list(range(whole + 520, whole + 520 - len(lengths), -1))
    assert len(lengths) > 400


def test_a_link_to_elsewhere_is_text(room: ReadRoom, scan: Path, qtbot: QtBot) -> None:
    read(room, qtbot, scan, pages=2)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/x")])
    mime.setText("https://example.org/x")
    room.text.insertFromMimeData(mime)
    assert room.pages[0].text.startswith("https://example.org/x")
