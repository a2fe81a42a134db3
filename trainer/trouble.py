"""Trouble in a run, told in sentences: two in a folder, a full disk, too little memory, a loss that is no number."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EFBIG, ENOSPC
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock, Timeout

from hccr_desktop.errors import InputError, StorageError

_FULL = re.compile("out of memory|allocate memory|killed by signal: (Killed|Bus error)")
"""How torch says that the memory does not suffice: here, or in the processes that compose batches."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make a run's folder and keep other trainings out of it; raises `InputError` where one is at work there.

    Raises `StorageError` where the folder cannot be made.
    """
    lock = FileLock(folder / ".lock", timeout=0)
    with storage_explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise InputError(
                "Another training is at work in {name}.", "Wait for it, or choose another folder.", name=folder.name
            ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def storage_explained(path: Path) -> Iterator[None]:
    """Turn the system's errors in writing to `path` into `StorageError`."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            "{path} cannot be written ({reason}).",
            "Free some space on the disk."
            if error.errno in (ENOSPC, EFBIG)
            else "Choose a folder that you may write to.",
            path=path,
            reason=error.strerror or error,
        ) from error


@contextmanager
def memory_explained(batch_size: int) -> Iterator[None]:
    """Turn torch's ways of saying that the memory is full into a sentence."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not _FULL.search(f"{error} {error.__cause__}"):
            raise
        raise InputError(
            "The memory does not suffice for batches of {count}.",
            "Take smaller batches, or close other programs; the last checkpoint is good.",
            count=batch_size,
        ) from error


def require_number(loss: float, step: int) -> None:
    """Raise `InputError` where a loss is infinite or no number any more."""
    if not math.isfinite(loss):
        raise InputError(
            "The loss became {loss} at step {step}.",
            "Lower the learning rate, or begin anew with another seed; the last checkpoint is good.",
            loss=loss,
            step=step,
        )


def digest_of(arrays: Iterable[npt.NDArray[Any]]) -> str:
    """Return SHA-256, in hexadecimal, of arrays with their shapes and types: of what a run learns from."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
