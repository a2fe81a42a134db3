"""A pipeline's joint: a thread makes items before they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_PATIENCE_S = 20.0
"""How long what is made right now is waited for at the end."""
_LOOK_S = 0.2
"""How often a joint that waits looks whether the whole pipeline was stopped."""


def ahead(
    items: Iterable[T], most: int, weight: Callable[[T], int] = lambda _: 1, stop: threading.Event | None = None
) -> Iterator[list[T]]:
    """Yield the same items, all at once that are ready: a thread makes them before they are asked for.

    It makes no more than `most` together weigh, beside the one that it has in hand; a heavier one waits alone. Joints
    of one pipeline share `stop`: where the last is left before its end, the others end, too. The thread is waited for:
    one that is at work in a library when Python ends would end it by force.
    """
    ready: list[T] = []
    errors: list[BaseException] = []
    changed = threading.Condition()
    stop = stop or threading.Event()
    is_done = is_left = False

    def is_ended() -> bool:
        return is_left or stop.is_set()

    def make() -> None:
        nonlocal is_done
        try:
            for item in items:
                with changed:
                    while ready and not is_ended() and sum(map(weight, [*ready, item])) > most:
                        changed.wait(_LOOK_S)
                    if is_ended():
                        break
                    ready.append(item)
                    changed.notify_all()
        except BaseException as raised:  # noqa: BLE001 - it is raised where the items are taken
            errors.append(raised)
        with changed:
            is_done = True
            changed.notify_all()

    making = threading.Thread(target=make, daemon=True)
    making.start()
    is_over = False
    try:
        while not stop.is_set():
            with changed:
                changed.wait_for(lambda: ready or is_done or stop.is_set(), _LOOK_S)
                taken = list(ready)
                ready.clear()
                changed.notify_all()
                is_over = is_done and not taken
            if taken:
                yield taken
                taken = []  # their pictures are not kept while the next are waited for
            elif is_over and errors:
                raise errors[0]
            elif is_over:
                return
    finally:
        if not is_over:
            stop.set()
        with changed:
            is_left = True
            changed.notify_all()
        if making is not threading.current_thread():  # it may be the one that lets go of us
            making.join(_PATIENCE_S)
