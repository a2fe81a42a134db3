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
    """A state, where the cursor was before it came about, what was chosen, and earlier choices that it replaced."""

    state: _State
    at: int = 0
    choice: Choice | None = None
    replaced: tuple[Choice, ...] = ()


class PageHistory:
    """The states of one page's text, from when it was first shown; it does not hold the page itself."""

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

    def note(self, page: ReadPage, at: int, choice: Choice | None = None, *, joined: bool = False) -> Change:
        """Note that the page was changed, with the cursor at a character before that.

        What was chosen for an answer is dropped where another choice is made, or the text no longer says it. `joined`
        makes one change of this and the one before.
        """
        state, before = _State.of(page), self._steps[self._now]
        if state == before.state:
            return Change(at)
        del self._steps[self._now + 1 :]
        says, anew = state.characters, -1 if choice is None else choice.answer
        replaced = tuple(c for c in self._standing() if c.answer == anew or says.get(c.answer) != c.character)
        if joined and self._now > 0:
            before.state, before.replaced = state, before.replaced + replaced
        else:
            self._steps.append(_Step(state, at, choice, replaced))
            del self._steps[: max(len(self._steps) - _MOST, 0)]
            self._now = len(self._steps) - 1
        return Change(at, (), tuple(c.samples for c in replaced))

    def undo(self, page: ReadPage) -> Change:
        """Bring the state before back; the cursor goes where it was."""
        step = self._steps[self._now]
        self._now -= 1
        self._bring_back(page)
        own = (step.choice.samples,) if step.choice is not None else ()
        return Change(step.at, tuple(c.samples for c in step.replaced), own)

    def redo(self, page: ReadPage) -> Change:
        """Bring the state after back; the cursor goes where it was."""
        self._now += 1
        self._bring_back(page)
        step = self._steps[self._now]
        own = (step.choice.samples,) if step.choice is not None else ()
        return Change(step.at, own, tuple(c.samples for c in step.replaced))

    def _standing(self) -> list[Choice]:
        """The choices that no later one replaced."""
        steps = self._steps[: self._now + 1]
        gone = {choice for step in steps for choice in step.replaced}
        return [step.choice for step in steps if step.choice is not None and step.choice not in gone]

    def _bring_back(self, page: ReadPage) -> None:
        state = self._steps[self._now].state
        page.text, page.owners, page.settled = state.text, list(state.owners), set(state.settled)
