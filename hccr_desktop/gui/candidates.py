"""Large buttons, ten at a time, the likeliest largest, each with its probability, its reading and its key."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.recognize.facts import code_point, other_forms, readings, strokes
from hccr_desktop.rooms.writing import Ranked

COUNT = 10


class CandidateButton(QPushButton):
    """One candidate. Emits `looked_at(str)` where the pointer or the keyboard comes, and `wanted(str, QPoint)` for a
    menu of it.
    """

    looked_at = Signal(str)
    wanted = Signal(str, QPoint)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._candidate: Ranked | None = None
        self._style, self._is_guess = "pinyin", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the pad
        self.show_candidate(None, self._style)

    def show_candidate(self, candidate: Ranked | None, style: str, *, guess: bool = False) -> None:
        """Show a candidate with its readings in a style, or nothing; a `guess` without how sure it is."""
        self._candidate, self._style, self._is_guess = candidate, style, guess
        self.setEnabled(candidate is not None)
        self._name()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose this one by Enter, too, which would take the first."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        if self._candidate is None:
            self.setAccessibleName(self.tr("No candidate"))
            return
        if self._is_guess:
            name = self.tr("{character}, may follow").format(character=self._candidate.character)
        else:
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
        if self._is_guess:
            lines.append(self.tr("It often follows the text before."))
            return "\n".join(lines)
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

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that it is looked at."""
        self._look()
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that it is looked at."""
        self._look()
        super().focusInEvent(event)

    def _look(self) -> None:
        if self._candidate is not None:
            self.looked_at.emit(self._candidate.character)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of the character."""
        if self._candidate is not None:
            self.wanted.emit(self._candidate.character, event.globalPos())

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
        return QSize(int(2.2 * line), int(1.8 * line))

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
        color = self.palette().placeholderText() if self._is_guess else self.palette().buttonText()
        painter.setPen(color.color())
        found = readings(self._candidate.character, self._style)
        lines = [" ".join(found[:1])] if found else []
        if not self._is_guess:
            lines.append(percent(self._candidate.probability))
        if area.height() < 2.8 * line:  # the character itself must be seen
            lines = []
        elif lines and area.height() < 4.4 * line:  # little room
            both = "  ".join(lines)
            lines = [both if self.fontMetrics().horizontalAdvance(both) <= area.width() else lines[0]]
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
    """Emits `chosen(str)` when a candidate is clicked or chosen by number, and `marked(str)` for the one that is
    looked at: the first, or where the pointer or the keyboard is; "" for none.

    `wanted(str, QPoint)` is emitted when a menu of a character is asked for.
    """

    chosen = Signal(str)
    marked = Signal(str)
    wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self.buttons: list[CandidateButton] = []
        self._all: tuple[Ranked, ...] = ()
        self._at, self._style, self._is_guess = 0, "pinyin", False
        for i in range(COUNT):
            button = CandidateButton(i + 1, self)
            button.clicked.connect(lambda _checked=False, i=i: self.choose(i))
            button.looked_at.connect(self.marked)
            button.wanted.connect(self.wanted)
            self.buttons.append(button)
        self._turn = QWidget(self)
        self.fewer, self.more = QToolButton(self._turn), QToolButton(self._turn)
        self.fewer.setArrowType(Qt.ArrowType.LeftArrow)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.fewer.clicked.connect(lambda: self.turn(-1))
        self.more.clicked.connect(lambda: self.turn(1))
        self._place = QLabel(self._turn)
        kept = self._turn.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing jumps while one writes
        self._turn.setSizePolicy(kept)
        line = QHBoxLayout(self._turn)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        for widget in (self.fewer, self._place, self.more):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid, 1)
        column.addWidget(self._turn)
        self.arrange(flat=False)
        self._show()

    def arrange(self, *, flat: bool) -> None:
        """Stand beside the pad, the first candidate large; or, flat, below it in two rows."""
        for button in self.buttons:
            self._grid.removeWidget(button)
        for row in range(4):
            self._grid.setRowStretch(row, (0 if row > 1 else 1) if flat else (4 if row == 0 else 3))
        for i, button in enumerate(self.buttons):
            if flat:
                self._grid.addWidget(button, i // 5, i % 5)
            elif i == 0:
                self._grid.addWidget(button, 0, 0, 1, 3)
            else:
                self._grid.addWidget(button, 1 + (i - 1) // 3, (i - 1) % 3)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.fewer.setToolTip(self.tr("Likelier candidates"))
        self.more.setToolTip(self.tr("More candidates"))
        for button in (self.fewer, self.more):
            button.setAccessibleName(button.toolTip())

    def show_candidates(self, candidates: tuple[Ranked, ...], style: str = "pinyin", *, guess: bool = False) -> None:
        """Show candidates, likeliest first, ten at a time; none empties the buttons.

        A `guess` is what likely follows, where nothing is written yet: it is shown without how sure it is.
        """
        self._all, self._at, self._style, self._is_guess = candidates, 0, style, guess
        self._show()

    def turn(self, by: int) -> bool:
        """Show the next ten candidates, or those before; False where there are none."""
        at = self._at + by * COUNT
        if not 0 <= at < len(self._all):
            return False
        self._at = at
        self._show()
        return True

    def leave_out(self, character: str) -> None:
        """Show a candidate no longer: it is not this one."""
        self._all = tuple(c for c in self._all if c.character != character)
        self._at = min(self._at, max(len(self._all) - 1, 0) // COUNT * COUNT)
        self._show()

    def _show(self) -> None:
        shown = self.shown
        for i, button in enumerate(self.buttons):
            button.show_candidate(shown[i] if i < len(shown) else None, self._style, guess=self._is_guess)
        pages = -(-len(self._all) // COUNT)
        self._turn.setVisible(pages > 1)
        self._place.setText(f"{self._at // COUNT + 1} / {pages}")
        self.fewer.setEnabled(self._at > 0)
        self.more.setEnabled(self._at + COUNT < len(self._all))
        self.marked.emit("" if self._is_guess or not shown else shown[0].character)

    @property
    def shown(self) -> tuple[Ranked, ...]:
        """The candidates in sight."""
        return self._all[self._at : self._at + COUNT]

    @property
    def is_guess(self) -> bool:
        """Whether what is shown likely follows, and was not written."""
        return self._is_guess

    @property
    def first(self) -> str:
        """The likeliest character, empty where there is none."""
        return self._all[0].character if self._all and not self._is_guess else ""

    def choose(self, number: int) -> None:
        """Choose a candidate in sight by its number, from 0; nothing where there is none."""
        if number < len(self.shown):
            self.chosen.emit(self.shown[number].character)
