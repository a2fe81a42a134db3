"""What a network costs: parameters, operations, bytes, milliseconds."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass

import torch
from torch import nn

from trainer.networks.eca_resnet import EcaResNet


@dataclass(frozen=True)
class Cost:
    """Parameters, multiply-accumulate operations a character, bytes in int8, and the time of one character.

    Bytes count one a parameter; the file has scales and names besides.

    `milliseconds` is the median on one thread, in floats, by torch; the exported model is faster.
    """

    parameters: int
    macs: int
    bytes: int
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.parameters / 1e6:.2f} million parameters, {self.macs / 1e6:.1f} million MACs, "
            f"{self.bytes / 1e6:.2f} MB in int8, {self.milliseconds:.2f} ms"
        )


def cost(network: EcaResNet, size: int) -> Cost:
    """Measure a network on one character of `size` pixels."""
    network = copy.deepcopy(network).cpu().eval()
    images = torch.zeros(1, 1, size, size, dtype=torch.uint8)
    macs = 0

    def count(module: nn.Module, _: object, result: torch.Tensor) -> None:
        nonlocal macs
        assert isinstance(module.weight, torch.Tensor)
        places = result.shape[2] * result.shape[3] if result.ndim == 4 else 1
        macs += module.weight.numel() * places

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    with torch.no_grad():
        network(images)
        for hook in hooks:
            hook.remove()
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            network(images)
            times.append((time.perf_counter() - started) * 1e3)
        torch.set_num_threads(threads)
    parameters = sum(p.numel() for p in network.parameters())
    return Cost(parameters, macs, parameters, sorted(times)[len(times) // 2])
