"""Pictures of pages → their text, a page at a time: what the command line and the window consume."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.recognize.engine import give_back_memory
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.layout import Show, analyze
from hccr_desktop.recognize.lines import LineReader

Direction = Literal["auto", "horizontal", "vertical"]

_DOUBTFUL, _MARGIN, _LEAST = 0.0, 0.3, 6
"""Below this plausibility a page of so many characters is read in columns too; they must be likelier by a margin."""

_BARE = frozenset("1lI|丨一—-_、。，.·:：…丶丿′'`~")


@dataclass(frozen=True)
class Page:
    """A page that was read: its number in its file, from 1, its width and height, and the characters of each line."""

    number: int
    size: tuple[int, int]
    lines: tuple[tuple[Recognition, ...], ...]
    is_vertical: bool = False
    """Whether the lines are columns from the right."""

    @property
    def text(self) -> str:
        """The text, a line of it a line of the page."""
        return "\n".join("".join(answer.best.character for answer in line) for line in self.lines)


def read_page(
    picture: GlyphImage,
    reader: LineReader,
    number: int = 1,
    direction: Direction = "auto",
    show: Show | None = None,
) -> Page:
    """Read one page: in rows, in columns from the right, or in whichever gives the likelier text.

    `show` is given a picture of each step of its layout.
    """
    pixels = np.asarray(picture.pixels)

    def read(vertical: bool) -> tuple[tuple[Recognition, ...], ...]:
        layout = analyze(pixels, vertical=vertical, show=show)
        return tuple(line for line in reader.read(layout, layout.lines) if _is_writing(line))

    is_vertical = direction == "vertical"
    lines = read(is_vertical)
    if direction == "auto":
        likely = plausibility(lines, reader.language)
        if likely < _DOUBTFUL and sum(map(len, lines)) >= _LEAST:
            columns = read(vertical=True)
            if plausibility(columns, reader.language) > likely + _MARGIN:
                lines, is_vertical = columns, True
    give_back_memory()  # the pictures of the steps
    return Page(number, (picture.width, picture.height), lines, is_vertical)


def plausibility(lines: Sequence[Sequence[Recognition]], language: Language | None) -> float:
    """Return how likely characters and their order are: nats a character of certainty, and of mutual information."""
    answers = [answer for line in lines for answer in line]
    if not answers:
        return -np.inf
    found = float(np.mean([np.log(max(answer.best.probability, 1e-9)) for answer in answers]))
    if language is None:
        return found
    gains = []
    for line in lines:
        numbers = language.numbers([answer.best.character for answer in line])
        for before, now in itertools.pairwise(numbers.tolist()):
            if before and now:
                pair = language.after(np.array([before]), np.array([now]))[0, 0]
                gains.append(float(pair - language.single[now]))
    return found + (float(np.mean(gains)) if gains else 0.0)


def _is_writing(line: tuple[Recognition, ...]) -> bool:
    """Say whether a line is more than bare strokes, such as a page's edge or the rests of a ruling give."""
    bare = sum(answer.best.character in _BARE for answer in line)
    return bare < len(line) and (len(line) < 4 or bare < 0.7 * len(line))
