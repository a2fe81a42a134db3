"""Joint architecture and knowledge distillation (Wang and Du, Pattern Recognition 111, 2021).

Every convolution of the residual blocks is replaced by a parsimonious one of the same width and depth. The network is
begun block by block, each matched to the teacher's on what that takes, then distilled from the whole at once: cross
entropy, KL divergence at a temperature, and the mean squared error on the stages' features, with a low-rank
classifier. Readings chosen:
- The stem and the shortcuts' 1×1 convolutions stay, so a network saves less than a single block. Therefore the baseline
  is deep with a narrow stem, and the table has m = 4 beside the paper's example m = 2.
- The features' error is a share of the teacher's mean square, lest the first stages weigh most.
- The teacher is the full network of the first seed, and teaches all seeds. "Alone" and "from nothing" get the steps of
  beginning block by block, a tenth, too.
Lines, the paper's main task, stand in the table of `studies.line`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.claims import HELD, Claim, judge
from trainer.config import FitConfig, scaled
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.study import BEGUN, Study
from trainer.table import Job, Row, Table

RANK = 32
"""Of the classifier."""
FULL = Row("full network", "", "the baseline; the first seed's is the teacher")
ALONE = Row("parsimonious, alone", "", "control: the same architecture without a teacher, m = 4")
LOGITS = Row("parsimonious, by logits", "", "control: distillation of logits alone, m = 4")
FEATURES = Row("parsimonious, by features", "", "control: features alone, m = 4")
UNBEGUN = Row("parsimonious, by both, from nothing", "", "control: not begun block by block, m = 4")
WIDER = Row("parsimonious, by both, m = 2", "", "the paper's example p = m = 2")
JOINT = Row("parsimonious, by both", "> 8× smaller, > 10× fewer operations", "p = 2, m = 4")
ROWS = (FULL, ALONE, LOGITS, FEATURES, UNBEGUN, WIDER, JOINT)
CLAIMS = (
    Claim("By both, m = 4 loses at most 0.5 points to the full network", JOINT.name, FULL.name, 0.005),
    Claim("By both, m = 2 loses at most 0.5 points to the full network", WIDER.name, FULL.name, 0.005),
    Claim("A teacher helps: by both is above alone", JOINT.name, ALONE.name),
    Claim("Features help: by both from nothing is above logits", UNBEGUN.name, LOGITS.name),
    Claim("Logits help: by both from nothing is above features", UNBEGUN.name, FEATURES.name),
    Claim("Beginning block by block helps", JOINT.name, UNBEGUN.name),
)


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
    first = seeds[0]
    jobs = [study.job(FULL, replace(config, seed=first))]
    for seed in seeds:
        jobs += _of_seed(study, replace(config, seed=seed), (FULL.name, first))
    study.work(jobs, cancelled)
    made = write_report(
        study,
        folder / "report",
        title="Parsimonious blocks, distilled jointly",
        opening=_opening(study),
        claims=CLAIMS,
        rows=ROWS,
        best=JOINT,
        setting=study.setting(config, seeds),
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _of_seed(study: Study, config: FitConfig, by: tuple[str, int]) -> list[Job]:
    stages, after = len(config.architecture.widths), (by,)
    small = replace(config.architecture, kinds=("parsimonious-4",) * stages, embedding=RANK)
    own = replace(config, architecture=small)
    both = study.taught(own, by)
    wider = replace(both, architecture=replace(small, kinds=("parsimonious",) * stages))
    return [
        study.job(FULL, config),
        study.job(ALONE, scaled(own, 1.0 + BEGUN)),
        study.job(LOGITS, replace(both, feature_weight=0.0), after),
        study.job(FEATURES, replace(both, distill_share=0.0), after),
        study.job(UNBEGUN, scaled(both, 1.0 + BEGUN), after),
        *study.begun_by_blocks(JOINT, both, by),
        *study.begun_by_blocks(WIDER, wider, by),
    ]


def _opening(table: Table) -> Opening:
    full, small = table.cells(FULL.name)[0], table.cells(JOINT.name)[0]
    taught, wider = (judge(table, Claim("", *rows)) for rows in ((JOINT.name, ALONE.name), (FULL.name, WIDER.name)))
    helps = taught is not None and taught.word == HELD
    costs = wider is not None and wider.word == HELD
    return Opening(
        "The paper claims more than ten times fewer operations and eight times fewer weights with negligible loss, "
        "where every convolution is replaced by a parsimonious block and learned from the full network at once.",
        f"Here {full.macs / small.macs:.1f} times fewer operations and {full.parameters / small.parameters:.1f} times "
        f"fewer parameters read {table.mean(JOINT.name):.2%}, the full network {table.mean(FULL.name):.2%}, the same "
        f"blocks without a teacher {table.mean(ALONE.name):.2%}.",
        f"So {'the teacher is worth its time' if helps else 'a teacher is not shown to be worth its time'}; m = 2 "
        f"reads {table.mean(WIDER.name):.2%}, "
        f"{'less than' if costs else 'no less, as far as can be shown, than'} the full network.",
    )
