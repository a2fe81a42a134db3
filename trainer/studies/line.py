"""Teacher, student and Tucker decomposition for recognizers of text lines (Ding, Chen and Huo, 2019).

A large recognizer (convolutions, bidirectional LSTM, CTC) teaches a small one: the difference of what their LSTMs take
is measured after the teacher's input weights, ‖W_x(f_T - f_S)‖², so that what the LSTM does not listen to need not be
alike. The student's convolutions are then decomposed by Tucker, its LSTM's input weights and its classifier by SVD,
ranks by energy, and it is trained again. Beside them stands the parsimonious network of
`studies.parsimonious` on lines. Readings chosen:
- W_x are the input weights of both directions; the error is a share of ‖W_x f_T‖², and counts as much as CTC.
- What is small in a student are its convolutions: it has the teacher's LSTM and classifier. Those that learn its
  features begin with their weights.
- Hidden weights of the LSTM are not decomposed: in onnxruntime's LSTM two factors cost more time than one matrix. Nor
  is the classifier: CTC's blank is one of its 151 rows, which little energy is in, and without which nothing is read.
- The teacher and its students begin from character networks of their own: from nothing, students need many more steps
  on lines. So does the parsimonious network, which is no student of that paper, taught by the teacher's.
- Students have more steps than the teacher, on characters and on lines, until more no longer help. "Trained again" has
  half as many; "as long" is the guided student with as many as both.
Lines are composed once (`studies.clean_lines`), of held-out real samples for the test and for choices, of the others to
train with. The teacher answers to them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from hccr_desktop.core.protocol import Artifact
from trainer.claims import HELD, OPEN, REFUTED, UNFIT, Claim, judge
from trainer.compress.tucker import decomposed
from trainer.config import FitConfig, scaled
from trainer.cost import operations
from trainer.data.prepare import TestSet
from trainer.data.sources import ScanSource
from trainer.networks.eca_resnet import Architecture
from trainer.networks.line_net import LineNet
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.run import Batch, Plan
from trainer.studies.clean_lines import CleanLines, Scan, composed, varied
from trainer.studies.line_losses import Loss, by_both, by_features, by_logits, plain
from trainer.study import BEGUN, Study
from trainer.table import Job, Measured, Row, Table, kept_arrays
from trainer.tasks.line import collapsed, distance, lines_to_onnx
from trainer.tasks.weights import deciding, load_network
from trainer.trouble import digest_of

STUDENT = Architecture((16, 32, 64, 76), (1, 1, 1, 1), stem_width=8, embedding=128, eca_kernel=-1)
"""The student's convolutions: one block a stage and no attention, as what is small costs onnxruntime by the layer."""
_AT_ONCE = 64


@dataclass(frozen=True)
class Sizes:
    """How large the study is: `batch` lines of `width` pixels; lines to learn, to choose and to test; the LSTMs' units.

    Students take `longer` times the teacher's steps, parsimonious networks on lines `sparing_longer` times; `energy` is
    the share that Tucker and SVD keep.
    """

    batch: int = 32
    width: int = 320
    learned: int = 96_000
    validated: int = 300
    tested: int = 3_000
    units: int = 48
    sparing_units: int = 32
    student: Architecture = STUDENT
    longer: float = 3.0
    sparing_longer: float = 2.0
    energy: float = 0.85


SIZES = Sizes()

CHARACTERS = Row("character network, the teacher's beginning")
SMALL_CHARACTERS = Row("character network, the students' beginning")
SPARING_CHARACTERS = Row("parsimonious character network")
TEACHER = Row("teacher", "", "that of the first seed teaches")
ALONE = Row("student without a teacher", "", "control")
LOGITS = Row("student by logits", "", "control: distillation of the answers alone")
FEATURES = Row("student by features", "", "control: ‖f_T - f_S‖², not guided by the LSTM")
GUIDED = Row("student, LSTM-guided", "9.90× smaller, 15.23× faster, no loss", "")
LONG = Row("student, LSTM-guided, as long", "", "control: as many steps as with Tucker")
RAW = Row("student, LSTM-guided, Tucker", "", "control: not trained again")
TUCKER = Row("student, LSTM-guided, Tucker, trained again", "11.89× smaller, 22.16× faster, loss ≤ 0.3", "")
SPARING = Row(
    "parsimonious, by logits and features",
    "> 8× smaller, > 10× fewer operations",
    "Wang and Du's, p = 2, m = 8; half the stem, a smaller LSTM",
)
ROWS = (TEACHER, ALONE, LOGITS, FEATURES, GUIDED, LONG, RAW, TUCKER, SPARING)
CLAIMS = (
    Claim("The guided student loses nothing that counts, 0.3 points, to the teacher", GUIDED.name, TEACHER.name, 0.003),
    Claim("With Tucker it loses at most 0.3 points to the teacher", TUCKER.name, TEACHER.name, 0.003),
    Claim(
        "With Tucker it loses at most 0.3 points to the guided student trained as long", TUCKER.name, LONG.name, 0.003
    ),
    Claim("Half as many steps again still give more", LONG.name, GUIDED.name),
    Claim("A guided student is above one without a teacher", GUIDED.name, ALONE.name),
    Claim("A guided student is above one by logits", GUIDED.name, LOGITS.name),
    Claim("A guided student is above one by features", GUIDED.name, FEATURES.name),
    Claim("Parsimonious convolutions lose at most 0.5 points to the teacher", SPARING.name, TEACHER.name, 0.005),
)


class _LineTable(Table):
    """What is measured is one minus the share of character errors."""

    def __init__(self, folder: Path, tested: CleanLines, report: Reporter) -> None:
        unused = np.zeros(len(tested.lengths), np.int64)
        super().__init__(folder, (), tested.lines, unused, (), report, measure="1 - character errors", unit="lines")
        self.texts = tested.texts

    def points(self, cell: Measured) -> npt.NDArray[np.float64]:
        """Return what each line adds to what is measured, times the lines."""
        lengths = np.array([len(text) for text in self.texts], np.float64)
        return np.asarray((lengths - np.array(cell.read)) / lengths.mean(), np.float64)

    def spread(self, cell: Measured) -> float:
        """Return how far lines differ in their share of errors, not in their lengths (of a ratio: Cochran, 1977)."""
        lengths, errors = np.array([len(text) for text in self.texts], np.float64), np.array(cell.read)
        return float(np.std(errors - errors.sum() / lengths.sum() * lengths) / lengths.mean())


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
    compose = partial(composed, study.charset, width=sizes.width)
    learned, data = compose(varied(study.prepared.scans()), folder / "learned", sizes.learned, seed=1)
    chosen, _ = compose(_scans(study.validation), folder / "validated", sizes.validated, seed=2)
    tested, _ = compose(_scans(study.test), folder / "tested", sizes.tested, seed=3)
    table = _LineTable(folder, tested, report)
    made_of = {
        "characters": deciding(first, study.charset),
        "data": data,
        "sizes": {name: value for name, value in asdict(sizes).items() if not name.endswith("longer")},
    }
    runs = _Runs(table, config, sizes, learned, chosen, tested, made_of, len(study.charset), cancelled)
    begun, small = ((row.name, first.seed) for row in (CHARACTERS, SMALL_CHARACTERS))
    taught = study.taught(replace(first, architecture=_sparing(first.architecture)), begun)
    table.work(
        [
            study.job(CHARACTERS, first),
            study.job(SMALL_CHARACTERS, scaled(replace(first, architecture=sizes.student), sizes.longer)),
            runs.teacher(study.last(*begun), begun, first.seed),
            *study.begun_by_blocks(SPARING_CHARACTERS, scaled(taught, 1.0 - BEGUN), begun),
            *(runs.alone(study.last(*small), small, seed) for seed in seeds),
        ],
        cancelled,
    )
    runs.answer(study.last(*begun), first.seed)
    sparing = study.last(SPARING_CHARACTERS.name, first.seed)
    others = [runs.teacher(study.last(*begun), begun, seed) for seed in seeds[1:]]
    students = [job for seed in seeds for job in runs.students(study.last(*small), seed, sparing)]
    slow = [job for job in students if job.row == SPARING.name]  # each takes as long as four others
    table.work([*(job for job in students if job.row != SPARING.name), *slow, *others], cancelled)
    made = write_report(
        table,
        folder / "report",
        title="Lines: teacher, LSTM-guided student, Tucker",
        opening=_opening(table),
        claims=CLAIMS,
        rows=ROWS,
        best=TUCKER,
        setting=f"{len(study.charset)} characters: {''.join(study.charset.characters)}. {sizes.learned:,} lines to "
        f"learn, {sizes.tested:,} for the test, {sum(map(len, tested.texts)):,} characters of "
        f"{len(study.test.labels):,} held-out scans; {len(seeds)} seeds, all of one teacher and one character network; "
        f"{_budgets(config, sizes)} Students by features begin with what follows the teacher's features, the others "
        f"with their own. Lines of {sizes.width} px, the likeliest answers; {table.hours():.1f} hours of one thread in "
        "all.",
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _budgets(config: FitConfig, sizes: Sizes) -> str:
    """Say how long each row learned."""
    students = sizes.longer * config.steps
    return (
        f"steps of {sizes.batch} lines: {config.steps:,} of the teacher, {students:,.0f} of students, "
        f"{1.5 * students:,.0f} of the one as long, {0.5 * students:,.0f} again after Tucker, "
        f"{sizes.sparing_longer * config.steps:,.0f} of the parsimonious network."
    )


def _opening(table: Table) -> Opening:
    teacher, guided, tucker = (table.cells(row.name)[0] for row in (TEACHER, GUIDED, TUCKER))
    times = table.times([row.name for row in ROWS])
    faster = {row.name: times[TEACHER.name] / times[row.name] for row in (GUIDED, TUCKER)}
    helps, lost = (
        OPEN if judged is None else judged.word
        for judged in (
            judge(table, Claim("", *rows)) for rows in ((GUIDED.name, ALONE.name), (TEACHER.name, GUIDED.name))
        )
    )
    taught = {HELD: "is worth teaching", REFUTED: "reads more without a teacher"}
    costs = {HELD: "its speed costs accuracy", UNFIT: "what its speed costs is not known, as not all had converged"}
    return Opening(
        "The paper claims that a student guided by the teacher's LSTM is 9.9 times smaller and 15 times faster without "
        "loss, and 11.9 times smaller and 22 times faster after Tucker decomposition with little.",
        f"Here the student is {teacher.parameters / guided.parameters:.1f} times smaller and {faster[GUIDED.name]:.1f} "
        f"times faster and reads {table.mean(GUIDED.name):.2%} of the characters, the teacher "
        f"{table.mean(TEACHER.name):.2%}, the same student without a teacher {table.mean(ALONE.name):.2%}; with Tucker "
        f"it is {teacher.parameters / tucker.parameters:.1f} times smaller, {faster[TUCKER.name]:.1f} times faster, "
        f"and reads {table.mean(TUCKER.name):.2%}.",
        f"So a small recognizer {taught.get(helps, 'is not shown to need a teacher')}, and "
        f"{costs.get(lost, 'it costs no accuracy that can be shown')}.",
    )


def _scans(samples: TestSet) -> Iterator[Scan]:
    return ScanSource(samples.samples).every()


def _sparing(large: Architecture) -> Architecture:
    """Return the architecture of parsimonious blocks as wide and deep; half the stem, or it would cost a fifth."""
    return replace(large, kinds=("parsimonious-8",) * len(large.widths), stem_width=max(large.stem_width // 2, 1))


class _Runs:
    """Trains and measures the rows on lines."""

    def __init__(
        self,
        table: _LineTable,
        config: FitConfig,
        sizes: Sizes,
        learned: CleanLines,
        chosen: CleanLines,
        tested: CleanLines,
        made_of: Mapping[str, Any],
        classes: int,
        cancelled: Callable[[], bool],
    ) -> None:
        self._table, self._config, self._sizes, self._classes = table, config, sizes, classes
        self._learned, self._chosen, self._tested = learned, chosen, tested
        self._made_of, self._cancelled = made_of, cancelled
        self._answers: dict[str, npt.NDArray[Any]] = {}
        self._weights = torch.zeros(0)
        self._head: dict[str, dict[str, torch.Tensor]] = {}

    def teacher(self, characters: Path, begun: tuple[str, int], seed: int) -> Job:
        """Return the job of a teacher that begins with the character network of `begun`; the first seed's teaches."""
        units = self._sizes.units
        return Job(
            TEACHER.name,
            seed,
            lambda: self._learn(TEACHER, seed, self._begun(characters, seed, units), plain),
            (begun,),
        )

    def _begun(self, characters: Path, seed: int, units: int) -> LineNet:
        torch.manual_seed(seed)
        return LineNet(load_network(characters)[0], self._classes, units).thawed()

    def answer(self, characters: Path, seed: int) -> None:
        """Let the trained teacher answer to all lines, once."""
        teacher = self._table.taken(TEACHER.name, seed, self._begun(characters, seed, self._sizes.units))
        assert isinstance(teacher.lstm, torch.nn.LSTM)
        both: list[torch.Tensor] = [getattr(teacher.lstm, f"weight_ih_l0{way}") for way in ("", "_reverse")]
        self._weights = torch.cat(both).detach().float()
        self._head = {name: teacher.get_submodule(name).state_dict() for name in ("lstm", "context", "classify")}

        @torch.no_grad()
        def answered() -> dict[str, npt.NDArray[Any]]:
            features, logits = [], []
            for i in range(0, len(self._learned.lines), _AT_ONCE):
                seen = teacher.features(torch.from_numpy(np.array(self._learned.lines[i : i + _AT_ONCE])))
                features.append(seen.numpy().astype(np.float16))
                logits.append(teacher.answers(seen).numpy().astype(np.float16))
            return {"features": np.concatenate(features), "logits": np.concatenate(logits)}

        asked = {"teacher": digest_of([p.detach().numpy() for p in teacher.parameters()])}
        self._answers = kept_arrays(self._table.folder / "answers", answered, asked)

    def alone(self, characters: Path, begun: tuple[str, int], seed: int) -> Job:
        """Return the job of a student without a teacher, which begins with the character network of `begun`."""
        sizes = self._sizes
        return Job(
            ALONE.name,
            seed,
            lambda: self._learn(ALONE, seed, self._begun(characters, seed, sizes.units), plain, sizes.longer),
            (begun,),
        )

    def _led(self, characters: Path, seed: int) -> LineNet:
        """Return a student that begins with what follows the teacher's features."""
        student = self._begun(characters, seed, self._sizes.units)
        for name, weights in self._head.items():
            student.get_submodule(name).load_state_dict(weights)
        return student

    def students(self, characters: Path, seed: int, sparing: Path) -> list[Job]:
        """Return the jobs of a seed that ask the teacher.

        Students begin with the network of `characters`, the parsimonious one with that of `sparing`.
        """
        sizes = self._sizes
        guided = partial(by_features, weights=self._weights)
        student = partial(self._led, characters, seed)

        def small() -> LineNet:
            made = decomposed(self._table.taken(GUIDED.name, seed, student()), sizes.energy, ("classify",))
            assert isinstance(made, LineNet)
            return made

        def job(
            row: Row,
            make: Callable[[], LineNet],
            loss: Loss,
            needs: tuple[tuple[str, int], ...] = (),
            share: float = sizes.longer,
        ) -> Job:
            return Job(row.name, seed, lambda: self._learn(row, seed, make(), loss, share), needs)

        after = ((GUIDED.name, seed),)
        return [
            job(GUIDED, student, guided),
            job(LOGITS, partial(self._begun, characters, seed, sizes.units), by_logits),
            job(FEATURES, student, partial(by_features, weights=None)),
            Job(RAW.name, seed, lambda: self._keep(RAW, self._plan(seed), small()), after),
            job(TUCKER, small, guided, after, 0.5 * sizes.longer),
            job(LONG, student, guided, (), 1.5 * sizes.longer),
            job(SPARING, lambda: self._begun(sparing, seed, sizes.sparing_units), by_both, (), sizes.sparing_longer),
        ]

    def _plan(self, seed: int, share: float = 1.0) -> Plan:
        config = self._config
        return Plan(
            max(round(share * config.steps), 1),
            self._sizes.batch,
            config.learning_rate,
            config.warmup_steps,
            lowest=0.01,
            level_share=config.level_share,
            weight_decay=config.weight_decay,
            ema_decay=config.ema_decay,
            seed=seed,
            examine_every=round(share * config.evaluate_every),
            workers=0,
            threads=config.threads,
            device=config.device,
            bfloat16=config.bfloat16,
        )

    def _learn(self, row: Row, seed: int, network: LineNet, loss: Loss, share: float = 1.0) -> LineNet:
        plan = self._plan(seed, share)
        return self._table.learn(
            row.name,
            network,
            partial(self._batch, plan),
            loss,
            plan,
            self._made_of,
            lambda learned: self._measured(row, seed, learned),
            name="line",
            cancelled=self._cancelled,
            validate=lambda looked_at: 1.0 - sum(_errors(looked_at, self._chosen)) / int(self._chosen.lengths.sum()),
        )

    def _keep(self, row: Row, plan: Plan, network: LineNet) -> Measured:
        seed = plan.seed
        return self._table.keep(
            row.name, seed, plan.settings(self._made_of), lambda: self._measured(row, seed, network.eval())
        )

    def _batch(self, plan: Plan, step: int) -> Batch:
        """Return lines, labels, lengths, and, where there is a teacher, its features and logits."""
        which = np.random.default_rng([plan.seed, step]).integers(len(self._learned.lengths), size=plan.batch_size)
        parts: list[npt.NDArray[Any]] = [self._learned.lines, self._learned.labels, self._learned.lengths]
        parts += [self._answers[name] for name in ("features", "logits") if name in self._answers]
        return tuple(torch.from_numpy(np.ascontiguousarray(part[np.sort(which)])) for part in parts)

    def _measured(self, row: Row, seed: int, network: LineNet) -> Measured:
        shape = [(name, *weights.shape) for name, weights in network.state_dict().items()]
        packed = self._table.exported(row.name, seed, shape, lambda: bytes(lines_to_onnx(network).SerializeToString()))
        errors, texts = _errors(network, self._tested), self._table.texts
        parameters = sum(parameter.numel() for parameter in network.parameters())
        macs = operations(network, torch.from_numpy(np.array(self._table.pictures[:1])))
        right = 1.0 - sum(errors) / sum(map(len, texts))
        return Measured(right, parameters, macs, len(packed), tuple(errors))


@torch.no_grad()
def _errors(network: LineNet, lines: CleanLines) -> list[int]:
    """Return the errors of each line, by the likeliest answers."""
    network.eval()
    answers: list[list[int]] = []
    for i in range(0, len(lines.lengths), _AT_ONCE):
        answers += network(torch.from_numpy(np.array(lines.lines[i : i + _AT_ONCE]))).argmax(2).tolist()
    return [distance(text, collapsed(row, network.classes)) for text, row in zip(lines.texts, answers, strict=True)]
