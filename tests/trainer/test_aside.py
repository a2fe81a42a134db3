"""Bundles written aside: a folder is there whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hccr_desktop.errors import InputError, StorageError
from trainer.aside import folder_aside

KILLED = """
import os, signal, sys
from pathlib import Path
from trainer.aside import folder_aside
with folder_aside(Path(sys.argv[1])) as folder:
    (folder / "model.onnx").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_folder_is_there_when_all_is_written(tmp_path: Path) -> None:
    with folder_aside(tmp_path / "models" / "own") as folder:
        (folder / "model.onnx").write_bytes(b"whole")
        assert not (tmp_path / "models" / "own").exists()
    assert (tmp_path / "models" / "own" / "model.onnx").read_bytes() == b"whole"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["own"]
    with pytest.raises(InputError, match="own exists already"), folder_aside(tmp_path / "models" / "own"):
        pass


def fail_half_way(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"half")
    raise ZeroDivisionError


def test_what_failed_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), folder_aside(tmp_path / "own") as folder:
        fail_half_way(folder)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be written"), folder_aside(tmp_path / "file" / "own"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_after_a_kill_the_next_call_writes_and_clears(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "own")], check=False)
    assert ended.returncode == -9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".")
    with folder_aside(tmp_path / "own-2"):
        assert left.exists()  # another may be at work in it
    (tmp_path / "own-2").rmdir()
    os.utime(left, (0, 0))
    with folder_aside(tmp_path / "own") as folder:
        (folder / "model.onnx").write_bytes(b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
