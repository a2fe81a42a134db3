"""A character written stroke by stroke before one's eyes; a click writes it again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from hccr_desktop.gui.pad_drawing import draw_guides

_PER_TICK, _PAUSE = 14.0, 60.0
"""How far the pen goes at once, and between strokes, of 255."""


class StrokeOrder(QWidget):
    """Shows strokes, uint8 (n, 2) of 255 each; the pen goes over them once, or when the widget is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[npt.NDArray[np.float64]] = []
        self._ends: list[float] = []
        self._at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(33)
        self._timer.timeout.connect(self._go_on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_strokes(self, strokes: Sequence[npt.NDArray[np.uint8]]) -> None:
        """Show a character's strokes, whole; none shows nothing."""
        self._timer.stop()
        self._lines = [stroke.astype(np.float64) for stroke in strokes]
        lengths = [float(np.hypot(*np.diff(line, axis=0).T).sum()) + _PAUSE for line in self._lines]
        self._ends = np.cumsum(lengths).tolist()
        self._at = self._ends[-1] if self._ends else 0.0
        self.setVisible(bool(self._lines))
        self.setToolTip(self.tr("{count} strokes; a click shows their order").format(count=len(self._lines)))
        self.update()

    def replay(self) -> None:
        """Write the character from its first stroke on."""
        self._at = 0.0
        self._timer.start()

    @property
    def is_writing(self) -> bool:
        """Whether the pen is under way."""
        return self._timer.isActive()

    def _go_on(self) -> None:
        self._at += _PER_TICK
        if not self._ends or self._at >= self._ends[-1]:
            self._timer.stop()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Write again."""
        self.replay()
        event.accept()

    def sizeHint(self) -> QSize:
        """Be as large as a character that is studied."""
        side = 8 * self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is written so far, the stroke at hand in color, what is to come pale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = float(min(self.width(), self.height()) - 2)
        area = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        ink = self.palette().text().color()
        draw_guides(painter, [area], "tian", ink)
        pale = QColor(ink)
        pale.setAlpha(40)
        painter.translate(area.topLeft())
        painter.scale(side / 255, side / 255)
        start = 0.0
        for line, end in zip(self._lines, self._ends, strict=True):
            self._draw(painter, line, pale)
            if self._at > start:
                at_hand = self.is_writing and self._at < end
                written = _beginning(line, self._at - start)
                self._draw(painter, written, self.palette().highlight().color() if at_hand else ink)
            start = end

    def _draw(self, painter: QPainter, line: npt.NDArray[np.float64], color: QColor) -> None:
        pen = QPen(color, 13)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))


def _beginning(line: npt.NDArray[np.float64], length: float) -> npt.NDArray[np.float64]:
    """Return the part of a line, float64 (n, 2), up to a length."""
    ends = np.cumsum(np.hypot(*np.diff(line, axis=0).T))
    whole = int(np.searchsorted(ends, length))
    if whole >= len(ends):
        return line
    before = float(ends[whole - 1]) if whole else 0.0
    share = (length - before) / max(float(ends[whole]) - before, 1e-9)
    return np.concatenate([line[: whole + 1], [line[whole] + share * (line[whole + 1] - line[whole])]])
