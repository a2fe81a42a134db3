"""Pictures of characters, kept once, of which lines are composed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.subsets import is_chinese
from hccr_desktop.files import written_aside
from trainer.data.batches import Share

Gray = npt.NDArray[np.uint8]
Random = np.random.Generator

STORED = 56
"""Longer side of a stored picture, in pixels."""
_MANY = 40
"""Pictures that are stored of the commonest characters."""
_FEW = 8
"""Pictures that are stored of all others."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Pictures of characters, 255 = ink: entry i is (h, w) = `shapes[i]` from `offsets[i]` of `pixels`.

    Those of character c are `firsts[c]` to `firsts[c + 1]` - 1.
    """

    characters: tuple[str, ...]
    firsts: npt.NDArray[np.int64]
    shapes: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    pixels: Gray

    def picture(self, character: int, rng: Random) -> Gray:
        """Return one of the pictures of `characters[character]`."""
        i = int(rng.integers(self.firsts[character], self.firsts[character + 1]))
        height, width = self.shapes[i]
        start = self.offsets[i]
        return self.pixels[start : start + height * width].reshape(height, width)

    def save(self, path: Path) -> None:
        """Write the pool, aside and renamed."""
        with written_aside(path) as out:
            np.savez(
                out,
                characters=np.array(self.characters, dtype=np.str_),
                firsts=self.firsts,
                shapes=self.shapes,
                offsets=self.offsets,
                pixels=self.pixels,
            )

    @classmethod
    def load(cls, path: Path) -> Pool:
        """Read a pool that `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            names = tuple(str(c) for c in kept["characters"])
            return cls(names, kept["firsts"], kept["shapes"], kept["offsets"], kept["pixels"])


def draw_pool(shares: Sequence[Share], characters: Sequence[str], ranks: dict[str, int], seed: int = 1) -> Pool:
    """Draw the pictures, from the sources by their weights; characters no source has are left out.

    `ranks` are the characters' places in a table of frequencies, 0 the commonest; the common ones get more pictures.
    """
    return pool_of(_drawn(shares, characters, ranks, seed))


def _drawn(
    shares: Sequence[Share], characters: Sequence[str], ranks: dict[str, int], seed: int
) -> Iterator[tuple[str, Gray]]:
    places = [{c: i for i, c in enumerate(share.source.characters)} for share in shares]
    for number, character in enumerate(characters):
        held = [i for i, own in enumerate(places) if character in own and shares[i].weight > 0]
        if not held:
            continue
        rng = np.random.default_rng([seed, number])
        chances = np.array([shares[i].weight for i in held]) ** 0.5
        chances /= chances.sum()
        common = ranks.get(character, 3_000 if is_chinese(character) else 0) < 2_500
        for _ in range(_MANY if common else _FEW):
            share = shares[held[int(rng.choice(len(held), p=chances))]]
            own = places[shares.index(share)][character]
            yield character, share.source.picture(own, rng, share.vigor * float(rng.uniform(0.5, 1.1)))


def pool_of(pictures: Iterable[tuple[str, Gray]]) -> Pool:
    """Return a pool of pictures, uint8 (h, w), dark on light, and what they show; empty ones are left out."""
    made: dict[str, list[Gray]] = {}
    for character, picture in pictures:
        if (stored := _stored(picture)) is not None:
            made.setdefault(character, []).append(stored)
    every = [picture for own in made.values() for picture in own]
    sizes = np.array([picture.size for picture in every], np.int64)
    return Pool(
        tuple(made),
        np.cumsum([0, *map(len, made.values())]).astype(np.int64),
        np.array([picture.shape for picture in every], np.int32).reshape(-1, 2),
        np.cumsum(sizes) - sizes,
        np.concatenate([picture.ravel() for picture in every]) if every else np.zeros(0, np.uint8),
    )


def _stored(pixels: Gray) -> Gray | None:
    """Return a picture without margins, 255 = ink, its longer side `STORED`; None where it is empty."""
    light, dark = int(np.percentile(pixels, 98)), int(pixels.min())
    if light - dark < 40:
        return None
    ink = (light - pixels.astype(np.float32)) * (255.0 / (light - dark))
    rows, columns = np.flatnonzero((ink > 90).any(axis=1)), np.flatnonzero((ink > 90).any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = STORED / max(ink.shape)
    size = (max(round(ink.shape[1] * scale), 1), max(round(ink.shape[0] * scale), 1))
    return np.asarray(cv2.resize(ink.clip(0, 255), size, interpolation=cv2.INTER_AREA).clip(0, 255), np.uint8)


def labels_of(pool: Pool, charset: Charset) -> npt.NDArray[np.int64]:
    """Return the class of each of the pool's characters."""
    found = [charset.index(character) for character in pool.characters]
    if any(index is None for index in found):
        raise ValueError("the pool has characters outside the alphabet")
    return np.array(found, np.int64)
