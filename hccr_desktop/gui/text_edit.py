"""A box of plain text as Write and Read have it: files that are dropped on it are opened, its menu is a character's."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit


class TextEdit(QPlainTextEdit):
    """Emits `wanted(text, place, edit)` for a menu, `edit` being the text's own, and `dropped(QMimeData)` for files."""

    wanted = Signal(str, object, object)
    dropped = Signal(object)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take text, and files to be opened."""
        return source.hasText() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Put text in, a link to elsewhere being text; files are opened, not written."""
        if any(url.isLocalFile() for url in source.urls()):
            self.dropped.emit(source)
        elif source.hasText():
            self.insertPlainText(source.text())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of what is selected, or of the character under the pointer."""
        edit = self.createStandardContextMenu(event.pos())
        self.wanted.emit(self._text_under(event.pos()), event.globalPos(), edit)

    def _text_under(self, place: QPoint) -> str:
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor = self.cursorForPosition(place)
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n").strip()
