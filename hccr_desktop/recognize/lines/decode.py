"""The likeliest text along a line: a beam search over what may stand between its places.

A line that was cut, and one that a network read as a whole, are both a lattice: edges between places, each with the
characters that it may be. The score of a path is the sum of its edges' and of how likely its characters follow each
other (Wang, Yin and Liu, PAMI 2012; Graves et al., ICML 2006, for what is said by spikes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.language import Language

Floats = npt.NDArray[np.float32]

BEAM = 16
"""Texts that are followed at once."""


@dataclass(frozen=True)
class TextWeights:
    """How much the text counts, in nats of the recognizer's certainty.

    `language` is the weight of a nat of the language model's, and `character` what each character gains with it, lest
    the model prefer few characters to many; without a language model each costs `alone`.
    """

    language: float
    character: float
    alone: float = 0.0


@dataclass(frozen=True, eq=False)
class Edge:
    """What may stand between two places, `start` < `stop`: `scores` float (k,) of k choices, in nats.

    `numbers` int64 (k,) are the choices' numbers in the language model. Without them the edge has no character,
    and one score.
    """

    start: int
    stop: int
    scores: npt.NDArray[np.floating]
    numbers: npt.NDArray[np.int64] | None


_History = tuple[int, int]
"""The last two characters of a text, as numbers of the language model; 0 before its beginning."""


class _Step(NamedTuple):
    """The last edge of a text, which of its choices (-1 for none), and the text before: a place, and which there."""

    edge: int
    choice: int
    place: int
    state: int


class _Beam(NamedTuple):
    """The best texts up to a place: `histories` int64 (n, 2), `scores` float64 (n,), and the last step of each."""

    histories: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]
    steps: tuple[_Step, ...]


def best_path(edges: Sequence[Edge], language: Language | None, weights: TextWeights) -> list[tuple[int, int]]:
    """Return (edge, choice) of the characters of the best path from place 0, to the last place that can be reached."""
    ending: dict[int, list[int]] = {}
    for number, edge in enumerate(edges):
        ending.setdefault(edge.stop, []).append(number)
    beams = [_Beam(np.zeros((1, 2), np.int64), np.zeros(1), ())]
    for place in range(1, max(ending, default=0) + 1):
        best: dict[_History, tuple[float, _Step]] = {}
        for number in ending.get(place, ()):
            edge = edges[number]
            before = beams[edge.start]
            if len(before.scores) and len(edge.scores):
                _extend(best, before, number, edge, language, weights)
        kept = sorted(best.items(), key=lambda item: -item[1][0])[:BEAM]
        histories = np.array([history for history, _ in kept], np.int64).reshape(-1, 2)
        beams.append(_Beam(histories, np.array([score for _, (score, _) in kept]), tuple(s for _, (_, s) in kept)))
    place = max(place for place, beam in enumerate(beams) if len(beam.scores))
    state, path = 0, []
    while place > 0:
        edge_number, choice, place, state = beams[place].steps[state]
        if choice >= 0:
            path.append((edge_number, choice))
    return path[::-1]


def _extend(
    best: dict[_History, tuple[float, _Step]],
    before: _Beam,
    number: int,
    edge: Edge,
    language: Language | None,
    weights: TextWeights,
) -> None:
    """Put texts that go on with an edge among the best of their histories."""
    if edge.numbers is None:
        for state, ((first, second), score) in enumerate(
            zip(before.histories.tolist(), before.scores.tolist(), strict=True)
        ):
            _keep(best, (first, second), score + float(edge.scores[0]), _Step(number, -1, edge.start, state))
        return
    total = before.scores[:, None] + edge.scores[None, :]
    if language is None:
        total = total - weights.alone
    else:
        total += weights.language * language.after(before.histories, edge.numbers) + weights.character
    last = before.histories[:, 1].tolist()
    for at in np.argsort(-total, axis=None)[:BEAM].tolist():
        state, choice = divmod(at, len(edge.numbers))
        history = (last[state], int(edge.numbers[choice]))
        _keep(best, history, float(total[state, choice]), _Step(number, choice, edge.start, state))


def _keep(best: dict[_History, tuple[float, _Step]], history: _History, score: float, step: _Step) -> None:
    if history not in best or score > best[history][0]:
        best[history] = (score, step)
