"""Training batches out of a bank of lessons: a pure function of seed and batch number, like those that are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from trainer.data.batches import Answer, Batch
from trainer.data.lessons import LessonBank, joined


class LessonBatches(Dataset[Batch]):
    """Batch `i` of some shards, all held in memory: each lesson once in each round, in an order of the round's own.

    Pictures are moved, turned and bent a little, `vigor` times as far as people's differ; answers stay.
    """

    def __init__(
        self,
        bank: LessonBank,
        shards: Sequence[Path],
        batch_size: int,
        seed: int,
        vigor: float,
        part: range | None = None,
    ) -> None:
        self._lessons = joined([bank.load(path) for path in shards])
        self._batch_size, self._seed, self._vigor = batch_size, seed, vigor
        self._part = range(batch_size) if part is None else part
        self._order = lru_cache(maxsize=2)(self._ordered)

    def __len__(self) -> int:
        return len(self._lessons.labels)

    def _ordered(self, turn: int) -> npt.NDArray[np.int64]:
        return np.random.default_rng([self._seed, turn]).permutation(len(self))

    def __getitem__(self, number: int) -> Batch:
        cv2.setNumThreads(1)
        places = [divmod(number * self._batch_size + i, len(self)) for i in self._part]
        rows = np.array([self._order(turn)[place] for turn, place in places])
        lessons = self._lessons
        images = lessons.images[rows]
        for i, image in zip(self._part, images, strict=True):
            image[...] = _moved(image, np.random.default_rng([self._seed, number, i]), self._vigor)
        return Batch(
            torch.from_numpy(images[:, None]),
            torch.from_numpy(lessons.labels[rows].astype(np.int64)),
            torch.from_numpy(lessons.scanned[rows]),
            {
                name: Answer(
                    torch.from_numpy(a.values[rows]), None if a.classes is None else torch.from_numpy(a.classes[rows])
                )
                for name, a in lessons.answers.items()
            },
        )


_STILL = 0.2
"""Share of lessons that are left where they are."""


def _moved(image: npt.NDArray[np.uint8], rng: np.random.Generator, vigor: float) -> npt.NDArray[np.uint8]:
    """Return a picture, 255 = paper, scaled by up to 8 %, turned by 4°, sheared by 6 % and shifted by 3 %."""
    if rng.random() < _STILL:
        return image
    scale = 1.0 + vigor * rng.uniform(-0.08, 0.08, 2)
    turn, shear = vigor * rng.uniform(-0.07, 0.07), vigor * rng.uniform(-0.06, 0.06)
    shift = vigor * rng.uniform(-0.03, 0.03, 2) * len(image)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = turned @ np.array([[1.0, shear], [0.0, 1.0]]) @ np.diag(scale)
    middle = (len(image) - 1) / 2.0
    offset = middle - linear @ [middle, middle] + shift
    way = np.column_stack([linear, offset])
    return np.asarray(cv2.warpAffine(image, way, image.shape[::-1], borderValue=(255,)), np.uint8)
