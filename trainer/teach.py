"""Fills a bank of lessons: draws pictures, asks teachers, keeps their answers, shard after shard.

A shard is a function of the bank's seed and its number, and is written aside: killed at any moment, the same call goes
on, and several may fill one bank with seeds of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from hccr_desktop.core.protocol import Finished, Hello, Progress
from trainer.data.lesson_pictures import LessonPictures
from trainer.data.lessons import SHARD, LessonBank, Lessons, joined
from trainer.onnx_teachers import Teacher
from trainer.reporter import Reporter


def fill(
    bank: LessonBank,
    pictures: LessonPictures,
    teachers: Sequence[Teacher],
    count: int,
    report: Reporter,
    *,
    seed: int = 1,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Fill a bank up to `count` lessons of this seed, a whole number of shards; raises `StorageError`."""
    cv2.setNumThreads(1)
    bank.make()
    shards = -(-count // SHARD)
    report(Hello("teach", cv2.__version__, "cpu"))
    started, made = time.monotonic(), 0
    for number in range(shards):
        path = bank.path(seed, number)
        if path.exists():
            continue
        parts = []
        for first in range(0, SHARD, _TOGETHER):
            if cancelled():
                report(Finished(cancelled=True))
                return
            parts.append(_asked(pictures, teachers, [seed, number, first]))
            made += _TOGETHER
            rate = made / (time.monotonic() - started)
            left = (shards * SHARD - number * SHARD - first - _TOGETHER) / rate
            report(Progress(number * SHARD + first + _TOGETHER, shards * SHARD, 0.0, rate, left))
        bank.save(path, joined(parts))
    report(Finished(cancelled=False))


_TOGETHER = 64
"""Pictures that teachers are asked about at once."""


def _asked(pictures: LessonPictures, teachers: Sequence[Teacher], key: Sequence[int]) -> Lessons:
    drawn = [pictures.draw(np.random.default_rng([*key, i])) for i in range(_TOGETHER)]
    return Lessons(
        np.stack([picture.image for picture in drawn]),
        np.array([picture.label for picture in drawn], np.int32),
        np.array([picture.kind for picture in drawn], np.uint8),
        np.array([picture.scanned for picture in drawn]),
        {teacher.name: teacher.ask(drawn) for teacher in teachers},
    )
