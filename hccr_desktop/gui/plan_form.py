"""A training's options for experts, and how long it will take."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QSpinBox, QWidget

from hccr_desktop.gui.room import set_label
from hccr_desktop.rooms.training import Plan


class PlanForm(QWidget):
    """Steps, channels to drop and seed of a plan; emits `changed()`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = Plan()
        self.steps, self.prune, self.seed = QSpinBox(self), QSpinBox(self), QSpinBox(self)
        self._form = QFormLayout(self)
        for box, low, high in ((self.steps, 10, 20_000), (self.prune, 0, 90), (self.seed, 1, 9_999)):
            box.setRange(low, high)
            box.valueChanged.connect(self._change)
            self._form.addRow(" ", box)

    def show_plan(self, plan: Plan) -> None:
        """Show another plan."""
        self.plan = plan
        self.prune.setEnabled(plan.task != "compare")
        values = (plan.steps, plan.prune_percent, plan.seed)
        for box, value in zip((self.steps, self.prune, self.seed), values, strict=True):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)
        self.changed.emit()

    def _change(self) -> None:
        steps, percent, seed = self.steps.value(), self.prune.value(), self.seed.value()
        self.plan = replace(self.plan, steps=steps, prune_percent=percent, seed=seed)
        self.changed.emit()

    def said(self, rate: float) -> str:
        """Return how long the plan takes at a rate of samples a second, 0 where it is not known."""
        if not rate:
            return self.tr("How long it takes on this computer is measured on its first steps.")
        minutes = self.plan.seconds(rate) / 60
        text = f"{minutes:.0f}" if minutes >= 1.5 else f"{minutes:.1f}"
        return self.tr("It will take about {minutes} minutes on this computer.").format(minutes=text)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        titles = (self.tr("Steps"), self.tr("Channels to drop, %"), self.tr("Seed"))
        helps = (
            self.tr("How often the network is corrected, each time after 128 samples"),
            self.tr("The weakest channels inside the network that are removed: smaller and faster, and less sure"),
            self.tr("The start of the random numbers: the same seed gives the same model"),
        )
        for row, (box, title, text) in enumerate(zip((self.steps, self.prune, self.seed), titles, helps, strict=True)):
            set_label(self._form, row, title)
            box.setToolTip(text)
            box.setAccessibleName(title)
            box.setAccessibleDescription(text)
