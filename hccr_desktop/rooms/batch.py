"""Files of pages → their texts, a page at a time: what is done, what is not, and why.

A `Job` says what is read and how; `run` yields what happens, page by page, whatever the files are like. Each page's
texts have names of their own: what another source or a person wrote there is left as it is. They are claimed in the
journal, written and then noted, so that a job that was stopped goes on where it stood. While pages are read, small ones
together, the lines of the next are found, and those after it opened. The engine "ray" spreads the files over a cluster
instead, whose machines see the same files; a lost worker's files are done again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fnmatch
import hashlib
import importlib
import itertools
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.subsets import allowed_classes
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, remove_unfinished, written_aside
from hccr_desktop.formats.documents import DENSITY, Document, open_document, pages_in
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.paths import language_model, page_finder, script_namer
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import read_own_text, usual_language
from hccr_desktop.recognize.layout import Layout, Show
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page_ink import Gray
from hccr_desktop.recognize.pages import Direction, How, LaidOut, Page, Reader, lines_of_page, read_pages, reader_of
from hccr_desktop.recognize.whole_lines import line_engine
from hccr_desktop.store.journal import Done, Journal, digest_of, written_below

T = TypeVar("T")

_AHEAD, _TOGETHER = 1, 1_000_000
"""Pages that are opened before they are asked for, and pixels of the pages that are read together."""
_WATCH_S = 2.0
"""How often watched folders are looked at; a file that changed since the last look is left for the next."""


@dataclass(frozen=True)
class Job:
    """What is read, where the texts go, and how: the command's options."""

    inputs: tuple[Path, ...]
    out: Path
    forms: tuple[str, ...] = ("text",)
    patterns: tuple[str, ...] = ()
    """Files in folders are read where their path there matches one of these, as a shell would; none means all."""
    density: int = DENSITY
    direction: Direction = "auto"
    model: str | None = None
    threads: int = 1
    only: tuple[str, ...] = ()
    characters: str = ""
    use_language: bool = True
    how: How = "auto"
    force: bool = False
    debug: Path | None = None

    def settings(self, engine: Engine) -> str:
        """Return what a page's text depends on besides its file."""
        characters = "".join(self.characters.split())
        files = [page_finder(), script_namer(), *([language_model()] if self.use_language else [])]
        models = [engine.bundle.model_sha256, *(hashlib.sha256(read_bounded(f, 2**26)).hexdigest() for f in files)]
        if self.how != "cut":
            models.append(line_engine(self.threads).bundle.model_sha256)
        own = read_own_text() if self.use_language else ""
        return repr((models, self.how, own, self.only, characters, self.density, self.direction))


@dataclass(frozen=True)
class Task:
    """A file, the place of its text below the job's folder, without suffix, and what of it is done already.

    `done` holds by page and form the file that has it.
    """

    path: Path
    place: Path
    digest: str
    done: Mapping[tuple[int, str], tuple[Path, Done]]


@dataclass(frozen=True)
class PageRead:
    """A page whose outputs are written, or were before (`known`)."""

    task: Task
    number: int
    pages: int
    outputs: tuple[Path, ...]
    lines: int
    characters: int
    confidence: float
    layer: int = 0
    """Characters of text that the file itself holds for the page."""
    known: bool = False
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """What is to be written, by form; empty once it is."""


@dataclass(frozen=True)
class Failure:
    """A file or a page of one that cannot be read; where it `is_left_out`, what of a file is not among its pages."""

    where: str
    error: HccrError
    is_left_out: bool = False


Event = PageRead | Failure


def run(job: Job, *, watch: bool = False) -> Iterator[Event]:
    """Read everything here, page by page; with `watch` go on with what comes into the folders, without end.

    Raises `StorageError` where the journal cannot be written.
    """
    engine, reader = _reader(job)
    journal = Journal(job.out)
    try:
        writer = _Writer(job, journal)
        waiting = _tasks(job, journal, job.settings(engine), watch=watch)
        for event in _read_files(waiting, job, reader):
            yield writer.settled(event)
    finally:
        journal.close()


def run_on_ray(job: Job) -> Iterator[Event]:
    """Read everything on a Ray cluster, a file a task; the journal stays here.

    Raises `InputError` where Ray is not installed.
    """
    try:
        ray: Any = importlib.import_module("ray")
    except ImportError:
        raise InputError("Ray is not installed.", 'pip install "hccr-desktop[cluster]" installs it.') from None
    started = not ray.is_initialized()
    if started:
        ray.init(log_to_driver=False, include_dashboard=False)
    remote = ray.remote(max_retries=-1)(_read_elsewhere)
    journal = Journal(job.out)
    try:
        writer = _Writer(job, journal)
        engine, _ = _reader(job)
        running: dict[Any, str] = {}
        most = 2 * max(int(ray.cluster_resources().get("CPU", 1)), 1)

        def finished() -> Iterator[Event]:
            (first,), _ = ray.wait(list(running), num_returns=1)
            where = running.pop(first)
            try:
                events = ray.get(first)
            except ray.exceptions.RayError as error:
                reason = str(error).splitlines()[0]
                lost = HccrError("It was lost on the cluster ({reason}).", "Read it again.", reason=reason)
                events = [Failure(where, lost)]
            yield from map(writer.settled, events)

        for task in _tasks(job, journal, job.settings(engine)):
            if isinstance(task, Failure):
                yield task
                continue
            running[remote.remote(task, job)] = str(task.path)
            while len(running) >= most:
                yield from finished()
        while running:
            yield from finished()
    finally:
        journal.close()
        if started:
            ray.shutdown()


def _read_elsewhere(task: Task, job: Job) -> list[Event]:
    """Read a file on a worker, which keeps its engine."""
    _, reader = _kept_reader(job)
    return list(_read_files([task], job, reader))


@lru_cache(1)
def _kept_reader(job: Job) -> tuple[Engine, Reader]:
    return _reader(job)


def _reader(job: Job) -> tuple[Engine, Reader]:
    registry = Registry()
    engine = Engine(registry.get(job.model) if job.model else registry.active(), job.threads)
    language = usual_language() if job.use_language else None
    allowed = allowed_classes(engine.bundle.charset, job.only, job.characters)
    return engine, reader_of(engine, language, allowed, job.how)


# ------------------------------------------------------------------------------------ what is to be read


def targets(job: Job, written: Collection[Path] = ()) -> Iterator[tuple[Path, Path]]:
    """Yield each file, but for those `written` by this job or another, and where its text goes, below the job's folder.

    That is as the file lay below its folder, without suffix where no other file differs from it in that alone.
    """
    found: list[tuple[Path, Path]] = []
    for given in job.inputs:
        if not given.is_dir():
            found.append((given, Path(given.name)))
            continue
        ours = written_below(given) | set(written)
        places = ((path, path.relative_to(given)) for path in pages_in(given) if path.resolve() not in ours)
        found += [(path, place) for path, place in places if _is_wanted(place, job.patterns)]
    stems = Counter(place.with_suffix("") for _, place in found)
    for path, place in found:
        name = place.stem if stems[place.with_suffix("")] == 1 else place.name
        yield path, Path(*map(_plain, place.with_name(name or place.name).parts))


def _plain(name: str) -> str:
    """Return a name in which bytes that are no UTF-8 are written as %XX."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\\x", "%") if _is_odd(name) else name


def _is_odd(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)


def _is_wanted(place: Path, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatch.fnmatch(place.as_posix(), pattern) for pattern in patterns)


def _tasks(job: Job, journal: Journal, how: str, *, watch: bool = False) -> Iterator[Task | Failure]:
    """Yield what is to be read; with `watch` without end, what is new or has changed, once it lies still."""
    seen: dict[Path, tuple[float, int]] = {}
    handled: dict[Path, tuple[float, int]] = {}
    looks = 0
    while looks == 0 or watch:
        for path, place in targets(job, journal.outputs()):
            with contextlib.suppress(OSError):  # it vanished; opening it says so
                state = (path.stat().st_mtime, path.stat().st_size)
                lies_still = seen.get(path) == state
                seen[path] = state
                if handled.get(path) == state or (looks and not lies_still):
                    continue
                handled[path] = state
            try:
                digest = digest_of(path, how)
                done = {} if job.force and looks == 0 else journal.done(path, digest)
                yield Task(path, place, digest, {(n, form_of(output)): (output, d) for (n, output), d in done.items()})
            except HccrError as error:
                yield Failure(str(path), error)
        looks += 1
        if watch:
            time.sleep(_WATCH_S)


def form_of(output: Path) -> str:
    """Return the form of a file of output, by its suffix."""
    fitting = [(len(suffix), form) for form, (suffix, _) in FORMATS.items() if output.name.endswith(suffix)]
    return max(fitting)[1] if fitting else ""


# --------------------------------------------------------------------------------------------- writing


class _Writer:
    """Writes pages' texts, each under a name that is its own, and notes them in the journal."""

    def __init__(self, job: Job, journal: Journal) -> None:
        self._job, self._journal = job, journal

    def settled(self, event: Event) -> Event:
        """Write and note a page that was read; return what became of it."""
        if not isinstance(event, PageRead) or event.known:
            return event
        source, number = event.task.path, event.number
        try:
            outputs = self._places(event.task, number, tuple(event.texts))
            for form, output in outputs.items():
                remove_unfinished(output)
                self._journal.claim(source, number, output, event.texts[form])
                with written_aside(output) as out:
                    out.write(event.texts[form])
        except HccrError as error:
            return Failure(f"{source}, page {number}", error)
        for output in outputs.values():
            self._journal.note(source, number, event.task.digest, output, event.characters, event.confidence)
        return replace(event, outputs=tuple(outputs.values()), texts={})

    def _places(self, task: Task, number: int, forms: Sequence[str]) -> dict[str, Path]:
        """Return the file of each form of a page: those it had before, or the first free name that is not too long."""
        folder = self._job.out / task.place.parent
        before = [place for place in self._journal.places(task.path, number) if place.parent == folder]
        stems = [place.name.removesuffix(FORMATS[form_of(place)][0]) for place in before if form_of(place)]
        own = task.place.name if number == 1 else f"{task.place.name}-{number}"
        for stem in itertools.chain(dict.fromkeys(stems), _numbered(own)):
            found = {form: folder / (stem + FORMATS[form][0]) for form in forms}
            if not any(self._journal.is_taken(task.path, number, place) for place in found.values()):
                return found
        raise AssertionError("there is always a free name")


_LONGEST_NAME = 255 - max(len(suffix) for suffix, _ in FORMATS.values())
"""Bytes of a file's name, on the file systems in use, before its suffix."""


def _numbered(name: str) -> Iterator[str]:
    """Yield a name, and the same numbered, from 2, each shortened where it is too long for a file."""
    for number in itertools.count(1):
        mark = "" if number == 1 else f" ({number})"
        yield name.encode()[: _LONGEST_NAME - len(mark)].decode("utf-8", "ignore") + mark


# --------------------------------------------------------------------------------------------- reading


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


def _read_files(tasks: Iterable[Task | Failure], job: Job, reader: Reader) -> Iterator[Event]:
    """Read files as a pipeline: one thread opens pages, one finds the lines of the next, this one reads.

    Small pages that are ready are read together.
    """
    opened = itertools.chain.from_iterable(ahead(_opened(tasks, job), _AHEAD))
    for found in ahead(_laid_out(opened, job), _TOGETHER, _pixels):
        read = iter(_read_together([page for page in found if isinstance(page, _Opened)], job, reader))
        for page in found:
            yield next(read) if isinstance(page, _Opened) else page


def _pixels(page: _Opened | Event) -> int:
    return int(page.layout.labels.size) if isinstance(page, _Opened) and page.layout else 0


def _laid_out(found: Iterable[_Opened | Event], job: Job) -> Iterator[_Opened | Event]:
    """Find the lines of pages that were opened: on one thread, as the job's others read meanwhile."""
    for page in found:
        if not isinstance(page, _Opened):
            yield page
            continue
        try:
            yield replace(page, layout=lines_of_page(page.picture, job.direction, 1, page.show))
        except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
            yield _odd(page, error)


def _opened(tasks: Iterable[Task | Failure], job: Job) -> Iterator[_Opened | Event]:
    """Open the pages that are not done; one that cannot be leaves the others."""
    for task in tasks:
        if isinstance(task, Failure):
            yield task
            continue
        try:
            with open_document(task.path, job.density) as document:
                for error in document.left_out:
                    yield Failure(str(task.path), error, is_left_out=True)
                for number in range(1, len(document) + 1):
                    yield _opened_page(task, document, number, job)
        except Exception as error:  # noqa: BLE001 - one odd file must not end a night's work
            yield Failure(str(task.path), _told(error))


def _opened_page(task: Task, document: Document, number: int, job: Job) -> _Opened | Event:
    done = [task.done.get((number, form)) for form in job.forms]
    if (first := done[0]) is not None and all(done):
        known = tuple(output for output, _ in filter(None, done))
        return PageRead(task, number, len(document), known, 0, first[1].characters, first[1].confidence, known=True)
    try:
        layer = len("".join(document.text(number - 1).split()))
        name = task.place.name if number == 1 else f"{task.place.name}-{number}"
        show = _steps_into(job.debug, name) if job.debug else None
        picture, size_pt = document.page(number - 1), document.size_pt(number - 1)
        return _Opened(task, number, len(document), picture, size_pt, layer, show)
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        return Failure(f"{task.path}, page {number}", _told(error))


def _read_together(pages: Sequence[_Opened], job: Job, reader: Reader) -> Iterator[Event]:
    """Read pages at once and write what they say; each by itself where one of them is odd."""
    try:
        laid = [LaidOut(page.picture, page.number, page.layout, page.show) for page in pages if page.layout]
        found = read_pages(laid, reader, job.direction)
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        if len(pages) == 1:
            yield _odd(pages[0], error)
            return
        for page in pages:
            yield from _read_together([page], job, reader)
        return
    for page, read in zip(pages, found, strict=True):
        yield _told_of(page, read, job)


def _told_of(opened: _Opened, page: Page, job: Job) -> Event:
    """Return what a page says in all forms."""
    task, number = opened.task, opened.number
    try:
        answers = [answer for line in page.lines for answer in line]
        confidence = sum(a.best.probability for a in answers) / max(len(answers), 1)
        created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
        result = PageResult(
            _plain(task.path.name), number, opened.picture, page.lines, created, page.is_vertical, opened.size_pt
        )
        texts = {form: FORMATS[form][1](result) for form in job.forms}
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        return _odd(opened, error)
    return PageRead(
        task, number, opened.pages, (), len(page.lines), len(answers), confidence, opened.layer, texts=texts
    )


def _odd(opened: _Opened, error: Exception) -> Failure:
    """Return why a page could not be read."""
    return Failure(f"{opened.task.path}, page {opened.number}", _told(error))


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


def ahead(items: Iterable[T], most: int, weight: Callable[[T], int] = lambda _: 1) -> Iterator[list[T]]:
    """Yield the same items, all at once that are ready: a thread makes them before they are asked for.

    It makes no more than `most` together weigh, beside the one that it has in hand; a heavier one waits alone.
    """
    ready: list[T] = []
    errors: list[BaseException] = []
    changed = threading.Condition()
    is_done = is_stopped = False

    def make() -> None:
        nonlocal is_done
        try:
            for item in items:
                with changed:
                    while ready and not is_stopped and sum(map(weight, [*ready, item])) > most:
                        changed.wait()
                    if is_stopped:
                        return
                    ready.append(item)
                    changed.notify_all()
        except BaseException as raised:  # noqa: BLE001 - it is raised where the items are taken
            errors.append(raised)
        with changed:
            is_done = True
            changed.notify_all()

    threading.Thread(target=make, daemon=True).start()
    try:
        while True:
            with changed:
                changed.wait_for(lambda: ready or is_done)
                taken = list(ready)
                ready.clear()
                changed.notify_all()
            if taken:
                yield taken
                taken = []  # their pictures are not kept while the next are waited for
            elif errors:
                raise errors[0]
            else:
                return
    finally:
        with changed:
            is_stopped = True
            changed.notify_all()
