"""The samples that were collected: filtered, relabeled, removed, with an undo for each; odd ones found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hccr_desktop import paths
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.store.samples import SampleStore, Stored

ODD = 0.02
"""A sample is odd where the model gives its own character less than this probability."""

_AT_ONCE = 64


@dataclass(frozen=True)
class Filter:
    """Which samples are shown; empty lets all pass."""

    characters: str = ""
    writer: str | None = None
    source: str | None = None
    odd_only: bool = False


class Collection:
    """The samples of a store as they are shown, and what was done to them, to be undone."""

    def __init__(self, store: SampleStore) -> None:
        self._store = store
        self._all: list[Stored] = []
        self._undo: list[Callable[[], None]] = []
        self.filter = Filter()
        self.odd: dict[int, str] = {}
        """What the model reads instead, by the numbers of odd samples."""

    def load(self) -> None:
        """Read the store; raises `StorageError`."""
        self._all = self._store.all()

    @property
    def shown(self) -> list[Stored]:
        """The samples that pass the filter, by character."""
        f = self.filter
        found = [
            s
            for s in self._all
            if (not f.characters or s.sample.character in f.characters)
            and (f.writer is None or s.sample.writer == f.writer)
            and (f.source is None or s.sample.source == f.source)
            and (not f.odd_only or s.id in self.odd)
        ]
        return sorted(found, key=lambda s: (s.sample.character, s.id))

    @property
    def writers(self) -> list[str]:
        """All writers, the unnamed one as an empty text."""
        return sorted({s.sample.writer for s in self._all})

    @property
    def sources(self) -> list[str]:
        """Where samples came from."""
        return sorted({s.sample.source for s in self._all})

    @property
    def count(self) -> int:
        """How many samples there are in all."""
        return len(self._all)

    def confused(self, most: int = 50) -> list[str]:
        """Return the characters that were most often read as others."""
        wrong = Counter(s.sample.character for s in self._all if s.read_as and s.read_as != s.sample.character)
        return [character for character, _ in wrong.most_common(most)]

    # ------------------------------------------------------------------------- changes

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove samples."""
        self._store.remove(numbers)
        self._done(lambda: self._store.restore(numbers))

    def relabel(self, numbers: Sequence[int], character: str) -> None:
        """Say that samples are another character; raises `InputError` where it is not one character."""
        if len(character) != 1 or character.isspace():
            raise InputError("A sample is one character.", "Give just one.")
        before = {s.id: s.sample.character for s in self._all if s.id in set(numbers)}
        for number in numbers:
            self._store.relabel(number, character)

        def back() -> None:
            for number, old in before.items():
                self._store.relabel(number, old)

        self._done(back)

    def set_writer(self, numbers: Sequence[int], writer: str) -> None:
        """Say whose writing samples are; so two writers are merged."""
        before = {s.id: s.sample.writer for s in self._all if s.id in set(numbers)}
        self._store.set_writer(numbers, writer)

        def back() -> None:
            for number, old in before.items():
                self._store.set_writer([number], old)

        self._done(back)

    def add(self, path: Path) -> int:
        """Import samples from a file or folder; return how many; raises `UnreadableFile`, `StorageError`."""
        from hccr_desktop.formats.reading import read_any

        numbers = self._store.add_all(sample for sample in read_any(path) if sample.character)
        self._done(lambda: self._store.remove(numbers))
        return len(numbers)

    def add_sheets(self, path: Path, writer: str) -> int:
        """Take in the filled boxes of scanned sheets; return how many; raises `UnreadableFile`, `StorageError`."""
        from hccr_desktop.formats.sheet import read_sheets

        numbers = self._store.add_all(read_sheets(path, paths.sheets(), writer))
        self._done(lambda: self._store.remove(numbers))
        return len(numbers)

    def _done(self, back: Callable[[], None]) -> None:
        self._undo.append(back)
        self.load()

    @property
    def can_undo(self) -> bool:
        """Whether something was done that can be taken back."""
        return bool(self._undo)

    def undo(self) -> None:
        """Take the last change back."""
        if self._undo:
            self._undo.pop()()
            self.load()

    # -------------------------------------------------------------------------- second look

    def look_again(self, engine: Engine, on: Callable[[int, int], bool] = lambda _done, _all: True) -> int:
        """Find odd samples: those that the model thinks are hardly what they are said to be.

        `on(done, all)` hears the progress and stops it by False. Returns how many were found.
        """
        odd: dict[int, str] = {}
        samples = list(self._all)
        for start in range(0, len(samples), _AT_ONCE):
            if not on(start, len(samples)):
                break
            part = samples[start : start + _AT_ONCE]
            answers = engine.recognize_batch([s.sample.content for s in part], top=50)
            for stored, answer in zip(part, answers, strict=True):
                own = next((c.probability for c in answer.candidates if c.character == stored.sample.character), 0.0)
                if own < ODD and stored.sample.character in engine.bundle.charset:
                    odd[stored.id] = answer.best.character
        self.odd = odd
        return len(odd)


def export(stored: Iterable[Stored], path: Path) -> int:
    """Write samples in the form that the path says, see `write_samples`; return how many were written."""
    from hccr_desktop.formats.writing import write_samples

    return write_samples(path, (s.sample for s in stored))
