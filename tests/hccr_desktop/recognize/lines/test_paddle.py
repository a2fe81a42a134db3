"""PP-OCRv6 beside our own network: found without its code, and done without where it is not there."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import ModelError
from hccr_desktop.recognize import packaged
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.network import LineNetwork
from hccr_desktop.recognize.lines.paddle import PaddleLines
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import allowed_of, readers_of
from tests.hccr_desktop.recognize.test_pages import page_of


def test_its_answers_are_probabilities_of_a_table_without_spaces_and_pictures() -> None:
    network = PaddleLines()
    strip = np.full((48, 320), 255, np.uint8)
    strip[10:40, 100:104] = 0
    found = network.probabilities(strip)
    assert found.shape == (40, len(network.charset) + 1)
    assert found.sum(axis=1) == pytest.approx(np.ones(40), abs=0.02)  # what is left are pictures
    assert not any(c.isspace() or ord(c[0]) >= 0x1F000 for c in network.charset.characters)
    assert {*"木上0aé，①"} <= set(network.charset.characters)
    assert "rapidocr" not in sys.modules


def test_rows_are_read_with_it_and_characters_of_its_own_are_answered() -> None:
    readers = readers_of(Engine(Registry().active()), Networks(1))
    read = read_page(GlyphImage(page_of("木上中", "十木")), readers, direction="horizontal")
    assert read.text == "木上中\n十木"
    assert {answer.model for line in read.lines for answer in line} == {"PP-OCRv6"}
    assert readers.networks.trouble is None


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "PP-OCRv6 is not installed"), (b"no network", "cannot be loaded")],
)
def test_where_it_is_missing_or_damaged_our_own_network_reads_and_that_is_said(
    content: bytes | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rec.onnx"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(packaged, "package_file", lambda *_: None if content is None else file)
    with pytest.raises(ModelError, match=words):
        PaddleLines()
    networks = Networks(1)
    assert isinstance(networks.rows, LineNetwork)
    assert networks.trouble is not None
    assert words in networks.trouble.sentence()
    readers = readers_of(Engine(Registry().active()), networks)
    assert read_page(GlyphImage(page_of("木上中")), readers, direction="horizontal").text == "木上中"


def test_another_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "package_file", lambda *_: Registry().active().model_path)
    with pytest.raises(ModelError, match=r"cannot be loaded|another network"):
        PaddleLines()


def test_what_only_its_table_has_follows_the_choice_of_the_parts() -> None:
    known, wide = Charset(("木", "a", "，")), Charset(("木", "a", "，", "龘", "é", "①"))
    assert allowed_of(wide, known, None).all()
    assert allowed_of(wide, known, np.array([True, False, False])).tolist() == [True] + 5 * [False]
    assert allowed_of(wide, known, np.array([False, True, False])).tolist() == [False, True, False, False, True, False]
    assert allowed_of(wide, known, np.array([False, False, True])).tolist() == [False, False, True, False, False, True]
