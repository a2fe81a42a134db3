"""A line with a sentence about what is at hand, and a button that does something about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget


class Suggestion(QFrame):
    """Is seen while there is something to suggest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button: QPushButton | None = None
        self.sentence = QLabel(self)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.sentence.setWordWrap(True)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(6, 2, 2, 2)
        self._line.addWidget(self.sentence, 1)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.hide()

    def suggest(self, sentence: str, title: str, run: Callable[[], object]) -> None:
        """Say something, with a button of that title."""
        self.sentence.setText(sentence)
        if self.button is not None:
            self.button.deleteLater()
        self.button = QPushButton(title, self)
        self.button.clicked.connect(lambda _checked=False: run())
        self._line.addWidget(self.button)
        self.show()
