"""What comes into a folder, as from a scanner: new files, once they stopped growing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hccr_desktop.formats.documents import pages_in

_Stamp = tuple[int, int]
"""A file's size in bytes, and when it was written, in nanoseconds since 1970."""


@dataclass(frozen=True)
class Look:
    """What came and no longer changes, whether others do, and what is there without anything in it yet."""

    settled: tuple[Path, ...] = ()
    is_changing: bool = False
    empty: tuple[Path, ...] = ()


class Arrivals:
    """Files of a folder that were not there before."""

    def __init__(self, folder: Path, since: float) -> None:
        """What was written before `since`, in seconds since 1970, is known; raises as `pages_in` does."""
        self.folder = folder
        stamps = {path: _stamp(path) for path in pages_in(folder)}
        self._known = {path for path, stamp in stamps.items() if stamp is None or stamp[1] < since * 1e9}
        self._seen: dict[Path, _Stamp] = {}
        self._told: dict[Path, _Stamp] = {}

    def look(self) -> Look:
        """Return what came since the last look; a file that paused, and went on later, comes once more."""
        if not self.folder.is_dir():
            return Look()
        settled, empty, is_changing = [], [], False
        for path in pages_in(self.folder):
            stamp = None if path in self._known else _stamp(path)
            if stamp is None or stamp == self._told.get(path):
                continue
            if not stamp[0]:
                empty.append(path)
            elif self._seen.get(path) == stamp:
                settled.append(path)
                self._told[path] = stamp
            else:
                self._seen[path] = stamp
                is_changing = True
        return Look(tuple(settled), is_changing, tuple(empty))


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None  # gone again
    return status.st_size, status.st_mtime_ns
