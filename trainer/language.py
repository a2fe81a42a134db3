"""Text → the bigram model that settles what single characters leave open."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.language import START, STEP, Language

_DISCOUNT = 0.75


def read_lines(path: Path) -> Iterator[str]:
    """Yield a text file's lines, plain or gzipped; raises `InputError` where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for line in file:
                yield line.strip()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as text.", "Give text in UTF-8, plain or gzipped.") from error


def learn(texts: Sequence[tuple[Iterable[str], float]], charset: Charset, least: int = 3) -> Language:
    """Count characters and pairs in texts, each (lines, weight), and return the model.

    Pairs that come fewer than `least` times, weights counted in, are left to the single characters.
    Raises `InputError` where there is no text.
    """
    characters = (START, *charset.characters)
    index = {character: i for i, character in enumerate(characters)}
    n = len(characters)
    single = np.full(n, 0.1)
    pairs = np.zeros(0, np.int64)
    counts = np.zeros(0)
    for lines, weight in texts:
        for block in _blocks(lines, index):
            single += weight * np.bincount(block[1:], minlength=n)
            found, times = np.unique(block[:-1] * n + block[1:], return_counts=True)
            pairs, counts = _added(pairs, counts, found, weight * times)
    if not len(pairs):
        raise InputError("There is no text to learn from.", "Give text files in UTF-8.")
    before = pairs // n
    totals = np.bincount(before, counts, minlength=n)
    kept = counts >= least
    pairs, counts, before = pairs[kept], counts[kept], before[kept]
    own = (counts - _DISCOUNT) / totals[before]
    used = np.bincount(before, own, minlength=n)
    backoff = np.log(np.maximum(1.0 - used, 1e-6))
    levels = np.round(-np.log(own) / STEP).clip(0, 255).astype(np.uint8)
    return Language(
        characters,
        np.log(single / single.sum()).astype(np.float32),
        backoff.astype(np.float32),
        pairs.astype(np.uint32),
        levels,
    )


def _blocks(lines: Iterable[str], index: dict[str, int], size: int = 2_000_000) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the numbers of characters, lines parted by 0, in blocks of about `size`."""
    block: list[int] = [0]
    for line in lines:
        block.extend(index.get(character, 0) for character in line if not character.isspace())
        block.append(0)
        if len(block) > size:
            yield np.array(block, np.int64)
            block = [0]
    if len(block) > 1:
        yield np.array(block, np.int64)


def _added(
    keys: npt.NDArray[np.int64],
    counts: npt.NDArray[np.float64],
    more: npt.NDArray[np.int64],
    times: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    joined, inverse = np.unique(np.concatenate([keys, more]), return_inverse=True)
    return joined, np.bincount(inverse, np.concatenate([counts, times])).astype(np.float64)


def perplexity(model: Language, lines: Iterable[str]) -> float:
    """Return the perplexity a character of a text, those outside the alphabet left out of the mean."""
    total, count = 0.0, 0
    for line in lines:
        numbers = model.numbers([START, *(c for c in line if not c.isspace())])
        before, now = (part[numbers[1:] > 0] for part in (numbers[:-1], numbers[1:]))
        total -= float(model.following(before, now).sum())
        count += len(now)
    return math.exp(total / max(count, 1))
