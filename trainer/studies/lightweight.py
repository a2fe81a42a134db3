"""LightweightNet: a small network from a baseline's architecture (Xu, Yang, Zhang and Liu, Pattern Recognition, 2019).

Three parts: low-dimensional features before the classifier; compact blocks in place of the baseline's, stage by
stage, where they hurt least; batch norms and other layers without tensors merged at export. Readings chosen:
- Sensitivity is measured in the trained baseline of the first seed: one stage gets compact blocks and is trained alone,
  and what counts is how many validation samples fewer are read.
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
from trainer.claims import HELD, Claim, judge
from trainer.config import FitConfig
from trainer.cost import Cost, cost
from trainer.networks.eca_resnet import EcaResNet
from trainer.recipe import scaled
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.study import Study
from trainer.table import Job, Row, Table

KINDS = ("asymmetric", "separable", "reduced")
"""Compact blocks that may stand in place of the baseline's."""


@dataclass(frozen=True)
class Sizes:
    """What is looked for: `budget` times fewer MACs and parameters, of `kinds`, `features` before the classifier.

    `brief` is the share of the steps that a stage alone is trained with, for its sensitivity.
    """

    budget: float = 4.5
    kinds: tuple[str, ...] = KINDS
    features: int = 32
    brief: float = 0.08


SIZES = Sizes()

BASELINE = Row("baseline", "", "ECA-ResNet18's layout at a quarter of its widths")
UNMERGED = Row("baseline, layers not merged", "", "control: what merging alone gives")
LOW = Row("low-dimensional features alone", "", "control: few features before the classifier")
BLOCKS = Row("compact blocks alone", "", "control: by sensitivity")
LIGHT = Row("LightweightNet", "> 4× smaller, > 4× fewer operations", "all three parts")
RANDOM = Row("random order", "", "control: the same budget without the sensitivity rule")
ROWS = (BASELINE, UNMERGED, LOW, BLOCKS, LIGHT, RANDOM)
CLAIMS = (
    Claim("LightweightNet loses at most 0.3 points to the baseline", LIGHT.name, BASELINE.name, 0.003),
    Claim("Compact blocks alone lose at most 0.3 points", BLOCKS.name, BASELINE.name, 0.003),
    Claim("Low-dimensional features alone lose at most 0.3 points", LOW.name, BASELINE.name, 0.003),
    Claim("The sensitivity rule is better than random order", LIGHT.name, RANDOM.name),
)


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
    base, first = config.architecture, replace(config, seed=seeds[0])
    trials = _trials(config, sizes)
    of_baseline = [job for seed in seeds for job in _baseline(study, replace(config, seed=seed))]
    trained = ((BASELINE.name, first.seed),)
    alone = [
        Job(
            name,
            first.seed,
            lambda name=name, trial=trial: study.learn_row(  # type: ignore[misc]
                name, replace(trial, seed=first.seed), study.last(BASELINE.name, first.seed)
            ),
            trained,
        )
        for name, _, trial in trials
    ]
    study.work([of_baseline[0], of_baseline[1], *alone, *of_baseline[2:]], cancelled)
    whole = study.validated(study.last(BASELINE.name, first.seed), config)
    losses = {place: whole - study.validated(study.last(name, first.seed), config) for name, place, _ in trials}

    def cost_of(kinds: tuple[str, ...]) -> Cost:
        return cost(EcaResNet(replace(base, kinds=kinds), len(study.charset)), config.size)

    stages = len(base.widths)
    kinds = chosen(losses, cost_of, stages, sizes)
    told = f"Blocks by stage: {', '.join(kind or 'as they were' for kind in kinds)}."
    report(Notice(told))
    jobs = []
    for seed in seeds:
        own, at_random = replace(config, seed=seed), randomly(seed, cost_of, stages, sizes)
        for row, shape in (
            (LOW, replace(base, embedding=sizes.features)),
            (BLOCKS, replace(base, kinds=kinds)),
            (LIGHT, replace(base, kinds=kinds, embedding=sizes.features)),
            (RANDOM, replace(base, kinds=at_random, embedding=sizes.features)),
        ):
            jobs.append(_job(study, row, replace(own, architecture=shape)))
    study.work(jobs, cancelled)
    sensitive = [
        Row(name, "", f"this stage alone trained; validation {-100 * losses[place]:+.2f} points")
        for name, place, _ in trials
    ]
    made = write_report(
        study,
        folder / "report",
        title="LightweightNet: low-dimensional features, compact blocks by sensitivity, merged layers",
        opening=_opening(study),
        claims=CLAIMS,
        rows=(*ROWS, *sensitive),
        best=LIGHT,
        setting=f"{study.setting(config, seeds)} {told}",
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _job(study: Study, row: Row, config: FitConfig) -> Job:
    return Job(row.name, config.seed, lambda: study.learn_row(row.name, config))


def _baseline(study: Study, config: FitConfig) -> list[Job]:
    """Return the jobs of the baseline, and of the same network with its layers left as they are."""
    last = study.last(BASELINE.name, config.seed)
    unmerged = Job(
        UNMERGED.name,
        config.seed,
        lambda: study.measure(UNMERGED.name, config, last, merged=False),
        ((BASELINE.name, config.seed),),
    )
    return [_job(study, BASELINE, config), unmerged]


def _trials(config: FitConfig, sizes: Sizes) -> list[tuple[str, tuple[int, str], FitConfig]]:
    """Return what sensitivity is measured with: name, (stage, kind), and configuration."""
    stages = len(config.architecture.widths)
    found = []
    for stage in range(stages):
        for kind in sizes.kinds:
            kinds = tuple(kind if i == stage else "" for i in range(stages))
            shaped = replace(config, architecture=replace(config.architecture, kinds=kinds), only_stage=stage + 1)
            found.append((f"sensitivity: stage {stage + 1} {kind}", (stage, kind), scaled(shaped, sizes.brief)))
    return found


def _opening(table: Table) -> Opening:
    base, light = table.cells(BASELINE.name)[0], table.cells(LIGHT.name)[0]
    random_one = judge(table, Claim("", LIGHT.name, RANDOM.name))
    rule = random_one is not None and random_one.word == HELD
    return Opening(
        "The paper claims more than four times fewer operations and weights with negligible loss, where compact blocks "
        "replace the baseline's where they hurt least.",
        f"Here {base.macs / light.macs:.1f} times fewer operations and {base.parameters / light.parameters:.1f} times "
        f"fewer parameters read {table.mean(LIGHT.name):.2%}, the baseline {table.mean(BASELINE.name):.2%}, the same "
        f"budget spent at random {table.mean(RANDOM.name):.2%}.",
        f"So a budget of a quarter {'is best spent by sensitivity' if rule else 'may be spent without the rule'}: "
        "look at what the loss buys in time before taking it.",
    )


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
