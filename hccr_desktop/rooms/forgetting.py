"""Deletes all that the application keeps of a user."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from hccr_desktop import paths
from hccr_desktop.errors import StorageError


def forget_everything(besides: Path | None = None) -> None:
    """Delete it, but for one path that is in use; raises `StorageError` in the end where something stays."""
    failures: list[str] = []
    for path in paths.everything():
        if path == besides:
            continue
        try:
            if path.is_dir():
                _remove(path)
            else:
                path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            failures.append(f"{path.name}: {error.strerror}")
    traces = paths.onnxruntime_traces()
    for folder in (traces, *traces.parents[:2], paths.user_data()):
        with contextlib.suppress(OSError):  # other programs' things may lie there too
            folder.rmdir()
    if failures:
        raise StorageError("Not everything could be deleted ({what}).", what=", ".join(failures))


def _remove(folder: Path) -> None:
    """Remove a folder, out of which another process may remove files meanwhile."""
    while folder.exists():
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
