"""Inputs through worker processes that are watched: what dies, hangs, swells, raises or leaves things behind.

A worker goes on from input to input and is replaced when one of them ended it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from hccr_desktop.errors import HccrError
from tests.campaign import opening
from tests.campaign.mutations import mutated
from tests.campaign.originals import ORIGINALS, PAGES

BATCH = "batch"
"""A whole batch over a few damaged files and a sound one."""

SECONDS, BATCH_SECONDS = 5.0, 40.0
"""Processor time that one input may take; where the machine is busy the clock shows more."""
PATIENCE = 8
"""So many times that by the clock, for what waits without computing."""
MEMORY = 2**30
"""Bytes that one input may take beside what the worker has anyway."""

_TOGETHER = 4


@dataclass(frozen=True)
class Input:
    """One damaged file: number N of its kind under a seed."""

    kind: str
    number: int
    seed: int

    def random(self) -> random.Random:
        """Return the generator that it is made with."""
        return random.Random(f"{self.seed}/{self.kind}/{self.number}")


@dataclass(frozen=True)
class Outcome:
    """What became of an input: read, refused (in a sentence), or a trouble of some kind and where it came from."""

    input: Input
    result: str
    where: str = ""
    detail: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether it is none of what may happen."""
        return self.result not in ("read", "refused")


@cache
def originals(kind: str) -> list[bytes]:
    """Return the sound files of a kind."""
    return ORIGINALS[kind]()


def content(wanted: Input) -> bytes:
    """Return the damaged file."""
    return mutated(wanted.kind, originals(wanted.kind), wanted.random())


def run_one(wanted: Input, folder: Path) -> Outcome:
    """Write an input into an empty folder, open it, and say what came of it."""
    home = opening.emptied(folder / "home")
    os.environ["HCCR_HOME"] = str(home)
    place = opening.emptied(folder / "place")
    before = _memory_mark()
    result, where, detail = "read", "", ""
    opening.refusals.clear()
    try:
        if wanted.kind == BATCH:
            _batch(wanted, place)
        else:
            path = place / f"x.{wanted.kind}"
            path.write_bytes(content(wanted))
            before = _memory_mark()
            opening.OPEN[wanted.kind](path)
        result = "refused" if opening.refusals else "read"
    except HccrError:
        result = "refused"
    except BaseException as error:  # noqa: BLE001 - this is what is looked for
        result, where, detail = "traceback", _where(error), "".join(traceback.format_exception(error))
    used = _memory_used() - before
    if result in ("read", "refused"):
        if used > MEMORY:
            result, where = "memory", f"{used / 2**30:.1f} GiB"
        elif left := opening.unfinished(folder):
            result, where, detail = "unfinished", left[0].rpartition(".")[0], "\n".join(left)
    return Outcome(wanted, result, where, detail)


def _batch(wanted: Input, place: Path) -> None:
    from tests.campaign.originals import picture

    rng = wanted.random()
    kinds = [kind for kind in PAGES if kind in available(PAGES)]
    files = [Input(rng.choice(kinds), rng.randrange(10**9), wanted.seed) for _ in range(_TOGETHER)]
    (place / "in").mkdir()
    picture().save(place / "in" / "z-sound.png")
    opening.batch(place, [(file.kind, content(file)) for file in files], [file.number for file in files])


def available(kinds: Iterable[str]) -> list[str]:
    """Return the kinds that can be made here; others need a library that is missing."""
    found = []
    for kind in kinds:
        with contextlib.suppress(ImportError):
            if kind == BATCH or originals(kind):
                found.append(kind)
    return found


def _where(error: BaseException) -> str:
    """Return an exception's kind and the innermost place in the program that it came through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "hccr_desktop" in f.filename]
    inner = [f for f in frames if "tests" not in Path(f.filename).parts]
    place = f"{Path(inner[-1].filename).stem}.{inner[-1].name}:{inner[-1].lineno}" if inner else "campaign"
    text = f" {error}" if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} in {place}{text}"[:120]


def _memory_mark() -> int:
    """Start to measure the peak of this process's memory anew; return what it has now."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return psutil.Process().memory_info().rss


def _memory_used() -> int:
    """Return the peak of this process's memory since it was marked."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return psutil.Process().memory_info().rss


# ---------------------------------------------------------------------------------- the processes


def _work(connection: Any, folder: str) -> None:
    """Answer inputs until there are none. Output of libraries written in C goes nowhere."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.environ["HCCR_HOME"] = folder
    opening.engine()
    if sys.platform.startswith("linux"):
        import resource

        size = psutil.Process().memory_info().vms
        resource.setrlimit(resource.RLIMIT_AS, (size + 4 * MEMORY, size + 4 * MEMORY))
    connection.send(None)
    while (wanted := connection.recv()) is not None:
        connection.send(run_one(wanted, Path(folder)))


class _Worker:
    """A process with the input that it is at."""

    def __init__(self, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, str(folder)), daemon=True)
        self.process.start()
        theirs.close()
        self.at: Input | None = None
        self.began = self.spent = 0.0
        self.is_ready = False

    def give(self, wanted: Input | None) -> None:
        self.at = wanted
        self.began, self.spent = time.monotonic(), self._processor_seconds()
        self.connection.send(wanted)

    def _processor_seconds(self) -> float:
        try:
            times = psutil.Process(self.process.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    @property
    def hangs(self) -> bool:
        if self.at is None:
            return False
        limit = BATCH_SECONDS if self.at.kind == BATCH else SECONDS
        past = time.monotonic() - self.began
        return past > limit and (self._processor_seconds() - self.spent > limit or past > PATIENCE * limit)

    def end(self) -> int:
        self.process.kill()
        self.process.join()
        self.connection.close()
        return self.process.exitcode or 0


def run_all(inputs: Iterable[Input], jobs: int) -> Iterator[Outcome]:
    """Run inputs through `jobs` processes; yields each outcome as it comes."""
    waiting = iter(inputs)
    with tempfile.TemporaryDirectory() as root:
        folders = [Path(root) / str(number) for number in range(jobs)]
        for folder in folders:
            folder.mkdir()
        workers = {folder: _Worker(folder) for folder in folders}
        try:
            while workers:
                multiprocessing.connection.wait([w.connection for w in workers.values()], timeout=0.5)
                for folder, worker in list(workers.items()):
                    outcome, is_alive = _heard(worker)
                    if outcome is not None:
                        yield outcome
                    if not is_alive:
                        worker = workers[folder] = _Worker(folder)  # noqa: PLW2901 - its successor
                    if worker.is_ready and worker.at is None:
                        wanted = next(waiting, None)
                        worker.give(wanted)
                        if wanted is None:
                            worker.process.join(5)
                            workers.pop(folder).end()
        finally:
            for worker in workers.values():
                worker.end()


def _heard(worker: _Worker) -> tuple[Outcome | None, bool]:
    """Return what a worker answered, if it did, and whether it goes on."""
    at = worker.at
    if worker.connection.poll():
        try:
            answer = worker.connection.recv()
        except EOFError:
            worker.process.join(5)
            code = worker.process.exitcode
            worker.end()
            if at is None:
                raise RuntimeError(f"a worker could not be started ({code})") from None
            return Outcome(at, "crash", _signal_name(code)), False
        if not worker.is_ready:
            worker.is_ready = True
            return None, True
        worker.at = None
        if answer.result == "memory":  # what it holds on to would be counted to the next
            worker.end()
            return answer, False
        return answer, True
    if worker.hangs:
        worker.end()
        return Outcome(at, "hang", "5 s") if at else None, False
    return None, True


def _signal_name(code: int | None) -> str:
    try:
        return signal.Signals(-(code or 0)).name
    except ValueError:
        return f"exit {code}"
