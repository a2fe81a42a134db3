"""What was done to the text from the pad, so that one undo takes back text, ink and samples together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from hccr_desktop.core.sample import Sample
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.text_line import TextBox
from hccr_desktop.gui.text_units import alike

_MOST_EDITED = 2_000
"""Characters between the first and the last edit of a text that are compared one by one."""
_AROUND = 20
"""Characters around a part by which it is known in a longer one."""


@dataclass
class Change:
    """Text that came in place of another in a text as it was `before`, and the samples that were kept with it.

    `kept` are their numbers.
    """

    before: str
    at: int
    removed: str
    put: str
    samples: Sequence[tuple[Sample, str]] = ()
    kept: list[int] = field(default_factory=list)


class Changes:
    """Makes changes, takes them back and makes them again."""

    def __init__(self, text: TextBox, desk: Desk) -> None:
        self._text, self._desk = text, desk

    def insert(self, text: str, samples: Sequence[tuple[Sample, str]] = ()) -> Change:
        """Put text in place of what is selected, and keep samples, each with what it was read as."""
        (start, end), before = self._text.selected, self._text.text()
        change = Change(before, start, before[start:end], text, samples)
        self._make(change)
        return change

    def delete(self) -> Change | None:
        """Delete what is selected, or the character before the cursor; None where there is none."""
        (start, end), before = self._text.selected, self._text.text()
        start = max(start - (start == end), 0)
        if start == end:
            return None
        change = Change(before, start, before[start:end], "")
        self._make(change)
        return change

    def take_back(self, change: Change) -> None:
        """Undo a change, where the text still holds it; its samples go in any case."""
        self._replace(change, change.put, change.removed)
        kept, change.kept = change.kept, []
        if change.samples:
            self._desk.change_samples(lambda: self._desk.store.remove(kept))

    def make_again(self, change: Change) -> None:
        """Make a change once more after it was taken back."""
        self._make(change)

    def _make(self, change: Change) -> None:
        self._replace(change, change.removed, change.put)
        if change.samples:
            store, kept = self._desk.store, change.kept
            self._desk.change_samples(lambda: kept.extend([store.add(*sample) for sample in change.samples]))

    def _replace(self, change: Change, old: str, new: str) -> None:
        """Put one text in place of another, if it still stands where it was put, whatever was edited around it."""
        rest = change.before[change.at + len(change.removed) :]
        at = _place_in(self._text.text(), change.before[: change.at] + old + rest, change.at, change.at + len(old))
        if at is not None:
            self._text.replace(at, at + len(old), new)


def _place_in(text: str, was: str, start: int, end: int) -> int | None:
    """Return where a part of a text begins after edits, None where they touched it, or may have."""
    if text == was or not was:
        return start
    ahead, behind = alike(text, was), alike(text[::-1], was[::-1])
    gone = len(was) - len(text)
    if gone > 0 and ahead + behind >= len(text):  # so much was deleted between two places, as in 木木木 any of them
        first, last = len(text) - behind, ahead + gone
        if start < end and start < last and first < end:
            return None
    behind = min(behind, len(text) - ahead, len(was) - ahead)
    blocks = [(0, 0, ahead), (len(was) - behind, len(text) - behind, behind)]
    between, now = was[ahead : len(was) - behind], text[ahead : len(text) - behind]
    if len(between) + len(now) < _MOST_EDITED:
        matcher = SequenceMatcher(None, between, now, autojunk=False)
        blocks += [(ahead + a, ahead + b, size) for a, b, size in matcher.get_matching_blocks()]
    else:
        left, right = max(start - _AROUND, 0), end + _AROUND
        if text.count(was[left:right]) == 1:
            blocks.append((left, text.index(was[left:right]), len(was[left:right])))
    return next((start - a + b for a, b, size in blocks if size and a <= start and end <= a + size), None)
