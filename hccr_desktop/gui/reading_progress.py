"""How far the pages are that wait to be read, with a pause and a stop."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from hccr_desktop.rooms.reading import Queue, ReadPage


class ReadingProgress(QWidget):
    """Emits `paused()` and `stopped()` when the buttons are pressed; it is seen while pages wait."""

    paused = Signal()
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar, self.left = QProgressBar(self), QLabel(self)
        self.pause_button, self.stop_button = QPushButton(self), QPushButton(self)
        self.pause_button.clicked.connect(self.paused)
        self.stop_button.clicked.connect(self.stopped)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar, 1)
        for widget in (self.left, self.pause_button, self.stop_button):
            layout.addWidget(widget)

    def show_queue(self, queue: Queue, pages: Sequence[ReadPage]) -> None:
        """Show how many of the pages are read."""
        self.setVisible(queue.is_busy)
        self.stop_button.setText(self.tr("Stop"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.pause_button.setText(self.tr("Resume") if queue.is_paused else self.tr("Pause"))
        seconds = queue.seconds_left
        self.left.setText("" if seconds is None else self.tr("{seconds} s left").format(seconds=f"{seconds:.0f}"))
        self.bar.setRange(0, len(pages))
        self.bar.setValue(sum(page.is_read for page in pages))
