"""Makes a user's model smaller in several ways and says what each costs: the best one for a budget is proposed."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.protocol import Artifact, Message, Notice, Trial, Verdict
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.recognize.models import Registry
from trainer.compress.slim import NothingToGain
from trainer.data.bank import Bank, examination
from trainer.finetune import FinetuneConfig, finetune
from trainer.gate import Gate
from trainer.reporter import Reporter
from trainer.timing import milliseconds, one_thread

FORMS: dict[str, dict[str, object]] = {
    "pruned-20": {"prune": 0.2},
    "pruned-40": {"prune": 0.4},
    "pruned-60": {"prune": 0.6},
    "compact": {"kind": "separable"},
    "parsimonious": {"kind": "parsimonious"},
}
"""By name, what differs: channels dropped, LightweightNet's separable blocks, Wang and Du's parsimonious ones."""
AS_IT_IS = "as it is"


def compare(
    parent: ModelBundle,
    samples: Sequence[Sample],
    bank: Bank,
    config: FinetuneConfig,
    registry: Registry,
    report: Reporter,
    *,
    created: str,
    forms: Sequence[str] = tuple(FORMS),
    work: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Trial] | None:
    """Train every form on the samples, install those that pass the gate, and report a `Trial` of each.

    The smallest that passes becomes active; a `Verdict` says so. None where it was cancelled; what passed before
    stays installed. Raises as `finetune` does.
    """
    found: list[Trial] = []
    for number, name in enumerate(forms, 1):
        report(Notice.of(HccrError("Form {number} of {count}: {name}.", number=number, count=len(forms), name=name)))
        own = replace(config, **FORMS[name])  # type: ignore[arg-type]
        with tempfile.TemporaryDirectory(prefix="hccr-", dir=work) as aside:
            wish = f"{re.sub(r'-(own|pruned|compact|parsimonious)(-[0-9]+)*$', '', parent.id)}-{name}"
            target = Path(aside) / registry.free_id(wish)
            try:
                made = finetune(
                    parent,
                    samples,
                    bank,
                    own,
                    target,
                    _but_the_bundle(report),
                    created=created,
                    work=work,
                    cancelled=cancelled,
                )
            except NothingToGain as error:  # the others may gain something
                report(Notice.of(error))
                continue
            if made is None or cancelled():
                return None
            bundle, gate = made
            if not found:
                found.append(_trial(AS_IT_IS, parent, (gate.own_before, gate.replay_before), bank, gate, parent.id))
                report(found[0])
            if gate.passed:
                registry.install(bundle.folder)
            model = bundle.id if gate.passed else ""
            found.append(_trial(name, bundle, (gate.own_after, gate.replay_after), bank, gate, model))
            report(found[-1])
    best = proposed(found[1:], parent.size_bytes - 1)
    told = f"{sum(trial.passed for trial in found[1:])} of {len(forms)} forms pass"
    if registry.active().id != parent.id:
        report(Verdict(False, f"{told}; another model is in use by now, which stays.", "", "another"))
        return found
    if best is not None:
        registry.activate(best.model)
    if best is None:
        report(Verdict(False, f"{told}; the model in use stays.", "", "no better"))
    else:
        report(Verdict(True, f"{told}; {best.name} is the smallest of them.", best.model))
    return found


def proposed(trials: Sequence[Trial], most: int) -> Trial | None:
    """Return the smallest that passed, of no more than `most` bytes."""
    passed = [trial for trial in trials if trial.passed and trial.bytes <= most]
    return min(passed, key=lambda trial: trial.bytes, default=None)


def _trial(name: str, bundle: ModelBundle, scores: tuple[float, float], bank: Bank, gate: Gate, model: str) -> Trial:
    session = one_thread(bundle.model_bytes())
    some = examination(bank, bundle.charset.characters)[:32]
    images = normalize([sample.content for sample in some], bundle.spec)
    passed = gate.passed or name == AS_IT_IS
    return Trial(name, *scores, bundle.size_bytes, round(milliseconds(session, images), 3), passed, model)


def _but_the_bundle(report: Reporter) -> Reporter:
    """Pass on what a form's training reports but its bundle, which is installed by another name or not at all."""

    def told(message: Message) -> None:
        if not isinstance(message, Artifact):
            report(message)

    return told
