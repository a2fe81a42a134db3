"""A page's text beside its picture: every character knows where it stands, doubtful ones are underlined."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from hccr_desktop.gui.text_edit import TextEdit
from hccr_desktop.gui.text_units import alike, characters_in, units_of
from hccr_desktop.gui.theme import UNSURE, certainty_color
from hccr_desktop.rooms.page_history import Change, Choice, PageHistory
from hccr_desktop.rooms.reading import ReadPage


class PageText(TextEdit):
    """Edits a page's text, and with it the page.

    Emits `answer_reached(int)` where the cursor goes, -1 for none, and `edited(ReadPage)`. While one character after
    another is reviewed, digits choose a candidate, `digit(int)` from 0, Enter confirms, and what is typed replaces;
    each goes on to the next doubtful one. `reviews(bool)` tells when that begins and ends, `ended()` that none is left.
    Undo takes back text, places and confirmations together; `withdrawn(numbers)` and `renewed(numbers)` name the
    samples that were kept with a choice which no longer holds, or holds again.
    """

    answer_reached = Signal(int)
    edited = Signal(object)
    digit = Signal(int)
    reviews = Signal(bool)
    ended = Signal()
    withdrawn = Signal(object)
    renewed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: ReadPage | None = None
        self._is_reviewing = False
        self._composed_at = -1
        """Where an input method writes, -1 where none does."""
        self._composed: list[int] = []
        """Answers that it took away, to put others in their place."""
        self._choice: Choice | None = None
        self._histories: WeakKeyDictionary[ReadPage, PageHistory] = WeakKeyDictionary()
        self.setUndoRedoEnabled(False)  # Qt's knows the text alone
        self.enlarge()
        self.cursorPositionChanged.connect(self._tell)
        self.document().contentsChange.connect(self._edited)

    def show_page(self, page: ReadPage | None) -> None:
        """Show a page's text, or none."""
        self._review(False)
        self._composed_at, self._composed = -1, []
        self._fill(page)
        self.setReadOnly(page is None)  # what is typed beside a page that cannot be read would go nowhere
        if page is not None and not (page in self._histories and self._histories[page].is_of(page)):
            self._histories[page] = PageHistory(page)
        self._tell()

    def _fill(self, page: ReadPage | None) -> None:
        self._page = None  # filling in is no edit
        self.setPlainText("" if page is None else page.text)
        self._page = page
        self.mark_doubtful()

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
            self._note(self._at)
            self._go_on()

    def _note(self, at: int, *, joined: bool = False) -> None:
        """Note and tell that the page was changed."""
        page = self._page
        assert page is not None
        self._tell_samples(self._histories[page].note(page, at, self._choice, joined=joined))
        self.mark_doubtful()
        self.edited.emit(page)

    def undo(self) -> None:
        """Take the last change back."""
        if self._page is not None and self._histories[self._page].can_undo:
            self._bring_back(self._histories[self._page].undo(self._page))

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._page is not None and self._histories[self._page].can_redo:
            self._bring_back(self._histories[self._page].redo(self._page))

    def _bring_back(self, change: Change) -> None:
        page = self._page
        assert page is not None
        self._fill(page)
        self.go_to(min(change.at, max(len(page.text) - 1, 0)), min(len(page.text), 1))
        self._tell_samples(change)
        self.edited.emit(page)

    def _tell_samples(self, change: Change) -> None:
        """Say which samples go and come; their numbers may be on their way: who hears takes them in its turn."""
        for signal, lists in ((self.withdrawn, change.dropped), (self.renewed, change.kept)):
            for numbers in lists:
                signal.emit(numbers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, confirm or replace while one reviews; edit otherwise."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif not self._is_reviewing or held & ~Qt.KeyboardModifier.ShiftModifier:
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
        """Follow an input method; go on once it replaced the character that is reviewed."""
        page, answer = self._page, self.answer
        before = page.text if page is not None else ""
        if self._composed_at < 0 or self.textCursor().hasSelection():
            self._composed_at = self._at
        super().inputMethodEvent(event)
        if event.commitString() and page is not None and page.text == before:  # the same in place of the same
            page.settle(answer)
            self._note(self._composed_at)
        if event.commitString() or not event.preeditString():
            self._composed_at, self._composed = self._at if event.preeditString() else -1, []
        if self._is_reviewing and event.commitString():
            self._go_on()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Edit where the text is clicked."""
        self._review(False)
        super().mousePressEvent(event)

    def enlarge(self) -> None:
        """Write larger than the room does."""
        room = self.parentWidget()
        font = QFont(room.font() if room is not None else self.font())
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.setFont(font)

    def correct(self, choice: Choice) -> bool:
        """Put what was chosen in the place of the character at the cursor, and go on to the next.

        Returns whether that is new.
        """
        page = self._page
        if page is None:
            return False
        at, held = self._at, self._histories[page].holding().get(choice.answer)
        is_new = held is None or held.character != choice.character
        self.go_to(at)
        self._choice = choice if is_new else None
        self.textCursor().insertText(choice.character)
        self._choice = None
        if self._is_reviewing:
            self._go_on()
        if not self._is_reviewing:
            self.go_to(min(at + 1, len(page.owners) - 1))
        return is_new

    def _edited(self, at: int, removed: int, _added: int) -> None:
        page = self._page
        if page is None:
            return
        whole = self.toPlainText()
        if self._composed_at >= 0:
            self._compose(page, whole)
            return
        end = characters_in(page.text, at + removed)  # Qt counts the end of the last paragraph, too
        at = characters_in(whole, at)
        removed = end - at
        page.edited(at, removed, whole[at : at + len(whole) - len(page.text) + removed])
        self._note(at)

    def _compose(self, page: ReadPage, whole: str) -> None:
        """Follow an edit by an input method, of which Qt says that the whole paragraph was replaced."""
        was = page.text
        at = min(alike(was, whole), self._composed_at)
        same = min(alike(was[::-1], whole[::-1]), min(len(was), len(whole)) - at)
        removed, put = was[at : len(was) - same], whole[at : len(whole) - same]
        if not removed and not put:
            return
        before = self._composed if put and not removed else []
        owners = page.owners[at : at + len(removed)]
        page.edited(at, len(removed), put, before)
        self._note(at, joined=bool(before))
        self._composed = [] if put else owners
