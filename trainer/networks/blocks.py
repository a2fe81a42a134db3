"""Compact residual blocks that stand in for two 3×3 convolutions, each cheaper in another way.

"reduced", "separable" and "asymmetric" are those that LightweightNet chooses among (Xu et al., Pattern
Recognition 88, 2019); "parsimonious" is Wang and Du's (Pattern Recognition 111, 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from torch.nn import functional


class CompactBlock(nn.Module):
    """A residual block of any body, with attention before the sum."""

    def __init__(self, body: nn.Module, attention: nn.Module, shortcut: nn.Module, outputs: int) -> None:
        super().__init__()
        self.body, self.eca, self.shortcut, self.outputs = body, attention, shortcut, outputs

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) → (n, outputs, h/stride, w/stride)."""
        return functional.relu(self.eca(self.body(x)) + self.shortcut(x))


class ParsimoniousConv(nn.Module):
    """Two branches in place of a 3×3 convolution, summed and normalized; no ReLU inside.

    The channels are shuffled in `p` groups. Branch A takes 1/p of them through 1×1 to I/(p·m), a depthwise 3×3 of
    the block's stride and 1×1; branch B the rest through one 1×1. At 512→512 with p = m = 2 it has 230,528 weights.
    """

    def __init__(self, inputs: int, outputs: int, stride: int, p: int = 2, m: int = 2) -> None:
        super().__init__()
        self.p, self.first = p, inputs // p
        inner = max(inputs // (p * m), 1)
        self.a = nn.Sequential(
            nn.Conv2d(self.first, inner, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.Conv2d(inner, inner, 3, stride, 1, groups=inner, bias=False),
            nn.BatchNorm2d(inner),
            nn.Conv2d(inner, outputs, 1, bias=False),
        )
        self.b = nn.Conv2d(inputs - self.first, outputs, 1, stride, bias=False)
        self.norm: nn.Module = nn.BatchNorm2d(outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) → (n, outputs, h/stride, w/stride)."""
        n, c, h, w = x.shape
        if c % self.p == 0:
            x = x.reshape(n, self.p, c // self.p, h, w).transpose(1, 2).reshape(n, c, h, w)
        normed: torch.Tensor = self.norm(self.a(x[:, : self.first]) + self.b(x[:, self.first :]))
        return normed

    @torch.no_grad()
    def fold(self) -> None:
        """Fold the last batch norm into both branches, in place; those inside branch A are a sequence's."""
        norm = self.norm
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        last = self.a[4]
        assert isinstance(last, nn.Conv2d)
        last.weight.mul_(scale[:, None, None, None])
        self.b.weight.mul_(scale[:, None, None, None])
        self.b.bias = nn.Parameter(norm.bias - norm.running_mean * scale)
        self.norm = nn.Identity()


def _reduced(inputs: int, outputs: int, stride: int) -> nn.Module:
    """1×1 to a quarter, 3×3, 1×1."""
    inner = max(outputs // 4, 4)
    return nn.Sequential(
        *_normed(nn.Conv2d(inputs, inner, 1, bias=False), relu=True),
        *_normed(nn.Conv2d(inner, inner, 3, stride, 1, bias=False), relu=True),
        *_normed(nn.Conv2d(inner, outputs, 1, bias=False)),
    )


def _separable(inputs: int, outputs: int, stride: int) -> nn.Module:
    """Depthwise 3×3 and 1×1, twice."""
    return nn.Sequential(
        *_normed(nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False)),
        *_normed(nn.Conv2d(inputs, outputs, 1, bias=False), relu=True),
        *_normed(nn.Conv2d(outputs, outputs, 3, 1, 1, groups=outputs, bias=False)),
        *_normed(nn.Conv2d(outputs, outputs, 1, bias=False)),
    )


def _asymmetric(inputs: int, outputs: int, stride: int) -> nn.Module:
    """3×1 to half the width and 1×3 back, twice."""
    half = max(outputs // 2, 4)
    return nn.Sequential(
        *_normed(nn.Conv2d(inputs, half, (3, 1), (stride, 1), (1, 0), bias=False)),
        *_normed(nn.Conv2d(half, outputs, (1, 3), (1, stride), (0, 1), bias=False), relu=True),
        *_normed(nn.Conv2d(outputs, half, (3, 1), 1, (1, 0), bias=False)),
        *_normed(nn.Conv2d(half, outputs, (1, 3), 1, (0, 1), bias=False)),
    )


def _parsimonious(inputs: int, outputs: int, stride: int, m: int = 2) -> nn.Module:
    return nn.Sequential(
        ParsimoniousConv(inputs, outputs, stride, m=m),
        nn.ReLU(inplace=True),
        ParsimoniousConv(outputs, outputs, 1, m=m),
    )


def _normed(convolution: nn.Conv2d, *, relu: bool = False) -> list[nn.Module]:
    norm = nn.BatchNorm2d(convolution.out_channels)
    return [convolution, norm, nn.ReLU(inplace=True)] if relu else [convolution, norm]


BODIES: dict[str, Callable[[int, int, int], nn.Module]] = {
    "reduced": _reduced,
    "separable": _separable,
    "asymmetric": _asymmetric,
    "parsimonious": _parsimonious,
    "parsimonious-4": partial(_parsimonious, m=4),
    "parsimonious-8": partial(_parsimonious, m=8),
}
"""By name, what makes a body of inputs, outputs and stride."""
