"""Training batches: a pure function of seed and batch number.

That makes a run the same whatever the number of worker processes, and a resumed run equal to
one that was never stopped: batch 17 is batch 17. Each sample has a generator of its own, so that
machines that share a batch draw the same samples as one that draws it all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.subsets import in_subset
from hccr_desktop.errors import EmptyInk
from trainer.data.degrade import degrade
from trainer.data.sources import Source


class Answer(NamedTuple):
    """A teacher's to a batch: features, or logits of `classes`, see `lessons.Answers`."""

    values: torch.Tensor
    classes: torch.Tensor | None


class Batch(NamedTuple):
    """`images` uint8 (n, 1, size, size), 255 = paper; `labels` int64 (n,); `scanned` bool (n,).

    Out of a bank of lessons it has `answers` by teacher, and a label is -1 where nobody knows it.
    """

    images: torch.Tensor
    labels: torch.Tensor
    scanned: torch.Tensor
    answers: Mapping[str, Answer] | None = None


@dataclass(frozen=True)
class Share:
    """A source, its share of each batch (normalized to a sum of 1), and how far its samples are varied."""

    source: Source
    weight: float
    vigor: float = 1.0


class Mixture(Dataset[Batch]):
    """Batch `i` of a mix of sources.

    Within a source characters are drawn by their place in Chinese text: letters and digits more
    often, kana and punctuation less than Chinese characters. Where two look alike (一 and a dash)
    this decides which is said. `part` are the samples of each batch that are drawn here, all by default.
    """

    def __init__(
        self,
        shares: Sequence[Share],
        charset: Charset,
        spec: InputSpec,
        batch_size: int,
        seed: int,
        vigor: float,
        part: range | None = None,
    ) -> None:
        self._shares = [share for share in shares if share.source.characters and share.weight > 0]
        self._labels = [[charset.index(c) for c in share.source.characters] for share in self._shares]
        if any(label is None for labels in self._labels for label in labels):
            raise ValueError("a source has characters outside the charset")
        self._chances = [chances_of(share.source.characters) for share in self._shares]
        weights = np.array([share.weight for share in self._shares])
        self._cumulative = np.cumsum(weights / weights.sum())
        self._spec, self._batch_size, self._seed, self._vigor = spec, batch_size, seed, vigor
        self._part = range(batch_size) if part is None else part

    def __getitem__(self, number: int) -> Batch:
        cv2.setNumThreads(1)  # the workers are the parallelism
        rng = np.random.default_rng([self._seed, number])
        images = np.empty((len(self._part), 1, self._spec.size, self._spec.size), np.uint8)
        labels = np.empty(len(self._part), np.int64)
        scanned = np.empty(len(self._part), bool)
        # Stratified: each batch holds the shares exactly, up to one sample.
        which = np.searchsorted(self._cumulative, (np.arange(self._batch_size) + rng.random()) / self._batch_size)
        which = np.minimum(which, len(self._shares) - 1)
        for place, i in enumerate(self._part):
            images[place], labels[place] = self._draw(which[i], np.random.default_rng([self._seed, number, i]))
            scanned[place] = self._shares[which[i]].source.scanned
        return Batch(torch.from_numpy(images), torch.from_numpy(labels), torch.from_numpy(scanned))

    def _draw(self, which: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.uint8], int]:
        share, labels = self._shares[which], self._labels[which]
        source = share.source
        while True:
            character = int(np.searchsorted(self._chances[which], rng.random()))
            vigor = self._vigor * share.vigor * float(rng.uniform(0.5, 1.1))
            try:
                picture = degrade(source.picture(character, rng, vigor), rng, vigor, source.hand)
                label = labels[character]
                assert label is not None
                return normalize([GlyphImage(picture)], self._spec)[0], label
            except EmptyInk:  # degraded beyond reading: draw another
                continue


def chances_of(characters: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the cumulative chance of each character."""
    weights = np.cumsum([_weight(character) for character in characters])
    return np.asarray(weights / weights[-1], np.float64)


def _weight(character: str) -> float:
    if in_subset(character, "letters") or in_subset(character, "digits"):
        return 1.5
    return 1.0 if in_subset(character, "simplified") or in_subset(character, "traditional") else 0.3
