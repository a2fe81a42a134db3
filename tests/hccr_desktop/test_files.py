from __future__ import annotations

from pathlib import Path

import pytest

from hccr_desktop import files
from hccr_desktop.errors import StorageError, TooLarge, UnreadableFile
from hccr_desktop.files import open_unpacked, read_bounded, written_aside


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


def test_reading_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_bounded(tmp_path / "a", 5) == b"12345"
    with pytest.raises(TooLarge):
        read_bounded(tmp_path / "a", 4)
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_bounded(tmp_path)


def test_an_archive_that_unpacks_beyond_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    monkeypatch.setattr(files, "MAX_UNPACKED_BYTES", 2**20)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(2**22)))
    with open_unpacked(tmp_path / "bomb.gz") as stream, pytest.raises(TooLarge):
        stream.read(2**21)
