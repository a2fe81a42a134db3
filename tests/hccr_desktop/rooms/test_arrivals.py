"""Files that come into a folder: new ones, once they stopped growing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from hccr_desktop.rooms.arrivals import Arrivals, Look


def test_new_files_are_told_once_they_stopped_growing_and_old_ones_never(tmp_path: Path) -> None:
    old = tmp_path / "old.png"
    old.write_bytes(b"x")
    os.utime(old, (1.0, 1.0))
    since = time.time() - 60
    early = tmp_path / "early.png"
    early.write_bytes(b"x")  # between the wish to watch and the first look
    arrivals = Arrivals(tmp_path, since)
    assert arrivals.look() == Look(is_changing=True)
    assert arrivals.look() == Look((early,))
    late = tmp_path / "late.png"
    late.write_bytes(b"x")
    assert arrivals.look() == Look(is_changing=True)
    late.write_bytes(b"xx")
    assert arrivals.look() == Look(is_changing=True)
    assert arrivals.look() == Look((late,))
    assert arrivals.look() == Look()
    late.write_bytes(b"xxx")  # it had paused
    assert arrivals.look() == Look(is_changing=True)
    assert arrivals.look() == Look((late,))
    old.write_bytes(b"xx")
    assert arrivals.look() == Look()


def test_an_empty_file_is_told_when_there_is_something_in_it(tmp_path: Path) -> None:
    arrivals = Arrivals(tmp_path, time.time() - 60)
    new = tmp_path / "new.png"
    new.touch()
    assert [arrivals.look() for _ in range(3)] == [Look(empty=(new,))] * 3
    new.write_bytes(b"x")
    assert arrivals.look() == Look(is_changing=True)
    assert arrivals.look() == Look((new,))


def test_a_folder_that_is_gone_brings_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "scanner"
    folder.mkdir()
    arrivals = Arrivals(folder, time.time())
    folder.rmdir()
    assert arrivals.look() == Look()
