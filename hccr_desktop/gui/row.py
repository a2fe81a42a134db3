"""The characters of a row, one button each; the marked one is corrected by the candidates."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QWidget

from hccr_desktop.gui.theme import certainty_color
from hccr_desktop.rooms.writing import Row

_LOOK = """QToolButton {{ border: 1px solid palette(mid); border-bottom: 3px solid {color}; padding: 2px 6px; }}
QToolButton:checked {{ background: palette(highlight); color: palette(highlighted-text); }}"""


class RowBar(QScrollArea):
    """Emits `selected(int)` when a character is clicked, and `wanted(str, QPoint)` when a menu of it is asked for."""

    selected = Signal(int)
    wanted = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inner = QWidget(self)
        self._line = QHBoxLayout(self._inner)
        self._line.setContentsMargins(2, 2, 2, 2)
        self._line.addStretch(1)
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.buttons: list[QToolButton] = []

    def add(self, action: QAction) -> None:
        """Add a button of an action behind the characters."""
        button = QToolButton(self._inner)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._line.addWidget(button)

    def show_row(self, row: Row) -> None:
        """Show a row's characters."""
        while len(self.buttons) > len(row.chosen):
            self.buttons.pop().deleteLater()
        while len(self.buttons) < len(row.chosen):
            button = QToolButton(self._inner)
            button.setCheckable(True)
            font = button.font()
            font.setPointSizeF(font.pointSizeF() * 1.8)
            button.setFont(font)
            number = len(self.buttons)
            button.clicked.connect(lambda _checked=False, number=number: self.selected.emit(number))
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(
                lambda at, button=button: self.wanted.emit(button.text(), button.mapToGlobal(at))
            )
            self._line.insertWidget(number, button)
            self.buttons.append(button)
        for i, (button, character, written) in enumerate(zip(self.buttons, row.chosen, row.written, strict=True)):
            button.setText(character)
            button.setChecked(i == row.selected)
            best = written.recognition.best
            sure = 1.0 if character != best.character else best.probability
            color = certainty_color(sure, self.palette()).name()
            button.setStyleSheet(_LOOK.format(color=color))
            button.setToolTip(f"{best.character} {best.probability:.0%}")
            button.setAccessibleName(character)
        height = self.buttons[0].sizeHint().height() + 8 if self.buttons else int(self.fontMetrics().height() * 2.6)
        self.setFixedHeight(height + self.horizontalScrollBar().sizeHint().height() // 2)
