"""The one training loop: reports events, takes checkpoints, can be cancelled and resumed.

Batches and random numbers are a function of seed and step, the learning rate one of the step; a
checkpoint holds the rest (weights, averaged weights, optimizer). So a resumed run equals one that was
never stopped, on the same device with the same number of threads.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Hello, Metric, Progress
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from trainer.checkpoints import BEST, BEST_RULE, LAST, State, load_weights, restore, save_checkpoint
from trainer.committee import Committee
from trainer.config import FitConfig
from trainer.data.batches import Answer, Batch, Mixture
from trainer.data.lesson_batches import LessonBatches
from trainer.data.lessons import LessonBank
from trainer.data.prepare import Prepared
from trainer.evaluate import evaluate_torch, mistakes_at, torch_logits
from trainer.group import Group, joined, share_norms
from trainer.learner import Learner, Targets
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter, silent
from trainer.run import alone_in, average, memory_explained, require_number
from trainer.teachers import load_guide, load_teachers

LESSONS = "lessons.json"
"""Names the shards that a run draws its lessons from."""

_FIRST_LOOK = 3
"""Steps after which it is first told how fast a training is here."""


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

    Under `torchrun` all its processes train together; see `trainer.group`. `load` starts from the
    weights of a checkpoint or a bundle (classes matched by character), `resume` goes on from the
    folder's last checkpoint. "Best" is the highest mean top-1 over the test sets, or simply the last
    where there are none; the rule stands in the checkpoint and in best.json beside it. `cancelled` is
    asked at each step, and stays true; then the last checkpoint is written and the run ends. Raises `InputError`
    where another training is at work in the folder, the loss is no number any more or the memory
    does not suffice, `StorageError` where a checkpoint cannot be written; the last one stays.
    """
    with joined() as group, memory_explained(config.batch_size), alone_in(folder) if group.is_first else nullcontext():
        return _fit(config, prepared, folder, report if group.is_first else silent, group, load, resume, cancelled)


def _fit(
    config: FitConfig,
    prepared: Prepared,
    folder: Path,
    report: Reporter,
    group: Group,
    load: Path | None,
    resume: bool,
    cancelled: Callable[[], bool],
) -> Path:
    device = _device(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    report(Hello("fit", torch.__version__, str(device)))
    state = start(config, prepared, None if resume else load)
    if resume:
        restore(state, config, prepared, folder / LAST)
    elif (folder / LAST).exists():
        raise InputError(
            "{name} already holds a run.", "Choose another folder, or go on with --resume.", name=folder.name
        )
    if group.size > 1:
        share_norms(state.model)
    learner = group.shared(Learner(state.model, state.side, state.imitator, config, _targets(config, prepared, device)))

    started, saved, first_step = time.monotonic(), time.monotonic(), state.step
    running = 0.0
    was_cancelled = False

    def settle() -> None:
        """Evaluate where that is due, and find out whether the run is over."""
        if group.is_first and _is_due(state, config):
            _evaluate(state, config, prepared, folder, report, device, cancelled)
        over = state.finished or (state.step == config.steps and not _is_due(state, config))
        state.finished = group.says(over)

    if resume and not state.finished:
        settle()  # the run may have been stopped while it was evaluated
        if state.finished and group.is_first:
            save_checkpoint(folder / LAST, state, config, prepared)
    for batch in _batches(config, prepared, folder, state.step, group) if not state.finished else ():
        _set_learning_rate(state.optimizer, config, state.step)
        loss = group.mean(_train_step(state, config, learner, batch, device))
        state.step += 1
        running = loss if state.step == first_step + 1 else 0.98 * running + 0.02 * loss
        require_number(loss, state.step)
        done = state.step - first_step
        if done == 1:
            started = time.monotonic()  # the first step plans and allocates: it tells nothing of the others
        elif done == _FIRST_LOOK or state.step % 10 == 0 or state.step == config.steps:
            rate = (done - 1) * config.batch_size / max(time.monotonic() - started, 1e-9)
            left = (config.steps - state.step) * config.batch_size / rate
            report(Progress(state.step, config.steps, running, rate, left))
        settle()
        was_cancelled = group.says(not state.finished and cancelled())
        if state.finished or was_cancelled or time.monotonic() - saved > config.checkpoint_minutes * 60:
            if group.is_first:
                save_checkpoint(folder / LAST, state, config, prepared)
            saved = time.monotonic()
        if state.finished or was_cancelled:
            break
    report(Artifact("checkpoint", str(folder / LAST)))
    report(Finished(was_cancelled))
    return folder / (BEST if (folder / BEST).exists() else LAST)


def _targets(config: FitConfig, prepared: Prepared, device: torch.device) -> Targets:
    spec = _spec(config, config.steps)
    return Targets(
        torch.from_numpy(prepared.scanned_classes).to(device),
        torch.from_numpy(prepared.components).to(device),
        load_teachers(config.teachers, prepared.charset, spec, device, partly=config.teach_drawn_only),
        load_guide(Path(config.teachers[0]), config.architecture.widths, device) if config.feature_weight else None,
        Committee(bank_of(config, prepared.charset).teachers, prepared.charset, config.committee).to(device)
        if config.lessons
        else None,
    )


def some_batches(config: FitConfig, prepared: Prepared) -> Batch:
    """Return a few hundred training samples at the full size as one batch."""
    few: Dataset[Batch]
    if config.lessons:
        bank = bank_of(config, prepared.charset)
        few = LessonBatches(bank, None, config.batch_size, config.seed, config.vigor)
    else:
        few = _mixture(config, prepared, config.steps)
    first, second = few[0], few[1]
    images, labels, scanned = (torch.cat(parts) for parts in zip(first[:3], second[:3], strict=True))
    return Batch(images, labels, scanned)


def _device(config: FitConfig) -> torch.device:
    if config.device == "cuda" and not torch.cuda.is_available():
        raise InputError("No CUDA device is available.", 'Use device = "auto" or "cpu".')
    cuda = config.device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if cuda else "cpu")


def start(config: FitConfig, prepared: Prepared, load: Path | None = None) -> State:
    """Return the state before the first step, from the weights of `load` where it is given."""
    device = _device(config)
    torch.manual_seed(config.seed)
    model = EcaResNet(config.architecture, len(prepared.charset)).to(device).to(memory_format=torch.channels_last)
    side = _side(config, prepared, device)
    imitator = _imitator(config, prepared, device)
    learned = [*model.parameters(), *(p for layer in (side, imitator) if layer for p in layer.parameters())]
    decayed = [p for p in learned if p.ndim > 1]
    plain = [p for p in learned if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizer: torch.optim.Optimizer
    if config.optimizer == "adamw":
        optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)
    else:
        optimizer = torch.optim.SGD(groups, lr=config.learning_rate, momentum=0.9, nesterov=True)
    state = State(model, copy.deepcopy(model).eval(), side, imitator, optimizer)
    if load is not None:
        load_weights(state, prepared, load, some_batches(config, prepared))
    return state


def _side(config: FitConfig, prepared: Prepared, device: torch.device) -> nn.Linear | None:
    """Return the side task's layer, its biases at the log odds of the components."""
    if not prepared.components.shape[1]:
        return None
    side = nn.Linear(config.architecture.features, prepared.components.shape[1])
    share = torch.from_numpy(prepared.components.mean(axis=0)).clamp(1e-4, 1 - 1e-4)
    with torch.no_grad():
        side.bias.copy_(torch.logit(share))
    return side.to(device)


def _imitator(config: FitConfig, prepared: Prepared, device: torch.device) -> nn.Linear | None:
    """Return the layer that maps the network's pooled features to those of the bank's first teacher with any."""
    if not (config.lessons and config.committee.feature_weight):
        return None
    told = bank_of(config, prepared.charset).teachers.values()
    last = next((teacher.classifier for teacher in told if teacher.classifier is not None), None)
    return None if last is None else nn.Linear(config.architecture.features, last.weights.shape[1]).to(device)


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


def _batches(config: FitConfig, prepared: Prepared, folder: Path, start: int, group: Group) -> Iterator[Batch]:
    """Yield this process's part of batches `start` to the last, at the early size first where one is set."""
    turn = int(config.steps * config.early_share) if config.early_size else 0
    for first, stop in ((0, turn), (turn, config.steps)):
        if stop <= max(first, start):
            continue
        part = group.part(config.batch_size)
        yield from DataLoader(
            _lessons(config, prepared, folder, part) if config.lessons else _mixture(config, prepared, first, part),
            batch_size=None,
            sampler=range(max(first, start), stop),
            num_workers=(workers := min(config.workers, 1) if config.lessons else config.workers),
            prefetch_factor=4 if workers else None,
        )


def _lessons(config: FitConfig, prepared: Prepared, folder: Path, part: range) -> LessonBatches:
    """Return the batches of a bank, whose shards are named in a file of the run."""
    bank = bank_of(config, prepared.charset)
    return LessonBatches(bank, folder / LESSONS, config.batch_size, config.seed, config.vigor, part)


def _mixture(config: FitConfig, prepared: Prepared, step: int, part: range | None = None) -> Mixture:
    """Return the batches at a step, by number."""
    spec = _spec(config, step)
    return Mixture(prepared.shares, prepared.charset, spec, config.batch_size, config.seed, config.vigor, part)


def _spec(config: FitConfig, step: int) -> InputSpec:
    """Return the input specification at a step: a smaller one early where `early_size` is set."""
    if config.early_size and step < int(config.steps * config.early_share):
        margin = max(1, round(config.margin * config.early_size / config.size))
        return InputSpec(config.early_size, margin, config.preparation)
    return config.spec


def _set_learning_rate(optimizer: torch.optim.Optimizer, config: FitConfig, step: int) -> None:
    """Linear warm-up, then half a cosine to a hundredth."""
    warm = min(1.0, (step + 1) / max(config.warmup_steps, 1))
    done = max(0, step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    rate = config.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * done)))
    for group in optimizer.param_groups:
        group["lr"] = rate


def _train_step(state: State, config: FitConfig, learner: nn.Module, batch: Batch, device: torch.device) -> float:
    images = batch.images.to(device, non_blocking=True).contiguous(memory_format=torch.channels_last)
    learner.train()
    torch.manual_seed(config.seed * 1_000_003 + state.step)
    answers = batch.answers and {
        name: Answer(a.values.to(device), None if a.classes is None else a.classes.to(device))
        for name, a in batch.answers.items()
    }
    loss: torch.Tensor = learner(images, batch.labels.to(device), batch.scanned.to(device), answers)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for group in state.optimizer.param_groups for p in group["params"]], 5.0)
    state.optimizer.step()
    average(state.averaged, state.model, min(config.ema_decay, (state.step + 1) / (state.step + 10)))
    return float(loss.detach())


def _is_due(state: State, config: FitConfig) -> bool:
    """Say whether the run stands where it is evaluated, and was not yet."""
    here = state.step == config.steps or (config.evaluate_every > 0 and state.step % config.evaluate_every == 0)
    return here and state.evaluated < state.step


def _evaluate(
    state: State,
    config: FitConfig,
    prepared: Prepared,
    folder: Path,
    report: Reporter,
    device: torch.device,
    cancelled: Callable[[], bool],
) -> None:
    """Evaluate and keep the best; where it is cancelled meanwhile, a resumed run evaluates again."""
    spec = _spec(config, state.step - 1)
    by_name: dict[str, float] = {}
    for test in prepared.tests:
        if by_name and cancelled():
            return
        result = evaluate_torch(state.averaged, test.images(spec), test.labels, device)
        report(Metric(f"{test.name} top-1", result.top1, state.step, *result.interval))
        report(Metric(f"{test.name} top-10", result.top10, state.step))
        by_name[test.name] = result.top1
        if config.shown_mistakes:
            logits = partial(torch_logits, state.averaged, device=device)
            for mistake in mistakes_at(state.step, logits, test, spec, prepared.charset, config.shown_mistakes):
                report(mistake)
    state.evaluated = state.step
    score = sum(by_name.values()) / len(by_name) if by_name else float(state.step)
    if spec.size < config.size:
        return  # a network of the early size is no candidate
    if score > state.best_score:
        state.best_score, state.stale = score, 0
        save_checkpoint(folder / BEST, state, config, prepared)
        told = {"rule": BEST_RULE, "step": state.step, "score": score, "scores": by_name}
        with written_aside(folder / "best.json") as out:
            out.write(json.dumps(told, ensure_ascii=False, indent=1).encode())
    else:
        state.stale += 1
        state.finished = state.finished or 0 < config.patience <= state.stale
