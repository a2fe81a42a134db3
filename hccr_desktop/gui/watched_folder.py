"""A folder whose new files are read once they stopped growing, as those of a scanner."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.rooms.arrivals import Arrivals

_SETTLED_MS = 700
_COARSE = 0.05
"""How many seconds behind the clock a file that is written now may be dated."""


class WatchedFolder(QObject):
    """Emits `came(list[Path])` with files that were not there before and no longer change, and `failed(HccrError)`.

    The folder is looked through in the background.
    """

    came = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        self._arrivals: Arrivals | None = None

    def watch(self, folder: Path) -> None:
        """Watch a folder, in place of the one before; what lies there now is known."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())

        def known(arrivals: Arrivals) -> None:
            self._arrivals = arrivals
            self._timer.start()  # for what came while it was looked through

        self._watcher.addPath(str(folder))
        since = time.time() - _COARSE
        self._tasks.run(lambda: Arrivals(folder, since), known, self.failed.emit)

    def _look(self) -> None:
        """Find new files; those whose size still changes are looked at again."""
        arrivals = self._arrivals
        if arrivals is None:
            return

        def looked(found: tuple[list[Path], bool]) -> None:
            settled, changing = found
            if arrivals is not self._arrivals:
                return
            if changing:
                self._timer.start()
            if settled:
                self.came.emit(settled)

        self._tasks.run(arrivals.look, looked, self.failed.emit)
