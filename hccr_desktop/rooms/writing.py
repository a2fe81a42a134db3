"""What is written on the pad, as text: candidates ranked by what stands before, rows to be corrected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate
from hccr_desktop.core.sample import Sample

if TYPE_CHECKING:
    from hccr_desktop.recognize.language import Language
    from hccr_desktop.recognize.lines.rows import Written

Taken = tuple[str, Ink | GlyphImage, str]
"""A character that was chosen, what was written, and what that was read as, empty where it was not."""

CONTEXT = 0.5
"""How much a nat of the text before counts against one of the recognizer's certainty."""

DOUBTFUL = 0.8
"""A character of a row whose probability is below is looked at first."""


@dataclass(frozen=True)
class Ranked:
    """A candidate with its probability after the text before it, and alone."""

    character: str
    probability: float
    alone: float


def ranked(candidates: Sequence[Candidate], before: str, language: Language | None) -> tuple[Ranked, ...]:
    """Order candidates by their probability and by how much likelier they are after `before` than elsewhere.

    Pointwise mutual information counts the text once only: how common a character is by itself is part of
    the recognizer's probability already. The candidates share the probability that they had together.
    """
    if language is None or not candidates:
        return tuple(Ranked(c.character, c.probability, c.probability) for c in candidates)
    numbers = language.numbers([c.character for c in candidates])
    last = language.last_two(before)
    gain = np.where(numbers > 0, language.after(last[None], numbers)[0] - language.fallback[numbers], 0.0)
    scores = [math.log(max(c.probability, 1e-9)) + CONTEXT * float(g) for c, g in zip(candidates, gain, strict=True)]
    shares = np.exp(np.array(scores) - max(scores))
    shares *= sum(c.probability for c in candidates) / shares.sum()
    found = [Ranked(c.character, float(p), c.probability) for c, p in zip(candidates, shares, strict=True)]
    return tuple(sorted(found, key=lambda r: -r.probability))


def likely_next(before: str, language: Language | None, count: int) -> tuple[Ranked, ...]:
    """Return the characters that likely follow a text, likeliest first; none where there is no text."""
    if language is None or not before:
        return ()
    all_of = np.arange(1, len(language.characters))
    last = language.last_two(before)
    chances = language.after(last[None], all_of)[0]
    best = np.argpartition(-chances, count)[:count]
    best = best[np.argsort(-chances[best])]
    return tuple(Ranked(language.characters[i + 1], p, p) for i in best if (p := float(np.exp(chances[i]))) > 0)


_WIDE, _VERY_WIDE = 1.6, 2.2
"""Times as wide as high, or as high as wide: more than one character, where there are gaps."""
_READ_WELL = 0.8


def looks_like(item: Ink, best: float) -> str:
    """Return "row" or "column" for ink that is taken for one character and does not look so, else "".

    `best` is the probability of the likeliest character.
    """
    left, top, right, bottom = item.bounds
    width, height = right - left, bottom - top
    wide = _WIDE if best < _READ_WELL else _VERY_WIDE
    if len(item.strokes) < 4:
        return ""
    if width > wide * height and _has_gap(item, 0, 0.04 * height):
        return "row"
    if height > wide * width and _has_gap(item, 1, 0.04 * width):
        return "column"
    return ""


def _has_gap(item: Ink, axis: int, least: float) -> bool:
    """Tell whether strokes leave a gap along an axis."""
    spans = sorted((float(s.xy[:, axis].min()), float(s.xy[:, axis].max())) for s in item.strokes)
    end = spans[0][1]
    for low, high in spans[1:]:
        if low > end + least:
            return True
        end = max(end, high)
    return False


def looks_like_page(glyph: GlyphImage, best: float) -> bool:
    """Tell whether a picture that is taken for one character looks like a row or a page.

    A character is about as wide as high and hangs together in few parts.
    """
    import cv2

    if best >= _READ_WELL:
        return False
    threshold = (int(glyph.pixels.min()) + int(glyph.pixels.max())) // 2
    ink = (glyph.pixels < threshold).astype(np.uint8)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return False
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    parts = cv2.connectedComponentsWithStats(ink)[2][1:, cv2.CC_STAT_AREA]
    large = int((parts > 0.002 * height * width).sum()) if len(parts) < 2_000 else len(parts)
    return large > _MOST_PARTS or (max(height, width) > _WIDE * min(height, width) and large > 3)


_MOST_PARTS = 16
"""Of one character: 鬱 in separate strokes has fewer."""


class Row:
    """The characters of a row, each with what was chosen for it; one is selected, to be corrected.

    What was chosen for the same strokes `before` stays chosen: a row is read anew whenever something is written.
    """

    def __init__(self, written: Sequence[Written] = (), before: Row | None = None) -> None:
        self.written = tuple(written)
        corrected = before.corrected if before is not None else []
        self._corrected = {
            number: character
            for number, one in enumerate(written)
            for ink, character in corrected
            if _is_same(ink, one.ink)
        }
        self.chosen = [self._corrected.get(n, w.recognition.best.character) for n, w in enumerate(written)]
        unsure = [n for n, w in enumerate(written) if w.recognition.best.probability < DOUBTFUL]
        doubtful = [n for n in unsure if n not in self._corrected]
        self.selected = doubtful[0] if doubtful else max(len(written) - 1, 0)

    @property
    def corrected(self) -> list[tuple[Ink, str]]:
        """What the user chose, each with what was written."""
        return [(self.written[number].ink, character) for number, character in self._corrected.items()]

    @property
    def text(self) -> str:
        """The characters as they are chosen."""
        return "".join(self.chosen)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Candidates of the selected character."""
        return self.written[self.selected].recognition.candidates if self.written else ()

    def select(self, number: int) -> None:
        """Select a character."""
        if 0 <= number < len(self.written):
            self.selected = number

    def choose(self, character: str) -> None:
        """Say what the selected character is, and go on to the next."""
        if self.written:
            self.chosen[self.selected] = self._corrected[self.selected] = character
            self.select(self.selected + 1)

    @property
    def taken(self) -> list[Taken]:
        """What each character was taken for, its ink, and what it was read as."""
        return [(c, w.ink, w.recognition.best.character) for c, w in zip(self.chosen, self.written, strict=True)]


def _is_same(one: Ink, other: Ink) -> bool:
    pairs = zip(one.strokes, other.strokes, strict=False)
    return len(one.strokes) == len(other.strokes) and all(np.array_equal(a.points, b.points) for a, b in pairs)


def samples_of(taken: Sequence[Taken], writer: str) -> list[tuple[Sample, str]]:
    """Return what was taken as samples of a writer, each with what it was read as."""
    return [
        (Sample(character, item, writer, "pad" if isinstance(item, Ink) else "image"), read_as)
        for character, item, read_as in taken
    ]
