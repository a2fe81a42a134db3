"""A table of networks trained under several conditions and seeds, resumable cell by cell.

Each cell lies in a folder of its own, SEED/ROW; what was measured stands in `measured.json` there, and of what, so that
a table that was stopped goes on where it was, and one that is asked for otherwise is refused. What is to be made is a
list of `Job`s; the same command called in several processes shares them out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from filelock import FileLock

from hccr_desktop.core.protocol import Finished, Message, Metric, encode
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import locked, read_bounded, written_aside
from trainer.aside import folder_aside
from trainer.checkpoints import LAST, require_same, take_weights
from trainer.course import Course, mean_course
from trainer.data.prepare import VALIDATION
from trainer.reporter import Reporter
from trainer.run import Batch, Examined, Network, Plan, composed_task, train
from trainer.timing import milliseconds, one_thread
from trainer.trouble import digest_of, storage_explained

MEASURED, MODEL, _MADE_OF = "measured.json", "model.onnx", "made_of.json"
_WAIT = 2.0
"""Seconds between looks at what other processes do."""
_VALIDATED = f"{VALIDATION} top-1"


class Stopped(HccrError):
    """The user asked to stop; what is finished is kept."""

    def __init__(self) -> None:
        super().__init__("The study was stopped.", "Called again, it goes on where it was.")


@dataclass(frozen=True)
class Row:
    """One condition: its name, the paper's accuracy in percent and parameters in millions, and remarks."""

    name: str
    paper: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Measured:
    """One network of one seed. `read` are the answers on the test samples, class numbers.

    `bytes` is the size of the ONNX file, `macs` multiply-accumulate operations a character.
    """

    top1: float
    parameters: int
    macs: int
    bytes: int
    read: tuple[int, ...]
    beside: float = 0.0
    """The share on the table's second test, where it has one."""


@dataclass(frozen=True)
class Job:
    """A cell to be made: `make` trains and measures it, once the cells that it needs, (row, seed), are there."""

    row: str
    seed: int
    make: Callable[[], object]
    needs: tuple[tuple[str, int], ...] = ()


class Table:
    """What was measured of networks, by row and seed, on one set of test pictures.

    `classes` are the names of the classes, `pictures` uint8 (n, 1, h, w), `labels` int64 (n,), `written` what each
    picture shows. `measure` says what share is measured, `beside` on what a second one, `unit` what is tested. Without
    classes there is nothing to confuse.
    """

    def __init__(
        self,
        folder: Path,
        classes: Sequence[str],
        pictures: npt.NDArray[np.uint8],
        labels: npt.NDArray[np.int64],
        written: Sequence[str],
        report: Reporter,
        *,
        measure: str = "top-1",
        beside: str = "",
        unit: str = "samples",
    ) -> None:
        self.folder, self.classes, self.measure_name, self.unit = folder, tuple(classes), measure, unit
        self.pictures, self.labels, self.written = pictures, labels, tuple(written)
        self.beside_name = beside
        self._report = report
        self._made: dict[tuple[str, int], Measured] = {}
        self._exported: dict[str, bytes] = {}
        self._times: dict[str, float] = {}
        self._tested = digest_of((pictures, labels))

    def cell(self, row: str, seed: int) -> Path:
        """Return the folder of a row's network of a seed."""
        return self.folder / f"seed-{seed}" / row

    def work(self, jobs: Sequence[Job], cancelled: Callable[[], bool]) -> None:
        """Make all cells that are not there, those whose turn it is and that no other process is at.

        Raises `Stopped`, and what the jobs raise.
        """
        left = list(jobs)
        while left:
            before = len(left)
            for job in tuple(left):
                if not all((self.cell(*need) / MEASURED).exists() for need in job.needs):
                    continue
                with _claimed(self.cell(job.row, job.seed)) as mine:
                    if mine:
                        job.make()
                        left.remove(job)
            if cancelled():
                raise Stopped
            if len(left) == before:
                time.sleep(_WAIT)  # for another process's

    def points(self, cell: Measured) -> npt.NDArray[np.float64]:
        """Return what a network got for each test sample, (n,), so that their mean is what is measured."""
        return np.asarray(np.array(cell.read) == self.labels, np.float64)

    def spread(self, cell: Measured) -> float:
        """Return how far what is measured differs from test sample to test sample, a standard deviation."""
        return float(np.std(self.points(cell)))

    def keep(self, row: str, seed: int, made_of: Mapping[str, Any], measure: Callable[[], Measured]) -> Measured:
        """Return what was measured of a cell, now or in an earlier call.

        `made_of` are plain values by name: what decides it. Raises `InputError` where an earlier call measured
        what was made otherwise, or on other test samples.
        """
        path = self.cell(row, seed) / MEASURED
        settings = {**made_of, "tested": self._tested}
        if not path.exists():
            measured = measure()
            with written_aside(path) as out:
                out.write(json.dumps({**asdict(measured), "made_of": settings}).encode())
        known, made = _measured_in(path)
        require_same(known, settings, row)
        self._made[row, seed] = made
        self._report(Metric(f"{row}, seed {seed}: {self.measure_name}", made.top1, seed))
        return made

    def learn(
        self,
        row: str,
        network: Network,
        compose: Callable[[int], Batch],
        loss_of: Callable[[Network, Batch], torch.Tensor],
        plan: Plan,
        made_of: Mapping[str, Any],
        measure: Callable[[Network], Measured],
        *,
        name: str,
        cancelled: Callable[[], bool],
        validate: Callable[[Network], float],
    ) -> Network:
        """Train a cell's network, or finish it, or find it finished, and measure it.

        `validate` gives the share of the validation samples that a network reads, for its course. Raises `Stopped`,
        or as `run.train` and `keep` do.
        """

        def examine(looked_at: Network, step: int) -> Examined:
            share = validate(looked_at)
            note(Metric(_VALIDATED, share, step))
            return Examined({_VALIDATED: share})

        task = replace(composed_task(name, network, compose, loss_of, plan, made_of), examine=examine)
        with self.noted(row, plan.seed) as note:
            state = train(task, plan, self.cell(row, plan.seed) / LAST, note, cancelled=cancelled)
        if not state.finished:
            raise Stopped
        learned = state.averaged.cpu().eval()
        self.keep(row, plan.seed, plan.settings(made_of), lambda: measure(learned))
        return learned

    def taken(self, row: str, seed: int, network: Network) -> Network:
        """Give a network the weights that a cell has learned, and return it; raises `InputError` for another's."""
        take_weights(network, self.cell(row, seed) / LAST)
        return network.eval()

    @contextmanager
    def noted(self, row: str, seed: int) -> Iterator[Reporter]:
        """Give a reporter that also notes a training's events for the curves."""
        path = self.cell(row, seed) / "events.jsonl"
        with storage_explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)

        def report(message: Message) -> None:
            with storage_explained(path), path.open("a", encoding="utf-8") as events:
                events.write(encode(message) + "\n")
            if not isinstance(message, Finished):
                self._report(message)

        yield report

    def mean(self, row: str) -> float:
        """Return the mean of what is measured over a row's seeds."""
        return float(np.mean([cell.top1 for cell in self.cells(row)]))

    def cells(self, row: str) -> list[Measured]:
        """Return what was measured of a row, by seed."""
        return [made for (name, _), made in sorted(self._made.items()) if name == row]

    def seeds(self, row: str) -> list[int]:
        """Return the seeds of which a row was measured, in order."""
        return sorted(seed for name, seed in self._made if name == row)

    def course(self, row: str, seed: int) -> Course:
        """Return how a cell's training went; a step that was taken twice, after a stop, counts as it was last."""
        path = self.cell(row, seed) / "events.jsonl"
        losses: dict[int, float] = {}
        validated: dict[int, float] = {}
        for event in _events(path):
            if event["event"] == "progress":
                losses[event["done"]] = event["loss"]
            elif event["event"] == "metric" and event["name"] == _VALIDATED:
                validated[event["step"]] = event["value"]
        return Course(tuple(sorted(losses.items())), tuple(sorted(validated.items())))

    def is_flat(self, row: str) -> bool:
        """Whether a row's trainings had converged, all seeds taken together; one that was not trained counts so."""
        courses = [self.course(row, seed) for seed in self.seeds(row)]
        trained = [course for course in courses if course.losses]
        return not trained or mean_course(trained).is_flat

    def last_third(self, row: str) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Return `Course.last_third` of a row's mean course."""
        courses = [self.course(row, seed) for seed in self.seeds(row)]
        trained = [course for course in courses if course.losses]
        return mean_course(trained).last_third if trained else None

    def hours(self) -> float:
        """Return how many hours of one process all trainings took, by their rates."""
        seconds = 0.0
        for path in self.folder.glob("seed-*/*/events.jsonl"):
            told = [e for e in _events(path) if e["event"] == "progress" and e["done"] < e["total"]]
            if told:
                seconds += told[-1]["total"] * told[-1]["seconds_left"] / (told[-1]["total"] - told[-1]["done"])
        return seconds / 3600

    def exported(self, row: str, seed: int, shape: object, export: Callable[[], bytes]) -> bytes:
        """Return a network's ONNX file and keep it for `times`; of networks of one `shape` the first one's serves all.

        How large it is and how fast does not depend on the weights, and exporting takes longer than measuring.
        """
        packed = self._exported.get(repr(shape)) or export()
        self._exported[repr(shape)] = packed
        path = self.cell(row, seed) / MODEL
        with storage_explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path) as out:
            out.write(packed)
        return packed

    def times(self, rows: Sequence[str], rounds: int = 15) -> dict[str, float]:
        """Return the milliseconds of one picture on one thread, by row: medians, all rows taking turns, once."""
        if set(rows) <= set(self._times):
            return {row: self._times[row] for row in rows}
        sessions = {}
        for row in rows:
            path = next((p for p in (self.cell(row, s) / MODEL for s in self.seeds(row)) if p.exists()), None)
            if path is not None:
                sessions[row] = one_thread(read_bounded(path))
        taken: dict[str, list[float]] = {row: [] for row in sessions}
        for _ in range(rounds):
            for row, session in sessions.items():
                taken[row].append(milliseconds(session, self.pictures, 12))
        self._times = {row: float(np.median(found)) for row, found in taken.items()}
        return dict(self._times)


def _events(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the events noted of a training; a line that was cut off, by a full disk say, is passed over."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        with suppress(ValueError):
            yield json.loads(line)


@contextmanager
def _claimed(cell: Path) -> Iterator[bool]:
    """Give whether this process alone may make a cell now."""
    with ExitStack() as held:
        with storage_explained(cell):
            mine = held.enter_context(locked(cell / ".claimed"))
        yield mine


def kept_arrays(
    folder: Path, make: Callable[[], Mapping[str, npt.NDArray[Any]]], made_of: Mapping[str, Any] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Return arrays by name out of a folder, memory-mapped; the process that asks first makes them, others wait.

    `made_of` are plain values by name: what decides them. Raises `InputError` where they were made otherwise.
    """
    with storage_explained(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if not folder.exists():
                made = make()
                with folder_aside(folder) as aside:
                    for name, array in made.items():
                        np.save(aside / f"{name}.npy", array)
                    if made_of is not None:
                        (aside / _MADE_OF).write_text(json.dumps(made_of), encoding="utf-8")
    if made_of is not None:
        require_same(json.loads(read_bounded(folder / _MADE_OF)), made_of, folder.name)
    return {path.stem: np.load(path, mmap_mode="r") for path in sorted(folder.glob("*.npy"))}


def _measured_in(path: Path) -> tuple[dict[str, Any], Measured]:
    """Return what was measured, and of what; raises `InputError` where a file does not say both."""
    try:
        values = json.loads(read_bounded(path))
        known = dict(values.pop("made_of"))
        return known, Measured(**{**values, "read": tuple(values["read"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "{name} of {cell} does not say what was measured.",
            "Choose another folder, or remove this file: then it is measured again.",
            name=path.name,
            cell=path.parent.name,
        ) from error
