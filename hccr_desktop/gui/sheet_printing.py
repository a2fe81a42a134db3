"""A sheet of boxes as PDF, the characters small above each box."""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from hccr_desktop import paths
from hccr_desktop.files import written_aside
from hccr_desktop.formats import sheet as form

_DOTS = 600
_MM = _DOTS / 25.4


PAPERS = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
"""What sheets are printed on; what is not A4 shows an A4 sheet as large as it can, which reading does not mind."""


def print_sheet(path: Path, characters: str, font: QFont, paper: str = "A4") -> int:
    """Write a new sheet for these characters and return its number of pages; raises `InputError`, `StorageError`."""
    sheet = form.new_sheet(characters, paths.sheets())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    size = QPageSize(PAPERS[paper])
    writer.setPageSize(size)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    painter = QPainter(writer)
    room = size.size(QPageSize.Unit.Millimeter)
    share = min(room.width() / form.WIDTH, room.height() / form.HEIGHT)
    painter.scale(_MM, _MM)
    painter.translate((room.width() - share * form.WIDTH) / 2, (room.height() - share * form.HEIGHT) / 2)
    painter.scale(share, share)
    for page in range(sheet.pages):
        if page:
            writer.newPage()
        draw_page(painter, sheet, page, font)
    painter.end()
    try:
        with written_aside(path) as out:
            out.write(buffer.data().data())
    except BaseException:
        with contextlib.suppress(OSError):
            (paths.sheets() / f"{sheet.number}.json").unlink()
        raise
    return sheet.pages


def draw_page(painter: QPainter, sheet: form.Sheet, page: int, font: QFont) -> None:
    """Draw a page; the painter's unit is a millimeter."""
    black = QColor("black")
    for x, y in form.CORNERS:
        painter.fillRect(QRectF(x - form.MARK / 2, y - form.MARK / 2, form.MARK, form.MARK), black)
    for i, bit in enumerate(form.code_of(sheet.number, page)):
        if bit:
            left = form.STRIP[0] + (i - 0.5) * form.BIT
            painter.fillRect(QRectF(left, form.STRIP[1] - form.BIT / 2, form.BIT, form.BIT), black)
    small = QFont(font)
    small.setPixelSize(round(form.LABEL))  # the painter's unit, scaled with it
    painter.setFont(small)
    for place, character in enumerate(sheet.on_page(page)):
        left, top = form.box_of(place)
        box = QRectF(left, top, form.BOX, form.BOX)
        painter.setPen(QPen(QColor("#9a9a9a"), 0.2))
        painter.drawRect(box)
        painter.setPen(QPen(QColor("#e2e2e2"), 0.15))
        painter.drawLine(QPointF(box.center().x(), box.top()), QPointF(box.center().x(), box.bottom()))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
        painter.setPen(QColor("#444444"))
        label = QRectF(left, top - form.LABEL - 0.3, form.BOX, form.LABEL)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, character)
