"""A small plot of the loss while it falls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget


class Curve(QWidget):
    """Draws (step, loss) as they come; the axes reach from the first step to `total`, and from 0 to the highest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[tuple[int, float]] = []
        self._total = 1

    def show_losses(self, points: Sequence[tuple[int, float]], total: int) -> None:
        """Show a course."""
        self._points, self._total = list(points), max(total, 1)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a few lines of text."""
        line = self.fontMetrics().height()
        return QSize(20 * line, 8 * line)

    def minimumSizeHint(self) -> QSize:
        """Shrink to something still readable."""
        line = self.fontMetrics().height()
        return QSize(8 * line, 4 * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, curve and the highest and the last value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.fillRect(area, self.palette().base())
        painter.setPen(self.palette().mid().color())
        painter.drawRect(area)
        if len(self._points) < 2:
            return
        highest = max(loss for _, loss in self._points) or 1.0
        inner = area.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        polygon = QPolygonF(
            [
                QPointF(
                    inner.left() + inner.width() * step / self._total, inner.bottom() - inner.height() * loss / highest
                )
                for step, loss in self._points
            ]
        )
        painter.setPen(QPen(self.palette().highlight().color(), 2))
        painter.drawPolyline(polygon)
        painter.setPen(self.palette().text().color())
        text = f"{self._points[0][1]:.2f} → {self._points[-1][1]:.2f}"
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, text)
