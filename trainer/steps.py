"""The loop of the small networks: steps over composed batches, with checkpoints, progress and cancel.

What finds writing on pages, reads lines and names scripts is trained by it; characters, with their test sets,
teachers and groups of machines, have `trainer.loop`. Batches are a function of the step, so that a run goes
on where it was stopped.
"""

from __future__ import annotations

import contextlib
import copy
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from hccr_desktop.core.protocol import Hello, Progress
from hccr_desktop.errors import InputError
from trainer.checkpoints import require_same, write_checkpoint
from trainer.precision import autocast
from trainer.reporter import Reporter
from trainer.run import alone_in, average, memory_explained, require_number

_MINUTES = 5.0
"""Between checkpoints."""

Batch = tuple[torch.Tensor, ...]
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Plan:
    """`steps` batches of `batch_size`; the rate rises over `warmup` steps and falls as half a cosine to nothing.

    `ema_decay` 0 keeps no average of the weights; otherwise the average is what is returned.
    """

    steps: int
    batch_size: int
    learning_rate: float = 3e-3
    warmup: int = 50
    weight_decay: float = 1e-2
    ema_decay: float = 0.0
    seed: int = 1
    workers: int = 1


class Composed(Dataset[Batch]):
    """Batches by number, composed by a function of seed and step."""

    def __init__(self, compose: Callable[[int], Batch]) -> None:
        self._compose = compose

    def __getitem__(self, step: int) -> Batch:
        """Return batch `step`."""
        return self._compose(step)


def settings_of(plan: Plan, made_of: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that decides a run, as plain values by name."""
    return {**made_of, **{key: value for key, value in asdict(plan).items() if key != "workers"}}


def device() -> torch.device:
    """Return the device that networks are trained on: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit_steps(
    network: Network,
    compose: Callable[[int], Batch],
    loss_of: Callable[[Network, Batch], torch.Tensor],
    plan: Plan,
    checkpoint: Path,
    report: Reporter,
    *,
    name: str,
    made_of: Mapping[str, Any],
    slow: Sequence[nn.Parameter] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Network | None:
    """Train, going on from `checkpoint` where it exists; None where it was cancelled.

    `loss_of` is called under `autocast` with the network in training mode and a batch on its device. `made_of` are
    plain values by name: what decides the result besides the plan, such as alphabet and data. `slow` parameters
    learn at a fifth of the rate. Raises `InputError` where another training is at work in the checkpoint's folder,
    where the checkpoint was made by another plan or of other things, where the loss is no number any more or the memory
    does not suffice, `StorageError` where the checkpoint cannot be written; the last one stays.
    """
    settings = settings_of(plan, made_of)
    with memory_explained(plan.batch_size), alone_in(checkpoint.parent):
        return _fit(network, compose, loss_of, plan, settings, checkpoint, report, name, slow, cancelled)


def _fit(
    network: Network,
    compose: Callable[[int], Batch],
    loss_of: Callable[[Network, Batch], torch.Tensor],
    plan: Plan,
    settings: dict[str, Any],
    checkpoint: Path,
    report: Reporter,
    name: str,
    slow: Sequence[nn.Parameter],
    cancelled: Callable[[], bool],
) -> Network | None:
    torch.manual_seed(plan.seed)
    where = device()
    report(Hello(name, torch.__version__, str(where)))
    network = network.to(where).to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(network).eval() if plan.ema_decay else network
    optimizer = torch.optim.AdamW(_groups(network, slow), lr=plan.learning_rate, weight_decay=plan.weight_decay)
    step = 0
    if checkpoint.exists():
        with _own(checkpoint):
            stored = torch.load(checkpoint, weights_only=True, map_location=where)
            made = stored["settings"]
        require_same(made, settings, checkpoint.parent.name)
        with _own(checkpoint):
            network.load_state_dict(stored["network"])
            averaged.load_state_dict(stored["averaged"])
            optimizer.load_state_dict(stored["optimizer"])
            step = int(stored["step"])
    first, started, saved, running = step, time.monotonic(), time.monotonic(), 0.0

    def save() -> None:
        content = {"network": network.state_dict(), "averaged": averaged.state_dict()}
        write_checkpoint(
            checkpoint, {**content, "optimizer": optimizer.state_dict(), "step": step, "settings": settings}
        )

    for batch in _batches(compose, plan, step):
        rate = min(1.0, (step + 1) / max(plan.warmup, 1)) * 0.5 * (1 + math.cos(math.pi * step / plan.steps))
        for group in optimizer.param_groups:
            group["lr"] = plan.learning_rate * rate * group["share"]
        network.train()
        with autocast(where):
            loss = loss_of(network, tuple(part.to(where) for part in batch))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        step += 1
        if plan.ema_decay:
            average(averaged, network, min(plan.ema_decay, (step + 1) / (step + 10)))
        value = loss.item()
        require_number(value, step)
        running = value if step == first + 1 else 0.98 * running + 0.02 * value
        if step % 10 == 0 or step == plan.steps:
            done = (step - first) * plan.batch_size / (time.monotonic() - started)
            report(Progress(step, plan.steps, running, done, (plan.steps - step) * plan.batch_size / done))
        if cancelled():
            save()
            return None
        if time.monotonic() - saved > 60 * _MINUTES:
            save()
            saved = time.monotonic()
    if step > first:
        save()
    return averaged.cpu().eval()


def take_weights(network: nn.Module, checkpoint: Path) -> None:
    """Give a network the averaged weights of a run; raises `InputError` where they are of another."""
    with _own(checkpoint):
        network.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu")["averaged"])


@contextlib.contextmanager
def _own(checkpoint: Path) -> Iterator[None]:
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError):  # says nothing of the checkpoint
        raise
    except Exception as error:  # torch raises many kinds for foreign files
        raise InputError(
            "{name} in {folder} is of another network or version, or damaged.",
            "Choose another folder, or the checkpoint of a run of the same network.",
            name=checkpoint.name,
            folder=checkpoint.parent.name,
        ) from error


def _groups(network: nn.Module, slow: Sequence[nn.Parameter]) -> list[dict[str, Any]]:
    apart = {id(parameter) for parameter in slow}
    learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
    fast, rest = ([p for p in learned if (id(p) in apart) == is_slow] for is_slow in (False, True))
    return [{"params": own, "share": share} for own, share in ((fast, 1.0), (rest, 0.2)) if own]


def _batches(compose: Callable[[int], Batch], plan: Plan, start: int) -> Iterator[Batch]:
    yield from DataLoader(
        Composed(compose),
        batch_size=None,
        sampler=range(start, plan.steps),
        num_workers=plan.workers,
        prefetch_factor=4 if plan.workers else None,
    )
