"""Reads the pages that wait, one after another in the background."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, Signal

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.recognize.pages import Direction, Page
from hccr_desktop.rooms.reading import Queue, ReadPage, picture_of, read, turned


class PageReading(QObject):
    """Emits `begun(ReadPage)`, then `read(ReadPage, GlyphImage, Page, turning)` or `unreadable(ReadPage, HccrError)`.

    Between them, and whenever pages come or go, it emits `changed()`; once `noted(HccrError)`, where pages are read
    without what they should be read with.
    """

    begun = Signal(object)
    read = Signal(object, object, object, int)
    unreadable = Signal(object, object)
    changed = Signal()
    noted = Signal(object)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tasks = desk, tasks
        self.queue = Queue()
        self._is_told = False
        desk.recognizer.ready.connect(lambda _: self.go_on())

    def add(self, page: ReadPage) -> None:
        """Read a page when those before it are read; `go_on` begins."""
        self.queue.add(page)

    def go_on(self) -> None:
        """Read the next page that waits, if the model is there and none is being read."""
        engine = self._desk.recognizer.engine
        page = self.queue.take() if engine is not None else None
        self.changed.emit()
        if page is None or engine is None:
            return
        self.begun.emit(page)
        recognizer, networks, turning = self._desk.recognizer, self._desk.networks, page.turning
        language, allowed = recognizer.language, recognizer.allowed
        direction = cast(Direction, page.direction or self._desk.settings.direction)

        def work() -> tuple[GlyphImage, Page]:
            picture = turned(picture_of(page), turning)
            return picture, read(picture, engine, networks, language, allowed, page.number, direction)

        def done(found: tuple[GlyphImage, Page]) -> None:
            self.queue.done()
            if networks.trouble is not None and not self._is_told:
                self._is_told = True
                self.noted.emit(networks.trouble)
            self.read.emit(page, *found, turning)
            self.go_on()

        def failed(error: HccrError) -> None:
            self.queue.done()
            self.unreadable.emit(page, error)
            self.go_on()

        self._tasks.run(work, done, failed)

    def pause(self) -> None:
        """Halt after the page at work, or go on."""
        self.queue.is_paused = not self.queue.is_paused
        self.go_on()
