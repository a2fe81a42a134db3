from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.pen import draw
from hccr_desktop.recognize.page.scripts import holds_a_word
from tests.conftest import written


def line_of(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.concatenate([np.pad(draw(written(c)).pixels, 4, constant_values=255) for c in text], axis=1)


@pytest.mark.parametrize("text", ["木", "一", "十"])
def test_a_character_or_a_stroke_holds_too_little_to_name_a_script(text: str) -> None:
    assert not holds_a_word(line_of(text))


def test_a_row_of_characters_holds_enough() -> None:
    assert holds_a_word(line_of("木中上木"))


def test_empty_and_even_paper_holds_nothing() -> None:
    for gray in (0, 128, 255):
        assert not holds_a_word(np.full((32, 200), gray, np.uint8))
    noise = np.random.default_rng(1).integers(180, 190, (32, 200)).astype(np.uint8)
    assert not holds_a_word(noise)
