"""What is learned at once from a user's own samples: writing that looks like one of them gains what that one was.

Between two fine-tunings, and without a trainer. The network's answer to a writing, its logits, is projected at
random (Johnson and Lindenstrauss, 1984) onto few dimensions, where two writings of one hand lie close. A class gains
`GAIN` nats for each unit by which the cosine to its nearest sample passes `NEAR`. What
it can gain is bounded, the more near samples the higher, lest one slip outweighs a sure answer. All were set on
the pen trajectories that `tests/benchmarks/personal.py` measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Engine

Floats = npt.NDArray[np.float32]
Key = tuple[int, str]
"""A sample's number in the store, and its character."""
Load = Callable[[list[int]], Iterable[tuple[int, Sample]]]
"""Gives samples by their numbers."""

GAIN, NEAR = 16.0, 0.5
LEAST_BOUND, A_SAMPLE, MOST_BOUND = 1.5, 0.5, 4.0
DIMENSIONS = 64
MOST = 2_000
"""Samples that are learned from, the newest first."""
MOST_OF_ONE = 12
"""Samples of one character that are learned from."""

PLAIN = tuple(
    Ink.from_points(strokes)
    for strokes in (
        [[(10, 50), (50, 49), (90, 50)]],
        [[(10, 45), (50, 44), (90, 45)], [(50, 8), (50, 50), (50, 95)]],
        [[(20, 25), (20, 65)], [(20, 25), (80, 25), (80, 65)], [(20, 62), (80, 62)], [(50, 5), (50, 97)]],
        [[(50, 8), (50, 88)], [(50, 45), (78, 45)], [(10, 89), (90, 88)]],
        [[(10, 35), (90, 35)], [(50, 5), (50, 97)], [(49, 36), (10, 80)], [(51, 36), (90, 80)]],
    )
)
"""Plain writings, whose mean answer is what all writing has in common."""


@dataclass(frozen=True)
class _State:
    """Which samples were learned: numbers and labels, their classes, and their directions, (n, DIMENSIONS)."""

    keys: tuple[Key, ...]
    classes: npt.NDArray[np.int64]
    directions: Floats


class Personal:
    """The layer over an engine, which answers with it while there are samples; `sync` may learn while it answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._charset = engine, engine.bundle.charset
        self._projection = np.random.default_rng(0).standard_normal((len(self._charset), DIMENSIONS), np.float32)
        self._projection /= np.float32(np.sqrt(len(self._charset)))
        self._common = engine.bare_logits(normalize(PLAIN, engine.bundle.spec)).mean(axis=0)
        self._state = _State((), np.zeros(0, np.int64), np.zeros((0, DIMENSIONS), np.float32))

    def __len__(self) -> int:
        return len(self._state.keys)

    def sync(self, keys: Iterable[Key], load: Load) -> None:
        """Learn samples, newest first, that are not known yet, and forget those that are gone or were relabeled."""
        counts: dict[str, int] = {}
        wanted: set[Key] = set()
        for key in keys:
            counts[key[1]] = counts.get(key[1], 0) + 1
            if key[1] in self._charset and counts[key[1]] <= MOST_OF_ONE:
                wanted.add(key)
            if len(wanted) >= MOST:
                break
        known = {key: i for i, key in enumerate(self._state.keys)}
        kept = [i for key, i in known.items() if key in wanted]
        directions, learned = [self._state.directions[kept]], [self._state.keys[i] for i in kept]
        for number, sample in load([number for number, _ in sorted(wanted - known.keys())]):
            try:
                images = normalize([sample.content], self._engine.bundle.spec)
            except EmptyInk:
                continue
            if (number, sample.character) in wanted:  # it may have been relabeled meanwhile
                directions.append(self._directions(self._engine.bare_logits(images)))
                learned.append((number, sample.character))
        classes = np.array([self._charset.index(character) for _, character in learned], np.int64)
        self._state = _State(tuple(learned), classes, np.concatenate(directions))
        self._engine.adjust = self.adjust if learned else None

    def adjust(self, logits: Floats) -> Floats:
        """Return logits, float32 (n, classes), with what the samples add."""
        state = self._state
        if not len(state.keys) or not len(logits):
            return logits
        gains = GAIN * np.maximum(self._directions(logits) @ state.directions.T - NEAR, 0.0)
        rows, columns = np.nonzero(gains)
        if not len(rows):
            return logits
        added, count = np.zeros_like(logits), np.zeros_like(logits)
        np.maximum.at(added, (rows, state.classes[columns]), gains[rows, columns])
        np.add.at(count, (rows, state.classes[columns]), 1.0)
        bound = np.minimum(LEAST_BOUND + A_SAMPLE * count, MOST_BOUND)
        return np.asarray(logits + np.minimum(added, bound), np.float32)

    def _directions(self, logits: Floats) -> Floats:
        projected = (logits - self._common) @ self._projection
        return np.asarray(projected / np.maximum(np.linalg.norm(projected, axis=1, keepdims=True), 1e-6), np.float32)
