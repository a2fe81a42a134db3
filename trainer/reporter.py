"""Events → JSON lines for programs, progress bars for people."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

from tqdm import tqdm

from hccr_desktop.core.protocol import (
    Artifact,
    Failed,
    Finished,
    Hello,
    Message,
    Metric,
    Notice,
    Progress,
    Verdict,
    encode,
)

Reporter = Callable[[Message], object]
"""Takes every event of a run."""


def silent(_: Message) -> None:
    """Report to nobody."""


class JsonReporter:
    """One JSON object a line on standard output."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout

    def __call__(self, message: Message) -> None:
        """Write one event."""
        self._out.write(encode(message) + "\n")
        self._out.flush()


class BarReporter:
    """A progress bar and lines of text on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def __call__(self, message: Message) -> None:
        """Show one event."""
        match message:
            case Hello():
                self._close()
                tqdm.write(f"{message.command} on {message.device}, torch {message.torch}", file=sys.stderr)
            case Progress():
                bar = self._bar
                if bar is None:
                    bar = self._bar = tqdm(total=message.total, unit="step", dynamic_ncols=True)
                bar.update(message.done - bar.n)
                bar.set_postfix_str(f"loss {message.loss:.3f}, {message.rate:.0f} samples/s")
            case Metric():
                interval = f" [{message.low:.4f}, {message.high:.4f}]" if message.low is not None else ""
                tqdm.write(f"step {message.step}: {message.name} {message.value:.4f}{interval}", file=sys.stderr)
            case Artifact():
                tqdm.write(f"{message.kind}: {message.path}", file=sys.stderr)
            case Notice():
                tqdm.write(message.text, file=sys.stderr)
            case Verdict():
                tqdm.write(f"{message.model}: {message.reason}", file=sys.stderr)
            case Failed():
                tqdm.write(f"{message.message} {message.hint}".strip(), file=sys.stderr)
            case Finished():
                self._close()
                if message.cancelled:
                    tqdm.write("Stopped; --resume goes on from here.", file=sys.stderr)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def cancel_on_input(descriptor: int) -> Callable[[], bool]:
    """Return a question that becomes true once a line `cancel` was read from a file descriptor.

    It reads the bare descriptor: a thread waiting in `sys.stdin` holds its lock, and worker
    processes forked meanwhile would wait for that lock forever.
    """
    asked = threading.Event()

    def listen() -> None:
        pending = b""
        while data := os.read(descriptor, 4096):
            *lines, pending = (pending + data).split(b"\n")
            pending = pending[:64]
            if any(line.strip() == b"cancel" for line in lines):
                asked.set()
                return

    threading.Thread(target=listen, daemon=True).start()
    return asked.is_set
