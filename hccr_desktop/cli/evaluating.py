"""`hccr evaluate`: accuracy with intervals, confusions, time a character."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.cli.common import AT_ONCE, Commands, allowed_of, engine_of, engine_options, positive, say
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.subsets import groups, in_subset
from hccr_desktop.errors import EmptyInk, HccrError, UnreadableFile
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.evaluation import ranks, score_ranks
from hccr_desktop.recognize.processor import processor

_TIMED = 500
"""Characters that are timed one by one."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    evaluate = commands.add_parser(
        "evaluate",
        parents=[engine_options()],
        help="measure accuracy on labeled samples; with --only, on those of such characters",
    )
    evaluate.add_argument(
        "datasets",
        nargs="+",
        type=Path,
        metavar="DATASET",
        help="GNT, ink file, or folder of images named by character",
    )
    evaluate.add_argument("--limit", type=positive, help="use only so many samples, evenly spread")
    evaluate.set_defaults(run=_evaluate)


def _asked_for(character: str, options: argparse.Namespace) -> bool:
    """Say whether a character may be answered under `--only` and `--characters`."""
    if not options.only and not options.characters:
        return True
    return character in options.characters or any(in_subset(character, name) for name in options.only)


def _evaluate(options: argparse.Namespace) -> int:
    engine = engine_of(options)
    results: list[tuple[str, dict[str, Any]]] = []
    failed = False
    for path in options.datasets:
        try:
            result, trouble = _evaluation(engine, path, options)
        except HccrError as error:
            failed = True
            say(error.sentence())
            continue
        if trouble is not None:
            failed = True
            say(trouble.sentence())
        results.append((path.name, result))
        if options.json:
            print(json.dumps({"dataset": str(path), **result}, ensure_ascii=False))
        else:
            _print_evaluation(path.name, result)
    if len(results) > 1 and not options.json:
        _print_table(results)
    return 1 if failed else 0


def _evaluation(engine: Engine, path: Path, options: argparse.Namespace) -> tuple[dict[str, Any], HccrError | None]:
    """Measure the model on one dataset, and say what of it cannot be read.

    Raises `UnreadableFile` where it has no labeled samples.
    """
    charset = engine.bundle.charset
    labeled, trouble = [], None
    try:
        for sample in read_any(path):
            if sample.character:
                labeled.append(sample)  # noqa: PERF401 - what came before an error is kept
    except HccrError as error:  # the others are measured
        if not labeled:
            raise
        trouble = error
    samples = [sample for sample in labeled if _asked_for(sample.character, options)]
    left_out = len(labeled) - len(samples)
    if labeled and not samples:
        raise UnreadableFile(
            "{name} has no samples of the characters that were asked for.",
            "Ask for others, or leave --only and --characters out.",
            name=path.name,
        )
    if not samples:
        raise UnreadableFile(
            "{name} has no labeled samples.",
            "Give GNT, labeled ink, or images named by character.",
            name=path.name,
        )
    if options.limit and len(samples) > options.limit:
        samples = [samples[i] for i in np.linspace(0, len(samples) - 1, options.limit).astype(int)]
    images, empty = [], 0
    for sample in samples:
        try:
            images.append(normalize([sample.content], engine.bundle.spec))
        except EmptyInk:
            images.append(np.full((1, 1, engine.bundle.spec.size, engine.bundle.spec.size), 255, np.uint8))
            empty += 1
    labels = np.array([-1 if (i := charset.index(s.character)) is None else i for s in samples], np.int64)
    allowed, alike = allowed_of(options, charset), groups(charset)
    rank_parts: list[npt.NDArray[np.int64]] = []
    answers: list[int] = []
    for start in range(0, len(samples), AT_ONCE):
        logits = engine.logits(np.concatenate(images[start : start + AT_ONCE]))
        if allowed is not None:
            logits[:, ~allowed] = -np.inf
        rank_parts.append(ranks(logits, labels[start : start + AT_ONCE]))
        answers.extend(int(i) for i in logits.argmax(axis=1))
    score = score_ranks(np.concatenate(rank_parts))
    within = [label >= 0 and alike[label] == alike[answer] for label, answer in zip(labels, answers, strict=True)]
    times = _times(engine, [sample.content for sample in samples])
    confusions = Counter(
        (sample.character, charset[answer])
        for sample, answer in zip(samples, answers, strict=True)
        if sample.character != charset[answer]
    )
    found = {
        **asdict(score),
        "top1_in_group": float(np.mean(within)),
        "ms_median": round(float(np.median(times)), 3),
        "ms_p95": round(float(np.percentile(times, 95)), 3),
        "model": engine.bundle.id,
        "arithmetic": engine.arithmetic,
        "processor": asdict(processor()),
        "empty": empty,
        "left_out": left_out,
        "outside_alphabet": sorted({s.character for s, label in zip(samples, labels, strict=True) if label < 0}),
        "confusions": [[said, read, count] for (said, read), count in confusions.most_common(20)],
    }
    return found, trouble


def _times(engine: Engine, items: list[Ink | GlyphImage]) -> list[float]:
    """Return milliseconds for preparation and inference together, character by character."""
    times = []
    for item in items[:: max(1, len(items) // _TIMED)]:
        started = time.perf_counter()
        try:
            engine.recognize(item, top=1)
        except EmptyInk:
            continue
        times.append((time.perf_counter() - started) * 1000.0)
    return times or [0.0]


def _print_table(results: list[tuple[str, dict[str, Any]]]) -> None:
    print("| dataset | n | top-1 | 95 % interval | top-5 | top-10 |")
    print("|---|---|---|---|---|---|")
    for name, result in results:
        low, high = result["interval"]
        shares = f"{result['top1']:.2%} | {low:.2%} to {high:.2%} | {result['top5']:.2%} | {result['top10']:.2%}"
        print(f"| {name} | {result['n']} | {shares} |")


def _print_evaluation(name: str, result: dict[str, Any]) -> None:
    low, high = result["interval"]
    print(f"dataset    {name}")
    print(f"model      {result['model']}, in {result['arithmetic']}")
    print(f"samples    {result['n']}" + (f", {result['empty']} without ink" if result["empty"] else ""))
    if result["left_out"]:
        print(f"left out   {result['left_out']} samples of characters that were not asked for")
    print(f"top-1      {result['top1']:.2%}  (95 % interval {low:.2%} to {high:.2%})")
    print(
        f"           {result['top1_in_group']:.2%} where characters that only context tells apart (0 O o) count as one"
    )
    print(f"top-5      {result['top5']:.2%}")
    print(f"top-10     {result['top10']:.2%}")
    print(
        f"time       {result['ms_median']:.2f} ms a character, median; {result['ms_p95']:.2f} ms at the 95th percentile"
    )
    if result["outside_alphabet"]:
        print(f"outside    {len(result['outside_alphabet'])} characters the model does not know, counted as errors:")
        print(f"           {''.join(result['outside_alphabet'])}")
    if result["confusions"]:
        pairs = ", ".join(f"{said}→{read} {count}" for said, read, count in result["confusions"])
        print(f"confused   {pairs}")
    print()
