"""The loss of a batch: labels, teachers, components and sparsity, as one module.

One module, because DistributedDataParallel sums gradients over what one `forward` used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from trainer.compress.slim import inner_scales
from trainer.config import FitConfig
from trainer.losses import component_loss, feature_mismatch, imitation, relation_mismatch, restricted_cross_entropy
from trainer.networks.eca_resnet import EcaResNet
from trainer.precision import autocast
from trainer.teachers import Teacher


@dataclass(frozen=True)
class Targets:
    """What is asked of a network besides the labels.

    `scanned_classes` bool (classes,), `components` 0 or 1, float (classes, components).
    """

    scanned_classes: torch.Tensor
    components: torch.Tensor
    teachers: Sequence[Teacher]
    guide: EcaResNet | None = None
    """Whose stages' features are matched."""


class Learner(nn.Module):
    """A network and the layer of its side task, with what they are to learn."""

    def __init__(self, model: EcaResNet, side: nn.Linear | None, config: FitConfig, targets: Targets) -> None:
        super().__init__()
        self.model, self.side = model, side
        self._config, self._targets = config, targets

    def train(self, mode: bool = True) -> Learner:
        """Switch the mode; frozen batch norms stay in evaluation."""
        super().train(mode)
        if self._config.frozen_norms:
            for module in self.model.modules():
                if isinstance(module, _BatchNorm):
                    module.eval()
        return self

    def forward(self, images: torch.Tensor, labels: torch.Tensor, scanned: torch.Tensor) -> torch.Tensor:
        """Return the loss, a scalar, of images uint8 (n, 1, s, s), labels int64 (n,), scanned bool (n,)."""
        config, targets = self._config, self._targets
        with autocast(images.device, config.bfloat16):
            staged = self.model.staged(images)
            pooled = staged[-1].mean((2, 3))
            features = self.model.embed(pooled)
            logits = self.model.classify(features)
            if config.shared_prototypes:
                head = self.model.classify
                fixed = nn.functional.linear(features, head.weight.detach(), head.bias.detach())
                logits = torch.where(scanned[:, None], fixed, logits)
        loss = self._answers(logits.float(), images, labels, scanned)
        if targets.guide is not None:
            with torch.no_grad(), autocast(images.device, config.bfloat16):
                wanted = targets.guide.staged(images)
            loss = loss + config.feature_weight * feature_mismatch(staged, wanted)
        if config.sparsity:
            penalties = [scale.abs().sum() for scale in inner_scales(self.model)]
            loss = loss + config.sparsity * torch.stack(penalties).sum()
        if self.side is not None:
            named = component_loss(self.side(pooled.float()), targets.components[labels])
            loss = loss + config.component_weight * named
        return loss

    def _answers(
        self, logits: torch.Tensor, images: torch.Tensor, labels: torch.Tensor, scanned: torch.Tensor
    ) -> torch.Tensor:
        """Return the loss of the answers: by their labels, by the teachers, or by a share of both."""
        config, targets = self._config, self._targets

        def by_labels(which: torch.Tensor | slice) -> torch.Tensor:
            return restricted_cross_entropy(
                logits[which],
                labels[which],
                scanned[which],
                targets.scanned_classes,
                config.restricted_share,
                config.label_smoothing,
            )

        taught = ~scanned if config.teach_drawn_only else torch.ones_like(scanned)
        if not targets.teachers or not bool(taught.any()):
            return by_labels(slice(None))
        answers = [teacher(images[taught]) for teacher in targets.teachers]
        soft = imitation(logits[taught], answers, config.distill_temperature)
        if config.relation_weight:
            soft = soft + config.relation_weight * relation_mismatch(
                logits[taught], answers, config.distill_temperature
            )
        share = taught.float().mean()
        loss = share * ((1.0 - config.distill_share) * by_labels(taught) + config.distill_share * soft)
        if not bool(taught.all()):
            loss = loss + (1.0 - share) * by_labels(~taught)
        return loss
