"""`hccr batch`: files of pages in, text with boxes out, one file a page; goes on where it was stopped."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop.cli.common import Commands, engine_options, model_of, positive, say, tell_arithmetic
from hccr_desktop.ending import INTERRUPTED
from hccr_desktop.errors import HccrError, InputError, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.formats.documents import DENSITY
from hccr_desktop.formats.page_output import FORMATS

if TYPE_CHECKING:
    from hccr_desktop.batch.job import Event, Failure, PageRead

SUMMARY, OTHER_SUMMARY = "summary.json", "hccr-summary.json"
"""The second where somebody else's file has the first name."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    batch = commands.add_parser("batch", parents=[engine_options()], help="read pictures of whole pages")
    batch.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="images, PDFs, zip archives of images, folders of them"
    )
    batch.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the texts are written")
    batch.add_argument(
        "--format",
        type=_forms,
        action="extend",
        metavar="FORMS",
        help=f"what is written of each page, joined by commas or given again (default text): {', '.join(FORMATS)}",
    )
    batch.add_argument(
        "--match",
        action="append",
        default=[],
        metavar="PATTERN",
        help="of the files in folders read those whose path there matches, such as “2024/*.jpg”; may be repeated",
    )
    batch.add_argument("--no-language", action="store_true", help="judge characters without the language model")
    batch.add_argument(
        "--direction",
        choices=("auto", "horizontal", "vertical"),
        default="auto",
        help="rows, columns from the right, or whichever gives the likelier text (default)",
    )
    batch.add_argument(
        "--density", type=positive, default=DENSITY, help=f"dots an inch that PDFs are drawn with (default {DENSITY})"
    )
    batch.add_argument("--force", action="store_true", help="read pages again that are done already")
    batch.add_argument("--watch", action="store_true", help="go on with what comes into the folders, until Ctrl+C")
    batch.add_argument("--cluster", action="store_true", help="spread the files over a Ray cluster")
    batch.add_argument(
        "--read",
        choices=("auto", "cut", "whole"),
        default="auto",
        help="cut lines into characters, read them as wholes, or (default) as wholes, columns cut and stood up",
    )
    batch.add_argument("--debug", type=Path, metavar="FOLDER", help="write a picture of each step of a page's layout")
    batch.set_defaults(run=_batch)


def _forms(given: str) -> tuple[str, ...]:
    """Read forms joined by commas."""
    formats = tuple(dict.fromkeys(name.strip() for name in given.split(",")))
    if unknown := [name for name in formats if name not in FORMATS]:
        raise argparse.ArgumentTypeError(f"“{unknown[0]}” is no format; choose from {', '.join(FORMATS)}")
    return formats


@dataclass
class _Tally:
    """What a batch came to."""

    started: float = field(default_factory=time.monotonic)
    pages: int = 0
    known: int = 0
    characters: int = 0
    read_now: int = 0
    confidence: float = 0.0
    failures: list[dict[str, str]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    """What of files is not among their pages, and why."""
    files: int = 0
    """How many there are, 0 where nobody knows."""
    begun: set[Path] = field(default_factory=set)
    """Files of which a page was read now."""
    settled: set[str] = field(default_factory=set)
    """Files that were begun, now or before, or cannot be read."""

    @property
    def left(self) -> str:
        """About how long the rest takes, by the files begun so far; empty where nobody knows."""
        rest = self.files - len(self.settled)
        if not self.begun or rest <= 0:
            return ""
        seconds = rest * (time.monotonic() - self.started) / len(self.begun)
        return f", about {seconds / 60:.0f} min left" if seconds > 90 else f", about {seconds:.0f} s left"

    def add(self, event: PageRead) -> None:
        self.pages += 1
        self.known += event.known
        self.characters += event.characters
        self.read_now += 0 if event.known else event.characters
        self.confidence += event.confidence * event.characters
        self.settled.add(str(event.task.path))
        if event.known:
            return
        self.begun.add(event.task.path)
        named = f"{event.task.path.name}, page {event.number}" if event.pages > 1 else event.task.path.name
        if event.layer:
            say(f"{event.task.path.name}, page {event.number}: the file itself holds {event.layer} characters of text")
        output = event.outputs[0]
        rate = self.read_now / max(time.monotonic() - self.started, 1e-3)
        found = f"{event.characters} characters in {event.lines} lines" if event.lines else "no writing was found"
        say(f"{named}: {found} → {output.stem}; {rate:.0f} characters a second{self.left}")

    def fail(self, event: Failure) -> None:
        told = self.left_out if event.is_left_out else self.failures
        if not event.is_left_out:
            self.settled.add(str(event.path))
        told.append({"file": event.where, "reason": event.error.sentence()})
        say(f"{event.where}: {event.error.sentence()}")

    def summary(self) -> dict[str, object]:
        seconds = time.monotonic() - self.started
        return {
            "pages": self.pages,
            "read_before": self.known,
            "characters": self.characters,
            "mean_confidence": round(self.confidence / max(self.characters, 1), 4),
            "seconds": round(seconds, 2),
            "pages_a_minute": round(60 * (self.pages - self.known) / max(seconds, 1e-3), 1),
            "failures": self.failures,
            "left_out": self.left_out,
        }


def _batch(options: argparse.Namespace) -> int:
    from hccr_desktop.batch import cluster, pipeline
    from hccr_desktop.batch.job import Job, targets
    from hccr_desktop.recognize.arithmetic import arithmetic_of

    job = Job(
        inputs=tuple(options.inputs),
        out=options.out,
        formats=tuple(dict.fromkeys(options.format or ["text"])),
        patterns=tuple(options.match),
        density=options.density,
        direction=options.direction,
        model=options.model,
        threads=options.threads,
        only=options.only,
        characters=options.characters,
        use_language=not options.no_language,
        how=options.read,
        force=options.force,
        debug=options.debug,
    )
    if job.debug and any(job.debug.resolve().is_relative_to(given.resolve()) for given in job.inputs):
        raise InputError(
            "The pictures of --debug would lie among the pages.", "Give a folder outside of those that are read."
        )
    if options.watch and options.cluster:
        raise InputError("--watch does not go with --cluster.", "Watch on one computer, or leave --watch out.")
    bundle = model_of(options)
    tell_arithmetic(bundle, arithmetic_of(bundle))

    def note(trouble: HccrError) -> None:
        say(trouble.sentence())

    events = cluster.run(job, note=note) if options.cluster else pipeline.run(job, watch=options.watch, note=note)
    return _hear(events, options, lambda: 0 if options.watch else sum(1 for _ in targets(job)))


def _summary_in(folder: Path) -> Path:
    """Return where the summary goes: not over somebody's file of that name."""
    path = folder / SUMMARY
    try:
        found = json.loads(read_bounded(path))
        is_ours = isinstance(found, dict) and {"pages", "read_before", "failures"} <= found.keys()
    except UnreadableFile:
        is_ours = not path.exists()
    except (HccrError, ValueError, RecursionError):
        is_ours = False
    return path if is_ours else folder / OTHER_SUMMARY


def _hear(events: Iterable[Event], options: argparse.Namespace, count: Callable[[], int]) -> int:
    """Tell what happens, and at the end, or when it is stopped, what it came to."""
    from hccr_desktop.batch.job import PageRead

    tally, interrupted = _Tally(), False
    try:
        tally.files = count()
        for event in events:
            if isinstance(event, PageRead):
                tally.add(event)
            else:
                tally.fail(event)
    except KeyboardInterrupt:
        interrupted = True
    summary, unwritten = tally.summary(), None
    try:
        with written_aside(_summary_in(options.out)) as out:
            out.write(json.dumps(summary, ensure_ascii=False, indent=2).encode(errors="backslashreplace"))
    except HccrError as error:  # what it came to is told all the same
        unwritten = error
        say(error.sentence())
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    known = f" ({tally.known} done before)" if tally.known else ""
    say(
        f"{tally.pages} pages{known}, {tally.characters} characters in {summary['seconds']} s; "
        f"{len(tally.failures)} failures{f', {len(tally.left_out)} left out' if tally.left_out else ''}."
    )
    if interrupted:
        say("Stopped; the same command goes on from here.")
        return 0 if options.watch else INTERRUPTED
    if not tally.pages and not tally.failures:
        say("Nothing was read: there are no pages in what was given, or none that --match chooses.")
        return 1
    return 1 if tally.failures or unwritten else 0
