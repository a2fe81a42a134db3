"""What was done to the text from the pad, so that one undo takes back text, ink and samples together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hccr_desktop.core.sample import Sample
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.text_line import TextBox


@dataclass
class Change:
    """Text that came in place of another at a place, and the samples that were kept with it; `kept`: their numbers."""

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
        start, end = self._text.selected
        change = Change(start, self._text.text()[start:end], text, samples)
        self._make(change)
        return change

    def delete(self) -> Change | None:
        """Delete what is selected, or the character before the cursor; None where there is none."""
        start, end = self._text.selected
        start = max(start - (start == end), 0)
        if start == end:
            return None
        change = Change(start, self._text.text()[start:end], "")
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
        """Put one text in place of another, where it stands or, if the text was edited meanwhile, nearest to that."""
        whole = self._text.text()
        places = [i for i in range(len(whole) + 1) if whole.startswith(old, i)] if old else [min(change.at, len(whole))]
        if places:
            change.at = min(places, key=lambda place: abs(place - change.at))
            self._text.replace(change.at, change.at + len(old), new)
