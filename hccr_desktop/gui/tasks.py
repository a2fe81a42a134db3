"""One way to work in the background and come back to the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from hccr_desktop.errors import HccrError

T = TypeVar("T")


class Tasks(QObject):
    """Runs functions one after another on a thread; results return by signal to this object's thread.

    `run(work, done, failed)` calls `done(result)` or `failed(error)`. An error that is not meant
    for users is turned into one, so that nothing can end as a traceback or in silence. With
    `finishes`, what is queued is still done at closing: nothing that a user wrote is lost.
    """

    _returned = Signal(object)

    def __init__(self, parent: QObject | None = None, *, finishes: bool = False) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recognition")
        self._closed, self._finishes = False, finishes
        self._left = 0
        self._returned.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)

    @property
    def is_closed(self) -> bool:
        """Whether nobody waits for a result any more: what takes long may ask, from its thread, and end."""
        return self._closed

    @property
    def is_busy(self) -> bool:
        """Whether something was queued whose result is not told yet."""
        return self._left > 0

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[HccrError], None]) -> None:
        """Queue `work`; exactly one of `done` and `failed` is called in the window's thread, none after `close`."""

        def finish(future: Future[T]) -> None:
            if not self._closed:
                self._returned.emit(lambda: self._deliver(future, done, failed))

        if not self._closed:
            self._left += 1
            self._pool.submit(work).add_done_callback(finish)

    def _deliver(self, future: Future[Any], done: Callable[[Any], None], failed: Callable[[HccrError], None]) -> None:
        if self._closed:
            return
        self._left -= 1
        error = future.exception()
        if error is None:
            done(future.result())
        elif isinstance(error, HccrError):
            failed(error)
        else:
            failed(
                HccrError(
                    "Something unexpected went wrong ({kind}: {error}).",
                    "Please report it.",
                    kind=type(error).__name__,
                    error=error,
                )
            )

    def close(self) -> None:
        """Drop what waits, or finish it; a function that runs now ends, its result unheard."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=not self._finishes)
