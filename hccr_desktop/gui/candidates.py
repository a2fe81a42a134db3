"""Ten large buttons, the likeliest largest, each with its probability and, in the corner, its key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from hccr_desktop.core.recognition import Candidate

COUNT = 10
_COLUMNS = 3


class CandidateButton(QPushButton):
    """One candidate."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._candidate: Candidate | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the pad
        self.show_candidate(None)

    def show_candidate(self, candidate: Candidate | None) -> None:
        """Show a candidate, or nothing."""
        self._candidate = candidate
        self.setEnabled(candidate is not None)
        self._name()
        self.update()

    def _name(self) -> None:
        if self._candidate is None:
            self.setAccessibleName(self.tr("No candidate"))
            return
        name = self.tr("{character}, probability {percent} %").format(
            character=self._candidate.character, percent=f"{self._candidate.probability * 100:.0f}"
        )
        self.setAccessibleName(name)
        self.setToolTip(f"U+{ord(self._candidate.character[0]):04X}")

    def changeEvent(self, event: QEvent) -> None:
        """Name it anew in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Give room for a large character and a line below."""
        line = self.fontMetrics().height()
        return QSize(5 * line, 6 * line)

    def minimumSizeHint(self) -> QSize:
        """Shrink to a character that is still readable."""
        line = self.fontMetrics().height()
        return QSize(3 * line, 4 * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, the character, its probability and its key."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        if self._candidate is None:
            return
        line = self.fontMetrics().height()
        area = self.rect().adjusted(4, 4, -4, -4)
        painter.setPen(self.palette().buttonText().color())
        upper = QRect(area.left(), area.top(), area.width(), area.height() - line)
        font = QFont(self.font())
        font.setPixelSize(max(12, int(min(upper.width(), upper.height()) * 0.68)))
        painter.setFont(font)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._candidate.character)
        painter.setFont(self.font())
        lower = QRect(area.left(), area.bottom() - line, area.width(), line)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, percent(self._candidate.probability))
        painter.setOpacity(0.65)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(self._number % 10))


def percent(probability: float) -> str:
    """Return a probability for people: whole percents, and nothing falsely certain or impossible."""
    if probability < 0.01:
        return "< 1 %"
    if probability >= 0.995:
        return "> 99 %"
    return f"{probability * 100:.0f} %"


class Candidates(QWidget):
    """Emits `chosen(str)` when a candidate is clicked or chosen by number."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for row in range(4):
            layout.setRowStretch(row, 4 if row == 0 else 3)
        self.buttons: list[CandidateButton] = []
        self._candidates: tuple[Candidate, ...] = ()
        for i in range(COUNT):
            button = CandidateButton(i + 1, self)
            button.clicked.connect(lambda _checked=False, i=i: self.choose(i))
            if i == 0:
                layout.addWidget(button, 0, 0, 1, _COLUMNS)
            else:
                layout.addWidget(button, 1 + (i - 1) // _COLUMNS, (i - 1) % _COLUMNS)
            self.buttons.append(button)

    def show_candidates(self, candidates: tuple[Candidate, ...]) -> None:
        """Show up to ten candidates, likeliest first; none empties the buttons."""
        self._candidates = candidates[:COUNT]
        for i, button in enumerate(self.buttons):
            button.show_candidate(self._candidates[i] if i < len(self._candidates) else None)

    @property
    def first(self) -> str:
        """The likeliest character, empty where there is none."""
        return self._candidates[0].character if self._candidates else ""

    def choose(self, index: int) -> None:
        """Choose a candidate by its place, 0 the likeliest; nothing where there is none."""
        if index < len(self._candidates):
            self.chosen.emit(self._candidates[index].character)
