"""What a sheet of boxes is to hold, on what paper, with a picture of its first page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from hccr_desktop.errors import HccrError
from hccr_desktop.formats.sheet import HEIGHT, WIDTH, Sheet, in_copies
from hccr_desktop.gui.sheet_printing import PAPERS, draw_page

_SCALE = 2


class SheetDialog(QDialog):
    """Asks for characters, copies and paper. `lists` give characters by a title."""

    def __init__(self, lists: dict[str, Callable[[], str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Print a sheet"))
        self._lists = list(lists.values())
        self.list = QComboBox(self)
        self.list.addItems([*lists, self.tr("My own list or text")])
        self.characters = QPlainTextEdit(self)
        self.characters.setTabChangesFocus(True)
        self.copies = QSpinBox(self)
        self.copies.setRange(1, 20)
        self.copies.setValue(3)
        self.paper = QComboBox(self)
        self.paper.addItems(list(PAPERS))
        self.pages, self.preview = QLabel(self), QLabel(self)
        self.pages.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(self.tr("Characters of"), self.list)
        form.addRow(self.tr("Characters"), self.characters)
        form.addRow(self.tr("Boxes for each"), self.copies)
        form.addRow(self.tr("Paper"), self.paper)
        form.addRow(self.pages)
        form.addRow(self.buttons)
        line = QHBoxLayout(self)
        line.addLayout(form, 1)
        line.addWidget(self.preview)
        self.preview.setAccessibleName(self.tr("First page"))
        self.list.currentIndexChanged.connect(self._take_list)
        self.characters.textChanged.connect(self._show)
        self.copies.valueChanged.connect(self._show)
        self._take_list(0)

    @property
    def text(self) -> str:
        """The characters, each as often as it has boxes."""
        return in_copies(self.characters.toPlainText(), self.copies.value())

    def _take_list(self, number: int) -> None:
        if number < len(self._lists):
            try:
                self.characters.setPlainText(self._lists[number]())
            except HccrError as error:
                self.pages.setText(str(error))

    def _show(self) -> None:
        """Show the first page and how many there are."""
        sheet = Sheet(0, self.text)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(sheet.characters))
        self.pages.setText(
            self.tr("Boxes: {boxes}. Pages: {pages}. A character needs three writings to be learned from.").format(
                boxes=len(sheet.characters), pages=sheet.pages
            )
        )
        image = QImage(int(WIDTH * _SCALE), int(HEIGHT * _SCALE), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(_SCALE, _SCALE)
        draw_page(painter, sheet, 0, self.font())
        painter.end()
        side = min(26 * self.fontMetrics().height(), self.screen().availableSize().height() // 2)
        shown = image.scaledToHeight(side, Qt.TransformationMode.SmoothTransformation)
        self.preview.setPixmap(QPixmap.fromImage(shown))
