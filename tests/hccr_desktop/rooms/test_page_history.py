"""Choices of a page's history: the last that the text says holds, however long ago it was made."""

from __future__ import annotations

from pathlib import Path

from hccr_desktop.rooms.page_history import Choice, PageHistory
from hccr_desktop.rooms.reading import ReadPage


def page_of(text: str) -> ReadPage:
    """Return a page whose characters show one answer each."""
    page = ReadPage(Path("page.png"), 1)
    page.text, page.owners, page.settled = text, list(range(len(text))), set()
    return page


def choose(page: ReadPage, history: PageHistory, answer: int, character: str) -> tuple[Choice, list[list[int]]]:
    """Choose a character for an answer; return the choice, and the samples that it drops."""
    choice = Choice(answer, character, [len(history._steps)])
    page.text = page.text[:answer] + character + page.text[answer + 1 :]
    page.settled.add(answer)
    return choice, list(history.note(page, answer, choice).dropped)


def test_a_choice_that_was_made_long_ago_is_replaced() -> None:
    page = page_of("木" * 700)
    history = PageHistory(page)
    first, _ = choose(page, history, 0, "本")
    for answer in range(1, 600):
        choose(page, history, answer, "本")
    _, dropped = choose(page, history, 0, "术")
    assert dropped == [first.samples]


def test_a_choice_of_what_stands_there_is_noted_and_undone_with_the_last_change() -> None:
    page = page_of("木中")
    history = PageHistory(page)
    page.text, page.settled = "本中", {0}
    history.note(page, 0)  # by hand
    choice = Choice(0, "本", [7])
    assert history.note(page, 0, choice).dropped == ()
    assert history.holding() == {0: choice}
    assert history.undo(page).dropped == ([7],)
    assert history.redo(page).kept == ([7],)


def test_what_an_input_method_takes_away_and_puts_back_holds() -> None:
    page = page_of("木中")
    history = PageHistory(page)
    choice, _ = choose(page, history, 0, "本")
    page.text, page.owners = "中", [1]
    assert history.note(page, 0).dropped == (choice.samples,)
    page.text, page.owners = "本中", [0, 1]
    assert history.note(page, 0, joined=True).kept == (choice.samples,)
