"""Networks that name the script of a word: teachers, an assistant of convolutions and an LSTM, a simple student.

All take words, (n, 1, 32, 128) of any numeric type, 0..255 with 255 = paper, and give logits (n, classes). The
teachers are the family's ResNets, with attention and without (Ghosh Dastidar et al. take two deep networks of others).
"""

from __future__ import annotations

import itertools

import torch
from torch import nn

from trainer.networks.eca_resnet import Architecture, EcaResNet

TEACHERS = (
    Architecture((32, 64, 128, 160), stem_width=16, embedding=0),
    Architecture((32, 64, 96, 160), blocks=(2, 3, 3, 2), stem_width=24, embedding=0, eca_kernel=-1),
)


def _layer(inputs: int, outputs: int, stride: tuple[int, int]) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def _ink(words: torch.Tensor) -> torch.Tensor:
    return 1.0 - words.to(torch.float32) * (1.0 / 255.0)


class Assistant(nn.Module):
    """Convolutions, a bidirectional LSTM along the word, and the mean of what it says."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            _layer(1, 24, (2, 2)),
            _layer(24, 48, (2, 2)),
            _layer(48, 96, (2, 2)),
            _layer(96, 128, (2, 1)),
        )
        self.lstm = nn.LSTM(256, 96, batch_first=True, bidirectional=True)
        self.classify = nn.Linear(192, classes)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """(n, 1, 32, 128) → (n, classes)."""
        x = self.convolutions(_ink(words))
        said, _ = self.lstm(x.permute(0, 3, 1, 2).flatten(2))
        logits: torch.Tensor = self.classify(said.mean(1))
        return logits


class Student(nn.Module):
    """Four convolutions, their means, and a layer."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        widths = (1, 24, 48, 96, 192)
        layers = [_layer(a, b, (2, 2)) for a, b in itertools.pairwise(widths)]
        self.convolutions = nn.Sequential(*layers)
        self.classify = nn.Linear(widths[-1], classes)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """(n, 1, 32, 128) → (n, classes)."""
        logits: torch.Tensor = self.classify(self.convolutions(_ink(words)).mean((2, 3)))
        return logits


def teacher(architecture: Architecture, classes: int) -> EcaResNet:
    """Return one of the deep networks; the family's ResNets take pictures of any shape."""
    return EcaResNet(architecture, classes)
