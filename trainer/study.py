"""A table of networks trained under several conditions and seeds, resumable cell by cell.

A `Study` is of networks that read characters, a `Table` of any. Each cell lies in a folder of its own, SEED/ROW; what
was measured stands in `measured.json` there, and of what, so that a study that was stopped goes on where it was, and
one that is asked for otherwise is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.protocol import Finished, Message, Metric, encode
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, written_aside
from trainer.checkpoints import LAST, require_same
from trainer.compress.quantize import quantize
from trainer.config import FitConfig
from trainer.cost import cost
from trainer.data.prepare import TestSet, prepare
from trainer.evaluate import torch_logits
from trainer.export import Exported, to_onnx
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter
from trainer.run import Batch, Network, Plan, composed_task, train
from trainer.tasks.character import fit
from trainer.tasks.weights import deciding, load_checkpoint, load_network, require_same_run
from trainer.trouble import digest_of, storage_explained


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

    `bytes` is the size of the ONNX file, `milliseconds` the median of one character in onnxruntime
    on one thread, `macs` multiply-accumulate operations a character.
    """

    top1: float
    parameters: int
    macs: int
    bytes: int
    milliseconds: float
    read: tuple[int, ...]


class Table:
    """What was measured of networks, by row and seed, on one set of test pictures.

    `classes` are the names of the classes, `pictures` uint8 (n, 1, h, w), `labels` int64 (n,), `written` what each
    picture shows. `measure` says what share is measured. Without classes there is nothing to confuse.
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
    ) -> None:
        self.folder, self.classes, self.measure_name = folder, tuple(classes), measure
        self.pictures, self.labels, self.written = pictures, labels, tuple(written)
        self._report = report
        self._made: dict[tuple[str, int], Measured] = {}
        self._tested = digest_of((pictures, labels))

    def cell(self, row: str, seed: int) -> Path:
        """Return the folder of a row's network of a seed."""
        return self.folder / f"seed-{seed}" / row

    def keep(self, row: str, seed: int, made_of: Mapping[str, Any], measure: Callable[[], Measured]) -> Measured:
        """Return what was measured of a cell, now or in an earlier call.

        `made_of` are plain values by name: what decides it. Raises `InputError` where an earlier call measured
        what was made otherwise, or on other test samples.
        """
        path = self.cell(row, seed) / "measured.json"
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
    ) -> Network:
        """Train a cell's network, or finish it, or find it finished, and measure it.

        Raises `Stopped`, or as `run.train` and `keep` do.
        """
        task = composed_task(name, network, compose, loss_of, plan, made_of)
        with self.noted(row, plan.seed) as note:
            state = train(task, plan, self.cell(row, plan.seed) / LAST, note, cancelled=cancelled)
        if not state.finished:
            raise Stopped
        learned = state.averaged.cpu().eval()
        self.keep(row, plan.seed, plan.settings(made_of), lambda: measure(learned))
        return learned

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

    def cells(self, row: str) -> list[Measured]:
        """Return what was measured of a row, by seed."""
        return [made for (name, _), made in sorted(self._made.items()) if name == row]

    def seeds(self, row: str) -> list[int]:
        """Return the seeds of which a row was measured, in order."""
        return sorted(seed for name, seed in self._made if name == row)

    def curve(self, row: str, seed: int) -> list[tuple[int, float]]:
        """Return (step, loss) of a training."""
        path = self.cell(row, seed) / "events.jsonl"
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        return [(event["done"], event["loss"]) for event in events if event["event"] == "progress"]


class Study(Table):
    """Trains and measures the cells of a table of characters' networks."""

    def __init__(
        self,
        folder: Path,
        config: FitConfig,
        report: Reporter,
        cancelled: Callable[[], bool],
        *,
        test_limit: int = 0,
    ) -> None:
        self.prepared = prepare(config, test_limit, report)
        test = self.test
        images = test.images(config.spec)
        written = [sample.character for sample in test.samples]
        super().__init__(folder, self.charset.characters, images, test.labels, written, report)
        self._cancelled = cancelled

    @property
    def test(self) -> TestSet:
        """The test samples."""
        return self.prepared.tests[0]

    @property
    def charset(self) -> Charset:
        """The alphabet."""
        return self.prepared.charset

    def train(self, name: str, config: FitConfig, load: Path | None = None) -> Path:
        """Train a cell, or finish it, or find it finished; return its last checkpoint.

        Raises `Stopped`, or as `fit` does, and `InputError` where what is there was made otherwise.
        """
        folder = self.cell(name, config.seed)
        last = folder / LAST
        if last.exists() and (stored := load_checkpoint(last))["finished"]:
            require_same_run(stored, config, self.charset, name)
            return last
        with self.noted(name, config.seed) as report:
            fit(config, self.prepared, folder, report, load=load, resume=last.exists(), cancelled=self._cancelled)
        if not load_checkpoint(last)["finished"]:
            raise Stopped
        return last

    def measure(
        self,
        row: str,
        config: FitConfig,
        network: EcaResNet | Path,
        *,
        int8_on: Sequence[TestSet] = (),
        merged: bool = True,
    ) -> Measured:
        """Measure a network, or a checkpoint's, as this row and seed.

        With `int8_on` it is quantized on these samples; `merged` as `export.Exported` has it.
        """

        def measured() -> Measured:
            found = load_network(network)[0] if isinstance(network, Path) else network.eval()
            return self._measure(config, found, int8_on, merged)

        made_of = {**deciding(config, self.charset), "int8": bool(int8_on), "merged": merged}
        return self.keep(row, config.seed, made_of, measured)

    def _measure(self, config: FitConfig, network: EcaResNet, int8_on: Sequence[TestSet], merged: bool) -> Measured:
        spec = config.spec
        images = self.pictures
        model = to_onnx(Exported(network, 1.0, merged=merged), spec)
        if int8_on:
            model = quantize(model, np.concatenate([test.images(spec)[:512] for test in int8_on]))
        packed = model.SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(packed, options, providers=["CPUExecutionProvider"])
        if int8_on:
            read = said(session, images).argmax(axis=1)
        else:
            read = torch_logits(network, images, torch.device("cpu")).argmax(axis=1)
        counted = cost(network, config.size)
        right = float(np.mean(read == self.labels))
        latency = milliseconds(session, images)
        return Measured(right, counted.parameters, counted.macs, len(packed), latency, tuple(read.tolist()))

    def setting(self, config: FitConfig, seeds: Sequence[int]) -> str:
        """Return the sentence under which a report stands."""
        return (
            f"{len(self.charset)} characters: {''.join(self.charset.characters)}. {len(self.labels):,} test samples; "
            f"{len(seeds)} seeds; {config.steps} steps of {config.batch_size} in plain training, "
            f"input {config.size} × {config.size}."
        )


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


def said(
    session: onnxruntime.InferenceSession, images: npt.NDArray[np.uint8], at_once: int = 64
) -> npt.NDArray[np.float32]:
    """Return what a session with a single input and output says to images, those along the first axis."""
    name = session.get_inputs()[0].name
    parts = [np.asarray(session.run(None, {name: images[i : i + at_once]})[0]) for i in range(0, len(images), at_once)]
    return np.concatenate(parts)


def milliseconds(session: onnxruntime.InferenceSession, images: npt.NDArray[np.uint8]) -> float:
    """Return the median time of one image in a session that takes a single input."""
    name, times = session.get_inputs()[0].name, []
    for i in range(120):
        started = time.perf_counter()
        session.run(None, {name: images[i % len(images)][None]})
        times.append((time.perf_counter() - started) * 1e3)
    return float(np.median(times[20:]))
