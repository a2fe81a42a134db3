"""Lines of scans, composed once and kept: neat, and without paper, camera and crossings-out.

What those make unreadable says nothing of networks. The text is of characters at random, so that none can know it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from trainer.data.kept import vary
from trainer.data.lines import Texts, compose_line
from trainer.data.pool import labels_of, pool_of
from trainer.table import kept_arrays
from trainer.tasks.line import LineData

Scan = tuple[str, npt.NDArray[np.uint8]]
Scans = Iterable[Scan]

_VARIED = 6
"""Pictures made of each scan to learn from; without them the teacher knows its scans by heart."""


@dataclass(frozen=True, eq=False)
class CleanLines:
    """`lines` uint8 (n, 1, 64, w), `labels` int64 (n, longest), padded by 0, `lengths` int64 (n,)."""

    lines: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]

    @property
    def texts(self) -> list[list[int]]:
        """The classes of each line's characters."""
        return [row[:length] for row, length in zip(self.labels.tolist(), self.lengths.tolist(), strict=True)]


def varied(scans: Scans) -> Iterator[Scan]:
    """Yield each scan, uint8 (h, w), dark on light, and as other hands might have written it."""
    rng = np.random.default_rng(7)
    for character, picture in scans:
        yield character, picture
        above, beside = ((max(picture.shape) * 5 // 4 - side) // 2 for side in picture.shape)
        square = np.pad(picture, ((above, above), (beside, beside)), constant_values=255)
        side = max(square.shape)
        square = np.pad(square, tuple((0, side - own) for own in square.shape), constant_values=255)
        for _ in range(_VARIED):
            yield character, vary(square, rng, 1.0)


def composed(
    charset: Charset, scans: Scans, kept: Path, count: int, width: int, *, seed: int
) -> tuple[CleanLines, str]:
    """Return `count` lines of `width` pixels composed of scans, kept in `kept`, and the digest of their scans."""
    pool = pool_of(scans)
    data = LineData(pool, _random(pool.characters, seed), labels_of(pool, charset), charset)

    def compose() -> dict[str, npt.NDArray[Any]]:
        lines: list[npt.NDArray[np.uint8]] = []
        said: list[list[int]] = []
        rng = np.random.default_rng([6, seed])
        while len(lines) < count:
            line, numbers = compose_line(pool, data.texts, width, rng, is_clean=True)
            if numbers:
                lines.append(line[None])
                said.append(numbers)
        lengths = np.array([len(numbers) for numbers in said])
        labels = np.zeros((count, int(lengths.max())), np.int64)
        for row, numbers in zip(labels, said, strict=True):
            row[: len(numbers)] = data.labels[numbers]
        return {"lines": np.stack(lines), "labels": labels, "lengths": lengths}

    made_of = {"data": data.digest, "lines": count, "width": width, "seed": seed}
    return CleanLines(**kept_arrays(kept, compose, made_of)), data.digest


def _random(characters: Sequence[str], seed: int) -> Texts:
    """Return texts of characters at random, by their numbers in a pool."""
    rng = np.random.default_rng([5, seed])
    lines = tuple(rng.integers(len(characters), size=60).astype(np.int32) for _ in range(2_000))
    none = np.zeros(0, np.int32)
    return Texts(lines, np.arange(len(characters), dtype=np.int32), none, none, none, none)
