"""The list of pages: a thumbnail and the state of each, in an order that can be chosen, with a search in all texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.rooms.reading import ReadPage

_THUMBNAIL = 64

ORDERS: dict[str, Callable[[ReadPage], Any]] = {
    "opened": lambda page: (page.position, page.kept),
    "name": lambda page: (str(page.path), page.number),
    "doubtful": lambda page: -page.doubtful_count,
    "unchecked": lambda page: (page.is_checked, page.position, page.kept),
}
"""In which the pages may stand."""


class PageList(QListWidget):
    """Holds `pages` in their order; its current row is the page that is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages: list[ReadPage] = []
        self._sought = ""
        self.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def retranslate(self) -> None:
        """Set the texts in the language at hand, and the width that its font needs."""
        self.setAccessibleName(self.tr("Pages"))
        self.setMinimumWidth(_THUMBNAIL + 8 * self.fontMetrics().averageCharWidth())
        for page in self.pages:
            self._say(page)

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
        self._say(page)

    def remove(self, page: ReadPage) -> None:
        """Take a page off the list."""
        row, shown = self.pages.index(page), self.page
        self.blockSignals(True)  # in between, rows and pages do not agree
        self.pages.pop(row)
        self.takeItem(row)
        self.blockSignals(False)
        if self.page is not shown:
            self.currentRowChanged.emit(self.currentRow())

    def show_read(self, page: ReadPage, picture: GlyphImage | None = None) -> None:
        """Show that a page was read, and its thumbnail."""
        if picture is not None:
            self.item(self.pages.index(page)).setIcon(_thumbnail(picture))
        self._say(page)

    def show_unreadable(self, page: ReadPage) -> None:
        """Show that a page cannot be read."""
        self.item(self.pages.index(page)).setText(self.tr("{name}\ncannot be read").format(name=page.name))

    def _say(self, page: ReadPage) -> None:
        """Say what is known of a page."""
        if page.failure:
            self.show_unreadable(page)
            return
        if not page.is_read:
            text = self.tr("{name}\nwaits to be read")
        elif page.is_checked:
            text = self.tr("{name}\n✓ checked, {characters} characters")
        elif page.is_stale:
            text = self.tr("{name}\nthe file is gone, or another")
        elif not page.text:
            text = self.tr("{name}\nno writing was found")
        else:
            text = self.tr("{name}\n{doubtful} of {characters} doubtful")
        text = text.format(name=page.name, characters=page.answer_count, doubtful=page.doubtful_count)
        self.item(self.pages.index(page)).setText(text)

    def order(self, name: str) -> None:
        """Put the pages in one of `ORDERS`; the one that is shown stays shown."""
        current = self.page
        icons = {id(page): self.item(row).icon() for row, page in enumerate(self.pages)}
        self.blockSignals(True)
        pages, self.pages = sorted(self.pages, key=ORDERS[name]), []
        self.clear()
        for page in pages:
            self.append(page)
            self.item(len(self.pages) - 1).setIcon(icons[id(page)])
        if current is not None:
            self.setCurrentRow(self.pages.index(current))
        self.blockSignals(False)
        self.filter(self._sought)

    def filter(self, text: str) -> None:
        """Show only the pages whose text or name holds a text."""
        self._sought = text
        for row, page in enumerate(self.pages):
            self.item(row).setHidden(bool(text) and text not in page.text and text not in page.name)


class PageColumn(QWidget):
    """The list below the line for what is looked for. Emits `found(ReadPage, int, int)`: a place in a page's text, and
    the length of what stands there.
    """

    found = Signal(object, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = PageList(self)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.list.filter)
        self.search.returnPressed.connect(self.find_next)
        self.left = QLabel(self)
        self.left.setWordWrap(True)
        self._at = (-1, -1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.left)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.search.setPlaceholderText(self.tr("Search in all pages"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.list.retranslate()

    def show_counts(self, here: int, everywhere: int) -> None:
        """Say how many characters are left to be looked at, on the page that is shown and in all."""
        self.left.setText(self.tr("Doubtful: {here} here, {all} in all").format(here=here, all=everywhere))

    def find_next(self) -> None:
        """Go to the next place where the text stands, after the last from the page that is shown on, and around."""
        wanted, pages = self.search.text(), self.list.pages
        if not wanted or not pages:
            return
        first = max(self.list.currentRow(), 0)
        row, at = self._at if self._at[0] == first else (first, -1)
        for number in [*range(row, len(pages)), *range(row + 1)]:
            place = pages[number].text.find(wanted, at + 1 if number == row and at >= 0 else 0)
            if place >= 0:
                self._at = (number, place)
                self.found.emit(pages[number], place, len(wanted))
                return
            at = -1


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
