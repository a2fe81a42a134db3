"""Teachers' answers to a lesson → the one target that a student is to imitate.

Closed teachers know GB 2312 level 1 alone: what they say is taken as a distribution over that, and the student's answer
is compared within it. They speak for lessons whose character is among theirs, and for those whose character nobody
knows. Open teachers know more, and each less well: they speak for the other lessons, over all of the student's classes,
each as loud as it finds the label likely.
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
        known = {frozenset(teachers[name].characters) for name in config.closed}
        if len(known) > 1:
            raise InputError("Closed teachers of a committee know different characters.", "Make some of them open.")
        (characters,) = known
        among = [i for i, character in enumerate(charset.characters) if character in characters]
        self.register_buffer("closed", torch.tensor(among), persistent=False)
        is_closed = torch.zeros(len(charset), dtype=torch.bool)
        is_closed[among] = True
        self.register_buffer("_is_closed", is_closed, persistent=False)
        self._places = nn.ParameterDict()
        self._last = nn.ModuleDict()
        closed_place = {charset[i]: place for place, i in enumerate(among)}
        for name in {*config.closed, *config.open}:
            told = teachers[name]
            place = closed_place.get if name in config.closed else charset.index
            nowhere = len(among) if name in config.closed else len(charset)
            places = [nowhere if (i := place(c)) is None else i for c in told.characters]
            self._places[name] = nn.Parameter(torch.tensor(places), requires_grad=False)
            if told.classifier is not None:
                layer = nn.Linear(*reversed(told.classifier.weights.shape))
                layer.weight.data = torch.from_numpy(told.classifier.weights)
                layer.bias.data = torch.from_numpy(told.classifier.biases)
                self._last[name] = layer.requires_grad_(requires_grad=False)

    @torch.no_grad()
    def forward(self, answers: Mapping[str, Answer], labels: torch.Tensor) -> Wanted:
        """Return the targets of a batch; `labels` int64 (n,), -1 where nobody knows."""
        is_closed = (labels < 0) | self._is_closed[labels]
        among_closed = self._together(answers, is_closed, self.config.closed, len(self.closed))
        among_all = self._together(answers, ~is_closed, self.config.open, self.classes, labels[~is_closed])
        trusts = labels >= 0
        mine = is_closed & trusts
        place = torch.searchsorted(self.closed, labels[mine])
        given = among_closed[trusts[is_closed]]
        trusts[mine] = given.gather(1, place[:, None])[:, 0] > _DENIED * given.amax(1)
        others = among_all.gather(1, labels[~is_closed][:, None])[:, 0]
        trusts[~is_closed] = others > _DENIED * among_all.amax(1)
        return Wanted(is_closed, among_closed, among_all, trusts)

    def _together(
        self,
        answers: Mapping[str, Answer],
        rows: torch.Tensor,
        members: Mapping[str, Member],
        width: int,
        labels: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the weighted mean of what teachers say to some lessons, float (rows, width), each row's sum 1 or 0.

        Where `labels` are given, each is heard by how likely it finds them.
        """
        total = torch.zeros(int(rows.sum()), width + 1, device=rows.device)
        for name, member in members.items():
            values, classes = answers[name]
            said = values[rows].float()
            places = self._places[name]
            if classes is None:
                said = functional.softmax(self._last[name](said) / member.temperature, 1)
                places = places.expand(len(said), -1)
            else:
                asked = classes[rows].long()
                said = functional.softmax(said / member.temperature, 1) * (asked >= 0)
                places = places[asked.clamp(min=0)]
            if labels is not None:
                said = said * (said * (places == labels[:, None])).sum(1, keepdim=True)
            total.scatter_add_(1, places, member.weight * said)
        total = total[:, :width]
        return total / total.sum(1, keepdim=True).clamp(min=1e-6)


def lesson_mismatch(logits: torch.Tensor, wanted: Wanted, closed: torch.Tensor, temperature: float) -> torch.Tensor:
    """Return the mean KL divergence of a student from its committee, times T², a scalar; `logits` (n, classes)."""
    softened = logits / temperature
    among_closed = functional.log_softmax(softened[wanted.is_closed][:, closed], 1)
    among_all = functional.log_softmax(softened[~wanted.is_closed], 1)
    total = functional.kl_div(among_closed, wanted.among_closed, reduction="sum")
    total = total + functional.kl_div(among_all, wanted.among_all, reduction="sum")
    return total * temperature**2 / len(logits)
