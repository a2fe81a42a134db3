"""Where training pictures come from: scans, ink, templates, fonts, each as a `Source`.

A source knows its characters and gives a fresh picture of one of them: uint8 (h, w), dark on
light, before `degrade` and `normalize`, which all sources share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw, fitting_pen
from hccr_desktop.core.sample import Sample
from trainer.data.fonts import FontGlyphs, render_fonts
from trainer.data.writing import Template, write

Gray = npt.NDArray[np.uint8]

_STORED_SIDE = 96


class Source(Protocol):
    """Gives pictures of characters."""

    @property
    def characters(self) -> Sequence[str]:
        """The characters it can give, sorted."""

    @property
    def scanned(self) -> bool:
        """Whether its pictures are scans of real writing."""

    @property
    def hand(self) -> float:
        """How much of a writer's posture its pictures still lack, 0..1; see `degrade`."""

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> Gray:
        """Return a picture of `characters[character]`, uint8 (h, w), dark on light."""


class ScanSource:
    """Real pictures, kept at no more than `_STORED_SIDE` pixels a side."""

    scanned = True
    hand = 0.0

    def __init__(self, samples: Iterable[Sample]) -> None:
        pictures: dict[str, list[Gray]] = {}
        for sample in samples:
            if isinstance(sample.content, GlyphImage):
                pictures.setdefault(sample.character, []).append(stored(sample.content.pixels))
        self.characters = sorted(pictures)
        self._pictures = [pictures[character] for character in self.characters]

    def every(self) -> Iterator[tuple[str, Gray]]:
        """Yield all pictures with their characters."""
        for character, pictures in zip(self.characters, self._pictures, strict=True):
            for picture in pictures:
                yield character, picture

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> Gray:
        """Return one of the character's pictures as it is."""
        choices = self._pictures[character]
        return choices[int(rng.integers(len(choices)))]


def stored(pixels: Gray) -> Gray:
    """Return a picture as it is kept, uint8 (h, w): no larger than `_STORED_SIDE` a side."""
    side = max(pixels.shape)
    if side <= _STORED_SIDE:
        return pixels
    scale = _STORED_SIDE / side
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


class WritingSource:
    """Ink written anew each time."""

    scanned = False
    hand = 0.0

    def __init__(self, samples: Iterable[Sample]) -> None:
        templates: dict[str, list[Template]] = {}
        for sample in samples:
            if isinstance(sample.content, Ink) and not sample.content.is_empty:
                templates.setdefault(sample.character, []).append(Template.from_ink(sample.content))
        self.characters = sorted(templates)
        self._templates = [templates[character] for character in self.characters]

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> Gray:
        """Write the character with a pen of random width and return its picture."""
        choices = self._templates[character]
        lines = write(choices[int(rng.integers(len(choices)))], rng, vigor)
        pen = fitting_pen(lines) * float(np.clip(np.exp(0.28 * rng.standard_normal() - 0.10), 0.5, 1.68))
        return draw(lines, pen=pen).pixels


class FontSource:
    """Handwriting fonts: mostly their center lines, gone over with a pen, else their own brush."""

    scanned = False
    hand = 1.0

    def __init__(self, fonts: dict[str, FontGlyphs], weights: dict[str, float]) -> None:
        self._fonts = [font for font in fonts.values() if font.characters]
        self._weights = [weights.get(name, 1.0) for name, font in fonts.items() if font.characters]
        places: dict[str, list[tuple[int, int]]] = {}
        for number, font in enumerate(self._fonts):
            for index, character in enumerate(font.characters):
                places.setdefault(character, []).append((number, index))
        self.characters = sorted(places)
        self._places = [places[character] for character in self.characters]

    @classmethod
    def from_folder(cls, folder: Path, characters: Iterable[str], weights: dict[str, float]) -> FontSource:
        """Render the fonts of a folder."""
        return cls(render_fonts(folder, characters), weights)

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> Gray:
        """Return the character in one of the fonts that hold it, drawn by weight."""
        places = self._places[character]
        shares = np.cumsum([self._weights[font] for font, _ in places])
        font, index = places[int(np.searchsorted(shares, rng.random() * shares[-1]))]
        if rng.random() < 0.25:
            return self._fonts[font].glyph(index)
        away = cv2.distanceTransform(self._fonts[font].center_lines(index), cv2.DIST_L2, 5)
        smooth = cv2.GaussianBlur(away, (0, 0), 0.8)
        radius = 0.3 + 1.15 * float(np.clip(np.exp(0.28 * rng.standard_normal()), 0.5, 1.8))
        return np.asarray(255.0 * (smooth - np.float32(radius - 0.5)).clip(0.0, 1.0), np.uint8)
