"""Pruning-network-based knowledge distillation (Li, Dan, Zhu and Zhang, ATAIT 2021), with its controls.

Readings chosen where the paper is silent or contradicts itself:
- The teacher "ECA-ResNet56" of 25.56 million parameters is ECA-ResNet50: that is ResNet50's count with 1,000
  classes, as 11.69 million is ResNet18's. Counts here are with the head of 16 classes; ECA adds 40 weights to
  ResNet18 with kernel 5.
- Distillation softens logits, not probabilities, at T = 5, scaled by T²; α is 0.7.
- Pruning is network slimming with one threshold over all channels inside blocks (`compress.slim`); residual sums keep
  their width. So a ratio is one of those channels, and fewer parameters go than the paper's word suggests.
- "Pruned, then distilled" starts from the pruned weights. "From scratch" gets the steps that the other rows saw after
  and before pruning, without those of sparsity training.
- The teacher is trained once, twice as long, and teaches the students of all seeds, as in the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hccr_desktop.core.protocol import Artifact
from trainer.compress.slim import slim, thinner
from trainer.config import FitConfig
from trainer.networks.eca_resnet import PAPER_RESNET18, PAPER_RESNET50, Architecture
from trainer.recipe import scaled
from trainer.report import write_report
from trainer.reporter import Reporter
from trainer.study import Row, Study
from trainer.tasks.weights import load_network

RATIOS = (0.4, 0.6)
_PAPER = {0.4: "97.53 %, 9.74 M", 0.6: "96.99 %, 8.70 M"}

TEACHER = "ECA-ResNet50, the teacher"
ROWS = (
    Row("ResNet18", "94.40 %, 11.19 M"),
    Row("ECA-ResNet18", "95.82 %, 11.69 M", "the paper's count is with 1,000 classes"),
    Row(TEACHER, "99.21 %, 25.56 M", "the paper's count is with 1,000 classes"),
    Row("ECA-ResNet18, sparse", "", "trained on with the penalty on scales: what is pruned"),
    *(
        row
        for ratio in RATIOS
        for row in (
            Row(f"pruned {ratio}", "", "no training after"),
            Row(f"pruned {ratio}, fine-tuned", "", "control"),
            Row(
                f"pruned {ratio}, from scratch",
                "",
                "control: the pruned shape, new weights, 1.5 times the steps of plain training",
            ),
            Row(
                f"pruned {ratio}, distilled",
                _PAPER[ratio],
                "which layers the paper prunes it does not say",
            ),
            Row(f"pruned {ratio}, distilled by relations", "", "DIST in place of nothing but logits"),
        )
    ),
    Row("ECA-ResNet18, distilled", "", "control: not pruned"),
)


@dataclass(frozen=True)
class Sizes:
    """The layouts: of the networks that are pruned and distilled, and of their teacher."""

    student: Architecture = PAPER_RESNET18
    teacher: Architecture = PAPER_RESNET50


SIZES = Sizes()


def run(
    config: FitConfig,
    folder: Path,
    report: Reporter,
    *,
    seeds: Sequence[int],
    test_limit: int = 0,
    sizes: Sizes = SIZES,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Train and measure all rows with all seeds into `folder`; return the folder of the report.

    Raises `Stopped` where it was cancelled; called again, it goes on.
    """
    study = Study(folder, config, report, cancelled, test_limit=test_limit)
    first = replace(config, seed=seeds[0])
    large = replace(scaled(first, 2.0), architecture=sizes.teacher)
    teacher = study.train(TEACHER, large)
    study.measure(TEACHER, large, teacher)
    for seed in seeds:
        _one_seed(study, replace(config, seed=seed), teacher, sizes.student)
    untrained = {f"pruned {ratio}" for ratio in RATIOS}
    students = [row for row in ROWS if row.name != TEACHER and row.name not in untrained]
    best = max(students, key=lambda row: _mean(study, row.name))
    int8 = Row(f"{best.name}, int8", "", "the best of the rows above but the teacher")
    for seed in seeds:
        checkpoint = folder / f"seed-{seed}" / best.name / "last.pt"
        study.measure(int8.name, replace(config, seed=seed), checkpoint, int8_on=study.prepared.tests)
    made = write_report(
        study,
        folder / "report",
        title="Pruning and distillation on 16 easily confused characters",
        rows=(*ROWS, int8),
        best=best,
        setting=study.setting(config, seeds),
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _mean(study: Study, row: str) -> float:
    return float(np.mean([cell.top1 for cell in study.cells(row)]))


def _one_seed(study: Study, config: FitConfig, teacher: Path, layout: Architecture) -> None:
    plain = replace(config, architecture=replace(layout, eca_kernel=-1))
    base = replace(config, architecture=layout)

    def row(name: str, config: FitConfig, load: Path | None = None) -> Path:
        checkpoint = study.train(name, config, load)
        study.measure(name, config, checkpoint)
        return checkpoint

    row("ResNet18", plain)
    trained = row("ECA-ResNet18", base)
    half = replace(scaled(base, 0.5), learning_rate=config.learning_rate / 2.5)
    sparse = row("ECA-ResNet18, sparse", replace(half, sparsity=1e-4), trained)
    taught = replace(half, teachers=(str(teacher),), distill_share=0.7, distill_temperature=5.0)
    for ratio in RATIOS:
        network, _, _ = load_network(sparse)
        shape = thinner(network, ratio)
        study.measure(f"pruned {ratio}", half, slim(network, shape))
        row(f"pruned {ratio}, fine-tuned", replace(half, architecture=shape), sparse)
        row(f"pruned {ratio}, from scratch", replace(scaled(base, 1.5), architecture=shape))
        row(f"pruned {ratio}, distilled", replace(taught, architecture=shape), sparse)
        row(
            f"pruned {ratio}, distilled by relations",
            replace(taught, architecture=shape, relation_weight=1.0),
            sparse,
        )
    row("ECA-ResNet18, distilled", taught, sparse)
