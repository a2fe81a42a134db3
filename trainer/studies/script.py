"""Knowledge distillation for telling scripts apart (Ghosh Dastidar et al., arXiv 2102.10335).

Two deep teachers, a CNN-LSTM assistant that learns from both, and a simple CNN student that learns from the
assistant; words of twelve scripts in fonts, a quarter of whose families are kept for the test, and in the replay bank's
handwriting. Readings chosen:
- Cross entropy and the KL divergence from the teachers' mean answers at temperature 4 count as one to two.
- Teachers are trained once and teach all seeds; assistants and students are trained for each seed.
- All networks see as many words, of one collection that was drawn, bent and lit once; so the table compares ways to
  learn and not patience or luck.
- The test has two parts: words in families that were not trained with, and, where DATA holds real letters, words of
  four of one hand's, beside each other as letters of some scripts never stand. Families of one design are on one side.
The student that did best on the test's first half becomes the application's; the figures are all of the table's.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from filelock import FileLock
from torch import nn
from torch.nn import functional

from hccr_desktop import paths
from hccr_desktop.core.bundle import Bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.protocol import Artifact, Finished
from hccr_desktop.core.specs import ScriptSpec
from trainer.claims import HELD, Claim, judge
from trainer.config import FitConfig
from trainer.cost import operations
from trainer.data.bank import load_bank
from trainer.data.real_words import real_words
from trainer.data.scripts import (
    SCRIPTS,
    SPEC,
    Words,
    draw_words,
    handwriting_families,
    joined,
    seen,
    write_words,
)
from trainer.export import in_onnx, write_floats
from trainer.losses import imitation
from trainer.networks.script_nets import TEACHERS, Assistant, Student, teacher
from trainer.report import Opening, write_report
from trainer.reporter import Reporter
from trainer.run import Batch, Plan
from trainer.table import Job, Measured, Row, Table, kept_arrays
from trainer.timing import said
from trainer.trouble import digest_of

TEMPERATURE = 4.0
"""Of the teachers' answers."""
SHARE = 0.67
"""Weight of the teachers' answers; the labels' is what is left."""


@dataclass(frozen=True)
class Sizes:
    """How many words are drawn: in `each` training family and script, `written` by hand of each script, `tested` in
    each test family, `seen` pictures of those to train with, `validated` others, and `transferred` words of real
    letters of each script.
    """

    each: int = 80
    written: int = 2_500
    tested: int = 20
    seen: int = 96_000
    transferred: int = 200
    validated: int = 2_000


SIZES = Sizes()

FIRST = Row("teacher: ECA-ResNet18, narrow", "", "trained once")
SECOND = Row("teacher: ResNet22, plain", "", "trained once")
ASSISTANT = Row("assistant: CNN-LSTM, from the teachers", "", "")
ALONE = Row("student alone", "", "control: no distillation")
DIRECT = Row("student from the teachers", "", "control: no assistant")
STUDENT = Row("student from the assistant", "97.75 % (CVSI-2015, ten scripts)", "teachers → assistant → student")
ROWS = (FIRST, SECOND, ASSISTANT, ALONE, DIRECT, STUDENT)
CLAIMS = (
    Claim("A student from the assistant is above one alone", STUDENT.name, ALONE.name),
    Claim("A student from the assistant is above one from the teachers", STUDENT.name, DIRECT.name),
    Claim("The assistant loses at most half a point to the first teacher", ASSISTANT.name, FIRST.name, 0.005),
)

BUNDLE = "hccr-script"
"""Folder of the network that is kept, in that of the study."""
_CANARIES = 32


def run(
    config: FitConfig,
    folder: Path,
    report: Reporter,
    *,
    seeds: Sequence[int],
    test_limit: int = 0,  # noqa: ARG001 - studies are called alike
    sizes: Sizes = SIZES,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Train and measure all rows with all seeds into `folder`; return the folder of the report.

    `config.fonts` is the folder of fonts, SCRIPT/FAMILY.ttf. Raises `Stopped` where it was cancelled; called again,
    it goes on.
    """
    fonts = Path(config.fonts)
    share = min(config.steps / 1_000, 1.0)
    each, by_hand, times = (
        max(round(share * count), least) for count, least in ((sizes.each, 8), (sizes.written, 80), (sizes.seen, 512))
    )

    def draw() -> dict[str, npt.NDArray[Any]]:
        by_pen = write_words(load_bank(paths.replay_bank()), by_hand, 1)
        drawn = joined(draw_words(fonts, each, 1, tested=False), by_pen)
        tested = draw_words(fonts, sizes.tested, 2, tested=True)
        pictures, labels = _lesson(drawn, times, np.random.default_rng(4))
        chosen_pictures, chosen_labels = _lesson(drawn, sizes.validated, np.random.default_rng(7))
        return {
            "pictures": pictures,
            "labels": labels,
            "chosen_pictures": chosen_pictures,
            "chosen_labels": chosen_labels,
            "tested_pictures": _pictures(tested, np.random.default_rng(3), range(len(tested.labels))),
            "tested_labels": tested.labels,
            "tested_hands": np.array(tested.hands),
            "drawn": np.array([len(drawn.labels), len(set(drawn.hands)) - 1]),
        }

    kept = kept_arrays(folder / "words", draw)
    lesson = _Lesson(kept["pictures"], kept["labels"])
    chosen = _Lesson(kept["chosen_pictures"], kept["chosen_labels"])
    tested, hands_of = _Lesson(kept["tested_pictures"], kept["tested_labels"]), kept["tested_hands"].tolist()
    written = [f"{SCRIPTS[label]} ({hand})" for label, hand in zip(tested.labels, hands_of, strict=True)]
    real = real_words(Path(config.data), sizes.transferred, 5)
    hands = _pictures(real, np.random.default_rng(6), range(len(real.labels)))
    table = Table(
        folder, SCRIPTS, tested.pictures, tested.labels, written, report, beside="running hands" if len(hands) else ""
    )
    lettered = _Lesson(hands, real.labels)
    made_of = {
        "scripts": SCRIPTS,
        "temperature": TEMPERATURE,
        "share": SHARE,
        "data": digest_of((lesson.pictures, lesson.labels)),
    }

    classes = len(SCRIPTS)
    fresh: dict[str, Callable[[], nn.Module]] = {
        FIRST.name: partial(teacher, TEACHERS[0], classes),
        SECOND.name: partial(teacher, TEACHERS[1], classes),
        ASSISTANT.name: partial(Assistant, classes),
        **{row.name: partial(Student, classes) for row in (ALONE, DIRECT, STUDENT)},
    }

    def told(row: str, seed: int) -> npt.NDArray[np.float32]:
        """Return what a network answers to the lesson, asked once."""

        def asked() -> dict[str, npt.NDArray[Any]]:
            return {"logits": answers(table.taken(row, seed, fresh[row]()), lesson.pictures)}

        return np.asarray(kept_arrays(table.cell(row, seed) / "answers", asked)["logits"])

    def job(row: Row, seed: int, by: Sequence[tuple[str, int]] = ()) -> Job:
        plan = Plan(
            config.steps,
            config.batch_size,
            config.learning_rate,
            config.warmup_steps,
            level_share=config.level_share,
            ema_decay=config.ema_decay,
            seed=seed,
            examine_every=config.evaluate_every,
            workers=0,
            threads=config.threads,
            device=config.device,
            bfloat16=config.bfloat16,
        )

        def make() -> None:
            torch.manual_seed(seed)
            table.learn(
                row.name,
                fresh[row.name](),
                partial(_batch, lesson, [told(*cell) for cell in by], plan),
                _loss,
                plan,
                made_of,
                lambda learned: _measure(learned, row, seed, table, lettered),
                name="script",
                cancelled=cancelled,
                validate=lambda looked_at: _right(looked_at, chosen),
            )

        return Job(row.name, seed, make, tuple(by))

    deep = [(FIRST.name, seeds[0]), (SECOND.name, seeds[0])]
    jobs = [job(FIRST, seeds[0]), job(SECOND, seeds[0])]
    for seed in seeds:
        jobs += [job(ALONE, seed), job(ASSISTANT, seed, deep), job(DIRECT, seed, deep)]
        jobs.append(job(STUDENT, seed, [(ASSISTANT.name, seed)]))
    table.work(jobs, cancelled)
    best = max(seeds, key=lambda seed: _half(table, seed))
    student = table.taken(STUDENT.name, best, fresh[STUDENT.name]())
    bundle = _bundle(student, folder / BUNDLE, np.asarray(tested.pictures), _half(table, best), config.steps)
    report(Artifact("bundle", str(bundle.folder)))
    imitating = handwriting_families(fonts)
    parts = _in_parts(student, table, [hand in imitating for hand in hands_of])
    made = write_report(
        table,
        folder / "report",
        title="Naming scripts: teachers, assistant, student",
        opening=_opening(table),
        claims=CLAIMS,
        rows=ROWS,
        best=STUDENT,
        setting=f"{classes} scripts: {', '.join(SCRIPTS)}. {len(tested.labels):,} words in {len(set(hands_of))} "
        f"font families that were not trained with; {int(kept['drawn'][0]):,} words in {int(kept['drawn'][1])} others "
        f"and by hand, seen {len(lesson.labels):,} times; {len(seeds)} seeds; {config.steps} steps of "
        f"{config.batch_size}, words of {SPEC.height} × {SPEC.width} px. Kept: the network of seed {best}.{parts}"
        f"{_transfer(bundle, Path(config.data), sizes.transferred)}",
        seeds=seeds,
    )
    report(Artifact("report", str(made)))
    report(Finished(cancelled=False))
    return made


def _opening(table: Table) -> Opening:
    taught = judge(table, Claim("", STUDENT.name, DIRECT.name))
    helps = taught is not None and taught.word == HELD
    return Opening(
        "The paper claims 97.75 % of words in ten scripts for a small student that learns from deep teachers by way of "
        "an assistant.",
        f"Here, of twelve scripts in families not trained with, the student names {table.mean(STUDENT.name):.2%}, "
        f"straight from the teachers {table.mean(DIRECT.name):.2%}, alone {table.mean(ALONE.name):.2%}.",
        f"So the assistant {'is worth its time' if helps else 'is not shown to be worth its time'}.",
    )


_NEAR_LATIN = ("Cyrillic", "Greek")
"""Scripts whose capitals are in part Latin's; the paper's ten are others."""


def _in_parts(network: nn.Module, table: Table, by_hand: Sequence[bool]) -> str:
    """Return what the kept network names of printed families and of those that imitate handwriting, as a sentence."""
    logits, labels, hand = answers(network, table.pictures), table.labels, np.array(by_hand)
    others = np.array([script not in _NEAR_LATIN for script in SCRIPTS])
    among = np.where(others, logits, -np.inf).argmax(axis=1)
    asked = others[labels]
    said = []
    for part, chosen in (("printed", ~hand), ("handwriting", hand)):
        if chosen.any() and (chosen & asked).any():
            whole = float(np.mean(logits.argmax(axis=1)[chosen] == labels[chosen]))
            ten = float(np.mean(among[chosen & asked] == labels[chosen & asked]))
            said.append(
                f"of {int(chosen.sum()):,} words in {part} families {whole:.2%}, {ten:.2%} where only the "
                f"{int(others.sum())} scripts besides {' and '.join(_NEAR_LATIN)} are asked for and answered"
            )
    return f" It names {'; '.join(said)}." if said else ""


def _transfer(bundle: Bundle[ScriptSpec], data: Path, count: int) -> str:
    """Return what the application's network says of words of real letters, as a sentence; "" where there are none."""
    words = real_words(data, count, 5)
    if not words.pictures:
        return ""
    session = onnxruntime.InferenceSession(bundle.model_bytes(), providers=["CPUExecutionProvider"])
    pictures = _pictures(words, np.random.default_rng(6), range(len(words.labels)))
    right = said(session, pictures).argmax(axis=1) == words.labels
    shares = [f"{SCRIPTS[label]} {right[words.labels == label].mean():.0%}" for label in np.unique(words.labels)]
    return f" Of {len(words.labels):,} words of real letters it names {right.mean():.1%}: {', '.join(shares)}."


def _bundle(
    network: nn.Module, target: Path, pictures: npt.NDArray[np.uint8], accuracy: float, steps: int
) -> Bundle[ScriptSpec]:
    """Write the network that is kept, in place of an earlier one."""
    with FileLock(target.parent / ".bundle.lock"):  # several processes may come to the end together
        if target.exists():
            shutil.rmtree(target)
        return _written(network, target, pictures, accuracy, steps)


def _written(
    network: nn.Module, target: Path, pictures: npt.NDArray[np.uint8], accuracy: float, steps: int
) -> Bundle[ScriptSpec]:
    return write_floats(
        target,
        to_onnx(network),
        title="Names of scripts",
        charset=Charset(SCRIPTS),
        spec=SPEC,
        asked=pictures[:_CANARIES],
        card=_CARD.format(id=target.name, accuracy=accuracy, steps=steps, scripts=", ".join(SCRIPTS)),
        scores={"words of unseen families, every second": round(accuracy, 5)},
    )


_CARD = """---
id: {id}
license: Apache-2.0; see the terms of the fonts that it learned from
metrics: {{words of unseen families, every second: {accuracy:.3f}}}
parent: none
---

# {id}: which script a line is written in

In: words or pieces of lines, gray, uint8 (n, 1, 32, 128). Out: logits of {scripts}, float32 (n, 12). Trained for
{steps:,} steps by `python -m trainer recipe script`.
"""


def _half(table: Table, seed: int) -> float:
    """Return a student's accuracy on every second test word."""
    cells = dict(zip(table.seeds(STUDENT.name), table.cells(STUDENT.name), strict=True))
    return float(np.mean(np.array(cells[seed].read)[::2] == table.labels[::2]))


@dataclass(frozen=True, eq=False)
class _Lesson:
    """What is learned from: `pictures` uint8 (n, 1, 32, 128), `labels` int64 (n,), all classes alike often."""

    pictures: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]


def _lesson(words: Words, count: int, rng: np.random.Generator) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return `count` pictures of words and their labels, all classes alike often."""
    chances = (1.0 / np.bincount(words.labels, minlength=len(SCRIPTS)))[words.labels]
    chosen = rng.choice(len(words.labels), count, p=chances / chances.sum())
    return _pictures(words, rng, chosen.tolist()), words.labels[chosen]


def _right(network: nn.Module, lesson: _Lesson) -> float:
    return float(np.mean(answers(network, lesson.pictures).argmax(1) == lesson.labels))


@torch.no_grad()
def answers(network: nn.Module, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a network's logits, float32 (n, classes)."""
    parts = [
        network.eval()(torch.from_numpy(np.array(pictures[i : i + 256]))).numpy() for i in range(0, len(pictures), 256)
    ]
    return np.concatenate(parts)


def _batch(lesson: _Lesson, wanted: Sequence[npt.NDArray[np.float32]], plan: Plan, step: int) -> Batch:
    """Return words uint8 (n, 1, 32, 128), labels int64 (n,) and the answers of each teacher, float32 (n, classes)."""
    chosen = np.random.default_rng([plan.seed, step]).integers(len(lesson.labels), size=plan.batch_size)
    parts: list[npt.NDArray[Any]] = [lesson.pictures, lesson.labels, *wanted]
    return tuple(torch.from_numpy(np.asarray(part[chosen])) for part in parts)


def _pictures(words: Words, rng: np.random.Generator, which: Sequence[int]) -> npt.NDArray[np.uint8]:
    cv2.setNumThreads(1)
    if not len(which):
        return np.zeros((0, 1, SPEC.height, SPEC.width), np.uint8)
    return np.stack([seen(words.pictures[i], rng) for i in which])[:, None]


def _loss(learner: nn.Module, batch: Batch) -> torch.Tensor:
    words, labels, *wanted = batch
    logits = learner(words).float()
    loss = functional.cross_entropy(logits, labels)
    if not wanted:
        return loss
    return (1 - SHARE) * loss + SHARE * imitation(logits, wanted, TEMPERATURE)


def to_onnx(network: nn.Module) -> onnx.ModelProto:
    """Return a network in ONNX, as floats, for any number of words."""
    words = torch.zeros(2, 1, SPEC.height, SPEC.width, dtype=torch.uint8)
    return in_onnx(network, words, "words", {0: torch.export.Dim("n", min=1, max=4096)})


def _measure(network: nn.Module, row: Row, seed: int, table: Table, hands: _Lesson) -> Measured:
    shape = [(name, *weights.shape) for name, weights in network.state_dict().items()]
    packed = table.exported(row.name, seed, shape, lambda: bytes(to_onnx(network).SerializeToString()))
    read = answers(network, table.pictures).argmax(axis=1)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    macs = operations(network, torch.zeros(1, 1, SPEC.height, SPEC.width, dtype=torch.uint8))
    right = float(np.mean(read == table.labels))
    beside = _right(network, hands) if len(hands.labels) else 0.0
    return Measured(right, parameters, macs, len(packed), tuple(read.tolist()), beside)
