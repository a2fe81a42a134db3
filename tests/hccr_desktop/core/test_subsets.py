from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.subsets import CONFUSABLE, SUBSETS, groups, in_subset, mask
from hccr_desktop.errors import InputError


@pytest.mark.parametrize(
    ("character", "parts"),
    [
        ("们", "simplified"),
        ("們", "traditional"),
        ("人", "simplified traditional"),
        ("剀", "simplified"),
        ("亸", "simplified"),  # in the Table of General Standard Characters, not in GB 2312
        ("㐆", ""),
        ("あ", "kana"),
        ("ー", "kana"),
        ("7", "digits"),
        ("q", "letters"),
        ("，", "punctuation"),
        ("+", "punctuation"),
        ("〇", "simplified traditional"),
    ],
)
def test_each_character_belongs_to_its_parts(character: str, parts: str) -> None:
    assert {name for name in SUBSETS if in_subset(character, name)} == set(parts.split())


def test_a_mask_allows_parts_and_own_characters() -> None:
    charset = Charset.from_characters("们們人あ7q，")
    allowed = mask(charset, ["simplified", "digits"], own="あ没")
    assert {c for c, yes in zip(charset.characters, allowed, strict=True) if yes} == set("们人7あ")
    assert np.array_equal(mask(charset, [], own="q"), [c == "q" for c in charset.characters])
    with pytest.raises(InputError, match="no part"):
        mask(charset, ["greek"])
    with pytest.raises(InputError, match="none of the characters"):
        mask(charset, [], own="没")


def test_groups_join_what_looks_alike_and_nothing_else() -> None:
    charset = Charset.from_characters("0Oo1lI一—-口囗大")
    number = dict(zip(charset.characters, groups(charset).tolist(), strict=True))
    assert number["0"] == number["O"] == number["o"]
    assert number["1"] == number["l"] == number["I"]
    assert number["一"] == number["—"] == number["-"]
    assert number["口"] == number["囗"]
    assert len(set(number.values())) == 5


def test_no_character_is_in_two_groups() -> None:
    everything = "".join(CONFUSABLE)
    assert len(everything) == len(set(everything))
