"""What a training brought: two numbers before and after, and pictures of what is read right now."""

from __future__ import annotations

import html
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from hccr_desktop.gui.mistakes import Mistakes
from hccr_desktop.rooms.training import Course


class TrainingOutcome(QWidget):
    """Is seen once a training has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers, self.title = QLabel(self), QLabel(self)
        self.numbers.setTextFormat(Qt.TextFormat.RichText)
        self.pictures = Mistakes(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self.numbers, self.title, self.pictures):
            column.addWidget(widget)
        self.hide()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.title.setText(self.tr("Read wrong before, and right now, of the samples kept for the examination:"))
        self.pictures.setAccessibleName(self.tr("What is read right now"))

    def show_course(self, course: Course, names: Mapping[str, str]) -> None:
        """Show a training's gains and pictures; nothing where there are none yet."""
        cells = [
            f"<td style='padding-right:2em'>{html.escape(names.get(name, name))}<br>"
            f"<span style='font-size:x-large'>{was:.1%} → <b>{now:.1%}</b></span></td>"
            for name, (was, now) in course.gains.items()
        ]
        self.numbers.setText(f"<table><tr>{''.join(cells)}</tr></table>" if cells else "")
        self.pictures.show_mistakes(course.mended)
        self.title.setVisible(bool(course.mended))
        self.setVisible(bool(cells))
