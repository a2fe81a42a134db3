"""What stands above the pad where the window is small: what it does, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget


class SmallBar(QWidget):
    """Buttons of the actions that send what is chosen and keep the window above others.

    Emits `left()` where the whole window is wanted.
    """

    left = Signal()

    def __init__(self, send: QAction, on_top: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(self)
        self.leave = QToolButton(self)
        self.leave.clicked.connect(lambda _checked=False: self.left.emit())
        line = QHBoxLayout()
        self._line = line
        line.addWidget(self.leave)
        line.addStretch(1)
        self.is_whole = False
        """Whether the pad's actions are there, which are added when it is first seen."""
        self._add(send, on_top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.sentence)
        self._sends, self._can = False, True
        self._retranslate()

    def add(self, *actions: QAction) -> None:
        """Add the pad's actions."""
        self.is_whole = True
        self._add(*actions)

    def _add(self, *actions: QAction) -> None:
        for action in actions:
            button = QToolButton(self)
            button.setDefaultAction(action)
            self._line.insertWidget(self._line.count() - 1, button)

    def show_state(self, *, sends: bool, can: bool) -> None:
        """Say whether what is chosen goes to other programs, and whether it can here."""
        self._sends, self._can = sends, can
        self._retranslate()

    def _retranslate(self) -> None:
        if not self._sends:
            text = self.tr("Esc: the whole window")
        elif self._can:
            text = self.tr("What you choose goes into the other program.")
        else:
            text = self.tr("What you choose is on the clipboard: this desktop lets no program type into another.")
        self.sentence.setText(text)
        self.sentence.setWordWrap(True)
        self.leave.setText(self.tr("Whole window"))
        hears_escape = not self._sends or QGuiApplication.platformName() == "xcb"
        back = self.tr("Back to the whole window (Esc)") if hears_escape else self.tr("Back to the whole window")
        self.leave.setToolTip(back)

    def changeEvent(self, event: QEvent) -> None:
        """Change the texts with the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
