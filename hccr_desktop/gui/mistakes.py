"""A strip of pictures that a model reads wrong, or no longer, each with what was written and what was read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hccr_desktop.core.protocol import Mended, Mistake


class Mistakes(QWidget):
    """Shows as many mistakes as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[tuple[QImage, str]] = []

    def show_mistakes(self, mistakes: Sequence[Mistake | Mended]) -> None:
        """Show mistakes, of what was mended the wrong answer first; those whose picture cannot be read are left out."""
        self._shown = []
        for mistake in mistakes:
            image = QImage.fromData(mistake.png)
            if not image.isNull():
                pair = mistake.written, mistake.read
                self._shown.append((image, " → ".join(pair[::-1] if isinstance(mistake, Mended) else pair)))
        self.setAccessibleDescription(", ".join(text for _, text in self._shown))
        self.setVisible(bool(self._shown))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a row of pictures with a line of text below."""
        line = self.fontMetrics().height()
        return QSize(20 * line, 5 * line)

    def minimumSizeHint(self) -> QSize:
        """Shrink to one picture."""
        line = self.fontMetrics().height()
        return QSize(5 * line, 5 * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each picture on paper's white, its text below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        line = self.fontMetrics().height()
        side = self.height() - line - 4
        step = max(side, self.fontMetrics().horizontalAdvance("字 → 字")) + line // 2
        for number, (image, text) in enumerate(self._shown):
            left = number * step
            if left + step > self.width():
                break
            painter.drawImage(QRect(left + (step - side) // 2, 0, side, side), image)
            painter.setPen(self.palette().windowText().color())
            painter.drawText(QRect(left, side + 2, step, line + 2), Qt.AlignmentFlag.AlignCenter, text)
