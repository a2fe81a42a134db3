"""Text → the n-gram model that settles what single characters leave open."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.language import START, Grams, Language, key_of

Counts = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
"""Ascending keys, see `Grams`, and how often each came."""

_DISCOUNTS = (0.9, 2.0)
"""What is taken off each count of pairs and of triples: more than usual, as texts to come are of other kinds."""


def read_lines(path: Path) -> Iterator[str]:
    """Yield a text file's lines, plain or gzipped; raises `InputError` where it cannot be read."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for line in file:
                yield line.strip()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(
            "{name} cannot be read as text.", "Give text in UTF-8, plain or gzipped.", name=path.name
        ) from error


def learn(texts: Sequence[tuple[Iterable[str], float]], charset: Charset, least: float = 4.0) -> Language:
    """Count characters, pairs and triples in texts, each (lines, weight), and return the model.

    Of pairs and triples those are kept that make the text likelier by at least so many nats (weighted difference,
    Seymore and Rosenfeld, ICSLP 1996). Raises `InputError` where there is no text.
    """
    characters = (START, *charset.characters)
    index = {character: i for i, character in enumerate(characters)}
    n = len(characters)
    single = np.full(n, 0.1)
    counted: list[Counts] = [(np.zeros(0, np.int64), np.zeros(0))] * 2
    for lines, weight in texts:
        for block in _blocks(lines, index):
            single += weight * np.bincount(block[1:], minlength=n)
            for k, (keys, counts) in enumerate(counted):
                found, times = np.unique(
                    key_of(np.lib.stride_tricks.sliding_window_view(block, k + 2), n), return_counts=True
                )
                counted[k] = _summed(np.concatenate([keys, found]), np.concatenate([counts, weight * times]))
    pairs, triples = counted
    if not len(pairs[0]):
        raise InputError("There is no text to learn from.", "Give text files in UTF-8.")
    fallback = np.log((np.bincount(pairs[0] % n, minlength=n) + 0.1) / (len(pairs[0]) + 0.1 * n))
    model = Language(characters, np.log(single / single.sum()).astype(np.float32), fallback.astype(np.float32), ())
    model = _with_order(model, _continued(pairs, triples[0], n), pairs, least)
    starts = triples[0] // n % n == 0  # what stands before a line's beginning is of another
    triples = (triples[0][~starts], triples[1][~starts])
    return _with_order(model, triples, triples, least)


def _summed(keys: npt.NDArray[np.int64], counts: npt.NDArray[np.float64]) -> Counts:
    """Return each key once, and the sum of its counts."""
    unique, inverse = np.unique(keys, return_inverse=True)
    return unique, np.bincount(inverse, counts, minlength=len(unique)).astype(np.float64)


def _continued(pairs: Counts, triples: npt.NDArray[np.int64], n: int) -> Counts:
    """Return pairs with the number of characters that come before each; at a line's beginning with their own counts."""
    keys, counts = np.unique(triples % n**2, return_counts=True)
    inside, starts = keys // n != 0, pairs[0] // n == 0
    return _summed(np.concatenate([keys[inside], pairs[0][starts]]), np.concatenate([counts[inside], pairs[1][starts]]))


def _with_order(model: Language, counts: Counts, often: Counts, least: float) -> Language:
    """Return a model with grams that are longer by one: of these counts, and so often in the text, both ascending."""
    n, length = len(model.characters), len(model.orders) + 1
    keys, times = counts
    _, context = np.unique(keys // n, return_inverse=True)
    own = np.maximum(times - _DISCOUNTS[length - 1], 0.0) / np.bincount(context, times)[context]
    left = 1.0 - np.bincount(context, own)
    history = np.stack([keys // n**k % n for k in range(length, 0, -1)], axis=1)
    shorter = left[context] * np.exp(model.following(history, keys % n).astype(np.float64))
    gain = often[1][np.searchsorted(often[0], keys)] * np.log((own + shorter) / shorter)
    kept = (own > 0) & (gain >= least)
    return replace(model, orders=(*model.orders, Grams.of(n, keys[kept], own[kept])))


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


def perplexity(model: Language, lines: Iterable[str]) -> float:
    """Return the perplexity a character of a text, those outside the alphabet left out of the mean."""
    total, count = 0.0, 0
    for line in lines:
        numbers = model.numbers([START, START, *(c for c in line if not c.isspace())])
        known = numbers[2:] > 0
        before = np.stack([numbers[:-2], numbers[1:-1]], axis=1)
        total -= float(model.following(before[known], numbers[2:][known]).sum())
        count += int(known.sum())
    return math.exp(total / max(count, 1))
