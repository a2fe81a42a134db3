"""Convolutions, linear layers and an LSTM's input weights as products of smaller ones, ranks by energy.

A convolution becomes 1×1, k×k between fewer channels, 1×1: Tucker-2 (Kim et al., ICLR 2016) by higher-order
orthogonal iteration. A linear layer, and the input weights of both directions of an LSTM together, become two
factors by SVD. The rank is the least whose singular values hold a share of the energy, the sum of their squares.
"""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

import torch
from torch import nn

_ROUNDS = 3
_LEAST = 4
_WIDE = 32
"""Input channels from which a convolution is decomposed: three narrow ones take onnxruntime longer than one."""


def rank_of(values: torch.Tensor, energy: float) -> int:
    """Return how many of the singular values, largest first, hold a share of the energy, 0..1; four at least."""
    held = torch.cumsum(values.double() ** 2, 0) / (values.double() ** 2).sum()
    return min(max(int((held < energy).sum()) + 1, _LEAST), len(values))


def _basis(matrix: torch.Tensor, energy: float) -> torch.Tensor:
    """Return the left singular vectors that hold the energy, (rows, rank)."""
    left, values, _ = torch.linalg.svd(matrix, full_matrices=False)
    basis: torch.Tensor = left[:, : rank_of(values, energy)]
    return basis


def decomposed_convolution(convolution: nn.Conv2d, energy: float) -> nn.Module:
    """Return a convolution in three parts; the convolution itself where that would not be smaller."""
    kernel = convolution.weight.detach().float()
    outputs, inputs, height, width = kernel.shape
    left = _basis(kernel.reshape(outputs, -1), energy)
    right = _basis(kernel.transpose(0, 1).reshape(inputs, -1), energy)
    r, s = left.shape[1], right.shape[1]
    if s * inputs + r * s * height * width + r * outputs >= kernel.numel():
        return convolution
    for _ in range(_ROUNDS):
        projected = torch.einsum("oihw,is->oshw", kernel, right)
        left = torch.linalg.svd(projected.reshape(outputs, -1), full_matrices=False)[0][:, :r]
        projected = torch.einsum("oihw,or->irhw", kernel, left)
        right = torch.linalg.svd(projected.reshape(inputs, -1), full_matrices=False)[0][:, :s]
    core = torch.einsum("oihw,or,is->rshw", kernel, left, right)
    first = nn.Conv2d(inputs, s, 1, bias=False)
    way: dict[str, Any] = {name: getattr(convolution, name) for name in ("stride", "padding", "dilation")}
    middle = nn.Conv2d(s, r, (height, width), bias=False, **way)
    last = nn.Conv2d(r, outputs, 1, bias=convolution.bias is not None)
    with torch.no_grad():
        first.weight.copy_(right.T[:, :, None, None])
        middle.weight.copy_(core)
        last.weight.copy_(left[:, :, None, None])
        if convolution.bias is not None and last.bias is not None:
            last.bias.copy_(convolution.bias)
    return nn.Sequential(first, middle, last)


def decomposed_linear(linear: nn.Linear, energy: float) -> nn.Module:
    """Return a linear layer in two parts; the layer itself where that would not be smaller."""
    left, values, right = torch.linalg.svd(linear.weight.detach().float(), full_matrices=False)
    rank = rank_of(values, energy)
    if rank * (linear.in_features + linear.out_features) >= linear.weight.numel():
        return linear
    first = nn.Linear(linear.in_features, rank, bias=False)
    last = nn.Linear(rank, linear.out_features, bias=linear.bias is not None)
    with torch.no_grad():
        first.weight.copy_(values[:rank, None] * right[:rank])
        last.weight.copy_(left[:, :rank])
        if linear.bias is not None:
            last.bias.copy_(linear.bias)
    return nn.Sequential(first, last)


class ProjectedLSTM(nn.Module):
    """An LSTM of one layer whose input weights are two factors, the first of them shared by both directions."""

    def __init__(self, lstm: nn.LSTM, energy: float) -> None:
        super().__init__()
        names = ["weight_ih_l0", "weight_ih_l0_reverse"][: 2 if lstm.bidirectional else 1]
        stacked = torch.cat([getattr(lstm, name).detach().float() for name in names])
        left, values, right = torch.linalg.svd(stacked, full_matrices=False)
        rank = rank_of(values, energy)
        self.project = nn.Linear(lstm.input_size, rank, bias=False)
        self.lstm = nn.LSTM(rank, lstm.hidden_size, batch_first=True, bidirectional=lstm.bidirectional)
        with torch.no_grad():
            self.project.weight.copy_(values[:rank, None] * right[:rank])
            for name, part in zip(names, left[:, :rank].chunk(len(names)), strict=True):
                getattr(self.lstm, name).copy_(part)
            for name, parameter in lstm.named_parameters():
                if not name.startswith("weight_ih"):
                    getattr(self.lstm, name).copy_(parameter)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, object]:
        """(n, t, features) → (n, t, hidden of both directions), states."""
        said: tuple[torch.Tensor, object] = self.lstm(self.project(x))
        return said


def decomposed(network: nn.Module, energy: float, whole: Collection[str] = ()) -> nn.Module:
    """Return a copy of a network with its wide 3×3 convolutions, linear layers and LSTMs decomposed.

    Children named in `whole` stay as they are.
    """
    network = copy.deepcopy(network).cpu().eval()

    def replace(parent: nn.Module) -> None:
        for name, child in list(parent.named_children()):
            if parent is network and name in whole:
                continue
            if isinstance(child, nn.Conv2d) and child.kernel_size != (1, 1) and child.in_channels >= _WIDE:
                setattr(parent, name, decomposed_convolution(child, energy))
            elif isinstance(child, nn.Linear):
                setattr(parent, name, decomposed_linear(child, energy))
            elif isinstance(child, nn.LSTM):
                setattr(parent, name, ProjectedLSTM(child, energy))
            else:
                replace(child)

    replace(network)
    return network
