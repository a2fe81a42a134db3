from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import NATURAL, InputSpec, normalize
from hccr_desktop.core.pen import PenPath, draw, fitting_pen, gaussian
from hccr_desktop.errors import EmptyInk, InvalidBundle
from tests.conftest import WRITTEN, written

SPEC = InputSpec()
GOLDEN = Path(__file__).with_name("normalized.npy")


def one(item: Ink | GlyphImage) -> npt.NDArray[np.float32]:
    """Return one normalized item as darkness 0..1."""
    return np.asarray(1.0 - normalize([item], SPEC)[0, 0] / 255.0, np.float32)


def likeness(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    """Return the correlation of two pictures after a slight blur, which forgives half a pixel."""

    def blur(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        kernel = np.array([0.25, 0.5, 0.25])
        for axis in (0, 1):
            x = np.apply_along_axis(np.convolve, axis, x, kernel, "same")
        return x

    return float(np.corrcoef(blur(a).ravel(), blur(b).ravel())[0, 1])


def page(character: str, side: int = 120, pen: float = 0.06, margin: int = 20) -> npt.NDArray[np.uint8]:
    """Return a written character on a white page."""
    return np.pad(draw(written(character), side, pen).pixels, margin, constant_values=255)


def test_normalized_ink_and_image_equal_the_golden_arrays() -> None:
    made = normalize([*(written(c) for c in WRITTEN), GlyphImage(page("木"))], SPEC)
    golden = np.load(GOLDEN, allow_pickle=False)
    assert np.abs(made.astype(int) - golden.astype(int)).max() <= 2  # float summation order may differ


@pytest.mark.parametrize("character", WRITTEN)
def test_natural_gray_keeps_what_evening_out_takes_away(character: str) -> None:
    pressed = page(character).astype(float)
    pressed[:, : pressed.shape[1] // 2] = 255 - 0.6 * (255 - pressed[:, : pressed.shape[1] // 2])  # a lighter hand
    natural, evened = (
        normalize([GlyphImage(pressed.round().astype(np.uint8))], spec)[0, 0] / 255.0
        for spec in (InputSpec(preparation=NATURAL), SPEC)
    )
    assert likeness((1 - natural).astype(np.float32), (1 - evened).astype(np.float32)) > 0.9
    pale, full = ((1 - image[:, :28]).max() for image in (natural, evened))
    assert pale < 0.9
    assert full > 0.97
    assert (1 - natural[:, 36:]).max() > 0.97


@pytest.mark.parametrize("character", WRITTEN)
def test_the_longer_side_fills_the_inner_square_and_the_aspect_is_kept(character: str) -> None:
    dark = one(written(character)) > 0.5
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert SPEC.inner - 3 <= max(height, width) <= SPEC.inner
    left, top, right, bottom = written(character).bounds
    pen = fitting_pen(PenPath.of(written(character))) * max(right - left, bottom - top)
    assert width / height == pytest.approx((right - left + pen) / (bottom - top + pen), rel=0.2)


@pytest.mark.parametrize("factor", [1e-3, 1.0, 5_000.0])
def test_size_and_place_of_ink_do_not_matter(factor: float) -> None:
    moved = Ink.from_points([np.array(s, np.float32) * factor + 7 for s in WRITTEN["木"]])
    assert likeness(one(moved), one(written("木"))) > 0.99


@pytest.mark.parametrize("character", WRITTEN)
def test_white_on_black_is_read_like_black_on_white(character: str) -> None:
    picture = page(character)
    assert likeness(one(GlyphImage(255 - picture)), one(GlyphImage(picture))) > 0.99


@pytest.mark.parametrize("character", WRITTEN)
def test_a_tight_crop_is_read_like_the_page(character: str) -> None:
    picture = page(character)
    dark = picture < 128
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    crop = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert likeness(one(GlyphImage(crop)), one(GlyphImage(picture))) > 0.95


def test_gray_paper_and_pale_ink_are_stretched_to_full_contrast() -> None:
    picture = page("中").astype(np.float32)
    pale = (130 + picture / 255 * 40).astype(np.uint8)
    result = one(GlyphImage(pale))
    assert likeness(result, one(GlyphImage(page("中")))) > 0.98
    assert result.max() > 0.95
    assert result[0].max() == 0.0


def test_uneven_light_is_taken_off() -> None:
    picture = page("中").astype(np.float32) / 255
    light = np.linspace(110, 250, picture.shape[1])[None, :]
    assert likeness(one(GlyphImage((picture * light).astype(np.uint8))), one(GlyphImage(page("中")))) > 0.95


def test_paper_grain_leaves_no_trace() -> None:
    rng = np.random.default_rng(3)
    noisy = np.clip(page("木") - rng.uniform(0, 20, page("木").shape), 0, 255).astype(np.uint8)
    assert one(GlyphImage(noisy))[:3].max() < 0.05


@pytest.mark.parametrize(("side", "pen"), [(900, 0.004), (900, 0.01), (120, 0.12), (14, 0.08)])
def test_thin_thick_and_tiny_writing_stays_itself(side: int, pen: float) -> None:
    result = one(GlyphImage(page("木", side, pen, margin=side // 6)))
    assert likeness(result, one(written("木"))) > 0.72
    assert result.max() > 0.8


def test_a_giant_image_is_read() -> None:
    giant = np.repeat(np.repeat(page("上"), 20, axis=0), 20, axis=1)
    assert likeness(one(GlyphImage(giant)), one(GlyphImage(page("上")))) > 0.95


def test_specks_at_the_border_are_left_out() -> None:
    clean = page("上", margin=40)
    specked = clean.copy()
    specked[0:3, 90:93] = 0
    specked[150:152, 0:2] = 0
    specked[-2:, -3:] = 0
    assert likeness(one(GlyphImage(specked)), one(GlyphImage(clean))) > 0.98


@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_image_without_ink_is_refused(value: int) -> None:
    with pytest.raises(EmptyInk):
        normalize([GlyphImage(np.full((40, 40), value, np.uint8))], SPEC)


def test_empty_ink_is_refused() -> None:
    with pytest.raises(EmptyInk):
        normalize([Ink(())], SPEC)


def test_a_dot_is_drawn() -> None:
    assert one(Ink.from_points([[[5, 5]]])).sum() > 10


def test_pressure_widens_the_line() -> None:
    def line(pressure: float) -> float:
        return float((255 - draw(Ink.from_points([[[0, 0, 0, pressure], [100, 0, 0, pressure]]])).pixels).sum())

    assert line(0.1) < 0.8 * line(0.5)
    assert line(0.9) > 1.2 * line(0.5)
    assert line(0.5) == pytest.approx(float((255 - draw(Ink.from_points([[[0, 0], [100, 0]]])).pixels).sum()), rel=0.01)


def test_the_line_is_as_wide_as_the_pen() -> None:
    picture = 255 - draw(Ink.from_points([[[0, 0], [100, 0]]]), side=100, pen=0.08).pixels.astype(np.float32)
    assert picture[:, 50].sum() / 255 == pytest.approx(8.0, abs=0.8)


@given(st.lists(st.lists(st.tuples(*[st.floats(-1e5, 1e5)] * 2), min_size=1, max_size=8), min_size=1, max_size=5))
@settings(deadline=None, max_examples=60)
def test_any_ink_gives_input_of_the_promised_shape(strokes: list[list[tuple[float, float]]]) -> None:
    batch = normalize([Ink.from_points([[list(p) for p in s] for s in strokes])], SPEC)
    assert batch.shape == (1, 1, SPEC.size, SPEC.size)
    assert batch.dtype == np.uint8
    assert batch.min() < 128


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_any_picture_is_normalized_or_refused_as_empty(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    try:
        batch = normalize([GlyphImage(picture)], SPEC)
    except EmptyInk:
        return
    assert batch.shape == (1, 1, SPEC.size, SPEC.size)


def test_impossible_specifications_are_refused() -> None:
    with pytest.raises(InvalidBundle):
        InputSpec(8, 0)
    with pytest.raises(InvalidBundle):
        InputSpec(64, 40)


@pytest.mark.parametrize(("length", "sigma"), [(64, 0.8), (92, 0.52), (92, 1.04), (300, 4.0)])
def test_blurring_multiplies_by_no_denormal_numbers(length: int, sigma: float) -> None:
    kernel = gaussian(length, sigma)
    products = kernel.min(where=kernel > 0, initial=1.0) ** 2 / 255.0
    assert products > np.finfo(np.float32).tiny
    np.testing.assert_allclose(kernel[length // 2].sum(), 1.0, atol=0.01)


@pytest.mark.parametrize("column", [50, 51])
def test_a_hairline_that_lies_between_the_pixels_of_a_coarse_look_is_read(column: int) -> None:
    picture = np.full((100, 100), 255, np.uint8)
    picture[20:80, column] = 0
    assert one(GlyphImage(picture)).max() > 0.6
