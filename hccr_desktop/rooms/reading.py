"""Pages that are read: their text, where each of its characters stands on the page, and what is doubtful.

A page's text may be edited freely; characters that were typed in stand nowhere on the page, the others
keep their place. A `Session` keeps the pages on disk as they change.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box, Candidate, Recognition, TextLine
from hccr_desktop.core.sample import Sample, clean_name
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.documents import open_document, pages_in
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.pages import Direction, Page, read_page, reader_of
from hccr_desktop.store.reading import KeptPage, ReadingStore

DOUBTFUL = 0.9
"""A character whose probability is below is worth a look."""
_LEAST_CONTRAST = 30
"""Of gray values, in a picture of a character."""


@dataclass(eq=False)
class ReadPage:
    """A page in the list: the file, its number there from 1, quarter turns to the right, and once read its text."""

    path: Path
    number: int
    turns: int = 0
    answers: tuple[Recognition, ...] = ()
    text: str = ""
    owners: list[int] = field(default_factory=list)
    """For each character of the text the number of its answer, -1 where it has none."""
    settled: set[int] = field(default_factory=set)
    """Answers that were corrected or confirmed."""
    is_read: bool = False
    kept: int = 0
    """Its number in the session, 0 for none."""
    state: str = ""
    """Of the file when it was read."""
    only: list[Box] = field(default_factory=list)
    """Regions that are read; none means the whole page."""
    ignored: list[Box] = field(default_factory=list)
    """Regions that are left aside."""
    _found: Page | None = None
    _unread: list[TextLine] = field(default_factory=list)
    _read: dict[Box | None, TextLine] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The file's name, and the page's number where it is not the first."""
        return self.path.name if self.number == 1 else f"{self.path.name} · {self.number}"

    def set_page(self, page: Page) -> None:
        """Take what was read, of the regions at hand."""
        self._found = page
        lines = [line for line in page.lines if any(map(self._is_inside, line)) or (not line and self._holds(line.box))]
        self.text, self.owners, number = "", [], 0
        found: list[Recognition] = []
        for i, line in enumerate(lines):
            if i:
                self.text += "\n"
                self.owners.append(-1)
            if not line:  # a script that is not read
                self.text += line.text
                self.owners += [-1] * len(line.text)
            for answer in filter(self._is_inside, line):
                found.append(answer)
                self.text += answer.best.character
                self.owners += [number] * len(answer.best.character)
                number += 1
        self.answers = tuple(found)
        self._unread = [line for line in lines if not line]
        self._read = {answer.box: line for line in lines for answer in line}
        self.settled, self.is_read, self.state = set(), True, state_of(self.path)

    @property
    def found(self) -> Page | None:
        """What was read, None for a page that was not."""
        return self._found

    @property
    def is_stale(self) -> bool:
        """Whether the file is another than was read, or gone."""
        return bool(self.state) and self.state != state_of(self.path)

    @property
    def is_vertical(self) -> bool:
        """Whether the lines are columns from the right."""
        return self._found is not None and self._found.is_vertical

    def set_regions(self, only: Sequence[Box] = (), ignored: Sequence[Box] = ()) -> None:
        """Read only some regions, or leave some aside; what was corrected before is read anew."""
        self.only, self.ignored = list(only), list(ignored)
        if self._found is not None:
            self.set_page(self._found)

    def _is_inside(self, answer: Recognition) -> bool:
        return self._holds(answer.box)

    def _holds(self, place: Box | None) -> bool:
        if place is None:
            return True
        x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2

        def holds(box: Box) -> bool:
            return box[0] <= x < box[2] and box[1] <= y < box[3]

        return (not self.only or any(map(holds, self.only))) and not any(map(holds, self.ignored))

    def edited(self, at: int, removed: int, text: str) -> None:
        """Follow an edit of the text; one character in place of one is a correction and keeps its place."""
        owners = self.owners[at : at + removed]
        kept = owners if removed == len(text) else [-1] * len(text)
        self.settled |= {owner for owner in kept if owner >= 0}
        self.owners[at : at + removed] = kept
        self.text = self.text[:at] + text + self.text[at + removed :]

    @property
    def lines(self) -> list[TextLine]:
        """The text as it was corrected, each character with its place where it has one; what was typed is sure."""
        found: list[list[Recognition]] = [[]]
        unread = list(self._unread)
        for character, owner in zip(self.text, self.owners, strict=True):
            if character == "\n":
                found.append([])
                continue
            answer = self.answers[owner] if owner >= 0 else Recognition((), "", 0.0)
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
            was = next((self._read[answer.box] for answer in line if answer.box in self._read), TextLine(()))
            lines.append(TextLine(tuple(line), was.script, inserted=was.inserted))
        return lines

    def answer_at(self, at: int) -> int:
        """Return the answer that a character of the text shows, -1 for none."""
        return self.owners[at] if 0 <= at < len(self.owners) else -1

    def place_of(self, answer: int) -> int:
        """Return where in the text an answer stands, -1 where it was deleted."""
        return self.owners.index(answer) if answer in self.owners else -1

    def is_doubtful(self, answer: int) -> bool:
        """Whether an answer is unsure, and nobody looked at it yet."""
        return answer not in self.settled and self.answers[answer].best.probability < DOUBTFUL

    def next_doubtful(self, at: int, step: int = 1) -> int:
        """Return the next doubtful character's place in the text, before or after `at`, -1 where there is none."""
        places = range(at + 1, len(self.owners)) if step > 0 else range(at - 1, -1, -1)
        return next((i for i in places if self.owners[i] >= 0 and self.is_doubtful(self.owners[i])), -1)


def state_of(path: Path) -> str:
    """Return what changes with a file's content, empty where it is gone."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


class Session:
    """Keeps pages on disk, each change as it is made, and brings them back.

    `fail` hears once of a disk that does not take them; the pages stay usable all the same.
    """

    def __init__(self, store: ReadingStore, fail: Callable[[HccrError], None] = lambda _: None) -> None:
        self._store, self._fail = store, fail
        self._is_heard = False

    def restored(self) -> tuple[list[ReadPage], int]:
        """Return the pages that lay open and the place of the one that was looked at; raises `StorageError`."""
        pages = [page for kept in self._store.pages() if (page := _page_of(kept)) is not None]
        current = self._store.current()
        return pages, next((i for i, page in enumerate(pages) if page.kept == current), 0)

    @property
    def set_aside(self) -> Path | None:
        """The file that was damaged, under its new name; None where none was."""
        return self._store.set_aside

    def keep(self, page: ReadPage) -> None:
        """Keep a page that is new, was read, turned, or has other regions."""
        with self._heard():
            page.kept = self._store.keep(_kept_of(page))

    def keep_text(self, page: ReadPage) -> None:
        """Keep a page's text after an edit."""
        with self._heard():
            self._store.keep_text(page.kept, page.text, json.dumps(page.owners), json.dumps(sorted(page.settled)))

    def keep_earlier(self, page: ReadPage) -> None:
        """Keep a page that somebody worked on, among the closed ones, before it is read anew."""
        if page.settled or -1 in (o for o, c in zip(page.owners, page.text, strict=True) if c != "\n"):
            with self._heard():
                self._store.keep_earlier(page.kept)

    def keep_current(self, page: ReadPage | None) -> None:
        """Remember which page is looked at."""
        with self._heard():
            self._store.keep_current(page.kept if page else 0)

    def close_page(self, page: ReadPage) -> None:
        """Put a page among the closed ones; one that was not read is forgotten."""
        with self._heard():
            (self._store.close_page if page.is_read else self._store.forget)(page.kept)

    def reopened(self) -> ReadPage | None:
        """Return the page that was closed last, open again; None where there is none."""
        with self._heard():
            kept = self._store.reopen()
            return _page_of(kept) if kept is not None else None
        return None

    def has_closed(self) -> bool:
        """Tell whether a closed page can be opened again."""
        with self._heard():
            return self._store.has_closed()
        return False

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    @contextlib.contextmanager
    def _heard(self) -> Iterator[None]:
        try:
            yield
        except HccrError as error:
            if not self._is_heard:
                self._fail(error)
            self._is_heard = True


def _kept_of(page: ReadPage) -> KeptPage:
    return KeptPage(
        page.kept,
        os.fsencode(page.path.absolute()).decode("utf-8", "backslashreplace"),
        page.number,
        page.turns,
        json.dumps({"only": page.only, "ignored": page.ignored}),
        json.dumps(asdict(page.found)) if page.found is not None else "",
        page.text,
        json.dumps(page.owners),
        json.dumps(sorted(page.settled)),
        page.state,
    )


def _page_of(kept: KeptPage) -> ReadPage | None:
    """Return a page as it was kept; None where what was kept makes no sense."""
    try:
        regions = json.loads(kept.regions)
        only, ignored = ([_box(box) for box in regions[key]] for key in ("only", "ignored"))
        page = ReadPage(Path(kept.path), kept.number, kept.turns % 4, kept=kept.id, only=only, ignored=ignored)
        if kept.found:
            page.set_page(_found_of(json.loads(kept.found)))
            owners = [int(owner) for owner in json.loads(kept.owners)]
            settled = {int(answer) for answer in json.loads(kept.settled)}
            known = range(-1, len(page.answers))
            is_text = isinstance(kept.text, str) and len(owners) == len(kept.text)  # not what a damaged file may hold
            if is_text and {*owners, *settled} <= set(known):
                page.text, page.owners, page.settled = kept.text, owners, settled
            page.state = kept.state
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None
    return page


def _found_of(values: Any) -> Page:
    lines = tuple(
        TextLine(
            tuple(
                Recognition(
                    tuple(Candidate(str(c["character"]), float(c["probability"])) for c in answer["candidates"]),
                    str(answer["model"]),
                    float(answer["elapsed_ms"]),
                    _box(answer["box"]) if answer["box"] else None,
                )
                for answer in line["answers"]
            ),
            str(line["script"]),
            _box(line["box"]) if line["box"] else None,
            bool(line["inserted"]),
        )
        for line in values["lines"]
    )
    width, height = values["size"]
    return Page(int(values["number"]), (int(width), int(height)), lines, bool(values["is_vertical"]))


def _box(values: Any) -> Box:
    left, top, right, bottom = values
    return int(left), int(top), int(right), int(bottom)


@dataclass
class Queue:
    """Pages that wait to be read, one at a time; a page is in it once."""

    waiting: list[ReadPage] = field(default_factory=list)
    is_paused: bool = False
    _current: ReadPage | None = None
    _began: float = 0.0
    _seconds: list[float] = field(default_factory=list)

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


def export(pages: Sequence[ReadPage], path: Path) -> list[Path]:
    """Write pages in the form that the file's suffix says; return the files.

    Plain text of all pages goes into one file; of every other form each page is a file, those after the first
    numbered. Raises `InputError` for another suffix.
    """
    form = next((form for form, (suffix, _) in FORMATS.items() if path.name.lower().endswith(suffix)), None)
    if form is None:
        known = ", ".join(suffix for suffix, _ in FORMATS.values())
        raise InputError("{name} is no form of text.", "End its name in one of {known}.", name=path.name, known=known)
    suffix, make = FORMATS[form]
    if form == "text":
        with written_aside(path) as out:
            out.write(("\n\n".join(page.text for page in pages) + "\n").encode())
        return [path]
    written = []
    stem = path.name[: -len(suffix)]
    created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
    for number, page in enumerate(pages, 1):
        own = path if number == 1 else path.with_name(f"{stem}-{number}{suffix}")
        picture, size_pt = _drawn_from(page)
        name = clean_name(page.path.name)
        result = PageResult(name, page.number, picture, page.lines, created, page.is_vertical, size_pt)
        with written_aside(own) as out:
            out.write(make(result))
        written.append(own)
    return written


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
    return _drawn_from(page)[0]


def _drawn_from(page: ReadPage) -> tuple[GlyphImage, tuple[float, float] | None]:
    """Return a page's picture and its size in points, where the file says it, both turned."""
    with open_document(page.path) as document:
        picture, size_pt = turned(document.page(page.number - 1), page.turns), document.size_pt(page.number - 1)
    return picture, size_pt[::-1] if size_pt and page.turns % 2 else size_pt


def read(
    picture: GlyphImage,
    engine: Engine,
    language: Language | None,
    allowed: Allowed,
    number: int,
    direction: Direction = "auto",
) -> Page:
    """Read a picture of a page."""
    return read_page(picture, reader_of(engine, language, allowed), number, direction)


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
