"""Accuracy on test sets, with intervals, calibration and confusions; the same for torch and ONNX."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.recognize.engine import softmax
from hccr_desktop.recognize.evaluation import Score, ranks, score, score_ranks
from trainer.data.prepare import TestSet

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Result:
    """What was measured on one test set.

    `calibration_error` is the expected calibration error over 15 bins (Guo et al., ICML 2017);
    `confusions` are (written, read, times), the most frequent first.
    """

    name: str
    score: Score
    calibration_error: float
    confusions: tuple[tuple[str, str, int], ...]


def measure(
    give_logits: Callable[[npt.NDArray[np.uint8]], Logits], tests: Sequence[TestSet], spec: InputSpec, charset: Charset
) -> list[Result]:
    """Measure a model, given as images uint8 (n, 1, size, size) → logits (n, classes), on each test set."""
    results = []
    for test in tests:
        rank: list[npt.NDArray[np.int64]] = []
        answer: list[npt.NDArray[np.int64]] = []
        certainty: list[Logits] = []
        images = test.images(spec)
        for i in range(0, len(images), 512):
            logits = give_logits(images[i : i + 512])
            rank.append(ranks(logits, test.labels[i : i + 512]))
            answer.append(logits.argmax(axis=1))
            certainty.append(softmax(logits).max(axis=1))
        ranked, answered = np.concatenate(rank), np.concatenate(answer)
        wrong = Counter(
            (sample.character, charset[int(a)])
            for sample, a, r in zip(test.samples, answered, ranked, strict=True)
            if r > 0
        )
        confusions = tuple((written, read, times) for (written, read), times in wrong.most_common(20))
        error = calibration_error(np.concatenate(certainty), ranked == 0)
        results.append(Result(test.name, score_ranks(ranked), error, confusions))
    return results


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
        "| test set | samples | top-1 | 95 % interval | top-5 | top-10 | calibration error |",
        "|---|---|---|---|---|---|---|",
    ]
    for r in results:
        s = r.score
        lines.append(
            f"| {r.name} | {s.n:,} | {s.top1:.2%} | {s.interval[0]:.2%} to {s.interval[1]:.2%} "
            f"| {s.top5:.2%} | {s.top10:.2%} | {r.calibration_error:.3f} |"
        )
    return "\n".join(lines)


def evaluate_torch(
    model: nn.Module, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int64], device: torch.device
) -> Score:
    """Return the score on images uint8 (n, 1, size, size) with labels (n,), all classes allowed."""
    return score(torch_logits(model, images, device), labels)


@torch.no_grad()
def torch_logits(model: nn.Module, images: npt.NDArray[np.uint8], device: torch.device) -> Logits:
    """Return logits float32 (n, classes) for images uint8 (n, 1, size, size)."""
    model.eval()
    parts = [
        model(torch.from_numpy(images[i : i + 256]).to(device)).float().cpu().numpy()
        for i in range(0, len(images), 256)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
