"""Several processes that train one network together, on one machine or many.

`torchrun` starts them and says in the environment who they are; without it a process is alone and
nothing here costs anything. Each draws its own part of every batch, gradients and batch norms are
those of the whole batch, and the first one alone evaluates, reports and writes checkpoints.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parallel import DistributedDataParallel

from hccr_desktop.errors import InputError


@dataclass(frozen=True)
class Group:
    """This process among `size`; `rank` 0 is the first."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process speaks and writes for all."""
        return self.rank == 0

    def part(self, count: int) -> range:
        """Return which of a batch's `count` samples this process draws; raises `InputError` for an uneven split."""
        if count % self.size:
            raise InputError(
                "A batch of {count} cannot be shared out evenly among {processes} processes.",
                "Choose a batch_size that is a multiple of the number of processes.",
                count=count,
                processes=self.size,
            )
        each = count // self.size
        return range(self.rank * each, (self.rank + 1) * each)

    def shared(self, learner: nn.Module) -> nn.Module:
        """Return the module so that its gradients are those of the whole batch."""
        # DistributedDataParallel never lets go of its group. Were it the one of our own tensors, its threads would
        # outlive the run, and one that drops a tensor while the interpreter ends takes the process down with it.
        return DistributedDataParallel(learner, process_group=dist.new_group()) if self.size > 1 else learner

    def mean(self, value: float) -> float:
        """Return the mean of a number over the processes."""
        if self.size == 1:
            return value
        total = torch.tensor(value, dtype=torch.float64)
        dist.all_reduce(total)
        return float(total) / self.size

    def says(self, answer: bool) -> bool:
        """Return what the first process answers."""
        if self.size == 1:
            return answer
        told = torch.tensor(int(answer))
        dist.broadcast(told, src=0)
        return bool(told)


@contextmanager
def joined() -> Iterator[Group]:
    """Join the processes that `torchrun` started, for the time of a run."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Group()
        return
    on_gpus = torch.cuda.is_available()
    if on_gpus:
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    store, rank, size = next(iter(dist.rendezvous("env://")))  # type: ignore[attr-defined]
    # Processes that were started again must not meet the addresses of those that were lost.
    store = dist.PrefixStore(f"start {_restarts()}", store)  # type: ignore[attr-defined]
    dist.init_process_group("cpu:gloo,cuda:nccl" if on_gpus else "gloo", store=store, rank=rank, world_size=size)
    try:
        yield Group(dist.get_rank(), size)
    finally:
        dist.destroy_process_group()


def is_first_process() -> bool:
    """Whether this is the one process that speaks: the first of torchrun's, or one alone."""
    return os.environ.get("RANK", "0") == "0"


def was_restarted() -> bool:
    """Say whether `torchrun` started this process anew after one of them was lost."""
    return _restarts() > 0


def _restarts() -> int:
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))


def share_norms(module: nn.Module) -> None:
    """Let the batch norms below a module normalize over the batches of all processes, in place."""
    for name, child in module.named_children():
        if isinstance(child, _BatchNorm):
            setattr(module, name, _SharedNorm(child))
        else:
            share_norms(child)


class _Sum(torch.autograd.Function):
    """The sum of a tensor over all processes; so is its gradient's."""

    @staticmethod
    def forward(_: object, values: torch.Tensor) -> torch.Tensor:
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(_: object, gradient: torch.Tensor) -> torch.Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total)
        return total


class _SharedNorm(_BatchNorm):
    """Batch norm over all processes; torch's own SyncBatchNorm refuses the CPU."""

    def __init__(self, norm: _BatchNorm) -> None:
        super().__init__(norm.num_features, norm.eps, norm.momentum)
        self.weight, self.bias = norm.weight, norm.bias
        self.running_mean, self.running_var = norm.running_mean, norm.running_var
        self.num_batches_tracked = norm.num_batches_tracked

    def _check_input_dim(self, input: torch.Tensor) -> None:  # noqa: A002 - torch's name
        pass

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, c, …) → the same shape."""
        if not self.training:
            return super().forward(x)
        across = [0, *range(2, x.ndim)]
        shape = [1, -1, *[1] * (x.ndim - 2)]
        values = x.float()
        own = torch.tensor([values.numel() / values.shape[1]], device=x.device)
        sums = torch.cat([values.sum(across), values.square().sum(across), own])
        total: torch.Tensor = _Sum.apply(sums)
        count = total[-1].detach()
        mean = total[: self.num_features] / count
        variance = total[self.num_features : -1] / count - mean.square()
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum or 0.0)
            self.running_var.lerp_(variance * (count / (count - 1)), self.momentum or 0.0)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return ((values - mean.view(shape)) * scale.view(shape) + self.bias.view(shape)).to(x.dtype)
