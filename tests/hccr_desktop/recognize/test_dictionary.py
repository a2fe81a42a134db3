from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop import paths
from hccr_desktop.core.recognition import Candidate
from hccr_desktop.errors import UnreadableFile
from hccr_desktop.recognize import dictionary
from hccr_desktop.recognize.dictionary import WORDS, meaning, stroke_order
from hccr_desktop.recognize.facts import strokes
from hccr_desktop.recognize.stroke_counts import by_strokes, most_strokes


def test_a_character_is_explained() -> None:
    known = meaning("鬱")
    assert "melancholy" in known.gloss
    assert known.gloss.startswith("yù:")
    assert known.jyutping == ("wat1",)
    assert known.radical == "鬯"
    assert "憂鬱" in known.words
    assert set("木缶") <= set(known.parts)


def test_the_usual_reading_comes_first_and_both_scripts_have_words_of_their_own() -> None:
    assert meaning("厂").gloss.startswith("chǎng: factory")
    assert all("行" in word for word in meaning("行").words)
    assert "中国" in meaning("国").words
    assert "中國" in meaning("國").words


def test_words_are_found_by_either_form() -> None:
    assert meaning("手写").gloss == meaning("手寫").gloss == "shǒuxiě: to write by hand"
    assert meaning("西安").gloss.startswith("Xī’ān")


@pytest.mark.parametrize("text", ["", "\n", "\t", "木木木木", "💡", "\ud800"])
def test_what_is_not_there_is_not_known(text: str) -> None:
    assert not meaning(text).gloss
    assert stroke_order(text) == ()


def test_every_line_is_found_where_it_lies() -> None:
    lines = (paths.dictionary() / WORDS).read_text("utf-8").splitlines()
    rng = np.random.default_rng(1)
    for number in (0, len(lines) - 1, *rng.integers(len(lines), size=400)):
        assert dictionary._line(lines[number].split("\t")[0]) == lines[number].split("\t")


def test_strokes_come_in_their_order_and_number() -> None:
    found = stroke_order("十")
    assert len(found) == 2
    assert np.ptp(found[0][:, 0]) > 3 * np.ptp(found[0][:, 1].astype(int))  # 横 before 竖
    for character in "好鬱國学龜":
        assert len(stroke_order(character)) == strokes(character)


def test_a_dictionary_that_is_gone_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(dictionary, "dictionary", lambda: tmp_path)
    dictionary._words.cache_clear()
    meaning.cache_clear()
    with pytest.raises(UnreadableFile, match=r"words\.tsv cannot be read"):
        meaning("好")
    dictionary._words.cache_clear()


def test_no_letter_for_ink_of_many_strokes() -> None:
    found = by_strokes([Candidate("c", 0.5), Candidate("鬱", 0.4), Candidate("o", 0.05)], 29)
    assert found[0].character == "鬱"
    assert found[0].probability > 0.85
    assert sum(c.probability for c in found) < 1


def test_few_strokes_say_nothing_against_a_character() -> None:
    candidates = (Candidate("鬱", 0.6), Candidate("c", 0.3))
    assert by_strokes(candidates, 1) == candidates
    assert (most_strokes("鬱"), most_strokes("c"), most_strokes("E"), most_strokes("を")) == (29, 2, 4, 3)
