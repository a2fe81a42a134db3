"""The writing room: a pad for one character, a row or a column; candidates; and the text that grows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.alphabet import AlphabetButton
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.pad_files import PadFiles
from hccr_desktop.gui.pad_reading import PadReading
from hccr_desktop.gui.room import Desk, Room, tool_bar
from hccr_desktop.gui.row import RowBar
from hccr_desktop.gui.setting_menu import SettingMenu
from hccr_desktop.gui.text_line import TextLine
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.rows import Written
from hccr_desktop.rooms.writing import Row, ranked, samples_of
from hccr_desktop.settings import Settings


class WriteRoom(Room):
    """Pad, candidates and text line."""

    name = "write"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self._recognizer = desk.recognizer
        self._recognizer.ready.connect(self._model_ready)
        self._recognizer.failed.connect(self._recognition_failed)
        desk.settings_changed.connect(self._apply)
        self._model = ""
        self._found: tuple[Candidate, ...] = ()
        self._row = Row()
        self._is_compact = False
        self._build()
        self._build_actions()
        self._applied = desk.settings
        self._apply(desk.settings)
        self.setAcceptDrops(True)

    # -------------------------------------------------------------------------- widgets

    def _build(self) -> None:
        self.pad = Pad(self)
        self.pad.changed.connect(self._update_actions)
        self.reading = PadReading(self.pad, self.desk, self)
        self.reading.read.connect(self._show_answer)
        self.reading.emptied.connect(self._show_nothing)
        self.candidates = Candidates(self)
        self.candidates.chosen.connect(self._take)
        self.row = RowBar(self)
        self.row.selected.connect(self._select)
        self.typed = QLineEdit(self)
        self.typed.setMaxLength(8)
        self.typed.returnPressed.connect(self._take_typed)
        self.files = PadFiles(self.pad, lambda: self.candidates.first, self)
        self.files.said.connect(self.said)
        self.files.failed.connect(self.failed)
        self.intake = self.files.intake
        self.line = TextLine(self)
        self.line.said.connect(self.said)
        self.line.failed.connect(self.fail)
        self.text, self.copy_button = self.line.edit, self.line.copy_button
        choices = QVBoxLayout()
        choices.addWidget(self.row)
        choices.addWidget(self.candidates, 1)
        choices.addWidget(self.typed)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addWidget(self.pad, 6)
        self._body.addLayout(choices, 5)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(self._body, 1)
        self._layout.addWidget(self.line)

    def _build_actions(self) -> None:
        self.undo_action = self.add("undo", lambda: self.tr("Undo"), self.pad.undo, "Ctrl+Z")
        self.redo_action = self.add("redo", lambda: self.tr("Redo"), self.pad.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self.clear_action = self.add("clear", lambda: self.tr("Clear"), self.pad.clear, "Esc", "Del")
        self.open_action = self.add("open", lambda: self.tr("Open…"), self.files.choose, "Ctrl+O")
        self.paste_action = self.add("paste", lambda: self.tr("Paste"), self.paste, "Ctrl+V")
        self.replay_action = self.add("replay", lambda: self.tr("Replay the writing"), self.pad.replay, "Ctrl+P")
        self.save_action = self.add(
            "save_ink", lambda: self.tr("Save the writing…"), self.files.choose_target, "Ctrl+S"
        )
        self.copy_action = self.add("copy", lambda: self.tr("Copy the text"), self.line.copy, "Ctrl+Shift+C")
        self._bar = tool_bar(
            self, (self.undo_action, self.redo_action, self.clear_action), (self.open_action, self.paste_action)
        )
        self._layout.insertWidget(0, self._bar)
        self._bar.addSeparator()
        self.mode = SettingMenu("pad_mode", lambda value: self.desk.set(pad_mode=value), self)
        self.guides = SettingMenu("guides", lambda value: self.desk.set(guides=value), self)
        self._bar.addWidget(self.mode)
        self._bar.addWidget(self.guides)
        self.alphabet = AlphabetButton(self.desk.settings.subsets, self.desk.settings.own_characters, self)
        self.alphabet.subsets_chosen.connect(lambda chosen: self.desk.set(alphabet=chosen))
        self.alphabet.own_chosen.connect(lambda own: self.desk.set(own_characters=own))
        self._bar.addWidget(self.alphabet)
        self.more = QToolButton(self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.addActions([self.replay_action, self.save_action, self.copy_action])
        menu.addSeparator()
        menu.addActions([self.actions_at_hand["window.on_top"], self.actions_at_hand["window.compact"]])
        menu.addSeparator()
        menu.addAction(self.actions_at_hand["window.quit"])
        self.more.setMenu(menu)
        self._bar.addWidget(self.more)
        self._update_actions()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        modes = {"one": self.tr("One character"), "row": self.tr("A row"), "column": self.tr("A column")}
        self.mode.set_words(self.tr("Writing"), modes)
        guides = {"tian": self.tr("Field 田"), "mi": self.tr("Rice 米"), "none": self.tr("None")}
        self.guides.set_words(self.tr("Guides"), guides)
        self.more.setText(self.tr("More"))
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.candidates.setAccessibleName(self.tr("Candidates"))
        self.row.setAccessibleName(self.tr("Characters of the row"))
        self.typed.setPlaceholderText(self.tr("Not among them? Type it and press Enter"))
        self.typed.setAccessibleName(self.tr("The right character"))
        self.line.retranslate()
        self._say()

    def enter(self) -> None:
        """Give the keys to the pad."""
        self.pad.setFocus()
        self._say()

    def set_compact(self, compact: bool) -> None:
        """Show pad and candidates only, or all."""
        self._is_compact = compact
        for widget in (self._bar, self.line, self.typed):
            widget.setVisible(not compact)

    def _say(self) -> None:
        if not self.isVisible():
            return
        if not self._model:
            self.said.emit(self.tr("Write a character. The model is being loaded…"))
        elif self.desk.settings.pad_mode == "one":
            self.said.emit(self.tr("Write a character. Keys 1 to 9 choose, Enter takes the first."))
        else:
            self.said.emit(
                self.tr("Write several characters. Keys 1 to 9 correct the marked one, Enter takes the row.")
            )

    def _update_actions(self) -> None:
        self.undo_action.setEnabled(self.pad.can_undo)
        self.redo_action.setEnabled(self.pad.can_redo)
        self.clear_action.setEnabled(self.pad.item is not None)
        for action in (self.replay_action, self.save_action):
            action.setEnabled(isinstance(self.pad.item, Ink))

    # -------------------------------------------------------------------------- settings

    def _apply(self, settings: Settings) -> None:
        before, self._applied = self._applied, settings
        self.mode.check(settings.pad_mode)
        self.guides.check(settings.guides)
        self.pad.set_look(settings.guides, settings.pad_mode, settings.pen_percent / 100)
        self.row.setVisible(settings.pad_mode != "one")
        self.line.set_font_of(self.font())
        self._arrange()
        if settings.pad_mode != before.pad_mode:
            self.reading.wait()
            self._say()
        elif settings != before:
            self.reading.ask()

    def _arrange(self) -> None:
        """Put the candidates beside the pad, or below where that leaves the pad more room."""
        below = self._applied.pad_mode == "row" or self.height() > 1.25 * self.width()
        direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._body.direction() != direction:
            self._body.setDirection(direction)
            self.candidates.arrange(flat=below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        self._arrange()
        super().resizeEvent(event)

    # ---------------------------------------------------------------------- recognition

    def _model_ready(self, engine: Engine) -> None:
        self._model = f"{engine.bundle.title} ({engine.bundle.id})"
        self._say()

    def _show_nothing(self) -> None:
        self._show_row(Row())
        self._show_candidates(())

    def _show_answer(self, answer: Recognition | Sequence[Written]) -> None:
        self.failed.emit(None)
        if isinstance(answer, Recognition):
            self._show_row(Row())
            self._show_candidates(answer.candidates)
        else:
            self._show_row(Row(answer))

    def _show_row(self, row: Row) -> None:
        self._row = row
        self.row.show_row(row)
        if row.written:
            self._show_candidates(row.candidates)

    def _show_candidates(self, found: tuple[Candidate, ...]) -> None:
        self._found = found
        settings = self.desk.settings
        before = self.line.before
        if self._row.written:
            before += "".join(self._row.chosen[: self._row.selected])
        language = self._recognizer.language if settings.context else None
        self.candidates.show_candidates(ranked(found, before, language), settings.reading)

    def _recognition_failed(self, error: HccrError) -> None:
        self._show_nothing()
        self.fail(error)

    # ----------------------------------------------------------------------------- taking

    def _select(self, number: int) -> None:
        self._row.select(number)
        self._show_row(self._row)

    def _take(self, character: str) -> None:
        """Put a chosen character into the text and make room for the next one; in a row, correct the marked one."""
        if self._row.written:
            self._row.choose(character)
            self._show_row(self._row)
            return
        item = self.pad.item
        self.text.insert(character)
        if item is not None:
            self._keep([(character, item, self._found[0].character if self._found else "")])
        self._finish()

    def take_row(self) -> None:
        """Put the row into the text, as it was corrected."""
        row = self._row
        self.text.insert(row.text)
        self._keep(row.taken)
        self._finish()

    def _finish(self) -> None:
        self._show_nothing()
        self.pad.clear()
        self.failed.emit(None)
        if self.desk.settings.auto_copy:
            self.line.copy()

    def _take_typed(self) -> None:
        """Take what was typed as what was written."""
        character = self.typed.text().strip()
        self.typed.clear()
        if len(character) == 1 and self.pad.item is not None:
            self._take(character)
        elif character:
            self.fail(InputError("Write one character, then type that one.", "Text goes into the line below."))
        self.pad.setFocus()

    def _keep(self, written: Sequence[tuple[str, Ink | GlyphImage, str]]) -> None:
        """Keep what was written and what it is, to learn from it."""
        settings, store = self.desk.settings, self.desk.store
        if settings.keep_samples:
            samples = samples_of(written, settings.writer)
            self.desk.change_samples(lambda: [store.add(sample, read_as) for sample, read_as in samples])

    # ---------------------------------------------------------------------- text and keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by 1 to 9 and Enter, where the text line does not take the key."""
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.candidates.choose(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_0 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.candidates.choose(9)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._row.written:
                self.take_row()
            else:
                self.candidates.choose(0)
        elif self._row.written and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._select(self._row.selected + (1 if key == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)

    # ----------------------------------------------------------------- files and clipboard

    def paste(self) -> None:
        """Take an image or files from the clipboard; text goes into the text line."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None or not self.intake.take(mime):
            if mime is not None and mime.hasText():
                self.text.insert(mime.text())
            else:
                self.fail(InputError("The clipboard holds no image.", "Copy an image first."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome images and files."""
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what was dropped."""
        if self.intake.take(event.mimeData()):
            event.acceptProposedAction()

    def shut(self) -> None:
        """Keep the text, end the background work."""
        self.line.shut()
        self.reading.shut()
        self.intake.close()
