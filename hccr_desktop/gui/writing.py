"""The writing room: a pad for one character, a row or a column; candidates; and the text that grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.changes import Change, Changes
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.pad_files import PadFiles
from hccr_desktop.gui.pad_reading import Answer, PadReading
from hccr_desktop.gui.pad_suggestion import PadSuggestion
from hccr_desktop.gui.room import Desk, Room
from hccr_desktop.gui.row import RowBar
from hccr_desktop.gui.text_line import TextLine
from hccr_desktop.gui.write_bar import WriteBar
from hccr_desktop.rooms.writing import Row, Taken, likely_next, ranked, samples_of
from hccr_desktop.settings import Settings

if TYPE_CHECKING:
    from hccr_desktop.recognize.engine import Engine


def _asks(settings: Settings) -> tuple[object, ...]:
    """Return what of the settings an answer depends on."""
    return settings.context, settings.alphabet, settings.own_characters


class _Typed(QLineEdit):
    """A line whose keys are its own: none of them goes on to the pad."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key."""
        super().keyPressEvent(event)
        event.accept()


class WriteRoom(Room):
    """Pad, candidates and text line."""

    name = "write"
    put = Signal(str)
    """What was put into the text."""

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self._recognizer = desk.recognizer
        self._recognizer.ready.connect(self._model_ready)
        self._recognizer.failed.connect(self._recognition_failed)
        desk.settings_changed.connect(self._apply)
        self._model = ""
        self._found: tuple[Candidate, ...] = ()
        self._read_as = ""
        """What was read, whatever of it was said to be wrong since."""
        self._has_failed, self.sends = False, False
        """Whether a message of ours is shown; whether what is put goes into other programs."""
        self._row = Row()
        self._build()
        self._build_actions()
        self._applied = desk.settings
        self._apply(desk.settings)
        self.setAcceptDrops(True)

    # -------------------------------------------------------------------------- widgets

    def _build(self) -> None:
        self.pad = Pad(self)
        self.pad.changed.connect(self._update_actions)
        self.pad.taken_back.connect(self._take_back)
        self.pad.done_again.connect(self._do_again)
        self.reading = PadReading(self.pad, self.desk, self)
        self.reading.read.connect(self._show_answer)
        self.reading.emptied.connect(self._show_nothing)
        self.candidates = Candidates(self)
        self.candidates.chosen.connect(self._take)
        self.candidates.marked.connect(self.desk.looked_at)
        self.candidates.wanted.connect(lambda character, at: self.desk.asked.emit(character, at, self._leave_out))
        self.row = RowBar(self)
        self.row.selected.connect(self._select)
        self.row.wanted.connect(lambda character, at: self.desk.asked.emit(character, at, None))
        self.typed = _Typed(self)
        self.typed.setMaxLength(8)
        self.typed.returnPressed.connect(self._take_typed)
        self.files = PadFiles(self.pad, lambda: self._row.text or self.candidates.first, self.desk.places, self)
        self.files.said.connect(self.said)
        self.files.failed.connect(self._show_failed)
        self.intake = self.files.intake
        self.line = TextLine(self)
        self.line.said.connect(self.said)
        self.line.failed.connect(self.fail)
        self.desk.emptying.connect(self.forget)
        self.text, self.copy_button = self.line.edit, self.line.copy_button
        self.text.cursorPositionChanged.connect(self._show_guess)
        self.text.wanted.connect(self.desk.asked_in_text)
        self.text.dropped.connect(self.intake.take)
        self._changes = Changes(self.text, self.desk)
        self.suggestion = PadSuggestion(self.pad, self.files, self.desk, self)
        choices = QVBoxLayout()
        choices.addWidget(self.row)
        choices.addWidget(self.candidates, 1)
        choices.addWidget(self.typed)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addWidget(self.pad, 6)
        self._body.addLayout(choices, 5)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.suggestion)
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
        self.take_action = self.add("take", lambda: self.tr("Take what is written"), self.take)
        self.copy_action = self.add("copy", lambda: self.tr("Copy the text"), self.line.copy, "Ctrl+Shift+C")
        self.more_action = self.add(
            "more", lambda: self.tr("More candidates"), lambda: self.candidates.turn(1), "PgDown"
        )
        self.fewer_action = self.add(
            "fewer", lambda: self.tr("Likelier candidates"), lambda: self.candidates.turn(-1), "PgUp"
        )
        self._bar = WriteBar(self.actions_at_hand, self.desk, self)
        self.mode, self.guides, self.alphabet = self._bar.mode, self._bar.guides, self._bar.alphabet
        self._layout.insertWidget(0, self._bar)
        self.row.add(self.take_action)
        self._update_actions()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.candidates.setAccessibleName(self.tr("Candidates"))
        self.candidates.retranslate()
        self.row.setAccessibleName(self.tr("Characters of the row"))
        self.typed.setPlaceholderText(self.tr("Not among them? Type it and press Enter"))
        self.typed.setAccessibleName(self.tr("The right character"))
        self.line.retranslate()
        self._bar.retranslate()
        self._say()

    def enter(self) -> None:
        """Give the keys to the pad; at the very first say what can be done here."""
        self.pad.setFocus()
        self._say()
        self.suggestion.welcome()

    def forget(self) -> None:
        """Know nothing any more of what was written."""
        self.pad.forget()
        self.line.forget()

    def show_small(self, small: bool, *, sends: bool = False) -> None:
        """Show pad, candidates and one line of text only, or all; say whether what is put goes to other programs."""
        self.sends = sends
        for widget in (self._bar, self.typed):
            widget.setVisible(not small)
        self.line.show_small(small)

    def _say(self) -> None:
        if not self.isVisible():
            return
        if not self._model:
            self.said.emit(self.tr("Write a character. The model is being loaded…"))
        elif self.desk.settings.pad_mode == "one":
            self.said.emit(self.tr("Write a character. Keys 1 to 9 choose, Enter or space takes the first."))
        else:
            self.said.emit(
                self.tr("Write several characters. Keys 1 to 9 correct the marked one, Enter takes the row.")
            )

    def _update_actions(self) -> None:
        self.undo_action.setEnabled(self.pad.can_undo)
        self.redo_action.setEnabled(self.pad.can_redo)
        for action in (self.clear_action, self.take_action):
            action.setEnabled(self.pad.item is not None)
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
        elif _asks(settings) != _asks(before):
            self.reading.ask()
        elif (settings.reading, settings.meaning) != (before.reading, before.meaning):
            self._show_again()

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
        self._found, self._read_as = (), ""
        self.suggestion.look("")
        self._show_guess()

    def _show_guess(self) -> None:
        """Where nothing is written, show what likely follows the text."""
        if self.pad.item is None:
            language = self._recognizer.language if self.desk.settings.context else None
            guess = likely_next(self.line.before, language, 10)
            self.candidates.show_candidates(guess, self.desk.settings.reading, guess=True)

    def _show_again(self) -> None:
        """Show the candidates anew, as a setting that changes no answer wants them."""
        if self.pad.item is None:
            self._show_guess()
        elif self._found:
            self._show_candidates(self._found)

    def _show_answer(self, answer: Answer) -> None:
        if self._has_failed:
            self._has_failed = False
            self.failed.emit(None)
        if answer.one is not None:
            self._show_row(Row())
            self._read_as = answer.one.best.character
            self._show_candidates(answer.one.candidates)
        else:
            self._show_row(Row(answer.row, self._row))
        self.suggestion.look(answer.instead)

    def _leave_out(self, character: str) -> None:
        """A candidate is not what was written."""
        self._found = tuple(c for c in self._found if c.character != character)
        self.candidates.leave_out(character)

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

    def _show_failed(self, error: HccrError | None) -> None:
        if error is None:
            self.failed.emit(None)
        else:
            self.fail(error)

    def fail(self, error: HccrError) -> None:
        """Show an error, until something is read or taken."""
        self._has_failed = True
        super().fail(error)

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
        self._put(character, [(character, item, self._read_as)] if item is not None else [])

    def take(self) -> None:
        """Take what is on the pad: a row as it was corrected, a character as its first candidate."""
        if not self.reading.settle():
            self.said.emit(self.tr("The model is being loaded…"))
        elif self._row.written:
            self.take_row()
        elif self.candidates.first:
            self._take(self.candidates.first)

    def take_row(self) -> None:
        """Put the row into the text, as it was corrected."""
        self._put(self._row.text, self._row.taken)

    def _put(self, text: str, written: Sequence[Taken] = ()) -> None:
        """Put text into the text, keep what was written for it, and empty the pad: one undo takes it all back."""
        settings = self.desk.settings
        samples = samples_of(written, settings.writer) if settings.keep_samples else []
        self.suggestion.end_welcome()
        change = self._changes.insert(text, samples)
        self.pad.clear(change)
        self._show_nothing()
        self._has_failed = False
        self.failed.emit(None)
        self.put.emit(text)
        self.desk.looked_at.emit(text if written and len(text) == 1 else "")
        if settings.auto_copy and not self.sends:  # the other program pastes what was put, not all
            self.line.copy()

    def _delete(self) -> None:
        """Delete the character before the cursor."""
        change = self._changes.delete()
        if change is not None:
            self.pad.clear(change)
            self._show_guess()

    def _take_back(self, change: Change) -> None:
        self._changes.take_back(change)
        self._show_guess()

    def _do_again(self, change: Change) -> None:
        self._changes.make_again(change)
        self._show_guess()

    def _take_typed(self) -> None:
        """Take what was typed as what was written."""
        character = self.typed.text().strip()
        self.typed.clear()
        if character and not self.reading.settle():  # a row that is not read yet would be taken for one character
            self.typed.setText(character)
            self.said.emit(self.tr("The model is being loaded…"))
            return
        if len(character) == 1 and self.pad.item is not None:
            self._take(character)
        elif character:
            self.fail(InputError("Write one character, then type that one.", "Text goes into the box below."))
        self.pad.setFocus()

    # ---------------------------------------------------------------------- text and keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Work as an input pad does: digits choose, Enter and space take the first, what is typed goes on."""
        key, held = (
            event.key(),
            event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier),
        )
        if held:
            super().keyPressEvent(event)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and (self.pad.item is not None or self.candidates.shown):
            if self.reading.settle() and self.candidates.shown:
                self.candidates.choose((key - Qt.Key.Key_1) % 10)
            elif self.reading.is_settled:  # nothing could be read there
                self._put(event.text())
        elif self._row.written and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._select(self._row.selected + (1 if key == Qt.Key.Key_Right else -1))
        elif key == Qt.Key.Key_Backspace:
            if self.pad.item is None:
                self._delete()
            else:
                self.pad.undo()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.pad.item is None:
                self._put(" " if key == Qt.Key.Key_Space else "\n")
            else:
                self.take()
        elif event.text().isprintable() and event.text():
            self.take()
            if self.pad.item is None or (self.reading.is_settled and not self.candidates.first):
                self._put(event.text())
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
