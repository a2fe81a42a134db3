"""Pages' texts → files: names that are their own, claimed in the journal, written aside and noted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hccr_desktop.batch.job import Event, Failure, Job, Task, format_of
from hccr_desktop.errors import HccrError
from hccr_desktop.files import remove_unfinished, written_aside
from hccr_desktop.formats.page_output import FORMATS
from hccr_desktop.store.journal import Journal, state_of


class Writer:
    """Writes pages' texts, each under a name that is its own, and notes them, and what failed, in the journal."""

    def __init__(self, job: Job, journal: Journal) -> None:
        self._job, self._journal = job, journal

    def settled(self, event: Event) -> Event:
        """Write and note a page that was read; return what became of it."""
        if isinstance(event, Failure):
            if not event.is_left_out:
                self._journal.fail(event.path, event.number, event.error.sentence())
            return event
        if event.known:
            self._journal.settle(event.task.path, event.number)
            return event
        source, number = event.task.path, event.number
        try:
            outputs = self._places(event.task, number, tuple(event.texts))
            for name, output in outputs.items():
                remove_unfinished(output)
                self._journal.claim(source, number, output, event.texts[name])
                with written_aside(output) as out:
                    out.write(event.texts[name])
        except HccrError as error:
            return Failure(source, error, number)
        self._journal.keep_reading(source, number, event.reading, state_of(source))  # first: done is what has both
        for output in outputs.values():
            self._journal.note(source, number, event.task.digest, output, event.characters, event.confidence)
        return replace(event, outputs=tuple(outputs.values()), texts={}, reading="")

    def _places(self, task: Task, number: int, formats: Sequence[str]) -> dict[str, Path]:
        """Return a page's file in each format: those it had before, or the first free name that is not too long."""
        folder = self._job.out / task.place.parent
        before = [place for place in self._journal.places(task.path, number) if place.parent == folder]
        stems = [place.name.removesuffix(FORMATS[format_of(place)][0]) for place in before if format_of(place)]
        own = task.place.name if number == 1 else f"{task.place.name}-{number}"
        for stem in itertools.chain(dict.fromkeys(stems), _numbered(own)):
            found = {name: folder / (stem + FORMATS[name][0]) for name in formats}
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
