"""Bytes in and out: bounded reading, transparent gzip and zip, writing aside and renaming."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import os
import secrets
import shutil
import stat
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from hccr_desktop.errors import HccrError, StorageError, TooLarge, UnreadableFile
from hccr_desktop.unpacking import opened_in_pieces

MAX_FILE_BYTES = 256 * 2**20
"""Bound on a file that is read whole."""

MAX_UNPACKED_BYTES = 4 * 2**30
"""Bound on what a compressed data set may unpack to; it is read as a stream."""


def speak_utf8() -> None:
    """Let standard output and errors be UTF-8: a Windows console or pipe may be set to a code page without Han."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")


def drop_output() -> None:
    """Let Python end without another try to write what standard output still holds."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def locked(path: Path, patience: float = 0.0) -> Iterator[bool]:
    """Give whether this process alone holds a lock, after `patience` seconds at most; so it does until the end.

    The file stays: one that is removed may be another's lock by then. Where the file system knows no locks, everybody
    is alone. Raises `OSError` where the folder cannot be made or the file not opened.
    """
    from filelock import FileLock, Timeout  # later: of the trainer's libraries, where these have it

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=patience, thread_local=False)
    try:
        lock.acquire()
    except NotImplementedError:
        yield True
        return
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def read_bounded(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return a file's bytes; raises `UnreadableFile` or, over `limit` bytes, `TooLarge`."""
    with decoding(path.name or str(path)), path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(path.name, limit)
    return data


def too_large(name: str, limit: int = MAX_FILE_BYTES) -> TooLarge:
    """Return the error of a file of more than `limit` bytes."""
    return TooLarge(
        "{name} is larger than {limit} MiB.",
        "Split it, or give a smaller file.",
        name=name,
        limit=f"{limit / 2**20:.0f}",
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
        raise _unreadable(name, error) from error
    except Exception as error:  # decoders raise many kinds
        raise _damaged(name) from error


def _unreadable(name: str, error: OSError) -> UnreadableFile:
    """Say in one sentence why a file could not be opened."""
    if isinstance(error, FileNotFoundError):
        return UnreadableFile("{name} does not exist.", "Check the name.", name=name)
    if isinstance(error, PermissionError):
        return UnreadableFile("{name} may not be read.", "Check its permissions.", name=name)
    if isinstance(error, IsADirectoryError):
        return UnreadableFile("{name} is a folder.", "Give a file.", name=name)
    if error.errno is None:  # a decoder's own
        return _damaged(name)
    return UnreadableFile(
        "{name} cannot be read ({reason}).", "Copy it again.", name=name, reason=error.strerror or error
    )


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile("{name} is damaged or cut off.", "Save or copy it again.", name=name)


@contextlib.contextmanager
def open_unpacked(path: Path) -> Iterator[ByteStream]:
    """Open a file as a stream, unpacking gzip and one-file zip archives, known by content.

    Raises `UnreadableFile` for damage, where the file is opened or read, and `TooLarge` when more than
    `MAX_UNPACKED_BYTES` come out.
    """
    with contextlib.ExitStack() as opened:
        with decoding(path.name or str(path)):
            raw = opened.enter_context(path.open("rb"))
            magic = raw.read(4)
            raw.seek(0)
            stream = _Guarded(raw, path.name)
            if magic[:2] == b"\x1f\x8b":
                unpacked: ByteStream = opened.enter_context(gzip.GzipFile(fileobj=raw))
                stream = _Guarded(unpacked, path.name, MAX_UNPACKED_BYTES)
            elif is_archive(magic):
                archive = opened.enter_context(open_archive(raw, path.name))
                members = members_of(archive)
                people = [one for one in members if not any(map(is_passed_over, name_of_member(one).split("/")))]
                members = people or members
                if len(members) != 1:
                    raise UnreadableFile(
                        "{name} holds {count} files; one is expected.",
                        "Unpack it and choose one.",
                        name=path.name,
                        count=len(members),
                    )
                unpacked = opened.enter_context(open_member(archive, members[0], path.name))
                stream = _Guarded(unpacked, path.name, MAX_UNPACKED_BYTES)
        yield stream


def is_archive(head: bytes) -> bool:
    """Tell whether a file that starts with `head` is a zip archive, be it empty or in one of several parts."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK"))


def open_archive(file: IO[bytes], name: str) -> zipfile.ZipFile:
    """Open a zip archive; raises `UnreadableFile`. Members that cannot be read leave the others readable."""
    with decoding(name):
        try:
            try:
                return zipfile.ZipFile(file)
            except (UnicodeDecodeError, NotImplementedError):
                file.seek(0)
                return zipfile.ZipFile(io.BytesIO(_tolerable(file.read(MAX_FILE_BYTES))))
        except zipfile.BadZipFile as error:
            raise UnreadableFile("{name} is a damaged archive.", "Copy or download it again.", name=name) from error


def _tolerable(archive: bytes) -> bytes:
    """Return an archive of which no member says that its name is UTF-8, or that a newer program is needed.

    One that says so and is wrong would make all of them unreadable (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16).
    """
    patched = bytearray(archive)
    end = archive.rindex(b"PK\x05\x06")
    size, start = struct.unpack_from("<II", archive, end + 12)
    at, before = end - size, end - size - start
    while archive[at : at + 4] == b"PK\x01\x02":
        *lengths, local = struct.unpack_from("<HHH8xI", archive, at + 28)
        patched[at + 6] = 20
        for flags in (at + 8, before + local + 6):
            patched[flags + 1] &= 0xF7
        at += 46 + sum(lengths)
    return bytes(patched)


_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 16: "CMPSC", 93: "Zstandard", 95: "XZ", 96: "JPEG", 98: "PPMd"}
_AES = 99


def open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> IO[bytes]:
    """Open a member, called `name` in errors; raises `UnreadableFile`. What is read of it may still be damaged."""
    with decoding(name):
        if member.flag_bits & 1 or member.compress_type == _AES:
            raise UnreadableFile("{name} is locked by a password.", "Save it without one and try again.", name=name)
        try:
            if member.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
                return opened_in_pieces(archive, member)
            return archive.open(member)
        except NotImplementedError as error:
            raise UnreadableFile(
                "{name} is packed in a way that cannot be read here ({method}).",
                "Unpack the archive, and give what is in it.",
                name=name,
                method=_METHODS.get(member.compress_type, f"{member.compress_type}"),
            ) from error


def members_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the files in an archive, without its folders; one may have no name."""
    return [member for member in archive.infolist() if not member.filename.endswith("/")]


def name_of_member(member: zipfile.ZipInfo) -> str:
    """Return a member's name; where it does not say in which encoding it is, in UTF-8 or GB 18030 if it can be."""
    if not member.flag_bits & 0x800:
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeError):
                return member.orig_filename.encode("cp437").decode(encoding)
    return member.filename


class ByteStream(Protocol):
    """What the readers of this application need of a file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, fewer only at the end."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return a line, or `size` bytes of it."""


class _Guarded:
    """A readable stream whose errors name the file, and that refuses to give more than `limit` bytes."""

    def __init__(self, stream: ByteStream, name: str, limit: int | None = None) -> None:
        self._stream, self._name, self._left = stream, name, limit

    def read(self, size: int = -1) -> bytes:
        with decoding(self._name):
            return self._count(self._stream.read(self._most(size)))

    def readline(self, size: int = -1) -> bytes:
        with decoding(self._name):
            return self._count(self._stream.readline(self._most(size)))

    def _most(self, size: int) -> int:
        if self._left is None:
            return size
        return min(size, self._left + 1) if size >= 0 else self._left + 1

    def _count(self, data: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise TooLarge(
                    "{name} unpacks to more than {limit} GiB.",
                    "Unpack and split it.",
                    name=self._name,
                    limit=f"{MAX_UNPACKED_BYTES / 2**30:.0f}",
                )
        return data


_PASSED_OVER = ("thumbs.db", "desktop.ini", "__macosx", "@eadir", "#recycle", "$recycle.bin")
"""What systems put beside people's files."""


def is_passed_over(part: str) -> bool:
    """Whether a part of a path is hidden, or a system's; "." and ".." are neither."""
    return (part.startswith(".") and bool(part.strip("."))) or part.lower() in _PASSED_OVER


def files_below(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the paths below a folder that are no folders, sorted, and the folders that may not be entered.

    Links to folders are not followed, hidden ones and those of systems passed over, and so are hidden files.
    """
    closed: list[OSError] = []
    found: list[Path] = []
    for at, below, names in os.walk(folder, onerror=closed.append):
        below[:] = [name for name in below if not is_passed_over(name)]
        found += [Path(at, name) for name in names if not name.startswith(".")]
    return sorted(found), [Path(error.filename) for error in closed]


_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


@contextlib.contextmanager
def written_aside(path: Path) -> Iterator[IO[bytes]]:
    """Write to a temporary file beside `path`, renamed over it only when all went well.

    A link stays one: what it leads to is written. It may be read and written by whom the file before allowed, or a new
    file allows. Raises `StorageError` where the folder cannot be written, or no file but a pipe or device has that
    name; then `path` is as it was.
    """
    path = _to_write(path)
    temporary = path.with_name(f"{_aside(path)}{secrets.token_hex(4)}")
    is_there = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            is_there = True
            with contextlib.suppress(OSError):
                temporary.chmod(stat.S_IMODE(path.stat().st_mode))
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        is_there = False
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if is_there:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _to_write(path: Path) -> Path:
    """Return the file that a path leads to; raises `StorageError` where that is there, and no file."""
    try:
        if path.is_symlink():
            path = path.resolve()
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise StorageError("{path} is no file.", "Choose the name of a file.", path=path)
    except (OSError, RuntimeError) as error:  # links in a circle
        raise _unwritable(path, OSError(f"{error}")) from error
    return path


@contextlib.contextmanager
def folder_written_aside(path: Path) -> Iterator[Path]:
    """Give an empty folder beside `path`, which is renamed to it when all went well, and removed otherwise.

    Raises `StorageError` where it cannot be written.
    """
    aside = path.with_name(f"{_aside(path)}{secrets.token_hex(4)}")
    try:
        aside.mkdir(parents=True)
        yield aside
        aside.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        "{path} cannot be written ({reason}).",
        "Free some space on the disk." if error.errno in _FULL else "Choose a folder that you may write to.",
        path=path,
        reason=error.strerror or error,
    )


def remove_unfinished(path: Path) -> None:
    """Remove what a `written_aside` of this file left beside it that was killed."""
    with contextlib.suppress(OSError):
        for stale in path.parent.glob(f"{_aside(path)}*"):
            stale.unlink()


def _aside(path: Path) -> str:
    """Return how the names of a file's temporary ones begin: short, whatever its own is."""
    return f".hccr-{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"
