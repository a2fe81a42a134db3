"""What comes into a folder, as from a scanner: new files, once they stopped growing."""

from __future__ import annotations

from pathlib import Path

from hccr_desktop.formats.documents import pages_in


class Arrivals:
    """Files of a folder that were not there before."""

    def __init__(self, folder: Path, since: float) -> None:
        """What was written before `since`, in seconds since 1970, is known; raises as `pages_in` does."""
        self.folder = folder
        self._known = {path for path in pages_in(folder) if _written(path) < since}
        self._sizes: dict[Path, int] = {}

    def look(self) -> tuple[list[Path], bool]:
        """Return the files that came and no longer change, and whether others do."""
        if not self.folder.is_dir():
            return [], False
        settled, changing = [], False
        for path in pages_in(self.folder):
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
                changing = True
        return settled, changing


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # gone again
