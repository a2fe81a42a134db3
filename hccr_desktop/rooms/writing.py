"""What is written on the pad, as text: candidates ranked by what stands before, rows to be corrected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate
from hccr_desktop.core.sample import Sample
from hccr_desktop.recognize.language import START, Language
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
    last = language.numbers([START, START, *before])[-2:]
    gain = np.where(numbers > 0, language.after(last[None], numbers)[0] - language.fallback[numbers], 0.0)
    scores = [math.log(max(c.probability, 1e-9)) + CONTEXT * float(g) for c, g in zip(candidates, gain, strict=True)]
    shares = np.exp(np.array(scores) - max(scores))
    shares *= sum(c.probability for c in candidates) / shares.sum()
    found = [Ranked(c.character, float(p), c.probability) for c, p in zip(candidates, shares, strict=True)]
    return tuple(sorted(found, key=lambda r: -r.probability))


class Row:
    """The characters of a row, each with what was chosen for it; one is selected, to be corrected."""

    def __init__(self, written: Sequence[Written] = ()) -> None:
        self.written = tuple(written)
        self.chosen = [w.recognition.best.character for w in written]
        doubtful = [i for i, w in enumerate(written) if w.recognition.best.probability < DOUBTFUL]
        self.selected = doubtful[0] if doubtful else max(len(written) - 1, 0)

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
            self.chosen[self.selected] = character
            self.select(self.selected + 1)

    @property
    def taken(self) -> list[Taken]:
        """What each character was taken for, its ink, and what it was read as."""
        return [(c, w.ink, w.recognition.best.character) for c, w in zip(self.chosen, self.written, strict=True)]


def samples_of(taken: Sequence[Taken], writer: str) -> list[tuple[Sample, str]]:
    """Return what was taken as samples of a writer, each with what it was read as."""
    return [
        (Sample(character, item, writer, "pad" if isinstance(item, Ink) else "image"), read_as)
        for character, item, read_as in taken
    ]
