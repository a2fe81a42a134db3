"""A page's text, and the candidates of the character that is marked in it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hccr_desktop.gui.actions import Add
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.page_text import PageText
from hccr_desktop.gui.room import Desk
from hccr_desktop.rooms.reading import ReadPage
from hccr_desktop.rooms.writing import ranked


class PageCorrection(QWidget):
    """Emits `marked(int)` for the answer that the cursor reaches, and `corrected(ReadPage, int, str)` for a choice."""

    marked = Signal(int)
    corrected = Signal(object, int, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._page: ReadPage | None = None
        self.text = PageText(self)
        self.text.answer_reached.connect(self._show_candidates)
        self.candidates = Candidates(self)
        self.candidates.arrange(flat=True)
        self.candidates.chosen.connect(self._correct)
        self.candidates.marked.connect(desk.looked_at)
        self.candidates.wanted.connect(lambda character, at: desk.asked.emit(character, at, None))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 3)
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
        self.candidates.retranslate()

    def show_page(self, page: ReadPage | None) -> None:
        """Show a page's text; None for no page."""
        self._page = page
        self.text.show_page(page)

    def _show_candidates(self, answer: int) -> None:
        self.marked.emit(answer)
        page = self._page
        if page is None or not 0 <= answer < len(page.answers):
            self.candidates.show_candidates(())
            return
        found = ranked(page.answers[answer].candidates, "", None)
        self.candidates.show_candidates(found, self._desk.settings.reading)

    def _correct(self, character: str) -> None:
        """Put a candidate in the place of the marked character."""
        page, answer = self._page, self.text.answer
        if page is not None and answer >= 0:
            self.text.correct(character)
            self.corrected.emit(page, answer, character)
