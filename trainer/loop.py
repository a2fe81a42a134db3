"""The one training loop: reports events, takes checkpoints, can be cancelled and resumed.

Batches and random numbers are a function of seed and step, the learning rate one of the step; a
checkpoint holds the rest (weights, averaged weights, optimizer). So a resumed run equals one that was
never stopped, on the same device with the same number of threads.
"""

from __future__ import annotations

import copy
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Hello, Metric, Progress
from hccr_desktop.errors import InputError
from trainer.compress.slim import slim
from trainer.config import FitConfig, config_to_dict, fit_config_from
from trainer.data.batches import Batch, Mixture
from trainer.data.prepare import Prepared
from trainer.evaluate import evaluate_torch
from trainer.losses import component_loss, restricted_cross_entropy
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter
from trainer.unfold import unfold

LAST, BEST = "last.pt", "best.pt"


@dataclass(frozen=True)
class Targets:
    """What losses ask of classes: `scanned_classes` bool (classes,), `components` float (classes, components)."""

    scanned_classes: torch.Tensor
    components: torch.Tensor


@dataclass
class State:
    """Everything that changes during a run."""

    model: EcaResNet
    averaged: EcaResNet
    side: nn.Linear | None
    """Pooled features → components, None where the side task is off; not part of the model."""
    optimizer: torch.optim.Optimizer
    step: int = 0
    best_score: float = -1.0


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
    torch.manual_seed(config.seed)
    report(Hello("fit", torch.__version__, str(device)))
    folder.mkdir(parents=True, exist_ok=True)
    state = _start(config, prepared, device)
    if load is not None:
        _load(state, config, prepared, load)
    if resume:
        _restore(state, config, prepared, folder / LAST)
    elif (folder / LAST).exists():
        raise InputError(f"{folder.name} already holds a run.", "Choose another folder, or go on with --resume.")

    targets = Targets(
        torch.from_numpy(prepared.scanned_classes).to(device), torch.from_numpy(prepared.components).to(device)
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


def _device(config: FitConfig) -> torch.device:
    if config.device == "cuda" and not torch.cuda.is_available():
        raise InputError("No CUDA device is available.", 'Use device = "auto" or "cpu".')
    cuda = config.device != "cpu" and torch.cuda.is_available()
    return torch.device("cuda" if cuda else "cpu")


def _start(config: FitConfig, prepared: Prepared, device: torch.device) -> State:
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
    return State(model, copy.deepcopy(model).eval(), side, optimizer)


def _side(config: FitConfig, prepared: Prepared, device: torch.device) -> nn.Linear | None:
    """Return the side task's layer, its biases at the log odds of the components."""
    if not prepared.components.shape[1]:
        return None
    side = nn.Linear(config.architecture.widths[-1], prepared.components.shape[1])
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
    torch.manual_seed(config.seed * 1_000_003 + state.step)
    with torch.autocast(device.type, torch.bfloat16, enabled=config.bfloat16):
        pooled = state.model.pooled(images)
        features = state.model.embed(pooled)
        logits = state.model.classify(features)
        if config.shared_prototypes:
            head = state.model.classify
            fixed = nn.functional.linear(features, head.weight.detach(), head.bias.detach())
            logits = torch.where(scanned[:, None], fixed, logits)
    loss = restricted_cross_entropy(
        logits.float(), labels, scanned, targets.scanned_classes, config.restricted_share, config.label_smoothing
    )
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


def save_checkpoint(path: Path, state: State, config: FitConfig, prepared: Prepared) -> None:
    """Write a checkpoint aside and rename it: tensors and plain values only."""
    content = {
        "format": "hccr-checkpoint-1",
        "step": state.step,
        "best_score": state.best_score,
        "best_rule": "highest mean top-1 over the test sets at the full size; without test sets, the last",
        "config": config_to_dict(config),
        "characters": list(prepared.charset.characters),
        "model": state.model.state_dict(),
        "averaged": state.averaged.state_dict(),
        "side": state.side.state_dict() if state.side else {},
        "optimizer": state.optimizer.state_dict(),
    }
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            torch.save(content, file)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint as data only; raises `InputError` for anything else."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for foreign files
        raise InputError(
            f"{path.name} is no checkpoint of this trainer.", "Give last.pt or best.pt of a run."
        ) from error
    if not isinstance(content, dict) or content.get("format") != "hccr-checkpoint-1":
        raise InputError(f"{path.name} is no checkpoint of this trainer.", "Give last.pt or best.pt of a run.")
    return content


def load_network(path: Path) -> tuple[EcaResNet, Charset, int]:
    """Return a checkpoint's averaged network, its alphabet and how many steps it was trained."""
    content = load_checkpoint(path)
    charset = Charset(tuple(content["characters"]))
    config = fit_config_from(content["config"])
    network = EcaResNet(config.architecture, len(charset))
    network.load_state_dict(content["averaged"])
    return network.eval(), charset, int(content["step"])


def _load(state: State, config: FitConfig, prepared: Prepared, path: Path) -> None:
    """Take over the averaged weights of a checkpoint, or a bundle's, the classifier's rows by character.

    What has wider blocks is slimmed to the configuration's architecture.
    """
    if path.is_dir():
        bundle = load_bundle(path)
        images = torch.cat([_mixture(config, prepared, config.steps)[number].images for number in range(2)])
        network, charset = unfold(bundle, config.architecture, images), bundle.charset
    else:
        network, charset, _ = load_network(path)
    weights, characters = slim(network, config.architecture).state_dict(), charset.characters
    own = state.model.state_dict()
    rows = {character: i for i, character in enumerate(characters)}
    for name, tensor in own.items():
        if name in ("classify.weight", "classify.bias"):
            known = [(i, rows[c]) for i, c in enumerate(prepared.charset.characters) if c in rows]
            if known:
                here, there = (list(side) for side in zip(*known, strict=True))
                tensor[here] = weights[name][there].to(tensor.device)
        else:
            tensor.copy_(weights[name])
    state.averaged.load_state_dict(own)
    if state.side is not None and not path.is_dir():
        found = load_checkpoint(path)["side"]
        if found and found["weight"].shape == state.side.weight.shape:
            state.side.load_state_dict(found)


def _restore(state: State, config: FitConfig, prepared: Prepared, path: Path) -> None:
    content = load_checkpoint(path)
    if content["characters"] != list(prepared.charset.characters):
        raise InputError("The run in this folder has another alphabet.", "Start anew, or use --load.")
    if _deciding(content["config"]) != _deciding(config_to_dict(config)):
        raise InputError("The run in this folder has another configuration.", "Start anew, or use --load.")
    state.model.load_state_dict(content["model"])
    state.averaged.load_state_dict(content["averaged"])
    if state.side is not None:
        state.side.load_state_dict(content["side"])
    state.optimizer.load_state_dict(content["optimizer"])
    state.step, state.best_score = content["step"], content["best_score"]


def _deciding(config: dict[str, Any]) -> dict[str, Any]:
    """Leave out what does not change the result."""
    free = {
        "data",
        "fonts",
        "threads",
        "workers",
        "device",
        "checkpoint_minutes",
        "evaluate_every",
        "history",
        "limits",
    }
    kept = {key: value for key, value in config.items() if key not in free}
    words = {"title", "terms"}
    kept["sources"] = [{k: v for k, v in source.items() if k not in words} for source in config["sources"]]
    return kept
