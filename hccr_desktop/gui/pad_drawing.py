"""How the pad looks: cells and their guides, strokes as smooth curves, and pictures that were opened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from hccr_desktop.core.glyph import GlyphImage

_MARGIN = 12
_MOST_CELL = 220.0

Point = Sequence[float]
"""x, y, time and, where the pen tells it, pressure from 0 to 1."""


def cells(area: QRectF, mode: str) -> list[QRectF]:
    """Return the cells of an area that are written in: "one", or as many as a "row" or "column" holds."""
    room = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    if mode == "one":
        side = min(room.width(), room.height())
        cell = QRectF(0, 0, side, side)
        cell.moveCenter(room.center())
        return [cell]
    along, across = (room.width(), room.height()) if mode == "row" else (room.height(), room.width())
    side = min(across, along / 2, _MOST_CELL)
    count = max(2, int(along / side))
    found = []
    for number in range(count):
        cell = QRectF(0, 0, side, side)
        offset = (number - (count - 1) / 2) * side
        cell.moveCenter(room.center() + (QPointF(offset, 0) if mode == "row" else QPointF(0, offset)))
        found.append(cell)
    return found


def draw_guides(painter: QPainter, areas: Sequence[QRectF], guides: str, color: QColor) -> None:
    """Draw the frames and crosses of cells: "tian" 田, "mi" 米, nothing for "none"."""
    if guides == "none":
        return
    pale = QColor(color)
    pale.setAlpha(60)
    painter.setPen(QPen(pale, 1, Qt.PenStyle.DashLine))
    for area in areas:
        painter.drawRect(area)
        center = area.center()
        painter.drawLine(QPointF(center.x(), area.top()), QPointF(center.x(), area.bottom()))
        painter.drawLine(QPointF(area.left(), center.y()), QPointF(area.right(), center.y()))
        if guides == "mi":
            painter.drawLine(area.topLeft(), area.bottomRight())
            painter.drawLine(area.topRight(), area.bottomLeft())


def draw_curve(painter: QPainter, points: Sequence[Point], color: QColor, width: float, first: int = 0) -> None:
    """Draw the curve of a stroke from its point number `first` on, up to the middle before the last point.

    The curve goes through the middles between points and bends toward the points: quadratic Bézier
    pieces, each known once its two ends are, so that nothing drawn has to be drawn again. What lies
    between the last middle and the pen is `draw_tip`'s: the line never lags behind the pen.
    """
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    for i in range(max(first, 1), len(points)):
        before, now = points[i - 1], points[i]
        pen.setWidthF(_width(width, before if i > 1 else now))
        painter.setPen(pen)
        path = QPainterPath(_middle(points[i - 2], before) if i > 1 else QPointF(before[0], before[1]))
        path.quadTo(QPointF(before[0], before[1]), _middle(before, now))
        painter.drawPath(path)


def draw_tip(painter: QPainter, points: Sequence[Point], color: QColor, width: float) -> None:
    """Draw what `draw_curve` leaves open: the straight end of a stroke under the pen, or its only point."""
    if not points:
        return
    pen = QPen(color, _width(width, points[-1]))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    end = QPointF(points[-1][0], points[-1][1])
    if len(points) == 1:
        painter.drawPoint(end)
    else:
        painter.drawLine(_middle(points[-2], points[-1]), end)


def draw_example(painter: QPainter, strokes: Sequence[npt.NDArray[np.uint8]], area: QRectF, color: QColor) -> None:
    """Draw strokes, uint8 (n, 2) of 255 each, in pale into an area."""
    pale = QColor(color)
    pale.setAlpha(45)
    side = 0.86 * min(area.width(), area.height())
    left, top = area.center().x() - side / 2, area.center().y() - side / 2
    pen = QPen(pale, side / 22)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for stroke in strokes:
        points = (stroke.astype(np.float64) * side / 255).tolist()
        painter.drawPolyline(QPolygonF([QPointF(left + x, top + y) for x, y in points]))


def draw_glyph(painter: QPainter, glyph: GlyphImage, area: QRectF) -> None:
    """Draw a picture as large as an area lets it."""
    pixels = np.ascontiguousarray(glyph.pixels)
    image = QImage(pixels.data, glyph.width, glyph.height, glyph.width, QImage.Format.Format_Grayscale8)
    room = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    scale = min(room.width() / glyph.width, room.height() / glyph.height)
    target = QRectF(0, 0, glyph.width * scale, glyph.height * scale)
    target.moveCenter(room.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, image)


def _middle(a: Point, b: Point) -> QPointF:
    return QPointF((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)


def _width(width: float, point: Point) -> float:
    """Return the line's width at a point: half to one and a half times as wide, by the pen's pressure."""
    return width * (0.5 + point[3]) if len(point) > 3 else width
