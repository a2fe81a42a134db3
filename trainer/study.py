"""A table of networks trained under several conditions and seeds, resumable cell by cell.

A study trains with the one loop, each cell in a folder of its own, SEED/ROW; what was measured
stands in `measured.json` there, so that a study that was stopped goes on where it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Finished, Message, Metric, encode
from hccr_desktop.errors import HccrError
from hccr_desktop.files import written_aside
from trainer.checkpoints import LAST, load_checkpoint, load_network
from trainer.compress.quantize import quantize
from trainer.config import FitConfig
from trainer.cost import cost
from trainer.data.prepare import Prepared, TestSet
from trainer.evaluate import torch_logits
from trainer.export import Exported, to_onnx
from trainer.loop import fit
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter


class Stopped(HccrError):
    """The user asked to stop; what is finished is kept."""


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


class Study:
    """Trains and measures the cells of a table in a folder."""

    def __init__(self, folder: Path, prepared: Prepared, report: Reporter, cancelled: Callable[[], bool]) -> None:
        self.folder, self.prepared = folder, prepared
        self._report, self._cancelled = report, cancelled
        self._made: dict[tuple[str, int], Measured] = {}

    @property
    def test(self) -> TestSet:
        """The test samples."""
        return self.prepared.tests[0]

    @property
    def charset(self) -> Charset:
        """The alphabet."""
        return self.prepared.charset

    def train(self, name: str, config: FitConfig, load: Path | None = None) -> Path:
        """Train a cell, or finish it, or find it finished; return its last checkpoint. Raises `Stopped`."""
        folder = self.folder / f"seed-{config.seed}" / name
        last = folder / LAST
        if not (last.exists() and load_checkpoint(last)["finished"]):
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "events.jsonl").open("a", encoding="utf-8") as events:

                def report(message: Message) -> None:
                    events.write(encode(message) + "\n")
                    if not isinstance(message, Finished):
                        self._report(message)

                fit(config, self.prepared, folder, report, load=load, resume=last.exists(), cancelled=self._cancelled)
            if not load_checkpoint(last)["finished"]:
                raise Stopped("The study was stopped.", "Called again, it goes on where it was.")
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
        path = self.folder / f"seed-{config.seed}" / row / "measured.json"
        if not path.exists():
            found = load_network(network)[0] if isinstance(network, Path) else network.eval()
            measured = self._measure(config, found, int8_on, merged)
            with written_aside(path) as out:
                out.write(json.dumps(asdict(measured)).encode())
        values = json.loads(path.read_text(encoding="utf-8"))
        self._made[row, config.seed] = made = Measured(**{**values, "read": tuple(values["read"])})
        self._report(Metric(f"{row}, seed {config.seed}: top-1", made.top1, config.seed))
        return made

    def _measure(self, config: FitConfig, network: EcaResNet, int8_on: Sequence[TestSet], merged: bool) -> Measured:
        spec = InputSpec(config.size, config.margin)
        images = self.test.images(spec)
        model = to_onnx(Exported(network, 1.0, merged=merged), spec)
        if int8_on:
            model = quantize(model, np.concatenate([test.images(spec)[:512] for test in int8_on]))
        packed = model.SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(packed, options, providers=["CPUExecutionProvider"])
        if int8_on:
            parts = [session.run(None, {"images": images[i : i + 64]})[0] for i in range(0, len(images), 64)]
            read = np.concatenate(parts).argmax(axis=1)
        else:
            read = torch_logits(network, images, torch.device("cpu")).argmax(axis=1)
        times = []
        for i in range(120):
            started = time.perf_counter()
            session.run(None, {"images": images[i % len(images)][None]})
            times.append((time.perf_counter() - started) * 1e3)
        counted = cost(network, config.size)
        right = float(np.mean(read == self.test.labels))
        return Measured(
            right, counted.parameters, counted.macs, len(packed), float(np.median(times[20:])), tuple(read.tolist())
        )

    def cells(self, row: str) -> list[Measured]:
        """Return what was measured of a row, by seed."""
        return [made for (name, _), made in sorted(self._made.items()) if name == row]

    def curve(self, row: str, seed: int) -> list[tuple[int, float]]:
        """Return (step, loss) of a training."""
        path = self.folder / f"seed-{seed}" / row / "events.jsonl"
        events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
        return [(event["done"], event["loss"]) for event in events if event["event"] == "progress"]
