"""ResNets with efficient channel attention (ECA), in the paper's layout and in compact ones.

ECA (Wang et al., CVPR 2020): global average pool, a 1-D convolution across channels without
bias, sigmoid, scale; here after the block's last batch norm, before the residual sum. Kernel
k = |log2(C)/2 + 1/2| taken to the next odd number, or fixed (5 in the paper's experiments).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import torch
from torch import nn
from torch.nn import functional

from trainer.networks.blocks import BODIES, CompactBlock

_WIDEST, _MOST_STAGES, _MOST_BLOCKS = 8_192, 16, 64
"""Bounds on what a file may say of a network, far beyond any."""


@dataclass(frozen=True)
class Architecture:
    """Shape of a network of the family.

    `stem` "paper" is 7×7 stride 2 and a 3×3 max pool stride 2; "compact" is two 3×3
    convolutions of stride 2, to `stem_width` and to the first of `widths`. `widths` and
    `blocks` are per stage. `embedding` 0 classifies the pooled features directly, otherwise
    through a linear layer of that many features (a factorized classifier). `eca_kernel` 0 is
    adaptive, -1 none. `inner` are the channels between the convolutions of a block, per stage or
    per block; empty is as many as `widths`. `block` "basic" is two 3×3 convolutions, "bottleneck"
    1×1, 3×3 and 1×1 to four times the width, as in ResNet50. `kinds` names for each stage a compact block
    (`networks.blocks`) in place of `block`, "" for none; empty is none at all.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    widths: tuple[int, ...] = (48, 96, 192, 256)
    blocks: tuple[int, ...] = (2, 2, 2, 2)
    stem: str = "compact"
    stem_width: int = 16
    embedding: int = 128
    eca_kernel: int = 0
    in_channels: int = 1
    inner: tuple[int, ...] = ()
    block: Literal["basic", "bottleneck"] = "basic"
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sizes = (*self.widths, *self.inner, self.stem_width, self.embedding or 1)
        if not (self.widths and self.blocks and all(1 <= size <= _WIDEST for size in sizes)):
            raise ValueError(f"there is a stage at least, and widths are 1 to {_WIDEST}")
        if not (len(self.widths) <= _MOST_STAGES and all(1 <= count <= _MOST_BLOCKS for count in self.blocks)):
            raise ValueError(f"there are at most {_MOST_STAGES} stages of 1 to {_MOST_BLOCKS} blocks")
        if self.stem not in ("paper", "compact") or self.in_channels not in (1, 3) or not -1 <= self.eca_kernel <= 99:
            raise ValueError("stem is paper or compact, in_channels 1 or 3, eca_kernel -1 to 99")
        if len(self.blocks) != len(self.widths) or len(self.inner) not in (0, len(self.widths), sum(self.blocks)):
            raise ValueError("blocks stand for each stage, inner for each stage or each block, or for none")
        if len(self.kinds) not in (0, len(self.widths)) or not set(self.kinds) <= {"", *BODIES}:
            raise ValueError(f"kinds stand for each stage, or for none, each empty or one of {', '.join(BODIES)}")
        if self.kinds and self.block != "basic":
            raise ValueError("compact blocks stand in for basic ones only")

    @property
    def inner_of_blocks(self) -> tuple[int, ...]:
        """The inner channels of every block, from first to last."""
        if len(self.inner) == sum(self.blocks):
            return self.inner
        per_stage = self.inner or self.widths
        return tuple(inner for inner, count in zip(per_stage, self.blocks, strict=True) for _ in range(count))

    @property
    def features(self) -> int:
        """Channels of the last stage."""
        return self.widths[-1] * (4 if self.block == "bottleneck" else 1)


def parameters_of(architecture: Architecture, classes: int) -> int:
    """Return how many weights a network would have, without taking memory for them."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in EcaResNet(architecture, classes).parameters())


PAPER_RESNET18 = Architecture(
    (64, 128, 256, 512), stem="paper", stem_width=64, embedding=0, eca_kernel=5, in_channels=3
)
"""ECA-ResNet18 as published, for 224 × 224 RGB."""

PAPER_RESNET50 = replace(PAPER_RESNET18, blocks=(3, 4, 6, 3), block="bottleneck")
"""ECA-ResNet50, the teacher that the paper calls ECA-ResNet56."""


def adaptive_kernel(channels: int) -> int:
    """Return ECA's kernel size for a number of channels: 64→3, 128→5, 256→5, 512→5, 2048→7."""
    k = int(abs(math.log2(channels) / 2 + 0.5))
    return k if k % 2 else k + 1


class EfficientChannelAttention(nn.Module):
    """Scale channels by weights from a 1-D convolution across their means."""

    def __init__(self, channels: int, kernel: int = 0) -> None:
        super().__init__()
        kernel = kernel or adaptive_kernel(channels)
        self.conv = nn.Conv1d(1, 1, kernel, padding=kernel // 2, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, c, h, w) → (n, c, h, w)."""
        weights: torch.Tensor = self.conv(x.mean((2, 3)).unsqueeze(1)).squeeze(1).sigmoid()
        return x * weights[:, :, None, None]


def _attention(channels: int, kernel: int) -> nn.Module:
    return nn.Identity() if kernel < 0 else EfficientChannelAttention(channels, kernel)


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


class BasicBlock(nn.Module):
    """Two 3×3 convolutions with a residual connection and ECA before the sum."""

    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, eca_kernel: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inner, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.eca = _attention(outputs, eca_kernel)
        self.shortcut = _shortcut(inputs, outputs, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) → (n, outputs, h/stride, w/stride)."""
        y = functional.relu(self.bn1(self.conv1(x)))
        y = self.eca(self.bn2(self.conv2(y)))
        return functional.relu(y + self.shortcut(x))


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions with a residual connection and ECA before the sum."""

    def __init__(self, inputs: int, inner: int, outputs: int, stride: int, eca_kernel: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.eca = _attention(outputs, eca_kernel)
        self.shortcut = _shortcut(inputs, outputs, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, inputs, h, w) → (n, outputs, h/stride, w/stride)."""
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        y = self.eca(self.bn3(self.conv3(y)))
        return functional.relu(y + self.shortcut(x))


class EcaResNet(nn.Module):
    """A network of the family: uint8-scaled images to logits.

    Takes (n, 1 or in_channels, s, s), 0..255 with 255 = paper, of any float or integer type, and
    gives logits (n, classes). Scaling to floats, 1 = ink, is the first step inside; one gray
    channel is repeated where the network has three.
    """

    def __init__(self, architecture: Architecture, classes: int) -> None:
        super().__init__()
        a = self.architecture = architecture
        paper = a.stem == "paper"
        self.stem = nn.Sequential(
            nn.Conv2d(a.in_channels, a.stem_width, 7 if paper else 3, 2, 3 if paper else 1, bias=False),
            nn.BatchNorm2d(a.stem_width),
            nn.ReLU(inplace=True),
        )
        inputs = a.stem_width
        if paper:
            self.stem.append(nn.MaxPool2d(3, 2, 1))
        else:
            self.stem.append(nn.Conv2d(inputs, a.widths[0], 3, 2, 1, bias=False))
            self.stem.append(nn.BatchNorm2d(a.widths[0]))
            self.stem.append(nn.ReLU(inplace=True))
            inputs = a.widths[0]
        stages: list[nn.Module] = []
        kind, growth = (BasicBlock, 1) if a.block == "basic" else (Bottleneck, 4)
        inner = iter(a.inner_of_blocks)
        for number, (width, count) in enumerate(zip(a.widths, a.blocks, strict=True)):
            for block in range(count):
                stride = 2 if block == 0 and number > 0 else 1
                between, outputs = next(inner), width * growth
                if a.kinds and a.kinds[number]:
                    body = BODIES[a.kinds[number]](inputs, outputs, stride)
                    attention = _attention(outputs, a.eca_kernel)
                    stages.append(CompactBlock(body, attention, _shortcut(inputs, outputs, stride), outputs))
                else:
                    stages.append(kind(inputs, between, outputs, stride, a.eca_kernel))
                inputs = outputs
        self.stages = nn.Sequential(*stages)
        self.embed: nn.Module = nn.Identity()
        if a.embedding:
            self.embed = nn.Sequential(nn.Linear(inputs, a.embedding, bias=False), nn.BatchNorm1d(a.embedding))
        self.classify = nn.Linear(a.embedding or inputs, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 1 or in_channels, s, s), 0..255 → logits (n, classes)."""
        logits: torch.Tensor = self.classify(self.embed(self.pooled(images)))
        return logits

    def pooled(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 1 or in_channels, s, s), 0..255 → means over the last stage's places, (n, its channels)."""
        return self.staged(images)[-1].mean((2, 3))

    def prepared(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 1 or in_channels, s, s), 0..255 → (n, in_channels, s, s), 0 = paper, 1 = ink."""
        x = 1.0 - images.to(torch.float32) * (1.0 / 255.0)
        return x if x.shape[1] == self.architecture.in_channels else x.expand(-1, self.architecture.in_channels, -1, -1)

    def staged(self, images: torch.Tensor) -> list[torch.Tensor]:
        """(n, 1 or in_channels, s, s), 0..255 → what each stage gives, (n, its channels, h, w)."""
        x, found, ends = self.stem(self.prepared(images)), [], set(itertools.accumulate(self.architecture.blocks))
        for number, block in enumerate(self.stages, 1):
            x = block(x)
            if number in ends:
                found.append(x)
        return found
