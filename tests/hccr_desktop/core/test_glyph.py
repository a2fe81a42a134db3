from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import InputError


def test_pixels_are_frozen() -> None:
    glyph = GlyphImage(np.zeros((3, 2), np.uint8))
    assert (glyph.height, glyph.width) == (3, 2)
    with pytest.raises(ValueError, match="read-only"):
        glyph.pixels[0, 0] = 1


@pytest.mark.parametrize("shape", [(0, 4), (4,), (2, 2, 5), (0, 3, 3)])
def test_arrays_of_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError):
        GlyphImage.from_array(np.zeros(shape, np.uint8))


def test_floats_are_refused() -> None:
    with pytest.raises(InputError):
        GlyphImage(np.zeros((2, 2), np.float32))


@pytest.mark.parametrize("ink", [0, 255])
def test_transparent_paper_contrasts_with_the_ink(ink: int) -> None:
    array = np.zeros((8, 8, 4), np.uint8)
    array[3:5, 1:7] = (ink, ink, ink, 255)
    gray = GlyphImage.from_array(array).pixels
    assert abs(int(gray[4, 4]) - int(gray[0, 0])) > 200


def test_color_of_equal_luminance_keeps_its_contrast() -> None:
    array = np.zeros((8, 8, 3), np.uint8)
    array[...] = (0, 130, 0)
    array[3:5, 1:7] = (255, 0, 0)  # both have a luminance of 76
    gray = GlyphImage.from_array(array).pixels.astype(int)
    assert abs(gray[4, 4] - gray[0, 0]) > 200
