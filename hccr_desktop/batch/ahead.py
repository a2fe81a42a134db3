"""A pipeline's joint: a thread makes items before they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T], most: int, weight: Callable[[T], int] = lambda _: 1) -> Iterator[list[T]]:
    """Yield the same items, all at once that are ready: a thread makes them before they are asked for.

    It makes no more than `most` together weigh, beside the one that it has in hand; a heavier one waits alone.
    """
    ready: list[T] = []
    errors: list[BaseException] = []
    changed = threading.Condition()
    is_done = is_stopped = False

    def make() -> None:
        nonlocal is_done
        try:
            for item in items:
                with changed:
                    while ready and not is_stopped and sum(map(weight, [*ready, item])) > most:
                        changed.wait()
                    if is_stopped:
                        return
                    ready.append(item)
                    changed.notify_all()
        except BaseException as raised:  # noqa: BLE001 - it is raised where the items are taken
            errors.append(raised)
        with changed:
            is_done = True
            changed.notify_all()

    threading.Thread(target=make, daemon=True).start()
    try:
        while True:
            with changed:
                changed.wait_for(lambda: ready or is_done)
                taken = list(ready)
                ready.clear()
                changed.notify_all()
            if taken:
                yield taken
                taken = []  # their pictures are not kept while the next are waited for
            elif errors:
                raise errors[0]
            else:
                return
    finally:
        with changed:
            is_stopped = True
            changed.notify_all()
