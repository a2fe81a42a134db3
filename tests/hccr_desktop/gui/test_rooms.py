"""The rooms of the window: rows on the pad, samples, a collecting session, models, settings and shortcuts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QImage, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats import sheet as form
from hccr_desktop.gui.app import Application
from hccr_desktop.gui.models import ModelsRoom
from hccr_desktop.gui.preferences import SettingsRoom
from hccr_desktop.gui.samples import SamplesRoom
from hccr_desktop.gui.sheet_dialog import SheetDialog
from hccr_desktop.gui.sheet_printing import draw_page, print_sheet
from hccr_desktop.gui.window import ROOMS, MainWindow
from hccr_desktop.recognize.language import read_own_text
from hccr_desktop.recognize.models import Registry
from hccr_desktop.settings import Settings
from hccr_desktop.store.samples import SampleStore
from tests.conftest import WRITTEN, written
from tests.hccr_desktop.gui.conftest import write_on
from tests.hccr_desktop.gui.test_window import read, shown


def ready(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.recognizer.language is not None, timeout=20_000)


# ------------------------------------------------------------------------------- write


def write_row(window: MainWindow, qtbot: QtBot, text: str) -> None:
    pad = window.write.pad
    scale = pad.cell / 130
    for place, character in enumerate(text):
        for stroke in WRITTEN[character]:
            points = [QPoint(round(14 + place * pad.cell + x * scale), round(30 + y * scale)) for x, y in stroke]
            qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0])
            for point in points[1:]:
                qtbot.mouseMove(pad, point)
            qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1])
    qtbot.waitUntil(lambda: window.write.reading.is_settled and bool(window.write.row.buttons), timeout=20_000)


def test_a_row_is_read_corrected_and_taken(window: MainWindow, qtbot: QtBot) -> None:
    ready(window, qtbot)
    window.desk.set(pad_mode="row")
    qtbot.wait(50)
    write_row(window, qtbot, "木中上")
    row = window.write.row
    assert [button.text() for button in row.buttons] == ["木", "中", "上"]
    qtbot.mouseClick(row.buttons[0], Qt.MouseButton.LeftButton)
    assert row.buttons[0].isChecked()
    second = shown(window)[1]
    qtbot.keyClick(window.write.pad, "2")
    assert row.buttons[0].text() == second
    assert row.buttons[1].isChecked()
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Left)
    assert row.buttons[0].isChecked()
    assert window.write.files._named() == f"{second}中上"
    qtbot.mousePress(window.write.pad, Qt.MouseButton.LeftButton, pos=QPoint(4 * round(window.write.pad.cell), 60))
    qtbot.mouseRelease(window.write.pad, Qt.MouseButton.LeftButton, pos=QPoint(4 * round(window.write.pad.cell), 60))
    qtbot.waitUntil(lambda: window.write.reading.is_settled and len(row.buttons) > 3, timeout=20_000)
    assert row.buttons[0].text() == second  # though the row was read anew
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.write.reading.is_settled and len(row.buttons) == 3, timeout=20_000)
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    assert window.write.text.text() == f"{second}中上"
    assert window.write.pad.item is None
    assert row.buttons == []
    window.close()
    stored = SampleStore(paths.sample_store()).all()
    assert [(s.sample.character, s.read_as) for s in stored] == [(second, "木"), ("中", "中"), ("上", "上")]
    assert [len(s.sample.content.strokes) for s in stored if isinstance(s.sample.content, Ink)] == [4, 4, 3]


def test_context_is_told_in_the_tooltip(window: MainWindow, qtbot: QtBot) -> None:
    ready(window, qtbot)
    read(window, qtbot, "木")
    assert "mù" in window.write.candidates.buttons[0].description
    assert "U+6728" in window.write.candidates.buttons[0].description
    assert "By its shape" in window.write.candidates.buttons[0].description


def test_what_is_not_among_them_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    window.write.typed.setText("龘")
    qtbot.keyClick(window.write.typed, Qt.Key.Key_Return)
    assert window.write.text.text() == "龘"
    qtbot.waitUntil(lambda: window.desk.store.counts() == {"龘": 1})
    window.write.typed.setText("字")
    qtbot.keyClick(window.write.typed, Qt.Key.Key_Return)  # nothing was written
    assert "then type that one" in window.message.text()
    assert window.write.text.text() == "龘"


def ink_of(pad: QWidget) -> float:
    image = pad.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return float((rows[:, : image.width()] < 100).sum())


def test_the_writing_is_saved_and_replayed(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    write_on(window.write.pad, qtbot, "木")
    window.write.files.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").count("<polyline") == 4
    window.write.files.save(tmp_path / "a.xyz")
    assert "no kind of drawing" in window.message.text()
    window.write.pad.show_ink(written("木"))  # without times: a quarter of a second a stroke
    before = ink_of(window.write.pad)
    window.write.replay_action.trigger()
    assert window.write.pad.is_replaying
    assert ink_of(window.write.pad) < 0.5 * before
    qtbot.waitUntil(lambda: not window.write.pad.is_replaying, timeout=20_000)
    assert ink_of(window.write.pad) == pytest.approx(before, rel=0.02)


def test_the_small_window_shows_pad_candidates_text_and_the_way_out(window: MainWindow, qtbot: QtBot) -> None:
    window.desk.set(auto_copy=True)
    window.registry["window.small"].trigger()
    assert not window.rail.isVisible()
    assert window.write.text.isVisible()
    assert window.small_bar.leave.isVisible()
    assert window.write.candidates.isVisible()
    read(window, qtbot, "木")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    from PySide6.QtGui import QGuiApplication

    assert QGuiApplication.clipboard().text() == window.write.text.text() != ""
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Escape)
    assert window.rail.isVisible()
    assert not window.small_bar.isVisible()
    window.registry["window.on_top"].trigger()
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.isVisible()


# ------------------------------------------------------------------------------- samples


def settled(room: SamplesRoom | ModelsRoom, qtbot: QtBot) -> None:
    """Wait until what the room asked for is there."""
    qtbot.waitUntil(lambda: not room.tasks.is_busy, timeout=20_000)


@pytest.fixture
def samples(window: MainWindow, qtbot: QtBot) -> SamplesRoom:
    ready(window, qtbot)
    window.desk.store.add_all([Sample(c, written(c)) for c in "木中上"])
    window.desk.store.add(Sample("十", written("木"), writer="guest"))
    window.show_room("samples")
    room = window.room("samples")
    assert isinstance(room, SamplesRoom)
    settled(room, qtbot)
    return room


def test_samples_are_seen_filtered_relabeled_and_removed(
    samples: SamplesRoom, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert samples.grid.rowCount() == 4
    samples.search.setText("十木")
    assert samples.grid.rowCount() == 2
    samples.search.clear()
    samples.writers.setCurrentIndex(samples.writers.findData("guest"))
    samples.writers.activated.emit(samples.writers.currentIndex())
    assert samples.grid.rowCount() == 1
    samples.view.selectAll()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("木", True))
    samples.relabel_action.trigger()
    settled(samples, qtbot)
    assert samples.grid.at(0).sample.character == "木"
    samples.view.selectAll()
    samples.remove_action.trigger()
    settled(samples, qtbot)
    assert samples.grid.rowCount() == samples.collection.count == 3  # there is no such writer any more
    assert samples.writers.currentData() is None
    samples.undo_action.trigger()
    samples.undo_action.trigger()
    settled(samples, qtbot)
    assert samples.collection.count == 4
    assert [samples.grid.at(row).sample.character for row in range(4)] == ["上", "中", "十", "木"]
    samples.view.setCurrentIndex(samples.grid.index(2))
    samples.remove_action.trigger()
    settled(samples, qtbot)
    assert samples.view.currentIndex().row() == 2  # the next one
    picture = samples.grid.data(samples.grid.index(0), Qt.ItemDataRole.DecorationRole)
    assert picture is not None


def test_odd_ones_are_flagged(samples: SamplesRoom, qtbot: QtBot) -> None:
    samples.look_action.trigger()
    qtbot.waitUntil(samples.odd.isChecked, timeout=20_000)
    assert samples.grid.data(samples.grid.index(0), Qt.ItemDataRole.DisplayRole) == "十 → 木?"


def test_samples_are_exported_and_imported(
    samples: SamplesRoom, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    samples.export_file(tmp_path / "all.jsonl")
    qtbot.waitUntil(lambda: "4 of 4 samples written" in window.status.text(), timeout=20_000)
    samples.import_file(tmp_path / "all.jsonl")
    qtbot.waitUntil(lambda: "4 were there already." in window.status.text(), timeout=20_000)
    assert samples.grid.rowCount() == 4
    window.desk.store.remove([stored.id for stored in window.desk.store.all()])
    samples.import_file(tmp_path / "all.jsonl")
    qtbot.waitUntil(lambda: window.status.text() == "4 samples came in.", timeout=20_000)
    assert samples.grid.rowCount() == 4
    samples.undo_action.trigger()
    settled(samples, qtbot)
    assert samples.grid.rowCount() == 0


def test_a_character_that_is_being_written_is_not_kept_by_an_earlier_answer(
    samples: SamplesRoom, window: MainWindow, qtbot: QtBot
) -> None:
    samples.collect_action.trigger()
    session = samples.collecting
    session.kind.setCurrentIndex(session.kind.findData("own"))
    session.own.setText("木")
    qtbot.mouseClick(session.begin, Qt.MouseButton.LeftButton)
    write_on(session.pad, qtbot, "木")
    answers: list[object] = []
    window.recognizer.recognized.connect(answers.append)
    session._look()
    qtbot.mousePress(session.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))  # one stroke more
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    assert session._session is not None
    assert session._session.at == 0
    qtbot.mouseRelease(session.pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))


def test_a_session_asks_keeps_goes_back_and_is_left(samples: SamplesRoom, window: MainWindow, qtbot: QtBot) -> None:
    samples.collect_action.trigger()
    session = samples.collecting
    session.kind.setCurrentIndex(session.kind.findData("own"))
    session.own.setText("木上")
    session.repeats.setValue(2)
    session.writer.setText("me")
    qtbot.mouseClick(session.begin, Qt.MouseButton.LeftButton)
    assert session.asked.text() == "木"
    assert not session.next.isEnabled()
    write_on(session.pad, qtbot, "木")
    qtbot.mouseClick(session.next, Qt.MouseButton.LeftButton)
    assert session.asked.text() == "上"
    qtbot.waitUntil(lambda: window.desk.store.counts()["木"] == 2)
    qtbot.mouseClick(session.back, Qt.MouseButton.LeftButton)
    assert session.asked.text() == "木"
    qtbot.waitUntil(lambda: window.desk.store.counts()["木"] == 1)  # written anew, not twice
    qtbot.mouseClick(session.skip, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(session.stop, Qt.MouseButton.LeftButton)
    samples.collect_action.trigger()
    qtbot.waitUntil(session.resume.isVisible)
    qtbot.mouseClick(session.resume, Qt.MouseButton.LeftButton)
    assert session.asked.text() == "上"
    for _ in range(3):
        qtbot.mouseClick(session.skip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(samples.view.isVisible)  # at the end it leaves by itself


def test_collecting_goes_on_by_itself_and_says_what_else_it_looks_like(
    samples: SamplesRoom, window: MainWindow, qtbot: QtBot
) -> None:
    ready(window, qtbot)
    samples.collect_action.trigger()
    session = samples.collecting
    session.kind.setCurrentIndex(session.kind.findData("own"))
    session.own.setText("木中")
    session.repeats.setValue(1)
    assert "2 writings, about 1 min" in session.takes.text()
    qtbot.mouseClick(session.begin, Qt.MouseButton.LeftButton)
    write_on(session.pad, qtbot, "中")
    qtbot.waitUntil(lambda: "looks like 中" in session.told.text(), timeout=20_000)
    assert session.asked.text() == "木"
    qtbot.keyClick(session.pad, Qt.Key.Key_Backspace)
    session.pad.clear()
    write_on(session.pad, qtbot, "木")
    qtbot.waitUntil(lambda: session.asked.text() == "中", timeout=20_000)
    qtbot.waitUntil(lambda: window.desk.store.counts().get("木") == 2)
    write_on(session.pad, qtbot, "木")
    qtbot.keyClick(session.pad, Qt.Key.Key_Return)  # any writing is kept by Enter
    qtbot.waitUntil(samples.view.isVisible)
    qtbot.waitUntil(lambda: window.desk.store.counts().get("中") == 2)


def test_a_sheet_has_copies_and_a_picture_and_goes_on_other_paper(
    samples: SamplesRoom, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = SheetDialog({"two": lambda: "木上"})
    qtbot.addWidget(dialog)
    assert dialog.text == "木木木上上上"
    assert "Boxes: 6. Pages: 1." in dialog.pages.text()
    assert dialog.preview.pixmap().height() > 100
    dialog.copies.setValue(1)
    dialog.characters.setPlainText("")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()
    samples.print_sheet(tmp_path / "sheet.pdf", "木上", "Letter")
    from hccr_desktop.formats.documents import open_document

    with open_document(tmp_path / "sheet.pdf") as document:
        size = document.size_pt(0)
        assert size is not None
        assert size == pytest.approx((612, 792), abs=1)
        page = document.page(0)
    Image.fromarray(page.pixels).save(tmp_path / "scan.png")
    assert len(list(paths.sheets().iterdir())) == 1
    assert list(form.read_sheets(tmp_path / "scan.png", paths.sheets())) == []  # it is known, and holds nothing yet


def test_a_printed_sheet_is_read_back(samples: SamplesRoom, qtbot: QtBot, tmp_path: Path) -> None:
    assert print_sheet(tmp_path / "sheet.pdf", "木上" * 50, QFont()) == 2
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    (file,) = paths.sheets().iterdir()
    sheet = form.Sheet(int(file.stem), "木上" * 50)
    dots = 8
    page = QImage(round(form.WIDTH * dots), round(form.HEIGHT * dots), QImage.Format.Format_Grayscale8)
    page.fill(QColor("white"))
    painter = QPainter(page)
    painter.scale(dots, dots)
    draw_page(painter, sheet, 0, QFont())
    left, top = form.box_of(1)
    painter.fillRect(round(left + 5), round(top + 9), 9, 1, QColor("black"))
    painter.end()
    page.save(str(tmp_path / "scan.png"))
    samples.read_scan(tmp_path / "scan.png")
    qtbot.waitUntil(lambda: samples.grid.rowCount() == 5, timeout=20_000)
    assert samples.collection.sources[-1].startswith("sheet")
    assert [s.sample.character for s in samples.collection.shown].count("上") == 2


# -------------------------------------------------------------------------------- models


def test_a_model_that_is_used_without_int8_says_so(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.recognizer.engine is not None, timeout=20_000)
    engine = window.recognizer.engine
    assert engine is not None
    window.show_room("models")
    room = window.room("models")
    assert isinstance(room, ModelsRoom)
    settled(room, qtbot)
    item = room.tree.topLevelItem(0)
    assert item is not None
    assert item.text(0).endswith("(in use)")
    engine.arithmetic = "floats"  # as it is where the canary differs
    room.enter()
    settled(room, qtbot)
    item = room.tree.topLevelItem(0)
    assert item is not None
    assert item.text(0).endswith("(in use, without int8 arithmetic)")


def test_models_are_measured_exported_and_shown(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.show_room("models")
    room = window.room("models")
    assert isinstance(room, ModelsRoom)
    settled(room, qtbot)
    bundle = Registry().active()
    assert room.chosen == bundle or (room.chosen is not None and room.chosen.id == bundle.id)
    assert "CASIA" in room.card.toPlainText()
    assert not room.activate_action.isEnabled()
    room.measure_action.trigger()
    qtbot.waitUntil(lambda: "ms a character. 100% of the test answers agree" in window.status.text(), timeout=20_000)
    item = room.tree.topLevelItem(0)
    assert item is not None
    settled(room, qtbot)
    item = room.tree.topLevelItem(0)
    assert item is not None
    assert item.text(3).endswith(" ms")
    room.export_file(tmp_path / "model.zip")
    qtbot.waitUntil((tmp_path / "model.zip").exists, timeout=20_000)
    (tmp_path / "bad.zip").write_bytes(b"PK no")
    room.import_file(tmp_path / "bad.zip")
    qtbot.waitUntil(window.message.isVisible, timeout=20_000)
    assert "bad.zip is no model" in window.message.text()


# ------------------------------------------------------------------------------- settings


@pytest.fixture
def settings(window: MainWindow) -> SettingsRoom:
    window.show_room("settings")
    room = window.room("settings")
    assert isinstance(room, SettingsRoom)
    return room


def test_every_setting_has_a_named_control_that_sets_it(settings: SettingsRoom, window: MainWindow) -> None:
    for name, widget in settings.fields.items():
        assert widget.accessibleName(), name
    for name, widget in settings.fields.items():
        if name in ("on_top", "language", "theme", "text_percent"):
            continue  # these rebuild the window; tested by themselves
        before = getattr(window.desk.settings, name)
        if isinstance(widget, QComboBox):
            other = next(i for i in range(widget.count()) if widget.itemData(i) != before)
            widget.setCurrentIndex(other)
            widget.activated.emit(other)
        elif isinstance(widget, QAbstractButton):
            widget.click()
        elif isinstance(widget, QSpinBox):
            widget.setValue(before + 1)
        elif isinstance(widget, QLineEdit):
            widget.setText("me")
            widget.editingFinished.emit()
        assert getattr(window.desk.settings, name) != before, name


def test_shortcuts_are_remapped_and_conflicts_refused(settings: SettingsRoom, window: MainWindow, qtbot: QtBot) -> None:
    row = window.registry.names.index("write.undo")
    settings.shortcuts.table.setCurrentCell(row, 0)
    assert settings.shortcuts.chosen == "write.undo"
    settings.shortcuts.key.setKeySequence(QKeySequence("Esc"))
    qtbot.mouseClick(settings.shortcuts.set_key, Qt.MouseButton.LeftButton)
    assert "Clear" in settings.shortcuts.conflict.text()
    assert window.desk.settings.own_shortcuts == {}
    settings.shortcuts.key.setKeySequence(QKeySequence("Ctrl+U"))
    qtbot.mouseClick(settings.shortcuts.set_key, Qt.MouseButton.LeftButton)
    assert window.desk.settings.own_shortcuts == {"write.undo": "Ctrl+U"}
    window.show_room("write")
    write_on(window.write.pad, qtbot, "十")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(window.write.pad.item, Ink)
    assert len(window.write.pad.item.strokes) == 2
    qtbot.keyClick(window.write.pad, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert len(window.write.pad.item.strokes) == 1
    window.show_room("settings")
    qtbot.mouseClick(settings.shortcuts.usual_key, Qt.MouseButton.LeftButton)
    assert window.desk.settings.own_shortcuts == {}


def test_no_two_actions_of_a_room_share_keys(window: MainWindow) -> None:
    for name in ROOMS:
        window.room(name)
    registry = window.registry
    assert {name: found for name in registry.names if (found := registry.conflicts(name, registry.keys(name)))} == {}
    assert all(registry.title(name) for name in registry.names)


def test_everything_is_deleted(settings: SettingsRoom, window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.recognizer.engine is not None, timeout=20_000)  # it remembers how a model is used
    window.desk.store.add(Sample("木", written("木")))
    window.desk.set(writer="me")
    settings.delete_everything()
    assert window.desk.settings == Settings()
    assert SampleStore(paths.sample_store()).all() == []
    assert not any(path.exists() for path in paths.everything() if "samples" not in path.name)


def test_every_room_is_reached_by_key(window: MainWindow, qtbot: QtBot) -> None:
    for number, name in enumerate(ROOMS, 1):
        qtbot.keyClick(window, str(number), Qt.KeyboardModifier.AltModifier)
        assert window.stack.currentWidget() is window.room(name)


_CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit)


def _controls(part: QWidget) -> list[QWidget]:
    """Return what a user may use, without the parts that Qt's own controls are made of."""
    found = [widget for kind in _CONTROLS for widget in part.findChildren(kind)]
    return [w for w in found if not w.objectName().startswith("qt_") and not isinstance(w.parent(), QAbstractSpinBox)]


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def _label(widget: QWidget) -> str:
    """Return the words before a control in a form; those of a control that stands in none are its own."""
    parent = widget.parentWidget()
    for layout in parent.findChildren(QFormLayout) if parent is not None else []:
        if layout.indexOf(widget) >= 0:
            label = layout.labelForField(widget)
            own = widget.text() if isinstance(widget, QAbstractButton) else ""
            return own or (label.text().strip() if isinstance(label, QLabel) else "")
    return _name(widget)


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_TW"])
def test_every_control_has_a_name_a_label_its_shortcut_and_a_place_inside_the_window(
    qapp: QApplication, qtbot: QtBot, language: str, percent: int
) -> None:
    application = Application(qapp, Settings(language=language, text_percent=percent))
    window = application.window
    qtbot.addWidget(window)
    window.resize(1366, 740)
    window.show()
    try:
        for name in ROOMS:
            window.show_room(name)
            qtbot.wait(50)
            room = window.room(name)
            parts: list[QWidget] = [room]
            if isinstance(room, SamplesRoom):
                room.collect_action.trigger()
                parts.append(room.collecting)
            assert window.width() <= 1366, name
            assert window.height() <= 768, name
            for widget in [control for part in parts for control in _controls(part)]:
                where = f"{name}: {widget}"
                if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                    assert _name(widget), where
                    assert _label(widget), where
                shown = re.search(r"\(([^()]+)\)$", widget.toolTip())
                if shown and isinstance(widget, QAbstractButton):
                    action = widget.defaultAction() if isinstance(widget, QToolButton) else None
                    keys = action.shortcuts() if action is not None else [widget.shortcut()]
                    native = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
                    of_parts = [
                        key for part in parts for key in part.findChildren(QShortcut) if key.parent() is not room
                    ]
                    native += [key.key().toString(QKeySequence.SequenceFormat.NativeText) for key in of_parts]
                    assert shown[1] in {", ".join(native), *native}, where
                if widget.isVisible():
                    _assert_inside(widget, window, where)
        for action in window.rail.actions():
            button = window.rail.widgetForAction(action)
            if isinstance(button, QToolButton):
                assert button.isVisible(), action.text()
                _assert_inside(button, window, action.text())
    finally:
        window.close()
        application.apply(Settings(language="en"))


def _assert_inside(widget: QWidget, window: QWidget, where: str) -> None:
    """Assert that a control is not cut off by the window; what can be scrolled to is not."""
    scrolled = widget.parentWidget()
    while scrolled is not None and not isinstance(scrolled, QAbstractScrollArea):
        scrolled = scrolled.parentWidget()
    left = widget.mapTo(window, QPoint(0, 0))
    assert left.x() >= 0, where
    assert left.x() + widget.width() <= window.width(), where
    if scrolled is None:
        assert left.y() + widget.height() <= window.height(), where
    text = widget.text() if isinstance(widget, QAbstractButton) and not isinstance(widget, QToolButton) else ""
    if text:
        need = widget.minimumSizeHint().boundedTo(widget.sizeHint())
        assert widget.width() >= need.width() - 1, where


def test_what_was_corrected_gains_at_once_and_loses_with_its_sample(window: MainWindow, qtbot: QtBot) -> None:
    ready(window, qtbot)

    def learned() -> int:
        return len(window.desk._personal or ())

    def probability_of(character: str) -> float:
        read(window, qtbot, "木")
        return next(c.alone for c in window.write.candidates.shown if c.character == character)

    read(window, qtbot, "木")
    second = shown(window)[1]
    window.write.pad.clear()
    before = probability_of(second)
    qtbot.keyClick(window.write.pad, "2")
    qtbot.waitUntil(lambda: learned() == 1, timeout=20_000)
    assert probability_of(second) > 2 * before
    window.write.pad.clear()
    window.show_room("samples")
    room = window.room("samples")
    assert isinstance(room, SamplesRoom)
    settled(room, qtbot)
    room.view.selectAll()
    room.remove_action.trigger()
    qtbot.waitUntil(lambda: learned() == 0, timeout=20_000)
    window.show_room("write")
    assert probability_of(second) == pytest.approx(before, rel=0.1)


def test_the_window_is_closed_by_key(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_own_names_and_terms_are_kept(window: MainWindow, qtbot: QtBot) -> None:
    window.show_room("settings")
    room = window.room("settings")
    assert isinstance(room, SettingsRoom)
    room.terms.setPlainText("钱锺书")
    window.close()  # before the second is over
    assert read_own_text() == "钱锺书"


@pytest.mark.parametrize("name", ROOMS)
def test_tab_goes_through_all_controls_of_a_room_and_comes_back(window: MainWindow, qtbot: QtBot, name: str) -> None:
    window.activateWindow()
    window.show_room(name)
    qtbot.wait(50)
    start = QApplication.focusWidget()
    assert start is not None
    assert start.visibleRegion().boundingRect().isValid()
    seen = [start]
    while len(seen) < 200:
        qtbot.keyClick(seen[-1], Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now is start:
            break
        seen.append(now)
    else:
        pytest.fail(f"Tab does not come back: {seen[-5:]}")
    for widget in _controls(window.room(name)):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget in seen or widget.focusProxy() in seen, widget


def test_tab_goes_through_the_settings_as_they_stand(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.show_room("settings")
    room = window.room("settings")
    assert isinstance(room, SettingsRoom)
    qtbot.wait(50)
    assert QApplication.focusWidget() is room.search
    for name in ("language", "theme", "text_percent", "pad_mode"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is room.fields[name]


def test_the_keys_of_the_samples_rest_while_one_collects(
    samples: SamplesRoom, window: MainWindow, qtbot: QtBot
) -> None:
    samples.view.selectAll()
    samples.remove_action.trigger()
    settled(samples, qtbot)
    assert samples.undo_action.isEnabled()
    samples.collect_action.trigger()
    assert not any(
        action.isEnabled() for action in (samples.undo_action, samples.remove_action, samples.relabel_action)
    )
    session = samples.collecting
    session.kind.setCurrentIndex(session.kind.findData("own"))
    session.own.setText("上木")
    qtbot.mouseClick(session.begin, Qt.MouseButton.LeftButton)
    assert session.asked.text() == "上"
    write_on(session.pad, qtbot, "木")
    assert session.asked.text() == "上"
    other = QLineEdit(window)
    other.show()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    qtbot.keyClick(other, Qt.Key.Key_Return)
    assert session.asked.text() == "上"
    session.pad.setFocus()
    qtbot.keyClick(session.pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert samples.collection.count == 0  # the removal stands
    item = session.pad.item
    assert isinstance(item, Ink)
    assert len(item.strokes) == len(WRITTEN["木"]) - 1
    session.left.emit()
    qtbot.waitUntil(samples.undo_action.isEnabled)


def test_an_odd_sample_that_was_put_right_is_odd_no_longer(samples: SamplesRoom, qtbot: QtBot) -> None:
    samples.look_action.trigger()
    qtbot.waitUntil(samples.odd.isChecked, timeout=20_000)
    (number,) = samples.collection.odd
    samples.collection.relabel([number], "木")
    assert samples.collection.odd == {}
    samples.collection.undo()
    assert samples.collection.odd == {number: "木"}
