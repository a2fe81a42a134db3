"""A recognizer of text lines: convolutions, a bidirectional LSTM, one answer every eight pixels (CTC).

The convolutions are a character network's (`EcaResNet`), run over the whole line: where it goes down by two, a
line goes down in height alone and its later kernels are dilated across, so that every column sees what the
character network saw of a window around it (Shelhamer, Long and Darrell, PAMI 2017, section 4: "à trous").
Attention takes its means over such a window. What the LSTM says is added to the features, at first nothing,
so that training begins from the character network's answers (Graves et al., ICML 2006, for the loss).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

import torch
from torch import nn
from torch.nn import functional

from hccr_desktop.core.specs import LineSpec
from trainer.networks.blocks import CompactBlock
from trainer.networks.eca_resnet import BasicBlock, EcaResNet, EfficientChannelAttention

HEIGHT, STEP = LineSpec().height, LineSpec().step
_WINDOW = HEIGHT


class LocalAttention(nn.Module):
    """ECA whose means are taken over a window of columns."""

    def __init__(self, attention: EfficientChannelAttention, columns: int) -> None:
        super().__init__()
        self.conv, self.columns = attention.conv, columns

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(n, c, h, w) → (n, c, h, w)."""
        half = self.columns // 2
        means = functional.avg_pool1d(
            functional.pad(x.mean(2), (half, half - 1), mode="replicate"), self.columns, stride=1
        )
        # The 1-D convolution across channels, as one along the height of a picture of channels × columns.
        kernel = self.conv.weight[:, :, :, None]
        weights = functional.conv2d(means.unsqueeze(1), kernel, padding=(kernel.shape[2] // 2, 0)).squeeze(1)
        return x * weights.sigmoid().unsqueeze(2)


def along_lines(network: EcaResNet) -> nn.Sequential:
    """Return the convolutions of a character network, made to run along lines: (n, 1, 64, w) → (n, c, 2, w / 8)."""
    network = copy.deepcopy(network)
    dilation, down = 1, 4
    for block in network.stages:
        assert isinstance(block, BasicBlock | CompactBlock)
        body = block.body if isinstance(block, CompactBlock) else nn.ModuleList([block.conv1, block.conv2])
        kernels = [module for module in body.modules() if isinstance(module, nn.Conv2d)]
        strided = [kernel for kernel in kernels if kernel.stride[0] == 2]
        wide = [kernel for kernel in kernels if kernel.kernel_size[1] > 1]
        if strided and down == STEP:
            assert isinstance(block.shortcut, nn.Sequential)
            assert isinstance(block.shortcut[0], nn.Conv2d)
            for kernel in (*strided, block.shortcut[0]):
                kernel.stride = (2, 1)
            _dilate(wide[:1], dilation)
            dilation *= 2
            _dilate(wide[1:], dilation)
        else:
            down *= 2 if strided else 1
            _dilate(wide, dilation)
        if isinstance(block.eca, EfficientChannelAttention):
            block.eca = LocalAttention(block.eca, _WINDOW // down)
    return nn.Sequential(network.stem, network.stages)


def _dilate(kernels: Iterable[nn.Conv2d], dilation: int) -> None:
    for kernel in kernels:
        kernel.dilation, kernel.padding = (1, dilation), (kernel.kernel_size[0] // 2, dilation)


class LineNet(nn.Module):
    """Lines, (n, 1, 64, w) of any numeric type, 255 = paper, w a multiple of 8 → logits (n, w / 8, classes + 1).

    The last class is CTC's blank. `embed` and `classify` begin as the character network's, whose classes
    are the first; its batch norms stay as they were learned.
    """

    def __init__(self, network: EcaResNet, classes: int, hidden: int = 128) -> None:
        super().__init__()
        self.classes = classes
        self._frozen_norms = True
        self.convolutions = along_lines(network)
        self.embed = copy.deepcopy(network.embed)
        features = network.classify.in_features
        self.lstm = nn.LSTM(features, hidden, batch_first=True, bidirectional=True)
        self.context = nn.Linear(2 * hidden, features)
        self.classify = nn.Linear(features, classes + 1)
        known = network.classify.out_features
        with torch.no_grad():
            nn.init.zeros_(self.context.weight)
            nn.init.zeros_(self.context.bias)
            nn.init.normal_(self.classify.weight, std=0.02)
            self.classify.weight[:known] = network.classify.weight
            self.classify.bias[:known] = network.classify.bias
            self.classify.bias[known:] = network.classify.bias.mean()
            self.classify.bias[-1] = network.classify.bias.max() + 4.0  # most answers are blank

    def thawed(self) -> LineNet:
        """Let batch norms learn their statistics, where the character network was not trained; return the same."""
        self._frozen_norms = False
        return self

    def train(self, mode: bool = True) -> LineNet:
        """Switch to training; batch norms keep the character network's statistics, unless they are thawed."""
        super().train(mode)
        for module in self.modules():
            if self._frozen_norms and isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
                module.eval()
        return self

    def features(self, lines: torch.Tensor) -> torch.Tensor:
        """(n, 1, 64, w), 0..255 → what the LSTM takes, (n, w / 8, features)."""
        x = self.convolutions(1.0 - lines.to(torch.float32) * (1.0 / 255.0)).mean(2)
        # The character network averages two places four answers apart.
        half = _WINDOW // STEP // 4
        x = functional.pad(x, (half, half))
        x = 0.5 * (x[:, :, : -2 * half] + x[:, :, 2 * half :])
        count, _, length = x.shape
        embedded: torch.Tensor = self.embed(x.transpose(1, 2).reshape(count * length, -1))
        return embedded.reshape(count, length, -1)

    def forward(self, lines: torch.Tensor) -> torch.Tensor:
        """(n, 1, 64, w), 0..255 → logits (n, w / 8, classes + 1)."""
        return self.answers(self.features(lines))

    def read_columns(self, columns: torch.Tensor) -> torch.Tensor:
        """Return logits, as `forward` does, of columns mirrored at their diagonal: the kernels are mirrored too."""
        mirrored = {
            f"{name}.weight": module.weight.mT
            for name, module in self.named_modules()
            if isinstance(module, nn.Conv2d) and module.kernel_size != (1, 1)
        }
        logits: torch.Tensor = torch.func.functional_call(self, mirrored, (columns,))
        return logits

    def answers(self, features: torch.Tensor) -> torch.Tensor:
        """(n, t, features) → logits (n, t, classes + 1)."""
        said, _ = self.lstm(features)
        seen = features + self.context(said)
        logits: torch.Tensor = self.classify(seen.flatten(0, 1))  # two axes: one matrix product when exported
        return logits.reshape(*seen.shape[:2], -1)


def line_loss(logits: torch.Tensor, labels: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """Return the CTC loss a character: logits (n, t, classes + 1), labels (n, longest), lengths (n,)."""
    log_probabilities = functional.log_softmax(logits.float(), dim=2).transpose(0, 1)
    times = torch.full_like(lengths, logits.shape[1])
    blank = logits.shape[2] - 1
    total = functional.ctc_loss(
        log_probabilities, labels, times, lengths, blank=blank, reduction="sum", zero_infinity=True
    )
    return total / lengths.sum().clamp(min=1)
