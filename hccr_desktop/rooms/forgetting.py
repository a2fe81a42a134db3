"""Deletes all that the application keeps of a user."""

from __future__ import annotations

import contextlib
import shutil

from hccr_desktop import paths
from hccr_desktop.errors import StorageError


def forget_everything() -> None:
    """Delete it; raises `StorageError` in the end where something stays."""
    failures: list[str] = []
    for path in paths.everything():
        try:
            if path.is_dir():
                shutil.rmtree(path)
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
