"""A page's text beside its picture: every character knows where it stands, doubtful ones are underlined.

Qt counts a text in units of UTF-16, where a rare Han character takes two; a page counts characters.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from hccr_desktop.gui.theme import UNSURE, certainty_color
from hccr_desktop.rooms.reading import ReadPage


class PageText(QPlainTextEdit):
    """Edits a page's text, and with it the page.

    Emits `answer_reached(int)` where the cursor goes, -1 for none, and `edited(ReadPage)`.
    """

    answer_reached = Signal(int)
    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: ReadPage | None = None
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.setFont(font)
        self.cursorPositionChanged.connect(self._tell)
        self.document().contentsChange.connect(self._edited)

    def show_page(self, page: ReadPage | None) -> None:
        """Show a page's text, or none."""
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

    def go_to(self, at: int) -> None:
        """Select the character at a place of the text."""
        self.setTextCursor(self._selecting(self.textCursor(), at))

    def _selecting(self, cursor: QTextCursor, at: int) -> QTextCursor:
        text = self.toPlainText()
        cursor.setPosition(units_of(text[:at]))
        cursor.setPosition(units_of(text[: at + 1]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def go_to_answer(self, answer: int) -> None:
        """Select the character that shows an answer."""
        if self._page is not None and (at := self._page.place_of(answer)) >= 0:
            self.go_to(at)

    def go_doubtful(self, step: int) -> bool:
        """Select the next doubtful character, or with -1 the one before; False where there is none."""
        if self._page is None:
            return False
        cursor = self.textCursor()
        at = self._page.next_doubtful(self._at - (not cursor.hasSelection() and step > 0), step)
        if at >= 0:
            self.go_to(at)
            self.setFocus()
        return at >= 0

    def correct(self, character: str) -> None:
        """Put a character in the place of the one at the cursor, and go on to the next."""
        if self._page is None:
            return
        at = self._at
        self.go_to(at)
        self.textCursor().insertText(character)
        self.mark_doubtful()
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


def units_of(text: str) -> int:
    """Return how many units of UTF-16 a text takes."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def characters_in(text: str, units: int) -> int:
    """Return how many characters the first units of UTF-16 of a text are; no more than it has."""
    return len(text.encode("utf-16-le", errors="surrogatepass")[: 2 * units].decode("utf-16-le", errors="ignore"))
