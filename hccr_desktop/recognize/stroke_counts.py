"""How likely a character is by how many strokes were written: 鬱 is no letter, whatever its shape resembles.

A hand joins strokes at will, but it hardly ever writes more than a character has: of some 4,400 writings of three sets
of ink (olhwdb, kanjicanvas, tegaki) 3 in a hundred have one stroke more than the standard, 2 in a thousand have more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hccr_desktop.core.recognition import Candidate
from hccr_desktop.recognize.facts import strokes

_MORE = (1.0, 0.3, 0.02, 0.002)
"""By how many strokes too many; softer than was counted, as the shape says a part of it, too."""
_TWO = frozenset("0123689CGLOSUVWZacdeghlmnoqrsuvwz") | frozenset("，。、·-—_~～‘’《》〈〉(（)）[]{}「」『』|/\\<>")
_FOUR = frozenset("EMW")
_OF_OTHERS = 3
"""Letters and marks that are not known otherwise."""


def most_strokes(character: str) -> int:
    """Return how many strokes a character is usually written with at most."""
    known = strokes(character)
    if known:
        return known
    return 2 if character in _TWO else 4 if character in _FOUR else _OF_OTHERS


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
