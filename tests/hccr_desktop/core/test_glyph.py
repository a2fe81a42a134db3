from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
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


# ---------------------------------------------------------------------------- what transparency means


def page() -> npt.NDArray[np.uint8]:
    """Dark strokes on grayish, uneven paper, uint8 (h, w)."""
    paper = 200 + np.random.default_rng(1).integers(-8, 9, (120, 160))
    paper[20:100:20, 20:140] = 40
    paper[30:90, 40:140:30] = 50
    return paper.astype(np.uint8)


def with_opacity(gray: npt.NDArray[np.uint8], opacity: npt.NDArray[Any] | int) -> npt.NDArray[np.uint8]:
    return np.dstack([gray, gray, gray, np.broadcast_to(np.asarray(opacity, np.uint8), gray.shape)])


def written_in(gray: npt.NDArray[np.uint8]) -> float:
    """How much darker the strokes are than the paper around them."""
    strokes = page() < 100
    return float(np.median(gray[~strokes])) - float(np.median(gray[strokes]))


@pytest.mark.parametrize("opacity", [0, 1, 128, 254])
def test_a_page_of_one_opacity_is_the_page(opacity: int) -> None:
    assert np.array_equal(GlyphImage.from_array(with_opacity(page(), opacity)).pixels, page())


def test_a_page_whose_papers_shade_is_transparent_is_the_page() -> None:
    speckled = with_opacity(page(), np.where(page() == 203, 0, 255))
    pixels = GlyphImage.from_array(speckled).pixels
    assert np.abs(pixels.astype(int) - page()).max() <= 8
    assert written_in(pixels) > 140


def test_around_a_page_that_was_cut_out_is_paper() -> None:
    whole = np.zeros((200, 300), np.uint8)
    whole[40:160, 70:230] = page()
    pixels = GlyphImage.from_array(with_opacity(whole, np.where(whole > 0, 255, 0))).pixels
    assert pixels[0, 0] > 180
    assert written_in(pixels[40:160, 70:230]) > 140


@pytest.mark.parametrize("paper", [100, 160, 220])
def test_paper_that_is_transparent_in_part_leaves_the_ink(paper: int) -> None:
    pixels = GlyphImage.from_array(with_opacity(page(), np.where(page() < 100, 255, paper))).pixels
    assert written_in(pixels) > 140


@pytest.mark.parametrize("shade", [0, 60, 120])
def test_ink_on_nothing_lies_on_white(shade: int) -> None:
    pixels = GlyphImage.from_array(with_opacity(np.full_like(page(), shade), np.where(page() < 100, 255, 0))).pixels
    assert pixels[0, 0] == 255
    assert written_in(pixels) == 255 - shade


def test_ink_that_was_cut_out_of_paper_is_dark() -> None:
    pixels = GlyphImage.from_array(with_opacity(np.full_like(page(), 255), np.where(page() < 100, 0, 255))).pixels
    assert written_in(pixels) == 255


def test_gray_with_opacity_is_read_too() -> None:
    opacity = np.where(page() < 100, 255, 0).astype(np.uint8)
    assert written_in(GlyphImage.from_array(np.dstack([np.zeros_like(opacity), opacity])).pixels) == 255


def test_a_large_picture_is_turned_gray_as_a_small_one_is() -> None:
    rng = np.random.default_rng(2)
    colors = rng.integers(0, 256, (700, 30, 3), dtype=np.uint8)
    pixels = GlyphImage.from_array(colors).pixels
    assert np.array_equal(pixels, (colors @ np.array([0.299, 0.587, 0.114], np.float32)).round().astype(np.uint8))
