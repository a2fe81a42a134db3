"""How likely a character is by how many strokes were written: 鬱 is no letter, whatever its shape resembles.

A hand joins strokes at will, but it hardly ever writes more than a character has: of some 4,400 writings of three sets
of ink (olhwdb, kanjicanvas, tegaki) 3 in a hundred have one stroke more than the standard, 2 in a thousand have more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hccr_desktop.core.ink import Ink, Stroke
from hccr_desktop.core.recognition import Candidate
from hccr_desktop.recognize.facts import strokes

_MORE = (1.0, 0.3, 0.02, 0.002)
"""By how many strokes too many; softer than was counted, as the shape says a part of it, too."""
_TWO = frozenset("0123689CGLOSUVWZacdeghlmnoqrsuvwz") | frozenset("，。、·-—_~～‘’《》〈〉(（)）[]{}「」『』|/\\<>")
_FOUR = frozenset("EMW")
_TAP, _GOES_ON = 0.03, 0.04
"""Largest extent of a tap, and gap at which a stroke goes on, in sides of the writing."""
_STRAY, _FAR, _MOST_STRAY = 0.05, 0.25, 2
"""Largest extent of a stray tap and its least distance, in sides of the rest; how many are left out at most."""
_OF_OTHERS = 3
"""Letters and marks that are not known otherwise."""


def most_strokes(character: str) -> int:
    """Return how many strokes a character is usually written with at most."""
    known = strokes(character)
    if known:
        return known
    return 2 if character in _TWO else 4 if character in _FOUR else _OF_OTHERS


def strokes_written(ink: Ink) -> int:
    """Return how many strokes were meant: a tap is none, nor one that goes on where the last ended."""
    left, top, right, bottom = ink.bounds
    side = max(right - left, bottom - top, 1e-12)
    count, end = 0, None
    for stroke in ink.strokes:
        if count and float(np.ptp(stroke.xy, axis=0).max()) < _TAP * side:
            continue
        if end is None or float(np.hypot(*(stroke.xy[0] - end))) > _GOES_ON * side:
            count += 1
        end = stroke.xy[-1]
    return max(count, 1)


def without_stray(ink: Ink) -> Ink:
    """Return ink without taps far from all else, of which each would make the character small."""
    strokes = list(ink.strokes)
    for _ in range(_MOST_STRAY):
        if len(strokes) < 3:
            break
        stray = next((n for n in range(len(strokes)) if _is_stray(strokes, n)), None)
        if stray is None:
            break
        del strokes[stray]
    return ink if len(strokes) == len(ink.strokes) else Ink(tuple(strokes))


def _is_stray(strokes: Sequence[Stroke], number: int) -> bool:
    own = strokes[number].xy
    rest = np.concatenate([stroke.xy for n, stroke in enumerate(strokes) if n != number])
    low, high = rest.min(axis=0), rest.max(axis=0)
    side = float((high - low).max())
    outside = float(np.maximum(low - own.max(axis=0), own.min(axis=0) - high).max())
    return float(np.ptp(own, axis=0).max()) <= _STRAY * side and outside > _FAR * side


def by_strokes(candidates: Sequence[Candidate], written: int) -> tuple[Candidate, ...]:
    """Return candidates of a character of so many strokes, in order of what is likely then.

    Their probabilities are shares of what they and all that are not among them have together.
    """
    kept = [c.probability * _MORE[min(max(written - most_strokes(c.character), 0), len(_MORE) - 1)] for c in candidates]
    lost = sum(c.probability for c in candidates) - sum(kept)
    if lost <= 0.0:
        return tuple(candidates)
    whole = max(1.0 - lost, 1e-9)
    found = [replace(c, probability=min(p / whole, 1.0)) for c, p in zip(candidates, kept, strict=True)]
    return tuple(sorted(found, key=lambda c: -c.probability))
