"""Pruning-network-based knowledge distillation (Li, Dan, Zhu and Zhang, ATAIT 2021), with its controls.

Readings chosen where the paper is silent or contradicts itself:
- The teacher "ECA-ResNet56" of 25.56 million parameters is ECA-ResNet50: that is ResNet50's count with 1,000
  classes, as 11.69 million is ResNet18's.
- Layouts are the paper's at a quarter of its widths, on small gray pictures: so every row trains until it is flat.
- Distillation softens logits, not probabilities, at T = 5, scaled by T²; α is 0.7.
- Pruning is network slimming with one threshold over all channels inside blocks (`compress.slim`); residual sums keep
  their width. So a ratio is one of those channels, and fewer parameters go than the paper's word suggests.
- "Pruned, then distilled" starts from the pruned weights. Its history is plain training, half as many steps with the
  penalty, half as many after pruning: "from scratch" and "as long" get all of these, twice those of plain training.
- The teacher is trained once, as long as that, and teaches the students of all seeds, as in the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.claims import HELD, REFUTED, Claim, judge
from trainer.compress.slim import slim, thinner
from trainer.config import FitConfig, scaled
from trainer.networks.eca_resnet import PAPER_RESNET18, PAPER_RESNET50, Architecture
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.study import Study
from trainer.table import Job, Row, Table
from trainer.tasks.weights import load_network

RATIOS = (0.4, 0.6)
_PAPER = {0.4: "97.53 %, 9.74 M", 0.6: "96.99 %, 8.70 M"}

PLAIN = Row("ResNet18", "94.40 %, 11.19 M")
BASE = Row("ECA-ResNet18", "95.82 %, 11.69 M", "the paper's count is with 1,000 classes")
LONG = Row("ECA-ResNet18, as long", "", "control: as many steps as the pruned networks' whole history")
TEACHER = Row("ECA-ResNet50, the teacher", "99.21 %, 25.56 M", "one network; the paper's count is with 1,000 classes")
SPARSE = Row("ECA-ResNet18, sparse", "", "trained on with the penalty on scales: what is pruned")
WHOLE = Row("ECA-ResNet18, distilled", "", "control: not pruned")


@dataclass(frozen=True)
class Pruned:
    """The rows of a ratio."""

    ratio: float

    @property
    def raw(self) -> Row:
        """Without training after."""
        return Row(f"pruned {self.ratio}", "", "no training after")

    @property
    def tuned(self) -> Row:
        """Trained on without a teacher."""
        return Row(f"pruned {self.ratio}, fine-tuned", "", "control")

    @property
    def scratch(self) -> Row:
        """The shape alone."""
        return Row(f"pruned {self.ratio}, from scratch", "", "control: the pruned shape, new weights, as many steps")

    @property
    def taught(self) -> Row:
        """The paper's."""
        return Row(
            f"pruned {self.ratio}, distilled", _PAPER[self.ratio], "which layers the paper prunes it is silent on"
        )

    @property
    def related(self) -> Row:
        """By relations."""
        return Row(f"pruned {self.ratio}, distilled by relations", "", "DIST besides logits")

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return self.raw, self.tuned, self.scratch, self.taught, self.related


LESS, LEAST = (Pruned(ratio) for ratio in RATIOS)
ROWS = (PLAIN, BASE, LONG, TEACHER, SPARSE, *LESS.rows, *LEAST.rows, WHOLE)
CLAIMS = (
    Claim("Attention helps: ECA-ResNet18 is above ResNet18", BASE.name, PLAIN.name),
    Claim("The teacher is above ECA-ResNet18", TEACHER.name, BASE.name),
    *(
        claim
        for pruned in (LESS, LEAST)
        for claim in (
            Claim(
                f"Pruned {pruned.ratio} and distilled is above the unpruned network, as in the paper",
                pruned.taught.name,
                BASE.name,
            ),
            Claim(
                f"Pruned {pruned.ratio} and distilled loses at most 0.3 points to the unpruned network trained as long",
                pruned.taught.name,
                LONG.name,
                0.003,
            ),
            Claim(f"At {pruned.ratio} distillation beats fine-tuning", pruned.taught.name, pruned.tuned.name),
            Claim(
                f"At {pruned.ratio} distillation beats training from scratch", pruned.taught.name, pruned.scratch.name
            ),
            Claim(f"At {pruned.ratio} relations beat logits alone", pruned.related.name, pruned.taught.name),
        )
    ),
)


_SMALL, _LARGE = (
    replace(layout, widths=(16, 32, 64, 128), stem_width=16, in_channels=1)
    for layout in (PAPER_RESNET18, PAPER_RESNET50)
)


@dataclass(frozen=True)
class Sizes:
    """The layouts: of the networks that are pruned and distilled, and of their teacher."""

    student: Architecture = _SMALL
    teacher: Architecture = _LARGE


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
    first = seeds[0]
    large = replace(scaled(config, 2.0), architecture=sizes.teacher, seed=first)
    jobs = [Job(TEACHER.name, first, lambda: study.learn_row(TEACHER.name, large))]
    for seed in seeds:
        jobs += _of_seed(study, replace(config, seed=seed, architecture=sizes.student), first)
    study.work(jobs, cancelled)
    best = max((pruned.taught for pruned in (LESS, LEAST)), key=lambda row: study.mean(row.name))
    int8 = Row(f"{best.name}, int8", "", "quantized on the validation samples")
    study.work([_quantized(study, int8, best, replace(config, seed=seed), sizes.student) for seed in seeds], cancelled)
    made = write_report(
        study,
        folder / "report",
        title="Pruning and distillation on 16 easily confused characters",
        opening=_opening(study),
        claims=CLAIMS,
        rows=(*ROWS, int8),
        best=best,
        setting=study.setting(config, seeds),
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _quantized(study: Study, row: Row, of: Row, config: FitConfig, layout: Architecture) -> Job:
    own = replace(config, architecture=layout)
    return Job(row.name, own.seed, lambda: study.measure(row.name, own, study.last(of.name, own.seed), int8=True))


def _opening(table: Table) -> Opening:
    least, base = LEAST.taught.name, BASE.name
    size = table.cells(least)[0].parameters / table.cells(base)[0].parameters
    against = {name: judge(table, Claim("", least, name)) for name in (LEAST.tuned.name, LEAST.scratch.name)}
    words = {name: verdict.word if verdict else "" for name, verdict in against.items()}
    if words[LEAST.scratch.name] == HELD:
        means = "So pruning and a teacher are worth their trouble: the same shape trained from scratch reads worse."
    elif words[LEAST.scratch.name] == REFUTED:
        means = "So take the pruned shape and train it from scratch: the weights and the teacher are not worth keeping."
    elif words[LEAST.tuned.name] == HELD:
        means = (
            "So a teacher helps what is pruned, but training the pruned shape from scratch for as long does as well."
        )
    else:
        means = "So what counts is the smaller shape: how it is trained makes no difference that these samples show."
    return Opening(
        "The paper claims that ECA-ResNet18, pruned by 40 or 60 % and distilled from a larger network, reads better "
        "(97.53 and 96.99 %) than unpruned (95.82 %).",
        f"Here it reads {table.mean(base):.2%} unpruned, {table.mean(LONG.name):.2%} trained as long as the others; "
        f"pruned by 60 % and distilled {table.mean(least):.2%} with {size:.0%} of the parameters, fine-tuned without "
        f"a teacher {table.mean(LEAST.tuned.name):.2%}, in the same shape from scratch "
        f"{table.mean(LEAST.scratch.name):.2%}.",
        means,
    )


def _of_seed(study: Study, config: FitConfig, first: int) -> list[Job]:
    """Return the jobs of a seed; `config` has the unpruned network's architecture, the teacher has the `first` seed."""
    seed, by = config.seed, (TEACHER.name, first)
    half = replace(scaled(config, 0.5), learning_rate=config.learning_rate / 2.5)
    taught = replace(half, teachers=(str(study.last(*by)),), distill_share=0.7, distill_temperature=5.0)
    related = replace(taught, relation_weight=1.0)
    sparse = study.last(SPARSE.name, seed)
    after = ((SPARSE.name, seed),)

    def job(
        row: Row,
        config: FitConfig,
        load: Path | None = None,
        needs: tuple[tuple[str, int], ...] = (),
        ratio: float | None = None,
    ) -> Job:
        def make() -> None:
            own = config
            if ratio is not None:
                own = replace(config, architecture=thinner(load_network(sparse)[0], ratio))
            study.learn_row(row.name, own, load)

        return Job(row.name, seed, make, needs)

    def raw(pruned: Pruned) -> Job:
        def make() -> None:
            network, _, _ = load_network(sparse)
            shape = thinner(network, pruned.ratio)
            study.measure(pruned.raw.name, replace(half, architecture=shape), slim(network, shape))

        return Job(pruned.raw.name, seed, make, after)

    jobs = [
        job(PLAIN, replace(config, architecture=replace(config.architecture, eca_kernel=-1))),
        job(BASE, config),
        job(SPARSE, replace(half, sparsity=1e-4), study.last(BASE.name, seed), ((BASE.name, seed),)),
        job(LONG, scaled(config, 2.0)),
    ]
    for pruned in (LESS, LEAST):
        jobs += [
            raw(pruned),
            job(pruned.tuned, half, sparse, after, pruned.ratio),
            job(pruned.scratch, scaled(config, 2.0), None, after, pruned.ratio),
            job(pruned.taught, taught, sparse, (*after, by), pruned.ratio),
            job(pruned.related, related, sparse, (*after, by), pruned.ratio),
        ]
    return [*jobs, job(WHOLE, taught, sparse, (*after, by))]
