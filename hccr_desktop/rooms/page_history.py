"""What was done to a page's text, so that an undo takes back text, places, confirmations and samples together."""

from __future__ import annotations

from dataclasses import dataclass, field

from hccr_desktop.rooms.reading import ReadPage

_MOST = 500
"""Changes of a page that are remembered."""


@dataclass(frozen=True)
class _State:
    text: str
    owners: tuple[int, ...]
    settled: frozenset[int]

    @classmethod
    def of(cls, page: ReadPage) -> _State:
        return cls(page.text, tuple(page.owners), frozenset(page.settled))

    @property
    def characters(self) -> dict[int, str]:
        """The characters that show answers."""
        return dict(zip(self.owners, self.text, strict=True))


@dataclass(frozen=True, eq=False)
class Choice:
    """What the user chose for an answer; `samples` takes the numbers of what is kept with that."""

    answer: int
    character: str
    samples: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """What came about: where the cursor is, and the samples that are kept from now on, and those that no longer are."""

    at: int
    kept: tuple[list[int], ...] = ()
    dropped: tuple[list[int], ...] = ()


@dataclass
class _Step:
    """A state, where the cursor was before it came about, and what was chosen with it."""

    state: _State
    at: int = 0
    choices: list[Choice] = field(default_factory=list)


class PageHistory:
    """The states of one page's text, from when it was first shown; it does not hold the page itself.

    A choice holds while the text says what was chosen, the last of those for an answer that say so.
    """

    def __init__(self, page: ReadPage) -> None:
        self._steps = [_Step(_State.of(page))]
        self._now = 0

    def is_of(self, page: ReadPage) -> bool:
        """Whether the page is as it was left: otherwise it was read anew."""
        return self._steps[self._now].state == _State.of(page)

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._now > 0

    @property
    def can_redo(self) -> bool:
        """Whether a state was undone."""
        return self._now + 1 < len(self._steps)

    def holding(self) -> dict[int, Choice]:
        """Return the choices that hold now, by answer."""
        says = self._steps[self._now].state.characters
        choices = (choice for step in self._steps[: self._now + 1] for choice in step.choices)
        return {choice.answer: choice for choice in choices if says.get(choice.answer) == choice.character}

    def note(self, page: ReadPage, at: int, choice: Choice | None = None, *, joined: bool = False) -> Change:
        """Note that the page was changed, with the cursor at a character before that.

        `joined` makes one change of this and the one before.
        """
        before, state = self.holding(), _State.of(page)
        if state != self._steps[self._now].state:
            del self._steps[self._now + 1 :]
            if joined and self._now > 0:
                self._steps[self._now].state = state
            else:
                self._steps.append(_Step(state, at))
                self._forget(max(len(self._steps) - _MOST, 0))
                self._now = len(self._steps) - 1
        if choice is not None:
            self._steps[self._now].choices.append(choice)
        return _difference(before, self.holding(), at, choice)

    def _forget(self, count: int) -> None:
        """Let go of the first steps; what was chosen in them stays chosen."""
        earlier = [choice for step in self._steps[:count] for choice in step.choices]
        del self._steps[:count]
        self._steps[0].choices[:0] = earlier

    def undo(self, page: ReadPage) -> Change:
        """Bring the state before back; the cursor goes where it was."""
        return self._go(self._now - 1, self._steps[self._now].at, page)

    def redo(self, page: ReadPage) -> Change:
        """Bring the state after back; the cursor goes where it was."""
        return self._go(self._now + 1, self._steps[self._now + 1].at, page)

    def _go(self, step: int, at: int, page: ReadPage) -> Change:
        before, self._now = self.holding(), step
        state = self._steps[step].state
        page.text, page.owners, page.settled = state.text, list(state.owners), set(state.settled)
        return _difference(before, self.holding(), at)


def _difference(before: dict[int, Choice], now: dict[int, Choice], at: int, new: Choice | None = None) -> Change:
    """Return what no longer holds, and what holds again: a `new` choice's samples are still to come."""
    kept = (choice for choice in now.values() if choice not in before.values() and choice is not new)
    dropped = (choice for choice in before.values() if choice not in now.values())
    return Change(at, tuple(choice.samples for choice in kept), tuple(choice.samples for choice in dropped))
