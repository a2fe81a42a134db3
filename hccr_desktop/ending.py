"""How a program ends that is told to: what is half done is cleared away, and nothing is said."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""


def in_order(run: Callable[[], int]) -> int:
    """Run a command and return its exit code; ended by a signal it leaves as it would by an error."""
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return run()
    except KeyboardInterrupt:
        return INTERRUPTED
