"""A page's text with the picture of its line above, and below it the candidates of the character that is marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.gui.actions import Add
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.line_picture import LinePicture
from hccr_desktop.gui.page_text import PageText
from hccr_desktop.gui.room import Desk
from hccr_desktop.rooms.page_history import Choice
from hccr_desktop.rooms.reading import ReadPage


class PageCorrection(QWidget):
    """Emits `marked(int)` for the answer that the cursor reaches, and `corrected(ReadPage, Choice)`."""

    marked = Signal(int)
    corrected = Signal(object, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page: ReadPage | None = None
        self._picture: GlyphImage | None = None
        self.text = PageText(self)
        self.text.answer_reached.connect(self._reach)
        self.text.reviews.connect(self._show_hint)
        self.text.wanted.connect(desk.asked_in_text)
        self.line = LinePicture(self)
        self.line.clicked.connect(self.text.go_to_answer)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.candidates = Candidates(self)
        self.candidates.arrange(flat=True)
        self.candidates.chosen.connect(self._correct)
        self.text.digit.connect(self.candidates.choose)
        self.candidates.marked.connect(desk.looked_at)
        self.candidates.wanted.connect(lambda character, at: desk.asked.emit(character, at, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line, 1)
        column.addWidget(self.text, 4)
        column.addWidget(self.hint)
        column.addWidget(self.candidates, 2)

    def add_actions(self, add: Add) -> None:
        """Add the room's actions that choose a candidate."""
        for number in range(9):
            self._add_action(add, number)

    def _add_action(self, add: Add, number: int) -> None:
        def title() -> str:
            return self.tr("Candidate {number}").format(number=number + 1)

        add(f"candidate_{number + 1}", title, lambda: self.candidates.choose(number), f"Alt+Shift+{number + 1}")

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.text.setAccessibleName(self.tr("Text of the page"))
        self.candidates.setAccessibleName(self.tr("Candidates"))
        self.line.setAccessibleName(self.tr("Picture of the line"))
        self.candidates.retranslate()
        self._show_hint()

    def _show_hint(self) -> None:
        if self.text.is_reviewing:
            self.hint.setText(self.tr("1 to 9 choose, Enter confirms, what you type replaces; Esc ends."))
        else:
            self.hint.setText(self.tr("F3 goes from one doubtful character to the next."))

    def show_page(self, page: ReadPage | None, picture: GlyphImage | None = None) -> None:
        """Show a page's text; None for no page."""
        self._page, self._picture = page, picture
        self.text.show_page(page)

    def show_picture(self, picture: GlyphImage) -> None:
        """Take the picture of the page that is shown."""
        self._picture = picture
        self._reach(self.text.answer)

    def _reach(self, answer: int) -> None:
        """Show what the answer at the cursor is made of."""
        self.marked.emit(answer)
        page = self._page
        if page is None or not 0 <= answer < len(page.answers):
            self.candidates.show_candidates(())
            self.line.show_line(None, (), -1, False)
            return
        self.candidates.show_candidates(page.candidates_of(answer), self._desk.settings.reading)
        self.line.show_line(self._picture, page.line_at(page.place_of(answer)), answer, page.is_vertical)

    def _correct(self, character: str) -> None:
        """Put a candidate in the place of the marked character."""
        page, answer = self._page, self.text.answer
        if page is not None and answer >= 0:
            choice = Choice(answer, character)
            if self.text.correct(choice):
                self.corrected.emit(page, choice)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "text"):
            self.text.enlarge()
