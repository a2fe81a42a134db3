"""The list of pages: a thumbnail and the state of each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.rooms.reading import ReadPage

_THUMBNAIL = 72


class PageList(QListWidget):
    """Holds `pages` in their order; its current row is the page that is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: list[ReadPage] = []
        self.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.setWordWrap(True)

    def retranslate(self) -> None:
        """Set the name in the language at hand, and the width that its font needs."""
        self.setAccessibleName(self.tr("Pages"))
        self.setMinimumWidth(_THUMBNAIL + 8 * self.fontMetrics().averageCharWidth())

    @property
    def page(self) -> ReadPage | None:
        """The page that is shown."""
        row = self.currentRow()
        return self.pages[row] if 0 <= row < len(self.pages) else None

    def append(self, page: ReadPage) -> None:
        """Add a page at the end."""
        self.insert(len(self.pages), page)

    def insert(self, row: int, page: ReadPage) -> None:
        """Add a page, with what is known of it."""
        self.pages.insert(row, page)
        item = QListWidgetItem(page.name)
        item.setToolTip(str(page.path))
        self.insertItem(row, item)
        if page.is_read:
            self.show_read(page)
        elif page.failure:
            self.show_unreadable(page)

    def remove(self, page: ReadPage) -> None:
        """Take a page off the list."""
        row = self.pages.index(page)
        self.pages.pop(row)
        self.takeItem(row)

    def show_read(self, page: ReadPage, picture: GlyphImage | None = None) -> None:
        """Show that a page was read, and its thumbnail."""
        item = self.item(self.pages.index(page))
        if picture is not None:
            item.setIcon(_thumbnail(picture))
        if page.is_checked:
            text = self.tr("{name}\n✓ checked, {characters} characters")
        elif page.is_stale:
            text = self.tr("{name}\nthe file is gone, or another")
        elif not page.text:
            text = self.tr("{name}\nno writing was found")
        else:
            text = self.tr("{name}\n{characters} characters, {doubtful} doubtful")
        doubtful = len(page.doubts - page.settled)
        item.setText(text.format(name=page.name, characters=page.answer_count, doubtful=doubtful))

    def show_unreadable(self, page: ReadPage) -> None:
        """Show that a page cannot be read."""
        self.item(self.pages.index(page)).setText(self.tr("{name}\ncannot be read").format(name=page.name))


def _thumbnail(picture: GlyphImage) -> QIcon:
    step = max(1, max(picture.pixels.shape) // (4 * _THUMBNAIL))
    small = np.ascontiguousarray(picture.pixels[::step, ::step])
    height, width = small.shape
    image = QImage(small.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    size = QSize(_THUMBNAIL, _THUMBNAIL)
    return QIcon(
        QPixmap.fromImage(
            image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
    )
