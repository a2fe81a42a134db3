"""A line above the pad: to a newcomer an example to write, later what writing looks like that is not one character."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.pad_files import PadFiles
from hccr_desktop.gui.room import Desk

_EXAMPLE = "你"
"""What a newcomer may write."""


class PadSuggestion(QFrame):
    """Is seen while there is something to suggest, with a button that does it."""

    def __init__(self, pad: Pad, files: PadFiles, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pad, self._files, self._desk = pad, files, desk
        self.button: QPushButton | None = None
        self.sentence = QLabel(self)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.sentence.setWordWrap(True)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(6, 2, 2, 2)
        self._line.addWidget(self.sentence, 1)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.hide()

    def _suggest(self, sentence: str, title: str, run: Callable[[], object]) -> None:
        self.sentence.setText(sentence)
        if self.button is not None:
            self.button.deleteLater()
        self.button = QPushButton(title, self)
        self.button.clicked.connect(lambda _checked=False: run())
        self._line.addWidget(self.button)
        self.show()

    def welcome(self) -> None:
        """Show a newcomer an example to write, and say what becomes of it."""
        if self._desk.places["welcomed"]:
            return
        from hccr_desktop.recognize.dictionary import stroke_order

        self._pad.show_example(stroke_order(_EXAMPLE))
        self._suggest(
            self.tr(
                "Try it: write 你. What you write stays on this computer and teaches the program; "
                "Settings, under Learning, keeps none."
            ),
            self.tr("Understood"),
            self.end_welcome,
        )

    def end_welcome(self) -> None:
        """Show the example no more, at any start."""
        if not self._desk.places["welcomed"]:
            self._desk.places["welcomed"] = "yes"
            self._pad.show_example(())
            self.hide()

    def look(self, instead: str) -> None:
        """Say what the writing looks like instead of one character: a "row", a "column", a "page", or nothing else."""
        if instead:
            self.end_welcome()
        if instead == "row":
            sentence = self.tr("This looks like a row of several characters.")
            self._suggest(sentence, self.tr("Read it as a row"), lambda: self._desk.set(pad_mode="row"))
        elif instead == "column":
            sentence = self.tr("This looks like a column of several characters.")
            self._suggest(sentence, self.tr("Read it as a column"), lambda: self._desk.set(pad_mode="column"))
        elif instead == "page":
            sentence = self.tr("This looks like a row or a page, not like one character.")
            self._suggest(sentence, self.tr("Open it in Read"), self._to_read)
        elif self._desk.places["welcomed"]:
            self.hide()

    def _to_read(self) -> None:
        """Read what was opened as a page."""
        source = self._files.source
        if source is not None:
            self._pad.clear()
            self._desk.to_read.emit([source])
