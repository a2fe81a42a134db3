"""Ten large buttons, the likeliest largest, each with its probability, its reading and, in the corner, its key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QToolTip, QWidget

from hccr_desktop.recognize.facts import code_point, other_forms, readings, strokes
from hccr_desktop.rooms.writing import Ranked

COUNT = 10


class CandidateButton(QPushButton):
    """One candidate."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._candidate: Ranked | None = None
        self._style = "pinyin"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the pad
        self.show_candidate(None, self._style)

    def show_candidate(self, candidate: Ranked | None, style: str) -> None:
        """Show a candidate with its readings in a style, or nothing."""
        self._candidate, self._style = candidate, style
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

    @property
    def description(self) -> str:
        """What is known of the candidate, one line for each thing."""
        candidate = self._candidate
        if candidate is None:
            return ""
        lines = [f"{candidate.character}  {code_point(candidate.character)}"]
        if found := readings(candidate.character, self._style if self._style != "none" else "pinyin"):
            lines.append("  ".join(found))
        if count := strokes(candidate.character):
            lines.append(self.tr("Strokes: {count}").format(count=count))
        simplified, traditional = other_forms(candidate.character)
        if simplified != candidate.character:
            lines.append(self.tr("Simplified: {form}").format(form=simplified))
        if traditional != candidate.character:
            lines.append(self.tr("Traditional: {form}").format(form=traditional))
        lines.append(
            self.tr("By its shape {alone}, with the text before {together}").format(
                alone=percent(candidate.alone), together=percent(candidate.probability)
            )
        )
        return "\n".join(lines)

    def event(self, event: QEvent) -> bool:
        """Tell what is known of the candidate only when it is asked for."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._candidate is not None:
            QToolTip.showText(event.globalPos(), self.description, self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Name it anew in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Give room for a large character and two lines below."""
        line = self.fontMetrics().height()
        return QSize(5 * line, 6 * line)

    def minimumSizeHint(self) -> QSize:
        """Shrink to a character that is still readable."""
        line = self.fontMetrics().height()
        return QSize(int(3.4 * line), int(3.2 * line))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, the character, its reading, its probability and its key."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        if self._candidate is None:
            return
        line = self.fontMetrics().height()
        area = self.rect().adjusted(4, 4, -4, -4)
        painter.setPen(self.palette().buttonText().color())
        found = readings(self._candidate.character, self._style)
        lines = [" ".join(found[:1])] if found else []
        lines.append(percent(self._candidate.probability))
        if area.height() < 4.4 * line:  # little room
            lines = ["  ".join(lines)]
        upper = QRect(area.left(), area.top(), area.width(), area.height() - line * len(lines))
        font = QFont(self.font())
        font.setPixelSize(max(12, int(min(upper.width(), upper.height()) * 0.72)))
        painter.setFont(font)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, self._candidate.character)
        painter.setFont(self.font())
        for number, text in enumerate(reversed(lines), 1):
            lower = QRect(area.left(), area.bottom() + 1 - number * line, area.width(), line)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, text)
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
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self.buttons: list[CandidateButton] = []
        self._candidates: tuple[Ranked, ...] = ()
        for i in range(COUNT):
            button = CandidateButton(i + 1, self)
            button.clicked.connect(lambda _checked=False, i=i: self.choose(i))
            self.buttons.append(button)
        self.arrange(flat=False)

    def arrange(self, *, flat: bool) -> None:
        """Stand beside the pad, the first candidate large; or, flat, below it in two rows."""
        for button in self.buttons:
            self._grid.removeWidget(button)
        for row in range(4):
            self._grid.setRowStretch(row, 0 if flat and row > 1 else 4 if row == 0 else 3)
        for i, button in enumerate(self.buttons):
            if flat:
                self._grid.addWidget(button, i // 5, i % 5)
            elif i == 0:
                self._grid.addWidget(button, 0, 0, 1, 3)
            else:
                self._grid.addWidget(button, 1 + (i - 1) // 3, (i - 1) % 3)

    def show_candidates(self, candidates: tuple[Ranked, ...], style: str = "pinyin") -> None:
        """Show up to ten candidates, likeliest first; none empties the buttons."""
        self._candidates = candidates[:COUNT]
        for i, button in enumerate(self.buttons):
            button.show_candidate(self._candidates[i] if i < len(self._candidates) else None, style)

    @property
    def first(self) -> str:
        """The likeliest character, empty where there is none."""
        return self._candidates[0].character if self._candidates else ""

    def choose(self, number: int) -> None:
        """Choose a candidate by its number, from 0; nothing where there is none."""
        if number < len(self._candidates):
            self.chosen.emit(self._candidates[number].character)
