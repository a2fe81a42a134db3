"""Scans that are normalized once and varied as arrays: ten times as many a second as are drawn anew.

An epoch takes each of them once, in an order of its own. What pens, papers and devices do is left out: normalizing
has evened that out before.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch.utils.data import Dataset

from trainer.data.batches import Batch

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


class Kept(Dataset[Batch]):
    """Batch `i` of pictures uint8 (n, 1, s, s), 255 = paper, with labels int64 (n,)."""

    def __init__(
        self,
        pictures: Gray,
        labels: npt.NDArray[np.int64],
        batch_size: int,
        seed: int,
        vigor: float,
        part: range | None = None,
    ) -> None:
        self._pictures, self._labels = pictures, labels
        self._batch_size, self._seed, self._vigor = batch_size, seed, vigor
        self._part = range(batch_size) if part is None else part

    def __getitem__(self, number: int) -> Batch:
        cv2.setNumThreads(1)
        places = number * self._batch_size + np.array(self._part)
        chosen = [_order(self._seed, place // len(self._labels), len(self._labels))[place % len(self._labels)]
                  for place in places.tolist()]  # fmt: skip
        varied = np.stack(
            [
                vary(self._pictures[i, 0], np.random.default_rng([self._seed, number, place]), self._vigor)
                for i, place in zip(chosen, self._part, strict=True)
            ]
        )
        labels = torch.from_numpy(self._labels[chosen])
        return Batch(torch.from_numpy(varied[:, None]), labels, torch.ones(len(chosen), dtype=torch.bool))


@lru_cache(maxsize=4)
def _order(seed: int, epoch: int, count: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng([seed, epoch]).permutation(count)


def vary(picture: Gray, rng: np.random.Generator, vigor: float) -> Gray:
    """Return a normalized picture, uint8 (s, s), as another hand might have written it, of the same size.

    It is turned, sheared, stretched, moved and bent as one resampling, and some lines become wider or finer; `vigor`
    0..1 scales all of it.
    """
    side = len(picture)
    g, u = rng.standard_normal(6) * vigor, rng.random(5)
    cos, sin = np.cos(0.08 * g[0]), np.sin(0.08 * g[0])
    wide, high = np.exp(0.08 * g[2]), np.exp(0.08 * g[3])
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[wide, 0.12 * g[1]], [0.0, high]])
    at = _grid(side) @ matrix.T.astype(np.float32)
    bent = _bends()[int(u[0] * len(_bends()))]
    at += np.float32(vigor * (0.01 + 0.025 * u[1]) * side) * _to_side(bent, side)
    at += np.array((side - 1) / 2 + 0.02 * side * g[4:6], np.float32)
    ink = cv2.remap(
        255 - picture, at.reshape(side, side, 2), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
    )  # type: ignore[call-overload]
    if u[2] < 0.4 * vigor:
        other = cv2.dilate(ink, _CROSS) if u[3] < 0.5 else cv2.erode(ink, _CROSS)
        share = 0.6 * float(u[4])
        ink = cv2.addWeighted(ink, 1.0 - share, other, share, 0.0)
    return np.asarray(255 - ink, np.uint8)


_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


@lru_cache(maxsize=1)
def _bends() -> list[Floats]:
    """Smooth displacements of unit deviation on a coarse grid, drawn once, (k, k, 2)."""
    rng = np.random.default_rng(20261129)
    return [rng.standard_normal((side, side, 2)).astype(np.float32) for side in rng.integers(3, 6, 256).tolist()]


def _to_side(bent: Floats, side: int) -> Floats:
    return np.asarray(cv2.resize(bent, (side, side), interpolation=cv2.INTER_CUBIC), np.float32).reshape(-1, 2)


@lru_cache(maxsize=4)
def _grid(side: int) -> Floats:
    axis = np.arange(side, dtype=np.float32) - (side - 1) / 2
    x, y = np.meshgrid(axis, axis)
    return np.stack([x.ravel(), y.ravel()], axis=1)
