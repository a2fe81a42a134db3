"""A folder whose new files are read once they stopped growing, as those of a scanner."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from hccr_desktop.formats.documents import pages_in

_SETTLED_MS = 700


class WatchedFolder(QObject):
    """Emits `came(list[Path])` with files that were not there before and no longer change."""

    came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLED_MS)
        self._timer.timeout.connect(self._look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _: self._timer.start())
        self._folder: Path | None = None
        self._known: set[Path] = set()
        self._sizes: dict[Path, int] = {}

    def watch(self, folder: Path) -> None:
        """Watch a folder, in place of the one before; what lies there now is known."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        self._folder, self._known, self._sizes = folder, set(pages_in(folder)), {}
        self._watcher.addPath(str(folder))

    def _look(self) -> None:
        """Find new files; those whose size still changes are looked at again."""
        if self._folder is None or not self._folder.is_dir():
            return
        settled = []
        for path in pages_in(self._folder):
            if path in self._known:
                continue
            try:
                size = path.stat().st_size
            except OSError:
                continue  # gone again
            if self._sizes.get(path) == size:
                settled.append(path)
                self._known.add(path)
            else:
                self._sizes[path] = size
                self._timer.start()
        if settled:
            self.came.emit(settled)
