"""Bytes in and out: bounded reading, transparent gzip and zip, writing aside and renaming."""

from __future__ import annotations

import contextlib
import errno
import glob
import gzip
import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from hccr_desktop.errors import HccrError, StorageError, TooLarge, UnreadableFile

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
def decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder, archive, parser or file system raises into one error that names the file.

    Errors of the application pass. Only what decodes may stand inside: a caller's own mistakes would be hidden.
    """
    try:
        yield
    except HccrError:
        raise
    except MemoryError as error:
        raise TooLarge("{name} needs more memory than there is.", "Give a smaller file.", name=name) from error
    except OSError as error:
        if error.errno is not None:
            raise unreadable(Path(name), error) from error
        raise _damaged(name) from error
    except Exception as error:  # decoders raise many kinds
        raise _damaged(name) from error


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile("{name} is damaged or cut off.", "Save or copy it again.", name=name)


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
        descriptor, temporary = tempfile.mkstemp(prefix=_aside(path), dir=path.parent)
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


def remove_unfinished(path: Path) -> None:
    """Remove what a `written_aside` of this file left that was killed."""
    for stale in path.parent.glob(f"{glob.escape(_aside(path))}*"):
        with contextlib.suppress(OSError):
            stale.unlink()


def _aside(path: Path) -> str:
    """Return how the names of a file's temporary ones begin: short, whatever its own is."""
    return f".hccr-{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"
