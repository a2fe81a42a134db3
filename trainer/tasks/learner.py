"""The loss of a batch: labels, teachers, components and sparsity, as one module.

One module, because DistributedDataParallel sums gradients over what one `forward` used.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from trainer.compress.slim import inner_scales
from trainer.config import FitConfig
from trainer.data.batches import Answer
from trainer.losses import component_loss, feature_mismatch, imitation, relation_mismatch, restricted_cross_entropy
from trainer.networks.eca_resnet import EcaResNet
from trainer.precision import autocast
from trainer.tasks.committee import Committee, Wanted, lesson_mismatch
from trainer.tasks.teachers import Teacher


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
    committee: Committee | None = None
    """What says what lessons should be answered with."""


def _frozen(network: EcaResNet, config: FitConfig) -> list[nn.Module]:
    """Return what keeps its weights and norms."""
    ends = (0, *itertools.accumulate(network.architecture.blocks))
    if config.only_stage:
        learning = range(ends[config.only_stage - 1], ends[config.only_stage])
        others = [block for number, block in enumerate(network.stages) if number not in learning]
        return [network.stem, *others, network.embed, network.classify]
    return [network.stem, *network.stages[: ends[config.frozen_stages]]] if config.frozen_stages else []


def _blocks_mismatch(network: EcaResNet, guide: EcaResNet, images: torch.Tensor) -> torch.Tensor:
    """Return how far stem and blocks are from the guide's, on what the guide's take: a mean of shares, a scalar."""
    parts = []
    x = guide.prepared(images)
    for own, theirs in zip((network.stem, *network.stages), (guide.stem, *guide.stages), strict=True):
        with torch.no_grad():
            wanted = theirs(x)
        parts.append(feature_mismatch([own(x)], [wanted]))
        x = wanted
    return torch.stack(parts).mean()


class Learner(nn.Module):
    """A network and the layers beside it, with what they are to learn."""

    def __init__(
        self, network: EcaResNet, beside: Mapping[str, nn.Module], config: FitConfig, targets: Targets
    ) -> None:
        """`beside` may hold "side", pooled features → components, and "imitator", → a teacher's features."""
        super().__init__()
        self.network, self.side, self.imitator = network, beside.get("side"), beside.get("imitator")
        self._config, self._targets = config, targets
        self._frozen = tuple(module.requires_grad_(requires_grad=False) for module in _frozen(network, config))

    def train(self, mode: bool = True) -> Learner:
        """Switch the mode; frozen stages and batch norms stay in evaluation."""
        super().train(mode)
        for part in (self.network,) if self._config.frozen_norms else self._frozen:
            for module in part.modules():
                if isinstance(module, _BatchNorm):
                    module.eval()
        return self

    def forward(
        self,
        images: torch.Tensor,
        labels: torch.Tensor,
        scanned: torch.Tensor,
        answers: Mapping[str, Answer] | None = None,
    ) -> torch.Tensor:
        """Return the loss, a scalar, of images uint8 (n, 1, s, s), labels int64 (n,), scanned bool (n,).

        With the answers of teachers to them, labels may be -1.
        """
        config, targets = self._config, self._targets
        images = images.contiguous(memory_format=torch.channels_last)
        if config.matched_blocks:
            assert targets.guide is not None
            with autocast(images.device, config.bfloat16):
                return _blocks_mismatch(self.network, targets.guide, images)
        with autocast(images.device, config.bfloat16):
            staged = self.network.staged(images)
            pooled = staged[-1].mean((2, 3))
            features = self.network.embed(pooled)
            logits = self.network.classify(features)
            if config.shared_prototypes:
                head = self.network.classify
                fixed = nn.functional.linear(features, head.weight.detach(), head.bias.detach())
                logits = torch.where(scanned[:, None], fixed, logits)
        if answers is not None:
            loss = self._of_lessons(logits.float(), pooled.float(), answers, labels, scanned)
        else:
            loss = self._answers(logits.float(), images, labels, scanned)
        if targets.guide is not None:
            with torch.no_grad(), autocast(images.device, config.bfloat16):
                wanted = targets.guide.staged(images)
            loss = loss + config.feature_weight * feature_mismatch(staged, wanted)
        if config.sparsity:
            penalties = [scale.abs().sum() for scale in inner_scales(self.network)]
            loss = loss + config.sparsity * torch.stack(penalties).sum()
        if self.side is not None:
            known = labels >= 0
            named = component_loss(self.side(pooled[known].float()), targets.components[labels[known]])
            loss = loss + config.component_weight * named
        return loss

    def _of_lessons(
        self,
        logits: torch.Tensor,
        pooled: torch.Tensor,
        answers: Mapping[str, Answer],
        labels: torch.Tensor,
        scanned: torch.Tensor,
    ) -> torch.Tensor:
        """Return the loss of lessons: by the committee, by a teacher's features, and by labels that nobody denies.

        Scans inside level 1 need no label, which would make real writing a sign of the few characters that have scans:
        of theirs, only that it is inside counts.
        """
        committee = self._targets.committee
        assert committee is not None
        config = committee.config
        wanted: Wanted = committee(answers, labels)
        loss: torch.Tensor = lesson_mismatch(logits, wanted, committee.closed, config.temperature)
        weights = torch.where(wanted.is_closed, config.closed_label_weight * ~scanned, config.open_label_weight)
        classes, known = self._targets.scanned_classes, labels.clamp(min=0)
        loss = loss + restricted_cross_entropy(
            logits,
            known,
            scanned & wanted.trusts & ~wanted.is_closed & classes[known],
            classes,
            self._config.restricted_share,
            self._config.label_smoothing,
            weights * wanted.trusts,
        )
        outside = logits.logsumexp(1) - logits[:, committee.closed].logsumexp(1)
        inside = scanned & wanted.is_closed & (labels >= 0)
        loss = loss + config.closed_label_weight * (outside * inside).mean()
        if self.imitator is not None:
            features = next(answer.values for answer in answers.values() if answer.classes is None).float()
            loss = loss + config.feature_weight * feature_mismatch([self.imitator(pooled)], [features])
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
