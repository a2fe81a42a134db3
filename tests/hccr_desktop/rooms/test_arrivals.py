"""Files that come into a folder: new ones, once they stopped growing."""

from __future__ import annotations

import os
import time
from pathlib import Path

from hccr_desktop.rooms.arrivals import Arrivals


def test_new_files_are_told_once_they_stopped_growing_and_old_ones_never(tmp_path: Path) -> None:
    old = tmp_path / "old.png"
    old.write_bytes(b"x")
    os.utime(old, (1.0, 1.0))
    since = time.time() - 60
    early = tmp_path / "early.png"
    early.write_bytes(b"x")  # between the wish to watch and the first look
    arrivals = Arrivals(tmp_path, since)
    assert arrivals.look() == ([], True)
    assert arrivals.look() == ([early], False)
    late = tmp_path / "late.png"
    late.write_bytes(b"x")
    assert arrivals.look() == ([], True)
    late.write_bytes(b"xx")
    assert arrivals.look() == ([], True)
    assert arrivals.look() == ([late], False)
    assert arrivals.look() == ([], False)


def test_a_folder_that_is_gone_brings_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "scanner"
    folder.mkdir()
    arrivals = Arrivals(folder, time.time())
    folder.rmdir()
    assert arrivals.look() == ([], False)
