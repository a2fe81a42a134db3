"""What the recognizer answers: `Candidate`, `Recognition`, and of a page `TextLine`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the page; right and bottom are exclusive."""


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


HANDWRITTEN, PRINTED = "handwritten", "printed"
"""Kinds of lines."""


@dataclass(frozen=True)
class Candidate:
    """One answer; `probability` 0..1 is calibrated: of those said with 0.9, nine in ten are right."""

    character: str
    probability: float


@dataclass(frozen=True)
class Recognition:
    """The candidates for one character, likeliest first.

    `box` is where it stood on its page, or None; `model` the id of the bundle that answered;
    `elapsed_ms` the time for preparation and inference, a batch's share where it came in one.
    """

    candidates: tuple[Candidate, ...]
    model: str
    elapsed_ms: float
    box: Box | None = None

    @property
    def best(self) -> Candidate:
        """The likeliest candidate."""
        return self.candidates[0]


@dataclass(frozen=True)
class TextLine(Sequence[Recognition]):
    """A line of a page: its characters from its beginning, and the script that it is written in.

    A line of a script that is not read has no characters but a `box`. What is `inserted` was written, smaller, into the
    line before it. `kind` is "handwritten" or "printed".
    """

    answers: tuple[Recognition, ...]
    script: str = "Han"
    box: Box | None = None
    inserted: bool = False
    kind: str = HANDWRITTEN

    @overload
    def __getitem__(self, index: int) -> Recognition: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Recognition, ...]: ...
    def __getitem__(self, index: int | slice) -> Recognition | tuple[Recognition, ...]:
        return self.answers[index]

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def text(self) -> str:
        """The characters; where they are not read, the script in brackets."""
        return "".join(answer.best.character for answer in self.answers) or f"[{self.script}]"
