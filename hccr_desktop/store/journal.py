"""What a batch has done, in SQLite beside its output, so that it goes on where it was stopped.

The journal knows every file that it was the reason for, and what stood in it: a file is a page's own as long as its
content is what was claimed for that page. What another source or a person wrote is never taken for it. A claim is made
before a file is written, and the page noted after: killed in between, the page is written again, in the same place.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from hccr_desktop.errors import NewerFile, StorageError, UnreadableFile

NAME = ".hccr-journal.sqlite"
LOCK = ".hccr-journal.lock"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    source TEXT NOT NULL,
    number INTEGER NOT NULL,   -- page of the source, from 1
    digest TEXT NOT NULL,      -- of the source's content and of how it was read
    output TEXT NOT NULL,      -- file, relative to the journal's folder
    characters INTEGER NOT NULL,
    confidence REAL NOT NULL,  -- mean of the characters' probabilities, 0 to 1
    done_at REAL NOT NULL,     -- seconds since 1970
    PRIMARY KEY (source, number, output)
);
CREATE TABLE IF NOT EXISTS readings (
    source TEXT NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,       -- of the source when it was read
    found BLOB NOT NULL,       -- what was recognized, compressed
    PRIMARY KEY (source, number)
);
CREATE TABLE IF NOT EXISTS reviews (
    source TEXT NOT NULL,
    number INTEGER NOT NULL,
    review TEXT NOT NULL,      -- what somebody made of the text, JSON
    PRIMARY KEY (source, number)
);
CREATE TABLE IF NOT EXISTS failures (
    source TEXT NOT NULL,
    number INTEGER NOT NULL,   -- 0 for the whole source
    reason TEXT NOT NULL,
    PRIMARY KEY (source, number)
);
CREATE TABLE IF NOT EXISTS claims (
    output TEXT NOT NULL,
    source TEXT NOT NULL,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,     -- SHA-256 of the file
    PRIMARY KEY (output, content)
);
"""

_OF_SOURCES = ("pages", "readings", "reviews", "failures", "claims")
"""The tables that name sources."""
_VERSION = 1
"""The file's `user_version`; earlier journals say 0, and have fewer tables."""
_MOST_BYTES = 2**26
"""Of what was recognized of a page."""
_CLOCK_S = 2.0
"""How far the clocks of a file system and of this computer may differ."""


@dataclass(frozen=True)
class Done:
    """A page that was read and written."""

    output: str
    characters: int
    confidence: float


@dataclass(frozen=True)
class Reviewed:
    """A page that somebody looked through: the source's `state` when it was read, and what was written for it."""

    state: str
    written: list[Done]


class Journal:
    """The journal of a folder of output, made where it is missing; threads may share it, processes may not.

    Every method raises `StorageError` where it cannot be read or written; so does a second journal of a folder that
    is in use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._guard = folder, threading.Lock()
        self._gone: dict[tuple[str, str], set[str]] | None = None
        self._lock = FileLock(folder / LOCK, thread_local=False)
        with self._caught():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise StorageError(
                    "Another batch is writing into {path}.", "Wait for it, or choose another folder.", path=folder
                ) from error
            try:
                self._connection = _connected(folder / NAME)
            except BaseException:
                self._lock.release()
                raise

    def done(self, source: Path, digest: str) -> dict[tuple[int, Path], Done]:
        """Return what was done of a source as it is now, by page and output, where that is still as it was written."""
        with self._caught():
            rows = self._connection.execute(
                "SELECT number, output, characters, confidence FROM pages WHERE source = ? AND digest = ?",
                (named(source), digest),
            ).fetchall()
        found = ((number, self._folder / output, Done(output, *rest)) for number, output, *rest in rows)
        return {(number, output): done for number, output, done in found if self.is_own(source, number, output)}

    def follow(self, source: Path, digest: str) -> None:
        """Let a file that was moved keep what was done of it, known by its name and by its content or state.

        That is where nothing is known of it where it lies now, nothing lies any more where it had lain, and of several
        that are alike one shares the most folders' names with it.
        """
        with self._caught(), self._connection:
            if self._gone is None:
                self._gone = self._look_for_gone()
            keys = [(source.name, digest), (source.name, state_of(source))]
            old = next((found for key in keys if (found := _nearest(source, self._gone.get(key, set())))), "")
            if not old or os.path.lexists(old) or self._knows(source):  # one may have come back
                return
            for table in _OF_SOURCES:
                moved = "UPDATE {} SET source = ? WHERE source = ?".format(table)  # noqa: S608, UP032 - names of our own
                self._connection.execute(moved, (named(source), old))
            for gone in self._gone.values():
                gone.discard(old)

    def _look_for_gone(self) -> dict[tuple[str, str], set[str]]:
        """Return the sources that are not there any more, by name and by content, and by name and state."""
        rows = self._connection.execute("SELECT source, digest FROM pages UNION SELECT source, state FROM readings")
        # On Windows a folder may begin with x; elsewhere this is an escape, of a name that is no text.
        found = [(source, key) for source, key in rows if os.sep == "\\" or "\\x" not in source]
        gone = {source for source in {source for source, _ in found} if not os.path.lexists(source)}
        alike: dict[tuple[str, str], set[str]] = {}
        for source, key in found:
            if source in gone:
                alike.setdefault((Path(source).name, key), set()).add(source)
        return alike

    def _knows(self, source: Path) -> bool:
        query = (
            "SELECT 1 FROM pages WHERE source = ?1 UNION SELECT 1 FROM readings WHERE source = ?1"
            " UNION SELECT 1 FROM failures WHERE source = ?1"
        )
        return self._connection.execute(query, (named(source),)).fetchone() is not None

    def reviewed(self, source: Path) -> dict[int, Reviewed]:
        """Return the pages of a source that somebody looked through, and what was written for each, whatever it is now.

        They are never read over, however they were read and whatever became of their files.
        """
        with self._caught():
            rows = self._connection.execute(
                "SELECT number, state, output, characters, confidence FROM reviews"
                " LEFT JOIN readings USING (source, number) LEFT JOIN pages USING (source, number) WHERE source = ?",
                (named(source),),
            ).fetchall()
        found: dict[int, Reviewed] = {}
        for number, state, *rest in rows:
            page = found.setdefault(number, Reviewed(state or "", []))
            if rest[0] is not None:
                page.written.append(Done(*rest))
        return found

    def settle(self, source: Path, number: int) -> None:
        """Note that a page that could not be read once is there all the same."""
        with self._caught(), self._connection:
            self._connection.execute(
                "DELETE FROM failures WHERE source = ? AND number IN (0, ?)", (named(source), number)
            )

    def places(self, source: Path, number: int) -> list[Path]:
        """Return the files in the folder that were claimed for a page, the newest first.

        A folder may come from strangers: what its journal claims elsewhere is none of it.
        """
        with self._caught():
            query = (
                "SELECT output FROM claims WHERE source = ?1 AND number = ?2"
                " UNION SELECT output FROM pages WHERE source = ?1 AND number = ?2"
            )
            rows = self._connection.execute(query, (named(source), number)).fetchall()
        found = [self._folder / output for (output,) in rows]
        return [output for output in found if output.resolve().is_relative_to(self._folder.resolve())]

    def is_own(self, source: Path, number: int, output: Path) -> bool:
        """Tell whether a file is there and holds what was written into it for this page."""
        content = _content(output)
        if content is None:
            return False
        with self._caught():
            key = (self._relative(output), named(source), number)
            claims = self._connection.execute(
                "SELECT content FROM claims WHERE output = ? AND source = ? AND number = ?", key
            ).fetchall()
            if claims:
                return (content,) in claims
            row = self._connection.execute(
                "SELECT done_at FROM pages WHERE output = ? AND source = ? AND number = ?", key
            ).fetchone()
        # Earlier versions kept no claims: what was not touched since is taken for theirs.
        return row is not None and output.stat().st_mtime <= row[0] + _CLOCK_S

    def is_taken(self, source: Path, number: int, output: Path) -> bool:
        """Tell whether a file was claimed for another page, or is there and was written by somebody else."""
        with self._caught():
            key = (self._relative(output), named(source), number)
            query = (
                "SELECT 1 FROM claims WHERE output = ?1 AND (source != ?2 OR number != ?3)"
                " UNION SELECT 1 FROM pages WHERE output = ?1 AND (source != ?2 OR number != ?3)"
            )
            if self._connection.execute(query, key).fetchone():
                return True
        return os.path.lexists(output) and not self.is_own(source, number, output)

    def outputs(self) -> set[Path]:
        """Return all files that were ever written, resolved."""
        with self._caught():
            rows = self._connection.execute("SELECT output FROM pages UNION SELECT output FROM claims").fetchall()
        return {(self._folder / output).resolve() for (output,) in rows}

    def claim(self, source: Path, number: int, output: Path, data: bytes) -> None:
        """Note that a file is about to be written with `data` for a page."""
        values = (self._relative(output), named(source), number, hashlib.sha256(data).hexdigest())
        with self._caught(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?)", values)

    def note(self, source: Path, number: int, digest: str, output: Path, characters: int, confidence: float) -> None:
        """Note a page whose output is written."""
        values = (named(source), number, digest, self._relative(output), characters, confidence, time.time())
        with self._caught(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            self._connection.execute(
                "DELETE FROM failures WHERE source = ? AND number IN (0, ?)", (named(source), number)
            )

    def fail(self, source: Path, number: int, reason: str) -> None:
        """Note why a page cannot be read, number 0 for a whole source; `note` takes that back."""
        with self._caught(), self._connection:
            values = (named(source), number, reason)
            self._connection.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?)", values)

    def keep_reading(self, source: Path, number: int, found: str, state: str) -> None:
        """Keep what was recognized of a page in that `state` of its source (`state_of`).

        What was made of an earlier reading is forgotten.
        """
        values = (named(source), number, state, zlib.compress(found.encode("utf-8", "surrogatepass")))
        with self._caught(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", values)
            self._connection.execute("DELETE FROM reviews WHERE source = ? AND number = ?", values[:2])

    def keep_review(self, source: Path, number: int, review: str, found: str, state: str) -> None:
        """Keep what somebody made of a page's text, and of which reading, at once."""
        reading = (named(source), number, state, zlib.compress(found.encode("utf-8", "surrogatepass")))
        with self._caught(), self._connection:
            self._connection.execute("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", reading)
            self._connection.execute("INSERT OR REPLACE INTO reviews VALUES (?, ?, ?)", (*reading[:2], review))

    def close(self) -> None:
        """Close the file, and let others use the folder."""
        self._connection.close()
        self._lock.release()

    def _relative(self, output: Path) -> str:
        return output.relative_to(self._folder).as_posix()

    @contextlib.contextmanager
    def _caught(self) -> Iterator[None]:
        try:
            with self._guard:
                yield
        except (sqlite3.Error, OSError, UnicodeError) as error:  # the last of a damaged table
            raise StorageError(
                "The journal in {path} cannot be used ({reason}).",
                "Choose a folder that you may write to.",
                path=self._folder,
                reason=getattr(error, "strerror", None) or error,
            ) from error


@dataclass(frozen=True)
class Result:
    """What a batch's journal knows of a page: its source, the page's number from 1, and what became of it.

    `found` is what was recognized and `review` what somebody made of it, both as they were given, empty where there is
    none; `state` is the source's when it was read; `failure` says why it could not be.
    """

    source: Path
    number: int
    state: str = ""
    found: str = ""
    review: str = ""
    failure: str = ""


def results(folder: Path) -> list[Result]:
    """Return what the journal of a folder knows of its pages, in order; it is only looked at.

    Raises `StorageError` where it cannot be read.
    """
    with _looked_into(folder) as connection:
        if not all(_is_table(connection, name) for name in ("readings", "reviews", "failures")):  # an earlier version's
            return []
        read = connection.execute(
            "SELECT source, number, state, found, review FROM readings LEFT JOIN reviews USING (source, number)"
        ).fetchall()
        failed = connection.execute("SELECT source, number, reason FROM failures").fetchall()
        found = [Result(Path(s), n, state, _inflated(kept), review or "") for s, n, state, kept, review in read]
        found += [Result(Path(source), max(number, 1), failure=reason) for source, number, reason in failed]
    return sorted(found, key=lambda result: (str(result.source), result.number))


def found_of(folder: Path, source: Path, number: int) -> str:
    """Return what was recognized of a page, as it was given, empty where there is nothing; raises `StorageError`."""
    with _looked_into(folder) as connection:
        if not _is_table(connection, "readings"):
            return ""
        row = connection.execute(
            "SELECT found FROM readings WHERE source = ? AND number = ?", (named(source), number)
        ).fetchone()
        return _inflated(row[0]) if row else ""


def _inflated(kept: bytes) -> str:
    """Return a text that was compressed, empty where it is damaged or absurdly long."""
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(kept, _MOST_BYTES).decode("utf-8", "surrogatepass")
    except (zlib.error, UnicodeError, TypeError):
        return ""


@contextlib.contextmanager
def _looked_into(folder: Path) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(f"{(folder / NAME).resolve().as_uri()}?mode=ro", uri=True)
        try:
            _refuse_newer(connection, folder / NAME)
            yield connection
        finally:
            connection.close()
    except (sqlite3.Error, OSError, UnicodeError) as error:
        raise StorageError(
            "The journal in {path} cannot be used ({reason}).",
            "Choose a folder that you may write to.",
            path=folder,
            reason=getattr(error, "strerror", None) or error,
        ) from error


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=10.0, check_same_thread=False)
    try:
        _refuse_newer(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"{_SCHEMA} PRAGMA user_version = {_VERSION};")
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_newer(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
        raise NewerFile(path)


def state_of(path: Path) -> str:
    """Return what changes with a file's content, empty where it is gone."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def written_below(folder: Path) -> set[Path]:
    """Return what batches wrote whose journals lie in a folder or below it, resolved; journals are only looked at."""
    found: set[Path] = set()
    for at, _, names in os.walk(folder):
        journal = Path(at, NAME)
        if NAME not in names or not journal.is_file():  # a pipe would be waited for
            continue
        with contextlib.suppress(sqlite3.Error, OSError, ValueError):  # one that is damaged names nothing
            connection = sqlite3.connect(f"{journal.resolve().as_uri()}?mode=ro", uri=True)
            try:
                if _is_table(connection, "pages"):
                    rows = connection.execute("SELECT output FROM pages").fetchall()
                    found |= {(journal.parent / str(output)).resolve() for (output,) in rows}
            finally:
                connection.close()
    return found


def _is_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there is such a table, and no view: that of a stranger may never end."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (name,)).fetchone() is not None


def _nearest(source: Path, gone: Collection[str]) -> str:
    """Return the one whose path ends most as the source's does, or nothing where several do alike."""

    def shared(other: str) -> int:
        pairs = zip(reversed(Path(other).parts), reversed(Path(os.path.realpath(source)).parts), strict=False)
        return len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], pairs)))

    best = sorted(gone, key=shared)[-2:]
    return best[-1] if best and (len(best) == 1 or shared(best[0]) < shared(best[1])) else ""


def named(source: Path) -> str:
    """Return the name by which a source is known: its full path, bytes that are no UTF-8 written as escapes."""
    return os.fsencode(os.path.realpath(source)).decode("utf-8", "backslashreplace")


def _content(path: Path) -> str | None:
    """Return the SHA-256 of a file, None where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def digest_of(source: Path, how: str) -> str:
    """Return the SHA-256 of a file's content and of how it is read; raises `UnreadableFile`."""
    found = hashlib.sha256(how.encode())
    try:
        with source.open("rb") as file:
            while block := file.read(2**20):
                found.update(block)
    except (OSError, ValueError) as error:  # a name with a zero byte is no name
        raise UnreadableFile(
            "{name} cannot be read ({reason}).",
            "Check the file.",
            name=source.name,
            reason=getattr(error, "strerror", None) or error,
        ) from error
    return found.hexdigest()
