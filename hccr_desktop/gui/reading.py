"""The reading room: pictures of whole pages, their characters marked where they stand, and the text beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.errors import HccrError
from hccr_desktop.files import written_aside
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.recognize.engine import Allowed, Engine

if TYPE_CHECKING:
    from hccr_desktop.recognize.pages import Page

SURE, UNSURE = 0.9, 0.5
"""Probabilities from which a character is shown as sure, and below which as unsure."""


def certainty_color(probability: float) -> QColor:
    """Return the color of a character's box: blue where it is sure, orange, red where it is unsure."""
    return QColor("#2a6fb0" if probability >= SURE else "#c77700" if probability >= UNSURE else "#c02020")


class PageView(QGraphicsView):
    """A page with a box around each character; a box says its candidates when the pointer rests on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)

    def show_page(self, picture: GlyphImage, lines: tuple[tuple[Recognition, ...], ...]) -> None:
        """Show a page and its characters."""
        self._scene.clear()
        pixels = np.ascontiguousarray(picture.pixels)
        image = QImage(pixels.data, picture.width, picture.height, picture.width, QImage.Format.Format_Grayscale8)
        self._scene.addPixmap(QPixmap.fromImage(image.copy()))
        for answer in (answer for line in lines for answer in line):
            if answer.box is None:
                continue
            left, top, right, bottom = answer.box
            color = certainty_color(answer.best.probability)
            item = self._scene.addRect(QRectF(left, top, right - left, bottom - top), QPen(color, 0), QBrush())
            item.setToolTip("  ".join(f"{c.character} {c.probability:.0%}" for c in answer.candidates[:5]))
        self._scene.setSceneRect(0, 0, picture.width, picture.height)
        self._fit()

    @property
    def box_count(self) -> int:
        """How many boxes are shown."""
        return max(len(self._scene.items()) - 1, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole page in sight."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.fitInView(self._scene.sceneRect(), Qt.AspectRatioMode.KeepAspectRatio)


class ReadingDialog(QDialog):
    """Reads a file's pages one after another in the background; the text can be corrected, copied and saved."""

    def __init__(
        self, engine: Callable[[], Engine | None], allowed: Callable[[], Allowed], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine, self._allowed = engine, allowed
        self._tasks = Tasks(self)
        self._pages: Iterator[tuple[GlyphImage, Page]] | None = None
        self._name = ""
        self.open_button = QPushButton(self)
        self.open_button.clicked.connect(self._choose)
        self.stop_button = QPushButton(self)
        self.stop_button.clicked.connect(self._stop)
        self.copy_button = QPushButton(self)
        self.copy_button.clicked.connect(self._copy)
        self.save_button = QPushButton(self)
        self.save_button.clicked.connect(self._choose_target)
        self.view = PageView(self)
        self.text = QPlainTextEdit(self)
        font = self.text.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        self.text.setFont(font)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QHBoxLayout()
        for button in (self.open_button, self.stop_button):
            buttons.addWidget(button)
        buttons.addWidget(self.state, 1)
        for button in (self.copy_button, self.save_button):
            buttons.addWidget(button)
        split = QSplitter(self)
        split.addWidget(self.view)
        split.addWidget(self.text)
        split.setSizes([520, 380])
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        layout.addWidget(split, 1)
        self.resize(960, 620)
        self.retranslate()
        self._update()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.setWindowTitle(self.tr("Read pages"))
        self.open_button.setText(self.tr("Open…"))
        self.stop_button.setText(self.tr("Stop"))
        self.copy_button.setText(self.tr("Copy"))
        self.save_button.setText(self.tr("Save…"))
        self.view.setAccessibleName(self.tr("Page"))
        self.text.setAccessibleName(self.tr("Text of the pages"))
        self.text.setPlaceholderText(self.tr("Open a scan or photograph of handwriting; its text appears here."))

    def open_file(self, path: Path) -> None:
        """Read a file's pages, in place of what was read before."""
        engine = self._engine()
        if engine is None:
            self.state.setText(self.tr("The model is being loaded…"))
            return
        self.text.clear()
        self._name = path.name
        self._pages = _pages(path, engine, self._allowed())
        self.state.setText(self.tr("Reading {name}…").format(name=self._name))
        self._update()
        self._next()

    def _next(self) -> None:
        pages = self._pages
        if pages is not None:
            self._tasks.run(lambda: (pages, next(pages, None)), self._show, self._fail)

    def _show(self, found: tuple[Iterator[tuple[GlyphImage, Page]], tuple[GlyphImage, Page] | None]) -> None:
        pages, read = found
        if pages is not self._pages:
            return  # stopped, or another file was opened meanwhile
        if read is None:
            self._pages = None
            self._update()
            return
        picture, page = read
        self.view.show_page(picture, page.lines)
        if page.number > 1:
            self.text.appendPlainText("")
        self.text.appendPlainText(page.text)
        text = self.tr("{name}, page {number}: {characters} characters in {lines} lines.")
        characters = sum(len(line) for line in page.lines)
        self.state.setText(
            text.format(name=self._name, number=page.number, characters=characters, lines=len(page.lines))
        )
        self._next()

    def _fail(self, error: HccrError) -> None:
        self._pages = None
        self.state.setText(error.sentence(lambda text: QCoreApplication.translate("errors", text)))
        self._update()

    def _stop(self) -> None:
        self._pages = None
        self.state.setText(self.tr("Stopped; what was read stays."))
        self._update()

    def _update(self) -> None:
        self.stop_button.setEnabled(self._pages is not None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _choose(self) -> None:
        kinds = " (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;*"
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Open pages"), "", self.tr("Images") + kinds)
        if name:
            self.open_file(Path(name))

    def _choose_target(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the text"), f"{Path(self._name).stem}.txt")
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write the text, as it was corrected, to a file."""
        try:
            with written_aside(path) as out:
                out.write((self.text.toPlainText() + "\n").encode())
        except HccrError as error:
            self._fail(error)
            return
        self.state.setText(self.tr("Saved as {name}.").format(name=path.name))

    def shut(self) -> None:
        """End the background work."""
        self._pages = None
        self._tasks.close()


def _pages(path: Path, engine: Engine, allowed: Allowed) -> Iterator[tuple[GlyphImage, Page]]:
    """Yield a file's pages and what stands on them; everything heavy is loaded here, on the thread that reads."""
    from hccr_desktop.formats.images import read_images
    from hccr_desktop.paths import language_model
    from hccr_desktop.recognize.language import load_language
    from hccr_desktop.recognize.lines import LineReader
    from hccr_desktop.recognize.pages import read_page

    reader = LineReader(engine, load_language(language_model()), allowed=allowed)
    for number, picture in enumerate(read_images(path), 1):
        yield picture, read_page(picture, reader, number)
