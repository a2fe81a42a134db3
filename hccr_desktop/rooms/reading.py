"""Pages that are read: their text, where each of its characters stands on the page, and what is doubtful.

A page's text may be edited freely; characters that were typed in stand nowhere on the page, the others
keep their place. `rooms.open_pages` keeps the pages on disk as they change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box, Candidate, Recognition, TextLine
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.formats.documents import open_document, pages_in
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import Direction, Page, read_page
from hccr_desktop.recognize.readers import readers_of
from hccr_desktop.rooms.writing import Ranked
from hccr_desktop.store.journal import state_of

DOUBTFUL = 0.97
"""A character whose probability is below is worth a look: one in seven of a neat page, and with them most errors."""
MOST_TRIES = 2
"""After so many readings that did not end, a page is not read by itself at the next start: it may be what ends us."""
_LEAST_CONTRAST = 30
"""Of gray values, in a picture of a character."""


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class _Reading:
    """What was recognized in the regions of a page, and the text that it gives."""

    page: Page
    answers: tuple[Recognition, ...]
    unread: tuple[TextLine, ...]
    read: dict[Box | None, TextLine]
    """The line of each answer, by the answer's box."""
    text: str
    owners: list[int]


@dataclass(eq=False)
class ReadPage:
    """A page in the list: the file, its number there from 1, quarter turns to the right, and once read its text."""

    path: Path
    number: int
    turns: int = 0
    text: str = ""
    owners: list[int] = field(default_factory=list)
    """For each character of the text the number of its answer, -1 where it has none."""
    settled: set[int] = field(default_factory=set)
    """Answers that were corrected or confirmed."""
    is_read: bool = False
    answer_count: int = 0
    doubts: frozenset[int] = frozenset()
    """Answers that were unsure when they were read."""
    only: list[Box] = field(default_factory=list)
    """Regions that are read; none means the whole page."""
    ignored: list[Box] = field(default_factory=list)
    """Regions that are left aside."""
    state: str = ""
    """Of the file when it was read."""
    is_stale: bool = False
    """Whether the file is another than was read, or gone."""
    turning: int = 0
    """Quarter turns that wait for the next reading."""
    direction: str = ""
    """Of its lines, where the user said so, as `Settings.direction`; empty leaves it to the settings."""
    kept: int = 0
    """Its number in the session, 0 for none."""
    position: int = 0
    """By which the session's pages are in order, then by their numbers; 0 for none."""
    tries: int = 0
    """Readings that began and did not end."""
    reading_is_kept: bool = True
    batch: Path | None = None
    """The folder that a batch wrote this page's texts into; corrections go there, too."""
    is_checked: bool = False
    """Whether somebody said that the page is as it should be."""
    failure: str = ""
    """Why a batch could not read it."""
    fetch: Callable[[], Page | None] = _nothing
    """Brings what was recognized, where it lies in the session still."""
    _reading: _Reading | None = None

    @property
    def name(self) -> str:
        """The file's name, and the page's number where it is not the first."""
        return self.path.name if self.number == 1 else f"{self.path.name} · {self.number}"

    def set_page(self, page: Page, turning: int = 0) -> None:
        """Take what was read, of the regions at hand, once the page was turned on by quarters to the right."""
        self._turn(turning)
        self.fetch, self.reading_is_kept, self.tries = _nothing, False, 0
        self.state, self.is_stale, self.failure = state_of(self.path), False, ""
        self._take(page)

    def _take(self, page: Page) -> None:
        self._reading = reading = self._inside(page)
        self.text, self.owners, self.settled, self.is_read = reading.text, list(reading.owners), set(), True
        self.is_checked = False
        self.answer_count = len(reading.answers)
        unsure = (i for i, answer in enumerate(reading.answers) if answer.best.probability < DOUBTFUL)
        self.doubts = frozenset(unsure)

    def _inside(self, page: Page) -> _Reading:
        lines = [line for line in page.lines if any(map(self._is_inside, line)) or (not line and self._holds(line.box))]
        text, owners = "", list[int]()
        found: list[Recognition] = []
        for i, line in enumerate(lines):
            if i:
                text += "\n"
                owners.append(-1)
            if not line:  # a script that is not read
                text += line.text
                owners += [-1] * len(line.text)
            for answer in filter(self._is_inside, line):
                text += answer.best.character
                owners += [len(found)] * len(answer.best.character)
                found.append(answer)
        read = {answer.box: line for line in lines for answer in line}
        return _Reading(page, tuple(found), tuple(line for line in lines if not line), read, text, owners)

    def _known(self) -> _Reading:
        """Return what was recognized, fetched when it is asked for first; where it is lost, the text stays."""
        if self._reading is None:
            page = self.fetch()
            reading = self._inside(page or Page(self.number, (0, 0), ()))
            if len(reading.answers) != self.answer_count:
                self.keep_only_text()
                reading = _Reading(reading.page, (), (), {}, "", [])
            self._reading = reading
        return self._reading

    def let_go(self, fetch: Callable[[], Page | None]) -> None:
        """Forget what was recognized until it is asked for: `fetch` brings it."""
        self.fetch, self._reading = fetch, None

    def keep_only_text(self) -> None:
        """Let go of what was recognized; it makes no sense."""
        self.owners, self.settled, self.doubts = [-1] * len(self.text), set(), frozenset()
        self.answer_count, self.fetch = 0, _nothing

    @property
    def answers(self) -> tuple[Recognition, ...]:
        """The characters that were recognized in the regions, in reading order."""
        return self._known().answers

    @property
    def found(self) -> Page | None:
        """What was read, None for a page that was not."""
        return self._known().page if self.is_read else None

    def as_it_is(self) -> ReadPage:
        """Return the page as it is now, whatever becomes of it."""
        return replace(self, owners=list(self.owners), settled=set(self.settled))

    @property
    def is_outdated(self) -> bool:
        """Whether the file is another than when it was read."""
        return bool(self.state) and self.state != state_of(self.path)

    @property
    def is_worked_on(self) -> bool:
        """Whether somebody corrected the page, or noted it as checked."""
        return self.is_checked or self.is_edited

    @property
    def is_edited(self) -> bool:
        """Whether somebody worked on the text: it differs from what was read, or was confirmed."""
        return self.is_read and (bool(self.settled) or self.text != self._known().text)

    @property
    def is_vertical(self) -> bool:
        """Whether the lines are columns from the right."""
        return self.is_read and self._known().page.is_vertical

    def set_regions(self, only: Sequence[Box] = (), ignored: Sequence[Box] = ()) -> None:
        """Read only some regions, or leave some aside; what was corrected before is read anew."""
        page = self.found
        self.only, self.ignored = list(only), list(ignored)
        if page is not None:
            self._take(page)

    def _turn(self, turning: int) -> None:
        """Turn the regions with the page."""
        self.turns, self.turning = (self.turns + turning) % 4, (self.turning - turning) % 4
        width, height = self._known().page.size
        for _ in range(turning % 4):
            self.only, self.ignored = (
                [(height - bottom, left, height - top, right) for left, top, right, bottom in boxes]
                for boxes in (self.only, self.ignored)
            )
            width, height = height, width

    def _is_inside(self, answer: Recognition) -> bool:
        return self._holds(answer.box)

    def _holds(self, place: Box | None) -> bool:
        if place is None:
            return True
        x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2

        def holds(box: Box) -> bool:
            return box[0] <= x < box[2] and box[1] <= y < box[3]

        return (not self.only or any(map(holds, self.only))) and not any(map(holds, self.ignored))

    def edited(self, at: int, removed: int, text: str, before: Sequence[int] = ()) -> None:
        """Follow an edit of the text; one character in place of one is a correction and keeps its place.

        `before` are the answers that stood there before an input method took them away, where that was an edit of
        its own.
        """
        owners = list(before) or self.owners[at : at + removed]
        kept = owners if len(owners) == len(text) else [-1] * len(text)
        self.settled |= {owner for owner in kept if owner >= 0}
        self.owners[at : at + removed] = kept
        self.text = self.text[:at] + text + self.text[at + removed :]

    @property
    def lines(self) -> list[TextLine]:
        """The text as it was corrected, each character with its place where it has one; what was typed is sure."""
        reading, found = self._known(), list[list[Recognition]]([[]])
        unread = list(reading.unread)
        for character, owner in zip(self.text, self.owners, strict=True):
            if character == "\n":
                found.append([])
                continue
            answer = reading.answers[owner] if owner >= 0 else Recognition((), "", 0.0)
            known = next((c for c in answer.candidates if c.character == character), None)
            if known is None or owner in self.settled:
                known = Candidate(character, 1.0)
            others = tuple(c for c in answer.candidates if c.character != character)
            found[-1].append(replace(answer, candidates=(known, *others)))
        lines = []
        for line in filter(None, found):
            text = "".join(answer.best.character for answer in line)
            place = next((i for i, other in enumerate(unread) if other.text == text), None)
            if place is not None and all(answer.box is None for answer in line):
                lines.append(unread.pop(place))
                continue
            was = next((reading.read[answer.box] for answer in line if answer.box in reading.read), TextLine(()))
            lines.append(TextLine(tuple(line), was.script, inserted=was.inserted, kind=was.kind))
        return lines

    def answer_at(self, at: int) -> int:
        """Return the answer that a character of the text shows, -1 for none."""
        return self.owners[at] if 0 <= at < len(self.owners) else -1

    def place_of(self, answer: int) -> int:
        """Return where in the text an answer stands, -1 where it was deleted."""
        return self.owners.index(answer) if answer in self.owners else -1

    def is_doubtful(self, answer: int) -> bool:
        """Whether an answer is unsure, and nobody looked at it yet."""
        return answer in self.doubts and answer not in self.settled

    def candidates_of(self, answer: int) -> tuple[Ranked, ...]:
        """Return what an answer may be, the best first, with probabilities of one scale.

        Candidates come from two networks and the text; only the best one's probability is calibrated, and the others
        share what it leaves.
        """
        best, *others = self.answers[answer].candidates
        left, whole = 1.0 - best.probability, sum(c.probability for c in others)
        share = min(left / whole, 1.0) if whole else 0.0
        found = [(best.character, best.probability), *((c.character, share * c.probability) for c in others)]
        found[1:] = sorted(found[1:], key=lambda pair: -pair[1])
        return tuple(Ranked(character, chance, chance) for character, chance in found)

    def settle(self, answer: int) -> None:
        """Note that somebody looked at an answer, and that it is right."""
        if answer >= 0:
            self.settled.add(answer)

    @property
    def doubtful_count(self) -> int:
        """How many answers are unsure that nobody looked at, and that still stand in the text."""
        return len((self.doubts - self.settled) & set(self.owners))

    def line_at(self, at: int) -> list[tuple[int, Box]]:
        """Return the answers of the line around a place of the text, and where they stand on the page."""
        start = self.text.rfind("\n", 0, max(at, 0)) + 1
        end = self.text.find("\n", max(at, start))
        owners = dict.fromkeys(o for o in self.owners[start : end if end >= 0 else None] if o >= 0)
        answers = self.answers
        return [(owner, box) for owner in owners if (box := answers[owner].box) is not None]

    def next_doubtful(self, at: int, step: int = 1) -> int:
        """Return the next doubtful character's place in the text, before or after `at`, -1 where there is none."""
        places = range(at + 1, len(self.owners)) if step > 0 else range(at - 1, -1, -1)
        return next((i for i in places if self.owners[i] >= 0 and self.is_doubtful(self.owners[i])), -1)


@dataclass
class Queue:
    """Pages that wait to be read, one at a time; a page is in it once."""

    waiting: list[ReadPage] = field(default_factory=list)
    is_paused: bool = False
    _current: ReadPage | None = None
    _began: float = 0.0
    _seconds: list[float] = field(default_factory=list)

    @property
    def current(self) -> ReadPage | None:
        """The page that is being read."""
        return self._current

    @property
    def is_busy(self) -> bool:
        """Whether a page is being read or waits."""
        return bool(self.waiting or self._current)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes, by the pages read since the queue was empty; None where none was."""
        if not self._seconds:
            return None
        return sum(self._seconds) / len(self._seconds) * (len(self.waiting) + (self._current is not None))

    def add(self, page: ReadPage) -> None:
        """Put a page at the end."""
        if page not in self.waiting:
            self.waiting.append(page)

    def drop(self, page: ReadPage) -> None:
        """Take a page out."""
        if page in self.waiting:
            self.waiting.remove(page)

    def take(self) -> ReadPage | None:
        """Return the page to be read now; None where one is at work, none waits or the queue is paused."""
        if self._current is not None or self.is_paused or not self.waiting:
            return None
        self._current, self._began = self.waiting.pop(0), time.monotonic()
        return self._current

    def done(self) -> None:
        """The page at work was read, or cannot be."""
        self._current = None
        self._seconds.append(time.monotonic() - self._began)
        if not self.waiting:
            self._seconds, self.is_paused = [], False

    def stop(self) -> list[ReadPage]:
        """Leave what waits unread, and return it."""
        left, self.waiting, self.is_paused = self.waiting, [], False
        return left


def turned(picture: GlyphImage, turns: int) -> GlyphImage:
    """Return a picture turned to the right by quarters."""
    return GlyphImage(np.ascontiguousarray(np.rot90(picture.pixels, -turns))) if turns % 4 else picture


def pages_of(paths: Iterable[Path]) -> tuple[list[ReadPage], list[HccrError]]:
    """Return the pages of files, and of files below folders, and what went wrong with some of them."""
    found: list[ReadPage] = []
    errors: list[HccrError] = []
    for path in (path for given in paths for path in pages_in(given)):
        try:
            with open_document(path) as document:
                found += [ReadPage(path, number) for number in range(1, len(document) + 1)]
                errors += document.left_out
        except HccrError as error:
            errors.append(error)
    return found, errors


def picture_of(page: ReadPage) -> GlyphImage:
    """Return a page's picture, turned; raises `UnreadableFile` or `TooLarge`."""
    return drawn_from(page)[0]


def drawn_from(page: ReadPage) -> tuple[GlyphImage, tuple[float, float] | None]:
    """Return a page's picture and its size in points, where the file says it, both turned."""
    with open_document(page.path) as document:
        picture, size_pt = turned(document.page(page.number - 1), page.turns), document.size_pt(page.number - 1)
    return picture, size_pt[::-1] if size_pt and page.turns % 2 else size_pt


def read(
    picture: GlyphImage,
    engine: Engine,
    networks: Networks,
    language: Language | None,
    allowed: Allowed,
    number: int,
    direction: Direction = "auto",
) -> Page:
    """Read a picture of a page."""
    return read_page(picture, readers_of(engine, networks, language, allowed), number, direction)


def sample_of(page: ReadPage, answer: int, picture: GlyphImage, character: str, writer: str) -> Sample | None:
    """Return the part of a page's picture that an answer stands on as a sample, None where it has no place."""
    box = page.answers[answer].box
    if box is None:
        return None
    left, top, right, bottom = box
    part = picture.pixels[max(top, 0) : bottom, max(left, 0) : right]
    if not part.size or int(part.max()) - int(part.min()) < _LEAST_CONTRAST:  # no ink stood there
        return None
    return Sample(character, GlyphImage(np.ascontiguousarray(part)), writer, page.path.name)
