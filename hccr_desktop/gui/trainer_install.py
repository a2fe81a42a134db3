"""Installs what the trainer needs: a process that can be stopped."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QProcess, Signal

from hccr_desktop.errors import HccrError
from hccr_desktop.rooms.trainer import forget_unfinished, install_command

_KEPT = 8


class TrainerInstall(QObject):
    """Emits `said(str)` for each line of the installer, then `ended(bool)`, whether it is there, or `failed(error)`."""

    said = Signal(str)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, command: Callable[[], Sequence[str]] = install_command) -> None:
        super().__init__(parent)
        self.command = list(command())
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._not_started)
        self._lines: list[str] = []
        self._is_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether it is at work."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self) -> None:
        """Begin; nothing where it is at work."""
        if not self.is_running:
            self._lines, self._is_stopped = [], False
            self._process.start(self.command[0], self.command[1:])

    def stop(self) -> None:
        """End it; what was installed by then is removed, and nothing in use was touched."""
        self._is_stopped = True
        self._process.kill()

    def _read(self) -> None:
        text = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", errors="replace")
        for line in filter(None, (line.strip() for line in text.splitlines())):
            self._lines = [*self._lines, line][-_KEPT:]
            self.said.emit(line)

    def _finished(self, code: int) -> None:
        self._read()
        importlib.invalidate_caches()
        threading.Thread(target=forget_unfinished).start()  # thousands of files; the program ends after them
        if code == 0 or self._is_stopped:
            self.ended.emit(code == 0)
            return
        wrong = next((line for line in reversed(self._lines) if "error" in line.lower()), (self._lines or ["?"])[-1])
        self.failed.emit(
            HccrError(
                "The trainer could not be installed: {why}",
                "It needs the network and about 6 GB of disk; the command above can be called in a terminal, too.",
                why=wrong,
            )
        )

    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.failed.emit(HccrError("The installer does not start.", "Call the command above in a terminal."))

    def shut(self) -> None:
        """End it with the window."""
        if self.is_running:
            self.stop()
            self._process.waitForFinished(2_000)
