"""Teacher, student and Tucker decomposition for recognizers of text lines.

A large recognizer (convolutions, bidirectional LSTM, CTC) teaches a small one: the difference of what their LSTMs take
is measured after the teacher's input weights, ‖W_x(f_T - f_S)‖², so that what the LSTM does not listen to need not be
alike. The student's convolutions are then decomposed by Tucker, its LSTM's input weights and its classifier by SVD,
ranks by energy, and it is trained again. Readings chosen:
- W_x are the input weights of both directions; the error is a share of ‖W_x f_T‖², and counts as much as CTC.
- Hidden weights of the LSTM stay: in onnxruntime's LSTM two factors would cost more time than one matrix.
- The teacher begins from a character network, its students from nothing.
Lines are composed of held-out real samples for the test, of the others to train with; characters at random, so that
no network can know the text.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch.nn import functional

from hccr_desktop.core.protocol import Artifact
from trainer.compress.tucker import decomposed
from trainer.config import FitConfig
from trainer.cost import operations
from trainer.data.batches import Share
from trainer.data.lines import Texts
from trainer.data.pool import draw_pool, labels_of
from trainer.data.sources import ScanSource
from trainer.networks.eca_resnet import Architecture, EcaResNet
from trainer.networks.line_net import LineNet, line_loss
from trainer.report import write_report
from trainer.reporter import Reporter
from trainer.run import Batch, Plan, device_of
from trainer.study import Measured, Row, Study, Table, milliseconds, said
from trainer.tasks.line import LineData, LinesConfig, collapsed, compose_batch, distance, lines_to_onnx
from trainer.tasks.weights import deciding, load_network

STUDENT = Architecture((16, 32, 64, 96), stem_width=8, embedding=128)
"""The student's convolutions."""


@dataclass(frozen=True)
class Sizes:
    """How large the study is: `batch` lines of `width` pixels, `tested` lines, units of the LSTMs, the student.

    `energy` is the share that Tucker and SVD keep.
    """

    batch: int = 16
    width: int = 320
    tested: int = 160
    teacher_units: int = 128
    student_units: int = 48
    student: Architecture = STUDENT
    energy: float = 0.85


SIZES = Sizes()

CHARACTERS = "character network, the teacher's beginning"
TEACHER = Row("teacher", "", "trained once")
SCRATCH = Row("student from nothing", "", "control: no teacher")
LOGITS = Row("student by logits", "", "control: distillation of the answers alone")
FEATURES = Row("student by features", "", "control: ‖f_T - f_S‖², not guided by the LSTM")
GUIDED = Row("student, LSTM-guided", "9.90× smaller, 15.23× faster, no loss", "")
RAW = Row("student, LSTM-guided, Tucker", "", "control: not trained again")
TUCKER = Row("student, LSTM-guided, Tucker, trained again", "11.89× smaller, 22.16× faster, loss ≤ 0.3", "")
ROWS = (TEACHER, SCRATCH, LOGITS, FEATURES, GUIDED, RAW, TUCKER)


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
    begun, charset, _ = load_network(study.train(CHARACTERS, first))
    lasting = LinesConfig(
        Plan(config.steps, sizes.batch, 2e-3, warmup=40, ema_decay=0.98),
        sizes.width,
        examined=sizes.tested,
        columns_every=0,
    )
    pool = draw_pool(study.prepared.shares, charset.characters, {})
    data = LineData(pool, _random(pool.characters), labels_of(pool, charset), charset)
    kept = draw_pool([Share(ScanSource(study.test.samples), 1.0)], charset.characters, {})
    tests = LineData(kept, _random(kept.characters), labels_of(kept, charset), charset)
    at_once = replace(lasting, plan=replace(lasting.plan, batch_size=sizes.tested))
    lines, labels, lengths, _ = compose_batch(tests, at_once, 0)
    unused = np.zeros(sizes.tested, np.int64)
    table = Table(folder, (), lines.numpy(), unused, (), report, measure="1 - character errors")
    texts = [row[:length] for row, length in zip(labels.tolist(), lengths.tolist(), strict=True)]

    made_of = {
        "characters": deciding(first, charset),
        "data": data.digest,
        "width": sizes.width,
        "hidden": (sizes.teacher_units, sizes.student_units),
        "student": asdict(sizes.student),
        "energy": sizes.energy,
    }

    def make(row: Row, seed: int, network: LineNet, loss: Loss) -> LineNet:
        own = replace(lasting, plan=replace(lasting.plan, seed=seed))
        composed, measure = partial(compose_batch, data, own), partial(_measure, table=table, texts=texts)
        return table.learn(
            row.name, network, composed, loss, own.plan, made_of, measure, name="line", cancelled=cancelled
        )

    classes = len(charset)
    teacher = make(TEACHER, seeds[0], LineNet(begun, classes, sizes.teacher_units), plain)
    for seed in seeds:
        for row, loss in (
            (SCRATCH, plain),
            (LOGITS, by_logits(teacher)),
            (FEATURES, by_features(teacher, guided=False)),
            (GUIDED, by_features(teacher, guided=True)),
        ):
            torch.manual_seed(seed)
            fresh = LineNet(EcaResNet(sizes.student, classes), classes, sizes.student_units).thawed()
            student = make(row, seed, fresh, loss)
        small = decomposed(student, sizes.energy)
        assert isinstance(small, LineNet)
        raw = replace(lasting.plan, seed=seed).settings(made_of)
        table.keep(RAW.name, seed, raw, lambda network=small: _measure(network, table, texts))  # type: ignore[misc]
        make(TUCKER, seed, small, by_features(teacher, guided=True))
    made = write_report(
        table,
        folder / "report",
        title="Lines: teacher, LSTM-guided student, Tucker",
        rows=ROWS,
        best=TUCKER,
        setting=f"{classes} characters: {''.join(charset.characters)}. {sizes.tested} lines of held-out samples, "
        f"{sum(map(len, texts)):,} characters; {len(seeds)} seeds; {config.steps} steps of {sizes.batch} lines of "
        f"{sizes.width} px, the likeliest answers.",
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    return made


def _random(characters: Sequence[str]) -> Texts:
    """Return texts of characters at random, by their numbers in a pool."""
    rng = np.random.default_rng(5)
    lines = tuple(rng.integers(len(characters), size=60).astype(np.int32) for _ in range(400))
    none = np.zeros(0, np.int32)
    return Texts(lines, np.arange(len(characters), dtype=np.int32), none, none, none, none)


Loss = Callable[[LineNet, Batch], torch.Tensor]


def plain(learner: LineNet, batch: Batch) -> torch.Tensor:
    """CTC alone."""
    lines, labels, lengths, _ = batch
    return line_loss(learner(lines), labels, lengths)


def by_logits(teacher: LineNet) -> Loss:
    """CTC, and the KL divergence from the teacher's answers at each place."""
    teacher = copy.deepcopy(teacher).to(device_of(Plan(1, 1)))

    def loss(learner: LineNet, batch: Batch) -> torch.Tensor:
        lines, labels, lengths, _ = batch
        with torch.no_grad():
            wanted = functional.softmax(teacher(lines).float(), dim=2)
        logits = learner(lines)
        answered = functional.log_softmax(logits.float(), dim=2)
        apart = functional.kl_div(answered, wanted, reduction="sum") / (lines.shape[0] * logits.shape[1])
        total: torch.Tensor = line_loss(logits, labels, lengths) + apart
        return total

    return loss


def by_features(teacher: LineNet, *, guided: bool) -> Loss:
    """CTC, and how far the features are from the teacher's, seen through its LSTM's input weights where `guided`."""
    teacher = copy.deepcopy(teacher).to(device_of(Plan(1, 1)))
    assert isinstance(teacher.lstm, torch.nn.LSTM)
    both: list[torch.Tensor] = [getattr(teacher.lstm, f"weight_ih_l0{way}") for way in ("", "_reverse")]
    weights = torch.cat(both).detach().float()

    def loss(learner: LineNet, batch: Batch) -> torch.Tensor:
        lines, labels, lengths, _ = batch
        with torch.no_grad():
            wanted = teacher.features(lines).float()
        own = learner.features(lines)
        missed, whole = own.float() - wanted, wanted
        if guided:
            missed, whole = missed @ weights.T, whole @ weights.T
        apart = missed.pow(2).mean() / whole.pow(2).mean().clamp(min=1e-6)
        total: torch.Tensor = line_loss(learner.answers(own), labels, lengths) + apart
        return total

    return loss


def _measure(network: LineNet, table: Table, texts: Sequence[Sequence[int]]) -> Measured:
    packed = lines_to_onnx(network).SerializeToString()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(packed, options, providers=["CPUExecutionProvider"])
    answers = said(session, table.pictures, 16).argmax(axis=2)
    blank = network.classes
    errors = [distance(text, collapsed(row, blank)) for text, row in zip(texts, answers.tolist(), strict=True)]
    parameters = sum(parameter.numel() for parameter in network.parameters())
    macs = operations(network, torch.from_numpy(table.pictures[:1]))
    right = 1.0 - sum(errors) / sum(map(len, texts))
    return Measured(right, parameters, macs, len(packed), milliseconds(session, table.pictures), tuple(errors))
