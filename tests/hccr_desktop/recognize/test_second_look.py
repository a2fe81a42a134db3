"""Pictures of one character among what is no handwriting: frames, edges, specks, shadows, noise; small and large."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.second_look import other_looks
from tests.conftest import written

Gray = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Registry().require_active())


def picture(character: str, side: int = 80, margin: int = 24) -> Gray:
    """Return a character on white paper."""
    return np.pad(draw(written(character), side).pixels, margin, constant_values=255)


def framed(page: Gray) -> Gray:
    made = page.copy()
    made[4:7] = made[-7:-4] = made[:, 4:7] = made[:, -7:-4] = 0
    return made


def squared(page: Gray) -> Gray:
    """Print a 米字格 around the character, paler than ink."""
    made = page.copy()
    bottom, right = (side - 4 for side in made.shape)
    for start, end in (
        ((3, 3), (right, bottom)),
        ((3, bottom), (right, 3)),
        ((right // 2, 3), (right // 2, bottom)),
        ((3, bottom // 2), (right, bottom // 2)),
    ):
        cv2.line(made, start, end, 150, 1, cv2.LINE_AA)
    cv2.rectangle(made, (3, 3), (right, bottom), 150, 1)
    return np.minimum(made, page)


def on_a_table(page: Gray) -> Gray:
    """Lay the paper askew on a dark table."""
    room = 30
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 7.0, 1.0)
    turn[:, 2] += room
    size = (page.shape[1] + 2 * room, page.shape[0] + 2 * room)
    return np.asarray(cv2.warpAffine(page, turn, size, borderValue=50), np.uint8)


def in_shadow(page: Gray) -> Gray:
    at = np.arange(page.shape[1]) - page.shape[1] / 4
    return np.asarray(page * (0.65 + 0.35 / (1.0 + np.exp(-at / 3.0))), np.uint8)


def in_a_vignette(page: Gray) -> Gray:
    y, x = (np.linspace(-1, 1, side) for side in page.shape)
    return np.asarray(page * (1.0 - 0.2 * (y[:, None] ** 2 + x[None, :] ** 2)), np.uint8)


def with_noise(page: Gray) -> Gray:
    noise = np.random.default_rng(1).normal(0, 25, page.shape)
    return (page * 0.8 + 20 + noise).clip(0, 255).astype(np.uint8)


def with_specks(page: Gray) -> Gray:
    made = page.copy()
    made[np.random.default_rng(1).random(page.shape) < 0.005] = 0
    return made


def beside_a_neighbor(page: Gray) -> Gray:
    made = page.copy()
    made[20:90, :6] = made[30:34, :14] = 0
    return made


@pytest.mark.parametrize(
    "seen", [framed, squared, on_a_table, in_shadow, in_a_vignette, with_noise, with_specks, beside_a_neighbor]
)
def test_a_character_is_read_among_what_is_no_handwriting(engine: Engine, seen: Callable[[Gray], Gray]) -> None:
    for character in "上" if seen in (framed, on_a_table) else "上木中":  # 木 in a frame is 困
        answer = engine.recognize(GlyphImage(np.ascontiguousarray(seen(picture(character)))))
        assert answer.best.character == character
        assert sum(c.probability for c in answer.candidates) <= 1.0 + 1e-5


def test_a_small_character_on_a_large_sheet_is_read(engine: Engine) -> None:
    sheet = np.full((1_600, 1_500), 255, np.uint8)
    small = draw(written("木"), 60).pixels
    sheet[900 : 900 + small.shape[0], 300 : 300 + small.shape[1]] = small
    assert engine.recognize(GlyphImage(sheet)).best.character == "木"


def test_a_tiny_picture_is_enlarged_smoothly(engine: Engine) -> None:
    tiny = cv2.resize(picture("木", margin=4), (16, 17), interpolation=cv2.INTER_AREA)
    assert engine.recognize(GlyphImage(np.asarray(tiny, np.uint8))).best.character == "木"


def test_a_clean_scan_is_looked_at_once() -> None:
    assert not list(other_looks(GlyphImage(picture("木"))))
    assert not list(other_looks(GlyphImage(np.full((40, 40), 255, np.uint8))))
