"""The text in which chosen characters gather, with a button that copies it; it is kept while it grows."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hccr_desktop.errors import HccrError
from hccr_desktop.gui.text_edit import TextEdit
from hccr_desktop.gui.text_units import characters_in, units_of
from hccr_desktop.rooms.draft import keep_draft, read_draft

_KEPT_AFTER_MS = 1000
_LEAST_LINES, _MOST_LINES = 2, 6


class TextBox(TextEdit):
    """Several lines of plain text, as high as they need within bounds."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTabChangesFocus(True)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._lines = _LEAST_LINES
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.fit())

    def set_least_lines(self, lines: int) -> None:
        """Be at least so many lines high."""
        self._lines = lines
        self.fit()

    def text(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @property
    def selected(self) -> tuple[int, int]:
        """Where the selection begins and ends, in characters; both where the cursor is if nothing is selected."""
        cursor, text = self.textCursor(), self.toPlainText()
        return characters_in(text, cursor.selectionStart()), characters_in(text, cursor.selectionEnd())

    def insert(self, text: str) -> None:
        """Put text in place of what is selected, or at the cursor."""
        self.replace(*self.selected, text)

    def replace(self, start: int, end: int, text: str) -> None:
        """Put text in place of the characters from one place to another; the cursor goes behind it."""
        whole, cursor = self.toPlainText(), self.textCursor()
        cursor.setPosition(units_of(whole[:start]))
        cursor.setPosition(units_of(whole[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def fit(self) -> None:
        """Take the height that text and font need."""
        lines = min(max(int(self.document().size().height()), self._lines), _MOST_LINES)
        margins = self.contentsMargins()
        around = 2 * (int(self.document().documentMargin()) + self.frameWidth()) + margins.top() + margins.bottom()
        self.setFixedHeight(lines * QFontMetrics(self.font()).lineSpacing() + around)


class TextLine(QWidget):
    """Emits `said(str)` when the text was copied, and `failed(HccrError)` where it cannot be kept."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(_KEPT_AFTER_MS)
        self._keeping.timeout.connect(self.keep)
        self.edit = TextBox(read_draft(), self)
        self.edit.textChanged.connect(self._keeping.start)
        self.copy_button, self.clear_button = QPushButton(self), QPushButton(self)
        self.copy_button.clicked.connect(self.copy)
        self.clear_button.clicked.connect(self.clear)
        buttons = QVBoxLayout()
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.clear_button)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit, 1)
        layout.addLayout(buttons)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.edit.setPlaceholderText(self.tr("Chosen characters appear here"))
        self.edit.setAccessibleName(self.tr("Text"))
        self.copy_button.setText(self.tr("Copy"))
        self.clear_button.setText(self.tr("Empty"))
        self.clear_button.setToolTip(self.tr("Empty the text; Ctrl+Z in it brings it back"))

    def set_font_of(self, font: QFont) -> None:
        """Write larger than the room does."""
        large = QFont(font)
        large.setPointSizeF(font.pointSizeF() * 1.6)
        self.edit.setFont(large)
        self.edit.fit()

    def show_small(self, small: bool) -> None:
        """Take one line's height, where there is little room, or the usual one."""
        self.edit.set_least_lines(1 if small else _LEAST_LINES)
        self.clear_button.setVisible(not small)

    @property
    def before(self) -> str:
        """The text before the cursor, of the last line."""
        return self.edit.text()[: self.edit.selected[0]].rsplit("\n", 1)[-1]

    def copy(self) -> None:
        """Copy the whole text."""
        QGuiApplication.clipboard().setText(self.edit.text())
        self.said.emit(self.tr("Copied."))

    def clear(self) -> None:
        """Empty the text, so that the text's own undo brings it back."""
        cursor = self.edit.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()

    def forget(self) -> None:
        """Empty the text for good, and keep nothing of it."""
        self.edit.setText("")
        self._keeping.stop()

    def keep(self) -> None:
        """Keep the text as it is now."""
        self._keeping.stop()
        try:
            keep_draft(self.edit.text())
        except HccrError as error:
            self.failed.emit(error)

    def shut(self) -> None:
        """Keep what is not kept yet."""
        if self._keeping.isActive():
            self.keep()
