"""The user's samples: writings with what they are, in one SQLite file.

Nothing is lost by a slip: what is removed is only marked so, until `forget_removed` is called.
The file's `user_version` says how many of `_MIGRATIONS` it has seen; the others are made at opening,
each in a transaction.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import sqlite3
import struct
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample, clean_label, clean_name
from hccr_desktop.errors import HccrError, NewerFile, StorageError

_MIGRATIONS = (
    (
        """CREATE TABLE samples (
            id INTEGER PRIMARY KEY,
            character TEXT NOT NULL,
            read_as TEXT NOT NULL,     -- what the model answered first, empty where it was not asked
            writer TEXT NOT NULL,
            source TEXT NOT NULL,
            created_at REAL NOT NULL,  -- seconds since 1970
            removed_at REAL,
            kind TEXT NOT NULL,        -- ink or glyph
            content BLOB NOT NULL
        )""",
        "CREATE INDEX samples_by_character ON samples (character) WHERE removed_at IS NULL",
    ),
    (  # by which the same sample is known when it comes again: the digest of its content, and its label as it came
        "ALTER TABLE samples ADD COLUMN digest BLOB",
        "ALTER TABLE samples ADD COLUMN came_as TEXT",
        "UPDATE samples SET digest = content_digest(kind, content), came_as = character",
        "CREATE INDEX samples_by_digest ON samples (digest) WHERE removed_at IS NULL",
    ),
)

_AT_ONCE = 500
"""Samples that are kept in one transaction, when many come."""
_PATIENCE_S = 15.0
"""How long another program may write."""


@dataclass(frozen=True)
class Stored:
    """A sample in the store: its number, what the model had read, and when it came, in seconds since 1970."""

    id: int
    sample: Sample
    read_as: str
    created_at: float


class SampleStore:
    """The samples in a file, made where it is missing. Safe to use from several threads.

    Every method raises `StorageError` where the file cannot be read or written, or is no such store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def add(self, sample: Sample, read_as: str = "") -> int:
        """Keep a sample; return its number."""
        return self.add_all([sample], read_as)[0]

    def add_all(self, samples: Iterable[Sample], read_as: str = "") -> list[int]:
        """Keep samples, all or none; return their numbers."""
        with self._open() as connection:
            return [_insert(connection, sample, _packed(sample.content), read_as) for sample in samples]

    def add_new(self, samples: Iterable[Sample]) -> Iterator[int]:
        """Keep the samples that are not there yet, and yield their numbers.

        They are kept a few hundred at a time: what came before an error stays, and others may write meanwhile.

        A sample is there where the same ink or picture is kept as the same character, now or when it came, of the
        same writer or of one that is not known. What was removed is not there.
        """
        rest = iter(samples)
        while part := [(sample, _packed(sample.content)) for sample in itertools.islice(rest, _AT_ONCE)]:
            with self._open() as connection:
                fresh = (one for one in part if not _is_there(connection, *one))
                numbers = [_insert(connection, *one) for one in fresh]
            yield from numbers

    def all(self) -> list[Stored]:
        """Return what is kept, in the order in which it came; damaged entries are passed over."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT id, character, read_as, writer, source, created_at, kind, content FROM samples"
                " WHERE removed_at IS NULL ORDER BY id"
            ).fetchall()
        return list(_stored(rows))

    def newest(self, count: int, writer: str) -> list[tuple[int, str]]:
        """Return number and character of a writer's last samples, the newest first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT id, character FROM samples WHERE removed_at IS NULL AND writer = ? ORDER BY id DESC LIMIT ?",
                (writer, count),
            ).fetchall()
        return [(int(number), str(character)) for number, character in rows]

    def get(self, numbers: Iterable[int]) -> list[Stored]:
        """Return samples by their numbers; damaged ones and those that are gone are passed over."""
        with self._open() as connection:
            rows = [
                row
                for number in numbers
                for row in connection.execute(
                    "SELECT id, character, read_as, writer, source, created_at, kind, content FROM samples"
                    " WHERE id = ?",
                    (number,),
                )
            ]
        return list(_stored(rows))

    def counts(self) -> dict[str, int]:
        """Return how many samples there are of each character, the most first."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT character, COUNT(*) FROM samples WHERE removed_at IS NULL"
                " GROUP BY character ORDER BY COUNT(*) DESC, character"
            ).fetchall()
        return {str(character): int(count) for character, count in rows}

    def relabel(self, characters: Mapping[int, str]) -> None:
        """Say which characters samples are, by their numbers."""
        with self._open() as connection:
            values = [(clean_label(character), number) for number, character in characters.items()]
            connection.executemany("UPDATE samples SET character = ? WHERE id = ?", values)

    def set_writer(self, writers: Mapping[int, str]) -> None:
        """Say whose writing samples are, by their numbers."""
        with self._open() as connection:
            values = [(clean_name(writer), number) for number, writer in writers.items()]
            connection.executemany("UPDATE samples SET writer = ? WHERE id = ?", values)

    def read_right(self) -> list[bool]:
        """Return of each sample that the model was asked for, oldest first, whether it answered right at once."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT read_as = character FROM samples WHERE removed_at IS NULL AND read_as != '' ORDER BY id"
            )
            return [bool(right) for (right,) in rows]

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove samples; `restore` brings them back."""
        with self._open() as connection:
            connection.executemany(
                "UPDATE samples SET removed_at = ? WHERE id = ?", [(time.time(), number) for number in numbers]
            )

    def restore(self, numbers: Iterable[int]) -> int:
        """Bring removed samples back; return how many of them there are."""
        query = "UPDATE samples SET removed_at = NULL WHERE id = ?"
        with self._open() as connection:
            return sum(connection.execute(query, (n,)).rowcount for n in set(numbers) if n < 2**63)

    def forget_removed(self) -> int:
        """Delete removed samples for good, and give their space back; return how many there were."""
        with self._open() as connection:
            count = connection.execute("DELETE FROM samples WHERE removed_at IS NOT NULL").rowcount
        with self._open() as connection:
            connection.execute("VACUUM")
        return count

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = _connect(self._path)
                with self._connection:
                    yield self._connection
            except (sqlite3.Error, OSError, UnicodeError) as error:  # the last of a damaged table
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                    raise StorageError(
                        "The samples in {path} are being used by another program.",
                        "Try again when it has ended.",
                        path=self._path,
                    ) from error
                raise StorageError(
                    "The samples in {path} cannot be used ({reason}).",
                    "Free some space, or move the file away: a new one will be made.",
                    path=self._path,
                    reason=getattr(error, "strerror", None) or error,
                ) from error


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, check_same_thread=False, timeout=_PATIENCE_S)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection, path) == len(_MIGRATIONS):
        return
    connection.create_function("content_digest", 2, _digest, deterministic=True)
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # of two programs that open an old store, one waits and finds it done
        for number in range(_version(connection, path), len(_MIGRATIONS)):
            for statement in _MIGRATIONS[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if not 0 <= version <= len(_MIGRATIONS):
        raise NewerFile(path)
    return version


def _insert(connection: sqlite3.Connection, sample: Sample, packed: tuple[str, bytes], read_as: str = "") -> int:
    label = sample.character
    cursor = connection.execute(
        "INSERT INTO samples (character, read_as, writer, source, created_at, kind, content, digest, came_as)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (label, read_as, sample.writer, sample.source, time.time(), *packed, _digest(*packed), label),
    )
    return int(cursor.lastrowid or 0)


def _is_there(connection: sqlite3.Connection, sample: Sample, packed: tuple[str, bytes]) -> bool:
    found = connection.execute(
        "SELECT 1 FROM samples WHERE digest = ?1 AND removed_at IS NULL AND ?2 IN (character, came_as)"
        " AND (writer = ?3 OR writer = '' OR ?3 = '')",
        (_digest(*packed), sample.character, sample.writer),
    )
    return found.fetchone() is not None


def _digest(kind: str, blob: bytes) -> bytes:
    """Return 16 bytes that stand for a content: of what was packed, since no two versions of zlib need agree."""
    try:
        data = zlib.decompressobj().decompress(blob, _MOST_BYTES)
    except (zlib.error, TypeError, ValueError):  # a damaged entry is like no other
        data = repr(blob).encode()
    return hashlib.blake2b(data, digest_size=16, person=str(kind).encode()[:16]).digest()


def _packed(content: Ink | GlyphImage) -> tuple[str, bytes]:
    """Return a content's kind and its bytes, compressed.

    Ink: for each stroke the points' count and width (uint32 each), then the points, float32. Glyph:
    height and width, then the pixels. All little-endian.
    """
    if isinstance(content, GlyphImage):
        height, width = content.pixels.shape
        return "glyph", zlib.compress(struct.pack("<II", height, width) + content.pixels.tobytes())
    strokes = [struct.pack("<II", *s.points.shape) + s.points.astype("<f4").tobytes() for s in content.strokes]
    return "ink", zlib.compress(b"".join(strokes))


_MOST_BYTES = 2**26


def _unpacked(kind: str, blob: bytes) -> Ink | GlyphImage:
    """Return what was packed; raises `ValueError`, `struct.error`, `zlib.error` or `HccrError` for anything else."""
    inflater = zlib.decompressobj()
    data = inflater.decompress(blob, _MOST_BYTES)
    if not inflater.eof:
        raise ValueError("cut off, or too large")
    if kind == "glyph":
        height, width = struct.unpack_from("<II", data)
        return GlyphImage(np.frombuffer(data, np.uint8, offset=8).reshape(height, width))
    strokes, at = [], 0
    while at < len(data):
        count, numbers = struct.unpack_from("<II", data, at)
        points = np.frombuffer(data, "<f4", count * numbers, at + 8).reshape(count, numbers)
        strokes.append(points.astype(np.float32))
        at += 8 + points.nbytes
    return Ink.from_points(strokes)


def _stored(rows: Iterable[tuple[int, str, str, str, str, float, str, bytes]]) -> Iterator[Stored]:
    for number, character, read_as, writer, source, created_at, kind, blob in rows:
        try:
            sample = Sample(character, _unpacked(kind, blob), writer, source)
        except (ValueError, TypeError, AttributeError, OverflowError, struct.error, zlib.error, HccrError):
            continue  # a damaged row
        yield Stored(number, sample, read_as, created_at)
