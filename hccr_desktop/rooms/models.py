"""Models side by side: what they weigh, how fast they are here, and where they differ."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import has_ink
from hccr_desktop.core.sample import Sample, held_out
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry

_RUNS, _AT_ONCE = 60, 64
_WRITING = Ink.from_points([[[10, 45], [92, 45]], [[51, 8], [50, 95]], [[50, 46], [10, 80]], [[50, 46], [92, 80]]])


def milliseconds(bundle: ModelBundle) -> float:
    """Return the median time of one character, preparation included, on one thread of this computer."""
    engine = Engine(bundle, 1)
    times = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        engine.recognize(_WRITING)
        times.append((time.perf_counter() - started) * 1e3)
    return float(np.median(times[_RUNS // 4 :]))


@dataclass(frozen=True)
class Shelf:
    """The models at hand: the active one's id, all of them with their depth, and whether one was active before."""

    active: str
    listed: tuple[tuple[int, ModelBundle], ...]
    can_roll_back: bool


def shelf() -> Shelf:
    """Return the models at hand; raises `ModelError`."""
    registry = Registry()
    return Shelf(registry.active().id, tuple(ancestry(registry.bundles())), registry.can_roll_back)


def ancestry(bundles: Sequence[ModelBundle]) -> list[tuple[int, ModelBundle]]:
    """Return models with their depth below the one that they were made from, children after their parent."""
    known = {bundle.id for bundle in bundles}

    def below(parent: str | None, depth: int) -> list[tuple[int, ModelBundle]]:
        found = []
        for bundle in bundles:
            own = bundle.parent if bundle.parent in known and bundle.parent != bundle.id else None
            if own == parent:
                found += [(depth, bundle), *below(bundle.id, depth + 1)]
        return found

    listed = below(None, 0)
    lost = [bundle for bundle in bundles if bundle.id not in {b.id for _, b in listed}]  # each the other's parent
    return listed + [(0, bundle) for bundle in lost]


@dataclass(frozen=True)
class Comparison:
    """Two models on the same samples, none of which a training learned from: shares that each read right, and where
    they differ.

    `differences` are written character, first model's answer, second model's, and how often.
    """

    samples: int
    first: float
    second: float
    differences: tuple[tuple[str, str, str, int], ...]


def compare(
    first: ModelBundle,
    second: ModelBundle,
    samples: Sequence[Sample],
    on: Callable[[int, int], bool] = lambda _done, _all: True,
) -> Comparison:
    """Read labeled samples with both, those that are held out from every training (`core.sample.held_out`).

    `on(done, all)` hears the progress and stops it by False. Raises `InputError` where there are none.
    """
    held = held_out(samples)
    samples = [sample for sample, is_held in zip(samples, held, strict=True) if is_held and has_ink(sample.content)]
    if not samples:
        raise InputError(
            "There are no samples to compare the models on.",
            "Collect or import some: of each character a quarter is kept for that, one of three.",
        )
    engines = Engine(first, 1), Engine(second, 1)
    counts: dict[tuple[str, str, str], int] = {}
    right = [0, 0]
    seen = 0
    for start in range(0, len(samples), _AT_ONCE):
        if not on(start, len(samples)):
            break
        part = samples[start : start + _AT_ONCE]
        answers = [e.recognize_batch([s.content for s in part], top=1) for e in engines]
        for sample, a, b in zip(part, *answers, strict=True):
            one, two = a.best.character, b.best.character
            right[0] += one == sample.character
            right[1] += two == sample.character
            seen += 1
            if one != two:
                key = (sample.character, one, two)
                counts[key] = counts.get(key, 0) + 1
    ordered = tuple((*key, count) for key, count in sorted(counts.items(), key=lambda item: -item[1]))
    return Comparison(seen, right[0] / max(seen, 1), right[1] / max(seen, 1), ordered)
