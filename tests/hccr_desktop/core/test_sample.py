from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hccr_desktop.core.sample import Sample, clean_label, clean_name, some_labels
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
