"""Networks that read characters: what they learn from and how, as a task of `trainer.run`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import Dataset

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Metric
from hccr_desktop.errors import InputError
from trainer.checkpoints import BEST, LAST
from trainer.config import FitConfig, config_to_dict
from trainer.data.batches import Batch, Mixture
from trainer.data.kept import Kept
from trainer.data.lesson_batches import LessonBatches
from trainer.data.lessons import LessonBank
from trainer.data.prepare import Prepared
from trainer.evaluate import evaluate_torch, mistakes_at, torch_logits
from trainer.group import is_first_process
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter, silent
from trainer.run import Examined, Plan, Task, device_of, loaded, train
from trainer.tasks.committee import Committee
from trainer.tasks.learner import Learner, Targets
from trainer.tasks.teachers import load_guide, load_teachers
from trainer.tasks.weights import deciding, take_over

LESSONS = "lessons.json"
"""Names the shards that a run draws its lessons from."""


def fit(
    config: FitConfig,
    prepared: Prepared,
    folder: Path,
    report: Reporter,
    *,
    load: Path | None = None,
    resume: bool = False,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Train into `folder` and return the best checkpoint.

    `load` starts from the weights of a checkpoint or a bundle (classes matched by character), `resume` goes on from
    the folder's last checkpoint. "Best" is the highest mean top-1 over the test sets, or simply the last where there
    are none. Raises as `run.train` does.
    """
    report = report if is_first_process() else silent
    network, beside = start(config, prepared, None if resume else load)
    plan = plan_of(config)
    learner = Learner(network, beside, config, _targets(config, prepared, device_of(plan)))
    task = Task(
        "fit",
        network,
        learner,
        partial(_batches, config, prepared, folder),
        deciding(config, prepared.charset),
        {"config": config_to_dict(config), "characters": list(prepared.charset.characters)},
        beside,
        examine=partial(_examine, config, prepared, report, cancelled),
    )
    state = train(task, plan, folder / LAST, report, resume=resume, cancelled=cancelled)
    report(Artifact("checkpoint", str(folder / LAST)))
    report(Finished(not state.finished))
    return folder / (BEST if (folder / BEST).exists() else LAST)


def plan_of(config: FitConfig) -> Plan:
    """Return the schedule of a configuration."""
    return Plan(
        config.steps,
        config.batch_size,
        config.learning_rate,
        config.warmup_steps,
        lowest=0.01,
        level_share=config.level_share,
        weight_decay=config.weight_decay,
        optimizer=config.optimizer,
        ema_decay=config.ema_decay,
        seed=config.seed,
        patience=config.patience,
        examine_every=config.evaluate_every,
        workers=config.workers,
        threads=config.threads,
        device=config.device,
        bfloat16=config.bfloat16,
        checkpoint_minutes=config.checkpoint_minutes,
    )


def start(config: FitConfig, prepared: Prepared, load: Path | None = None) -> tuple[EcaResNet, dict[str, nn.Module]]:
    """Return the network before the first step, from the weights of `load` where it is given.

    Beside it are the layers of its side task ("side") and of a teacher's features ("imitator"), where they are asked.
    """
    torch.manual_seed(config.seed)
    network = EcaResNet(config.architecture, len(prepared.charset))
    layers = {"side": _side(config, prepared), "imitator": _imitator(config, prepared)}
    beside: dict[str, nn.Module] = {name: layer for name, layer in layers.items() if layer is not None}
    if load is not None:
        take_over(network, beside, prepared.charset, load, some_batches(config, prepared))
    return network, beside


def _side(config: FitConfig, prepared: Prepared) -> nn.Linear | None:
    """Return the side task's layer, its biases at the log odds of the components."""
    if not prepared.components.shape[1]:
        return None
    side = nn.Linear(config.architecture.features, prepared.components.shape[1])
    share = torch.from_numpy(prepared.components.mean(axis=0)).clamp(1e-4, 1 - 1e-4)
    with torch.no_grad():
        side.bias.copy_(torch.logit(share))
    return side


def _imitator(config: FitConfig, prepared: Prepared) -> nn.Linear | None:
    """Return the layer that maps the network's pooled features to those of the bank's first teacher with any."""
    if not (config.lessons and config.committee.feature_weight):
        return None
    told = bank_of(config, prepared.charset).teachers.values()
    last = next((teacher.classifier for teacher in told if teacher.classifier is not None), None)
    return None if last is None else nn.Linear(config.architecture.features, last.weights.shape[1])


def _targets(config: FitConfig, prepared: Prepared, device: torch.device) -> Targets:
    committee = None
    if config.lessons:
        teachers = bank_of(config, prepared.charset).teachers
        committee = Committee(teachers, prepared.charset, config.committee).to(device)
    return Targets(
        torch.from_numpy(prepared.scanned_classes).to(device),
        torch.from_numpy(prepared.components).to(device),
        load_teachers(config.teachers, prepared.charset, config.spec, device, partly=config.teach_drawn_only),
        load_guide(Path(config.teachers[0]), config.architecture.widths, device)
        if config.feature_weight or config.matched_blocks
        else None,
        committee,
    )


# ------------------------------------------------------------------------------ batches


def some_batches(config: FitConfig, prepared: Prepared) -> Batch:
    """Return a few hundred training samples at the full size as one batch."""
    few: Dataset[Batch]
    if config.lessons:
        bank = bank_of(config, prepared.charset)
        few = LessonBatches(bank, None, config.batch_size, config.seed, config.vigor)
    else:
        few = _mixture(config, prepared, config.steps, range(config.batch_size))
    first, second = few[0], few[1]
    images, labels, scanned = (torch.cat(parts) for parts in zip(first[:3], second[:3], strict=True))
    return Batch(images, labels, scanned)


def bank_of(config: FitConfig, charset: Charset) -> LessonBank:
    """Return a run's bank; raises `InputError` where it holds lessons for another student, or none."""
    bank = LessonBank.opened(Path(config.lessons))
    if (bank.charset.digest, bank.spec) != (charset.digest, config.spec):
        raise InputError(
            "{name} holds lessons for another student: its alphabet or its input differ.",
            "Train with the recipe that the bank was made by, or fill another.",
            name=bank.folder.name,
        )
    if not bank.shards():
        raise InputError("{name} holds no lessons yet.", "`python -m trainer teach` fills it.", name=bank.folder.name)
    return bank


def _batches(config: FitConfig, prepared: Prepared, folder: Path, start: int, part: range) -> Iterable[Batch]:
    """Yield a part of batches `start` to the last: of lessons, or at the early size first where one is set."""
    if config.lessons:
        bank = bank_of(config, prepared.charset)
        lessons = LessonBatches(bank, folder / LESSONS, config.batch_size, config.seed, config.vigor, part)
        yield from loaded(lessons, start, config.steps, min(config.workers, 1))
        return
    turn = int(config.steps * config.early_share) if config.early_size else 0
    for first, stop in ((0, turn), (turn, config.steps)):
        if stop > max(first, start):
            mixture = _mixture(config, prepared, first, part)
            yield from loaded(mixture, max(first, start), stop, config.workers)


def _mixture(config: FitConfig, prepared: Prepared, step: int, part: range) -> Dataset[Batch]:
    """Return the batches at a step, by number."""
    if config.prenormalized:
        pictures, labels = prepared.normalized(config.spec)
        vigor = config.vigor * min(share.vigor for share in prepared.shares)
        return Kept(pictures, labels, config.batch_size, config.seed, vigor, part)
    spec = _spec(config, step)
    return Mixture(prepared.shares, prepared.charset, spec, config.batch_size, config.seed, config.vigor, part)


def _spec(config: FitConfig, step: int) -> InputSpec:
    """Return the input specification at a step: a smaller one early where `early_size` is set."""
    if config.early_size and step < int(config.steps * config.early_share):
        margin = max(1, round(config.margin * config.early_size / config.size))
        return InputSpec(config.early_size, margin, config.preparation)
    return config.spec


# -------------------------------------------------------------------------- examination


def _examine(
    config: FitConfig,
    prepared: Prepared,
    report: Reporter,
    cancelled: Callable[[], bool],
    network: EcaResNet,
    step: int,
) -> Examined | None:
    """Measure top-1 on each test set; a network of the early size is no candidate."""
    spec, device = _spec(config, step - 1), next(network.parameters()).device
    found: dict[str, float] = {}
    for test in prepared.tests:
        if found and cancelled():
            return None
        result = evaluate_torch(network, test.images(spec), test.labels, device)
        report(Metric(f"{test.name} top-1", result.top1, step, *result.interval))
        report(Metric(f"{test.name} top-10", result.top10, step))
        found[test.name] = result.top1
        if config.shown_mistakes:
            logits = partial(torch_logits, network, device=device)
            for mistake in mistakes_at(step, logits, test, spec, prepared.charset, config.shown_mistakes):
                report(mistake)
    return Examined(found, candidate=spec.size == config.size)
