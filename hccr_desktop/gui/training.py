"""The training room: the user's samples, what to do with them, progress, and the gate's verdict."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop import paths
from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.protocol import Message, Metric, Mistake, Notice, Progress, Trial, Verdict
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.curve import Curve
from hccr_desktop.gui.install_panel import InstallPanel
from hccr_desktop.gui.mistakes import Mistakes
from hccr_desktop.gui.plan_form import PlanForm
from hccr_desktop.gui.room import Desk, Room
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.titles import Titles
from hccr_desktop.gui.trade_off import TradeOff
from hccr_desktop.gui.trainer_process import TrainerProcess
from hccr_desktop.gui.training_outcome import TrainingOutcome
from hccr_desktop.gui.training_samples import TrainingSamples
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.trainer import has_trainer
from hccr_desktop.rooms.training import PLANS, Course, Diary, Standing, standing


class TrainRoom(Room):
    """Choose, start, watch and judge a training; it runs in a process of its own."""

    name = "train"

    def __init__(
        self,
        desk: Desk,
        actions: Actions,
        parent: QWidget | None = None,
        process: TrainerProcess | None = None,
        is_there: Callable[[], bool] = has_trainer,
    ) -> None:
        super().__init__(desk, actions, parent)
        self._is_there = is_there
        self._titles = Titles(self)
        self._diary = Diary(paths.training_diary())
        self._course, self._standing = Course(), Standing(0, 0, 0, "", can_roll_back=False)
        self.tasks = Tasks(self)
        self.process = process or TrainerProcess(self)
        self.process.said.connect(self._hear)
        self.process.ended.connect(self._end)
        self.process.failed.connect(self._fail)
        desk.samples_changed.connect(self._refresh)
        self._build()
        desk.emptying.connect(self._stop)

    def _build(self) -> None:
        self.there = TrainingSamples(self.desk, self)
        self.samples, self.learned, self.missing = self.there.samples, self.there.learned, self.there.missing
        self.collect = self.there.collect
        self.keep = QCheckBox(self)
        self.keep.setChecked(self.desk.settings.keep_samples)
        self.keep.toggled.connect(lambda keep: self.desk.set(keep_samples=keep))
        self.task = QComboBox(self)
        for name in PLANS:
            self.task.addItem("", name)
        self.task.currentIndexChanged.connect(self._choose_task)
        self.expert = QCheckBox(self)
        self._options = PlanForm(self)
        self._options.changed.connect(self._show_estimate)
        self.steps, self.prune, self.seed = self._options.steps, self._options.prune, self._options.seed
        self._options.hide()
        self.expert.toggled.connect(lambda _: self._show_standing())
        self.estimate = QLabel(self)
        self.start = QPushButton(self)
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.pause = QPushButton(self)
        self.pause.clicked.connect(self._pause)
        self.cancel = QPushButton(self)
        self.cancel.clicked.connect(self._cancel)
        self.bar = QProgressBar(self)
        self.curve = Curve(self)
        self.mistakes = Mistakes(self)
        self.mistakes_title = QLabel(self)
        self.trade_off = TradeOff(self)
        self.trade_off.hide()
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.installing = InstallPanel(self)
        self.installing.installed.connect(self._refresh)
        self.installing.failed.connect(self.fail)
        self.outcome = TrainingOutcome(self)
        self.model = QLabel(self)
        self.rollback = QPushButton(self)
        self.rollback.clicked.connect(self._roll_back)
        self.reason = QLabel(self)
        self.reason.setWordWrap(True)
        self._what = QLabel(self)
        self._what.setBuddy(self.task)
        doing = QHBoxLayout()
        doing.addWidget(self._what)
        doing.addWidget(self.task, 1)
        for button in (self.start, self.pause, self.cancel):
            doing.addWidget(button)
        used = QHBoxLayout()
        used.addWidget(self.model, 1)
        used.addWidget(self.rollback)
        inner = QWidget(self)
        layout = QVBoxLayout(inner)
        layout.setSpacing(12)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows what in it has the keyboard
        area.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        layout.addWidget(self.there)
        layout.addWidget(self.keep)
        layout.addWidget(self.installing)
        layout.addLayout(doing)
        layout.addWidget(self.reason)
        seen = (self.bar, self.curve, self.mistakes_title, self.mistakes, self.trade_off, self.state, self.outcome)
        for widget in (self.estimate, self.expert, self._options, *seen):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addLayout(used)
        self._options.show_plan(PLANS["adapt"])
        self._show_mistakes()
        self.add("start", lambda: self.tr("Start"), self.start.click, "Ctrl+Return")
        self.add("pause", lambda: self.tr("Pause"), self.pause.click, "Ctrl+P")
        self.add("cancel", lambda: self.tr("Cancel"), self.cancel.click, "Ctrl+.")
        self.add("rollback", lambda: self.tr("Return to the model before"), self.rollback.click, "Ctrl+Backspace")

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.keep.setText(self.tr("Keep what I write and choose, to learn from it"))
        self._what.setText(self.tr("What to do"))
        words = {
            "adapt": self.tr("Adapt to my hand"),
            "add": self.tr("Adapt to my hand and add new characters"),
            "faster": self.tr("Make the model faster for my hand"),
            "smaller": self.tr("Make the model smaller for my hand"),
            "compare": self.tr("Try all ways to make it smaller, and compare"),
        }
        for i in range(self.task.count()):
            self.task.setItemText(i, words[self.task.itemData(i)])
        self.expert.setText(self.tr("More options"))
        self._options.retranslate()
        self.start.setText(self.tr("Start"))
        self.cancel.setText(self.tr("Cancel"))
        self.rollback.setText(self.tr("Return to the model before"))
        self.task.setAccessibleName(self.tr("What to do"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.mistakes_title.setText(self.tr("Read wrong at the moment, of the samples kept for the examination:"))
        self.mistakes.setAccessibleName(self.tr("Mistakes at the moment"))
        self.curve.setAccessibleName(self.tr("How the loss falls"))
        self.trade_off.set_words(self.tr("Size"), self.tr("Time of a character"), self._form_names())
        self.trade_off.setAccessibleName(self.tr("What each form reads right of your samples, over its size and time"))
        self.installing.retranslate()
        self._show_reason()
        self.outcome.retranslate()
        self.there.retranslate()
        self._refresh()

    def _form_names(self) -> dict[str, str]:
        pruned = self.tr("{percent} % dropped")
        return {
            "as it is": self.tr("as it is"),
            "compact": self.tr("compact blocks"),
            "parsimonious": self.tr("parsimonious blocks"),
            **{f"pruned-{percent}": pruned.format(percent=percent) for percent in (20, 40, 60)},
        }

    # ------------------------------------------------------------------------------- plan

    def _show_reason(self) -> None:
        """Say in a sentence what the task does and why one may want it; figures are of resources/reports."""
        reasons = {
            "adapt": self.tr("It learns your writings, and practices all characters meanwhile, lest it forget them."),
            "add": self.tr("As above; and characters that it does not know get a place of their own."),
            "faster": self.tr(
                "A fifth of the channels goes. In our study of 16 characters even those that lost two fifths and were "
                "taught again read as well: 95.6 % and 95.5 %."
            ),
            "smaller": self.tr(
                "Two fifths of the channels go, of the bundled model a third of its parameters, and the whole network "
                "teaches what is left: in our study of 16 characters 54 % of the parameters read as well, 95.6 % and "
                "95.5 %."
            ),
            "compare": self.tr(
                "Five forms, each examined on your samples: the smallest that reads them as well is put to use, the "
                "others stand in Models. In our studies compact blocks with a seventh of the parameters, taught by the "
                "whole network, cost 0.3 points, parsimonious ones with an eleventh 1.0."
            ),
        }
        self.reason.setText(reasons[self.task.currentData()])

    def _choose_task(self) -> None:
        self._show_reason()
        self._options.show_plan(PLANS[self.task.currentData()])

    def _show_estimate(self) -> None:
        self.estimate.setText(self._options.said(self._diary.rate))

    # ----------------------------------------------------------------------------- state

    def enter(self) -> None:
        """Count the samples anew; offer a training again that did not end."""
        (self.task if self._is_there() else self.installing.start).setFocus()
        self.said.emit(self.tr("A training makes a model of your own, which has to be better than the one in use."))
        self._refresh()
        if not self.process.is_running and (task := self._diary.interrupted):
            self.task.setCurrentIndex(self.task.findData(task))
            self.state.setText(
                self.tr("The last training did not end. The model in use is as it was; Start begins it again.")
            )

    def _refresh(self) -> None:
        """Show what is there now, once it is known."""
        self._show_standing()
        self.tasks.run(lambda: standing(self.desk.store), self._take_standing, self.fail)

    def _take_standing(self, found: Standing) -> None:
        self._standing = found
        self._show_standing()

    def _show_standing(self) -> None:
        """Show samples, model, and what can be done."""
        found = self._standing
        self.rollback.setEnabled(found.can_roll_back and not self.process.is_running)
        self.there.show_standing(found)
        self.model.setText(
            self.tr("Model in use: {name}").format(name=self._titles.shown(found.model)) if found.model else ""
        )
        running, there = self.process.is_running, self._is_there()
        self.installing.setVisible(not there)
        for widget in (self._what, self.task, self.reason, self.start, self.cancel, self.expert):
            widget.setVisible(there)
        self._options.setVisible(there and self.expert.isChecked())
        self.start.setEnabled(there and found.enough > 0 and not running)
        self.start.setToolTip("" if found.enough else self.tr("No character has three samples yet."))
        self.cancel.setEnabled(running)
        self.pause.setEnabled(running)
        self.pause.setVisible(self.process.can_pause and there)
        self.pause.setText(self.tr("Resume") if self.process.is_paused else self.tr("Pause"))
        self.task.setEnabled(not running)
        self._options.setEnabled(not running)
        self.estimate.setVisible(not running and there)
        self.bar.setVisible(running)
        self.curve.setVisible(running or len(self._course.losses) > 1)

    # ---------------------------------------------------------------------------- training

    def _start(self) -> None:
        self._course = Course()
        self.outcome.hide()
        self.curve.show_losses([], 1)
        self.trade_off.hide()
        self._show_mistakes()
        self.bar.setRange(0, 0)
        self.state.setText(self.tr("Starting…"))
        self._note(self._options.plan.task)
        self.process.start(self._options.plan.arguments)
        self._refresh()

    def _note(self, running: str) -> None:
        try:
            self._diary.note(running, self._course.rate)
        except HccrError as error:
            self.fail(error)

    def _cancel(self) -> None:
        self.state.setText(self.tr("Stopping…"))
        self.process.cancel()
        self.cancel.setEnabled(False)

    def _pause(self) -> None:
        self.process.pause(not self.process.is_paused)
        if self.process.is_paused:
            self.state.setText(self.tr("Paused; it goes on where it is."))
        self._refresh()

    def _hear(self, message: Message) -> None:
        self._course.hear(message)
        match message:
            case Progress():
                self.bar.setRange(0, message.total)
                self.bar.setValue(message.done)
                self.curve.show_losses(self._course.losses, message.total)
                self.curve.show()
                if message.done < message.total:
                    text = self.tr("Learning: {rate} samples a second, {left} s left, then the examination.")
                    left = f"{message.seconds_left:.0f}"
                    self.state.setText(text.format(rate=f"{message.rate:.0f}", left=left))
                else:
                    self.bar.setRange(0, 0)
                    self.state.setText(self.tr("Examining the new model…"))
            case Metric() | Mistake():
                self._show_mistakes()
            case Trial():
                self.trade_off.show_trials(self._course.trials)
                self.trade_off.show()
            case Notice():
                self.state.setText(message.note().sentence(lambda text: QCoreApplication.translate("errors", text)))
            case Verdict():
                self._judge(message)
            case _:
                pass

    def _show_mistakes(self) -> None:
        self.mistakes.show_mistakes(self._course.mistakes)
        self.mistakes_title.setVisible(bool(self._course.mistakes))

    def _judge(self, verdict: Verdict) -> None:
        """Show before and after, and what became of the model."""
        if self._course.trials:
            self._propose(verdict)
            return
        words = {"own hand": self.tr("your hand"), "all characters": self.tr("all characters")}
        shown = [f"{words[name]} {was:.1%} → {now:.1%}" for name, (was, now) in self._course.gains.items()]
        aside = {
            "few": self.tr("The new model was kept aside, too few samples were held out to tell: {scores}."),
            "new": self.tr("The new model was kept aside, it does not read the new characters yet: {scores}."),
            "forgets": self.tr("The new model was kept aside, it would forget other characters: {scores}."),
            "another": self.tr("The new model stands in Models, another is in use by now: {scores}."),
        }
        no_gain = self.tr("The new model was kept aside, it is no gain: {scores}.")
        in_use = self.tr("The new model is in use: {scores}.")
        text = in_use if verdict.passed else aside.get(verdict.why, no_gain)
        self.state.setText(text.format(scores=", ".join(shown) or verdict.reason))
        self.outcome.show_course(self._course, words)
        if verdict.passed:
            self.desk.model_changed.emit()

    def _propose(self, verdict: Verdict) -> None:
        """Say which of the forms that were compared is best within each budget, and which one is in use now."""
        names = self._form_names()
        said = [
            self.tr("At most {share} of the size: {name}, {score} of your samples.").format(
                share=f"{budget:.0%}", name=names.get(trial.name, trial.name), score=f"{trial.own:.1%}"
            )
            for budget, trial in self._course.proposals
        ]
        in_use = next((t for t in self._course.trials[1:] if verdict.passed and t.model == verdict.model), None)
        if verdict.why == "another":
            said.append(self.tr("Another model is in use by now, which stays. What passes stands in Models."))
        elif in_use is None:
            said.append(self.tr("No form reads as well as the model in use, which stays."))
        else:
            text = self.tr("In use now: {name}. The others that pass stand in Models.")
            said.append(text.format(name=names.get(in_use.name, in_use.name)))
            self.desk.model_changed.emit()
        self.state.setText("\n".join(said))

    def _end(self, cancelled: bool) -> None:
        self._note("")
        if cancelled:
            self.state.setText(self.tr("Stopped; the model in use is as it was."))
        self._refresh()

    def _fail(self, error: HccrError) -> None:
        self._note("")
        self.state.clear()
        self._refresh()
        self.fail(error)

    def _roll_back(self) -> None:
        def returned(bundle: ModelBundle) -> None:
            self.state.setText(self.tr("In use again: {name}.").format(name=self._titles.shown(bundle.title)))
            self.desk.model_changed.emit()
            self._refresh()

        self.tasks.run(lambda: Registry().rollback(), returned, self.fail)

    def _stop(self) -> None:
        """End what is at work: what it works on is about to be deleted."""
        self.installing.install.shut()
        self.process.end()
        self._course = Course()

    def keeps_open(self) -> str:
        """Ask about a training or an installation that is at work."""
        if self.process.is_running:
            return self.tr("A training is at work. Close the window and stop it? The model in use stays as it is.")
        if self.installing.install.is_running:
            return self.tr("The trainer is being installed. Close the window and stop that?")
        return ""

    def shut(self) -> None:
        """End the trainer; that it did not end is remembered."""
        self.tasks.close()
        self.installing.install.shut()
        self.process.close()
