"""Pieces of writing that may belong together → characters: read every joint, keep the best path.

Each run of neighboring columns that could be a character, a joint, is read; a path through the line
is judged by how sure the recognizer is, by the shape of what was joined and, where there is a language
model, by how likely the characters follow each other (Wang, Yin and Liu, PAMI 2012). The weights were
set on lines composed of the text `modern-prose` in the hand that also writes the benchmark's pages.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.marks import SMALL
from hccr_desktop.core.recognition import Box, Candidate, around
from hccr_desktop.recognize.engine import Allowed, Engine, softmax
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.decode import Calibration, Edge, TextWeights, best_path, likely_choices

Floats = npt.NDArray[np.float32]
Chances = tuple[npt.NDArray[np.int64], Floats]
"""Classes, likeliest first, and their log probabilities."""

_CHOICES = 8
"""Most characters that a joint may be."""
_AT_ONCE = 256
"""Joints that are looked at together."""
_MOST_COLUMNS = 6
"""Columns that a character has at most."""
_MOST_WIDTH = 1.55
"""Its largest width, in sizes of a character."""
_FREE = 0.06
"""How far punctuation stands from what is before, in sizes of a character."""


_TEXT = TextWeights(language=0.6, character=3.0, alone=1.0)


@dataclass(frozen=True)
class Weights:
    """How much each judge counts, in nats of the recognizer's certainty.

    `width`, `narrow` and `gap` are for each squared share of a character's size that a joint is too wide, too narrow,
    or open within; `mark` is for one that ends in what may be punctuation, `torn` for each cell of squared paper that
    is torn apart or left.
    """

    text: TextWeights = _TEXT
    width: float = 12.0
    narrow: float = 10.0
    gap: float = 10.0
    mark: float = 3.0
    torn: float = 2.0


WEIGHTS = Weights()


@dataclass(frozen=True)
class Joint:
    """Columns `start` to `stop` - 1 as one character, and the boxes of its parts, along the line from the left.

    `torn` is how many walls of cells it goes through, and how many of its cells it leaves a part of to others.
    """

    start: int
    stop: int
    boxes: tuple[Box, ...]
    torn: int = 0


class Lattice:
    """Finds the best characters of a line with an engine and, where one is given, a language model."""

    def __init__(self, engine: Engine, language: Language | None, weights: Weights) -> None:
        self._engine, self._language, self._weights = engine, language, weights
        charset = engine.bundle.charset
        self._numbers = np.zeros(len(charset), np.int64)
        if language is not None:
            self._numbers = language.numbers(list(charset.characters))

    def read(self, shown: Iterable[tuple[npt.NDArray[np.uint8] | None, Allowed]]) -> list[Chances]:
        """Return the likeliest of the classes allowed for each normalized image; none where there is no image."""
        found: list[Chances] = []
        waiting = iter(shown)
        while part := list(itertools.islice(waiting, _AT_ONCE)):
            filled = [image for image, _ in part if image is not None]
            logits = iter(self._engine.logits(np.concatenate(filled)) if filled else ())
            for image, allowed in part:
                answer = None if image is None else next(logits)
                if answer is None or (allowed is not None and not allowed.any()):
                    found.append((np.zeros(0, np.int64), np.zeros(0, np.float32)))
                    continue
                row = answer if allowed is None else np.where(allowed, answer, -np.inf)
                most = min(_CHOICES, len(row))
                top = np.argpartition(row, -most)[-most:]
                top = top[np.argsort(-row[top])]
                top = top[np.isfinite(row[top])]
                found.append((top, np.log(np.maximum(softmax(row)[top], 1e-9)).astype(np.float32)))
        return found

    def best_path(
        self, joints: Sequence[Joint], chances: Sequence[Chances], size: float
    ) -> list[tuple[int, tuple[Candidate, ...]]]:
        """Return the joints of the best path through a line, and what each may be, likeliest first, from the left.

        `size` is a character's.
        """
        edges = [
            Edge(
                joint.start,
                joint.stop,
                (joint.stop - joint.start) * logs - self._misshape(joint, size),
                self._numbers[classes],
                logs,
            )
            for joint, (classes, logs) in zip(joints, chances, strict=True)
        ]
        path = best_path(edges, self._language, self._weights.text)
        likely = likely_choices(edges, path, self._language, self._weights.text, Calibration())
        return [
            (number, self._candidates(chances[number], choice, own))
            for (number, choice), own in zip(path, likely, strict=True)
        ]

    def _candidates(self, chances: Chances, choice: int, likely: npt.NDArray[np.float64]) -> tuple[Candidate, ...]:
        classes, charset = chances[0], self._engine.bundle.charset
        order = sorted(range(len(likely)), key=lambda i: (i != choice, -likely[i]))
        return tuple(Candidate(charset[int(classes[i])], float(likely[i])) for i in order)

    def _misshape(self, joint: Joint, size: float) -> float:
        """Return how unusual a joint's shape is: too wide, tall but narrow, or with a wide gap within."""
        left, top, right, bottom = around(joint.boxes)
        wide = max((right - left) / size - 1.1, 0.0)
        narrow = max(0.6 - (right - left) / size, 0.0) if bottom - top > 0.6 * size else 0.0
        cost = self._weights.width * wide * wide + self._weights.narrow * narrow * narrow
        ordered = sorted(joint.boxes)
        reach, gap = ordered[0][2], 0
        for box in ordered[1:]:
            gap, reach = max(gap, box[0] - reach), max(reach, box[2])
        open_ = max(gap / size - 0.1, 0.0)
        cost += self._weights.gap * open_ * open_ + self._weights.torn * joint.torn
        return cost + self._weights.mark * _ends_in_mark(ordered, size)


def _ends_in_mark(ordered: Sequence[Box], size: float) -> bool:
    """Say whether boxes, from the left, end in something small that stands free, as punctuation does."""
    reach, start = ordered[0][2], 0
    for number, box in enumerate(ordered[1:], 1):
        if box[0] - reach > _FREE * size:
            start = number
        reach = max(reach, box[2])
    left, top, right, bottom = around(ordered[start:])
    return start > 0 and max(right - left, bottom - top) < SMALL * size


def columns_of(boxes: Sequence[Box], size: float) -> list[tuple[int, ...]]:
    """Return groups of boxes, by number, that stand above one another, from left to right."""
    columns: list[list[int]] = []
    for number in sorted(range(len(boxes)), key=lambda n: boxes[n][0]):
        left, _, right, _ = boxes[number]
        if columns:
            a_left, _, a_right, _ = around([boxes[n] for n in columns[-1]])
            shared = min(a_right, right) - max(a_left, left)
            joined = max(a_right, right) - min(a_left, left)
            if shared > 0.5 * min(right - left, a_right - a_left) and joined < 1.35 * size:
                columns[-1].append(number)
                continue
        columns.append([number])
    return [tuple(column) for column in columns]


def joints_of(columns: Sequence[Sequence[Box]], size: float, walls: Sequence[float] = ()) -> list[Joint]:
    """Return every run of columns that could be a character of this size; `walls` are those of its line's cells."""
    found = []
    spans = [around(column) for column in columns]
    cells = [bisect.bisect(walls, (span[0] + span[2]) / 2) for span in spans]
    is_mark = [max(right - left, bottom - top) < SMALL * size for left, top, right, bottom in spans]

    def torn(start: int, stop: int) -> int:
        through = cells[stop - 1] - cells[start]
        beside = ((start, start - 1), (stop - 1, stop))
        left = sum(0 <= b < len(cells) and cells[a] == cells[b] and not (is_mark[a] or is_mark[b]) for a, b in beside)
        return through + left

    for start in range(len(columns)):
        boxes: tuple[Box, ...] = ()
        for stop in range(start + 1, min(start + _MOST_COLUMNS, len(columns)) + 1):
            boxes += tuple(columns[stop - 1])
            left, _, right, _ = around(boxes)
            if stop > start + 1 and right - left > _MOST_WIDTH * size:
                break
            found.append(Joint(start, stop, boxes, torn(start, stop) if walls else 0))
    return found
