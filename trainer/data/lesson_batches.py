"""Training batches out of a bank that may still be filled: a function of seed, number and the run's record."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from trainer.data.batches import Answer, Batch
from trainer.data.lessons import LessonBank, Lessons


class LessonBatches(Dataset[Batch]):
    """Batch `i` of a bank, its lessons held in memory: each once in a round, in an order of the round's own.

    A round holds the shards that are there when its first batch is asked for; the file `record` says which, so that a
    run that goes on draws the same. Pictures are moved, turned and bent a little, `vigor` times as far as people's
    differ; answers stay. Batches have to be asked for in order, by one process; where several train together, `part`
    is what this one draws of each batch, and the shards are those of the first round.
    """

    def __init__(
        self, bank: LessonBank, record: Path | None, batch_size: int, seed: int, vigor: float, part: range | None = None
    ) -> None:
        self._bank, self._record = bank, record
        self._batch_size, self._seed, self._vigor = batch_size, seed, vigor
        self._part = range(batch_size) if part is None else part
        self._grows = len(self._part) == batch_size
        self._shards: list[Lessons] = []
        self._names: list[str] = []
        self._starts, self._counts = [0], [0]
        """Of each round the number of its first sample, and how many shards it has; the first is the next one's."""
        self._order: tuple[int, npt.NDArray[np.int64]] = (-1, np.zeros(0, np.int64))
        if record is not None and record.exists():
            self._names, counts = read_record(record)
            self._load()
            self._counts = [0]
            for count in counts:
                self._append(count)

    def __getitem__(self, number: int) -> Batch:
        cv2.setNumThreads(1)
        rows = [self._row(number * self._batch_size + i) for i in self._part]
        ends = np.cumsum([0, *(len(shard.labels) for shard in self._shards)])
        places = [
            (shard, row - int(ends[shard])) for row in rows for shard in [int(ends.searchsorted(row, "right")) - 1]
        ]
        images = np.stack([self._shards[shard].images[row] for shard, row in places])
        for i, image in zip(self._part, images, strict=True):
            image[...] = _moved(image, np.random.default_rng([self._seed, number, i]), self._vigor)
        answers = {}
        for name in self._bank.teachers:
            own = [(self._shards[shard].answers[name], row) for shard, row in places]
            classes = [answer.classes[row] for answer, row in own if answer.classes is not None]
            values = torch.from_numpy(np.stack([answer.values[row] for answer, row in own]))
            answers[name] = Answer(values, torch.from_numpy(np.stack(classes)) if classes else None)
        return Batch(
            torch.from_numpy(images[:, None]),
            torch.tensor([int(self._shards[shard].labels[row]) for shard, row in places]),
            torch.tensor([bool(self._shards[shard].scanned[row]) for shard, row in places]),
            answers,
        )

    def _row(self, sample: int) -> int:
        """Return which of all lessons is drawn as a run's `sample`-th."""
        while sample >= self._starts[-1]:
            self._begin_round()
        turn = int(np.searchsorted(self._starts, sample, "right")) - 1
        if self._order[0] != turn:
            length = self._starts[turn + 1] - self._starts[turn]
            self._order = turn, np.random.default_rng([self._seed, turn]).permutation(length)
        return int(self._order[1][sample - self._starts[turn]])

    def _begin_round(self) -> None:
        if self._grows or not self._names:
            self._names += [p.name for p in self._bank.shards() if p.name not in set(self._names)]
            self._load()
        if not self._shards:
            raise InputError(
                "{name} holds no lessons yet.", "`python -m trainer teach` fills it.", name=self._bank.folder.name
            )
        self._append(len(self._names))
        if self._record is not None:
            with written_aside(self._record) as out:
                out.write(json.dumps({"shards": self._names, "rounds": self._counts[1:]}, indent=1).encode())

    def _load(self) -> None:
        self._shards += [self._bank.load(self._bank.folder / name) for name in self._names[len(self._shards) :]]

    def _append(self, count: int) -> None:
        self._starts.append(self._starts[-1] + sum(len(shard.labels) for shard in self._shards[:count]))
        self._counts.append(count)


def read_record(record: Path) -> tuple[list[str], list[int]]:
    """Return the names of the shards that a run used, and how many of them each of its rounds had.

    Raises `InputError` where the file is none.
    """
    try:
        values = json.loads(record.read_text(encoding="utf-8"))
        return [Path(str(name)).name for name in values["shards"]], [int(count) for count in values["rounds"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("{name} does not name a run's lessons.", "Begin the run anew.", name=record.name) from error


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
