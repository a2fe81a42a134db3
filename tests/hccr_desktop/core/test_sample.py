from __future__ import annotations

import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample, clean_label, clean_name, held_out, some_labels
from tests.conftest import written


@pytest.mark.parametrize(
    ("given_as", "kept_as"),
    [
        ("か\u3099", "が"),
        ("\0A", "A"),
        (" 木\n", "木"),
        ("\ufeff木", "木"),
        ("\udcff", ""),
        ("\u3000", ""),
        ("\x1c\uffff", ""),
        ("か\u309a", "か\u309a"),  # no such character in one piece
        ("\U00031350", "\U00031350"),  # newer than this Python's tables
        ("一二", "一二"),
    ],
)
def test_labels_are_cleaned(given_as: str, kept_as: str) -> None:
    sample = Sample(given_as, written("木"))
    assert sample.character == kept_as
    assert sample.is_one_character == (len(kept_as) == 1)


@given(st.text(st.characters(exclude_categories=[])))
def test_any_label_becomes_text_that_stays(text: str) -> None:
    label = clean_label(text)
    assert label.encode().decode() == label
    assert clean_label(label) == label == unicodedata.normalize("NFC", label)
    assert clean_name(text).encode() or not text  # raises where it is no text


def test_labels_are_named_once_and_not_without_end() -> None:
    assert some_labels(["ab", "cd", "ab"]) == "ab, cd"
    assert some_labels(map(str, range(99))).endswith("9, …")


def writings(characters: str, count: int, seed: int = 0) -> list[Sample]:
    rng = np.random.default_rng(seed)
    return [Sample(c, Ink.from_points([rng.random((5, 2)).tolist()])) for c in characters for _ in range(count)]


def kept(samples: list[Sample]) -> set[bytes]:
    return {sample.digest for sample, is_held in zip(samples, held_out(samples), strict=True) if is_held}


def test_a_quarter_is_held_out_whatever_stands_beside_it_and_in_which_order() -> None:
    samples = writings("一二三四五六七八九十", 40)
    held = kept(samples)
    assert 0.2 < len(held) / len(samples) < 0.3
    assert kept(samples[::-1]) == held
    more = samples + writings("一二三四五六七八九十", 40, seed=1)
    learned = {sample.digest for sample in samples} - held
    assert held <= kept(more)
    assert not kept(more) & learned  # what was learned from is never examined on
    assert kept(samples[:200]) <= held
    assert kept([replace(sample, writer="another") for sample in samples]) == held


def test_however_samples_grow_nothing_learned_is_examined_on() -> None:
    for seed in range(60):
        grown = writings("一", 6, seed)
        for count in range(1, 6):
            learned = {sample.digest for sample in grown[:count]} - kept(grown[:count])
            assert not kept(grown[: count + 1]) & learned
            assert not kept(grown[1 : count + 1]) & learned


def test_of_a_new_character_one_is_held_out_and_one_learned_from() -> None:
    for seed in range(40):
        for count in (2, 3, 4):
            held = held_out(writings("一", count, seed), new="一")
            assert 1 <= sum(held) < count
        assert held_out(writings("一", 3, seed), new="二") == held_out(writings("一", 3, seed))
    twice = writings("一", 4) * 2
    flags = held_out(twice, new="一")
    assert flags[:4] == flags[4:]  # the same writing is on one side
    assert held_out([]) == []
