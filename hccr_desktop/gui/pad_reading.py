"""Between the pad and the recognizer: waits for the pen to rest, then asks for what the pad's mode needs."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.room import Desk
from hccr_desktop.recognize.lines.rows import RowReader


class PadReading(QObject):
    """Emits `read(Recognition | Sequence[Written])` for what is on the pad, and `emptied()` where there is nothing."""

    read = Signal(object)
    emptied = Signal()

    def __init__(self, pad: Pad, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pad, self._desk = pad, desk
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self.ask)
        pad.pen_down.connect(self._pause.stop)
        pad.changed.connect(self.wait)
        desk.recognizer.recognized.connect(self.read)

    def wait(self) -> None:
        """Forget what was asked before, and ask anew after a pause; a picture is whole at once."""
        self._desk.recognizer.forget()
        if self._pad.item is None:
            self._pause.stop()
            self.emptied.emit()
        else:
            glyph = isinstance(self._pad.item, GlyphImage)
            self._pause.start(0 if glyph else self._desk.settings.pause_ms)

    def ask(self) -> None:
        """Ask now, unless the pen is down."""
        item, recognizer, settings = self._pad.item, self._desk.recognizer, self._desk.settings
        if item is None or self._pad.is_writing:
            return
        mode, cell = settings.pad_mode, self._pad.cell
        if mode == "one" or isinstance(item, GlyphImage):
            recognizer.request(lambda engine, allowed: engine.recognize(item, allowed=allowed))
        else:
            language = recognizer.language if settings.context else None
            recognizer.request(
                lambda engine, allowed: RowReader(engine, language, allowed).read(
                    item, vertical=mode == "column", cell=cell
                )
            )

    def shut(self) -> None:
        """Ask no more."""
        self._pause.stop()
