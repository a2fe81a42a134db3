"""How likely a character is after another: a bigram model in one small file.

Interpolated absolute discounting (Ney, Essen and Kneser, 1994): p(c | b) = max(n(bc) - D, 0) / n(b) +
λ(b) p(c). Pairs that are left out of the file, being rare, give their share to λ(b). Made by
`python -m trainer language`.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.errors import UnreadableFile
from hccr_desktop.files import read_bounded, written_aside

Floats = npt.NDArray[np.float32]

START = ""
"""What stands before the first character."""

MAX_BYTES = 16 * 2**20
STEP = 0.08
"""Step of the stored logarithms of pairs."""


@dataclass(frozen=True, eq=False)
class Language:
    """A model of text. `characters` are its alphabet, number 0 being all others and the line's ends.

    `single` float32 (n,) are ln p(c); `backoff` float32 (n,) ln λ(b); `pairs` uint32 sorted, b · n + c;
    `levels` uint8, -ln of the pair's own part of p(c | b) in `STEP`s.
    """

    characters: tuple[str, ...]
    single: Floats
    backoff: Floats
    pairs: npt.NDArray[np.uint32]
    levels: npt.NDArray[np.uint8]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {character: i for i, character in enumerate(self.characters)}

    def numbers(self, characters: list[str]) -> npt.NDArray[np.int64]:
        """Return the numbers of characters, int64 (n,), 0 for those outside the alphabet."""
        return np.array([self._index.get(c, 0) for c in characters], np.int64)

    def after(self, before: npt.NDArray[np.int64], now: npt.NDArray[np.int64]) -> Floats:
        """Return ln p(now | before), float32 (a, b), of numbers (a,) and (b,)."""
        keys = before[:, None] * len(self.characters) + now[None, :]
        at = np.minimum(np.searchsorted(self.pairs, keys), max(len(self.pairs) - 1, 0))
        shared = self.backoff[before][:, None] + self.single[now][None, :]
        if not len(self.pairs):
            return np.asarray(shared, np.float32)
        own = np.where(self.pairs[at] == keys, -STEP * self.levels[at], -np.inf)
        return np.asarray(np.logaddexp(shared, own), np.float32)

    def save(self, path: Path) -> None:
        """Write the model."""
        with written_aside(path) as out:
            np.savez_compressed(
                out,
                characters=np.array(self.characters, np.str_),
                single=self.single.astype(np.float16),
                backoff=self.backoff.astype(np.float16),
                gaps=np.diff(self.pairs, prepend=np.uint32(0)).astype(np.uint32),  # small numbers pack well
                levels=self.levels,
            )


def load_language(path: Path) -> Language:
    """Read a model; raises `UnreadableFile` for anything else."""
    try:
        with np.load(io.BytesIO(read_bounded(path, MAX_BYTES)), allow_pickle=False) as stored:
            characters = tuple(str(c) for c in stored["characters"])
            model = Language(
                characters,
                stored["single"].astype(np.float32),
                stored["backoff"].astype(np.float32),
                np.cumsum(stored["gaps"], dtype=np.uint64).astype(np.uint32),
                stored["levels"].astype(np.uint8),
            )
        sizes = {len(model.characters), len(model.single), len(model.backoff)}
        consistent = len(sizes) == 1 and len(model.pairs) == len(model.levels)
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise _unreadable(path) from error
    if not consistent:
        raise _unreadable(path)
    return model


def _unreadable(path: Path) -> UnreadableFile:
    return UnreadableFile("{name} is no language model.", "Install the application again.", name=path.name)
