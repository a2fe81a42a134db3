"""Where the trainer is not installed: why one may want it, the command, and a button that runs it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from hccr_desktop.gui.trainer_install import TrainerInstall
from hccr_desktop.rooms.trainer import shown


class InstallPanel(QWidget):
    """Emits `installed()`, and `failed(HccrError)`."""

    installed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None, install: TrainerInstall | None = None) -> None:
        super().__init__(parent)
        self.install = install or TrainerInstall(self)
        self.install.said.connect(self._show_line)
        self.install.ended.connect(self._end)
        self.install.failed.connect(self._fail)
        self.sentence, self.state = QLabel(self), QLabel(self)
        for label in (self.sentence, self.state):
            label.setWordWrap(True)
        self.command = QLineEdit(shown(self.install.command), self)
        self.command.setReadOnly(True)
        self.command.setCursorPosition(0)
        self.copy, self.start, self.stop = (QPushButton(self) for _ in range(3))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.command.text()))
        self.start.clicked.connect(self._start)
        self.stop.clicked.connect(self.install.stop)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        line = QHBoxLayout()
        for widget in (self.start, self.stop, self.copy):
            line.addWidget(widget)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (self.sentence, self.command):
            column.addWidget(part)
        column.addLayout(line)
        column.addWidget(self.bar)
        column.addWidget(self.state)
        self._update()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.sentence.setText(
            self.tr(
                "The trainer is not installed yet. It learns your hand from the writings in Samples, which stay here. "
                "Its libraries (torch and others, up to 6 GB) come over the network once, by this command:"
            )
        )
        self.command.setAccessibleName(self.tr("Command that installs the trainer"))
        self.copy.setText(self.tr("Copy the command"))
        self.start.setText(self.tr("Install the trainer"))
        self.stop.setText(self.tr("Stop installing"))
        self.bar.setAccessibleName(self.tr("Progress"))

    def _start(self) -> None:
        self.state.setText(self.tr("Starting…"))
        self.install.start()
        self._update()

    def _show_line(self, line: str) -> None:
        self.state.setText(line[:200])

    def _end(self, there: bool) -> None:
        self.state.setText("" if there else self.tr("Stopped; “Install the trainer” begins again."))
        self._update()
        if there:
            self.installed.emit()

    def _fail(self, error: object) -> None:
        self.state.clear()
        self._update()
        self.failed.emit(error)

    def _update(self) -> None:
        running = self.install.is_running
        self.start.setVisible(not running)
        self.stop.setVisible(running)
        self.bar.setVisible(running)
