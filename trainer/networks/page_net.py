"""A small U-Net that finds handwriting on pages (Ronneberger, Fischer and Brox, MICCAI 2015)."""

from __future__ import annotations

import itertools

import torch
from torch import nn
from torch.nn import functional

WIDTHS = (16, 24, 32, 48, 64)


class PageNet(nn.Module):
    """Gray page uint8 (n, 1, h, w) → logits float32 (n, 2, h, w): ink of handwriting, and lines' middle bands.

    The widest level works at half the page's size; the ink comes back to full size by pixel shuffle.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.stem = _block(1, widths[0], stride=2)
        self.down = nn.ModuleList(
            nn.Sequential(_block(a, b, stride=2), _block(b, b)) for a, b in itertools.pairwise(widths)
        )
        self.up = nn.ModuleList(_block(a + b, a) for a, b in itertools.pairwise(widths))
        self.ink = nn.Conv2d(widths[0], 4, 3, padding=1)
        self.band = nn.Conv2d(widths[0], 1, 3, padding=1)

    def forward(self, pages: torch.Tensor) -> torch.Tensor:
        """Return the logits of ink and band for each pixel."""
        x = self.stem((pages.float() - 128.0) / 64.0)
        kept = []
        for level in self.down:
            kept.append(x)
            x = level(x)
        for level, before in zip(reversed(self.up), reversed(kept), strict=True):
            x = level(torch.cat([before, functional.interpolate(x, scale_factor=2.0, mode="nearest")], dim=1))
        ink = functional.pixel_shuffle(self.ink(x), 2)
        band = functional.interpolate(self.band(x), scale_factor=2.0, mode="nearest")
        return torch.cat([ink, band], dim=1)


def _block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def page_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Return cross entropy and Dice loss (Milletari, Navab and Ahmadi, 3DV 2016) of ink and band; truth is 0 or 1."""
    truth = truth.float()
    said = torch.sigmoid(logits)
    both = (said * truth).sum(dim=(0, 2, 3))
    dice = 1.0 - (2.0 * both + 1.0) / (said.sum(dim=(0, 2, 3)) + truth.sum(dim=(0, 2, 3)) + 1.0)
    return functional.binary_cross_entropy_with_logits(logits, truth) + 0.5 * dice.mean()
