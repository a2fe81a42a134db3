"""What the training room asks of the trainer, how long that takes, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hccr_desktop.core.protocol import Mended, Message, Metric, Mistake, Progress, Trial, Verdict
from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.recognize.models import Registry
from hccr_desktop.store.samples import SampleStore

ENOUGH = 3
"""Samples of a character that it takes to learn from and to examine it."""

FORMS = ("pruned-20", "pruned-40", "pruned-60", "compact", "parsimonious")
"""What `compare` tries, as `trainer.smaller` names them; before them comes the model as it is."""
BUDGETS = (0.85, 0.7, 0.55)
"""Shares of the size of the model as it is, for each of which the best form is proposed."""

_BATCH = 128
"""Samples a step."""
_EXAMINATION_S = 25.0
"""Seconds of the examination."""


@dataclass(frozen=True)
class Plan:
    """One training: a task in the user's words, and the options that an expert may change."""

    task: str = "adapt"
    steps: int = 160
    prune_percent: int = 0
    seed: int = 1

    @property
    def arguments(self) -> list[str]:
        """The trainer's arguments."""
        found = ["finetune", "--own", "--background", "--steps", str(self.steps), "--seed", str(self.seed)]
        found += ["--charset", "union" if self.task == "add" else "known"]
        if self.task == "compare":
            return [*found, "--compare"]
        if self.prune_percent:
            found += ["--prune", f"{self.prune_percent / 100:g}"]
        return found

    def seconds(self, rate: float) -> float:
        """Return about how long it takes, at a rate of samples a second that was measured."""
        once = self.steps * _BATCH / rate + _EXAMINATION_S
        return once * len(FORMS) if self.task == "compare" else once


PLANS = {
    "adapt": Plan(),
    "add": Plan("add"),
    "faster": Plan("faster", steps=400, prune_percent=20),
    "smaller": Plan("smaller", steps=600, prune_percent=40),
    "compare": Plan("compare", steps=400),
}
"""Each task with its usual options."""


@dataclass
class Course:
    """A training as it runs: what the trainer said so far."""

    losses: list[tuple[int, float]] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    """What the newest look at the held-out samples found wrong."""
    mended: list[Mended] = field(default_factory=list)
    """Held-out samples that the model in use read wrong, and the new one reads right."""
    trials: list[Trial] = field(default_factory=list)
    """The forms that were compared so far, the model as it is first."""
    rate: float = 0.0
    verdict: Verdict | None = None

    def hear(self, message: Message) -> None:
        """Take a message in."""
        match message:
            case Progress():
                if self.losses and message.done < self.losses[-1][0]:
                    self.losses = []  # the next form
                self.losses.append((message.done, message.loss))
                self.rate = message.rate or self.rate
            case Metric():
                self.scores[message.name] = message.value
                self._look(message.step)
            case Mistake():
                self._look(message.step)
                self.mistakes.append(message)
            case Mended():
                self.mended.append(message)
            case Verdict():
                self.verdict = message
            case Trial():
                self.trials.append(message)
            case _:
                pass

    def _look(self, step: int) -> None:
        """Forget the mistakes of an earlier look."""
        if self.mistakes and self.mistakes[0].step != step:
            self.mistakes = []

    @property
    def proposals(self) -> list[tuple[float, Trial]]:
        """For each of `BUDGETS` that one keeps to, the form that passed and reads the hand best, and then all else."""
        found = []
        for budget in BUDGETS:
            within = [t for t in self.trials[1:] if t.passed and t.bytes <= budget * self.trials[0].bytes]
            if within:
                found.append((budget, max(within, key=lambda trial: (trial.own, trial.everything))))
        return found

    @property
    def gains(self) -> dict[str, tuple[float, float]]:
        """Top-1 before and after by name of the test set, where both are known."""
        found = {}
        for name in ("own hand", "all characters"):
            before, after = (self.scores.get(f"{name} top-1 {when}") for when in ("before", "after"))
            if before is not None and after is not None:
                found[name] = (before, after)
        return found


@dataclass(frozen=True)
class Standing:
    """What there is to learn from and with: samples, their characters, those with enough, and the model in use."""

    samples: int
    characters: int
    enough: int
    model: str
    can_roll_back: bool
    missing: int = 0
    """Samples that are missing until the characters that have some can be learned from, or `GOOD` of them."""
    first: float = 0.0
    """Share of the first writings that was read right at once, and `latest` of the last ones; 0 where few are known."""
    latest: float = 0.0


GOOD = 20
"""Characters with enough samples from which on a training is worth its time."""
_COMPARED = 50


def standing(store: SampleStore) -> Standing:
    """Return what there is now; raises `StorageError`, `ModelError`."""
    counts, registry = store.counts(), Registry()
    enough = sum(1 for count in counts.values() if count >= ENOUGH)
    lacking = sorted(ENOUGH - min(count, ENOUGH) for count in counts.values())
    missing = sum((lacking + [ENOUGH] * GOOD)[:GOOD])
    right = store.read_right()
    known = len(right) >= 2 * _COMPARED
    first, latest = (sum(part) / _COMPARED if known else 0.0 for part in (right[:_COMPARED], right[-_COMPARED:]))
    return Standing(
        sum(counts.values()),
        len(counts),
        enough,
        registry.active().title,
        registry.can_roll_back,
        missing,
        first,
        latest,
    )


class Diary:
    """A small file that remembers how fast trainings were, and which one did not end."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _values(self) -> Mapping[str, Any]:
        try:
            values = json.loads(read_bounded(self._path, 2**16))
        except (HccrError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    @property
    def rate(self) -> float:
        """Samples a second of the last training, 0 where there was none."""
        rate = self._values().get("rate")
        return float(rate) if isinstance(rate, int | float) and rate > 0 else 0.0

    @property
    def interrupted(self) -> str:
        """The task of a training that did not end, empty where all did."""
        task = self._values().get("running")
        return task if isinstance(task, str) and task in PLANS else ""

    def note(self, running: str, rate: float = 0.0) -> None:
        """Remember the task at work, empty for none, and the rate; raises `StorageError`."""
        with written_aside(self._path) as out:
            out.write(json.dumps({"running": running, "rate": rate or self.rate}).encode())
