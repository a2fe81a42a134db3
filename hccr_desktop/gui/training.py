"""The training room: the user's samples, what to do with them, progress, and the gate's verdict."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.protocol import Message, Metric, Notice, Progress, Verdict
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.trainer_process import TrainerProcess, has_trainer
from hccr_desktop.recognize.models import Registry
from hccr_desktop.store.samples import SampleStore

ENOUGH = 3
"""Samples of a character that it takes to learn from and to examine it."""

TASKS = {
    "adapt": [],
    "add": ["--charset", "union"],
    "shrink": ["--charset", "union", "--prune", "0.3", "--steps", "600"],
}
"""The trainer's options for each thing to do."""

INSTALL_HINT = 'pip install "hccr-desktop[trainer]"'


def arguments_for(task: str) -> list[str]:
    """Return the trainer's arguments for one of `TASKS`."""
    return ["finetune", "--own", "--background", *TASKS[task]]


class TrainingDialog(QDialog):
    """Emits `model_changed()` when another model became active, `keep_changed(bool)` for the check box."""

    model_changed = Signal()
    keep_changed = Signal(bool)

    def __init__(
        self,
        store: SampleStore,
        keep: bool,
        parent: QWidget | None = None,
        process: TrainerProcess | None = None,
        is_there: Callable[[], bool] = has_trainer,
    ) -> None:
        super().__init__(parent)
        self._store, self._is_there = store, is_there
        self._removed: list[int] = []
        self._scores: dict[str, float] = {}
        self.process = process or TrainerProcess(self)
        self.process.said.connect(self._hear)
        self.process.ended.connect(self._end)
        self.process.failed.connect(self._fail)
        self._build(keep)
        self._refresh()

    def _build(self, keep: bool) -> None:
        self.setWindowTitle(self.tr("Train"))
        self.setMinimumWidth(520)
        self.samples = QLabel(self)
        self.samples.setWordWrap(True)
        self.keep = QCheckBox(self.tr("Keep what I write and choose, to learn from it"), self)
        self.keep.setChecked(keep)
        self.keep.toggled.connect(self.keep_changed)
        self.remove = QPushButton(self.tr("Remove all samples"), self)
        self.remove.clicked.connect(self._remove_all)
        self.restore = QPushButton(self.tr("Undo"), self)
        self.restore.clicked.connect(self._restore)
        self.restore.hide()

        self.task = QComboBox(self)
        self.task.addItem(self.tr("Adapt to my hand"), "adapt")
        self.task.addItem(self.tr("Adapt to my hand and add new characters"), "add")
        self.task.addItem(self.tr("Make the model smaller and faster for my hand"), "shrink")
        self.task.setAccessibleName(self.tr("What to do"))
        self.start = QPushButton(self.tr("Start"), self)
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.command = QLineEdit(INSTALL_HINT, self)
        self.command.setReadOnly(True)
        self.command.setAccessibleName(self.tr("Command that installs the trainer"))
        self.model = QLabel(self)
        self.rollback = QPushButton(self.tr("Return to the model before"), self)
        self.rollback.clicked.connect(self._roll_back)

        kept = QHBoxLayout()
        kept.addWidget(self.keep, 1)
        kept.addWidget(self.remove)
        kept.addWidget(self.restore)
        doing = QGridLayout()
        doing.addWidget(QLabel(self.tr("What to do"), self), 0, 0)
        doing.addWidget(self.task, 0, 1)
        doing.addWidget(self.start, 0, 2)
        doing.addWidget(self.cancel, 0, 3)
        doing.setColumnStretch(1, 1)
        used = QHBoxLayout()
        used.addWidget(self.model, 1)
        used.addWidget(self.rollback)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(self.samples)
        layout.addLayout(kept)
        layout.addLayout(doing)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        layout.addWidget(self.command)
        layout.addStretch(1)
        layout.addLayout(used)

    # ----------------------------------------------------------------------------- state

    def _refresh(self) -> None:
        """Show what is there now: samples, model, and what can be done."""
        try:
            counts = self._store.counts()
            registry = Registry()
            active = registry.active()
            self.rollback.setEnabled(registry.can_roll_back and not self.process.is_running)
        except HccrError as error:
            self._say(error)
            return
        enough = sum(1 for count in counts.values() if count >= ENOUGH)
        if counts:
            self.samples.setText(
                self.tr("{samples} samples of {characters} characters; {enough} have at least three.").format(
                    samples=f"{sum(counts.values()):,}", characters=len(counts), enough=enough
                )
            )
        else:
            self.samples.setText(
                self.tr(
                    "There are no samples yet. Write a character in the window and choose what it is: "
                    "each choice is a sample. A character needs three of them."
                )
            )
        self.model.setText(self.tr("Model in use: {name}").format(name=active.title))
        running, there = self.process.is_running, self._is_there()
        self.command.setVisible(not there)
        if not there:
            self.state.setText(self.tr("The trainer is not installed. This command installs it:"))
        self.start.setEnabled(there and enough > 0 and not running)
        self.cancel.setEnabled(running)
        self.task.setEnabled(not running)
        self.remove.setEnabled(bool(counts) and not running)
        self.bar.setVisible(running)

    def _say(self, error: HccrError) -> None:
        self.state.setText(error.sentence(lambda text: QCoreApplication.translate("errors", text)))

    def showEvent(self, event: QShowEvent) -> None:
        """Count the samples anew."""
        super().showEvent(event)
        self._refresh()

    # ---------------------------------------------------------------------------- training

    def _start(self) -> None:
        self._scores = {}
        self.bar.setRange(0, 0)
        self.state.setText(self.tr("Starting…"))
        self.process.start(arguments_for(self.task.currentData()))
        self._refresh()

    def _cancel(self) -> None:
        self.state.setText(self.tr("Stopping…"))
        self.cancel.setEnabled(False)
        self.process.cancel()

    def _hear(self, message: Message) -> None:
        match message:
            case Progress():
                self.bar.setRange(0, message.total)
                self.bar.setValue(message.done)
                if message.done < message.total:
                    text = self.tr("Learning: {rate} samples a second, {left} s left, then the examination.")
                    left = f"{message.seconds_left:.0f}"
                    self.state.setText(text.format(rate=f"{message.rate:.0f}", left=left))
                else:
                    self.bar.setRange(0, 0)
                    self.state.setText(self.tr("Examining the new model…"))
            case Metric():
                self._scores[message.name] = message.value
            case Notice():
                self.state.setText(message.text)
            case Verdict():
                self._judge(message)
            case _:
                pass

    def _judge(self, verdict: Verdict) -> None:
        """Show before and after, and what became of the model."""
        shown = []
        for name, title in (("own hand", self.tr("your hand")), ("all characters", self.tr("all characters"))):
            before, after = (self._scores.get(f"{name} top-1 {when}") for when in ("before", "after"))
            if before is not None and after is not None:
                shown.append(f"{title} {before:.1%} → {after:.1%}")
        if verdict.passed:
            text = self.tr("The new model is in use: {scores}.")
        else:
            text = self.tr("The new model was kept aside, it is no gain: {scores}.")
        self.state.setText(text.format(scores=", ".join(shown) or verdict.reason))
        if verdict.passed:
            self.model_changed.emit()

    def _end(self, cancelled: bool) -> None:
        if cancelled:
            self.state.setText(self.tr("Stopped; the model in use is as it was."))
        self._refresh()

    def _fail(self, error: HccrError) -> None:
        self._refresh()
        self._say(error)

    def _roll_back(self) -> None:
        try:
            bundle = Registry().rollback()
        except HccrError as error:
            self._say(error)
            return
        self.state.setText(self.tr("In use again: {name}.").format(name=bundle.title))
        self.model_changed.emit()
        self._refresh()

    # ----------------------------------------------------------------------------- samples

    def _remove_all(self) -> None:
        try:
            self._removed = [stored.id for stored in self._store.all()]
            self._store.remove(self._removed)
        except HccrError as error:
            self._say(error)
            return
        self.restore.show()
        self._refresh()

    def _restore(self) -> None:
        try:
            self._store.restore(self._removed)
        except HccrError as error:
            self._say(error)
            return
        self.restore.hide()
        self._refresh()
