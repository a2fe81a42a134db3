"""A model's canary: inputs, and what it answers to them in floats, to notice where a processor answers otherwise.

The answer of a step (one a character, several a line) is its likeliest class with its probability.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SIZE = 32
"""Inputs of a canary."""

MAX_BYTES, MAX_UNPACKED_BYTES = 2**20, 4 * 2**20
_SURE = 0.5
"""Answers less probable than this may well change with the last bit of a sum: they are not compared by class."""


@dataclass(frozen=True, eq=False)
class Canary:
    """`images` uint8 (n, 1, h, w); `classes` int32 and `probabilities` float32, both (n, steps)."""

    images: npt.NDArray[np.uint8]
    classes: npt.NDArray[np.int32]
    probabilities: npt.NDArray[np.float32]

    @classmethod
    def of(cls, images: npt.NDArray[np.uint8], logits: npt.NDArray[np.float32]) -> Canary:
        """Return the canary of a network that answers `images` with `logits`.

        They are (n, classes), (n, steps, classes), or maps (n, channels, h, w).
        """
        found = _probabilities(logits)
        best = found.argmax(axis=-1)
        return cls(images, best.astype(np.int32), np.take_along_axis(found, best[..., None], -1)[..., 0])

    def compared(self, logits: npt.NDArray[np.float32]) -> tuple[float, float]:
        """Return the share of sure answers that `logits` give too, 0 to 1, and the largest difference of a probability.

        Raises `ValueError` where the logits are of another shape than the answers.
        """
        found = _probabilities(logits)
        if found.shape[:2] != self.classes.shape or int(self.classes.max(initial=0)) >= found.shape[-1]:
            raise ValueError("logits of another network")
        here = np.take_along_axis(found, self.classes[..., None].astype(np.int64), -1)[..., 0]
        sure = self.probabilities >= _SURE
        same = found.argmax(axis=-1)[sure] == self.classes[sure]
        largest = float(np.abs(here - self.probabilities).max(initial=0.0))
        return (float(same.mean()) if len(same) else 1.0), (largest if np.isfinite(largest) else 1.0)

    def to_bytes(self) -> bytes:
        """Return the canary as a file."""
        with io.BytesIO() as out:
            np.savez_compressed(out, images=self.images, classes=self.classes, probabilities=self.probabilities)
            return out.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Canary:
        """Read a canary, as data only; raises `ValueError` for anything else."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                small = sum(member.file_size for member in archive.infolist()) <= MAX_UNPACKED_BYTES
            with np.load(io.BytesIO(data) if small else io.BytesIO(), allow_pickle=False) as kept:
                found = cls(*(np.asarray(kept[name]) for name in ("images", "classes", "probabilities")))
        except Exception as error:  # damaged archives and arrays raise many kinds
            raise ValueError("no canary") from error
        images, classes, probabilities = found.images, found.classes, found.probabilities
        if (
            [images.dtype, classes.dtype, probabilities.dtype] != list(map(np.dtype, ("uint8", "int32", "float32")))
            or images.ndim != 4
            or classes.ndim != 2
            or not 0 < len(images) == len(classes)
            or classes.shape != probabilities.shape
            or int(classes.min()) < 0
        ):
            raise ValueError("no canary")
        return found


def _probabilities(logits: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return float32 (n, steps, classes); of maps, (n, channels, h, w), each pixel is a step that says yes or no."""
    if logits.ndim == 4:
        logits = np.stack([np.zeros_like(logits), logits], axis=-1)
    steps = logits.reshape(len(logits), -1, logits.shape[-1]).astype(np.float32)
    found = np.exp(steps - steps.max(axis=-1, keepdims=True))
    return np.asarray(found / found.sum(axis=-1, keepdims=True), np.float32)
