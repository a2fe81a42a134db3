"""LightweightNet: a small network from a baseline's architecture (Xu, Yang, Zhang and Liu, Pattern Recognition, 2019).

Three parts: low-dimensional features before the classifier; compact blocks in place of the baseline's, stage by
stage, where they hurt least; batch norms and other layers without tensors merged at export. Readings chosen:
- Sensitivity is measured in the trained baseline of the first seed: one stage gets compact blocks and is trained alone,
  and what counts is how many validation samples fewer are read.
- Of all choices of a kind for each stage, or none, whose MACs and parameters are both within the budget, the one is
  taken whose stages lost least in sum. Replaced one after another, whole stages overshoot the budget by far.
- "Random choice" is any other within the budget that does not fall below it by more than a fifth.
- All rows are trained from scratch with the same steps: the paper distills an architecture, not weights. "Taught"
  shows what the baseline of the first seed adds as a teacher, as in `studies.parsimonious`, in as many steps.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hccr_desktop.core.protocol import Artifact, Notice
from hccr_desktop.errors import InputError
from trainer.claims import HELD, Claim, judge
from trainer.config import FitConfig, scaled
from trainer.cost import size_of
from trainer.networks.eca_resnet import EcaResNet
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.study import BEGUN, Study
from trainer.table import Job, Row, Table

Size = tuple[int, int]
"""Parameters and MACs of a network."""
KINDS = ("asymmetric", "separable", "reduced")
"""Compact blocks that may stand in place of the baseline's."""


@dataclass(frozen=True)
class Sizes:
    """What is looked for: `budget` times fewer MACs and parameters, of `kinds`, `features` before the classifier.

    `brief` is the share of the steps that a stage alone is trained with, for its sensitivity.
    """

    budget: float = 4.5
    kinds: tuple[str, ...] = KINDS
    features: int = 64
    brief: float = 0.08


SIZES = Sizes()

BASELINE = Row("baseline", "", "ECA-ResNet18's layout at half its widths")
UNMERGED = Row("baseline, layers not merged", "", "control: what merging alone gives")
LOW = Row("low-dimensional features alone", "", "control: few features before the classifier")
BLOCKS = Row("compact blocks alone", "", "control: by sensitivity")
LIGHT = Row("LightweightNet", "> 4× smaller, > 4× fewer operations", "all three parts")
TAUGHT = Row("LightweightNet, taught", "", "by the baseline's answers and features, begun block by block")
RANDOM = Row("random choice", "", "control: the same budget without the sensitivity rule")
ROWS = (BASELINE, UNMERGED, LOW, BLOCKS, LIGHT, TAUGHT, RANDOM)
CLAIMS = (
    Claim("LightweightNet loses at most 0.3 points to the baseline", LIGHT.name, BASELINE.name, 0.003),
    Claim("Taught by the baseline, it loses at most 0.3 points", TAUGHT.name, BASELINE.name, 0.003),
    Claim("A teacher helps", TAUGHT.name, LIGHT.name),
    Claim("Compact blocks alone lose at most 0.3 points", BLOCKS.name, BASELINE.name, 0.003),
    Claim("Low-dimensional features alone lose at most 0.3 points", LOW.name, BASELINE.name, 0.003),
    Claim("The sensitivity rule is better than a random choice", LIGHT.name, RANDOM.name),
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

    def size(kinds: tuple[str, ...]) -> Size:
        return size_of(EcaResNet(replace(base, kinds=kinds), len(study.charset)), config.size)

    within = choices(size, len(base.widths), sizes)
    kinds = chosen(losses, within)
    told = f"Blocks by stage: {', '.join(kind or 'as they were' for kind in kinds)}."
    report(Notice(told))
    jobs = []
    for seed in seeds:
        own, at_random = replace(config, seed=seed), randomly(seed, within, kinds)
        for row, shape in (
            (LOW, replace(base, embedding=sizes.features)),
            (BLOCKS, replace(base, kinds=kinds)),
            (LIGHT, replace(base, kinds=kinds, embedding=sizes.features)),
            (RANDOM, replace(base, kinds=at_random, embedding=sizes.features)),
        ):
            jobs.append(study.job(row, replace(own, architecture=shape)))
        light = replace(own, architecture=replace(base, kinds=kinds, embedding=sizes.features))
        taught = study.taught(light, trained[0])
        jobs += study.begun_by_blocks(TAUGHT, scaled(taught, 1.0 - BEGUN), trained[0])
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


def _baseline(study: Study, config: FitConfig) -> list[Job]:
    """Return the jobs of the baseline, and of the same network with its layers left as they are."""
    last = study.last(BASELINE.name, config.seed)
    unmerged = Job(
        UNMERGED.name,
        config.seed,
        lambda: study.measure(UNMERGED.name, config, last, merged=False),
        ((BASELINE.name, config.seed),),
    )
    return [study.job(BASELINE, config), unmerged]


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
    rule, helps = (
        judged is not None and judged.word == HELD
        for judged in (
            judge(table, Claim("", *rows)) for rows in ((LIGHT.name, RANDOM.name), (TAUGHT.name, LIGHT.name))
        )
    )
    return Opening(
        "The paper claims more than four times fewer operations and weights with negligible loss, where compact blocks "
        "replace the baseline's where they hurt least.",
        f"Here {base.macs / light.macs:.1f} times fewer operations and {base.parameters / light.parameters:.1f} times "
        f"fewer parameters read {table.mean(LIGHT.name):.2%}, the baseline {table.mean(BASELINE.name):.2%}, the same "
        f"budget spent at random {table.mean(RANDOM.name):.2%}; taught by the baseline it reads "
        f"{table.mean(TAUGHT.name):.2%}.",
        f"So a budget of a quarter {'is best spent by sensitivity' if rule else 'may be spent without the rule'}, and "
        f"a baseline that is there {'should' if helps else 'need not'} teach what is made of it.",
    )


def choices(size: Callable[[tuple[str, ...]], Size], stages: int, sizes: Sizes = SIZES) -> dict[tuple[str, ...], Size]:
    """Return every choice of a block for each stage, "" where the baseline's stays, within the budget, and its size.

    Raises `InputError` where there is none.
    """
    whole = size(("",) * stages)
    found = {kinds: size(kinds) for kinds in itertools.product(("", *sizes.kinds), repeat=stages)}
    within = {
        kinds: own
        for kinds, own in found.items()
        if all(was >= sizes.budget * now for was, now in zip(whole, own, strict=True))
    }
    if not within:
        raise InputError(
            "No choice of compact blocks is {budget} times smaller than the baseline.",
            "Ask for a smaller budget, or give a wider baseline.",
            budget=f"{sizes.budget:g}",
        )
    return within


def chosen(losses: dict[tuple[int, str], float], within: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the choice whose stages lost least in sum; `losses` are by stage and kind."""
    return min(within, key=lambda kinds: sum(losses[stage, kind] for stage, kind in enumerate(kinds) if kind))


def randomly(seed: int, within: Mapping[tuple[str, ...], Size], besides: tuple[str, ...]) -> tuple[str, ...]:
    """Return any choice but one that has at most a fifth fewer MACs than the costliest; `besides` if there is none."""
    most = max(macs for _, macs in within.values())
    near = [kinds for kinds, (_, macs) in within.items() if macs >= 0.8 * most and kinds != besides]
    return random.Random(seed).choice(near or [besides])
