from __future__ import annotations

from hccr_desktop import errors
from hccr_desktop.errors import EmptyInk, HccrError, UnreadableFile


def test_every_name_of_the_tree_in_the_docstring_exists_and_the_reverse() -> None:
    classes = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, HccrError)}
    assert errors.__doc__ is not None
    named = {word for line in errors.__doc__.splitlines() for word in line.split() if word in classes}
    assert named == classes


def test_sentences_are_translated_before_they_are_filled() -> None:
    error = UnreadableFile("{name} is empty.", "Save {name} again.", name="a{hint}.png")
    assert str(error) == "a{hint}.png is empty."
    assert error.sentence() == "a{hint}.png is empty. Save a{hint}.png again."
    words = {"{name} is empty.": "{name} 是空的。", "Save {name} again.": ""}
    assert error.sentence(lambda text: words[text]).strip() == "a{hint}.png 是空的。"


def test_braces_that_name_no_value_stay() -> None:
    assert str(HccrError("{what} {0}")) == "{what} {0}"


def test_empty_ink_says_what_to_do() -> None:
    assert EmptyInk().hint
