"""The replay bank: a few synthetic writings of every character, in one small file.

It travels with the application, so that a model that learns a user's hand can go on practicing
all other characters, and be examined in them, without the data it was made from. A writing is a
trajectory, thinned to the points that bend it and kept to 1/255 of its size; pens, papers and
deformations are put on when it is used.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import PenPath, draw, fitting_pen
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import TooLarge, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside
from trainer.data.writing import Template, write

MAX_BANK_BYTES, MAX_UNPACKED_BYTES = 16 * 2**20, 64 * 2**20
_TOLERANCE = 1.5
"""Largest distance, in 255ths of the character, of a left-out point from the line."""


@dataclass(frozen=True, eq=False)
class Bank:
    """Writings, `each` a character, those of one character together.

    `points` uint8 (n, 2) are x, y in the unit square times 255; `stroke_ends` (strokes,) says where
    each stroke's points end, `writing_ends` (characters × each,) where each writing's strokes do;
    both are exclusive.
    """

    characters: tuple[str, ...]
    each: int
    points: npt.NDArray[np.uint8]
    stroke_ends: npt.NDArray[np.int32]
    writing_ends: npt.NDArray[np.int32]

    def ink(self, character: int, number: int) -> Ink:
        """Return writing `number` of `characters[character]`."""
        i = character * self.each + number
        first = int(self.writing_ends[i - 1]) if i else 0
        bounds = self.stroke_ends[first : self.writing_ends[i]]
        start = int(self.stroke_ends[first - 1]) if first else 0
        strokes = []
        for end in bounds.tolist():
            strokes.append(self.points[start:end].astype(np.float32))
            start = end
        return Ink.from_points(strokes)

    def save(self, path: Path) -> None:
        """Write the bank, aside and renamed."""
        with written_aside(path) as out:
            np.savez_compressed(
                out,
                characters=np.array(self.characters, dtype=np.str_),
                each=np.array(self.each),
                points=self.points,
                stroke_ends=self.stroke_ends,
                writing_ends=self.writing_ends,
            )


def load_bank(path: Path) -> Bank:
    """Read a bank as data only; raises `UnreadableFile` or `TooLarge` for anything else."""
    data = read_bounded(path, MAX_BANK_BYTES)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise TooLarge("{name} unpacks to more than a replay bank can hold.", name=path.name)
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            bank = Bank(
                tuple(str(c) for c in kept["characters"]),
                int(kept["each"]),
                np.asarray(kept["points"], np.uint8).reshape(-1, 2),
                np.asarray(kept["stroke_ends"], np.int32),
                np.asarray(kept["writing_ends"], np.int32),
            )
        consistent = (
            bank.each > 0
            and len(bank.writing_ends) == len(bank.characters) * bank.each
            and int(bank.writing_ends[-1]) == len(bank.stroke_ends)
            and int(bank.stroke_ends[-1]) == len(bank.points)
            and bool(
                (np.diff(bank.stroke_ends, prepend=0) > 0).all() and (np.diff(bank.writing_ends, prepend=0) > 0).all()
            )
        )
    except (ValueError, KeyError, OSError, EOFError, IndexError, TypeError, zipfile.BadZipFile) as error:
        raise UnreadableFile("{name} is no replay bank.", "Install the application again.", name=path.name) from error
    if not consistent:
        raise UnreadableFile("{name} is damaged.", "Install the application again.", name=path.name)
    return bank


def make_bank(
    templates: Iterable[Sample],
    characters: Sequence[str],
    each: int,
    vigor: float,
    seed: int,
    *,
    calm: Collection[str] = (),
) -> Bank:
    """Write every character that has a template `each` times; several templates of one take turns.

    Those in `calm` are written slowly: in a hurry the dots of … would become a dash.
    """
    found: dict[str, list[Template]] = {character: [] for character in characters}
    for sample in templates:
        if isinstance(sample.content, Ink) and not sample.content.is_empty and sample.character in found:
            found[sample.character].append(Template.from_ink(sample.content))
    rng = np.random.default_rng(seed)
    kept = tuple(sorted(character for character, choices in found.items() if choices))
    strokes: list[npt.NDArray[np.uint8]] = []
    writing_ends = []
    for character in kept:
        for number in range(each):
            choices = found[character]
            lines = write(
                choices[number % len(choices)],
                rng,
                (0.3 if character in calm else 1.0) * vigor * float(rng.uniform(0.5, 1.1)),
            )
            strokes.extend(_thinned(lines))
            writing_ends.append(len(strokes))
    return Bank(
        kept,
        each,
        np.concatenate(strokes),
        np.cumsum([len(stroke) for stroke in strokes]).astype(np.int32),
        np.array(writing_ends, np.int32),
    )


def _thinned(path: PenPath) -> Iterable[npt.NDArray[np.uint8]]:
    low, high = path.xy.min(axis=0), path.xy.max(axis=0)
    scaled = (path.xy - low) * np.float32(255.0 / max(float((high - low).max()), 1e-6))
    start = 0
    for end in (path.ends + 1).tolist():
        bent = cv2.approxPolyDP(scaled[start:end, None, :], _TOLERANCE, closed=False)
        yield np.asarray(bent[:, 0].round().clip(0, 255), np.uint8)
        start = end


class BankSource:
    """The bank's writings, but for the last of each character, which is for examination."""

    scanned = False
    hand = 0.0

    def __init__(self, bank: Bank, characters: Iterable[str]) -> None:
        wanted = set(characters)
        self._bank = bank
        self._places = [i for i, character in enumerate(bank.characters) if character in wanted]
        self.characters = [bank.characters[i] for i in self._places]

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> npt.NDArray[np.uint8]:
        """Draw one of the character's writings with a pen of random width."""
        number = int(rng.integers(max(self._bank.each - 1, 1)))
        return draw_with_some_pen(self._bank.ink(self._places[character], number), rng)


def draw_with_some_pen(ink: Ink, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw an ink with a pen of random width, uint8 (h, w), 255 = paper."""
    lines = PenPath.of(ink)
    return draw(lines, pen=fitting_pen(lines) * float(np.clip(np.exp(0.28 * rng.standard_normal()), 0.54, 1.68))).pixels


def examination(bank: Bank, characters: Iterable[str]) -> list[Sample]:
    """Return the last writing of each character, never trained on."""
    wanted = set(characters)
    return [Sample(c, bank.ink(i, bank.each - 1)) for i, c in enumerate(bank.characters) if c in wanted]
