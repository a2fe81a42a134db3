"""What was done to a page's text, so that an undo takes back text, places, confirmations and samples together."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass
class _Step:
    """A state, where the cursor was before it came about, and a list that takes the numbers of the samples that were
    kept with it, None where none were.
    """

    state: _State
    at: int = 0
    samples: list[int] | None = None


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

    def note(self, page: ReadPage, at: int, samples: list[int] | None = None, *, joined: bool = False) -> None:
        """Note that the page was changed, with the cursor at a character before that.

        `samples` takes the numbers of what is kept with it. `joined` makes one change of this and the one before.
        """
        state = _State.of(page)
        if state == self._steps[self._now].state:
            return
        del self._steps[self._now + 1 :]
        if joined and self._now > 0:
            self._steps[self._now].state = state
            return
        self._steps.append(_Step(state, at, samples))
        del self._steps[: max(len(self._steps) - _MOST, 0)]
        self._now = len(self._steps) - 1

    def undo(self, page: ReadPage) -> tuple[int, list[int] | None]:
        """Bring the state before back; return where the cursor was, and the samples that were kept since."""
        step = self._steps[self._now]
        self._now -= 1
        self._bring_back(page)
        return step.at, step.samples

    def redo(self, page: ReadPage) -> tuple[int, list[int] | None]:
        """Bring the state after back; return where the cursor was, and the samples that were kept with it."""
        self._now += 1
        self._bring_back(page)
        return self._steps[self._now].at, self._steps[self._now].samples

    def _bring_back(self, page: ReadPage) -> None:
        state = self._steps[self._now].state
        page.text, page.owners, page.settled = state.text, list(state.owners), set(state.settled)
