"""Ranking by what stands before; rows that are corrected; what is known of characters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hccr_desktop import paths
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.recognize.facts import code_point, other_forms, readings, strokes
from hccr_desktop.recognize.language import Language, load_language, read_own_text, usual_language, write_own_text
from hccr_desktop.recognize.lines.rows import Written
from hccr_desktop.rooms.writing import Row, ranked


@pytest.fixture(scope="module")
def language() -> Language:
    return load_language(paths.language_model())


def test_after_xue_xi_rises(language: Language) -> None:
    candidates = [Candidate("刁", 0.5), Candidate("习", 0.4), Candidate("司", 0.05)]
    assert [r.character for r in ranked(candidates, "", None)] == ["刁", "习", "司"]
    found = ranked(candidates, "我爱学", language)
    assert found[0].character == "习"
    assert found[0].probability > 0.5
    assert found[0].alone == 0.4


@given(
    pairs=st.lists(st.tuples(st.sampled_from("的一是了我不人在他有这个上们来到时"), st.floats(0.0, 0.1)), max_size=10)
)
def test_context_only_shares_the_probability_out_anew(language: Language, pairs: list[tuple[str, float]]) -> None:
    candidates = [Candidate(c, p) for c, p in dict(pairs).items()]
    found = ranked(candidates, "他", language)
    assert {r.character for r in found} == {c.character for c in candidates}
    assert sum(r.probability for r in found) == pytest.approx(sum(c.probability for c in candidates), abs=1e-6)
    assert all(np.diff([r.probability for r in found]) <= 1e-9)


def test_strokes_are_counted_where_they_are_known() -> None:
    assert [strokes(character) for character in "一木字學"] == [1, 4, 6, 16]
    assert strokes("A") == 0


def row(*answers: tuple[str, float]) -> Row:
    ink = Ink.from_points([[(0, 0), (1, 1)]])
    return Row(
        [
            Written((i,), ink, Recognition((Candidate(c, p), Candidate("乙", 1 - p)), "m", 0.0))
            for i, (c, p) in enumerate(answers)
        ]
    )


def test_a_row_begins_at_its_first_doubtful_character() -> None:
    made = row(("甲", 0.99), ("丙", 0.3), ("丁", 0.4))
    assert made.selected == 1
    made.choose("乙")
    assert made.text == "甲乙丁"
    assert made.selected == 2
    made.select(7)  # there is none
    assert made.selected == 2
    assert made.candidates[0].character == "丁"


def test_a_row_without_doubt_ends_at_its_last_and_an_empty_one_is_empty() -> None:
    assert row(("甲", 0.99), ("丙", 0.95)).selected == 1
    assert row().text == ""
    assert row().candidates == ()
    row().choose("甲")  # nothing happens


def test_what_is_known_of_characters() -> None:
    assert code_point("学") == "U+5B66"
    assert readings("学", "pinyin") == ("xué",)
    assert readings("学", "zhuyin")[0] == "ㄒㄩㄝˊ"
    assert readings("行", "pinyin")[:2] == ("xíng", "háng")
    assert readings("，", "pinyin") == ()
    assert readings("学", "none") == ()
    assert other_forms("学") == ("学", "學")
    assert other_forms("學") == ("学", "學")
    assert other_forms("一") == ("一", "一")


def test_an_own_text_is_learned_and_the_rest_stays(language: Language) -> None:
    taught = language.taught("钱锺书\n钱锺书先生\n")

    def after(model: Language, before: str, now: str) -> float:
        return float(model.after(model.numbers([*before])[None], model.numbers([now]))[0, 0])

    assert after(taught, "钱", "锺") > after(language, "钱", "锺") + 2
    assert after(taught, "锺", "书") > after(language, "锺", "书") + 2
    assert after(taught, "钱锺", "书") > after(taught, "锺", "书")
    assert after(taught, "学", "习") == pytest.approx(after(language, "学", "习"), abs=0.1)
    everything = np.arange(len(language.characters))
    total = np.exp(taught.after(taught.numbers(["钱"])[None], everything)).sum()
    assert total == pytest.approx(np.exp(language.after(language.numbers(["钱"])[None], everything)).sum(), abs=0.05)
    assert language.taught("\n  \n") is language


def test_the_usual_model_knows_the_users_text() -> None:
    assert read_own_text() == ""
    before = usual_language()
    write_own_text("猫猫猫")
    cat = before.numbers(["猫"])
    assert usual_language().after(cat[None], cat)[0, 0] > before.after(cat[None], cat)[0, 0] + 2
    assert paths.own_text() in paths.everything()
