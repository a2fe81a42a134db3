"""Teachers' answers to a lesson → the one target that a student is to imitate.

Closed teachers are those of GB 2312 level 1, which some of them know alone: what they say is taken as a distribution
over it, and the student's answer is compared within it. They speak for lessons whose character is among it, and for
those whose character nobody knows, by the product of their probabilities, each to the power of its weight: their errors
are independent. Open teachers speak for the other lessons, over all of the student's classes, by the mean of their
probabilities, each as loud as it finds the label likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from trainer.config import CommitteeConfig, Member
from trainer.data.batches import Answer
from trainer.data.lessons import Told


class Wanted(NamedTuple):
    """What a batch of n lessons should be answered with, softened by the committee's temperature.

    `is_closed` bool (n,); `among_closed` float (lessons that are, k) over the committee's `closed` classes;
    `among_all` float (the rest, classes); `trusts` bool (n,) is whether a lesson has a label that
    teachers do not deny.
    """

    is_closed: torch.Tensor
    among_closed: torch.Tensor
    among_all: torch.Tensor
    trusts: torch.Tensor


_LEAST = 1e-6
"""Probability that a teacher gives every closed character at least."""
_DENIED = 0.02
"""A label with less than this share of the likeliest character's softened probability is denied."""


class Committee(nn.Module):
    """Some teachers of a bank with their weights. `closed` int64 (k,) are the student's classes of level 1."""

    closed: torch.Tensor
    _is_closed: torch.Tensor

    def __init__(self, teachers: Mapping[str, Told], charset: Charset, config: CommitteeConfig) -> None:
        """Raises `InputError` where a teacher is not in the bank or closed ones know different characters."""
        super().__init__()
        self.config = config
        self.classes = len(charset)
        unknown = sorted({*config.closed, *config.open} - teachers.keys())
        if unknown or not config.closed:
            raise InputError(
                "The bank has no answers of {name}.",
                "Name teachers out of {known} in the table committee.",
                name=", ".join(unknown) or "closed teachers",
                known=", ".join(sorted(teachers)),
            )
        known = frozenset.intersection(*(frozenset(teachers[name].characters) for name in config.closed))
        among = [i for i, character in enumerate(charset.characters) if character in known]
        self.register_buffer("closed", torch.tensor(among), persistent=False)
        is_closed = torch.zeros(len(charset), dtype=torch.bool)
        is_closed[among] = True
        self.register_buffer("_is_closed", is_closed, persistent=False)
        self._last = nn.ModuleDict()
        closed_place = {charset[i]: place for place, i in enumerate(among)}
        for kind, members in (("closed", config.closed), ("open", config.open)):
            place, nowhere = (closed_place.get, len(among)) if kind == "closed" else (charset.index, len(charset))
            for name in members:
                places = [nowhere if (i := place(c)) is None else i for c in teachers[name].characters]
                self.register_buffer(f"_{kind} {name}", torch.tensor(places), persistent=False)
        for name in {*config.closed, *config.open}:
            told = teachers[name]
            if told.classifier is not None:
                layer = nn.Linear(*reversed(told.classifier.weights.shape))
                layer.weight.data = torch.from_numpy(told.classifier.weights)
                layer.bias.data = torch.from_numpy(told.classifier.biases)
                self._last[name] = layer.requires_grad_(requires_grad=False)

    @torch.no_grad()
    def forward(self, answers: Mapping[str, Answer], labels: torch.Tensor) -> Wanted:
        """Return the targets of a batch; `labels` int64 (n,), -1 where nobody knows."""
        is_closed = (labels < 0) | self._is_closed[labels]
        among_closed = self._product(answers, is_closed)
        among_all = self._mean(answers, ~is_closed, labels[~is_closed])
        trusts = labels >= 0
        mine = is_closed & trusts
        place = torch.searchsorted(self.closed, labels[mine])
        given = among_closed[trusts[is_closed]]
        trusts[mine] = given.gather(1, place[:, None])[:, 0] > _DENIED * given.amax(1)
        others = among_all.gather(1, labels[~is_closed][:, None])[:, 0]
        trusts[~is_closed] = others > _DENIED * among_all.amax(1)
        return Wanted(is_closed, among_closed, among_all, trusts)

    def _product(self, answers: Mapping[str, Answer], rows: torch.Tensor) -> torch.Tensor:
        """Return what closed teachers say to some lessons together, float (rows, k), each row's sum 1."""
        total = torch.zeros(int(rows.sum()), len(self.closed), device=rows.device)
        heard = torch.zeros(len(total), 1, device=rows.device)
        for name, member in self.config.closed.items():
            said, places = self._said("closed", name, member, answers[name], rows)
            spread = torch.zeros(len(total), len(self.closed) + 1, device=rows.device).scatter_add_(1, places, said)
            weight = member.weight * (said.sum(1, keepdim=True) > 0)
            total += weight * spread[:, :-1].clamp(min=_LEAST).log()
            heard += weight
        return functional.softmax(total / heard.clamp(min=1e-6), 1)

    def _mean(self, answers: Mapping[str, Answer], rows: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return what open teachers say to some lessons together, float (rows, classes), each row's sum 1 or 0."""
        total = torch.zeros(int(rows.sum()), self.classes + 1, device=rows.device)
        for name, member in self.config.open.items():
            said, places = self._said("open", name, member, answers[name], rows)
            loud = member.weight * (said * (places == labels[:, None])).sum(1, keepdim=True)
            total.scatter_add_(1, places, loud * said)
        total = total[:, :-1]
        return total / total.sum(1, keepdim=True).clamp(min=1e-6)

    def _said(
        self, kind: str, name: str, member: Member, answer: Answer, rows: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return a teacher's softened probabilities, 0 where it was not asked, and their places in the target."""
        places = self.get_buffer(f"_{kind} {name}")
        said = answer.values[rows].float()
        if answer.classes is None:
            said = functional.softmax(self._last[name](said) / member.temperature, 1)
            return said, places.expand(len(said), -1)
        asked = answer.classes[rows].long()
        said = functional.softmax(said / member.temperature, 1) * (asked >= 0)
        return said, places[asked.clamp(min=0)]


def lesson_mismatch(logits: torch.Tensor, wanted: Wanted, closed: torch.Tensor, temperature: float) -> torch.Tensor:
    """Return the mean KL divergence of a student from its committee, times T², a scalar; `logits` (n, classes)."""
    softened = logits / temperature
    among_closed = functional.log_softmax(softened[wanted.is_closed][:, closed], 1)
    among_all = functional.log_softmax(softened[~wanted.is_closed], 1)
    total = functional.kl_div(among_closed, wanted.among_closed, reduction="sum")
    total = total + functional.kl_div(among_all, wanted.among_all, reduction="sum")
    return total * temperature**2 / len(logits)
