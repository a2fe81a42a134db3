"""The line that is at hand, enlarged out of the page's picture, so that it can be compared with its text below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box, around

_AROUND = 0.25
"""Of a character's size, what is shown of the paper around the line."""


class LinePicture(QWidget):
    """Shows a row as it stands on the page, and a column with its characters side by side.

    Emits `clicked(int)` with the number of the answer that was clicked.
    """

    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._places: list[tuple[int, QRectF]] = []
        """Answers, and where they stand in the image."""
        self._marked = -1
        self._shown = QRectF()

    def show_line(
        self, picture: GlyphImage | None, boxes: Sequence[tuple[int, Box]], marked: int, column: bool
    ) -> None:
        """Show the line of these answers and their boxes, one of them marked; none shows nothing."""
        self._marked, self._places, self._image = marked, [], QImage()
        if picture is not None and boxes:
            self._compose(picture, boxes, column)
        self.update()

    def _compose(self, picture: GlyphImage, boxes: Sequence[tuple[int, Box]], column: bool) -> None:
        size = max(max(right - left, bottom - top) for _, (left, top, right, bottom) in boxes)
        margin = max(round(_AROUND * size), 2)
        if not column:
            left, top, right, bottom = around([box for _, box in boxes])
            pixels = _cut(picture, (left - margin, top - margin, right + margin, bottom + margin))
            x0, y0 = max(left - margin, 0), max(top - margin, 0)
            self._places = [(n, QRectF(a - x0, b - y0, c - a, d - b)) for n, (a, b, c, d) in boxes]
        else:
            parts, x = [], 0
            for number, (left, top, right, bottom) in boxes:
                middle, centre, half = (left + right) // 2, (top + bottom) // 2, size // 2 + margin
                part = _cut(picture, (middle - half, centre - half, middle + half, centre + half), fill=True)
                parts.append(part)
                self._places.append((number, QRectF(x + margin / 2, margin / 2, 2 * half - margin, 2 * half - margin)))
                x += part.shape[1]
            pixels = np.concatenate(parts, axis=1)
        pixels = np.ascontiguousarray(pixels)
        height, width = pixels.shape
        self._image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()

    def sizeHint(self) -> QSize:
        """Be as high as four lines of text."""
        return QSize(200, 4 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Be as high as two lines of text."""
        return QSize(60, 2 * self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part of the line around the marked character."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(self.height() / self._image.height(), 6.0)
        wide = self.width() / scale
        at = next((place.center().x() for number, place in self._places if number == self._marked), 0.0)
        left = min(max(at - wide / 2, 0.0), max(self._image.width() - wide, 0.0))
        self._shown = QRectF(left, 0, wide, self._image.height())
        target = QRectF((0 - left) * scale, 0, self._image.width() * scale, self._image.height() * scale)
        painter.drawImage(target, self._image)
        for number, place in self._places:
            if number == self._marked:
                painter.setPen(QPen(QColor("#2a6fb0"), 2))
                painter.drawRect(
                    QRectF(
                        (place.left() - left) * scale,
                        place.top() * scale,
                        place.width() * scale,
                        place.height() * scale,
                    )
                )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the character that is clicked."""
        if self._image.isNull():
            return
        x = self._shown.left() + event.position().x() * self._shown.width() / max(self.width(), 1)
        number = next((n for n, place in self._places if place.left() <= x <= place.right()), -1)
        if number >= 0:
            self.clicked.emit(number)


def _cut(picture: GlyphImage, box: Box, *, fill: bool = False) -> np.ndarray:
    """Return a part of a picture; what lies outside of it is left out, or with `fill` paper."""
    left, top, right, bottom = box
    inside = picture.pixels[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if not fill:
        return inside
    whole = np.full((bottom - top, right - left), 255, np.uint8)
    y, x = max(-top, 0), max(-left, 0)
    whole[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return whole
