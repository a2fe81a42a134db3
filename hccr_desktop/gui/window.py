"""The main window: a rail of rooms, the room at hand, and a line that says what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.frame import SEND, SMALL, WHOLE, Frame
from hccr_desktop.gui.rail import Rail
from hccr_desktop.gui.recognizer import Recognizer
from hccr_desktop.gui.room import Desk, Room, tab_in_order
from hccr_desktop.gui.small_bar import SmallBar
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.writing import WriteRoom
from hccr_desktop.settings import Settings

if TYPE_CHECKING:
    from hccr_desktop.gui.guide import GuideWindow
    from hccr_desktop.gui.meaning import MeaningPanel
    from hccr_desktop.recognize.engine import Engine

ROOMS = {
    "write": ("写", "hccr_desktop.gui.writing", "WriteRoom"),
    "read": ("读", "hccr_desktop.gui.reading", "ReadRoom"),
    "samples": ("集", "hccr_desktop.gui.samples", "SamplesRoom"),
    "train": ("练", "hccr_desktop.gui.training", "TrainRoom"),
    "models": ("型", "hccr_desktop.gui.models", "ModelsRoom"),
    "settings": ("设", "hccr_desktop.gui.preferences", "SettingsRoom"),
}
"""The rooms in the order of the rail: sign, module and class. All but the first are loaded when they are entered."""


_WITH_CHARACTERS = ("write", "read", "samples")
_BESIDE = 17
"""How wide the panel of meanings is at first, in lines of text."""
_MOST_BESIDE = 0.25
"""The most of the window's width that it takes."""
_OF_CHARACTERS = (".gnt", ".inkml", ".jsonl")
"""Suffixes of files that hold characters, not pages."""


def _require_active() -> None:
    from hccr_desktop.recognize.models import Registry

    Registry().require_active()


class MainWindow(QMainWindow):
    """Emits `settings_changed(Settings)`; whoever owns the window stores and applies them."""

    settings_changed = Signal(object)

    def __init__(self, load_engine: Callable[[], Engine], settings: Settings) -> None:
        super().__init__()
        self._tasks = Tasks(self)
        self.recognizer = Recognizer(load_engine, self._tasks, self)
        self.desk = Desk(self.recognizer, settings, self)
        self.desk.settings_changed.connect(self._apply)
        self.desk.failed.connect(self.show_error)
        self.desk.terms_changed.connect(self._tell_terms)
        self.desk.asked.connect(self._show_menu)
        self.desk.asked_in_text.connect(lambda text, at, edit: self._show_menu(text, at, None, edit))
        self.desk.to_read.connect(self._read)
        self.desk.to_collect.connect(self._collect)
        self.frame = Frame(self, self.desk, self._usual_size)
        self.frame.changed.connect(self._show_frame)
        self.frame.sending.failed.connect(self.show_error)
        self.registry = Actions(self)
        self.rooms: dict[str, Room] = {}
        self.guide: GuideWindow | None = None
        self._meaning: MeaningPanel | None = None
        self._build()
        self.registry.remap(settings.own_shortcuts)
        self._restrict(settings)
        self.show_room("write")
        self._retranslate()
        self.frame.restore()
        parted = QByteArray.fromHex(self.desk.places["split.window"].encode())
        if not self.parts.restoreState(parted):
            beside = min(_BESIDE * self.fontMetrics().height(), round(_MOST_BESIDE * self.width()))
            self.parts.setSizes([self.width() - beside, beside])
        self._settings = settings
        self.frame.apply(settings)
        self.write.put.connect(self._send)
        self._soon = QTimer(self)  # of the window's own, which ends with it
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(lambda: self.meaning)
        self.recognizer.ready.connect(lambda _: self._soon.start(0))
        self.recognizer.ready.connect(lambda _: self._tasks.run(_require_active, lambda _: None, self.show_error))
        QTimer.singleShot(0, self.recognizer.start)

    # -------------------------------------------------------------------------- widgets

    def _build(self) -> None:
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setFrameShape(QFrame.Shape.StyledPanel)
        self.message.setMargin(8)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.hide()
        self.status = QLabel(self)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)
        self.stack = QStackedWidget(self)
        central = QWidget(self)
        layout = QVBoxLayout()
        self._column = layout
        layout.addWidget(self.message)
        layout.addWidget(self.stack, 1)
        self.desk.looked_at.connect(self._look_at)
        self._place_of_meaning = QWidget(self)
        left = QWidget(self)
        left.setLayout(layout)
        layout.setContentsMargins(0, 0, 0, 0)
        self.parts = QSplitter(self)
        self.parts.addWidget(left)
        self.parts.addWidget(self._place_of_meaning)
        self.parts.setStretchFactor(0, 1)
        self.parts.setChildrenCollapsible(False)
        self.parts.splitterMoved.connect(lambda *_: self._keep_parts())
        outer = QHBoxLayout(central)
        outer.addWidget(self.parts)
        self.setCentralWidget(central)
        self.rail = Rail(self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)
        titles: dict[str, Callable[[], str]] = {
            "write": lambda: self.tr("Write"),
            "read": lambda: self.tr("Read"),
            "samples": lambda: self.tr("Samples"),
            "train": lambda: self.tr("Train"),
            "models": lambda: self.tr("Models"),
            "settings": lambda: self.tr("Settings"),
        }
        for number, name in enumerate(ROOMS, 1):
            action = self.registry.add(
                f"room.{name}", titles[name], partial(self.show_room, name), (f"Alt+{number}",), checked=False
            )
            self.rail.add(action, ROOMS[name][0])
        on_top = self.registry.add(
            "window.on_top",
            lambda: self.tr("Keep above other windows"),
            lambda: self.desk.set(on_top=not self.desk.settings.on_top),
            ("Ctrl+Shift+T",),
            checked=self.desk.settings.on_top,
        )
        self.registry.add(
            "window.small", lambda: self.tr("Small window"), lambda: self.frame.toggle(SMALL), ("F11",), checked=False
        )
        send = self.registry.add(
            "window.send",
            lambda: self.tr("Type into other programs"),
            lambda: self.frame.toggle(SEND),
            ("F12",),
            checked=False,
        )
        self.small_bar = SmallBar(send, on_top, self)
        self.small_bar.left.connect(lambda: self.frame.set(WHOLE))
        self.small_bar.hide()
        self._column.insertWidget(0, self.small_bar)
        meaning = self.registry.add(
            "window.meaning",
            lambda: self.tr("Meaning"),
            lambda: self.desk.set(meaning=not self.desk.settings.meaning),
            ("F6",),
            checked=self.desk.settings.meaning,
        )
        self.registry.add("window.quit", lambda: self.tr("Quit"), self.close, ("Ctrl+Q",))
        guide = self.registry.add("window.guide", lambda: self.tr("Guide"), self.show_guide, ("F1",))
        self.rail.begin_end()
        self.rail.add(meaning, "义")
        self.rail.add(guide, "助")

    # ----------------------------------------------------------------------------- rooms

    @property
    def write(self) -> WriteRoom:
        """The room with the pad."""
        room = self.room("write")
        assert isinstance(room, WriteRoom)
        return room

    def room(self, name: str) -> Room:
        """Return a room, made when it is first asked for."""
        if name not in self.rooms:
            _, module, kind = ROOMS[name]
            room: Room = getattr(import_module(module), kind)(self.desk, self.registry, self)
            room.said.connect(self.status.setText)
            room.failed.connect(self.show_error)
            room.retranslate()
            tab_in_order(room)
            self.rooms[name] = room
            self.stack.addWidget(room)
        return self.rooms[name]

    def show_room(self, name: str) -> None:
        """Go to a room."""
        if name != "write":
            self.frame.set(WHOLE)
        room = self.room(name)
        self.message.hide()
        self.status.clear()
        self.stack.setCurrentWidget(room)
        self._show_meaning()
        for other in ROOMS:
            self.registry[f"room.{other}"].setChecked(other == name)
        room.enter()

    def show_guide(self) -> None:
        """Show the user's guide in a window beside this one."""
        from hccr_desktop.gui.guide import GuideWindow

        try:
            self.guide = self.guide or GuideWindow(self)
        except HccrError as error:
            self.show_error(error)
            return
        self.guide.show()
        self.guide.raise_()
        self.guide.activateWindow()

    def show_error(self, error: HccrError | None) -> None:
        """Say what went wrong; None takes the message away."""
        if error is None:
            self.message.hide()
            return
        self.message.setText(error.sentence(lambda text: QCoreApplication.translate("errors", text)))
        self.message.show()

    # -------------------------------------------------------------------------- settings

    def _apply(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        if (settings.alphabet, settings.own_characters) != (before.alphabet, before.own_characters):
            self._restrict(settings)
        if settings.shortcuts != before.shortcuts:
            self.registry.remap(settings.own_shortcuts)
        self.registry["window.on_top"].setChecked(settings.on_top)
        self._show_meaning()
        self.frame.apply(settings)
        self.settings_changed.emit(settings)

    def _restrict(self, settings: Settings) -> None:
        try:
            self.recognizer.restrict(settings.subsets, settings.own_characters)
        except HccrError as error:
            self.show_error(error)

    # ----------------------------------------------------------------------------- frame

    def _usual_size(self) -> tuple[int, int]:
        """Return how large the window is at first: it grows with the text, as far as the screen lets it."""
        line = self.fontMetrics().height()
        screen = QGuiApplication.primaryScreen()
        room = screen.availableSize() if screen is not None else QSize(1040, 640)
        return min(62 * line, room.width() - 40), min(39 * line, room.height() - 60)

    def _show_frame(self, state: str) -> None:
        """Show all, or the pad with little around it."""
        is_whole = state == WHOLE
        if not is_whole:
            self.show_room("write")
        self.rail.setVisible(is_whole)
        self.statusBar().setVisible(is_whole)
        if not is_whole and not self.small_bar.is_whole:  # for who has no keyboard at hand
            self.small_bar.add(*(self.registry[f"write.{name}"] for name in ("take", "undo", "clear")))
        self.small_bar.setVisible(not is_whole)
        self.small_bar.show_state(sends=state == SEND, can=self.frame.sending.is_possible)
        self.write.show_small(not is_whole, sends=state == SEND)
        self._show_meaning()
        self.registry["window.small"].setChecked(state == SMALL)
        self.registry["window.send"].setChecked(state == SEND)

    def _send(self, text: str) -> None:
        if self.frame.state == SEND:
            self.frame.sending.send(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the small window with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.frame.state != WHOLE:
            self.frame.set(WHOLE)
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- what rooms ask of others

    def _show_menu(
        self, text: str, at: QPoint, leave_out: Callable[[str], object] | None, edit: QMenu | None = None
    ) -> None:
        from hccr_desktop.gui.character_menu import CharacterMenu

        menu = CharacterMenu(text, self.desk, self.look_up, leave_out, self, edit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    @property
    def meaning(self) -> MeaningPanel:
        """The panel that explains characters: made once the window has been seen, whose start it would slow down."""
        if self._meaning is None:
            from hccr_desktop.gui.meaning import MeaningPanel

            self._meaning = MeaningPanel(self)
            self._meaning.failed.connect(self.show_error)
            self.desk.emptying.connect(self._meaning.forget)
            sizes = self.parts.sizes()
            self.parts.replaceWidget(1, self._meaning)
            self._place_of_meaning.deleteLater()
            self.parts.setSizes(sizes)
            self._show_meaning()
        return self._meaning

    def look_up(self, text: str) -> None:
        """Show what is known of a character."""
        if not self.desk.settings.meaning:
            self.desk.set(meaning=True)
        self.meaning.look_up(text)

    def _keep_parts(self) -> None:
        self.desk.places["split.window"] = self.parts.saveState().toHex().toStdString()

    def _look_at(self, text: str) -> None:
        if self._meaning is not None and self._meaning.isVisible():
            self._meaning.look_at(text)

    def _show_meaning(self) -> None:
        """Show the panel beside rooms where there are characters."""
        on = self.desk.settings.meaning
        self.registry["window.meaning"].setChecked(on)
        has_characters = self.stack.currentWidget() in [self.rooms.get(name) for name in _WITH_CHARACTERS]
        beside = self._meaning or self._place_of_meaning
        beside.setVisible(on and has_characters and self.frame.state == WHOLE)

    def _tell_terms(self) -> None:
        self.status.setText(self.tr("Your names and terms are kept, and count from now on."))

    def _collect(self) -> None:
        """Begin to collect samples."""
        self.show_room("samples")
        self.registry["samples.collect"].trigger()

    def open_files(self, files: Sequence[Path]) -> None:
        """Open the first file of characters on the pad, and all that are none as pages."""
        ink = [file for file in files if set(map(str.lower, file.suffixes)) & set(_OF_CHARACTERS)]
        if ink:
            self.show_room("write")
            self.write.files.intake.open_file(ink[0])
        if len(ink) > 1:
            self.show_error(
                InputError(
                    "Of {count} files with characters the first was opened: {name}.",
                    "“Import” in Samples takes them in.",
                    count=len(ink),
                    name=ink[0].name,
                )
            )
        if pages := [file for file in files if file not in ink]:
            self._read(pages)

    def _read(self, files: Sequence[Path]) -> None:
        """Read files as pages."""
        self.show_room("read")
        self.room("read").take_files(files)

    # ---------------------------------------------------------------------------- window

    def _retranslate(self) -> None:
        self.setWindowTitle("Hccr Desktop")
        self.rail.setAccessibleName(self.tr("Rooms"))
        self.registry.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "rail"):
            self._retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the text, end the background work; where a training runs, ask first."""
        question = next(filter(None, (room.keeps_open() for room in self.rooms.values())), "")
        if question and not self._may_close(question):
            event.ignore()
            return
        self._soon.stop()
        self.frame.keep()
        for room in self.rooms.values():
            room.shut()
        if self.guide is not None:
            self.guide.close()
        self._tasks.close()
        self.desk.close()
        super().closeEvent(event)

    def _may_close(self, question: str) -> bool:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(question)
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is stop
