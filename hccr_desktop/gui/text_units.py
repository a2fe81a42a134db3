"""Qt counts a text in units of UTF-16, where a rare Han character takes two; we count characters."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit


def units_of(text: str) -> int:
    """Return how many units of UTF-16 a text takes."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def characters_in(text: str, units: int) -> int:
    """Return how many characters the first units of UTF-16 of a text are; no more than it has."""
    return len(text.encode("utf-16-le", errors="surrogatepass")[: 2 * units].decode("utf-16-le", errors="ignore"))


def text_under(edit: QPlainTextEdit, place: QPoint) -> str:
    """Return what is selected, or the character at a place of the widget, empty where there is none."""
    cursor = edit.textCursor()
    if not cursor.hasSelection():
        cursor = edit.cursorForPosition(place)
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText().replace("\u2029", "\n").strip()


def has_files(source: QMimeData) -> bool:
    """Whether something that is pasted or dropped is files: a link to elsewhere is text."""
    return any(url.isLocalFile() for url in source.urls())
