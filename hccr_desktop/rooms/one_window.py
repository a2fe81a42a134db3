"""One window for a user's data: a program that is started again hands its files to the one that runs.

The first keeps a lock in a folder. A later one leaves a request beside the lock and waits until the first has taken it;
where nobody does, it opens a window of its own.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside

_MOST_BYTES = 2**20
_PATIENCE_S = 3.0
"""How long a request may lie before it counts as not heard."""
_SUFFIX = ".asked"


class OneWindow:
    """What the programs of one user's data, given its `folder`, know of each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / "lock", thread_local=False)

    def begin(self) -> bool:
        """Return whether no other window is open, and be the one; True, too, where the folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except (OSError, NotImplementedError):  # no folder of ours, or a file system without locks
            return True
        for request in self.folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                if time.time() - request.stat().st_mtime > _PATIENCE_S:  # left to one that was ended
                    request.unlink()
        return True

    def hand_over(self, files: Sequence[Path], patience: float = _PATIENCE_S) -> bool:
        """Ask the open window to show itself with `files`; return whether it did, after `patience` seconds at most."""
        request = self.folder / f"{secrets.token_hex(8)}{_SUFFIX}"
        try:
            with written_aside(request) as out:
                out.write(json.dumps([str(file.absolute()) for file in files]).encode())
            end = time.monotonic() + patience
            while request.exists():
                if time.monotonic() > end:
                    request.unlink()
                    return False
                time.sleep(0.02)
        except (HccrError, OSError):
            return False
        return True

    def requests(self) -> list[list[Path]]:
        """Take what other programs ask for: for each the files that it was given."""
        found = []
        for request in self.folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(HccrError, OSError, ValueError, RecursionError):
                asked = json.loads(read_bounded(request, _MOST_BYTES))
                request.unlink()
                found.append([Path(name) for name in asked if isinstance(name, str)])
        return found

    def end(self) -> None:
        """Let another window be the one. The lock's file stays: it may be another's by then."""
        self._lock.release()
