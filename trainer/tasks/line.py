"""Teaches a recognizer of whole lines, beginning from a character network, on lines that are composed as it learns."""

from __future__ import annotations

import copy
import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from pydantic import ConfigDict
from torch import nn
from torch.export import Dim

from hccr_desktop.core.bundle import Bundle, load_bundle, write_bundle
from hccr_desktop.core.canary import SIZE, Canary
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.protocol import Finished, Metric
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.files import read_bounded
from trainer.aside import folder_aside, require_free
from trainer.compress.quantize import quantize
from trainer.config import FitConfig
from trainer.data.batches import Share
from trainer.data.lines import CIRCLED, Texts, compose_line, texts_of
from trainer.data.marks import own_templates
from trainer.data.pool import Pool, draw_pool, labels_of
from trainer.data.prepare import prepare
from trainer.data.sources import WritingSource
from trainer.export import finish, in_onnx
from trainer.language import read_lines
from trainer.networks.line_net import LineNet, line_loss
from trainer.reporter import Reporter
from trainer.run import Batch, Plan, composed_task, train
from trainer.trouble import digest_of

LAST = "lines.pt"
EXTRA = (*CIRCLED, "→", "←", "√")
"""Characters of notes that the character networks' alphabet lacks."""
_MARKS_WEIGHT = 0.3
"""Of punctuation of our own among the sources."""
_MOST_LINES = 300_000
"""Lines of each text that are taken at most."""
_CALIBRATION = 64
"""Lines whose activations set the ranges of int8."""
_CANARY_WIDTH = 160
"""Pixels of the canary's lines."""
_SPEC = LineSpec()


@dataclass(frozen=True)
class LinesConfig:
    """How the recognizer is trained: lines are `width` pixels wide, `frozen` first stages keep their weights."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    plan: Plan = field(
        default_factory=lambda: Plan(steps=4_500, batch_size=32, learning_rate=2e-3, warmup=150, ema_decay=0.998)
    )
    width: int = 576
    hidden: int = 128
    frozen: int = 1
    examined: int = 256
    columns_every: int = 3
    """Each of so many batches is of columns; 0 is none."""

    def lasting(self, steps: int, seed: int) -> LinesConfig:
        """Return the same with so many steps, from another seed."""
        return replace(self, plan=replace(self.plan, steps=steps, seed=seed))


@dataclass(frozen=True, eq=False)
class LineData:
    """What lines are composed of: `labels` int64 (n,) are the classes of the pool's characters."""

    pool: Pool
    texts: Texts
    labels: npt.NDArray[np.int64]
    charset: Charset

    @property
    def digest(self) -> str:
        """SHA-256 of the pictures and the texts."""
        texts = self.texts
        kinds = (texts.chinese, texts.digits, texts.letters, texts.others, texts.circled)
        return digest_of((self.pool.pixels, self.pool.firsts, self.labels, *kinds, *texts.lines))


def gather_lines(config: FitConfig, known: Charset, texts: Sequence[Path], folder: Path, report: Reporter) -> LineData:
    """Return what lines are composed of; pictures that were drawn before are taken from the run's folder."""
    charset = Charset((*known.characters, *(c for c in EXTRA if c not in known)))
    made_of = repr((charset.digest, [(s.kind, s.path, s.weight, s.vigor) for s in config.sources], config.fonts))
    stored = folder / f"pool-{hashlib.sha256(made_of.encode()).hexdigest()[:12]}.npz"
    if stored.exists():
        pool = Pool.load(stored)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        marks = Share(WritingSource(own_templates([])), _MARKS_WEIGHT, 0.7)
        shares = (*prepare(config, 1, report).shares, marks)
        ranks: dict[str, int] = {}
        if config.frequencies:
            text = read_bounded(Path(config.data) / config.frequencies, 2**20).decode("utf-8")
            ranks = {line[:1]: rank for rank, line in enumerate(text.split())}
        pool = draw_pool(shares, charset.characters, ranks)
        pool.save(stored)
    some = itertools.chain.from_iterable(itertools.islice(read_lines(path), _MOST_LINES) for path in texts)
    return LineData(pool, texts_of(pool, some), labels_of(pool, charset), charset)


def compose_batch(data: LineData, config: LinesConfig, step: int) -> Batch:
    """Return lines uint8 (n, 1, 64, w), classes int64 (n, longest), padded by 0, lengths int64 (n,), and bool ().

    The last says whether the lines are columns.
    """
    lines, said = [], []
    is_column = bool(config.columns_every) and step % config.columns_every == config.columns_every - 1
    for number in range(config.plan.batch_size):
        rng = np.random.default_rng([config.plan.seed, step, number])
        while True:
            line, numbers = compose_line(data.pool, data.texts, config.width, rng, is_column=is_column)
            if numbers:
                break
        lines.append(line[None])
        said.append(data.labels[numbers])
    lengths = np.array([len(one) for one in said])
    labels = np.zeros((len(said), int(lengths.max())), np.int64)
    for row, one in zip(labels, said, strict=True):
        row[: len(one)] = one
    return tuple(map(torch.from_numpy, (np.stack(lines), labels, lengths, np.array(is_column))))


def fit_lines(
    network: LineNet,
    data: LineData,
    config: LinesConfig,
    folder: Path,
    report: Reporter,
    *,
    parent: str = "",
    cancelled: Callable[[], bool] = lambda: False,
) -> LineNet | None:
    """Train in `folder`, going on from its checkpoint where there is one; None where it was cancelled.

    `parent` names what the network begins with. Raises as `run.train` does.
    """
    stem, stages = network.convolutions
    assert isinstance(stages, nn.Sequential)
    blocks = config.frozen * 2
    for parameter in (*stem.parameters(), *stages[:blocks].parameters()):
        parameter.requires_grad_(False)

    def loss_of(learner: LineNet, batch: Batch) -> torch.Tensor:
        lines, labels, lengths, is_column = batch
        return line_loss(learner.read_columns(lines) if is_column else learner(lines), labels, lengths)

    slow = [*stages[blocks:].parameters(), *network.embed.parameters(), *network.classify.parameters()]
    made_of = {**_settings(config), "alphabet": data.charset.digest, "data": data.digest, "parent": parent}
    compose = partial(compose_batch, data, config)
    task = composed_task("lines", network, compose, loss_of, config.plan, made_of, slow=slow)
    state = train(task, config.plan, folder / LAST, report, cancelled=cancelled)
    trained = state.averaged.cpu().eval() if state.finished else None
    for kind, errors in examine_lines(trained, data, config).items() if trained is not None else ():
        report(Metric(f"character errors of composed {kind}", errors, config.plan.steps))
    report(Finished(cancelled=not state.finished))
    return trained


def _settings(config: LinesConfig) -> dict[str, Any]:
    """Return what decides a run besides its plan."""
    return {key: value for key, value in asdict(config).items() if key not in ("plan", "examined")}


@torch.no_grad()
def blended(begun: LineNet, trained: LineNet, kept: float) -> LineNet:
    """Return a trained network with a share of the weights that it began with (WiSE-FT, Wortsman et al., CVPR 2022)."""
    before, after = begun.state_dict(), trained.state_dict()
    mixed = copy.deepcopy(trained)
    mixed.load_state_dict({k: v.lerp(before[k], kept) if v.is_floating_point() else v for k, v in after.items()})
    return mixed


@torch.no_grad()
def examine_lines(network: LineNet, data: LineData, config: LinesConfig) -> dict[str, float]:
    """Return the share of character errors, by the likeliest answers, on "rows" and "columns" not trained on."""
    network.eval()
    unseen = replace(config, plan=replace(config.plan, seed=config.plan.seed + 1_000))

    def logits(lines: npt.NDArray[np.uint8], are_columns: bool) -> npt.NDArray[np.float32]:
        said: torch.Tensor = (network.read_columns if are_columns else network)(torch.from_numpy(lines))
        return said.numpy()

    return _errors(logits, data, unseen)


def _errors(
    logits: Callable[[npt.NDArray[np.uint8], bool], npt.NDArray[np.float32]], data: LineData, config: LinesConfig
) -> dict[str, float]:
    found = {}
    for kind in ("rows", "columns"):
        errors = count = 0
        alike = replace(config, columns_every=int(kind == "columns"))
        for step in range(-(-config.examined // config.plan.batch_size)):
            lines, labels, lengths, _ = compose_batch(data, alike, step)
            answers = logits(lines.numpy(), kind == "columns").argmax(2)
            for row, label, length in zip(answers.tolist(), labels.tolist(), lengths.tolist(), strict=True):
                errors += distance(collapsed(row, len(data.charset)), label[:length])
                count += length
        found[kind] = errors / count
    return found


def collapsed(answers: Iterable[int], blank: int) -> list[int]:
    """Return what a row of answers says: repeated ones are one, blanks are none."""
    return [answer for answer, _ in itertools.groupby(answers) if answer != blank]


def distance(said: Sequence[int], read: Sequence[int]) -> int:
    """Return Levenshtein's edit distance."""
    row = list(range(len(read) + 1))
    for i, a in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(read, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def export_lines(
    network: LineNet,
    data: LineData,
    config: LinesConfig,
    target: Path,
    report: Reporter,
    *,
    created: str,
    terms: str,
    parent: str,
    kept: float = 0.0,
) -> Bundle[LineSpec]:
    """Write a recognizer of lines in int8 as the bundle `target`, and measure what that costs.

    `parent` names what it began with, `kept` how much of that it has still.

    Written aside and renamed. Raises `InputError` where `target` exists, `StorageError` where it cannot be written.
    """
    require_free(target)
    unseen = replace(config, plan=replace(config.plan, seed=config.plan.seed + 2_000))
    proto = lines_to_onnx(network)
    calibration = compose_batch(data, replace(unseen, plan=replace(unseen.plan, batch_size=_CALIBRATION)), 0)[0]
    packed = finish(with_columns(quantize(proto, calibration.numpy())), data.charset, _SPEC)
    sessions = [
        onnxruntime.InferenceSession(part, providers=["CPUExecutionProvider"])
        for part in (with_columns(proto).SerializeToString(), packed)
    ]
    errors = [_errors(partial(_answers_of, session), data, unseen) for session in sessions]
    asked = calibration.numpy()[:SIZE, ..., :_CANARY_WIDTH]
    for name, of_kinds in zip(("floats", "int8"), errors, strict=True):
        for kind, value in of_kinds.items():
            report(Metric(f"character errors of {kind} in {name}", value, config.plan.steps))
    card = _CARD.format(
        id=target.name,
        created=created,
        terms=terms,
        parent=parent,
        kept=f"; a share of {kept:g} of the weights that it began with was mixed in again" if kept else "",
        parameters=sum(p.numel() for p in network.parameters()) / 1e6,
        megabytes=len(packed) / 1e6,
        classes=len(data.charset),
        steps=config.plan.steps,
        batch=config.plan.batch_size,
        width=config.width,
        floats=errors[0]["rows"],
        integers=errors[1]["rows"],
        columns=errors[1]["columns"],
        examined=config.examined,
        extra=" ".join(EXTRA),
    )
    with folder_aside(target) as folder:
        write_bundle(
            folder,
            bundle_id=target.name,
            title="Whole lines",
            charset=data.charset,
            spec=_SPEC,
            model=packed,
            card=card,
            created=created,
            canary=Canary.of(asked, _answers_of(sessions[0], asked, are_columns=False)),
            scores={"composed lines, 1 - character errors": round(1 - errors[1]["rows"], 5)},
            training={"steps": config.plan.steps, "seed": config.plan.seed},
        )
    return load_bundle(target, LineSpec)


_CARD = """---
id: {id}
title: Whole lines
created: {created}
licence: Apache-2.0; see the terms of the training data
data: {terms}
parent: {parent}
metrics:
  character errors on {examined} composed lines, likeliest answers, no language model: {integers:.4f}
---

# {id}: lines read as wholes

Convolutions of the character model run along the line, a bidirectional LSTM, CTC: {parameters:.2f} million parameters,
{megabytes:.2f} MB in int8, {classes:,} characters, those of the character model and {extra}. In: a line of 64 × w px,
gray, uint8, characters of about 50 px. Out: an answer every 8 px. A column is given mirrored at its diagonal, and read
with kernels that are mirrored too.

**How it was made.** `python -m trainer lines`: from the weights of {parent}, {steps:,} steps of {batch} lines of
{width} px, composed as it learned (`trainer/data/lines.py`) of pictures drawn once from the character model's training
sources, and of text; the first stage and all batch norms kept their weights{kept}.
Errors on {examined} lines composed alike that were not trained on: {floats:.2%} in floats, {integers:.2%} in int8,
{columns:.2%} of columns. A fifth of them are of random characters.

**Limits.** Most characters were learned from templates and fonts alone. Lines whose characters overlap by half were not
among what it learned.

**Terms.** As the character model's.
"""


def _answers_of(
    session: onnxruntime.InferenceSession, lines: npt.NDArray[np.uint8], are_columns: bool
) -> npt.NDArray[np.float32]:
    (logits,) = session.run(None, {"lines": lines, "columns": np.array(are_columns)})
    return np.asarray(logits, np.float32)


def with_columns(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a model with a second input, `columns`, bool (): whether the kernels are mirrored at their diagonal.

    Both branches share the weights; onnxruntime mirrors them once, when it loads the model.
    """
    graph = model.graph
    kernels = {held.name for held in graph.initializer if tuple(held.dims[2:]) == (3, 3)}
    (logits,) = graph.output

    def branch(name: str, *, mirrored: bool) -> onnx.GraphProto:
        part = onnx.GraphProto()
        part.CopyFrom(graph)
        turned: list[str] = []
        for node in part.node if mirrored else ():
            for place, given in enumerate(node.input):
                if given in kernels:
                    node.input[place] = f"{given}_mirrored"
                    turned.append(given)
        transposed = [
            helper.make_node("Transpose", [given], [f"{given}_mirrored"], perm=[0, 1, 3, 2])
            for given in dict.fromkeys(turned)
        ]
        return helper.make_graph([*transposed, *part.node], name, [], [logits])

    either = helper.make_node(
        "If",
        ["columns"],
        [logits.name],
        then_branch=branch("columns", mirrored=True),
        else_branch=branch("rows", mirrored=False),
    )
    made = onnx.ModelProto()
    made.CopyFrom(model)
    del made.graph.node[:]
    del made.graph.value_info[:]
    made.graph.node.append(either)
    made.graph.input.append(helper.make_tensor_value_info("columns", TensorProto.BOOL, []))
    onnx.checker.check_model(made)
    return made


def lines_to_onnx(network: LineNet) -> onnx.ModelProto:
    """Return the network in ONNX, as floats, for lines of any width that is a multiple of 8."""
    # Tracing the LSTM takes as long as the example has steps.
    lines = torch.zeros(2, 1, _SPEC.height, 10 * _SPEC.step, dtype=torch.uint8)
    return in_onnx(
        network, lines, "lines", {0: Dim("n", min=1, max=256), 3: _SPEC.step * Dim("columns", min=8, max=4_000)}
    )
