"""What libraries wrote about the user behind our back goes with "Delete everything"."""

from __future__ import annotations

from pathlib import Path

import pytest

from hccr_desktop import paths
from hccr_desktop.gui.preferences import SettingsRoom
from hccr_desktop.gui.window import MainWindow


@pytest.fixture
def traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What onnxruntime left when an earlier version imported it."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / ".ses").write_text("x")
    folder = paths.onnxruntime_traces()
    folder.mkdir(parents=True)
    for name in ("deviceid", "deviceid.lock", "onnxruntime.db", "onnxruntime.db-wal", "onnxruntime.db-shm"):
        (folder / name).write_text("x")
    return folder


def delete_everything(window: MainWindow) -> None:
    window.show_room("settings")
    room = window.room("settings")
    assert isinstance(room, SettingsRoom)
    room.delete_everything()


def test_what_earlier_versions_left_is_deleted_with_its_folders(
    traces: Path, window: MainWindow, tmp_path: Path
) -> None:
    delete_everything(window)
    assert not (tmp_path / ".ses").exists()
    assert not traces.parents[1].exists()
    assert traces.parents[2].exists()


def test_what_other_programs_keep_there_stays(traces: Path, window: MainWindow) -> None:
    (traces / "vectors.db").write_text("another program's")
    (traces.parent / "deviceid").write_text("another program's")
    delete_everything(window)
    assert [path.name for path in traces.iterdir()] == ["vectors.db"]
    assert (traces.parent / "deviceid").exists()
