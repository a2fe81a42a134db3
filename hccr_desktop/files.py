"""Bytes in and out: bounded reading, transparent gzip and zip, writing aside and renaming."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from hccr_desktop.errors import StorageError, TooLarge, UnreadableFile

MAX_FILE_BYTES = 256 * 2**20
"""Bound on a file that is read whole."""

MAX_UNPACKED_BYTES = 4 * 2**30
"""Bound on what a compressed data set may unpack to; it is read as a stream."""


def read_bounded(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return a file's bytes; raises `UnreadableFile` or, over `limit` bytes, `TooLarge`."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > limit:
        raise TooLarge(
            "{name} is larger than {limit} MiB.",
            "Split it, or give a smaller file.",
            name=path.name,
            limit=f"{limit / 2**20:.0f}",
        )
    return data


def unreadable(path: Path, error: OSError) -> UnreadableFile:
    """Say in one sentence why a file could not be opened."""
    name = path.name or str(path)
    if isinstance(error, FileNotFoundError):
        return UnreadableFile("{name} does not exist.", "Check the name.", name=name)
    if isinstance(error, PermissionError):
        return UnreadableFile("{name} may not be read.", "Check its permissions.", name=name)
    if isinstance(error, IsADirectoryError):
        return UnreadableFile("{name} is a folder.", "Give a file.", name=name)
    return UnreadableFile(
        "{name} cannot be read ({reason}).", "Copy it again.", name=name, reason=error.strerror or error
    )


@contextlib.contextmanager
def open_unpacked(path: Path) -> Iterator[ByteStream]:
    """Open a file as a stream, unpacking gzip and one-file zip archives, known by content.

    Raises `UnreadableFile` for damage and `TooLarge` when more than `MAX_UNPACKED_BYTES` come out.
    """
    try:
        with path.open("rb") as raw:
            magic = raw.read(4)
            raw.seek(0)
            if magic[:2] == b"\x1f\x8b":
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield _Bounded(unpacked, path.name)
            elif magic == b"PK\x03\x04":
                with zipfile.ZipFile(raw) as archive:
                    members = [m for m in archive.infolist() if not m.is_dir()]
                    if len(members) != 1:
                        raise UnreadableFile(
                            "{name} holds {count} files; one is expected.",
                            "Unpack it and choose one.",
                            name=path.name,
                            count=len(members),
                        )
                    with archive.open(members[0]) as unpacked_member:
                        yield _Bounded(unpacked_member, path.name)
            else:
                yield raw
    except (zipfile.BadZipFile, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise UnreadableFile("{name} is a damaged archive.", "Copy or download it again.", name=path.name) from error
    except OSError as error:
        raise unreadable(path, error) from error


class ByteStream(Protocol):
    """What the readers of this application need of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, fewer only at the end."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return a line, or `size` bytes of it."""


class _Bounded:
    """A readable stream that refuses to give more than `MAX_UNPACKED_BYTES`."""

    def __init__(self, stream: ByteStream, name: str) -> None:
        self._stream = stream
        self._left = MAX_UNPACKED_BYTES
        self._name = name

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        return self._count(data)

    def readline(self, size: int = -1) -> bytes:
        limit = self._left + 1 if size < 0 else min(size, self._left + 1)
        return self._count(self._stream.readline(limit))

    def _count(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(
                "{name} unpacks to more than {limit} GiB.",
                "Unpack and split it.",
                name=self._name,
                limit=f"{MAX_UNPACKED_BYTES / 2**30:.0f}",
            )
        return data


_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextlib.contextmanager
def written_aside(path: Path) -> Iterator[IO[bytes]]:
    """Write to a temporary file beside `path`, renamed over it only when all went well.

    Raises `StorageError` where the folder cannot be written; then `path` is as it was.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = ""
    except OSError as error:
        raise StorageError(
            "{path} cannot be written ({reason}).",
            "Free some space on the disk." if error.errno in _FULL else "Choose a folder that you may write to.",
            path=path,
            reason=error.strerror or error,
        ) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
