"""What a batch has done, in SQLite beside its output, so that it goes on where it was stopped.

A page is written first and noted then: killed in between, it is written again, in the same place.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hccr_desktop.errors import StorageError, UnreadableFile

NAME = ".hccr-journal.sqlite"

_SCHEMA = """CREATE TABLE IF NOT EXISTS pages (
    source TEXT NOT NULL,
    number INTEGER NOT NULL,   -- page of the source, from 1
    digest TEXT NOT NULL,      -- of the source's content and of how it was read
    output TEXT NOT NULL,      -- file, relative to the journal's folder
    characters INTEGER NOT NULL,
    confidence REAL NOT NULL,  -- mean of the characters' probabilities, 0 to 1
    done_at REAL NOT NULL,     -- seconds since 1970
    PRIMARY KEY (source, number, output)
);"""


@dataclass(frozen=True)
class Done:
    """A page that was read and written."""

    output: str
    characters: int
    confidence: float


class Journal:
    """The journal of a folder of output, made where it is missing; threads may share it.

    Every method raises `StorageError` where it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()
        with self._caught():
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(folder / NAME, timeout=10.0, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(_SCHEMA)

    def done(self, source: Path, digest: str) -> dict[tuple[int, Path], Done]:
        """Return what was done of a source as it is now, by page and output, where that is still there."""
        with self._caught():
            rows = self._connection.execute(
                "SELECT number, output, characters, confidence FROM pages WHERE source = ? AND digest = ?",
                (str(source.resolve()), digest),
            ).fetchall()
        found = ((number, self._folder / output, Done(output, *rest)) for number, output, *rest in rows)
        return {(number, output): done for number, output, done in found if output.is_file()}

    def note(self, source: Path, number: int, digest: str, output: Path, characters: int, confidence: float) -> None:
        """Note a page whose output is written."""
        values = (str(source.resolve()), number, digest, self._relative(output), characters, confidence, time.time())
        with self._caught(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _relative(self, output: Path) -> str:
        return output.relative_to(self._folder).as_posix()

    @contextlib.contextmanager
    def _caught(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except (sqlite3.Error, OSError) as error:
            raise StorageError(
                "The journal in {path} cannot be used ({reason}).",
                "Choose a folder that you may write to, or delete the journal.",
                path=self._folder,
                reason=error,
            ) from error


def digest_of(source: Path, how: str) -> str:
    """Return the SHA-256 of a file's content and of how it is read; raises `UnreadableFile`."""
    found = hashlib.sha256(how.encode())
    try:
        with source.open("rb") as file:
            while block := file.read(2**20):
                found.update(block)
    except OSError as error:
        raise UnreadableFile(
            "{name} cannot be read ({reason}).", "Check the file.", name=source.name, reason=error.strerror or error
        ) from error
    return found.hexdigest()
