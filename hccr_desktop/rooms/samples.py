"""The samples that were collected: filtered, relabeled, removed, with an undo for each; odd ones found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop import paths
from hccr_desktop.core.normalize import has_ink
from hccr_desktop.core.sample import Sample, clean_label, some_labels
from hccr_desktop.errors import HccrError, InputError, StorageError
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.store.samples import SampleStore, Stored

if TYPE_CHECKING:
    from hccr_desktop.formats.writing import Written

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
        self._undo: list[Callable[[], object]] = []
        self.filter = Filter()
        self.odd: dict[int, str] = {}
        """What the model reads instead, by the numbers of odd samples."""

    def load(self) -> None:
        """Read the store; raises `StorageError`."""
        self._all = self._store.all()
        if self.filter.writer not in self.writers:  # renamed, or the last of them removed
            self.filter = replace(self.filter, writer=None)
        if self.filter.source not in self.sources:
            self.filter = replace(self.filter, source=None)

    def forget(self) -> None:
        """Know nothing any more, and of nothing that could be undone."""
        self._all, self._undo, self.odd = [], [], {}
        self.filter = Filter()

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
        character = clean_label(character)
        if len(character) != 1:
            raise InputError("A sample is one character.", "Give just one.")
        chosen = set(numbers)
        before = {s.id: s.sample.character for s in self._all if s.id in chosen}
        odd = {number: read for number, read in self.odd.items() if number in chosen}
        self._store.relabel(dict.fromkeys(numbers, character))
        self.odd = {number: read for number, read in self.odd.items() if number not in chosen}

        def back() -> None:
            self._store.relabel(before)
            self.odd = {**self.odd, **odd}

        self._done(back)

    def set_writer(self, numbers: Sequence[int], writer: str) -> None:
        """Say whose writing samples are; so two writers are merged."""
        chosen = set(numbers)
        before = {s.id: s.sample.writer for s in self._all if s.id in chosen}
        self._store.set_writer(dict.fromkeys(numbers, writer))
        self._done(lambda: self._store.set_writer(before))

    def add(self, path: Path) -> TakenIn:
        """Import samples from a file or folder, as `take_in` does; raises what it found where nothing came in."""
        return self._added(take_in(self._store, path))

    def add_sheets(self, path: Path, writer: str) -> TakenIn:
        """Take in the filled boxes of scanned sheets, of all pages that can be read; raises as `add` does."""
        from hccr_desktop.formats.sheet import read_sheets

        return self._added(_taken_in(self._store, read_sheets(path, paths.sheets(), writer)))

    def _added(self, taken: TakenIn) -> TakenIn:
        if taken.numbers:
            self._done(lambda: self._store.remove(taken.numbers))
        elif taken.error is not None:
            raise taken.error
        return taken

    def _done(self, back: Callable[[], object]) -> None:
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
        samples = [stored for stored in self._all if has_ink(stored.sample.content)]
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


@dataclass(frozen=True)
class TakenIn:
    """What came of importing a file: the numbers of new samples, and what did not come in.

    `known` samples were there already, `unlabeled` ones have no label, `longer` are labels that are more than one
    character; `error` says why the rest of the file could not be read.
    """

    numbers: list[int]
    known: int = 0
    unlabeled: int = 0
    longer: tuple[str, ...] = ()
    error: HccrError | None = None

    @property
    def notes(self) -> list[HccrError]:
        """What did not come in, a sentence each."""
        found: list[HccrError] = []
        if self.known:
            found.append(InputError("{count} were there already.", count=self.known))
        if self.unlabeled:
            found.append(InputError("{count} without a label were left out.", count=self.unlabeled))
        if self.longer:
            found.append(
                InputError(
                    "{count} were left out, whose labels are not one character: {labels}.",
                    count=len(self.longer),
                    labels=some_labels(self.longer),
                )
            )
        return [*found, *([self.error] if self.error is not None else [])]


def take_in(store: SampleStore, path: Path, writer: str = "") -> TakenIn:
    """Import the labeled samples of a file or folder that are not there yet, up to where it is damaged.

    `writer` is whose they are where the file does not say. Raises `StorageError`.
    """
    from hccr_desktop.formats.reading import read_any

    return _taken_in(store, read_any(path), writer)


def _taken_in(store: SampleStore, samples: Iterable[Sample], writer: str = "") -> TakenIn:
    found, unlabeled, longer, errors = 0, 0, [], []

    def fitting() -> Iterator[Sample]:
        nonlocal found, unlabeled
        try:
            for sample in samples:
                if sample.is_one_character:
                    found += 1
                    yield replace(sample, writer=sample.writer or writer)
                elif sample.character:
                    longer.append(sample.character)
                else:
                    unlabeled += 1
        except HccrError as damage:
            errors.append(damage)

    numbers: list[int] = []
    try:
        for number in store.add_new(fitting()):
            numbers.append(number)  # noqa: PERF402 - what was kept before an error is told, and can be taken back
    except StorageError as error:
        if not numbers:
            raise
        return TakenIn(numbers, 0, unlabeled, tuple(longer), error)
    return TakenIn(numbers, found - len(numbers), unlabeled, tuple(longer), errors[0] if errors else None)


def export(stored: Iterable[Stored], path: Path) -> Written:
    """Write samples in the form that the path says, see `write_samples`."""
    from hccr_desktop.formats.writing import write_samples

    return write_samples(path, (s.sample for s in stored))
