from __future__ import annotations

import errno
import gzip
import io
import lzma
import os
import stat
import struct
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from hccr_desktop import files
from hccr_desktop.errors import EmptyInk, StorageError, TooLarge, UnreadableFile
from hccr_desktop.files import (
    decoding,
    files_below,
    folder_written_aside,
    open_member,
    open_unpacked,
    read_bounded,
    remove_unfinished,
    written_aside,
)

# --------------------------------------------------------------------------------------- writing


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def write() -> None:
        with written_aside(path) as out:
            out.write(b"half of the ne")
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError) as caught, written_aside(tmp_path / "file" / "below"):
        pass
    assert caught.value.hint


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with written_aside(tmp_path / "a.txt"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(StorageError, match="No space") as caught:
        write()
    assert "disk" in caught.value.hint
    assert not list(tmp_path.iterdir())


def test_a_name_as_long_as_the_file_system_allows_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("名" * 83 + "a.txt")
    assert len(os.fsencode(path.name)) == 254
    with written_aside(path) as out:
        out.write(b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_allows_what_the_user_allows_and_an_old_one_what_it_did(
    tmp_path: Path, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        for _ in range(2):
            with written_aside(tmp_path / "a.txt") as out:
                out.write(b"x")
            assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == mode
            mode = 0o640
            (tmp_path / "a.txt").chmod(mode)
    finally:
        os.umask(before)


def test_what_a_killed_writing_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    path, other = tmp_path / "a[1].txt", tmp_path / "b.txt"
    left = []
    for written in (path, other):
        writing = written_aside(written)
        writing.__enter__().write(b"half")
        left.append(writing)
    assert len(list(tmp_path.iterdir())) == 2
    remove_unfinished(path)
    (kept,) = tmp_path.iterdir()
    remove_unfinished(other)
    assert not kept.exists()
    remove_unfinished(tmp_path / "missing" / "a.txt")


# --------------------------------------------------------------------------------------- reading


def test_reading_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_bounded(tmp_path / "a", 5) == b"12345"
    with pytest.raises(TooLarge):
        read_bounded(tmp_path / "a", 4)
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_bounded(tmp_path)


def test_what_no_file_can_be_called_is_a_sentence() -> None:
    with pytest.raises(UnreadableFile, match="is damaged"):
        read_bounded(Path("a\0b"))


@pytest.mark.parametrize(
    "error",
    [
        struct.error("unpack requires 4 bytes"),
        TypeError("an integer is required"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
        lzma.LZMAError("Corrupt input data"),
        NotImplementedError("zip file version 9.9"),
        LookupError("unknown encoding"),
        RecursionError("too deep"),
        ZeroDivisionError("density"),
        EOFError(),
        OSError("broken data stream"),
        OSError(errno.EIO, "Input/output error"),
        Exception("a decoder's own"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_decoder_raises_becomes_one_error_that_names_the_file(error: Exception) -> None:
    with pytest.raises(UnreadableFile, match=r"x\.png") as caught, decoding("x.png"):
        raise error
    assert caught.value.hint
    assert caught.value.__cause__ is error


def test_memory_that_is_not_there_our_own_errors_and_interrupts_are_told_apart() -> None:
    with pytest.raises(TooLarge, match=r"x\.png needs more memory"), decoding("x.png"):
        raise MemoryError
    for error in (EmptyInk(), KeyboardInterrupt()):
        with pytest.raises(type(error)) as caught, decoding("x.png"):
            raise error
        assert caught.value is error


def test_a_callers_own_mistake_is_not_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"abc"))

    def read() -> None:
        with open_unpacked(path) as stream:
            assert stream.read() == b"abc"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        read()


@pytest.mark.parametrize("cut", [20, 200])
def test_damage_that_is_found_while_reading_names_the_file(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(os.urandom(1000))[:-cut])
    with open_unpacked(tmp_path / "a.gz") as stream, pytest.raises(UnreadableFile, match=r"a\.gz is damaged"):
        stream.read()


def test_an_archive_that_unpacks_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 2**20)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(2**22)))
    with open_unpacked(tmp_path / "bomb.gz") as stream, pytest.raises(TooLarge):
        stream.read(2**21)


# -------------------------------------------------------------------------------------- archives


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return bytearray(out.getvalue())


def unpacked(data: bytes | bytearray, folder: Path) -> bytes:
    (folder / "a.zip").write_bytes(data)
    with open_unpacked(folder / "a.zip") as stream:
        return stream.read()


def central(archive: bytearray) -> int:
    return archive.index(b"PK\1\2")


def test_one_file_is_unpacked_whatever_its_name_and_the_archives_version_are(tmp_path: Path) -> None:
    assert unpacked(zipped(("a", b"text"), method=zipfile.ZIP_BZIP2), tmp_path) == b"text"
    assert unpacked(zipped(("中", b"text")).replace("中".encode(), b"\xd6\xd0\xff"), tmp_path) == b"text"
    newer = zipped(("a", b"text"))
    newer[central(newer) + 6] = 99
    assert unpacked(newer, tmp_path) == b"text"


def test_of_archives_that_cannot_be_unpacked_it_is_said_why(tmp_path: Path) -> None:
    deflate64, locked, aes = (zipped(("a", b"text")) for _ in range(3))
    deflate64[central(deflate64) + 10] = deflate64[8] = 9
    locked[central(locked) + 8] |= 1
    aes[central(aes) + 10] = aes[8] = 99
    damaged = zipped(("a", os.urandom(100)), method=zipfile.ZIP_LZMA)
    damaged[50:90] = bytes(40)
    for data, words in (
        (deflate64, r"packed in a way that cannot be read here \(Deflate64\)"),
        (locked, "locked by a password"),
        (aes, "locked by a password"),
        (damaged, "damaged"),
        (b"PK\3\4 and no more", "damaged archive"),
        (zipped(), "holds 0 files"),
        (zipped(("a", b""), ("b", b"")), "holds 2 files"),
    ):
        with pytest.raises(UnreadableFile, match=words) as caught:
            unpacked(data, tmp_path)
        assert "a.zip" in str(caught.value)
        assert caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_in_archives_are_guessed_where_their_encoding_is_not_told(encoding: str) -> None:
    raw = "手写".encode(encoding)
    data = zipped(("_" * len(raw), b"")).replace(b"_" * len(raw), raw)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [files.name_of_member(member) for member in files.members_of(archive)] == ["手写"]


def test_a_member_without_a_name_is_a_file(tmp_path: Path) -> None:
    data = zipped(("_a", b"text")).replace(b"_a", b"\0a")
    assert unpacked(data, tmp_path) == b"text"


def test_what_bzip2_and_lzma_hold_is_unpacked_piece_by_piece(tmp_path: Path) -> None:
    text = os.urandom(100_000) + b"some text " * 20_000
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        data = zipped(("a", text), method=method)
        assert unpacked(data, tmp_path) == text
        broken = zipped(("a", text), method=method)
        broken[len(broken) // 2 : len(broken) // 2 + 20] = bytes(20)
        with pytest.raises(UnreadableFile):
            unpacked(broken, tmp_path)
    bomb = zipped(("a", bytes(200 * 2**20)), method=zipfile.ZIP_BZIP2)
    tracemalloc.start()
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive, open_member(archive, archive.infolist()[0], "a") as packed:
        assert packed.read(1000) == bytes(1000)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def test_what_a_mac_puts_beside_a_file_is_not_counted(tmp_path: Path) -> None:
    assert unpacked(zipped(("a", b"text"), ("__MACOSX/._a", b"x")), tmp_path) == b"text"


def test_files_below_a_folder_are_found_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2", "b/1", "a", ".git/x", "b/.hidden", "Thumbs.db/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    found, closed = files_below(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a", "b/1", "b/2"]
    assert closed == []
    _, closed = files_below(tmp_path / "missing")
    assert closed == [tmp_path / "missing"]


def test_a_folder_is_there_once_all_of_it_is(tmp_path: Path) -> None:
    with pytest.raises(StorageError), folder_written_aside(tmp_path / "out") as aside:  # noqa: PT012
        (aside / "one").touch()
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []
    with folder_written_aside(tmp_path / "out") as aside:
        (aside / "one").touch()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["one"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_link_stays_one_and_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there" / "file")
    with written_aside(tmp_path / "link") as out:
        out.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "file").read_bytes() == b"x"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="no file"), written_aside(tmp_path / "pipe"):
        pass
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(StorageError), written_aside(tmp_path / "circle"):
        pass
