"""A table of networks that read characters: trained by `tasks.character.fit`, measured on the samples held out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from trainer.checkpoints import LAST
from trainer.compress.quantize import quantize
from trainer.config import FitConfig, scaled
from trainer.cost import cost
from trainer.data.prepare import VALIDATION, TestSet, prepare
from trainer.evaluate import torch_logits
from trainer.export import Exported, to_onnx
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter
from trainer.table import Job, Measured, Row, Stopped, Table
from trainer.tasks.character import fit
from trainer.tasks.weights import deciding, load_checkpoint, load_network, require_same_run
from trainer.timing import one_thread, said

BEGUN = 0.1
"""Steps of beginning block by block, a share of those of plain training."""


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
        self.validation = _joined(VALIDATION, self.prepared.tests)
        self.test = _joined("known", self.prepared.tests)
        # What a run looks at is kept apart from what the table is measured on.
        self.prepared = replace(self.prepared, tests=(self.validation,))
        images = self.test.images(config.spec)
        written = [sample.character for sample in self.test.samples]
        super().__init__(folder, self.charset.characters, images, self.test.labels, written, report)
        self._cancelled = cancelled

    @property
    def charset(self) -> Charset:
        """The alphabet."""
        return self.prepared.charset

    def last(self, row: str, seed: int) -> Path:
        """Return where a cell's network lies, once it is trained."""
        return self.cell(row, seed) / LAST

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

    def learn_row(self, row: str, config: FitConfig, load: Path | None = None) -> Measured:
        """Train a cell, from the weights of `load` where given, and measure it; raises as `train` and `keep` do."""
        made_of = self._made_of(config)
        return self.keep(
            row,
            config.seed,
            made_of,
            lambda: self._measured(row, config, load_network(self.train(row, config, load))[0]),
        )

    def job(
        self, row: Row, config: FitConfig, needs: tuple[tuple[str, int], ...] = (), load: Path | None = None
    ) -> Job:
        """Return the job of `learn_row`, once the cells it needs are there."""
        return Job(row.name, config.seed, lambda: self.learn_row(row.name, config, load), needs)

    def taught(self, config: FitConfig, by: tuple[str, int]) -> FitConfig:
        """Return a configuration that also learns the answers and the stages' features of the cell `by`."""
        teachers = (str(self.last(*by)),)
        return replace(config, teachers=teachers, distill_share=0.7, distill_temperature=4.0, feature_weight=1.0)

    def begun_by_blocks(self, row: Row, config: FitConfig, by: tuple[str, int]) -> list[Job]:
        """Return the jobs of a taught row whose blocks are first matched with those of the cell `by`, one by one."""
        blocks = Row(f"{row.name}, blocks")  # no row of the table: its classifier has learned nothing
        matched = replace(scaled(config, BEGUN), matched_blocks=True)
        return [
            self.job(blocks, matched, (by,), self.last(*by)),
            self.job(row, config, (by, (blocks.name, config.seed)), self.last(blocks.name, config.seed)),
        ]

    def measure(
        self, row: str, config: FitConfig, network: EcaResNet | Path, *, int8: bool = False, merged: bool = True
    ) -> Measured:
        """Measure a network, or a checkpoint's, as this row and seed.

        With `int8` it is quantized on the validation samples; `merged` as `export.Exported` has it.
        """

        def measured() -> Measured:
            found = load_network(network)[0] if isinstance(network, Path) else network.eval()
            return self._measured(row, config, found, int8=int8, merged=merged)

        return self.keep(row, config.seed, self._made_of(config, int8=int8, merged=merged), measured)

    def _made_of(self, config: FitConfig, *, int8: bool = False, merged: bool = True) -> dict[str, Any]:
        return {**deciding(config, self.charset), "int8": int8, "merged": merged}

    def _measured(
        self, row: str, config: FitConfig, network: EcaResNet, *, int8: bool = False, merged: bool = True
    ) -> Measured:
        spec = config.spec
        images = self.pictures

        def export() -> bytes:
            model = to_onnx(Exported(network, 1.0, merged=merged), spec)
            if int8:
                model = quantize(model, self.validation.images(spec)[:512])
            return bytes(model.SerializeToString())

        shape = (network.architecture, merged, config.seed if int8 else "")
        packed = self.exported(row, config.seed, shape, export)
        if int8:
            read = said(one_thread(packed), images).argmax(axis=1)
        else:
            read = torch_logits(network, images, torch.device("cpu")).argmax(axis=1)
        counted = cost(network, config.size)
        right = float(np.mean(read == self.labels))
        return Measured(right, counted.parameters, counted.macs, len(packed), tuple(read.tolist()))

    def validated(self, network: EcaResNet | Path, config: FitConfig) -> float:
        """Return the share of the validation samples that a network reads."""
        found = load_network(network)[0] if isinstance(network, Path) else network
        read = torch_logits(found, self.validation.images(config.spec), torch.device("cpu")).argmax(axis=1)
        return float(np.mean(read == self.validation.labels))

    def setting(self, config: FitConfig, seeds: Sequence[int]) -> str:
        """Return the sentence under which a report stands."""
        learned = len(self.prepared.normalized(config.spec)[1])
        epochs = config.steps * config.batch_size / learned
        return (
            f"{len(self.charset)} characters: {''.join(self.charset.characters)}. {learned:,} scans to train with, "
            f"{len(self.validation.labels):,} for choices, {len(self.test.labels):,} for the test; {len(seeds)} seeds; "
            f"{epochs:.0f} epochs in plain training, input {config.size} × {config.size}; "
            f"{self.hours():.1f} hours of one thread in all."
        )


def _joined(name: str, tests: Sequence[TestSet]) -> TestSet:
    """Return the sets whose names end alike as one; raises `InputError` where there are none."""
    found = [test for test in tests if test.name.endswith(f"/{name}")]
    if not found:
        raise InputError(
            "A study needs samples for the test and others for choices.", "Give test_share and validation_share."
        )
    samples = tuple(sample for test in found for sample in test.samples)
    return TestSet(name, all(t.scanned for t in found), samples, np.concatenate([test.labels for test in found]))
