"""Between the pad and the recognizer: asks after every stroke for what the pad's mode needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.room import Desk
from hccr_desktop.rooms.writing import looks_like, looks_like_page

if TYPE_CHECKING:
    from hccr_desktop.recognize.engine import Allowed, Engine
    from hccr_desktop.recognize.language import Language
    from hccr_desktop.recognize.lines.rows import Written

_PATIENCE_MS = 2_000
"""How long `settle` waits."""
_MOST = 40
"""Candidates that are asked for: ten are shown at a time."""


@dataclass(frozen=True)
class Answer:
    """What the pad holds: one character or a row, and what it looks like instead: "row", "column", "page" or ""."""

    one: Recognition | None = None
    row: tuple[Written, ...] = ()
    instead: str = ""


class PadReading(QObject):
    """Emits `read(Answer)` for what is on the pad, and `emptied()` where there is nothing.

    Strokes that come while an answer is sought are asked for together: the recognizer keeps the newest request only.
    """

    read = Signal(object)
    emptied = Signal()

    def __init__(self, pad: Pad, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pad, self._desk = pad, desk
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.ask)
        pad.changed.connect(self.wait)
        desk.recognizer.recognized.connect(self._answered)

    def wait(self) -> None:
        """Forget what was asked before, and ask anew once the pad has drawn."""
        self._desk.recognizer.forget()
        if self._pad.item is None:
            self._soon.stop()
            self.emptied.emit()
        else:
            self._soon.start(0)

    @property
    def is_settled(self) -> bool:
        """Whether what is on the pad was answered."""
        return not self._soon.isActive() and not self._desk.recognizer.is_busy

    def settle(self) -> bool:
        """Wait for the answer to what is on the pad; what the user does meanwhile comes after it.

        Returns whether it came: it does not while the model is being loaded.
        """
        if self._pad.item is None or self.is_settled:
            return True
        if self._desk.recognizer.engine is None:
            return False
        loop = QEventLoop()
        signals = (self._desk.recognizer.recognized, self._desk.recognizer.failed)
        for signal in signals:
            signal.connect(loop.quit)
        QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for signal in signals:
            signal.disconnect(loop.quit)
        return self.is_settled

    def ask(self) -> None:
        """Ask now."""
        item, recognizer, settings = self._pad.item, self._desk.recognizer, self._desk.settings
        if item is None:
            return
        mode, cell = settings.pad_mode, self._pad.cell
        if mode == "one" or isinstance(item, GlyphImage):
            recognizer.request(lambda engine, allowed: _one(engine, item, allowed))
        else:
            language = recognizer.language if settings.context else None
            recognizer.request(lambda engine, allowed: _row(item, engine, language, allowed, mode == "column", cell))

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Answer):  # others ask, too
            self.read.emit(answer)

    def shut(self) -> None:
        """Ask no more."""
        self._soon.stop()


def _row(item: Ink, engine: Engine, language: Language | None, allowed: Allowed, vertical: bool, cell: float) -> Answer:
    from hccr_desktop.recognize.lines.rows import RowReader

    return Answer(row=tuple(RowReader(engine, language, allowed).read(item, vertical=vertical, cell=cell)))


def _one(engine: Engine, item: Ink | GlyphImage, allowed: Allowed) -> Answer:
    found = engine.recognize(item, min(_MOST, len(engine.bundle.charset)), allowed)
    best = found.best.probability
    if isinstance(item, Ink):
        return Answer(found, instead=looks_like(item, best))
    return Answer(found, instead="page" if looks_like_page(item, best) else "")
