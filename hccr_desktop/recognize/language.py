"""How likely a character is after others: an n-gram model of characters in one small file.

Interpolated Kneser-Ney smoothing (Chen and Goodman, 1999): p(c | ab) = max(n(abc) - D, 0) / n(ab) + λ(ab) p(c | b).
What is left out of the file, as it tells little, gives its share to λ. Made by `python -m trainer language`.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop import paths
from hccr_desktop.errors import HccrError, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

START = ""
"""What stands before the first character."""

MAX_BYTES = 16 * 2**20
STEP = 0.08
"""Step of the stored logarithms, in nats."""
_SHARES = np.exp(-STEP * np.arange(256)).astype(np.float32)
_OWN = 3.0
"""How many characters of an own text after a context count as much as the model."""
_OWN_SINGLES = 20_000.0
"""How many of it at all count as much as the model."""
MAX_OWN_BYTES = 4 * 2**20


@dataclass(frozen=True, eq=False)
class Grams:
    """What is known of characters after contexts of one length, numbers written as one in base n.

    `keys` int64 (k,), ascending, are context · n + c; `levels` uint8 (k,) -ln of their own part of p(c | context), in
    `STEP`s; `contexts` int64 (m,), ascending, those that have any; `left` uint8 (m,) likewise the share λ that each
    leaves to the shorter context.
    """

    keys: Numbers
    levels: npt.NDArray[np.uint8]
    contexts: Numbers
    left: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, n: int, keys: Numbers, own: npt.NDArray[np.floating]) -> Grams:
        """Return them for ascending keys with their own part of the probability each, the rest being left."""
        contexts, context = np.unique(keys // n, return_inverse=True)
        left = 1.0 - np.bincount(context, own, minlength=len(contexts))
        return cls(keys, _levels(own), contexts, _levels(left))

    def mixed(self, shorter: Floats, contexts: Numbers, now: Numbers, n: int) -> Floats:
        """Return p(now | contexts), float32, given that of the contexts that are shorter by one."""
        at, is_known = _found(self.contexts, contexts)
        if not is_known.any():
            return shorter
        left = np.where(is_known, _SHARES[self.left[at]], np.float32(1.0))
        key, has_own = _found(self.keys, contexts * n + now)
        return np.asarray(left * shorter + np.where(has_own, _SHARES[self.levels[key]], np.float32(0.0)), np.float32)

    def taught(self, text: Sequence[Numbers], length: int, n: int) -> Grams:
        """Return them with a text, lines of numbers: after a context seen x times it counts x / (x + `_OWN`)."""
        windows = [np.lib.stride_tricks.sliding_window_view(line, length + 1) for line in text if len(line) > length]
        if not windows:
            return self
        seen = np.concatenate(windows)
        keys, counts = np.unique(key_of(seen[seen.all(axis=1)], n), return_counts=True)
        contexts, context = np.unique(keys // n, return_inverse=True)
        times = np.bincount(context, counts)
        weight = times / (times + _OWN)

        def kept(of: Numbers) -> npt.NDArray[np.float64]:
            at, is_taught = _found(contexts, of)
            return np.where(is_taught, 1 - weight[at], 1.0)

        own = _SHARES[self.levels] * kept(self.keys // n)
        at, is_old = _found(self.keys, keys)
        said = (weight / times)[context] * counts
        own[at[is_old]] += said[is_old]
        where = np.searchsorted(self.keys, keys[~is_old])
        left = _SHARES[self.left] * kept(self.contexts)
        new = contexts[~_found(self.contexts, contexts)[1]]
        beside = np.searchsorted(self.contexts, new)
        return Grams(
            np.insert(self.keys, where, keys[~is_old]),
            _levels(np.insert(own, where, said[~is_old])),
            np.insert(self.contexts, beside, new),
            _levels(np.insert(left, beside, kept(new))),
        )


@dataclass(frozen=True, eq=False)
class Language:
    """A model of text. `characters` are its alphabet, number 0 being all others and the line's ends.

    `single` float32 (n,) are ln p(c), how common each is; `fallback` float32 (n,) ln p(c) after a context that tells
    nothing; `orders` what is known after one character, after two, and so on; `digest` stands for what it was made of.
    """

    characters: tuple[str, ...]
    single: Floats
    fallback: Floats
    orders: tuple[Grams, ...]
    digest: str = ""

    @cached_property
    def _index(self) -> dict[str, int]:
        return {character: i for i, character in enumerate(self.characters)}

    @cached_property
    def _chances(self) -> Floats:
        return np.exp(self.fallback)

    def last_two(self, text: str) -> Numbers:
        """Return the numbers of the two characters that a text ends with, the start's where it is shorter."""
        return self.numbers([START, START, *text])[-2:]

    def numbers(self, characters: Sequence[str]) -> Numbers:
        """Return the numbers of characters, int64 (n,), 0 for those outside the alphabet."""
        return np.array([self._index.get(c, 0) for c in characters], np.int64)

    def after(self, before: Numbers, now: Numbers) -> Floats:
        """Return ln p(now | before), float32 (a, b), of histories (a, k), the latest last, and numbers (b,)."""
        return self.following(before[:, None, :], now[None, :])

    def following(self, before: Numbers, now: Numbers) -> Floats:
        """Return ln p(now | before), float32 (…), of histories (…, k) and numbers whose shapes go together."""
        n, found = len(self.characters), self._chances[now]
        for length, grams in enumerate(self.orders[: before.shape[-1]], 1):
            found = grams.mixed(found, key_of(before[..., -length:], n), now, n)
        return np.asarray(np.log(found), np.float32)

    def information(self, numbers: Numbers) -> Floats:
        """Return how many nats likelier each character of a line is after those before it than after no context.

        The first, and pairs of which one is outside the alphabet, are left out: float32 (at most n - 1,).
        """
        before = np.stack([np.append(0, numbers)[:-2], numbers[:-1]], axis=1)
        known = (numbers[:-1] > 0) & (numbers[1:] > 0)
        before, now = before[known], numbers[1:][known]
        return np.asarray(self.following(before, now) - self.fallback[now], np.float32)

    def taught(self, text: str) -> Language:
        """Return the model with what a user's own text adds, such as names and a field's terms.

        Lines, and what the alphabet lacks, part the text.
        """
        lines = [self.numbers(line.strip()) for line in text.splitlines()]
        counts = np.bincount(np.concatenate([np.zeros(0, np.int64), *lines]), minlength=len(self.characters))
        counts[0] = 0
        if not (total := counts.sum()):
            return self
        share = total / (total + _OWN_SINGLES)
        single, fallback = (
            np.log(np.exp(old) * (1 - share) + share * counts / total) for old in (self.single, self.fallback)
        )
        n = len(self.characters)
        orders = tuple(grams.taught(lines, length, n) for length, grams in enumerate(self.orders, 1))
        digest = hashlib.sha256(f"{self.digest}\n{text}".encode(errors="replace")).hexdigest()
        return Language(self.characters, single.astype(np.float32), fallback.astype(np.float32), orders, digest)

    def save(self, path: Path) -> None:
        """Write the model."""
        n = len(self.characters)
        stored: dict[str, npt.NDArray[np.generic]] = {}
        for length, grams in enumerate(self.orders, 1):
            # Small numbers pack well: steps from one character to the next, which go round at each context's end.
            stored[f"characters{length}"] = np.diff((grams.keys % n).astype(np.uint16), prepend=np.uint16(0))
            stored[f"levels{length}"] = grams.levels
            stored[f"contexts{length}"] = np.diff(grams.contexts, prepend=0).astype(np.uint32)
            stored[f"counts{length}"] = np.bincount(np.searchsorted(grams.contexts, grams.keys // n)).astype(np.uint16)
            stored[f"left{length}"] = grams.left
        stored["characters"] = np.array(self.characters, np.str_)
        stored["single"], stored["fallback"] = self.single.astype(np.float16), self.fallback.astype(np.float16)
        with written_aside(path) as out:
            np.savez_compressed(out, allow_pickle=False, **stored)


def key_of(numbers: Numbers, n: int) -> Numbers:
    """Return one number for each history (…, k), its characters as digits of base n."""
    key = np.zeros(numbers.shape[:-1], np.int64)
    for k in range(numbers.shape[-1]):
        key = key * n + numbers[..., k]
    return key


def _found(where: Numbers, keys: Numbers) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return where keys stand among others, which ascend, and whether they do."""
    if not len(where):
        return np.zeros(keys.shape, np.intp), np.zeros(keys.shape, np.bool_)
    at = np.minimum(np.searchsorted(where, keys), len(where) - 1)
    return at, where[at] == keys


def _levels(shares: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    return np.asarray(np.round(-np.log(np.maximum(shares, 1e-9)) / STEP).clip(0, 255), np.uint8)


def load_language(path: Path) -> Language:
    """Read a model; raises `UnreadableFile` for anything else."""
    try:
        data = read_bounded(path, MAX_BYTES)
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            characters = tuple(str(c) for c in stored["characters"])
            single, fallback = (stored[name].astype(np.float32) for name in ("single", "fallback"))
            orders: list[Grams] = []
            while f"levels{len(orders) + 1}" in stored:
                orders.append(_stored_grams(stored, len(orders) + 1, len(characters)))
        if not len(characters) == len(single) == len(fallback):
            raise _unreadable(path)
    except (ValueError, KeyError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise _unreadable(path) from error
    return Language(characters, single, fallback, tuple(orders), hashlib.sha256(data).hexdigest())


def _stored_grams(stored: Mapping[str, npt.NDArray[np.generic]], length: int, n: int) -> Grams:
    """Return what `Language.save` wrote; raises `ValueError` where its parts do not go together."""
    steps, levels, gaps, counts, left = (
        stored[f"{name}{length}"] for name in ("characters", "levels", "contexts", "counts", "left")
    )
    contexts = np.cumsum(gaps, dtype=np.int64)
    keys = np.repeat(contexts, counts.astype(np.int64)) * n + np.cumsum(steps, dtype=np.uint16)
    if len(keys) != len(levels) or len(contexts) != len(left):
        raise ValueError(length)
    return Grams(keys, levels.astype(np.uint8), contexts, left.astype(np.uint8))


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
        out.write(text.encode(errors="replace"))


def _unreadable(path: Path) -> UnreadableFile:
    return UnreadableFile("{name} is no language model.", "Install the application again.", name=path.name)
