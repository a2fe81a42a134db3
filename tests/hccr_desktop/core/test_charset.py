from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InvalidBundle

_CHARACTERS = st.sets(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1, max_size=50)


@given(_CHARACTERS)
def test_a_table_read_back_is_the_same_with_the_same_digest(characters: set[str]) -> None:
    charset = Charset.from_characters(characters)
    again = Charset.from_text(charset.to_text())
    assert again == charset
    assert again.digest == charset.digest
    assert all(charset[charset.index(c) or 0] == c for c in characters)


def test_order_changes_the_digest() -> None:
    assert Charset(("一", "二")).digest != Charset(("二", "一")).digest


def test_a_missing_character_has_no_index() -> None:
    charset = Charset(("一",))
    assert charset.index("二") is None
    assert "二" not in charset


@pytest.mark.parametrize("characters", [(), ("一", "一"), ("一", ""), (" ",)])
def test_tables_with_gaps_or_doubles_are_refused(characters: tuple[str, ...]) -> None:
    with pytest.raises(InvalidBundle):
        Charset(characters)
