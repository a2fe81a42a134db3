"""The trainer beside the window: a process that speaks JSON lines, and is asked to stop in words."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from hccr_desktop.core.protocol import Failed, Finished, decode
from hccr_desktop.errors import HccrError
from hccr_desktop.rooms.trainer import trainer_command

_GRACE_MS = 5_000
"""How long a trainer that was asked to stop may take before it is ended."""
_KEPT = 20
"""Last lines of the trainer's log that are kept for a message."""


class TrainerProcess(QObject):
    """Runs one trainer command at a time.

    Emits `said(Message)` for everything it reports but its end, then exactly one of
    `ended(cancelled)` and `failed(HccrError)`.
    """

    said = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self._command = list(command) or trainer_command()
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.setInterval(_GRACE_MS)
        self._deadline.timeout.connect(self._process.kill)
        self._outcome: Finished | Failed | None = None
        self._log: list[str] = []
        self._cancelled = self._paused = False

    @property
    def is_running(self) -> bool:
        """Whether a command is at work."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str]) -> None:
        """Start a command; nothing where one is at work."""
        if self.is_running:
            return
        self._outcome, self._log, self._cancelled, self._paused = None, [], False, False
        program, *before = self._command
        self._process.start(program, [*before, *arguments, "--json"])

    @property
    def can_pause(self) -> bool:
        """Whether this system can halt a process."""
        return hasattr(signal, "SIGSTOP")

    @property
    def is_paused(self) -> bool:
        """Whether the command at work is halted."""
        return self._paused and self.is_running

    def pause(self, paused: bool) -> None:
        """Halt the command at work, or let it go on where it is."""
        if self.is_running and self.can_pause and paused != self._paused:
            self._paused = paused
            os.kill(self._process.processId(), signal.SIGSTOP if paused else signal.SIGCONT)

    def cancel(self) -> None:
        """Ask the trainer to stop; after some seconds it is ended."""
        if self.is_running:
            self.pause(False)
            self._cancelled = True
            self._process.write(b"cancel\n")
            self._deadline.start()

    def end(self) -> None:
        """End the trainer now."""
        if self.is_running:
            self._cancelled = True
            self._process.kill()
            self._process.waitForFinished(_GRACE_MS)

    def close(self) -> None:
        """End the trainer with the window: what it makes is written aside, so nothing half-done stays."""
        if self.is_running:
            self._process.blockSignals(True)
            self._process.kill()
            self._process.waitForFinished(_GRACE_MS)

    def _read(self) -> None:
        while self._process.canReadLine():
            message = decode(bytes(self._process.readLine().data()).decode("utf-8", errors="replace"))
            if isinstance(message, Finished | Failed):
                self._outcome = message
            elif message is not None:
                self.said.emit(message)

    def _read_log(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", errors="replace")
        self._log = [*self._log, *(line for line in text.splitlines() if line.strip())][-_KEPT:]

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.failed.emit(HccrError("The trainer cannot be started.", "Install it: the guide says how."))

    def _finished(self, code: int) -> None:
        self._deadline.stop()
        self._read()
        self._read_log()
        if isinstance(self._outcome, Failed):
            self.failed.emit(self._outcome.error())
        elif self._outcome is not None or self._cancelled:  # it may have ended before it heard that it should stop
            self.ended.emit(self._cancelled if self._outcome is None else self._outcome.cancelled)
        else:
            self.failed.emit(
                HccrError(
                    "The trainer ended unexpectedly (code {code}): {last}",
                    "The model in use is as it was.",
                    code=code,
                    last=self._log[-1] if self._log else "no word",
                )
            )
