"""What a batch reads, where the texts go and how; its files, and what becomes of their pages."""

from __future__ import annotations

import fnmatch
import os
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hccr_desktop.core.subsets import allowed_classes
from hccr_desktop.errors import HccrError
from hccr_desktop.formats.documents import DENSITY, pages_in
from hccr_desktop.formats.page_output import FORMATS
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import usual_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import Direction
from hccr_desktop.recognize.readers import How, Readers, readers_of
from hccr_desktop.store.journal import Done, Journal, Reviewed, digest_of, state_of, written_below

_WATCH_S = 2.0
"""How often watched folders are looked at; a file that changed since the last look is left for the next."""


@dataclass(frozen=True)
class Job:
    """What is read, where the texts go, and how: the command's options."""

    inputs: tuple[Path, ...]
    out: Path
    formats: tuple[str, ...] = ("text",)
    patterns: tuple[str, ...] = ()
    """Files in folders are read where their path there matches one of these, `*` for folders, too; none means all."""
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

    def readers(self) -> Readers:
        """Open what reads the job's pages; raises `UnknownModel`.

        The lines of the next page are found on one thread, as the others read meanwhile.
        """
        registry = Registry()
        engine = Engine(registry.get(self.model) if self.model else registry.require_active(), self.threads)
        language = usual_language() if self.use_language else None
        allowed = allowed_classes(engine.bundle.charset, self.only, self.characters)
        networks = Networks(self.threads, finder_threads=1)
        _ = networks.finder  # opened now: what pages are read without is told before the first
        return readers_of(engine, networks, language, allowed, self.how)

    def settings(self, readers: Readers) -> str:
        """Return what a page's text depends on besides its file."""
        return repr((readers.digest, self.density, self.direction))


@dataclass(frozen=True)
class Task:
    """A file, the place of its text below the job's folder, without suffix, and what of it is done already.

    `done` holds by page and format the file that has it.
    """

    path: Path
    place: Path
    digest: str
    done: Mapping[tuple[int, str], tuple[Path, Done]]
    reviewed: Mapping[int, Reviewed] = field(default_factory=dict)
    """The pages that somebody looked through, by number: those are never read over."""


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
    """What is to be written, by format; empty once it is."""
    reading: str = ""
    """What was recognized, packed, for who looks through the pages later; empty once it is noted."""


@dataclass(frozen=True)
class Failure:
    """A file, number 0, or a page of one that cannot be read.

    Where it `is_left_out`, it is something of a file that is not among its pages.
    """

    path: Path
    error: HccrError
    number: int = 0
    is_left_out: bool = False

    @property
    def where(self) -> str:
        """The file, and the page's number."""
        return f"{self.path}, page {self.number}" if self.number else str(self.path)


Event = PageRead | Failure


def targets(job: Job, written: Collection[Path] = ()) -> Iterator[tuple[Path, Path]]:
    """Yield each file, but for those `written` by this job or another, and where its text goes, below the job's folder.

    That is as the file lay below its folder, without suffix where no other file differs from it in that alone.
    """
    found: list[tuple[Path, Path]] = []
    for given in job.inputs:
        if not os.path.isdir(given):  # noqa: PTH112 - Path's raises for names that are too long
            found.append((given, Path(given.name)))
            continue
        ours = written_below(given) | set(written)
        # Path.resolve raises for links in a circle.
        own = (path for path in pages_in(given) if Path(os.path.realpath(path)) not in ours)
        # The folder itself where it may not be entered, to be reported.
        places = ((path, Path(given.name) if path == given else path.relative_to(given)) for path in own)
        found += [(path, place) for path, place in places if _is_wanted(place, job.patterns)]
    found = list({path.absolute(): (path, place) for path, place in reversed(found)}.values())[::-1]  # each once
    stems = Counter(place.with_suffix("") for _, place in found)
    for path, place in found:
        name = place.stem if stems[place.with_suffix("")] == 1 else place.name
        yield path, Path(*map(plain, (place.with_name(name) if name.strip(".") else place).parts))


def plain(name: str) -> str:
    """Return a name in which bytes that are no UTF-8 are written as %XX."""
    return os.fsencode(name).decode("utf-8", "backslashreplace").replace("\\x", "%") if _is_odd(name) else name


def _is_odd(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)


def _is_wanted(place: Path, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(fnmatch.fnmatch(place.as_posix(), pattern) for pattern in patterns)


def tasks(
    job: Job, journal: Journal, how: str, *, watch: bool = False, stop: threading.Event | None = None
) -> Iterator[Task | Failure]:
    """Yield what is to be read; with `watch`, until `stop`, what is new or has changed, once it lies still."""
    stop = stop or threading.Event()
    seen: dict[Path, str] = {}
    handled: dict[Path, str] = {}
    failed: dict[Path, str] = {}
    looks = 0
    while (looks == 0 or watch) and not stop.is_set():
        for path, place in targets(job, journal.outputs()):
            state = state_of(path)  # empty where it is gone, or nobody can tell
            lies_still = seen.get(path) == state
            seen[path] = state
            if handled.get(path) == state or (looks and not lies_still):
                continue
            try:
                digest = digest_of(path, how)
                journal.follow(path, digest)
                done = {} if job.force and looks == 0 else journal.done(path, digest)
                known = {(n, format_of(output)): (output, d) for (n, output), d in done.items()}
                task = Task(path, place, digest, known, journal.reviewed(path))
            except HccrError as error:
                if failed.get(path) != state:  # told once; it may be open elsewhere, and is tried again
                    failed[path] = state
                    yield Failure(path, error)
            else:
                handled[path] = state
                yield task
        looks += 1
        if watch:
            stop.wait(_WATCH_S)


def format_of(output: Path) -> str:
    """Return the format of a file of output, by its suffix."""
    fitting = [(len(suffix), name) for name, (suffix, _) in FORMATS.items() if output.name.endswith(suffix)]
    return max(fitting)[1] if fitting else ""
