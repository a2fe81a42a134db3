"""Reads a job's pages on this computer: one thread opens pages, one finds the lines of the next, this one reads.

A job that was stopped goes on where it stood.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hccr_desktop.batch.ahead import ahead
from hccr_desktop.batch.job import Event, Failure, Job, PageRead, Task, format_of, plain, tasks
from hccr_desktop.batch.writer import Writer
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import HccrError, NoPage
from hccr_desktop.files import written_aside
from hccr_desktop.formats.documents import Document, open_document
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.packed import packed
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.layout import Layout, Show
from hccr_desktop.recognize.pages import LaidOut, Page, lines_of_page, read_pages
from hccr_desktop.recognize.readers import Readers
from hccr_desktop.store.journal import Journal, Reviewed, state_of

_AHEAD = 1
"""Pages that are opened before they are asked for."""
_TOGETHER = 1_000_000
"""Pixels of the pages that are read together."""


def run(job: Job, *, watch: bool = False, note: Callable[[HccrError], object] = lambda _: None) -> Iterator[Event]:
    """Read everything here, page by page; with `watch` go on with what comes into the folders, without end.

    `note` hears what the pages are read without. Raises `StorageError` where the journal cannot be written.
    """
    readers = job.readers()
    if readers.networks.trouble is not None:
        note(readers.networks.trouble)
    journal = Journal(job.out)
    try:
        writer = Writer(job, journal)
        stop = threading.Event()
        waiting = tasks(job, journal, job.settings(readers), watch=watch, stop=stop)
        for event in read_files(waiting, job, readers, stop):
            yield writer.settled(event)
    finally:
        journal.close()


@dataclass(frozen=True)
class _Opened:
    """A page that was opened."""

    task: Task
    number: int
    pages: int
    picture: GlyphImage
    size_pt: tuple[float, float] | None
    layer: int
    show: Show | None
    layout: Layout | None = None


def read_files(
    given: Iterable[Task | Failure], job: Job, readers: Readers, stop: threading.Event | None = None
) -> Iterator[Event]:
    """Read files as a pipeline: one thread opens pages, one finds the lines of the next, this one reads.

    Small pages that are ready are read together. `stop` is set where the pipeline is left before its end.
    """
    stop = stop or threading.Event()
    opened = itertools.chain.from_iterable(ahead(_opened(given, job), _AHEAD, stop=stop))
    for found in ahead(_laid_out(opened, job, readers.networks), _TOGETHER, _pixels, stop):
        read = iter(_read_together([page for page in found if isinstance(page, _Opened)], job, readers))
        for page in found:
            yield next(read) if isinstance(page, _Opened) else page


def _pixels(page: _Opened | Event) -> int:
    return int(page.layout.labels.size) if isinstance(page, _Opened) and page.layout else 0


def _laid_out(found: Iterable[_Opened | Event], job: Job, networks: Networks) -> Iterator[_Opened | Event]:
    """Find the lines of pages that were opened."""
    for page in found:
        if not isinstance(page, _Opened):
            yield page
            continue
        try:
            yield replace(page, layout=lines_of_page(page.picture, networks, job.direction, page.show))
        except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
            yield _odd(page, error)


def _opened(given: Iterable[Task | Failure], job: Job) -> Iterator[_Opened | Event]:
    """Open the pages that are not done; one that cannot be leaves the others."""
    for task in given:
        if isinstance(task, Failure):
            yield task
            continue
        try:
            with open_document(task.path, job.density) as document:
                for error in document.left_out:
                    yield Failure(task.path, error, is_left_out=isinstance(error, NoPage))
                for number in range(1, len(document) + 1):
                    yield _opened_page(task, document, number, job)
        except Exception as error:  # noqa: BLE001 - one odd file must not end a night's work
            yield Failure(task.path, _told(error))


def _opened_page(task: Task, document: Document, number: int, job: Job) -> _Opened | Event:
    if (reviewed := task.reviewed.get(number)) is not None:
        return _left_alone(task, number, len(document), reviewed, job)
    done = [task.done.get((number, name)) for name in job.formats]
    if (first := done[0]) is not None and all(done):
        known = tuple(output for output, _ in filter(None, done))
        return PageRead(task, number, len(document), known, 0, first[1].characters, first[1].confidence, known=True)
    try:
        layer = len("".join(document.text(number - 1).split()))
        name = task.place.name if number == 1 else f"{task.place.name}-{number}"
        show = _steps_into(job.debug / task.place.parent, name) if job.debug else None
        picture, size_pt = document.page(number - 1), document.size_pt(number - 1)
        return _Opened(task, number, len(document), picture, size_pt, layer, show)
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        return Failure(task.path, _told(error), number)


def _left_alone(task: Task, number: int, pages: int, reviewed: Reviewed, job: Job) -> Event:
    """Return what is told of a page that somebody looked through; what is missing of it, the window alone can write."""
    if reviewed.state and reviewed.state != state_of(task.path):
        error = HccrError(
            "Its file was changed since somebody looked through it, and is not read over that.",
            "Give it another name where it is another picture, or open the folder in the window: Read again reads it.",
        )
        return Failure(task.path, error, number, is_left_out=True)
    outputs = [job.out / done.output for done in reviewed.written]
    there = {format_of(output) for output in outputs if output.exists()}
    if missing := [name for name in job.formats if name not in there]:
        error = HccrError(
            "It was looked through in the window and is not read over; {formats} is not made of it.",
            "Open the folder in the window, and save the page there.",
            formats=", ".join(missing),
        )
        return Failure(task.path, error, number, is_left_out=True)
    first = reviewed.written[0]
    return PageRead(task, number, pages, tuple(outputs), 0, first.characters, first.confidence, known=True)


def _read_together(pages: Sequence[_Opened], job: Job, readers: Readers) -> Iterator[Event]:
    """Read pages at once and write what they say; each by itself where one of them is odd."""
    try:
        laid = [LaidOut(page.picture, page.number, page.layout, page.show) for page in pages if page.layout]
        found = read_pages(laid, readers, job.direction)
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        if len(pages) == 1:
            yield _odd(pages[0], error)
            return
        for page in pages:
            yield from _read_together([page], job, readers)
        return
    for page, read in zip(pages, found, strict=True):
        yield _told_of(page, read, job)


def _told_of(opened: _Opened, page: Page, job: Job) -> Event:
    """Return what a page says in all formats."""
    task, number = opened.task, opened.number
    try:
        answers = [answer for line in page.lines for answer in line]
        confidence = sum(a.best.probability for a in answers) / max(len(answers), 1)
        created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
        result = PageResult(
            plain(task.path.name), number, opened.picture, page.lines, created, page.is_vertical, opened.size_pt
        )
        texts = {name: FORMATS[name][1](result) for name in job.formats}
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        return _odd(opened, error)
    return PageRead(
        task,
        number,
        opened.pages,
        (),
        len(page.lines),
        len(answers),
        confidence,
        opened.layer,
        texts=texts,
        reading=packed(page),
    )


def _odd(opened: _Opened, error: Exception) -> Failure:
    """Return why a page could not be read."""
    return Failure(opened.task.path, _told(error), opened.number)


def _told(error: Exception) -> HccrError:
    """Return any error as one for users."""
    if isinstance(error, HccrError):
        return error
    reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
    return HccrError("It cannot be read ({reason}).", "Report it, with the picture.", reason=reason[0])


def _steps_into(folder: Path, name: str) -> Show:
    """Return what writes pictures of a page's steps into a folder."""
    from PIL import Image

    def show(step: str, picture: Gray) -> None:
        with written_aside(folder / f"{name}.{step}.png") as out:
            Image.fromarray(picture[..., ::-1] if picture.ndim == 3 else picture).save(out, "png")

    return show
