"""Which characters and words were looked up, the newest first: kept in a small file."""

from __future__ import annotations

from hccr_desktop import paths
from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside

MOST = 200
_LONGEST = 20


class LookedUp:
    """A list without repetitions."""

    def __init__(self) -> None:
        try:
            lines = read_bounded(paths.looked_up(), 2**16).decode("utf-8", errors="replace").splitlines()
        except HccrError:
            lines = []
        self.texts = [line for line in dict.fromkeys(lines) if 0 < len(line) <= _LONGEST][:MOST]

    def add(self, text: str) -> None:
        """Note that a text was looked up; raises `StorageError`."""
        if not text or len(text) > _LONGEST or self.texts[:1] == [text]:
            return
        self.texts = [text, *(other for other in self.texts if other != text)][:MOST]
        with written_aside(paths.looked_up()) as out:
            out.write("\n".join(self.texts).encode(errors="replace"))

    def forget(self) -> None:
        """Know nothing any more."""
        self.texts = []
