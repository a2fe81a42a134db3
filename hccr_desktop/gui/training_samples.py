"""What there is to learn from: samples, what is missing of them, and what was learned without a training."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from hccr_desktop.gui.room import Desk
from hccr_desktop.rooms.training import Standing


class TrainingSamples(QWidget):
    """Three sentences, and a button that leads to collecting."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.samples, self.learned, self.missing = (QLabel(self) for _ in range(3))
        self.collect = QPushButton(self)
        self.collect.clicked.connect(desk.to_collect)
        line = QHBoxLayout()
        line.addWidget(self.missing, 1)
        line.addWidget(self.collect)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for label in (self.samples, self.learned, self.missing):
            label.setWordWrap(True)
        column.addWidget(self.samples)
        column.addWidget(self.learned)
        column.addLayout(line)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.collect.setText(self.tr("Collect samples…"))

    def show_standing(self, found: Standing) -> None:
        """Say what there is."""
        if not found.model:
            self.samples.clear()  # it is not known yet
        elif found.samples:
            self.samples.setText(
                self.tr("Samples: {samples}. Characters: {characters}, of which {enough} have at least three.").format(
                    samples=f"{found.samples:,}", characters=found.characters, enough=found.enough
                )
            )
        else:
            self.samples.setText(
                self.tr(
                    "There are no samples yet. Write a character in the window and choose what it is: "
                    "each choice is a sample. A character needs three of them."
                )
            )
        if found.missing:
            text = self.tr("About {count} more samples, then a training is worth its time.")
            self.missing.setText(text.format(count=found.missing))
        else:
            self.missing.setText(self.tr("There are enough samples for a training."))
        if not self._desk.settings.personal or not found.samples:
            self.learned.setText(self.tr("What you choose is learned at once, too, without a training."))
        elif found.latest:
            text = self.tr(
                "Learned at once, without a training, from what you chose: of your first 50 writings {first} were read "
                "right, of your last 50 {latest}."
            )
            self.learned.setText(text.format(first=f"{found.first:.0%}", latest=f"{found.latest:.0%}"))
        else:
            text = self.tr(
                "Learned at once, without a training, and counted already: {characters} characters of your hand."
            )
            self.learned.setText(text.format(characters=found.characters))
