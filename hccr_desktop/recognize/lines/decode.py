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
_LEAST = 1e-4
"""The least chance that a character is none of the choices, and of a share of it."""


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

    `numbers` int64 (k,) are the choices' numbers in the language model, `logs` float (k,) the logarithms of their
    probabilities, as the ink alone tells. Without numbers the edge has no character, and one score.
    """

    start: int
    stop: int
    scores: npt.NDArray[np.floating]
    numbers: npt.NDArray[np.int64] | None = None
    logs: npt.NDArray[np.floating] | None = None


@dataclass(frozen=True)
class Calibration:
    """How sure a character is whose log odds come out as some: `offset` + `slope` × these (Platt, 1999)."""

    slope: float = 1.0
    offset: float = 0.0


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


def likely_choices(
    edges: Sequence[Edge],
    path: Sequence[tuple[int, int]],
    language: Language | None,
    weights: TextWeights,
    calibration: Calibration,
) -> list[npt.NDArray[np.float64]]:
    """Return how likely each choice is at each character of a path, float64 (k,), its neighbors being as they are.

    All choices of an edge and what is none of them share 1; the one on the path has the largest part.
    """
    if not path:
        return []
    most = max(len(edges[edge].scores) for edge, _ in path)
    scores, numbers = np.full((len(path), most), -np.inf), np.zeros((len(path), most), np.int64)
    text, none = np.zeros(len(path) + 4, np.int64), np.zeros(len(path))
    for at, (number, choice) in enumerate(path):
        edge = edges[number]
        assert edge.numbers is not None
        assert edge.logs is not None
        scores[at, : len(edge.scores)] = edge.scores
        numbers[at, : len(edge.scores)] = edge.numbers
        text[at + 2] = edge.numbers[choice]
        none[at] = edge.scores[choice] - edge.logs[choice] + np.log(max(1.0 - float(np.exp(edge.logs).sum()), _LEAST))
    if language is not None:
        scores = scores + weights.language * _fit(text, numbers, language)
    found = []
    for at, (number, choice) in enumerate(path):
        own = scores[at, : len(edges[number].scores)]
        fits = own[choice] - edges[number].scores[choice]  # what is none of them fits as well
        shares = np.exp(np.append(own, none[at] + fits) - own.max())
        others = float(shares.sum() - shares[choice])
        odds = np.log(max(float(shares[choice]), _LEAST) / max(others, _LEAST))
        best = 1.0 / (1.0 + np.exp(-(calibration.offset + calibration.slope * odds)))
        likely = np.minimum(shares[:-1] * (1.0 - best) / max(others, _LEAST), best)
        likely[choice] = best
        found.append(likely)
    return found


def _fit(text: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64], language: Language) -> Floats:
    """Return how likely choices, int64 (n, k), make a text around them, in nats, float32 (n, k).

    The text is int64 (n + 4,), two characters of none before and behind it.
    """
    count = len(numbers)
    places, wide = np.arange(count), np.broadcast_to

    def at(ahead: int) -> npt.NDArray[np.int64]:
        return wide(text[places + 2 + ahead][:, None], numbers.shape)

    fit = language.following(np.stack([at(-2), at(-1)], axis=-1), numbers)
    fit = fit + np.where((places + 1 < count)[:, None], language.following(np.stack([at(-1), numbers], -1), at(1)), 0)
    return fit + np.where((places + 2 < count)[:, None], language.following(np.stack([numbers, at(1)], -1), at(2)), 0)
