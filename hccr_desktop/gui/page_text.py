"""A page's text beside its picture: every character knows where it stands, doubtful ones are underlined."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from hccr_desktop.gui.text_units import characters_in, units_of
from hccr_desktop.gui.theme import UNSURE, certainty_color
from hccr_desktop.rooms.reading import ReadPage


class PageText(QPlainTextEdit):
    """Edits a page's text, and with it the page.

    Emits `answer_reached(int)` where the cursor goes, -1 for none, and `edited(ReadPage)`. While one character after
    another is reviewed, digits choose a candidate, `digit(int)` from 0, Enter confirms, and what is typed replaces;
    each goes on to the next doubtful one. `reviews(bool)` tells when that begins and ends, `ended()` that none is left.
    """

    answer_reached = Signal(int)
    edited = Signal(object)
    digit = Signal(int)
    reviews = Signal(bool)
    ended = Signal()
    wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: ReadPage | None = None
        self._is_reviewing = False
        self.enlarge()
        self.cursorPositionChanged.connect(self._tell)
        self.document().contentsChange.connect(self._edited)

    def show_page(self, page: ReadPage | None) -> None:
        """Show a page's text, or none."""
        self._review(False)
        self._page = None  # filling in is no edit
        self.setPlainText("" if page is None else page.text)
        self._page = page
        self.mark_doubtful()
        self._tell()

    @property
    def answer(self) -> int:
        """The answer that the character at the cursor shows, -1 for none."""
        return -1 if self._page is None else self._page.answer_at(self._at)

    @property
    def _at(self) -> int:
        """The number of the character at the cursor."""
        return characters_in(self.toPlainText(), self.textCursor().selectionStart())

    def _tell(self) -> None:
        self.answer_reached.emit(self.answer)

    def mark_doubtful(self) -> None:
        """Underline what is doubtful: dashed, and with a wave what is hardly more than a guess."""
        page, marks = self._page, []
        answers = page.answers if page is not None else ()
        for at, answer in enumerate(page.owners if page is not None else ()):
            if page is None or answer < 0 or not page.is_doubtful(answer):
                continue
            selection = QTextEdit.ExtraSelection()
            cursor = self._selecting(QTextCursor(self.document()), at)
            looks = QTextCharFormat()
            looks.setFontUnderline(True)
            sure = answers[answer].best.probability
            style = QTextCharFormat.UnderlineStyle
            looks.setUnderlineStyle(style.WaveUnderline if sure < UNSURE else style.DashUnderline)
            looks.setUnderlineColor(certainty_color(sure, self.palette()))
            selection.format, selection.cursor = looks, cursor
            marks.append(selection)
        self.setExtraSelections(marks)

    def go_to(self, at: int, length: int = 1) -> None:
        """Select the characters from a place of the text on."""
        self.setTextCursor(self._selecting(self.textCursor(), at, length))

    def _selecting(self, cursor: QTextCursor, at: int, length: int = 1) -> QTextCursor:
        text = self.toPlainText()
        cursor.setPosition(units_of(text[:at]))
        cursor.setPosition(units_of(text[: at + length]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def go_to_answer(self, answer: int) -> None:
        """Select the character that shows an answer."""
        if self._page is not None and (at := self._page.place_of(answer)) >= 0:
            self.go_to(at)
            self._review(True)
            self.setFocus()

    def go_doubtful(self, step: int) -> bool:
        """Select the next doubtful character, or with -1 the one before; False where there is none."""
        if self._page is None:
            return False
        cursor = self.textCursor()
        at = self._page.next_doubtful(self._at - (not cursor.hasSelection() and step > 0), step)
        if at >= 0:
            self.go_to(at)
            self._review(True)
            self.setFocus()
        return at >= 0

    @property
    def is_reviewing(self) -> bool:
        """Whether digits choose, and Enter confirms."""
        return self._is_reviewing

    def _review(self, on: bool) -> None:
        if on != self._is_reviewing:
            self._is_reviewing = on
            self.reviews.emit(on)

    def _go_on(self) -> None:
        if not self.go_doubtful(1):
            self._review(False)
            self.ended.emit()

    def confirm(self) -> None:
        """Note that the character at the cursor is right, and go on."""
        if self._page is not None:
            self._page.settle(self.answer)
            self.mark_doubtful()
            self.edited.emit(self._page)
            self._go_on()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, confirm or replace while one reviews; edit otherwise."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not self._is_reviewing or held & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and not held:
            self.digit.emit((key - Qt.Key.Key_1) % 10)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirm()
        elif event.text() and event.text().isprintable():
            super().keyPressEvent(event)
            self._go_on()
        else:
            self._review(False)
            if key != Qt.Key.Key_Escape:
                super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Go on once an input method replaced the character that is reviewed."""
        super().inputMethodEvent(event)
        if self._is_reviewing and event.commitString():
            self._go_on()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Edit where the text is clicked."""
        self._review(False)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of what is selected, or of the character under the pointer."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor = self.cursorForPosition(event.pos())
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        if text := cursor.selectedText().strip():
            self.wanted.emit(text, event.globalPos())

    def enlarge(self) -> None:
        """Write larger than the room does."""
        room = self.parentWidget()
        font = QFont(room.font() if room is not None else self.font())
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.setFont(font)

    def correct(self, character: str) -> None:
        """Put a character in the place of the one at the cursor, and go on to the next."""
        if self._page is None:
            return
        at = self._at
        self.go_to(at)
        self.textCursor().insertText(character)
        self.mark_doubtful()
        if self._is_reviewing:
            self._go_on()
        if not self._is_reviewing:
            self.go_to(min(at + 1, len(self._page.owners) - 1))

    def _edited(self, at: int, removed: int, _added: int) -> None:
        page = self._page
        if page is None:
            return
        whole = self.toPlainText()
        end = characters_in(page.text, at + removed)  # Qt counts the end of the last paragraph, too
        at = characters_in(whole, at)
        removed = end - at
        page.edited(at, removed, whole[at : at + len(whole) - len(page.text) + removed])
        self.edited.emit(page)
