"""Channel pruning: drop the weakest channels inside the blocks of a trained network.

Network slimming (Liu et al., ICCV 2017): trained with a penalty on batch-norm scales, a network
says itself which channels it can do without; one threshold over all blocks then finds how many
of each go. Only channels inside blocks are dropped: the residual sums, and the attention across
channels that stands before them, keep their width, so that what is left computes exactly what the
network with those channels silenced did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import nn

from hccr_desktop.errors import InputError
from trainer.networks.eca_resnet import Architecture, BasicBlock, Bottleneck, EcaResNet

_LEAST = 4
"""Channels that every block keeps."""


class NothingToGain(InputError):
    """A network cannot be made smaller in the way that was asked for."""


def inner_layers(block: nn.Module) -> Iterator[tuple[str, str, str]]:
    """Yield, for each run of channels inside a block, the names of what writes, scales and reads it."""
    if isinstance(block, BasicBlock):
        yield "conv1", "bn1", "conv2"
    if isinstance(block, Bottleneck):
        yield "conv1", "bn1", "conv2"
        yield "conv2", "bn2", "conv3"


def inner_scales(network: EcaResNet) -> list[nn.Parameter]:
    """Return the batch-norm scales of all channels that can be dropped, a vector for each run of them."""
    return [block.get_submodule(norm).weight for block in network.stages for _, norm, _ in inner_layers(block)]  # type: ignore[misc]


def thinner(network: EcaResNet, ratio: float) -> Architecture:
    """Return the architecture without the `ratio` 0..1 of inner channels whose scales are smallest.

    One threshold for the whole network, as in the paper; a block keeps at least `_LEAST` channels,
    and a bottleneck as many between its first two convolutions as between its last two.
    """
    if not 0 <= ratio < 1:
        raise InputError(
            "A pruning ratio of {ratio} is not possible.", "Choose 0 or more and less than 1.", ratio=ratio
        )
    found = inner_scales(network)
    if not found:
        raise NothingToGain("This network has no channels to drop.", "Prune a network of basic blocks or bottlenecks.")
    scales = torch.cat([scale.detach().abs() for scale in found])
    threshold = torch.sort(scales).values[min(int(len(scales) * ratio), len(scales) - 1)]
    inner = []
    for block, now in zip(network.stages, network.architecture.inner_of_blocks, strict=True):
        runs = [block.get_submodule(norm).weight.detach().abs() for _, norm, _ in inner_layers(block)]  # type: ignore[operator]
        kept = (max(int((run >= threshold).sum()), min(_LEAST, len(run))) for run in runs)
        inner.append(max(kept, default=now))  # compact blocks have none to drop
    return replace(network.architecture, inner=tuple(inner))


def with_later_blocks(known: Architecture, kind: str) -> Architecture:
    """Return an architecture with compact blocks of a kind in the later half of its stages.

    Raises `NothingToGain` where they stand there already, or in a network of bottlenecks.
    """
    stages = len(known.widths)
    kinds = (*(known.kinds or ("",) * stages)[: stages // 2], *(kind,) * (stages - stages // 2))
    if known.block != "basic" or kinds == known.kinds:
        raise NothingToGain(
            "This network has such blocks already, or none that they can stand in for.",
            "Choose other blocks, or drop channels.",
        )
    return replace(known, kinds=kinds)


def with_compact_blocks(network: EcaResNet, architecture: Architecture) -> EcaResNet:
    """Return a network of `architecture` with the weights of `network` that fit it; what is new begins at random.

    It serves where stages get compact blocks in place of theirs (`networks.blocks`).
    """
    made = EcaResNet(architecture, network.classify.out_features).to(network.classify.weight.device)
    weights, own = network.state_dict(), made.state_dict()
    made.load_state_dict({n: weights[n] if n in weights and weights[n].shape == t.shape else t for n, t in own.items()})
    return made.train(network.training)


def slim(network: EcaResNet, architecture: Architecture) -> EcaResNet:
    """Return a network of `architecture` with the strongest inner channels of `network`, same mode and device.

    Strength is a channel's batch-norm scale times the norm of the weights that read it. Raises
    `InputError` where the architectures differ in more than `inner`, or where it would grow.
    """
    if replace(network.architecture, inner=()) != replace(architecture, inner=()):
        raise InputError("The weights are of another architecture.", "Only `inner` may differ.")
    small = EcaResNet(architecture, network.classify.out_features)
    weights = network.state_dict()
    for number, (block, count) in enumerate(zip(network.stages, architecture.inner_of_blocks, strict=True)):
        for before, norm, after in inner_layers(block):
            scale, reading = block.get_submodule(norm).weight, block.get_submodule(after).weight
            assert isinstance(scale, torch.Tensor)
            assert isinstance(reading, torch.Tensor)
            if count > len(scale):
                raise InputError("A network cannot grow by pruning.", "Give smaller `inner` widths.")
            strength = scale.detach().abs() * torch.linalg.vector_norm(reading.detach(), dim=(0, 2, 3))
            kept = torch.sort(torch.argsort(strength, descending=True)[:count]).values
            prefix = f"stages.{number}"
            for name in (
                f"{before}.weight",
                *(f"{norm}.{n}" for n in ("weight", "bias", "running_mean", "running_var")),
            ):
                weights[f"{prefix}.{name}"] = weights[f"{prefix}.{name}"][kept]
            weights[f"{prefix}.{after}.weight"] = weights[f"{prefix}.{after}.weight"][:, kept]
    small.load_state_dict(weights)
    return small.train(network.training).to(network.classify.weight.device)
