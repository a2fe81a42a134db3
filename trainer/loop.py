"""The one training loop: reports events, takes checkpoints, can be cancelled and resumed.

Batches and random numbers are a function of seed and step, the learning rate one of the step; a
checkpoint holds the rest (weights, averaged weights, optimizer). So a resumed run equals one that was
never stopped, on the same device with the same number of threads.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader

from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Hello, Metric, Progress
from hccr_desktop.errors import InputError
from trainer.checkpoints import BEST, LAST, State, load_weights, restore, save_checkpoint
from trainer.compress.slim import inner_scales
from trainer.config import FitConfig
from trainer.data.batches import Batch, Mixture
from trainer.data.prepare import Prepared
from trainer.evaluate import evaluate_torch
from trainer.losses import component_loss, imitation, relation_mismatch, restricted_cross_entropy
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter
from trainer.teachers import Teacher, load_teachers


@dataclass(frozen=True)
class Targets:
    """What is asked of a network besides the labels.

    `scanned_classes` bool (classes,), `components` 0 or 1, float (classes, components).
    """

    scanned_classes: torch.Tensor
    components: torch.Tensor
    teachers: Sequence[Teacher]


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

    `load` starts from the weights of a checkpoint or a bundle (classes matched by character), `resume` goes
    on from the folder's last checkpoint. "Best" is the highest mean top-1 over the test sets,
    or simply the last where there are none; the rule is stored in the checkpoint. `cancelled` is
    asked at each step; then the last checkpoint is written and the run ends.
    """
    device = _device(config)
    if config.threads:
        torch.set_num_threads(config.threads)
    report(Hello("fit", torch.__version__, str(device)))
    folder.mkdir(parents=True, exist_ok=True)
    state = start(config, prepared, None if resume else load)
    if resume:
        restore(state, config, prepared, folder / LAST)
    elif (folder / LAST).exists():
        raise InputError(f"{folder.name} already holds a run.", "Choose another folder, or go on with --resume.")

    targets = Targets(
        torch.from_numpy(prepared.scanned_classes).to(device),
        torch.from_numpy(prepared.components).to(device),
        load_teachers(
            config.teachers, prepared.charset, _spec(config, config.steps), device, partly=config.teach_drawn_only
        ),
    )
    started, saved, first_step = time.monotonic(), time.monotonic(), state.step
    running = 0.0
    was_cancelled = False
    for batch in _batches(config, prepared, state.step):
        _set_learning_rate(state.optimizer, config, state.step)
        loss = _train_step(state, config, batch, targets, device)
        state.step += 1
        running = loss if state.step == first_step + 1 else 0.98 * running + 0.02 * loss
        if not math.isfinite(loss):
            raise InputError(
                f"The loss became {loss} at step {state.step}.", "Lower the learning rate; the last checkpoint is good."
            )
        if state.step % 10 == 0 or state.step == config.steps:
            elapsed = time.monotonic() - started
            rate = (state.step - first_step) * config.batch_size / elapsed
            left = (config.steps - state.step) * config.batch_size / rate
            report(Progress(state.step, config.steps, running, rate, left))
        finished = state.step == config.steps
        if finished or (config.evaluate_every and state.step % config.evaluate_every == 0):
            _evaluate(state, config, prepared, folder, report, device)
        was_cancelled = not finished and cancelled()
        if finished or was_cancelled or time.monotonic() - saved > config.checkpoint_minutes * 60:
            save_checkpoint(folder / LAST, state, config, prepared)
            saved = time.monotonic()
        if was_cancelled:
            break
    report(Artifact("checkpoint", str(folder / LAST)))
    report(Finished(was_cancelled))
    return folder / (BEST if (folder / BEST).exists() else LAST)


def some_batches(config: FitConfig, prepared: Prepared) -> Batch:
    """Return a few hundred training samples at the full size as one batch."""
    mixture = _mixture(config, prepared, config.steps)
    return Batch(*(torch.cat(parts) for parts in zip(mixture[0], mixture[1], strict=True)))


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
    learned = [*model.parameters(), *(side.parameters() if side else ())]
    decayed = [p for p in learned if p.ndim > 1]
    plain = [p for p in learned if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": config.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizer: torch.optim.Optimizer
    if config.optimizer == "adamw":
        optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, fused=True)
    else:
        optimizer = torch.optim.SGD(groups, lr=config.learning_rate, momentum=0.9, nesterov=True)
    state = State(model, copy.deepcopy(model).eval(), side, optimizer)
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


def _batches(config: FitConfig, prepared: Prepared, start: int) -> Iterator[Batch]:
    """Yield batches `start` to the last, at the early size first where one is set."""
    turn = int(config.steps * config.early_share) if config.early_size else 0
    for first, stop in ((0, turn), (turn, config.steps)):
        if stop <= max(first, start):
            continue
        yield from DataLoader(
            _mixture(config, prepared, first),
            batch_size=None,
            sampler=range(max(first, start), stop),
            num_workers=config.workers,
            prefetch_factor=4 if config.workers else None,
        )


def _mixture(config: FitConfig, prepared: Prepared, step: int) -> Mixture:
    """Return the batches at a step, by number."""
    spec = _spec(config, step)
    return Mixture(prepared.shares, prepared.charset, spec, config.batch_size, config.seed, config.vigor)


def _spec(config: FitConfig, step: int) -> InputSpec:
    """Return the input specification at a step: a smaller one early where `early_size` is set."""
    if config.early_size and step < int(config.steps * config.early_share):
        return InputSpec(config.early_size, max(1, round(config.margin * config.early_size / config.size)))
    return InputSpec(config.size, config.margin)


def _set_learning_rate(optimizer: torch.optim.Optimizer, config: FitConfig, step: int) -> None:
    """Linear warm-up, then half a cosine to a hundredth."""
    warm = min(1.0, (step + 1) / max(config.warmup_steps, 1))
    done = max(0, step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    rate = config.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * done)))
    for group in optimizer.param_groups:
        group["lr"] = rate


def _train_step(state: State, config: FitConfig, batch: Batch, targets: Targets, device: torch.device) -> float:
    images = batch.images.to(device, non_blocking=True).contiguous(memory_format=torch.channels_last)
    labels, scanned = batch.labels.to(device), batch.scanned.to(device)
    state.model.train()
    if config.frozen_norms:
        for module in state.model.modules():
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.eval()
    torch.manual_seed(config.seed * 1_000_003 + state.step)
    with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
        pooled = state.model.pooled(images)
        features = state.model.embed(pooled)
        logits = state.model.classify(features)
        if config.shared_prototypes:
            head = state.model.classify
            fixed = nn.functional.linear(features, head.weight.detach(), head.bias.detach())
            logits = torch.where(scanned[:, None], fixed, logits)
    logits = logits.float()

    def by_labels(which: torch.Tensor | slice) -> torch.Tensor:
        return restricted_cross_entropy(
            logits[which],
            labels[which],
            scanned[which],
            targets.scanned_classes,
            config.restricted_share,
            config.label_smoothing,
        )

    taught = ~scanned if config.teach_drawn_only else torch.ones_like(scanned)
    if targets.teachers and bool(taught.any()):
        answers = [teacher(images[taught]) for teacher in targets.teachers]
        soft = imitation(logits[taught], answers, config.distill_temperature)
        if config.relation_weight:
            soft = soft + config.relation_weight * relation_mismatch(
                logits[taught], answers, config.distill_temperature
            )
        share = taught.float().mean()
        loss = share * ((1.0 - config.distill_share) * by_labels(taught) + config.distill_share * soft)
        if not bool(taught.all()):
            loss = loss + (1.0 - share) * by_labels(~taught)
    else:
        loss = by_labels(slice(None))
    if config.sparsity:
        loss = loss + config.sparsity * torch.stack([scale.abs().sum() for scale in inner_scales(state.model)]).sum()
    if state.side is not None:
        named = component_loss(state.side(pooled.float()), targets.components[labels])
        loss = loss + config.component_weight * named
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_([p for group in state.optimizer.param_groups for p in group["params"]], 5.0)
    state.optimizer.step()
    _average(state, min(config.ema_decay, (state.step + 1) / (state.step + 10)))
    return float(loss.detach())


@torch.no_grad()
def _average(state: State, decay: float) -> None:
    """Move the averaged weights by 1 - decay toward the current ones; counters are copied."""
    for averaged, current in zip(state.averaged.state_dict().values(), state.model.state_dict().values(), strict=True):
        if averaged.is_floating_point():
            averaged.lerp_(current, 1.0 - decay)
        else:
            averaged.copy_(current)


def _evaluate(
    state: State, config: FitConfig, prepared: Prepared, folder: Path, report: Reporter, device: torch.device
) -> None:
    scores = []
    for test in prepared.tests:
        result = evaluate_torch(state.averaged, test.images(_spec(config, state.step - 1)), test.labels, device)
        report(Metric(f"{test.name} top-1", result.top1, state.step, *result.interval))
        report(Metric(f"{test.name} top-10", result.top10, state.step))
        scores.append(result.top1)
    score = sum(scores) / len(scores) if scores else float(state.step)
    whole = _spec(config, state.step - 1).size == config.size  # a network of the early size is no candidate
    if whole and score > state.best_score:
        state.best_score = score
        save_checkpoint(folder / BEST, state, config, prepared)
