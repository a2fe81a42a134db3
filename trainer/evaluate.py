"""Accuracy on test sets, with intervals, calibration and confusions; the same for torch and ONNX."""

from __future__ import annotations

import base64
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import nn

from hccr_desktop.core import protocol
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.subsets import groups
from hccr_desktop.recognize.engine import softmax
from hccr_desktop.recognize.evaluation import Score, ranks, score_ranks
from trainer.data.prepare import TestSet

Logits = npt.NDArray[np.float32]
_AT_ONCE = 512
"""Samples whose logits are held together."""


@dataclass(frozen=True)
class Result:
    """What was measured on one test set.

    `in_group` is the share of top-1 where characters that look alike count as one (`core.subsets`);
    `calibration_error` is the expected calibration error over 15 bins (Guo et al., ICML 2017);
    `confusions` are (written, read, times), the most frequent first.
    """

    name: str
    score: Score
    in_group: float
    calibration_error: float
    confusions: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, eq=False)
class _Answers:
    """A model's answers on some samples, all arrays (n,)."""

    written: tuple[str, ...]
    read: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    certainty: Logits


def measure(
    give_logits: Callable[[npt.NDArray[np.uint8]], Logits], tests: Sequence[TestSet], spec: InputSpec, charset: Charset
) -> list[Result]:
    """Measure a model, given as images uint8 (n, 1, size, size) → logits (n, classes), on each test set.

    Empty ones are left out. Where several hold scans of known, or of unseen, characters, they are also taken together.
    """
    tests = [test for test in tests if test.samples]
    answers = {test.name: _answers(give_logits, test, spec) for test in tests}
    results = [_result(test.name, answers[test.name], charset) for test in tests]
    for part in ("known", "unseen"):
        together = [answers[test.name] for test in tests if test.scanned and test.name.endswith(f"/{part}")]
        if len(together) > 1:
            results.append(_result(f"all scans/{part}", _joined(together), charset))
    return results


@dataclass(frozen=True, eq=False)
class Mistake:
    """A wrong answer: `image` is what the model saw, uint8 (size, size), `certainty` its probability."""

    written: str
    read: str
    certainty: float
    image: npt.NDArray[np.uint8]


def worst_mistakes(
    give_logits: Callable[[npt.NDArray[np.uint8]], Logits],
    test: TestSet,
    spec: InputSpec,
    charset: Charset,
    count: int,
) -> list[Mistake]:
    """Return the wrong answers that the model was most certain of, at most one of each kind."""
    if not test.samples:
        return []
    answers, images = _answers(give_logits, test, spec), test.images(spec)
    found: dict[tuple[str, str], Mistake] = {}
    for i in np.argsort(-answers.certainty):
        written, read = answers.written[i], charset[int(answers.read[i])]
        if answers.rank[i] > 0 and (written, read) not in found and len(found) < count:
            found[written, read] = Mistake(written, read, float(answers.certainty[i]), images[i, 0])
    return list(found.values())


def mistakes_at(
    step: int,
    give_logits: Callable[[npt.NDArray[np.uint8]], Logits],
    test: TestSet,
    spec: InputSpec,
    charset: Charset,
    count: int,
) -> list[protocol.Mistake]:
    """Return the worst mistakes at a step as messages with their pictures."""
    return [
        protocol.Mistake(step, wrong.written, wrong.read, png_in_text(wrong.image))
        for wrong in worst_mistakes(give_logits, test, spec, charset, count)
    ]


def png_in_text(image: npt.NDArray[np.uint8]) -> str:
    """Return a gray picture, uint8 (h, w), as PNG in base64."""
    with io.BytesIO() as out:
        Image.fromarray(image).save(out, "png")
        return base64.b64encode(out.getvalue()).decode()


def _answers(give_logits: Callable[[npt.NDArray[np.uint8]], Logits], test: TestSet, spec: InputSpec) -> _Answers:
    images = test.images(spec)
    parts = []
    for i in range(0, len(images), _AT_ONCE):
        logits = give_logits(images[i : i + _AT_ONCE])
        written = tuple(sample.character for sample in test.samples[i : i + _AT_ONCE])
        rank = ranks(logits, test.labels[i : i + _AT_ONCE])
        parts.append(_Answers(written, logits.argmax(axis=1), rank, softmax(logits).max(axis=1)))
    return _joined(parts)


def _joined(parts: Sequence[_Answers]) -> _Answers:
    return _Answers(
        tuple(character for part in parts for character in part.written),
        np.concatenate([part.read for part in parts]),
        np.concatenate([part.rank for part in parts]),
        np.concatenate([part.certainty for part in parts]),
    )


def _result(name: str, answers: _Answers, charset: Charset) -> Result:
    wrong = Counter(
        (written, charset[int(read)])
        for written, read, rank in zip(answers.written, answers.read, answers.rank, strict=True)
        if rank > 0
    )
    confusions = tuple((written, read, times) for (written, read), times in wrong.most_common(20))
    error = calibration_error(answers.certainty, answers.rank == 0)
    alike = {c: int(g) for c, g in zip(charset.characters, groups(charset), strict=True)}
    in_group = np.mean(
        [alike.get(w) == alike[charset[int(r)]] for w, r in zip(answers.written, answers.read, strict=True)]
    )
    return Result(name, score_ranks(answers.rank), float(in_group), error, confusions)


def calibration_error(certainty: Logits, right: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Return the mean gap between stated and true share of right answers, weighted by bin, 0..1."""
    which = np.minimum((certainty * bins).astype(np.intp), bins - 1)
    total = 0.0
    for b in range(bins):
        inside = which == b
        if inside.any():
            total += float(inside.mean()) * abs(float(certainty[inside].mean()) - float(right[inside].mean()))
    return total


def as_markdown(results: Sequence[Result]) -> str:
    """Return a table of results."""
    lines = [
        "| test set | samples | top-1 | 95 % interval | look-alikes as one | top-5 | top-10 | calibration error |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in results:
        s = r.score
        lines.append(
            f"| {r.name} | {s.n:,} | {s.top1:.2%} | {s.interval[0]:.2%} to {s.interval[1]:.2%} "
            f"| {r.in_group:.2%} | {s.top5:.2%} | {s.top10:.2%} | {r.calibration_error:.3f} |"
        )
    return "\n".join(lines)


def evaluate_torch(
    model: nn.Module, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], device: torch.device
) -> Score:
    """Return the score on images uint8 (n, 1, size, size) with labels (n,), all classes allowed.

    It is told part by part: the logits of many samples and characters together would fill the memory.
    """
    starts = range(0, len(images), _AT_ONCE)
    parts = [ranks(torch_logits(model, images[i : i + _AT_ONCE], device), labels[i : i + _AT_ONCE]) for i in starts]
    return score_ranks(np.concatenate(parts) if parts else np.zeros(0, np.int64))


@torch.no_grad()
def torch_logits(model: nn.Module, images: npt.NDArray[np.uint8], device: torch.device) -> Logits:
    """Return logits float32 (n, classes) for images uint8 (n, 1, size, size)."""
    model.eval()
    parts = [
        model(torch.from_numpy(images[i : i + 256]).to(device)).float().cpu().numpy()
        for i in range(0, len(images), 256)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
