"""Characters cut out of pages that nobody has transcribed: real pencil on real paper, for teachers to name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.formats.images import read_images
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import readers_of

Gray = npt.NDArray[np.uint8]

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}
_LEAST = 16
"""Pixels of the longer side of a crop."""


class CropSource:
    """Crops, all of one character that is nobody's: the empty string."""

    scanned = True
    hand = 0.0

    def __init__(self, crops: list[Gray]) -> None:
        self.characters = [""] if crops else []
        self._crops = crops

    def __len__(self) -> int:
        return len(self._crops)

    @classmethod
    def from_pages(cls, folder: Path, engine: Engine) -> CropSource:
        """Cut the characters out of all pictures in a folder, by the layout that the application finds.

        Raises `InputError` where there are none; pictures that cannot be read are left out.
        """
        readers = readers_of(engine, Networks())
        crops: list[Gray] = []
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES):
            try:
                for picture in read_images(path):
                    pixels = np.asarray(picture.pixels)
                    boxes = [answer.box for line in read_page(picture, readers).lines for answer in line.answers]
                    crops += [crop for box in boxes if box and max((crop := _cut(pixels, *box)).shape) >= _LEAST]
            except HccrError:
                continue
        if not crops:
            raise InputError("No characters were found on pictures in {name}.", "Give photographs.", name=folder.name)
        return cls(crops)

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> Gray:
        """Return one of the crops as it is."""
        return self._crops[int(rng.integers(len(self._crops)))]


def _cut(pixels: Gray, left: int, top: int, right: int, bottom: int) -> Gray:
    """Cut a box out, with a margin of a twelfth of its longer side."""
    margin = max(right - left, bottom - top) // 12 + 1
    rows = slice(max(top - margin, 0), bottom + margin)
    return np.ascontiguousarray(pixels[rows, max(left - margin, 0) : right + margin])
