"""What a network says along a line → spikes: where it says a character, and which (CTC, Graves et al., ICML 2006)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.specs import LineSpec
from hccr_desktop.recognize.lines.decode import Edge
from hccr_desktop.recognize.lines.strip import Strip

Floats = npt.NDArray[np.float32]

_NONE = 0.9
"""A step is in a spike where the network is less sure than this that no character is there."""
_PARTED = 0.3
"""Spikes of different characters part at a step where no character is less likely than this."""
_CHOICES = 8
"""Most characters that a spike may be."""
_LEAST = 1e-4
"""The least probability that each of them has."""
_ENOUGH = 5
"""Characters that tell how far they are apart."""


@dataclass(frozen=True)
class Spike:
    """Steps `start` to `stop` - 1 that say a character: classes, likeliest first, their log probabilities, none's."""

    start: int
    stop: int
    classes: npt.NDArray[np.int64]
    logs: Floats
    none: float


def spikes_of(probabilities: Floats) -> list[Spike]:
    """Return where characters are, from float32 (t, classes + 1)."""
    none = probabilities[:, -1]
    best = probabilities[:, :-1].argmax(axis=1)
    says = probabilities[:, :-1].max(axis=1) > none
    found, start = [], None
    for t in range(len(none) + 1):
        inside = t < len(none) and none[t] < _NONE
        # Two characters side by side without a step of none between them, or with an unsure one.
        turns = inside and start is not None and best[t] != best[t - 1] and min(none[t], none[t - 1]) < _PARTED
        turns |= inside and start is not None and says[t] and not says[t - 1] and bool(says[start:t].any())
        if start is not None and (not inside or turns):
            found.append(_spike(probabilities, start, t))
            start = None
        if inside and start is None:
            start = t
    return found


def pitch_of(spikes: Sequence[Spike], spec: LineSpec) -> float:
    """Return how many columns of a strip a character takes, from those that are likely; 0 where they are few."""
    sure = [(spike.start + spike.stop) / 2 for spike in spikes if len(spike.logs) and spike.logs[0] > np.log(0.5)]
    return spec.step * float(np.median(np.diff(sure))) if len(sure) >= _ENOUGH else 0.0


def _spike(probabilities: Floats, start: int, stop: int) -> Spike:
    of_each = probabilities[start:stop, :-1].max(axis=0)
    most = min(_CHOICES, len(of_each))
    top = np.argpartition(of_each, -most)[-most:]
    top = top[np.argsort(-of_each[top])]
    top = top[of_each[top] > _LEAST]
    none = float(np.log(np.maximum(probabilities[start:stop, -1], 1e-9)).sum())
    return Spike(start, stop, top, np.log(of_each[top]).astype(np.float32), none)


def joined(a: Spike, b: Spike) -> Spike:
    """Return two spikes as one that is as unsure as which of both tells its character."""
    classes = np.union1d(a.classes, b.classes)
    of_each = [
        np.max(np.exp(spike.logs), where=spike.classes == k, initial=0.0) for k in classes.tolist() for spike in (a, b)
    ]
    logs = np.log(np.array(of_each).reshape(-1, 2).max(axis=1) / 2).astype(np.float32)
    order = np.argsort(-logs)
    return Spike(a.start, b.stop, classes[order], logs[order], a.none + b.none)


def middle_of_spike(strip: Strip, spike: Spike, spec: LineSpec, *, is_mark: bool) -> float:
    """Return where the middle of a spike's character is on the page, along the line."""
    late = spec.mark_late if is_mark else spec.late
    return strip.left + ((spike.start + spike.stop) / 2 * spec.step - late) / strip.scale


def edges_of(spikes: Sequence[Spike], numbers: npt.NDArray[np.int64], skip: float) -> list[Edge]:
    """Return the lattice of a line: for each spike an edge of its characters and one of none, in this order.

    `numbers` are the classes' in the language model; `skip` is the weight of the chance that nothing is there.
    """
    edges = []
    for place, spike in enumerate(spikes):
        edges.append(Edge(place, place + 1, spike.logs, numbers[spike.classes], spike.logs))
        edges.append(Edge(place, place + 1, np.array([skip * spike.none])))
    return edges
