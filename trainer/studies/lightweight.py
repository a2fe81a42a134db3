"""LightweightNet: a small network from a baseline's architecture (Xu, Yang, Zhang and Liu, Pattern Recognition, 2019).

Three parts: low-dimensional features before the classifier; compact blocks in place of the baseline's, stage by
stage, where they hurt least; batch norms and other layers without tensors merged at export. Readings chosen:
- Sensitivity is measured: for each stage and each kind of block, the baseline with that stage alone replaced is
  trained for a part of the steps, and its loss of top-1 against the baseline trained as briefly is what counts.
- Stages are replaced in the order of their least loss, each by the kind that lost least, until both MACs and
  parameters are within the budget; if all are replaced and it is not met, the last one replaced takes the cheapest
  kind, then the one before, and so on.
- "Random order" replaces stages in random order by random kinds until the same budget is met.
- All rows are trained from scratch with the same steps: the paper distills an architecture, not weights.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hccr_desktop.core.protocol import Artifact, Notice
from trainer.config import FitConfig
from trainer.cost import Cost, cost
from trainer.networks.eca_resnet import Architecture, EcaResNet
from trainer.recipe import scaled
from trainer.report import write_report
from trainer.reporter import Reporter
from trainer.study import Row, Study

KINDS = ("asymmetric", "separable", "reduced")
"""Compact blocks that may stand in place of the baseline's."""


@dataclass(frozen=True)
class Sizes:
    """What is looked for: `budget` times fewer MACs and parameters, of `kinds`, `features` before the classifier.

    `brief` is the share of the steps that sensitivity is measured with.
    """

    budget: float = 4.2
    kinds: tuple[str, ...] = KINDS
    features: int = 64
    brief: float = 0.35


SIZES = Sizes()

BASELINE = Row("baseline", "", "ECA-ResNet18's form at half width")
UNMERGED = Row("baseline, layers not merged", "", "control: what merging alone gives")
LOW = Row("low-dimensional features alone", "", "control: few features before the classifier")
BLOCKS = Row("compact blocks alone", "", "control: by sensitivity")
LIGHT = Row("LightweightNet", "> 4× smaller, > 4× fewer operations", "all three parts")
RANDOM = Row("random order", "", "control: the same budget without the sensitivity rule")
ROWS = (BASELINE, UNMERGED, LOW, BLOCKS, LIGHT, RANDOM)


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
    base = config.architecture
    losses, brief = _sensitivity(study, replace(scaled(config, sizes.brief), seed=seeds[0]), sizes.kinds)

    def cost_of(kinds: tuple[str, ...]) -> Cost:
        return _cost(study, config, replace(base, kinds=kinds))

    stages = len(base.widths)
    kinds = chosen(losses, cost_of, stages, sizes)
    report(Notice(f"Blocks by stage: {', '.join(kind or 'as they were' for kind in kinds)}."))
    for seed in seeds:
        own = replace(config, seed=seed)
        at_random = randomly(seed, cost_of, stages, sizes)
        for row, shape in (
            (BASELINE, base),
            (LOW, replace(base, embedding=sizes.features)),
            (BLOCKS, replace(base, kinds=kinds)),
            (LIGHT, replace(base, kinds=kinds, embedding=sizes.features)),
            (RANDOM, replace(base, kinds=at_random, embedding=sizes.features)),
        ):
            shaped = replace(own, architecture=shape)
            checkpoint = study.train(row.name, shaped)
            study.measure(row.name, shaped, checkpoint)
            if row is BASELINE:
                study.measure(UNMERGED.name, shaped, checkpoint, merged=False)
    made = write_report(
        study,
        folder / "report",
        title="LightweightNet: low-dimensional features, compact blocks by sensitivity, merged layers",
        rows=(*ROWS, *brief),
        best=LIGHT,
        setting=study.setting(config, seeds),
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _cost(study: Study, config: FitConfig, shape: Architecture) -> Cost:
    return cost(EcaResNet(shape, len(study.charset)), config.size)


def _sensitivity(
    study: Study, config: FitConfig, among: Sequence[str]
) -> tuple[dict[tuple[int, str], float], list[Row]]:
    """Return the loss of top-1 by stage and kind of block, and the rows that say so."""
    base = config.architecture
    rows = [Row("sensitivity: baseline", "", "a part of the steps, one seed")]
    study.measure(rows[0].name, config, study.train(rows[0].name, config))
    whole = study.cells(rows[0].name)[0].top1
    losses: dict[tuple[int, str], float] = {}
    for stage in range(len(base.widths)):
        for kind in among:
            kinds = tuple(kind if i == stage else "" for i in range(len(base.widths)))
            shaped = replace(config, architecture=replace(base, kinds=kinds))
            row = Row(f"sensitivity: stage {stage + 1} {kind}", "", "a part of the steps, one seed")
            study.measure(row.name, shaped, study.train(row.name, shaped))
            losses[stage, kind] = whole - study.cells(row.name)[0].top1
            rows.append(row)
    return losses, rows


def chosen(
    losses: dict[tuple[int, str], float], cost_of: Callable[[tuple[str, ...]], Cost], stages: int, sizes: Sizes = SIZES
) -> tuple[str, ...]:
    """Return the kind of block of each stage, "" where the baseline's stays, by the sensitivity rule."""
    least = {stage: min(sizes.kinds, key=lambda kind: losses[stage, kind]) for stage in range(stages)}
    order = sorted(range(stages), key=lambda stage: losses[stage, least[stage]])
    kinds = [""] * stages
    for stage in order:
        kinds[stage] = least[stage]
        if _within(cost_of, kinds, sizes.budget):
            return tuple(kinds)
    for stage in reversed(order):
        others = [[*kinds[:stage], kind, *kinds[stage + 1 :]] for kind in sizes.kinds]
        kinds = min(others, key=lambda given: cost_of(tuple(given)).macs)
        if _within(cost_of, kinds, sizes.budget):
            break
    return tuple(kinds)


def randomly(
    seed: int, cost_of: Callable[[tuple[str, ...]], Cost], stages: int, sizes: Sizes = SIZES
) -> tuple[str, ...]:
    """Return kinds of blocks chosen at random until the budget is met."""
    rng = random.Random(seed)
    while True:
        kinds = [""] * stages
        for stage in rng.sample(range(stages), stages):
            kinds[stage] = rng.choice(sizes.kinds)
            if _within(cost_of, kinds, sizes.budget):
                return tuple(kinds)


def _within(cost_of: Callable[[tuple[str, ...]], Cost], kinds: Sequence[str], budget: float) -> bool:
    whole, now = cost_of(("",) * len(kinds)), cost_of(tuple(kinds))
    return bool(np.all([whole.macs >= budget * now.macs, whole.parameters >= budget * now.parameters]))
