"""The pages that lie open for reading, in SQLite: what was read of each and what became of its text.

Every change is written when it is made. A killed program loses what was not committed, the last keystroke at most.
Pages that were closed stay for a while, to be opened again.

What was recognized lies in a table of its own: it is large, written once and read when it is looked at, while the rows
of `pages` are small, since SQLite writes a whole row anew with every keystroke.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from filelock import FileLock, Timeout

from hccr_desktop.errors import NewerFile, StorageError

MOST_CLOSED = 20
"""Closed pages that are kept."""

_VERSION = 2
_SCHEMA = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL, -- in the list, its first id; what a page was before shares it
    path BLOB NOT NULL,        -- as the file system has it
    number INTEGER NOT NULL,   -- page of the file, from 1
    turns INTEGER NOT NULL,    -- quarter turns to the right
    regions TEXT NOT NULL,     -- JSON
    text BLOB NOT NULL,        -- UTF-8
    owners TEXT NOT NULL,      -- JSON
    settled TEXT NOT NULL,     -- JSON
    answers INTEGER NOT NULL,  -- characters that were recognized, -1 for a page that waits
    doubts TEXT NOT NULL,      -- JSON
    state TEXT NOT NULL,       -- of the file when it was read
    tries INTEGER NOT NULL,    -- readings that were begun and did not end
    closed_at REAL,            -- seconds since 1970
    checked INTEGER NOT NULL DEFAULT 0,
    batch BLOB NOT NULL DEFAULT x''   -- the batch's folder whose page it is, as the file system has it
);
CREATE TABLE readings (page INTEGER PRIMARY KEY, found TEXT NOT NULL);
CREATE TRIGGER forget_reading AFTER DELETE ON pages BEGIN DELETE FROM readings WHERE page = OLD.id; END;
CREATE TABLE place (id INTEGER PRIMARY KEY CHECK (id = 0), current INTEGER NOT NULL);
"""

_FROM_1 = """
ALTER TABLE pages ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN batch BLOB NOT NULL DEFAULT x'';
"""


@dataclass(frozen=True)
class KeptPage:
    """A page as it is kept; `id` and `position` 0 is one that is not kept yet."""

    id: int
    position: int
    path: bytes
    number: int
    turns: int
    regions: str
    text: bytes
    owners: str
    settled: str
    answers: int
    doubts: str
    state: str
    tries: int
    checked: int = 0
    batch: bytes = b""


_COLUMNS = ", ".join(field.name for field in fields(KeptPage))
_ALL = f"SELECT {_COLUMNS} FROM pages"  # noqa: S608


class ReadingStore:
    """The pages in a file, made where it is missing; one program at a time.

    A file that is damaged is set aside under another name, `set_aside`, and a new one made. Every method raises
    `StorageError` where the file cannot be read or written, or another program has it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._guard = path, threading.Lock()
        self._lock = FileLock(path.with_suffix(".lock"), thread_local=False)
        self._connection: sqlite3.Connection | None = None
        self.set_aside: Path | None = None

    @property
    def _is_new(self) -> bool:
        """Whether nothing was kept yet: a look makes no file."""
        return self._connection is None and not self._path.exists()

    def pages(self) -> list[KeptPage]:
        """Return the pages that lie open, in the list's order, without what was recognized."""
        if self._is_new:
            return []
        with self._open() as connection:
            rows = connection.execute(f"{_ALL} WHERE closed_at IS NULL ORDER BY position, id").fetchall()
        return [KeptPage(*row) for row in rows]

    def found(self, number: int) -> str | None:
        """Return what was recognized of a page, as it was given; None where it was not read."""
        with self._open() as connection:
            row = connection.execute("SELECT found FROM readings WHERE page = ?", (number,)).fetchone()
        return row[0] if row else None

    def keep(self, page: KeptPage, found: str | None = None) -> int:
        """Keep a page as it is now, with `found` also what was recognized anew; return its number."""
        with self._open() as connection:
            marks = ", ".join("?" * len(fields(KeptPage)))
            values = (page.id or None, *astuple(page)[1:])
            cursor = connection.execute(f"INSERT OR REPLACE INTO pages ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608
            number = int(cursor.lastrowid or 0)
            if not page.position:
                connection.execute("UPDATE pages SET position = id WHERE id = ?", (number,))
            if found is not None:
                connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?)", (number, found))
        return number

    def keep_text(self, number: int, text: bytes, owners: str, settled: str) -> bool:
        """Keep a page's text after an edit; return False where there is no such page."""
        with self._open() as connection:
            cursor = connection.execute(
                "UPDATE pages SET text = ?, owners = ?, settled = ? WHERE id = ?", (text, owners, settled, number)
            )
        return cursor.rowcount > 0

    def keep_checked(self, number: int, *, is_checked: bool) -> None:
        """Keep whether a page was checked."""
        with self._open() as connection:
            connection.execute("UPDATE pages SET checked = ? WHERE id = ?", (int(is_checked), number))

    def keep_tries(self, number: int, tries: int) -> None:
        """Note how many readings of a page were begun and did not end."""
        with self._open() as connection:
            connection.execute("UPDATE pages SET tries = ? WHERE id = ?", (tries, number))

    def keep_earlier(self, number: int) -> None:
        """Keep a page as it is once more, as a closed one behind itself: it is about to be read anew."""
        own = _COLUMNS.removeprefix("id, ")
        with self._open() as connection:
            copy = connection.execute(
                f"INSERT INTO pages ({own}, closed_at) SELECT {own}, ? FROM pages WHERE id = ?",  # noqa: S608
                (time.time(), number),
            )
            connection.execute(
                "INSERT INTO readings SELECT ?, found FROM readings WHERE page = ?", (copy.lastrowid, number)
            )
            self._forget_oldest(connection)

    def close_page(self, number: int) -> None:
        """Put a page among the closed ones."""
        with self._open() as connection:
            connection.execute("UPDATE pages SET closed_at = ? WHERE id = ?", (time.time(), number))
            self._forget_oldest(connection)

    def reopen(self) -> KeptPage | None:
        """Return the page that was closed last, open again in its place; None where there is none."""
        with self._open() as connection:
            row = connection.execute(
                f"{_ALL} WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id DESC LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            connection.execute("UPDATE pages SET closed_at = NULL WHERE id = ?", row[:1])
        return KeptPage(*row)

    def has_closed(self) -> bool:
        """Tell whether a closed page can be opened again."""
        if self._is_new:
            return False
        with self._open() as connection:
            return connection.execute("SELECT 1 FROM pages WHERE closed_at IS NOT NULL LIMIT 1").fetchone() is not None

    def forget(self, number: int) -> None:
        """Remove a page for good."""
        with self._open() as connection:
            connection.execute("DELETE FROM pages WHERE id = ?", (number,))

    def keep_current(self, number: int) -> None:
        """Remember which page is looked at, 0 for none."""
        if self._is_new and not number:
            return
        with self._open() as connection:
            connection.execute("INSERT OR REPLACE INTO place VALUES (0, ?)", (number,))

    def current(self) -> int:
        """Return the number of the page that was looked at last, 0 for none."""
        if self._is_new:
            return 0
        with self._open() as connection:
            row = connection.execute("SELECT current FROM place").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the file, and let other programs have it; the next use opens it again."""
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._lock.release(force=True)

    @staticmethod
    def _forget_oldest(connection: sqlite3.Connection) -> None:
        connection.execute(
            "DELETE FROM pages WHERE closed_at IS NOT NULL AND id NOT IN"
            " (SELECT id FROM pages WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id DESC LIMIT ?)",
            (MOST_CLOSED,),
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction."""
        with self._guard:
            try:
                if self._connection is None:
                    self._connection = self._connected()
                with self._connection:
                    yield self._connection
            except Timeout as error:
                raise StorageError(
                    "Another window of this program keeps the open pages.",
                    "What is read and corrected here is gone when this one is closed; save it.",
                ) from error
            except (sqlite3.Error, OSError, UnicodeError) as error:
                raise StorageError(
                    "The open pages cannot be kept in {path} ({reason}).",
                    "Free some space, and save the text before you close the program.",
                    path=self._path,
                    reason=error,
                ) from error

    def _connected(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._lock.is_locked:
            self._lock.acquire(timeout=0)
        try:
            return _made(self._path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, full, or not to be opened: not damaged
                raise
            name = f"{self._path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
            self.set_aside = self._path.with_name(name)
            for suffix in ("-wal", "-shm", ""):  # a database without its log lacks its last changes
                with suppress(FileNotFoundError):
                    self._path.with_name(self._path.name + suffix).replace(self._path.with_name(name + suffix))
            return _made(self._path)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none; raises `sqlite3.DatabaseError` where they are damaged, or others."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > _VERSION:
        raise NewerFile(path)
    if version == 0:
        connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    elif version == 1:
        connection.executescript(f"BEGIN; {_FROM_1} PRAGMA user_version = {_VERSION}; COMMIT;")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("damaged")
    try:
        for query in (_ALL, "SELECT page, found FROM readings", "SELECT id, current FROM place"):
            connection.execute(f"{query} LIMIT 0")
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        raise sqlite3.DatabaseError(str(error)) from error


def _made(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=5.0)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection
