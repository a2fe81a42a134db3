"""Samples as a grid of pictures, drawn when they come into sight."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.errors import HccrError
from hccr_desktop.rooms.samples import Collection
from hccr_desktop.store.samples import Stored

SIDE = 72
"""Of a picture, in pixels."""
_KEPT = 4_000
"""Pictures kept at once."""


class SampleGrid(QAbstractListModel):
    """The shown samples as pictures, drawn when they come into sight."""

    def __init__(self, collection: Collection, parent: QWidget) -> None:
        super().__init__(parent)
        self._collection, self._view = collection, parent
        self._shown: list[Stored] = []
        self._pictures: dict[int, QPixmap] = {}

    def refresh(self) -> None:
        """Show what the collection shows now."""
        self.beginResetModel()
        self._shown = self._collection.shown
        self.endResetModel()

    def clear(self) -> None:
        """Draw all anew, in the colors of another theme."""
        self._pictures.clear()
        self.refresh()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return how many samples are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def at(self, row: int) -> Stored:
        """Return the sample of a row."""
        return self._shown[row]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a sample's label, picture or description."""
        if not index.isValid():
            return None
        stored = self._shown[index.row()]
        read = self._collection.odd.get(stored.id, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{stored.sample.character} → {read}?" if read else stored.sample.character
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(stored)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            parts = (stored.sample.character, stored.sample.writer, stored.sample.source)
            return " · ".join(part for part in parts if part)
        return None

    def _picture(self, stored: Stored) -> QPixmap:
        if stored.id not in self._pictures:
            if len(self._pictures) >= _KEPT:
                self._pictures.clear()
            self._pictures[stored.id] = self._draw(stored)
        return self._pictures[stored.id]

    def _draw(self, stored: Stored) -> QPixmap:
        picture = QPixmap(SIDE, SIDE)
        picture.fill(self._view.palette().base().color())
        try:
            pixels = np.ascontiguousarray(normalize([stored.sample.content], InputSpec(SIDE, 4))[0, 0])
        except HccrError:
            return picture
        ink = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
        ink.fill(self._view.palette().text().color())
        mask = 255 - pixels
        ink.setAlphaChannel(QImage(mask.data, SIDE, SIDE, SIDE, QImage.Format.Format_Grayscale8))
        painter = QPainter(picture)
        painter.drawImage(0, 0, ink)
        painter.end()
        return picture
