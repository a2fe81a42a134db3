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
        points = [
            QPointF(
                inner.left() + inner.width() * value / right,
                inner.bottom() - inner.height() * (trial.own - bottom) / (top - bottom),
            )
            for trial, value in zip(self._trials, values, strict=True)
        ]
        radius = 0.3 * line
        taken = [QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius) for at in points]
        for trial, at in zip(self._trials, points, strict=True):
            painter.setPen(self.palette().highlight().color())
            painter.setBrush(self.palette().highlight() if trial.passed else self.palette().base())
            painter.drawEllipse(at, radius, radius)
            text = self._names.get(trial.name, trial.name)
            place = self._free_place(at, QRectF(area), text, taken)
            taken.append(place)
            painter.setPen(self.palette().text().color())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _free_place(self, at: QPointF, area: QRectF, text: str, taken: Sequence[QRectF]) -> QRectF:
        """Return where a point's name stands: beside, below or above it, where nothing else is."""
        line, wide = self.fontMetrics().height(), self.fontMetrics().horizontalAdvance(text) + 4
        beside = 0.4 * line
        places = [
            QRectF(x, at.y() - line / 2 + away * line, wide, line)
            for away in (0, 1, -1, 2, -2, 3, -3)
            for x in (at.x() + beside, at.x() - beside - wide, at.x() - wide / 2)
            if away or x != at.x() - wide / 2
        ]
        free = (p for p in places if area.contains(p) and not any(p.intersects(other) for other in taken))
        return next(free, places[0])
