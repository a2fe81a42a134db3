"""A run: goes on only as it was begun, alone in its folder; trouble is a sentence."""

from __future__ import annotations

import math
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from filelock import FileLock
from torch import nn

from hccr_desktop.core.protocol import Message, Progress
from hccr_desktop.errors import InputError, StorageError
from trainer.reporter import silent
from trainer.run import Batch, Plan, composed_task, train

PLAN = Plan(steps=20, batch_size=8, learning_rate=1e-2, warmup=2, ema_decay=0.9, workers=0)
MADE_OF = {"alphabet": "一二", "data": "0" * 64}


def compose(step: int) -> Batch:
    numbers = torch.Generator().manual_seed(step)
    points = torch.randn(8, 4, generator=numbers)
    return points, points.sum(dim=1, keepdim=True)


def loss_of(network: nn.Linear, batch: Batch) -> torch.Tensor:
    points, wanted = batch
    missed: torch.Tensor = network(points).float() - wanted
    return missed.square().mean()


def fit(
    folder: Path,
    plan: Plan = PLAN,
    made_of: dict[str, Any] = MADE_OF,
    *,
    compose: Callable[[int], Batch] = compose,
    loss_of: Callable[[nn.Linear, Batch], torch.Tensor] = loss_of,
    stop_at: int = 0,
    report: Callable[[Message], object] = silent,
) -> nn.Linear | None:
    """Train a layer; with `stop_at` it is cancelled after so many steps of this call."""
    torch.manual_seed(plan.seed)
    asked = iter(range(1, 1000))
    task = composed_task("layer", nn.Linear(4, 1), compose, loss_of, plan, made_of)
    state = train(task, plan, folder / "layer.pt", report, cancelled=lambda: next(asked) == stop_at)
    return state.averaged if state.finished else None


def step_in(folder: Path) -> int:
    return int(torch.load(folder / "layer.pt", weights_only=True)["step"])


def test_a_run_that_was_stopped_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = fit(tmp_path / "whole")
    assert fit(tmp_path / "stopped", stop_at=7) is None
    assert step_in(tmp_path / "stopped") == 7
    gone_on = fit(tmp_path / "stopped", replace(PLAN, workers=1))  # how batches are prepared changes nothing
    assert whole is not None
    assert gone_on is not None
    assert torch.equal(whole.weight, gone_on.weight)
    told: list[Message] = []
    again = fit(tmp_path / "stopped", report=told.append)  # it is finished: nothing is left to do
    assert again is not None
    assert torch.equal(whole.weight, again.weight)
    assert not any(isinstance(message, Progress) for message in told)


@pytest.mark.parametrize(
    ("plan", "made_of", "words"),
    [
        (replace(PLAN, seed=2), MADE_OF, "seed: 1 → 2"),
        (replace(PLAN, steps=5), MADE_OF, "steps: 20 → 5"),
        (replace(PLAN, steps=40), MADE_OF, "steps: 20 → 40"),
        (replace(PLAN, batch_size=4), MADE_OF, "batch_size: 8 → 4"),
        (replace(PLAN, learning_rate=3e-3), MADE_OF, "learning_rate: 0.01 → 0.003"),
        (PLAN, {**MADE_OF, "alphabet": "二一"}, 'alphabet: "一二" → "二一"'),
        (PLAN, {**MADE_OF, "data": "1" * 64}, r"otherwise \(data\)"),
        (replace(PLAN, seed=3, warmup=5), {**MADE_OF, "width": 9}, "seed: 1 → 3; warmup: 2 → 5; width: null → 9"),
    ],
)
@pytest.mark.parametrize("stop_at", [7, 0])
def test_a_run_goes_on_only_as_it_was_begun(
    tmp_path: Path, stop_at: int, plan: Plan, made_of: dict[str, Any], words: str
) -> None:
    fit(tmp_path / "run", stop_at=stop_at)
    before = (tmp_path / "run" / "layer.pt").read_bytes()
    with pytest.raises(InputError, match=words) as caught:
        fit(tmp_path / "run", plan, made_of)
    assert "another folder" in caught.value.hint
    assert (tmp_path / "run" / "layer.pt").read_bytes() == before


def test_a_checkpoint_that_does_not_say_how_it_was_made_is_not_gone_on_with(tmp_path: Path) -> None:
    fit(tmp_path)
    content = torch.load(tmp_path / "layer.pt", weights_only=True)
    del content["settings"]
    torch.save(content, tmp_path / "layer.pt")
    with pytest.raises(InputError, match=r"layer\.pt in .* is no checkpoint of this trainer"):
        fit(tmp_path)


def test_two_trainings_do_not_share_a_folder(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(InputError, match="Another training is at work"):
        fit(tmp_path)
    assert fit(tmp_path) is not None


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be written"):
        fit(tmp_path / "file" / "run")


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    calls = iter(range(100))

    def hungry(network: nn.Linear, batch: Batch) -> torch.Tensor:
        if next(calls) == 3:
            torch.empty(2**55)  # more than any machine has: torch's own words are tested
        return loss_of(network, batch)

    fit(tmp_path, stop_at=2)
    with pytest.raises(InputError, match="memory does not suffice for batches of 8"):
        fit(tmp_path, loss_of=hungry)
    assert step_in(tmp_path) == 2


def killed(step: int) -> Batch:
    if step == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return compose(step)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_process_that_the_system_ended_for_want_of_memory_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="memory does not suffice for batches of 8"):
        fit(tmp_path, replace(PLAN, workers=1), compose=killed)


def test_other_errors_are_not_taken_for_want_of_memory(tmp_path: Path) -> None:
    def wrong(network: nn.Linear, batch: Batch) -> torch.Tensor:
        return network(batch[0][:, :2])  # type: ignore[no-any-return]

    with pytest.raises(RuntimeError, match="shapes"):
        fit(tmp_path, loss_of=wrong)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_full_disk_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    import resource

    fit(tmp_path, stop_at=2)
    before = (tmp_path / "layer.pt").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(StorageError) as caught:
            fit(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, previous)
    assert "Free some space" in caught.value.hint
    assert (tmp_path / "layer.pt").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", "layer.pt"]


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="The loss became nan at step 1"):
        fit(tmp_path, loss_of=lambda network, batch: loss_of(network, batch) * math.nan)
