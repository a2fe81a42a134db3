"""What glibc does with freed memory: kept while a page is read, given back afterwards. Other C libraries: nothing."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from functools import lru_cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_LARGEST = 2**30


def give_back_memory() -> None:
    """Return to the system what was freed and glibc would keep: 40 MB after a model was loaded or a page was read."""
    _call("malloc_trim", 0)


@lru_cache(1)
def reuse_memory() -> None:
    """Let large arrays that were freed be used again until `give_back_memory`.

    Otherwise each picture of a page is mapped anew, and its memory faulted in bit by bit.
    """
    for parameter, value in ((_TRIM_THRESHOLD, _LARGEST), (_MMAP_THRESHOLD, _LARGEST), (_ARENA_MAX, 1)):
        _call("mallopt", parameter, value)


def _call(function: str, *values: int) -> None:
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # another C library
            getattr(ctypes.CDLL(None), function)(*values)
