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


def size_of(network: EcaResNet, size: int) -> tuple[int, int]:
    """Return a network's parameters and its operations on one character of `size` pixels."""
    images = torch.zeros(1, 1, size, size, dtype=torch.uint8)
    return sum(p.numel() for p in network.parameters()), operations(network, images)


def cost(network: EcaResNet, size: int) -> Cost:
    """Measure a network on one character of `size` pixels."""
    network = copy.deepcopy(network).cpu().eval()
    images = torch.zeros(1, 1, size, size, dtype=torch.uint8)
    parameters, macs = size_of(network, size)
    with torch.no_grad():
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        times = []
        for _ in range(20):
            started = time.perf_counter()
            network(images)
            times.append((time.perf_counter() - started) * 1e3)
        torch.set_num_threads(threads)
    return Cost(parameters, macs, parameters, sorted(times)[len(times) // 2])


def operations(network: nn.Module, images: torch.Tensor) -> int:
    """Return the multiply-accumulate operations of convolutions, LSTMs and linear layers on images, (1, 1, h, w)."""
    network = copy.deepcopy(network).cpu().eval()
    macs = 0

    def count(module: nn.Module, _: object, result: torch.Tensor | tuple[torch.Tensor, object]) -> None:
        nonlocal macs
        if isinstance(result, tuple):  # an LSTM's
            steps = result[0].shape[-2]
            macs += steps * sum(p.numel() for name, p in module.named_parameters() if "weight" in name)
            return
        assert isinstance(module.weight, torch.Tensor)
        places = result.shape[2] * result.shape[3] if result.ndim == 4 else result.numel() // result.shape[-1]
        macs += module.weight.numel() * places

    counted = (nn.Conv2d, nn.Linear, nn.LSTM)
    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, counted)]
    with torch.no_grad():
        network(images)
    for hook in hooks:
        hook.remove()
    return macs
