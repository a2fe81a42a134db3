"""What comes from outside: opened and dropped files, images on the clipboard → ink or glyph."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import HccrError, UnreadableFile
from hccr_desktop.files import written_aside
from hccr_desktop.gui.tasks import Tasks


class Intake(QObject):
    """Emits `came(Ink | GlyphImage, name, source)`, where name is that of a file with more than one
    character and otherwise empty and source the file, or `failed(HccrError)`. Files are read in the background. What
    was pasted is a file of ours while the window is open.
    """

    came = Signal(object, str, object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self)

    def open_file(self, path: Path) -> None:
        """Read a file's first character."""

        def read() -> tuple[Ink | GlyphImage, str]:
            from hccr_desktop.formats.reading import read_any

            samples = list(itertools.islice(read_any(path), 2))
            if not samples:
                raise UnreadableFile("{name} holds no character.", "Open an image of one character.", name=path.name)
            return samples[0].content, path.name if len(samples) > 1 else ""

        self._tasks.run(read, lambda found: self.came.emit(*found, path), self.failed.emit)

    def take(self, mime: QMimeData) -> bool:
        """Take the first file or the image out of what was dropped or pasted; False where there is none."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self.open_file(files[0])
            return True
        image = mime.imageData() if mime.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return False
        try:
            self.came.emit(glyph_from_qimage(image), "", keep_pasted(image))
        except HccrError as error:
            self.failed.emit(error)
        return True

    def close(self) -> None:
        """End the background work."""
        self._tasks.close()


def keep_pasted(image: QImage) -> Path:
    """Keep a picture of the clipboard as a file, named by what it shows, and return that; raises `StorageError`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    data = buffer.data().data()
    path = paths.pasted() / f"{hashlib.sha256(data).hexdigest()[:16]}.png"
    if not path.exists():
        with written_aside(path) as out:
            out.write(data)
    return path


def glyph_from_qimage(image: QImage) -> GlyphImage:
    """Convert a picture of the clipboard; raises `InputError`."""
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.bytesPerLine())
    return GlyphImage.from_array(rows[:, : rgba.width() * 4].reshape(rgba.height(), rgba.width(), 4).copy())
