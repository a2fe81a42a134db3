"""Where things were left: the window's size and place, how rooms are parted, the folders that files came from."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from hccr_desktop import paths
from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside

_MOST_BYTES = 2**18


class Places:
    """Short texts by name, kept in a small file; what cannot be read or written is forgotten without a word."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._changed = False
        with contextlib.suppress(HccrError, ValueError, RecursionError):
            stored = json.loads(read_bounded(paths.places_file(), _MOST_BYTES))
            if isinstance(stored, dict):
                self._values = {str(name): value for name, value in stored.items() if isinstance(value, str)}

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")

    def __setitem__(self, name: str, value: str) -> None:
        self._changed |= self._values.get(name, "") != value
        self._values[name] = value

    def folder(self, name: str) -> str:
        """Return the folder that files of a kind came from last, where it is still there, else ""."""
        found = self._values.get(f"folder.{name}", "")
        return found if found and Path(found).is_dir() else ""

    def keep_folder(self, name: str, path: Path) -> None:
        """Remember the folder of a file, or a folder."""
        self[f"folder.{name}"] = str(path if path.is_dir() else path.parent)

    def forget(self) -> None:
        """Know nothing any more."""
        self._values, self._changed = {}, False

    def save(self) -> None:
        """Keep what changed."""
        if self._changed:
            with contextlib.suppress(HccrError), written_aside(paths.places_file()) as out:
                out.write(json.dumps(self._values).encode())
            self._changed = False
