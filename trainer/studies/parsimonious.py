"""Joint architecture and knowledge distillation (Wang and Du, Pattern Recognition 111, 2021).

Every convolution of the residual blocks is replaced by a parsimonious one of the same width and depth, and the
network is distilled from the full one at once: cross entropy, KL divergence at a temperature, and the mean squared
error on the stages' features, with a low-rank classifier. Readings chosen:
- The stem and the shortcuts' 1×1 convolutions stay; so the whole network saves less than a single block. Therefore
  the table has m = 4 beside the paper's example m = 2.
- The features' error is a share of the teacher's mean square, lest the first stages weigh most.
- The teacher is the full network of the same widths, trained once, twice as long, and teaches all seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.config import FitConfig
from trainer.recipe import scaled
from trainer.report import write_report
from trainer.reporter import Reporter
from trainer.study import Row, Study

RANK = 64
"""Of the classifier."""

TEACHER = Row("full network, the teacher", "", "trained twice as long, once")
FULL = Row("full network", "", "the baseline")
ALONE = Row("parsimonious, alone", "", "control: same architecture without distillation")
LOGITS = Row("parsimonious, by logits", "", "control: distillation of logits alone")
FEATURES = Row("parsimonious, by features", "", "control: features alone")
JOINT = Row("parsimonious, by both", "> 8× smaller, > 10× fewer operations", "p = m = 2")
SMALLER = Row("parsimonious, by both, m = 4", "> 8× smaller, > 10× fewer operations", "p = 2, m = 4")
ROWS = (TEACHER, FULL, ALONE, LOGITS, FEATURES, JOINT, SMALLER)


def run(
    config: FitConfig,
    folder: Path,
    report: Reporter,
    *,
    seeds: Sequence[int],
    test_limit: int = 0,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Train and measure all rows with all seeds into `folder`; return the folder of the report.

    Raises `Stopped` where it was cancelled; called again, it goes on.
    """
    study = Study(folder, config, report, cancelled, test_limit=test_limit)
    large = scaled(replace(config, seed=seeds[0]), 2.0)
    teacher = study.train(TEACHER.name, large)
    study.measure(TEACHER.name, large, teacher)
    stages = len(config.architecture.widths)
    small = replace(config.architecture, kinds=("parsimonious",) * stages, embedding=RANK)
    smaller = replace(small, kinds=("parsimonious-4",) * stages)
    for seed in seeds:
        own = replace(config, seed=seed)
        taught = replace(own, teachers=(str(teacher),), distill_share=0.7, distill_temperature=4.0)
        for row, shaped in (
            (FULL, own),
            (ALONE, replace(own, architecture=small)),
            (LOGITS, replace(taught, architecture=small)),
            (FEATURES, replace(taught, architecture=small, distill_share=0.0, feature_weight=1.0)),
            (JOINT, replace(taught, architecture=small, feature_weight=1.0)),
            (SMALLER, replace(taught, architecture=smaller, feature_weight=1.0)),
        ):
            study.measure(row.name, shaped, study.train(row.name, shaped))
    made = write_report(
        study,
        folder / "report",
        title="Parsimonious blocks, distilled jointly",
        rows=ROWS,
        best=JOINT,
        setting=study.setting(config, seeds),
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made
