"""Corrections of pages that a batch read, on their way back into the batch's files."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.rooms.reading import ReadPage
from hccr_desktop.rooms.review import going_back

_PAUSE_MS = 1_500
"""Without an edit, before a page's files are written anew."""


class GoingBack(QObject):
    """Writes pages that changed, after a pause and at the end; emits `failed(HccrError)`."""

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self, finishes=True)
        self._changed: list[ReadPage] = []
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self.write)

    def later(self, page: ReadPage) -> None:
        """Write a page's files soon, where it has any."""
        if page.batch is not None:
            if page not in self._changed:
                self._changed.append(page)
            self._timer.start()

    def write(self) -> None:
        """Write the files of what changed now."""
        self._timer.stop()
        changed, self._changed = self._changed, []
        for page in changed:
            write = going_back(page)
            if write is not None:
                self._tasks.run(write, lambda _: None, self.failed.emit)

    def shut(self) -> None:
        """Write what is left, and end the background work."""
        self.write()
        self._tasks.close()
