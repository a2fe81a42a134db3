"""The line in which chosen characters gather, with a button that copies it; it is kept while it grows."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from hccr_desktop.errors import HccrError
from hccr_desktop.rooms.draft import keep_draft, read_draft

_KEPT_AFTER_MS = 1000


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
        self.edit = QLineEdit(read_draft(), self)
        self.edit.setClearButtonEnabled(True)
        self.edit.textChanged.connect(lambda _: self._keeping.start())
        self.copy_button = QPushButton(self)
        self.copy_button.clicked.connect(self.copy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self.copy_button)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.edit.setPlaceholderText(self.tr("Chosen characters appear here"))
        self.edit.setAccessibleName(self.tr("Text"))
        self.copy_button.setText(self.tr("Copy"))

    def set_font_of(self, font: QFont) -> None:
        """Write larger than the room does."""
        large = QFont(font)
        large.setPointSizeF(font.pointSizeF() * 1.6)
        self.edit.setFont(large)

    @property
    def before(self) -> str:
        """The text before the cursor."""
        return self.edit.text()[: self.edit.cursorPosition()]

    def copy(self) -> None:
        """Copy the whole line."""
        QGuiApplication.clipboard().setText(self.edit.text())
        self.said.emit(self.tr("Copied."))

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
