"""The text line as it was left: kept in a small file."""

from __future__ import annotations

from hccr_desktop import paths
from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside

_MAX_BYTES = 4 * 2**20


def read_draft() -> str:
    """Return the text as it was left, empty where there is none."""
    try:
        return read_bounded(paths.draft_file(), _MAX_BYTES).decode("utf-8", errors="replace")
    except HccrError:
        return ""


def keep_draft(text: str) -> None:
    """Keep the text; raises `StorageError`."""
    with written_aside(paths.draft_file()) as out:
        out.write(text.encode(errors="replace"))
