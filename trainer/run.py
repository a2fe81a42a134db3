"""One run under all networks: steps with checkpoints, averaged weights, a schedule, examinations, several machines.

A task says what is learned and from what; batches and random numbers are a function of seed and step, the rate one of
the step, and a checkpoint holds the rest. So a resumed run equals one that was never stopped, on the same device with
the same number of threads. Under `torchrun` all its processes train together; see `trainer.group`.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeVar

import torch
from pydantic import ConfigDict
from torch import nn
from torch.utils.data import DataLoader, Dataset

from hccr_desktop.core.protocol import Hello, Progress
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from trainer.checkpoints import BEST, BEST_RULE, State, restore, save
from trainer.group import Group, joined, share_norms
from trainer.precision import Choice, autocast
from trainer.reporter import Reporter, silent
from trainer.trouble import alone_in, memory_explained, require_number

Batch = tuple[Any, ...]
Network = TypeVar("Network", bound=nn.Module)

_FIRST_LOOK = 3
"""Steps after which it is first told how fast a training is here."""
_HALTED_S = 120.0
"""A step of more seconds was halted by the user, or by the computer's sleep."""
_CLIP = 5.0
"""Largest norm of the gradient of all weights."""
_SLOW = 0.2
"""Share of the rate at which a task's slow weights learn."""


@dataclass(frozen=True)
class Plan:
    """`steps` batches of `batch_size`; the rate rises over `warmup` steps and falls as half a cosine to a share of it,
    which the last `level_share` of the steps keep.

    `ema_decay` 0 keeps no average of the weights; otherwise the average is what is examined and returned. 0 examines
    only at the end; after `patience` examinations without a new best the run ends early, 0 never. What follows it
    changes no result.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    steps: int
    batch_size: int
    learning_rate: float = 3e-3
    warmup: int = 50
    lowest: float = 0.0
    level_share: float = 0.0
    weight_decay: float = 1e-2
    optimizer: Literal["adamw", "sgd"] = "adamw"
    ema_decay: float = 0.0
    seed: int = 1
    patience: int = 0
    examine_every: int = 0
    workers: int = 1
    threads: int = 0
    device: Literal["auto", "cpu", "cuda"] = "auto"
    bfloat16: Choice = "auto"
    checkpoint_minutes: float = 5.0

    def settings(self, made_of: Mapping[str, Any]) -> dict[str, Any]:
        """Return all that decides a run, as plain values by name: of the plan, and what it is `made_of`."""
        free = {"examine_every", "workers", "threads", "device", "bfloat16", "checkpoint_minutes"}
        return {**made_of, **{key: value for key, value in asdict(self).items() if key not in free}}


@dataclass(frozen=True)
class Examined:
    """Scores by name, the higher the better; a network that is no `candidate` cannot be the best."""

    scores: Mapping[str, float]
    candidate: bool = True


@dataclass(eq=False)
class Task(Generic[Network]):
    """What is trained.

    `learner` takes the parts of a batch and gives the loss, a scalar; it holds the network and what is trained
    `beside` it, which is kept but no part of it. `batches` yields them from a step on, of each a part. `settings` are
    plain values by name that decide the result, `about` what those who load a checkpoint need. `slow` weights learn at
    a fifth of the rate. `examine` is given the averaged network and the step, and returns None where it was cancelled.
    """

    name: str
    network: Network
    learner: nn.Module
    batches: Callable[[int, range], Iterable[Batch]]
    settings: Mapping[str, Any]
    about: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, nn.Module] = field(default_factory=dict)
    slow: Sequence[nn.Parameter] = ()
    examine: Callable[[Network, int], Examined | None] | None = None


def train(
    task: Task[Network],
    plan: Plan,
    last: Path,
    report: Reporter,
    *,
    resume: bool | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> State[Network]:
    """Train with `last` as the checkpoint, and return where the run stands: finished, or cancelled.

    It goes on from what is there: always (`resume`), never, or where there is something (None). The best of the
    examined networks is kept beside it, and best.json says by what. `cancelled` is asked at each step, and stays true;
    then the last checkpoint is written. Raises `InputError` where another training is at work in the folder, the
    checkpoint was made otherwise, the loss is no number any more or the memory does not suffice, `StorageError` where a
    checkpoint cannot be written; the last one stays.
    """
    folder = last.parent
    with joined() as group, memory_explained(plan.batch_size), alone_in(folder) if group.is_first else nullcontext():
        run = _Run(task, plan, last, report if group.is_first else silent, group, cancelled)
        if resume is False and last.exists():
            raise InputError(
                "{name} already holds a run.", "Choose another folder, or go on with --resume.", name=folder.name
            )
        run.train(go_on=last.exists() if resume is None else resume)
        return run.state


class _Run(Generic[Network]):
    """A run of this process."""

    def __init__(
        self,
        task: Task[Network],
        plan: Plan,
        last: Path,
        report: Reporter,
        group: Group,
        cancelled: Callable[[], bool],
    ) -> None:
        self._task, self._plan, self._last, self._report, self._group = task, plan, last, report, group
        self._cancelled = cancelled
        self._device = device_of(plan)
        if plan.threads:
            torch.set_num_threads(plan.threads)
        network = task.network.to(self._device).to(memory_format=torch.channels_last)
        task.learner.to(self._device)
        averaged = copy.deepcopy(network).eval() if plan.ema_decay else network
        self._learned = [p for p in task.learner.parameters() if p.requires_grad]
        self.state = State(network, averaged, task.beside, _optimizer(self._learned, task.slow, plan))

    def train(self, *, go_on: bool) -> None:
        """Take the steps that are left."""
        task, plan, state, group = self._task, self._plan, self.state, self._group
        self._report(Hello(task.name, torch.__version__, str(self._device)))
        if go_on:
            restore(state, task.settings, self._last)
        if group.size > 1:
            share_norms(state.network)
        learner = group.shared(task.learner)
        saved = looked = time.monotonic()
        first_step, running, spent = state.step, 0.0, 0.0
        if go_on and not state.finished:
            self._settle()  # the run may have been stopped while it was examined
            if state.finished:
                self._save()
        batches = task.batches(state.step, group.part(plan.batch_size)) if not state.finished else ()
        for batch in batches:
            loss = group.mean(self._step(learner, batch))
            state.step += 1
            running = loss if state.step == first_step + 1 else 0.98 * running + 0.02 * loss
            require_number(loss, state.step)
            done = state.step - first_step
            took, looked = time.monotonic() - looked, time.monotonic()
            # The first step plans and allocates, one in which the process was halted waited: they tell nothing.
            spent += took if done > 1 and took < _HALTED_S else 0.0
            if done > 1 and (done == _FIRST_LOOK or state.step % 10 == 0 or state.step == plan.steps):
                rate = (done - 1) * plan.batch_size / max(spent, 1e-9)
                left = (plan.steps - state.step) * plan.batch_size / rate
                self._report(Progress(state.step, plan.steps, running, rate, left))
            self._settle()
            over = state.finished or group.says(self._cancelled())
            if over or time.monotonic() - saved > plan.checkpoint_minutes * 60:
                self._save()
                saved = time.monotonic()
            if over:
                break

    def _step(self, learner: nn.Module, batch: Batch) -> float:
        """Take a step and return its loss."""
        plan, state = self._plan, self.state
        rate = _rate(plan, state.step)
        for group in state.optimizer.param_groups:
            group["lr"] = rate * group["share"]
        learner.train()
        torch.manual_seed(plan.seed * 1_000_003 + state.step)
        loss: torch.Tensor = learner(*on_device(batch, self._device))
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._learned, _CLIP)
        state.optimizer.step()
        if plan.ema_decay:
            _average(state.averaged, state.network, min(plan.ema_decay, (state.step + 1) / (state.step + 10)))
        return float(loss.detach())

    def _settle(self) -> None:
        """Examine where that is due, and find out whether the run is over."""
        state, plan = self.state, self._plan
        if self._group.is_first and self._is_due():
            self._examine()
        state.finished = self._group.says(state.finished or (state.step == plan.steps and not self._is_due()))

    def _is_due(self) -> bool:
        """Say whether the run stands where it is examined, and was not yet."""
        state, every = self.state, self._plan.examine_every
        here = state.step == self._plan.steps or (every > 0 and state.step % every == 0)
        return self._task.examine is not None and here and state.examined < state.step

    def _examine(self) -> None:
        """Examine, and keep the best; where it is cancelled meanwhile, a resumed run examines again."""
        state = self.state
        assert self._task.examine is not None
        found = self._task.examine(state.averaged, state.step)
        if found is None:
            return
        state.examined = state.step
        if not found.candidate:
            return
        score = sum(found.scores.values()) / len(found.scores) if found.scores else float(state.step)
        if score <= state.best_score:
            state.stale += 1
            state.finished = state.finished or 0 < self._plan.patience <= state.stale
            return
        state.best_score, state.stale = score, 0
        folder = self._last.parent
        save(folder / BEST, state, self._task.name, self._task.settings, self._task.about)
        told = {"rule": BEST_RULE, "step": state.step, "score": score, "scores": dict(found.scores)}
        with written_aside(folder / "best.json") as out:
            out.write(json.dumps(told, ensure_ascii=False, indent=1).encode())

    def _save(self) -> None:
        if self._group.is_first:
            save(self._last, self.state, self._task.name, self._task.settings, self._task.about)


def device_of(plan: Plan) -> torch.device:
    """Return the device of a plan, where it is auto a GPU if there is one; raises `InputError` where there is none."""
    if plan.device == "cuda" and not torch.cuda.is_available():
        raise InputError("No CUDA device is available.", 'Use device = "auto" or "cpu".')
    return torch.device("cuda" if plan.device != "cpu" and torch.cuda.is_available() else "cpu")


def on_device(value: Any, device: torch.device) -> Any:
    """Return tensors, and named and unnamed tuples and dictionaries of them, on a device; the rest as it is."""
    if isinstance(value, torch.Tensor):
        return value.to(device, non_blocking=True)
    if isinstance(value, dict):
        return {key: on_device(part, device) for key, part in value.items()}
    if isinstance(value, tuple):
        parts = [on_device(part, device) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _optimizer(learned: Sequence[nn.Parameter], slow: Sequence[nn.Parameter], plan: Plan) -> torch.optim.Optimizer:
    """Return the optimizer; weights of one dimension, biases and scales, do not decay."""
    apart = {id(parameter) for parameter in slow}
    groups = []
    for share in (1.0, _SLOW):
        for is_matrix in (True, False):
            own = [p for p in learned if (id(p) in apart) == (share < 1.0) and (p.ndim > 1) == is_matrix]
            if own:
                decay = plan.weight_decay if is_matrix else 0.0
                groups.append({"params": own, "weight_decay": decay, "share": share})
    if plan.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=plan.learning_rate, fused=True)
    return torch.optim.SGD(groups, lr=plan.learning_rate, momentum=0.9, nesterov=True)


def _rate(plan: Plan, step: int) -> float:
    """Return the rate of a step: linear warm-up, half a cosine, then the lowest."""
    warm = min(1.0, (step + 1) / max(plan.warmup, 1))
    done = min(1.0, max(0, step - plan.warmup) / max(1, plan.steps * (1.0 - plan.level_share) - plan.warmup))
    return plan.learning_rate * warm * (plan.lowest + (1 - plan.lowest) * 0.5 * (1.0 + math.cos(math.pi * done)))


@torch.no_grad()
def _average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    """Move averaged weights by 1 - decay toward the current ones; counters are copied."""
    for kept, now in zip(averaged.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.is_floating_point():
            kept.lerp_(now, 1.0 - decay)
        else:
            kept.copy_(now)


# --------------------------------------------------------------------------- small tasks


class _Lossy(nn.Module):
    """A network with a function of it and a batch."""

    def __init__(self, network: nn.Module, loss_of: Callable[[Any, Batch], torch.Tensor], choice: Choice) -> None:
        super().__init__()
        self.network = network
        self._loss_of, self._choice = loss_of, choice

    def forward(self, *batch: torch.Tensor) -> torch.Tensor:
        """Return the loss."""
        with autocast(batch[0].device, self._choice):
            return self._loss_of(self.network, batch)


class _Composed(Dataset[Batch]):
    """Parts of batches by number, composed by a function of seed and step."""

    def __init__(self, compose: Callable[[int], Batch], part: range, size: int) -> None:
        self._compose, self._part, self._size = compose, part, size

    def __getitem__(self, step: int) -> Batch:
        batch = self._compose(step)
        if len(self._part) == self._size:
            return batch
        part = slice(self._part.start, self._part.stop)
        return tuple(each[part] if each.ndim else each for each in batch)


def loaded(batches: Dataset[Any], start: int, stop: int, workers: int) -> Iterable[Any]:
    """Return batches of a data set by number, made ahead by some processes."""
    return DataLoader(
        batches,
        batch_size=None,
        sampler=range(start, stop),
        num_workers=workers,
        prefetch_factor=4 if workers else None,
    )


def composed_task(
    name: str,
    network: Network,
    compose: Callable[[int], Batch],
    loss_of: Callable[[Network, Batch], torch.Tensor],
    plan: Plan,
    made_of: Mapping[str, Any],
    *,
    slow: Sequence[nn.Parameter] = (),
) -> Task[Network]:
    """Return the task of a network whose batches are tuples of tensors, composed by step, and whose loss is a function.

    `loss_of` is called under `autocast`; `made_of` are plain values by name that decide the result besides the plan.
    """

    def batches(start: int, part: range) -> Iterable[Batch]:
        return loaded(_Composed(compose, part, plan.batch_size), start, plan.steps, plan.workers)

    learner = _Lossy(network, loss_of, plan.bfloat16)
    return Task(name, network, learner, batches, plan.settings(made_of), slow=slow)
