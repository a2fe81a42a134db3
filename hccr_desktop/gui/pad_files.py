"""Files and the pad: what is opened comes onto it, what is on it is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.intake import Intake
from hccr_desktop.gui.pad import Pad
from hccr_desktop.rooms.places import Places

_KINDS = " (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.gnt *.inkml *.jsonl);;*"

_REMEMBERED = 20
"""Pictures whose files are known, since an undo may bring them back."""


class PadFiles(QObject):
    """Emits `said(str)` when something was saved, and `failed(HccrError | None)`; None takes an error back."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, pad: Pad, named: Callable[[], str], places: Places, parent: QWidget) -> None:
        """`named` says what the writing is taken for."""
        super().__init__(parent)
        self._pad, self._named, self._places, self._window = pad, named, places, parent
        self._opened: list[tuple[GlyphImage, Path]] = []
        self.intake = Intake(self)
        self.intake.came.connect(self._show)
        self.intake.failed.connect(self.failed)

    @property
    def source(self) -> Path | None:
        """The file of the picture on the pad, None for writing, and pictures of long ago."""
        return next((path for glyph, path in self._opened if glyph is self._pad.item), None)

    def choose(self) -> None:
        """Ask for a file and open it."""
        title = self.tr("Open an image of one character")
        folder = self._places.folder("writing")
        path, _ = QFileDialog.getOpenFileName(self._window, title, folder, self.tr("Images and ink") + _KINDS)
        if path:
            self._places.keep_folder("writing", Path(path))
            self.intake.open_file(Path(path))

    def choose_target(self) -> None:
        """Ask for a file and save the writing in it."""
        kinds = "SVG (*.svg);;InkML (*.inkml);;PNG (*.png)"
        proposed = str(Path(self._places.folder("writing")) / "writing.svg")
        path, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save the writing"), proposed, kinds)
        if path:
            self._places.keep_folder("writing", Path(path))
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """Write what is on the pad as SVG, InkML or PNG, by the file's suffix."""
        from hccr_desktop.formats.drawing import write_drawing

        item = self._pad.item
        if not isinstance(item, Ink):
            return
        try:
            write_drawing(path, Sample(self._named() or "?", item))
        except HccrError as error:
            self.failed.emit(error)
            return
        self.said.emit(self.tr("Saved as {name}.").format(name=path.name))

    def _show(self, item: Ink | GlyphImage, crowded: str, source: Path) -> None:
        self.failed.emit(None)
        if isinstance(item, GlyphImage):
            self._opened = [*self._opened[-_REMEMBERED:], (item, source)]
            self._pad.show_glyph(item)
        else:
            self._pad.show_ink(item)
        if crowded:
            self.failed.emit(
                InputError(
                    "{name} holds more than one character; the first is shown.",
                    "“Read” takes whole pages.",
                    name=crowded,
                )
            )
