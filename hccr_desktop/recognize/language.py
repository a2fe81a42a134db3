"""How likely a character is after another: a bigram model in one small file.

Interpolated absolute discounting (Ney, Essen and Kneser, 1994): p(c | b) = max(n(bc) - D, 0) / n(b) +
λ(b) p(c). Pairs that are left out of the file, being rare, give their share to λ(b). Made by
`python -m trainer language`.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop import paths
from hccr_desktop.errors import HccrError, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside

Floats = npt.NDArray[np.float32]

START = ""
"""What stands before the first character."""

MAX_BYTES = 16 * 2**20
STEP = 0.08
"""Step of the stored logarithms of pairs."""
_OWN, _OWN_SINGLES = 3.0, 20_000.0
"""How many pairs after a character, and how many characters, of an own text count as much as the model."""
MAX_OWN_BYTES = 4 * 2**20


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
        return self.following(before[:, None], now[None, :])

    def following(self, before: npt.NDArray[np.int64], now: npt.NDArray[np.int64]) -> Floats:
        """Return ln p(now | before), float32, of numbers whose shapes go together."""
        keys = before * len(self.characters) + now
        at = np.minimum(np.searchsorted(self.pairs, keys), max(len(self.pairs) - 1, 0))
        shared = self.backoff[before] + self.single[now]
        if not len(self.pairs):
            return np.asarray(shared, np.float32)
        own = np.where(self.pairs[at] == keys, -STEP * self.levels[at], -np.inf)
        return np.asarray(np.logaddexp(shared, own), np.float32)

    def taught(self, text: str) -> Language:
        """Return the model with what a user's own text adds, such as names and a field's terms.

        After a character that the text has n times, the text's own pairs count n / (n + `_OWN`); likewise the
        single characters. Lines, and what the alphabet lacks, part the text.
        """
        pairs: Counter[int] = Counter()
        singles: Counter[int] = Counter()
        size = len(self.characters)
        for line in text.splitlines():
            numbers = self.numbers(list(line.strip()))
            for before, now in itertools.pairwise([0, *numbers.tolist(), 0]):
                if before and now:
                    pairs[before * size + now] += 1
            singles.update(n for n in numbers.tolist() if n)
        if not singles:
            return self
        total = sum(singles.values())
        share = total / (total + _OWN_SINGLES)
        single = np.exp(self.single) * (1 - share)
        for number, count in singles.items():
            single[number] += share * count / total
        contexts: Counter[int] = Counter()
        for key, count in pairs.items():
            contexts[key // size] += count
        weight = np.zeros(size, np.float32)
        for before, count in contexts.items():
            weight[before] = count / (count + _OWN)
        own = np.exp(-STEP * self.levels) * (1 - weight[self.pairs // size])
        merged = dict(zip(self.pairs.tolist(), own.tolist(), strict=True))
        for key, count in pairs.items():
            before = key // size
            merged[key] = merged.get(key, 0.0) + weight[before] * count / contexts[before]
        keys = np.array(sorted(merged), np.uint32)
        levels = -np.log(np.array([merged[key] for key in keys.tolist()])) / STEP
        return Language(
            self.characters,
            np.log(single).astype(np.float32),
            (self.backoff + np.log1p(-weight)).astype(np.float32),
            keys,
            levels.round().clip(0, 255).astype(np.uint8),
        )

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


def usual_language() -> Language:
    """Return the application's model, with the user's own text where there is one."""
    language = load_language(paths.language_model())
    own = read_own_text()
    return language.taught(own) if own else language


def read_own_text() -> str:
    """Return the user's own names and terms, empty where there are none."""
    try:
        return read_bounded(paths.own_text(), MAX_OWN_BYTES).decode("utf-8", errors="replace")
    except HccrError:
        return ""


def write_own_text(text: str) -> None:
    """Keep the user's own names and terms; raises `StorageError`."""
    with written_aside(paths.own_text()) as out:
        out.write(text.encode())


def _unreadable(path: Path) -> UnreadableFile:
    return UnreadableFile("{name} is no language model.", "Install the application again.", name=path.name)
