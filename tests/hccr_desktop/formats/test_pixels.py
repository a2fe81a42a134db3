from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from hccr_desktop.formats.pixels import glyph_of, stretched


def page() -> npt.NDArray[np.float64]:
    """Shades from 0.1, ink, to 0.9, paper; a hundredth of it is ink."""
    shades = 0.9 - 0.05 * np.random.default_rng(1).random((100, 120))
    shades[40:42, 20:80] = 0.1
    return shades


def assert_is_page(gray: npt.NDArray[np.uint8]) -> None:
    assert gray.dtype == np.uint8
    assert gray[41, 30] < 10
    assert np.median(gray) > 225


@pytest.mark.parametrize("dtype", ["u2", "u4", "u8", "i2", "i4", "i8", "f2", "f4", "f8", ">u2", ">f8"])
def test_the_page_is_the_same_in_every_type(dtype: str) -> None:
    scale = 1 if "f" in dtype else 30_000
    assert_is_page(stretched((page() * scale).astype(dtype)))
    assert_is_page(stretched((page() * scale * 0.125).astype(dtype)))  # 12 bits in 16


@pytest.mark.parametrize("stray", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_stray_pixels_change_nothing(stray: float) -> None:
    values = page()
    values[[0, 50, 99], [0, 60, 119]] = stray
    assert_is_page(stretched(values))
    assert_is_page(stretched(values.astype(np.float32)))


def test_a_hot_and_a_dead_pixel_of_16_bits_change_nothing() -> None:
    values = (page() * 4095).astype(np.uint16)
    values[0, :3] = 65535, 0, 65535
    assert_is_page(stretched(values))


@pytest.mark.parametrize("value", [0, 7, 65535])
def test_a_page_of_one_value_is_paper(value: int) -> None:
    assert (stretched(np.full((3, 4), value, np.uint16)) == 255).all()
    assert (glyph_of(np.full((1, 1), value, np.uint32)).pixels == 255).all()


def test_two_values_are_ink_and_paper_however_rare_one_is() -> None:
    values = np.full((200, 200), 9, np.uint16)
    values[3, 4] = 2
    assert stretched(values)[3, 4] == 0
    assert np.median(stretched(values)) == 255


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="no pixel"):
        stretched(np.full((2, 2), np.nan))


@pytest.mark.parametrize("ink_is_high", [False, True])
def test_little_writing_on_a_large_page_is_no_stray_pixel(ink_is_high: bool) -> None:
    values = (60_000 - 400 * np.random.default_rng(1).random((1_200, 1_000))).astype(np.uint16)
    values[600:604, 500:600] = 3_000  # a third of a thousandth
    values[[3, 900], [4, 7]] = 65_535, 0
    values[40, 50:53] = 0
    values[41:43, 90:92] = 65_535
    found = stretched(65_535 - values if ink_is_high else values, ink_is_high=ink_is_high)
    assert found[602, 550] < 10
    assert found[:500].mean() > 240  # the grain of the paper stays faint
    assert found[:500].std() < 5


@pytest.mark.parametrize("stray", [65_535, 0])
def test_stray_pixels_beside_each_other_change_nothing(stray: int) -> None:
    values = (3_000 - 100 * np.random.default_rng(1).random((500, 600))).astype(np.uint16)
    values[100:130, 100:400] = 700
    values[5, 5:7] = values[300:302, 300:302] = stray
    found = stretched(values)
    assert np.median(found) > 225
    assert found[110, 200] < 10


def test_high_numbers_may_be_ink() -> None:
    assert_is_page(stretched((1 - page()) * 1000, ink_is_high=True))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_channels_are_gray_or_colors_with_or_without_opacity(channels: int) -> None:
    color: list[npt.NDArray[Any]] = [page()] * (channels - (channels % 2 == 0))
    opaque = [np.full_like(page(), 0.5)] if channels % 2 == 0 else []
    assert_is_page(glyph_of(np.dstack(color + opaque), has_alpha=bool(opaque)).pixels)


def test_opacity_counts_as_in_bytes() -> None:
    opacity = np.where(page() < 0.5, 60_000, 0)
    assert_is_page(glyph_of(np.dstack([np.zeros_like(opacity), opacity]).astype(np.uint16), has_alpha=True).pixels)
