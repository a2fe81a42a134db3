"""Files of pages → their texts, a page at a time: what is done, what is not, and why.

A `Job` says what is read and how; `run` yields what happens, page by page, whatever the files are like. Pages
are written first and noted in the journal then, so that a job that was stopped goes on where it stood. While pages
are read, small ones together, the lines of the next are found, and those after it opened. The engine "ray" spreads the
files over a cluster instead, whose machines see the same files; a lost worker's files are done again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fnmatch
import glob
import hashlib
import importlib
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.subsets import allowed_classes
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, unreadable, written_aside
from hccr_desktop.formats.documents import DENSITY, open_document, pages_in
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.paths import language_model, script_namer
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import read_own_text, usual_language
from hccr_desktop.recognize.layout import Layout, Show
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page_ink import Gray
from hccr_desktop.recognize.pages import Direction, How, LaidOut, Page, Reader, lines_of_page, read_pages, reader_of
from hccr_desktop.recognize.whole_lines import line_engine
from hccr_desktop.store.journal import Done, Journal, digest_of

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
        files = [script_namer(), *([language_model()] if self.use_language else [])]
        models = [engine.bundle.model_sha256, *(hashlib.sha256(read_bounded(f, 2**26)).hexdigest() for f in files)]
        if self.how != "cut":
            models.append(line_engine(self.threads).bundle.model_sha256)
        own = read_own_text() if self.use_language else ""
        return repr((models, self.how, own, self.only, characters, self.density, self.direction))


@dataclass(frozen=True)
class Task:
    """A file, where its first page's text goes, without suffix, and which pages' outputs are done already."""

    path: Path
    target: Path
    digest: str
    done: Mapping[tuple[int, Path], Done]

    def outputs(self, number: int, forms: Iterable[str]) -> dict[str, Path]:
        """Return the file of each form of a page."""
        own = self.target if number == 1 else self.target.with_name(f"{self.target.name}-{number}")
        return {form: own.with_name(own.name + FORMATS[form][0]) for form in forms}


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


@dataclass(frozen=True)
class Failure:
    """A file or a page of one that cannot be read."""

    where: str
    error: HccrError


Event = PageRead | Failure


def run(job: Job, *, watch: bool = False) -> Iterator[Event]:
    """Read everything here, page by page; with `watch` go on with what comes into the folders, without end.

    Raises `StorageError` where the journal cannot be written.
    """
    engine, reader = _reader(job)
    journal = Journal(job.out)
    try:
        waiting = _tasks(job, journal, job.settings(engine), watch=watch)
        for event in _read_files(waiting, job, reader):
            _note(journal, event)
            yield event
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
            for event in events:
                _note(journal, event)
                yield event

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


def targets(job: Job) -> Iterator[tuple[Path, Path]]:
    """Yield each file and where its text goes, without suffix: below `out` as it lay below its folder."""
    found: list[tuple[Path, Path]] = []
    for given in job.inputs:
        if not given.is_dir():
            found.append((given, Path(given.name)))
            continue
        own = job.out.resolve()
        inside = (path for path in pages_in(given) if own not in path.resolve().parents)  # not what was written
        found += [(path, place) for path in inside if _is_wanted(place := path.relative_to(given), job.patterns)]
    stems = Counter(place.with_suffix("") for _, place in found)
    taken: set[Path] = set()
    for path, place in found:
        name = place.stem if stems[place.with_suffix("")] == 1 else place.name
        target, number = job.out / place.parent / name, 2
        while target in taken:
            target, number = target.with_name(f"{name} ({number})"), number + 1
        taken.add(target)
        yield path, target


def _is_wanted(place: Path, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatch.fnmatch(place.as_posix(), pattern) for pattern in patterns)


def _tasks(job: Job, journal: Journal, how: str, *, watch: bool = False) -> Iterator[Task | Failure]:
    """Yield what is to be read; with `watch` without end, what is new or has changed, once it lies still."""
    seen: dict[Path, tuple[float, int]] = {}
    handled: dict[Path, tuple[float, int]] = {}
    looks = 0
    while looks == 0 or watch:
        for path, target in targets(job):
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
                yield Task(path, target, digest, done)
            except HccrError as error:
                yield Failure(str(path), error)
        looks += 1
        if watch:
            time.sleep(_WATCH_S)


def _note(journal: Journal, event: Event) -> None:
    if isinstance(event, PageRead) and not event.known:
        for output in event.outputs:
            journal.note(event.task.path, event.number, event.task.digest, output, event.characters, event.confidence)


# --------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Opened:
    """A page that was opened."""

    task: Task
    number: int
    pages: int
    picture: GlyphImage
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
                for number in range(1, len(document) + 1):
                    outputs = task.outputs(number, job.forms)
                    done = [task.done.get((number, output)) for output in outputs.values()]
                    if (first := done[0]) is not None and all(done):
                        known = tuple(outputs.values())
                        yield PageRead(
                            task, number, len(document), known, 0, first.characters, first.confidence, known=True
                        )
                        continue
                    try:
                        layer = len("".join(document.text(number - 1).split()))
                        picture, name = document.page(number - 1), next(iter(outputs.values())).stem
                        show = _steps_into(job.debug, name) if job.debug else None
                        yield _Opened(task, number, len(document), picture, layer, show)
                    except HccrError as error:
                        yield Failure(f"{task.path}, page {number}", error)
        except HccrError as error:
            yield Failure(str(task.path), error)
        except OSError as error:  # it vanished, or the disk is ill
            yield Failure(str(task.path), unreadable(task.path, error))


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
        yield _written(page, read, job)


def _written(opened: _Opened, page: Page, job: Job) -> Event:
    """Write what a page says in all forms."""
    task, number = opened.task, opened.number
    outputs = task.outputs(number, job.forms)
    try:
        answers = [answer for line in page.lines for answer in line]
        confidence = sum(a.best.probability for a in answers) / max(len(answers), 1)
        created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
        result = PageResult(task.path.name, number, opened.picture, page.lines, created, page.is_vertical)
        for form, output in outputs.items():
            _remove_unfinished(output)
            with written_aside(output) as out:
                out.write(FORMATS[form][1](result))
    except Exception as error:  # noqa: BLE001 - one odd page must not end a night's work
        return _odd(opened, error)
    written = tuple(outputs.values())
    return PageRead(task, number, opened.pages, written, len(page.lines), len(answers), confidence, opened.layer)


def _odd(opened: _Opened, error: Exception) -> Failure:
    """Return why a page could not be read."""
    if not isinstance(error, HccrError):
        reason = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        error = HccrError("It cannot be read ({reason}).", "Report it, with the picture.", reason=reason[0])
    return Failure(f"{opened.task.path}, page {opened.number}", error)


def _steps_into(folder: Path, name: str) -> Show:
    """Return what writes pictures of a page's steps into a folder."""
    from PIL import Image

    def show(step: str, picture: Gray) -> None:
        with written_aside(folder / f"{name}.{step}.png") as out:
            Image.fromarray(picture[..., ::-1] if picture.ndim == 3 else picture).save(out, "png")

    return show


def _remove_unfinished(output: Path) -> None:
    """Remove what a job that was killed left of this file."""
    for stale in output.parent.glob(f".{glob.escape(output.name)}.*"):
        with contextlib.suppress(OSError):
            stale.unlink()


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
