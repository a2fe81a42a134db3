"""What several forms of a model cost and give: accuracy against size, and against time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hccr_desktop.core.protocol import Trial


class TradeOff(QWidget):
    """Draws a point for each form, on the left over its size, on the right over its time; what passed is filled."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trials: list[Trial] = []
        self._titles = ("", "")
        self._names: dict[str, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_words(self, size: str, time: str, names: dict[str, str]) -> None:
        """Set the axes' titles and what forms are called."""
        self._titles, self._names = (size, time), names
        self.update()

    def show_trials(self, trials: Sequence[Trial]) -> None:
        """Show what was tried."""
        self._trials = list(trials)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for two plots side by side."""
        line = self.fontMetrics().height()
        return QSize(36 * line, 13 * line)

    def minimumSizeHint(self) -> QSize:
        """Shrink to something still readable."""
        line = self.fontMetrics().height()
        return QSize(24 * line, 10 * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both plots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = self.fontMetrics().height() / 2
        half = (self.width() - gap) / 2
        sizes = [trial.bytes / 1e6 for trial in self._trials]
        times = [trial.milliseconds for trial in self._trials]
        for number, (values, unit) in enumerate(((sizes, "MB"), (times, "ms"))):
            area = QRectF(number * (half + gap), 0, half, self.height()).adjusted(1, 1, -1, -1)
            self._plot(painter, area, values, f"{self._titles[number]} ({unit})")

    def _plot(self, painter: QPainter, area: QRectF, values: Sequence[float], title: str) -> None:
        line = self.fontMetrics().height()
        painter.fillRect(area, self.palette().base())
        painter.setPen(self.palette().mid().color())
        painter.drawRect(area)
        painter.setPen(self.palette().text().color())
        painter.drawText(
            area.adjusted(4, 2, -4, -2), Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, title
        )
        if not values:
            return
        inner = area.adjusted(3.6 * line, line, -2.5 * line, -2.4 * line)
        right = max(values) * 1.05
        scores = [trial.own for trial in self._trials]
        top = min(math.ceil(max(scores) * 50 + 0.5) / 50, 1.0)
        bottom = min(math.floor(min(scores) * 50 - 0.5) / 50, top - 0.02)
        for share, y in ((top, inner.top()), (bottom, inner.bottom())):
            box = QRectF(area.left() + 4, y - line / 2, 3.2 * line, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share:.0%}")
        row = QRectF(inner.left(), inner.bottom() + 2, inner.width(), line)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(row, Qt.AlignmentFlag.AlignRight, f"{right:.1f}")
        taken: list[QRectF] = []
        for trial, value in zip(self._trials, values, strict=True):
            x = inner.left() + inner.width() * value / right
            y = inner.bottom() - inner.height() * (trial.own - bottom) / (top - bottom)
            painter.setPen(self.palette().highlight().color())
            painter.setBrush(self.palette().highlight() if trial.passed else self.palette().base())
            painter.drawEllipse(QPointF(x, y), 0.3 * line, 0.3 * line)
            painter.setPen(self.palette().text().color())
            text = self._names.get(trial.name, trial.name)
            wide = self.fontMetrics().horizontalAdvance(text)
            place = QRectF(min(x + 0.5 * line, area.right() - wide - 4), y - line / 2, wide, line)
            while any(place.intersects(other) for other in taken) and place.top() > area.top() + line:
                place.translate(0, -line)
            taken.append(place)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)
