"""Reads a job's pages on a Ray cluster, a file a task; a lost worker's files are done again."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from hccr_desktop.batch.job import Event, Failure, Job, Task, tasks
from hccr_desktop.batch.pipeline import read_files
from hccr_desktop.batch.writer import Writer
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.recognize.readers import Readers
from hccr_desktop.store.journal import Journal


def run(job: Job, *, note: Callable[[HccrError], object] = lambda _: None) -> Iterator[Event]:
    """Read everything on the cluster; the journal stays here.

    `note` hears what the pages are read without. Raises `InputError` where Ray is not installed.
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
        writer = Writer(job, journal)
        readers = job.readers()
        if readers.networks.trouble is not None:
            note(readers.networks.trouble)
        running: dict[Any, Path] = {}
        most = 2 * max(int(ray.cluster_resources().get("CPU", 1)), 1)

        def finished() -> Iterator[Event]:
            (first,), _ = ray.wait(list(running), num_returns=1)
            path = running.pop(first)
            try:
                events = ray.get(first)
            except ray.exceptions.RayError as error:
                reason = str(error).splitlines()[0]
                lost = HccrError("It was lost on the cluster ({reason}).", "Read it again.", reason=reason)
                events = [Failure(path, lost)]
            yield from map(writer.settled, events)

        for task in tasks(job, journal, job.settings(readers)):
            if isinstance(task, Failure):
                yield writer.settled(task)
                continue
            running[remote.remote(task, job)] = task.path
            while len(running) >= most:
                yield from finished()
        while running:
            yield from finished()
    finally:
        journal.close()
        if started:
            ray.shutdown()


def _read_elsewhere(task: Task, job: Job) -> list[Event]:
    """Read a file on a worker, which keeps what it reads with."""
    return list(read_files([task], job, _kept_readers(job)))


@lru_cache(1)
def _kept_readers(job: Job) -> Readers:
    return job.readers()
