"""The user's guide in a window of its own: one Markdown file that comes with the application.

Nothing is fetched: links lead within the guide alone, and pictures are read from the application's own folder.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QImageReader, QTextCursor, QTextDocument
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from hccr_desktop import paths
from hccr_desktop.files import read_bounded

_MAX_BYTES = 2**20
_WIDEST_PICTURE_PX, _MARGIN_PX = 680, 16


class GuideWindow(QDialog):
    """Shows the guide in the interface's language; raises `UnreadableFile` where it is missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = GuidePage(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self.resize(760, 680)
        self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Guide"))
        self.page.setAccessibleName(self.tr("Guide"))
        # A text like any other: each translation names the folder whose guide its readers can read.
        self.page.show_guide(self.tr("en"))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, and the colors, which links keep as they were when the text was set."""
        if hasattr(self, "page") and event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._retranslate()
        super().changeEvent(event)


class GuidePage(QTextBrowser):
    """The guide's text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(_MARGIN_PX)
        self.anchorClicked.connect(self.follow)

    def show_guide(self, language: str) -> None:
        """Show the guide in a language's folder, where it was scrolled to; raises `UnreadableFile`."""
        file = paths.docs() / language / "guide.md"
        text = read_bounded(file, _MAX_BYTES).decode("utf-8", errors="replace")
        at = self.verticalScrollBar().value()
        self.document().setBaseUrl(QUrl.fromLocalFile(str(file)))
        self.setMarkdown(text)
        self.verticalScrollBar().setValue(at)

    def follow(self, link: QUrl) -> None:
        """Go to the heading that a link of the guide names; other links lead nowhere."""
        if not link.path() and not link.host():
            self._go_to(link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))

    def _go_to(self, anchor: str) -> None:
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and anchor_of(block.text()) == anchor:
                self.moveCursor(QTextCursor.MoveOperation.End)  # so that the heading comes to stand at the top
                self.setTextCursor(QTextCursor(block))
                return
            block = block.next()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a picture among the application's own files, no wider than a page; nothing else is loaded."""
        given = self.document().baseUrl().resolved(QUrl(name))
        file = Path(given.toLocalFile()).resolve()
        is_picture = kind == QTextDocument.ResourceType.ImageResource.value
        if not is_picture or not given.isLocalFile() or not file.is_relative_to(paths.resources().resolve()):
            return None
        reader = QImageReader(str(file))
        size = reader.size()
        if size.width() > _WIDEST_PICTURE_PX:
            reader.setScaledSize(size * (_WIDEST_PICTURE_PX / size.width()))
        return reader.read()


def anchor_of(heading: str) -> str:
    """Return the name under which links know a heading: lower case, hyphens for spaces, no punctuation."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
