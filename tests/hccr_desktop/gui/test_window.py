from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QTextCursor
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import ModelError
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.formats.inkml import write_inkml
from hccr_desktop.gui.app import load_engine
from hccr_desktop.gui.candidates import percent
from hccr_desktop.gui.changes import _place_in
from hccr_desktop.gui.frame import SMALL, WHOLE
from hccr_desktop.gui.preferences import SettingsRoom
from hccr_desktop.gui.reading import ReadRoom
from hccr_desktop.gui.samples import SamplesRoom
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.settings import Settings
from hccr_desktop.store.samples import SampleStore
from tests.conftest import WRITTEN, written
from tests.hccr_desktop.gui.conftest import write_on
from tests.hccr_desktop.recognize.test_pages import page_of


def shown(window: MainWindow) -> list[str]:
    return [c.character for c in window.write.candidates.shown]


def read(window: MainWindow, qtbot: QtBot, character: str) -> None:
    write_on(window.write.pad, qtbot, character)
    qtbot.waitUntil(lambda: window.write.reading.is_settled and bool(window.write.candidates.first), timeout=20_000)


def test_a_written_character_is_read_and_chosen_by_key(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    assert "木" in shown(window)[:3]
    assert len(shown(window)) == 10
    assert all(button.isEnabled() for button in window.write.candidates.buttons)
    number = shown(window).index("木") + 1
    qtbot.keyClick(window.write.pad, str(number))
    assert window.write.text.text() == "木"
    assert window.write.pad.item is None
    assert shown(window) == []


def test_enter_takes_the_first_and_a_click_takes_any(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "中")
    first = shown(window)[0]
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    read(window, qtbot, "上")
    fourth = shown(window)[3]
    qtbot.mouseClick(window.write.candidates.buttons[3], Qt.MouseButton.LeftButton)
    read(window, qtbot, "木")
    second = shown(window)[1]
    qtbot.keyClick(window.write.candidates.buttons[1], Qt.Key.Key_Return)  # where Tab went
    assert window.write.text.text() == first + fourth + second
    qtbot.mouseClick(window.write.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == first + fourth + second


def test_what_is_read_can_be_restricted(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    read(window, qtbot, "木")
    with qtbot.waitSignal(window.settings_changed) as changed:
        for name, action in window.write.alphabet.subset_actions.items():
            if action.isChecked() != (name == "digits"):
                action.trigger()
    qtbot.waitUntil(lambda: set(shown(window)) == set("0123456789"))
    assert changed.args is not None
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("本 木", True))
    window.write.alphabet.own_action.trigger()
    qtbot.waitUntil(lambda: shown(window)[0] in "本木")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("\U0010ffff", True))
    window.write.alphabet.own_action.trigger()
    window.write.alphabet.subset_actions["digits"].trigger()  # nothing is left that the model knows
    assert window.message.isVisible()
    assert "none of the characters" in window.message.text()


def test_what_is_typed_on_an_empty_pad_goes_into_the_text(window: MainWindow, qtbot: QtBot) -> None:
    for key in ("1", "9", "0"):
        qtbot.keyClick(window.write.pad, key)
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    qtbot.keyClicks(window.write.pad, "a,")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Space)
    assert window.write.text.text() == "190\na, "
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Backspace)
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Backspace)
    assert window.write.text.text() == "190\na"
    for expected in ("190\na,", "190\na, ", "190\na,", "190\na"):
        window.write.undo_action.trigger()
        assert window.write.text.text() == expected
    window.write.redo_action.trigger()
    assert window.write.text.text() == "190\na,"


def test_digits_typed_into_the_text_line_stay_digits(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.write.text.setFocus()
    qtbot.keyClicks(window.write.text, "12")
    assert window.write.text.text() == "12"
    assert shown(window)


def test_a_chosen_character_goes_to_the_cursor(window: MainWindow, qtbot: QtBot) -> None:
    window.write.text.setText("ab")
    window.write.text.moveCursor(QTextCursor.MoveOperation.Left)
    window.write.candidates.chosen.emit("一")
    assert window.write.text.text() == "a一b"


def test_undo_after_choosing_takes_back_ink_text_and_sample_together(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    qtbot.keyClick(window.write.pad, "1")
    qtbot.waitUntil(lambda: window.desk.store.counts() == {"木": 1})
    with qtbot.waitSignal(window.recognizer.recognized, timeout=5000):
        qtbot.keyClick(window.write.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.write.pad.item, Ink)
    assert shown(window)
    assert window.write.text.text() == ""
    qtbot.waitUntil(lambda: window.desk.store.counts() == {})
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    assert window.write.text.text() == "木"
    qtbot.waitUntil(lambda: window.desk.store.counts() == {"木": 1})


def test_undo_takes_back_no_text_but_what_was_put(window: MainWindow, qtbot: QtBot) -> None:
    text, pad = window.write.text, window.write.pad
    text.setText("木头")
    read(window, qtbot, "木")
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    assert text.text() == "木头木"
    text.textCursor().deletePreviousChar()  # by hand
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text.text() == "木头"
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pad.item is None)
    assert text.text() == "木头木"
    text.textCursor().insertText("木，")
    text.replace(0, 0, "树木")
    qtbot.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text.text() == "树木木头木，"
    qtbot.keyClick(pad, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert text.text() == "树木木头木木，"


@pytest.mark.parametrize(
    ("text", "was", "part", "place"),
    [
        ("木", "木木", (0, 1), None),
        ("木木", "木木木", (1, 2), None),
        ("上中下", "上中上中下", (0, 2), None),
        ("木头木", "木头木", (2, 3), 2),
        ("头木", "木头木", (2, 3), 1),
        ("a木b", "木", (0, 1), 1),
        ("x" + "上" * 3_000 + "木" + "下" * 3_000 + "y", "上" * 3_000 + "木" + "下" * 3_000, (3_000, 3_001), 3_001),
        ("", "木", (0, 1), None),
        ("x", "", (0, 0), 0),
    ],
)
def test_a_part_of_a_text_is_found_after_edits_where_it_is_certain(
    text: str, was: str, part: tuple[int, int], place: int | None
) -> None:
    assert _place_in(text, was, *part) == place


def test_what_likely_follows_stands_on_the_cards_and_a_key_takes_it(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.recognizer.language is not None, timeout=20_000)
    read(window, qtbot, "中")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Space)
    assert window.write.text.text() == "中"
    assert window.write.candidates.is_guess
    assert "国" in shown(window)
    qtbot.keyClick(window.write.pad, str((shown(window).index("国") + 1) % 10))
    assert window.write.text.text() == "中国"
    assert window.desk.store.counts() == {"中": 1}  # what was not written is no sample
    window.write.undo_action.trigger()
    assert window.write.text.text() == "中"


def test_more_candidates_on_demand(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    first = shown(window)
    qtbot.keyClick(window.write.pad, Qt.Key.Key_PageDown)
    assert len(shown(window)) == 10
    assert not set(shown(window)) & set(first)
    second = shown(window)[1]
    qtbot.keyClick(window.write.pad, Qt.Key.Key_PageUp)
    assert shown(window) == first
    qtbot.mouseClick(window.write.candidates.more, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window.write.pad, "2")
    assert window.write.text.text() == second


def test_ink_of_several_characters_is_offered_as_a_row(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1200, 700)
    pad = window.write.pad
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        for place in (0, 1, 2):
            for stroke in WRITTEN["木"]:
                points = [QPoint(round(8 + place * 115 + x), round(100 + y)) for x, y in stroke]
                qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
                for point in points[1:]:
                    qtbot.mouseMove(pad, point)
                qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])
    qtbot.waitUntil(window.write.suggestion.isVisible)
    assert window.write.suggestion.button is not None
    qtbot.mouseClick(window.write.suggestion.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.write.row.buttons) == 3, timeout=20_000)
    assert not window.write.suggestion.isVisible()


def test_a_page_that_is_opened_on_the_pad_is_offered_to_the_reading_room(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    row = np.concatenate([np.pad(draw(written(c)).pixels, 12, constant_values=255) for c in "木中上十木中"], axis=1)
    Image.fromarray(np.concatenate([row, row, row])).save(tmp_path / "page.png")
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        window.write.intake.open_file(tmp_path / "page.png")
    qtbot.waitUntil(window.write.suggestion.isVisible)
    assert window.write.suggestion.button is not None
    qtbot.mouseClick(window.write.suggestion.button, Qt.MouseButton.LeftButton)
    reading = window.room("read")
    assert isinstance(reading, ReadRoom)
    assert window.stack.currentWidget() is reading
    qtbot.waitUntil(lambda: len(reading.pages) == 1, timeout=20_000)
    assert reading.pages[0].path == tmp_path / "page.png"
    window.show_room("write")
    assert window.write.files.source is None
    window.write.pad.undo()
    assert window.write.files.source == tmp_path / "page.png"


def test_not_this_one_takes_a_candidate_away(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.desk.asked.emit("木", QPoint(0, 0), window.write._leave_out)
    menu = next(m for m in window.findChildren(QMenu) if m.isVisible())
    menu.actions()[-1].trigger()
    assert "木" not in shown(window)
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "木"


def test_clearing_forgets_candidates_and_late_answers(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    item = written("中")
    window.recognizer.request(lambda engine, allowed: engine.recognize(item, allowed=allowed))
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Escape)
    qtbot.wait(200)
    assert shown(window) == []


def test_ink_written_before_the_model_is_there_is_read_when_it_comes(qtbot: QtBot) -> None:
    arrive = threading.Event()
    settings = Settings()

    def slow() -> Engine:
        arrive.wait(20)
        return load_engine(settings)

    window = MainWindow(slow, settings)
    qtbot.addWidget(window)
    window.show()
    write_on(window.write.pad, qtbot, "十")
    qtbot.wait(100)
    assert shown(window) == []
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        arrive.set()
    assert "十" in shown(window)[:3]


def test_recognition_never_blocks_the_pen(qtbot: QtBot) -> None:
    """While the engine is busy the pad takes strokes, and only the newest ink is answered."""
    release = threading.Event()
    seen: list[int] = []

    class SlowEngine:
        bundle = load_engine(Settings()).bundle

        def recognize(self, item: Ink, top: int, allowed: object) -> object:
            seen.append(len(item.strokes))
            release.wait(20)
            return load_engine(Settings()).recognize(item, top)

    window = MainWindow(SlowEngine, Settings())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.recognizer.ready):
        pass
    write_on(window.write.pad, qtbot, "一")
    qtbot.waitUntil(lambda: seen == [1])
    write_on(window.write.pad, qtbot, "十")
    write_on(window.write.pad, qtbot, "上")
    qtbot.wait(50)
    assert seen == [1]
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        release.set()
    assert seen[-1] == 6
    assert len(seen) <= 3


def test_a_model_that_cannot_be_loaded_is_a_sentence_in_the_window(qtbot: QtBot) -> None:
    def fail() -> Engine:
        raise ModelError("No model is installed.", "Install one.")

    window = MainWindow(fail, Settings())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.message.isVisible)
    assert window.message.text() == "No model is installed. Install one."


def test_an_unforeseen_error_is_a_sentence_too(qtbot: QtBot) -> None:
    def fail() -> Engine:
        raise ZeroDivisionError("oops")

    window = MainWindow(fail, Settings())
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.message.isVisible)
    assert "ZeroDivisionError: oops" in window.message.text()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "木.png"
    Image.fromarray(np.pad(draw(written("木")).pixels, 20, constant_values=255)).save(path)
    return path


def test_an_opened_image_is_shown_and_read(window: MainWindow, qtbot: QtBot, image: Path) -> None:
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        window.write.intake.open_file(image)
    assert isinstance(window.write.pad.item, GlyphImage)
    assert "木" in shown(window)[:3]


def test_a_dropped_file_is_read(window: MainWindow, qtbot: QtBot, image: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(image))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        window.write.dropEvent(event)
    assert "木" in shown(window)[:3]


def test_a_pasted_image_is_read_and_pasted_text_is_kept_as_text(window: MainWindow, qtbot: QtBot, image: Path) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(image)))
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        qtbot.keyClick(window.write.pad, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "木" in shown(window)[:3]
    QGuiApplication.clipboard().setText("文")
    window.write.paste()
    assert window.write.text.text() == "文"
    QGuiApplication.clipboard().clear()
    window.write.paste()
    assert "clipboard holds no image" in window.message.text()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.png", b"", "0 bytes"),
        ("text.png", b"hello there", "unknown kind"),
        ("cut.png", b"\x89PNG\r\n\x1a\n12", "cut off"),
    ],
)
def test_a_bad_file_is_a_sentence_and_the_ink_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    read(window, qtbot, "十")
    (tmp_path / name).write_bytes(data)
    window.write.intake.open_file(tmp_path / name)
    qtbot.waitUntil(window.message.isVisible)
    assert words in window.message.text()
    assert name in window.message.text()
    assert isinstance(window.write.pad.item, Ink)
    assert len(shown(window)) == 10


def test_a_blank_image_is_a_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    window.write.intake.open_file(tmp_path / "blank.png")
    qtbot.waitUntil(window.message.isVisible, timeout=20_000)
    assert "nothing written" in window.message.text()


def test_of_a_file_of_many_the_first_is_shown_and_said_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    glyph = GlyphImage(draw(written("上")).pixels)
    write_gnt(tmp_path / "a.gnt", [Sample("上", glyph), Sample("上", glyph)])
    with qtbot.waitSignal(window.recognizer.recognized, timeout=20_000):
        window.write.intake.open_file(tmp_path / "a.gnt")
    assert window.write.pad.item == glyph


def test_the_text_is_there_again_after_a_restart(qtbot: QtBot) -> None:
    for expected in ("", "手写"):
        window = MainWindow(lambda: load_engine(Settings()), Settings())
        qtbot.addWidget(window)
        window.show()
        assert window.write.text.text() == expected
        window.write.text.setText("手写")
        window.close()
    assert paths.draft_file().read_text(encoding="utf-8") == "手写"


def test_a_home_that_cannot_be_written_is_a_sentence_and_the_text_stays(
    window: MainWindow, qtbot: QtBot, home: Path
) -> None:
    home.write_text("a file", encoding="utf-8")
    window.write.text.setText("手")
    window.write.line.keep()
    assert window.message.isVisible()
    assert "cannot be written" in window.message.text()
    assert window.write.text.text() == "手"


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.0, "< 1 %"), (0.009, "< 1 %"), (0.01, "1 %"), (0.5, "50 %"), (0.99, "99 %"), (1.0, "> 99 %")],
)
def test_probabilities_are_written_for_people(probability: float, text: str) -> None:
    assert percent(probability) == text


def test_a_newcomer_sees_an_example_and_where_writings_stay_once(qtbot: QtBot) -> None:
    for welcomed in (True, False):
        window = MainWindow(lambda: load_engine(Settings()), Settings())
        qtbot.addWidget(window)
        window.show()
        assert window.write.suggestion.isVisible() == welcomed
        assert bool(window.write.pad._example) == welcomed
        if welcomed:
            assert "stays on this computer" in window.write.suggestion.sentence.text()
            read(window, qtbot, "木")
            assert window.write.suggestion.isVisible()
            qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
            assert not window.write.suggestion.isVisible()
        window.close()


def test_files_that_the_system_hands_over_are_opened(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    ink, page = tmp_path / "own.inkml", tmp_path / "page.png"
    write_inkml(ink, [Sample("木", written("木"))])
    Image.fromarray(page_of("木上")).save(page)
    window.open_files([ink])
    qtbot.waitUntil(lambda: window.write.pad.item is not None)
    assert window.stack.currentWidget() is window.write
    window.write.pad.clear()
    window.open_files([page, ink])
    qtbot.waitUntil(lambda: window.write.pad.item is not None)
    reading = window.room("read")
    assert isinstance(reading, ReadRoom)
    assert window.stack.currentWidget() is reading
    qtbot.waitUntil(lambda: [kept.path for kept in reading.pages] == [page])


def test_a_key_right_after_the_last_stroke_waits_for_its_answer(window: MainWindow, qtbot: QtBot) -> None:
    pad = window.write.pad
    read(window, qtbot, "木")
    qtbot.keyClick(pad, Qt.Key.Key_Return)
    write_on(pad, qtbot, "木")
    qtbot.keyClick(pad, Qt.Key.Key_Return)  # nothing was answered yet
    write_on(pad, qtbot, "中")
    qtbot.keyClicks(pad, ",")
    write_on(pad, qtbot, "上")
    qtbot.keyClick(pad, "1")
    assert window.write.text.text() == "木木中,上"
    assert pad.item is None


def test_typed_text_waits_while_there_is_no_model(qtbot: QtBot) -> None:
    comes = threading.Event()

    def late() -> Engine:
        comes.wait(20)
        return load_engine(Settings())

    window = MainWindow(late, Settings())
    qtbot.addWidget(window)
    window.show()
    write_on(window.write.pad, qtbot, "木")
    qtbot.keyClicks(window.write.pad, ",")
    assert window.write.text.text() == ""
    assert window.write.pad.item is not None  # the ink is not thrown away
    assert "loaded" in window.status.text()
    comes.set()
    qtbot.waitUntil(lambda: bool(window.write.candidates.first), timeout=20_000)
    qtbot.keyClicks(window.write.pad, ",")
    assert window.write.text.text() == "木,"
    window.close()


def test_a_row_is_taken_by_a_button(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.frame.set(SMALL)
    buttons = {button.defaultAction(): button for button in window.small_bar.findChildren(QToolButton)}
    qtbot.mouseClick(buttons[window.write.take_action], Qt.MouseButton.LeftButton)
    assert window.write.text.text() == "木"
    qtbot.mouseClick(buttons[window.write.undo_action], Qt.MouseButton.LeftButton)
    assert window.write.text.text() == ""
    assert window.write.pad.item is not None
    qtbot.mouseClick(buttons[window.write.clear_action], Qt.MouseButton.LeftButton)
    assert window.write.pad.item is None
    assert not buttons[window.write.take_action].isEnabled()
    window.frame.set(WHOLE)


def test_settings_that_change_no_answer_leave_a_corrected_row(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    asked: list[object] = []
    window.recognizer.recognized.connect(asked.append)
    window.desk.set(on_top=False, reading="zhuyin", meaning=False)
    qtbot.wait(50)
    assert asked == []
    assert window.write.candidates.first == "木"
    window.desk.set(context=False)
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_what_was_misread_is_known_though_it_was_said_to_be_wrong(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.write._leave_out("木")
    second = window.write.candidates.first
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk.store.counts() == {second: 1})
    assert [stored.read_as for stored in window.desk.store.all()] == ["木"]


def test_a_message_of_another_kind_stays_while_one_writes(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.show_error(ModelError("The disk is full."))
    write_on(window.write.pad, qtbot, "木")
    qtbot.waitUntil(lambda: window.write.reading.is_settled)
    assert window.message.isVisible()
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    assert not window.message.isVisible()


def test_writing_during_a_replay_shows_all_strokes(window: MainWindow, qtbot: QtBot) -> None:
    pad = window.write.pad
    read(window, qtbot, "中")
    whole = pad.grab().toImage()
    pad.replay()
    assert pad.is_replaying
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    pad.undo()
    now = pad.grab().toImage()
    assert now == whole


def test_several_files_of_characters_are_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("a.gnt.gz", "b.gnt"):
        write_gnt(tmp_path / name, [Sample("木", draw(written("木")))])
    window.show_room("settings")
    window.open_files([tmp_path / "a.gnt.gz", tmp_path / "b.gnt"])
    assert "Of 2 files" in window.message.text()
    qtbot.waitUntil(lambda: window.write.pad.item is not None, timeout=20_000)
    assert window.write.isVisible()


def test_deleting_everything_leaves_nothing_in_the_window(window: MainWindow, home: Path, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.desk.store.counts() == {"木": 1})
    window.show_room("samples")
    samples = window.room("samples")
    assert isinstance(samples, SamplesRoom)
    qtbot.waitUntil(lambda: samples.collection.count == 1)
    samples.collection.relabel([1], "本")
    window.desk.places.keep_folder("pages", home)
    settings = window.room("settings")
    assert isinstance(settings, SettingsRoom)
    settings.delete_everything()
    assert window.write.text.text() == ""
    assert not window.write.pad.can_undo
    assert not samples.collection.can_undo
    assert window.desk.places.folder("pages") == ""
    window.write.line.keep()
    window.close()
    about_the_user = {path.name for path in home.iterdir()} - {"arithmetic.json"}
    assert about_the_user <= {"places.json", "settings.json", "draft.txt", "samples.sqlite"}
    assert (home / "draft.txt").read_text("utf-8") == ""
    assert SampleStore(paths.sample_store()).all() == []
    assert "pages" not in "".join(path.read_text("utf-8") for path in home.glob("places.json"))
