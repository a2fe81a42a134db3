"""Bundles are written aside and renamed, so that one that was killed half-way is not there."""

from __future__ import annotations

import glob
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hccr_desktop.core.bundle import require_usable_id
from hccr_desktop.errors import InputError
from trainer.trouble import storage_explained

_OLD_S = 3600.0
"""What a call left that was killed is removed after an hour: before, another may be at work in it."""


def require_free(target: Path) -> None:
    """Raise `InputError` where a folder exists already: said before the work and not after it."""
    if target.exists():
        raise InputError("{name} exists already.", "Choose another name, or remove the old bundle.", name=target.name)


def require_new_bundle(target: Path) -> None:
    """Raise `InputError` where a bundle's folder exists already, or its name is none: said before the work."""
    require_usable_id(target.name)
    require_free(target)


@contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """Give an empty folder to write a bundle into, which becomes `target` when all went well.

    Raises `InputError` where `target` exists, `StorageError` where nothing
    can be written there.
    """
    require_free(target)
    prefix = f".export-{target.name}-"
    with storage_explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        for stale in target.parent.glob(f"{glob.escape(prefix)}*"):
            with suppress(FileNotFoundError):
                if time.time() - stale.stat().st_mtime > _OLD_S:
                    shutil.rmtree(stale, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as aside:
            folder = Path(aside) / target.name
            folder.mkdir()
            yield folder
            folder.replace(target)
