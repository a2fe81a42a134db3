"""Channel pruning: drop the weakest channels between the two convolutions of a block.

In: a trained network and an architecture that differs in `inner` alone. Out: a network of that
architecture with the strongest channels kept, to be trained on for a while. Strength is the
batch norm's scale (Liu et al., ICCV 2017) times the norm of the weights that read the channel.
"""

from __future__ import annotations

from dataclasses import replace

import torch

from hccr_desktop.errors import InputError
from trainer.networks.eca_resnet import Architecture, BasicBlock, EcaResNet


def slim(network: EcaResNet, architecture: Architecture) -> EcaResNet:
    """Return a network of `architecture` with the strongest inner channels of `network`, same mode and device.

    Raises `InputError` where the architectures differ in more than `inner`, or where it would grow.
    """
    if replace(network.architecture, inner=()) != replace(architecture, inner=()):
        raise InputError("The weights are of another architecture.", "Only `inner` may differ.")
    small = EcaResNet(architecture, network.classify.out_features)
    weights = network.state_dict()
    for number, (block, target) in enumerate(zip(network.stages, small.stages, strict=True)):
        assert isinstance(block, BasicBlock)
        assert isinstance(target, BasicBlock)
        count = target.conv1.out_channels
        if count > block.conv1.out_channels:
            raise InputError("A network cannot grow by pruning.", "Give smaller `inner` widths.")
        strength = block.bn1.weight.detach().abs() * torch.linalg.vector_norm(
            block.conv2.weight.detach(), dim=(0, 2, 3)
        )
        kept = torch.sort(torch.argsort(strength, descending=True)[:count]).values
        prefix = f"stages.{number}"
        for name in ("conv1.weight", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"):
            weights[f"{prefix}.{name}"] = weights[f"{prefix}.{name}"][kept]
        weights[f"{prefix}.conv2.weight"] = weights[f"{prefix}.conv2.weight"][:, kept]
    small.load_state_dict(weights)
    return small.train(network.training).to(network.classify.weight.device)
