"""A page's picture with a box around each character; zoom by Ctrl and wheel, pan by dragging."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGraphicsRectItem, QGraphicsScene, QGraphicsView, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.gui.theme import certainty_color, settled_color
from hccr_desktop.rooms.reading import ReadPage

_STEP = 1.25


class PageView(QGraphicsView):
    """Emits `clicked(int)` with the number of the character that was clicked, `wanted(int, QPoint)` where a menu of it
    is asked for, and `drawn(Box)` for a region.
    """

    clicked = Signal(int)
    drawn = Signal(object)
    wanted = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setMinimumWidth(160)
        self._boxes: dict[int, QGraphicsRectItem] = {}
        self._sure: list[float] = []
        self._marked = -1
        self._fits = True
        self._pressed, self._start = QPoint(), QPointF()
        """Where the button was pressed, in the view and on the page."""

    def draw_region(self, draws: bool) -> None:
        """Let the next drag draw a region, or pan the page as usual."""
        mode = QGraphicsView.DragMode.RubberBandDrag if draws else QGraphicsView.DragMode.ScrollHandDrag
        if mode != self.dragMode():
            self.setDragMode(mode)
            self.viewport().setCursor(Qt.CursorShape.CrossCursor if draws else Qt.CursorShape.OpenHandCursor)

    def show_page(self, picture: GlyphImage, page: ReadPage) -> None:
        """Show a page, its characters, and the regions that are read or left aside."""
        self._scene.clear()
        self._boxes, self._marked = {}, -1
        pixels = np.ascontiguousarray(picture.pixels)
        image = QImage(pixels.data, picture.width, picture.height, picture.width, QImage.Format.Format_Grayscale8)
        self._scene.addPixmap(QPixmap.fromImage(image.copy()))
        self._sure = [answer.best.probability for answer in page.answers]
        for number, answer in enumerate(page.answers):
            if answer.box is None:
                continue
            left, top, right, bottom = answer.box
            item = self._scene.addRect(QRectF(left, top, right - left, bottom - top))
            item.setToolTip("  ".join(f"{c.character} {c.probability:.0%}" for c in page.candidates_of(number)[:5]))
            self._boxes[number] = item
        self.show_states(page)
        for boxes, color in ((page.only, QColor("#2e8b57")), (page.ignored, QColor("#808080"))):
            for left, top, right, bottom in boxes:
                pen = QPen(color, 2, Qt.PenStyle.DashLine)
                pen.setCosmetic(True)
                faint = QColor(color)
                faint.setAlpha(0 if boxes is page.only else 90)
                self._scene.addRect(QRectF(left, top, right - left, bottom - top), pen, QBrush(faint))
        self._scene.setSceneRect(0, 0, picture.width, picture.height)
        self.fit()

    def show_states(self, page: ReadPage) -> None:
        """Show which characters are sure, doubtful or settled; those that were deleted have no box."""
        paper, standing = self._paper(), set(page.owners)
        for number, item in self._boxes.items():
            settled = number in page.settled
            color = settled_color(paper) if settled else certainty_color(self._sure[number], paper)
            item.setPen(QPen(color, 0))
            item.setVisible(number in standing)

    def clear(self) -> None:
        """Show nothing."""
        self._scene.clear()
        self._scene.setSceneRect(QRectF(0, 0, 0, 0))
        self._boxes, self._marked = {}, -1

    def _paper(self) -> QPalette:
        """Boxes stand on paper, whatever the theme: the light theme's colors."""
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, QColor("white"))
        return palette

    def mark(self, number: int) -> None:
        """Mark a character and bring it into sight; -1 marks none."""
        if self._marked in self._boxes:
            self._boxes[self._marked].setBrush(QBrush())
        self._marked = number
        if number in self._boxes:
            color = QColor(self._boxes[number].pen().color())
            color.setAlpha(70)
            self._boxes[number].setBrush(QBrush(color))
            if not self._fits:
                self.ensureVisible(self._boxes[number], 60, 60)

    @property
    def box_count(self) -> int:
        """How many boxes are shown."""
        return sum(item.isVisible() for item in self._boxes.values())

    def zoom(self, steps: int) -> None:
        """Enlarge, or with a negative number make smaller."""
        self._fits = False
        self.scale(_STEP**steps, _STEP**steps)

    def fit(self) -> None:
        """Show the whole page."""
        self._fits = True
        self.fitInView(self._scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole page in sight, unless the user zoomed."""
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a region, or pan."""
        self._pressed = event.position().toPoint()
        self._start = self.mapToScene(self._pressed)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which region was drawn, or which character was clicked."""
        if self.dragMode() == QGraphicsView.DragMode.RubberBandDrag:
            super().mouseReleaseEvent(event)
            band = QRectF(self._start, self.mapToScene(event.position().toPoint())).normalized()
            band = band.intersected(self._scene.sceneRect())
            if band.width() > 5 and band.height() > 5:
                self.drawn.emit((int(band.left()), int(band.top()), int(band.right()), int(band.bottom())))
            return
        at = event.position().toPoint()
        was_dragged = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        number = -1 if was_dragged else self._number_at(at)
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(number)
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of the character under the pointer."""
        number = self._number_at(event.pos())
        if number >= 0:
            self.wanted.emit(number, event.globalPos())

    def _number_at(self, place: QPoint) -> int:
        """Return the number of the character at a place of the view, -1 where there is none."""
        at = self.mapToScene(place)
        return next((n for n, box in self._boxes.items() if box.isVisible() and box.rect().contains(at)), -1)
