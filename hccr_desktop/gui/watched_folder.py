"""A folder whose new files are read once they stopped growing, as those of a scanner."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.rooms.arrivals import Arrivals, Look

_SETTLED_MS = 700
_FOLLOWED = 50
"""Files that came last, and may go on."""
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
        self._watcher.fileChanged.connect(lambda _: self._timer.start())
        self._arrivals: Arrivals | None = None

    def watch(self, folder: Path) -> None:
        """Watch a folder, in place of the one before; what lies there now is known."""
        if watched := self._watcher.directories() + self._watcher.files():
            self._watcher.removePaths(watched)

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

        def looked(found: Look) -> None:
            if arrivals is not self._arrivals:
                return
            if found.is_changing:
                self._timer.start()
            self._follow(found.empty + found.settled)
            if found.settled:
                self.came.emit(list(found.settled))

        self._tasks.run(arrivals.look, looked, self.failed.emit)

    def _follow(self, paths: Sequence[Path]) -> None:
        """Hear when files are filled, or go on after a pause: the folder does not tell that. The last few are."""
        if paths:
            self._watcher.addPaths([str(path) for path in paths[-_FOLLOWED:]])
            if earlier := self._watcher.files()[:-_FOLLOWED]:
                self._watcher.removePaths(earlier)
