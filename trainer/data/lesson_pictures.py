"""What teachers are asked about: pictures of characters, plain and hard, and of what no alphabet holds.

A network that is asked only what it can be expected to know gives little away. Half of the lessons are therefore parts
of two or three characters set side by side or one above the other, as characters are made of components, characters
written over each other, and writing far more vigorous than people's: what a teacher says to them is how it tells
components apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.errors import EmptyInk
from trainer.data.batches import Share, chances_of
from trainer.data.degrade import degrade

Gray = npt.NDArray[np.uint8]
Random = np.random.Generator

PLAIN, HARD, SPLICED, OVERLAID = range(4)
KINDS = ("plain", "hard", "spliced", "overlaid")
_SHARES = (0.42, 0.20, 0.30, 0.08)
_VIGOR = ((0.5, 1.15), (0.9, 1.8), (0.5, 1.3), (0.5, 1.2))
"""By kind, the range of vigor; scans, which are vigorous already, get a share of it."""
_OF_SCANS = 0.75
_SIDE = 96


@dataclass(frozen=True, eq=False)
class Picture:
    """`pixels` uint8 (h, w), dark on light, `image` as the student sees it, uint8 (size, size).

    `character` is empty where nobody knows it; `label` is its class, -1 where there is none; `scanned` is whether
    it is one character's real picture.
    """

    pixels: Gray
    image: Gray
    character: str
    label: int
    kind: int
    scanned: bool


class LessonPictures:
    """Draws the lessons: each a function of a generator."""

    def __init__(self, shares: Sequence[Share], charset: Charset, spec: InputSpec) -> None:
        self._shares = [share for share in shares if share.source.characters and share.weight > 0]
        self._charset = charset
        self._chances = [chances_of(share.source.characters) for share in self._shares]
        weights = np.array([share.weight for share in self._shares])
        self._cumulative = np.cumsum(weights / weights.sum())
        self._spec = spec

    def draw(self, rng: Random) -> Picture:
        """Return a lesson."""
        while True:
            kind = int(np.searchsorted(np.cumsum(_SHARES), rng.random() * sum(_SHARES)))
            try:
                pixels, character, scanned = self._drawn(min(kind, OVERLAID), rng)
                image = normalize([GlyphImage(pixels)], self._spec)[0, 0]
            except EmptyInk:
                continue
            label = self._charset.index(character)
            return Picture(pixels, image, character, -1 if label is None else label, kind, scanned)

    def _drawn(self, kind: int, rng: Random) -> tuple[Gray, str, bool]:
        low, high = _VIGOR[kind]
        vigor = float(rng.uniform(low, high))
        if kind in (PLAIN, HARD):
            return self._character(rng, vigor)
        parts = [self._bare(rng, vigor) for _ in range(2 if kind == OVERLAID or rng.random() < 0.75 else 3)]
        made = _overlaid(parts) if kind == OVERLAID else _spliced(parts, rng)
        return degrade(made, rng, min(vigor, 1.0)), "", False

    def _pick(self, rng: Random) -> tuple[Share, int]:
        which = min(int(np.searchsorted(self._cumulative, rng.random())), len(self._shares) - 1)
        character = int(np.searchsorted(self._chances[which], rng.random()))
        return self._shares[which], character

    def _character(self, rng: Random, vigor: float) -> tuple[Gray, str, bool]:
        share, character = self._pick(rng)
        vigor *= _OF_SCANS if share.source.scanned else share.vigor
        pixels = degrade(share.source.picture(character, rng, vigor), rng, vigor, share.source.hand)
        return pixels, share.source.characters[character], share.source.scanned

    def _bare(self, rng: Random, vigor: float) -> Gray:
        """Return a character's picture without its margins, 255 = ink."""
        share, character = self._pick(rng)
        pixels = share.source.picture(character, rng, vigor * share.vigor)
        ink = (255 - pixels).astype(np.uint8)
        left, top, width, height = cv2.boundingRect((ink > 80).astype(np.uint8))
        if not width or not height:
            raise EmptyInk
        return ink[top : top + height, left : left + width]


def _spliced(parts: Sequence[Gray], rng: Random) -> Gray:
    """Set characters, or components cut from them, side by side or one above the other, dark on light."""
    is_row = rng.random() < 0.6
    shares = rng.uniform(0.6, 1.4, len(parts))
    bounds = np.round(np.cumsum([0.0, *(shares / shares.sum() * _SIDE)])).astype(int)
    canvas = np.zeros((_SIDE, _SIDE), np.uint8)
    for part, start, stop in zip(parts, bounds[:-1], bounds[1:], strict=True):
        if rng.random() < 0.5:
            part = _component(part, rng, is_row=is_row)  # noqa: PLW2901
        slot = np.s_[:, start:stop] if is_row else np.s_[start:stop, :]
        height, width = canvas[slot].shape
        canvas[slot] = np.maximum(canvas[slot], cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA))
    return np.asarray(255 - canvas, np.uint8)


def _component(part: Gray, rng: Random, *, is_row: bool) -> Gray:
    """Cut a character in two where little ink is, near its middle, and return a side."""
    turned = part.T if is_row else part
    length = len(turned)
    if length < 8:
        return part
    low, high = int(0.3 * length), max(int(0.7 * length), int(0.3 * length) + 1)
    ink = turned[low:high].sum(axis=1, dtype=np.int64) + rng.integers(0, 400, high - low)
    cut = low + int(ink.argmin())
    side = turned[:cut] if rng.random() < 0.5 else turned[cut:]
    if not (side > 80).any():
        return part
    return np.ascontiguousarray(side.T if is_row else side)


def _overlaid(parts: Sequence[Gray]) -> Gray:
    """Write one character over another, dark on light."""
    canvas = np.zeros((_SIDE, _SIDE), np.uint8)
    for part in parts:
        canvas = np.maximum(canvas, cv2.resize(part, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
    return np.asarray(255 - canvas, np.uint8)
