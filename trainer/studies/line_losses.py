"""What recognizers of lines learn in `studies.line`: CTC, beside it a teacher's answers or its features.

A batch is lines uint8 (n, 1, height, width), labels (n, longest), their lengths (n,) and, where there is a teacher, its
features float16 (n, steps, features) and logits float16 (n, steps, classes + 1).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional

from trainer.networks.line_net import LineNet, line_loss
from trainer.run import Batch

Loss = Callable[[LineNet, Batch], torch.Tensor]


def plain(learner: LineNet, batch: Batch) -> torch.Tensor:
    """CTC alone."""
    lines, labels, lengths, *_ = batch
    return line_loss(learner(lines), labels, lengths)


def by_logits(learner: LineNet, batch: Batch) -> torch.Tensor:
    """CTC, and the KL divergence from the teacher's answers at each place."""
    lines, labels, lengths, _, wanted = batch
    logits = learner(lines)
    return line_loss(logits, labels, lengths) + _divergence(logits, wanted, lengths)


def _divergence(logits: torch.Tensor, wanted: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """A character's, as CTC's loss is, over all places."""
    answered = functional.log_softmax(logits.float(), dim=2)
    apart = functional.kl_div(answered, functional.softmax(wanted.float(), dim=2), reduction="sum")
    return apart / lengths.sum().clamp(min=1)


def by_features(learner: LineNet, batch: Batch, *, weights: torch.Tensor | None) -> torch.Tensor:
    """CTC, and how far the features are from the teacher's, seen through its LSTM's input `weights` where given."""
    lines, labels, lengths, wanted, _ = batch
    own = learner.features(lines)
    return line_loss(learner.answers(own), labels, lengths) + _apart(own, wanted, weights)


def by_both(learner: LineNet, batch: Batch) -> torch.Tensor:
    """CTC, the teacher's answers and its features."""
    lines, labels, lengths, wanted, answered = batch
    own = learner.features(lines)
    logits = learner.answers(own)
    return line_loss(logits, labels, lengths) + _divergence(logits, answered, lengths) + _apart(own, wanted, None)


def _apart(own: torch.Tensor, wanted: torch.Tensor, weights: torch.Tensor | None) -> torch.Tensor:
    missed, whole = own.float() - wanted.float(), wanted.float()
    if weights is not None:
        missed, whole = missed @ weights.T, whole @ weights.T
    apart: torch.Tensor = missed.pow(2).mean() / whole.pow(2).mean().clamp(min=1e-6)
    return apart
