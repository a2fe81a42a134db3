"""Openly licensed handwriting fonts as one more hand for every character they hold.

In: a folder of .ttf, .otf, .woff or .woff2 files, subsets of a font in one subfolder counting as
one font. Out: glyph pictures by font and character, in one flat array that worker processes
share. Fonts stay out of the repository; resources/docs/trainer.md says where they come from.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from hccr_desktop.errors import StorageError
from hccr_desktop.files import decoding, written_aside

_SUFFIXES = {".ttf", ".otf", ".woff", ".woff2"}
_SIZE = 64


@dataclass(frozen=True, eq=False)
class FontGlyphs:
    """Pictures of characters and their center lines.

    `pixels` and `lines` are flat uint8; entry i is (h, w) = `shapes[i]` from `offsets[i]`.
    """

    characters: tuple[str, ...]
    shapes: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    pixels: npt.NDArray[np.uint8]
    lines: npt.NDArray[np.uint8]

    def glyph(self, index: int) -> npt.NDArray[np.uint8]:
        """Return picture `index`, uint8 (h, w), 255 = paper."""
        return self._entry(self.pixels, index)

    def center_lines(self, index: int) -> npt.NDArray[np.uint8]:
        """Return the center lines of picture `index`, uint8 (h, w): 0 on them, 1 elsewhere."""
        return self._entry(self.lines, index)

    def _entry(self, flat: npt.NDArray[np.uint8], index: int) -> npt.NDArray[np.uint8]:
        height, width = self.shapes[index]
        start = self.offsets[index]
        return flat[start : start + height * width].reshape(height, width)


def render_fonts(folder: Path, characters: Iterable[str]) -> dict[str, FontGlyphs]:
    """Render what each font (a subfolder, or a file) holds of `characters`; kept for the next run.

    Raises `UnreadableFile` where one is damaged.
    """
    wanted = set(characters)
    fonts: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            relative = path.relative_to(folder)
            fonts.setdefault(relative.parts[0], []).append(path)
    return {name: _kept(folder, name, paths, wanted) for name, paths in fonts.items()}


def _kept(folder: Path, name: str, paths: list[Path], wanted: set[str]) -> FontGlyphs:
    """Load the font's pictures from an earlier run, or render and keep them: rendering takes seconds."""
    state = [f"{path.name} {path.stat().st_size}" for path in paths]  # and the shape of the file that is kept
    key = hashlib.sha256("\n".join(["pixels and lines", *state, *sorted(wanted)]).encode()).hexdigest()[:16]
    cache = folder / f".glyphs-{name}-{key}.npz"
    with suppress(OSError, ValueError, KeyError, EOFError, BadZipFile), cache.open("rb") as file:
        kept = np.load(file, allow_pickle=False)
        characters = tuple(str(c) for c in kept["characters"])
        return FontGlyphs(characters, kept["shapes"], kept["offsets"], kept["pixels"], kept["lines"])
    made = _render_font(paths, wanted)
    with suppress(StorageError), written_aside(cache) as out:  # where nothing can be kept, it is drawn each time
        np.savez(
            out,
            characters=np.array(made.characters, dtype=np.str_),
            shapes=made.shapes,
            offsets=made.offsets,
            pixels=made.pixels,
            lines=made.lines,
        )
    return made


def _render_font(paths: list[Path], wanted: set[str]) -> FontGlyphs:
    found: dict[str, npt.NDArray[np.uint8]] = {}
    for path in paths:
        with decoding(path.name), TTFont(path, lazy=True) as table:
            held = sorted(set(map(chr, table.getBestCmap() or {})) & wanted - found.keys())
        if not held:
            continue
        with decoding(path.name):
            font = ImageFont.truetype(io.BytesIO(path.read_bytes()), _SIZE)
        for character in held:
            left, top, right, bottom = (int(v) for v in font.getbbox(character))
            if right <= left or bottom <= top or max(right - left, bottom - top) > 4 * _SIZE:
                continue
            image = Image.new("L", (right - left + 2, bottom - top + 2), 255)
            ImageDraw.Draw(image).text((1 - left, 1 - top), character, font=font, fill=0)
            pixels = np.asarray(image)
            if pixels.min() < 128:
                found[character] = pixels
    names = tuple(sorted(found))
    arrays = [found[name] for name in names]
    sizes = np.array([a.size for a in arrays], np.int64)
    lines = [part for first in range(0, len(arrays), 256) for part in _center_lines(arrays[first : first + 256])]
    return FontGlyphs(
        names,
        np.array([a.shape for a in arrays], np.int32).reshape(-1, 2),
        np.cumsum(sizes) - sizes,
        np.concatenate([a.ravel() for a in arrays]) if arrays else np.zeros(0, np.uint8),
        np.concatenate([a.ravel() for a in lines]) if lines else np.zeros(0, np.uint8),
    )


def _center_lines(pictures: list[npt.NDArray[np.uint8]]) -> Iterator[npt.NDArray[np.uint8]]:
    side = max(max(picture.shape) for picture in pictures) + 2
    ink = np.zeros((len(pictures), side, side), bool)
    for target, picture in zip(ink, pictures, strict=True):
        target[1 : picture.shape[0] + 1, 1 : picture.shape[1] + 1] = picture < 128
    for lines, picture in zip(thin(ink), pictures, strict=True):
        yield (~lines[1 : picture.shape[0] + 1, 1 : picture.shape[1] + 1]).astype(np.uint8)


_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def thin(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return center lines one pixel wide of pictures, bool (n, h, w): Zhang and Suen (CACM 27, 1984)."""
    ink = ink.copy()
    while True:
        before = int(ink.sum())
        for phase in (0, 1):
            padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
            height, width = ink.shape[1:]
            near = [padded[:, 1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy, dx in _AROUND]
            count = np.sum(near, axis=0, dtype=np.uint8)
            turns = np.sum([~near[i - 1] & near[i] for i in range(8)], axis=0, dtype=np.uint8)
            up, right, down, left = near[0], near[2], near[4], near[6]
            bound = right & down & (up | left) if phase == 0 else up & left & (right | down)
            ink &= ~((count >= 2) & (count <= 6) & (turns == 1) & ~bound)
        if int(ink.sum()) == before:
            return ink
