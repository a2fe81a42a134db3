"""Loss functions, pure. Logits are float (n, classes); every loss is a scalar, a mean over the samples."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.nn import functional


def restricted_cross_entropy(
    logits: torch.Tensor,
    labels: torch.Tensor,
    restricted: torch.Tensor,
    classes: torch.Tensor,
    share: float,
    smoothing: float,
    weights: torch.Tensor | float = 1.0,
) -> torch.Tensor:
    """Cross entropy over all classes, for some samples mostly over a few.

    `logits` (n, c), `labels` int64 (n,), `restricted` bool (n,), `classes` bool (c,) holding the
    labels of all restricted samples, `share` 0..1, `smoothing` 0..1. A restricted sample's loss
    is `share` of the cross entropy among `classes` and the rest of that among all: it teaches
    how the classes differ in real writing without teaching that real writing is one of them.
    `weights` (n,) are those of the samples. Returns the mean over the samples, a scalar.
    """
    over_all = functional.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
    if share == 0.0 or not bool(restricted.any()):
        return (weights * over_all).mean()
    new_index = torch.cumsum(classes.long(), 0) - 1
    few = functional.cross_entropy(
        logits[restricted][:, classes], new_index[labels[restricted]], reduction="none", label_smoothing=smoothing
    )
    losses = over_all.clone()
    losses[restricted] = (1.0 - share) * over_all[restricted] + share * few
    return (weights * losses).mean()


def component_loss(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Binary cross entropy, summed over components and averaged over samples, a scalar.

    `scores` float (n, components) before the sigmoid, `targets` 0 or 1 of the same shape.
    """
    return functional.binary_cross_entropy_with_logits(scores, targets, reduction="sum") / len(targets)


def _softened(teachers: Sequence[torch.Tensor], temperature: float) -> torch.Tensor:
    """Return the mean of the teachers' probabilities at a temperature, (n, classes)."""
    return torch.stack([functional.softmax(logits / temperature, 1) for logits in teachers]).mean(0)


def imitation(student: torch.Tensor, teachers: Sequence[torch.Tensor], temperature: float) -> torch.Tensor:
    """KL divergence of the student from its teachers, all softened, times T² (Hinton et al., 2015)."""
    wanted = _softened(teachers, temperature)
    said = functional.log_softmax(student / temperature, 1)
    return functional.kl_div(said, wanted, reduction="batchmean") * temperature**2


def relation_mismatch(student: torch.Tensor, teachers: Sequence[torch.Tensor], temperature: float) -> torch.Tensor:
    """One minus Pearson's correlation, between classes and between samples (DIST, Huang et al., NeurIPS 2022).

    The student need not say what the teacher says, only rank as it ranks: the classes for each
    sample, and the samples for each class.
    """
    wanted = _softened(teachers, temperature)
    said = functional.softmax(student / temperature, 1)
    between_classes = 1.0 - functional.cosine_similarity(_centered(said, 1), _centered(wanted, 1), 1).mean()
    between_samples = 1.0 - functional.cosine_similarity(_centered(said, 0), _centered(wanted, 0), 0).mean()
    return (between_classes + between_samples) * temperature**2


def feature_mismatch(student: Sequence[torch.Tensor], teacher: Sequence[torch.Tensor]) -> torch.Tensor:
    """Mean squared error of the features of each stage, (n, c, h, w), a share of the teacher's mean square."""
    parts = [
        functional.mse_loss(said.float(), wanted.float()) / wanted.float().pow(2).mean().clamp(min=1e-6)
        for said, wanted in zip(student, teacher, strict=True)
    ]
    return torch.stack(parts).mean()


def _centered(values: torch.Tensor, axis: int) -> torch.Tensor:
    return values - values.mean(axis, keepdim=True)
