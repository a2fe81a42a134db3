"""The panel that explains characters, the menu of a character, and typing into other programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.errors import InputError
from hccr_desktop.gui.frame import SEND, WHOLE
from hccr_desktop.gui.sending import Sending
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.recognize.language import read_own_text
from hccr_desktop.rooms.looked_up import LookedUp
from tests.conftest import WRITTEN
from tests.hccr_desktop.gui.test_window import read


def test_what_is_written_is_explained_and_its_strokes_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    qtbot.waitUntil(lambda: window.meaning.text == "木")
    assert "tree" in window.meaning.body.text()
    assert "mù" in window.meaning.head.text()
    assert window.meaning.strokes.isVisible()
    qtbot.mouseClick(window.meaning.strokes, Qt.MouseButton.LeftButton)
    assert window.meaning.strokes.is_writing
    qtbot.waitUntil(lambda: not window.meaning.strokes.is_writing, timeout=20_000)
    window.write.candidates.marked.emit("本")
    qtbot.waitUntil(lambda: window.meaning.text == "本")


def test_looked_up_words_are_remembered_and_forgotten_with_everything(window: MainWindow, qtbot: QtBot) -> None:
    window.meaning.asked.setText("手写")
    qtbot.keyClick(window.meaning.asked, Qt.Key.Key_Return)
    assert "to write by hand" in window.meaning.body.text()
    window.meaning.body.linkActivated.emit("手")
    assert window.meaning.text == "手"
    assert LookedUp().texts == ["手", "手写"]
    window.meaning.history.menu().aboutToShow.emit()
    assert [action.text() for action in window.meaning.history.menu().actions()] == ["手", "手写"]
    window.desk.emptying.emit()
    assert window.meaning.looked_up.texts == []
    assert paths.looked_up() in paths.everything()


def test_the_panel_goes_and_comes(window: MainWindow, qtbot: QtBot) -> None:
    assert window.meaning.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert not window.meaning.isVisible()
    assert not window.desk.settings.meaning
    window.look_up("好")
    assert window.meaning.isVisible()
    window.show_room("settings")
    assert not window.meaning.isVisible()


def menu_of(window: MainWindow, text: str) -> QMenu:
    window.desk.asked.emit(text, QPoint(0, 0), None)
    return next(menu for menu in window.findChildren(QMenu) if menu.isVisible())


def test_the_menu_copies_looks_up_and_teaches(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    copy, means, browse, teach = menu_of(window, "龘").actions()
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "龘"
    means.trigger()
    assert window.meaning.text == "龘"
    browse.trigger()
    assert opened == []
    assert "No address is set" in window.message.text()
    window.desk.set(look_up="https://example.org/{}?x")
    browse.trigger()
    assert opened == ["https://example.org/龘?x"]
    with qtbot.waitSignal(window.desk.terms_changed):
        teach.trigger()
    assert read_own_text().split() == ["龘"]
    teach.trigger()
    assert read_own_text().split() == ["龘"]


def test_what_is_chosen_is_sent_one_after_another(qtbot: QtBot) -> None:
    pressed: list[tuple[str, str]] = []
    sending = Sending(press=lambda keys: pressed.append((keys, QGuiApplication.clipboard().text())))
    sending.keys = "Shift+Insert"
    sending.send("木")
    sending.send("本")
    qtbot.waitUntil(lambda: len(pressed) == 2, timeout=20_000)
    assert pressed == [("Shift+Insert", "木"), ("Shift+Insert", "本")]
    assert QGuiApplication.clipboard().text() == "本"  # the last choice alone


def test_where_keys_cannot_be_pressed_it_is_said_and_the_clipboard_has_it(qtbot: QtBot) -> None:
    def refuse(keys: str) -> None:
        raise InputError("Keys cannot be pressed here.")

    sending = Sending(press=refuse)
    with qtbot.waitSignal(sending.failed, timeout=20_000):
        sending.send("木")
    assert QGuiApplication.clipboard().text() == "木"


def test_the_sending_window_is_small_takes_no_focus_and_is_left(window: MainWindow, qtbot: QtBot) -> None:
    sent: list[str] = []
    window.frame.sending.send = sent.append  # type: ignore[method-assign, assignment]
    qtbot.keyClick(window, Qt.Key.Key_F12)
    assert window.frame.state == SEND
    assert window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.small_bar.leave.isVisible()
    assert "other program" in window.small_bar.sentence.text()
    read(window, qtbot, "木")
    qtbot.mouseClick(window.write.candidates.buttons[0], Qt.MouseButton.LeftButton)
    assert sent == ["木"]
    assert window.write.text.text() == "木"
    qtbot.mouseClick(window.small_bar.leave, Qt.MouseButton.LeftButton)
    assert window.frame.state == WHOLE
    assert not window.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert window.rail.isVisible()
    read(window, qtbot, "中")
    window.write.candidates.choose(0)
    assert sent == ["木"]


def test_the_window_opens_as_it_was_left(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(760, 600)
    window.frame.keep()
    window.desk.places.save()
    again = MainWindow(window.recognizer._load, window.desk.settings)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (760, 600)
    again.close()


OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
line = QLineEdit()
line.setWindowTitle("Another program")
line.textChanged.connect(lambda text: open(sys.argv[1], "w", encoding="utf-8").write(text))
line.move(900, 20)
line.show()
app.exec()
"""


@pytest.mark.skipif(
    not all(shutil.which(name) for name in ("Xvfb", "xdotool", "openbox")), reason="needs Xvfb, xdotool and openbox"
)
def test_another_real_program_gets_what_is_chosen(tmp_path: Path, home: Path) -> None:
    environment = os.environ | {"DISPLAY": ":93", "QT_QPA_PLATFORM": "xcb", "HCCR_HOME": str(home)}
    started = []

    def start(*command: str) -> None:
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))

    def hand(*command: str) -> str:
        return subprocess.run(["xdotool", *command], env=environment, check=True, capture_output=True, text=True).stdout

    def window_of(name: str) -> str:
        return hand("search", "--sync", "--onlyvisible", "--name", name).split()[-1]

    try:
        start("Xvfb", ":93", "-screen", "0", "1366x768x24")
        time.sleep(1.0)
        start("openbox")
        time.sleep(1.0)
        start(sys.executable, "-m", "hccr_desktop")
        start(sys.executable, "-c", OTHER, str(tmp_path / "text"))
        ours, other = window_of("Hccr Desktop"), window_of("Another program")
        time.sleep(4.0)
        hand("windowactivate", "--sync", ours, "key", "F12")
        time.sleep(1.5)
        ours = window_of("Hccr Desktop")
        hand("windowmove", ours, "30", "40", "windowactivate", "--sync", other)
        time.sleep(0.5)
        place = dict(line.split("=") for line in hand("getwindowgeometry", "--shell", ours).split())
        left, top, width = int(place["X"]), int(place["Y"]), int(place["WIDTH"])
        for stroke in WRITTEN["木"]:
            points = [(str(left + 70 + 2 * x), str(top + 160 + 2 * y)) for x, y in stroke]
            hand("mousemove", *points[0], "mousedown", "1")
            for point in points[1:]:
                hand("mousemove", *point)
            hand("mouseup", "1")
        time.sleep(2.0)
        hand("mousemove", str(left + int(0.8 * width)), str(top + 130), "click", "1")
        deadline = time.monotonic() + 20
        while not (tmp_path / "text").exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        assert (tmp_path / "text").read_text(encoding="utf-8") == "木"
        assert hand("getactivewindow", "getwindowname").strip() == "Another program"
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
