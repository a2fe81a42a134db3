"""The command line: `hccr recognize`, `hccr evaluate`, `hccr models`.

Results go to standard output, everything else to standard error. Exit code 0 when all went
well, 1 when some input failed (the rest was done), 2 for a wrong call.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop import __version__
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.subsets import SUBSETS, groups, in_subset, mask
from hccr_desktop.errors import EmptyInk, HccrError, UnreadableFile
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.evaluation import ranks, score_ranks
from hccr_desktop.recognize.models import Registry

_AT_ONCE = 256
"""Characters handed to the model together, shared out among its threads."""

_TIMED = 500
"""Characters that `evaluate` times one by one."""


def main(arguments: list[str]) -> int:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may be set to a code page without Han
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except HccrError as error:
        _say(error.sentence())
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hccr", description="Read handwritten Chinese characters.")
    parser.add_argument("--version", action="version", version=f"hccr {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--model", metavar="ID", help="model to use instead of the active one")
    common.add_argument("--threads", type=int, default=1, help="threads for one inference (default 1)")
    common.add_argument("--json", action="store_true", help="write JSON")
    common.add_argument(
        "--only", type=_subsets, default=(), metavar="PARTS", help=f"answer only with parts of: {','.join(SUBSETS)}"
    )
    common.add_argument(
        "--characters", default="", metavar="LIST", help="answer only with these characters, or add them"
    )

    recognize = commands.add_parser("recognize", parents=[common], help="read images, GNT or ink files")
    recognize.add_argument("files", nargs="+", metavar="FILE", help="a file or folder; - is standard input")
    recognize.add_argument("--top", type=_positive, default=10, metavar="N", help="candidates a character (default 10)")
    recognize.set_defaults(run=_recognize)

    evaluate = commands.add_parser(
        "evaluate",
        parents=[common],
        help="measure accuracy on labeled samples; with --only, on those of such characters",
    )
    evaluate.add_argument(
        "datasets",
        nargs="+",
        type=Path,
        metavar="DATASET",
        help="GNT, ink file, or folder of images named by character",
    )
    evaluate.add_argument("--limit", type=_positive, help="use only so many samples, evenly spread")
    evaluate.set_defaults(run=_evaluate)

    models = commands.add_parser("models", help="list, show, install, export, activate or roll back models")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    for name, text, run in (
        ("list", "list the models at hand", _models_list),
        ("show", "show a model's card", _models_show),
        ("install", "install a model from a folder or zip", _models_install),
        ("export", "write a model as one file, to be installed elsewhere", _models_export),
        ("activate", "make a model the active one", _models_activate),
        ("rollback", "return to the model active before", _models_rollback),
    ):
        action = actions.add_parser(name, help=text)
        if name == "list":
            action.add_argument("--json", action="store_true", help="write JSON")
        if name in ("show", "activate", "export"):
            action.add_argument("id", help="the model's id", nargs="?" if name == "show" else None)
        if name == "install":
            action.add_argument("source", type=Path, help="folder or zip of a model")
        if name == "export":
            action.add_argument("file", type=Path, help="zip file to write")
        action.set_defaults(run=run)
    return parser


def _subsets(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in SUBSETS:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(SUBSETS)}")
    return names


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _engine(options: argparse.Namespace) -> Engine:
    registry = Registry()
    return Engine(registry.get(options.model) if options.model else registry.active(), options.threads)


def _asked_for(character: str, options: argparse.Namespace) -> bool:
    """Say whether a character may be answered under `--only` and `--characters`."""
    if not options.only and not options.characters:
        return True
    return character in options.characters or any(in_subset(character, name) for name in options.only)


def _allowed(options: argparse.Namespace, charset: Charset) -> Allowed:
    """Return which classes may be answered."""
    own = "".join(options.characters.split())
    return mask(charset, options.only, own) if options.only or own else None


# ---------------------------------------------------------------------------- recognize


def _recognize(options: argparse.Namespace) -> int:
    engine = _engine(options)
    top = min(options.top, len(engine.bundle.charset))
    allowed = _allowed(options, engine.bundle.charset)
    failed = False
    names = [name for given in options.files for name in _files(given)]
    for name in names:
        texts: list[str] = []
        try:
            with _input_path(name) as path:
                for index, (sample, answer) in enumerate(_answers(engine, path, top, allowed)):
                    if isinstance(answer, HccrError):
                        failed = True
                        _say(f"{name}, character {index + 1}: {answer.sentence()}")
                    elif options.json:
                        print(json.dumps(_as_json(name, index, sample, answer), ensure_ascii=False))
                    else:
                        texts.append(answer.best.character)
        except HccrError as error:
            failed = True
            _say(f"{name}: {error.sentence()}" if name not in str(error) else error.sentence())
        if texts:
            print(f"{name}: {''.join(texts)}" if len(names) > 1 else "".join(texts))
    return 1 if failed else 0


def _files(name: str) -> list[str]:
    """Return the files below a folder, hidden ones left out; a file stands for itself."""
    folder = Path(name)
    if name == "-" or not folder.is_dir():
        return [name]
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return [str(path) for path in found] or [name]


class _input_path:  # noqa: N801 - a context manager
    """Give a path to read from; standard input is put into a temporary file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if self._name != "-":
            return Path(self._name)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "standard input"
        with path.open("wb") as file:
            while block := sys.stdin.buffer.read(2**20):
                file.write(block)
        return path

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _answers(
    engine: Engine, path: Path, top: int, allowed: Allowed
) -> Iterator[tuple[Sample, Recognition | HccrError]]:
    """Read a file's characters in batches; a character without ink is answered by its error."""
    samples = read_any(path)
    trouble: HccrError | None = None
    while trouble is None:
        batch: list[Sample] = []
        try:
            for sample in itertools.islice(samples, _AT_ONCE):
                batch.append(sample)  # noqa: PERF402 - what came before an error is kept
        except HccrError as error:
            trouble = error
        if not batch:
            break
        try:
            yield from zip(batch, engine.recognize_batch([s.content for s in batch], top, allowed), strict=True)
        except EmptyInk:
            for sample in batch:
                try:
                    yield sample, engine.recognize(sample.content, top, allowed)
                except EmptyInk as error:
                    yield sample, error
    if trouble is not None:
        raise trouble


def _as_json(name: str, index: int, sample: Sample, answer: Recognition) -> dict[str, Any]:
    return {
        "file": name,
        "index": index,
        "text": answer.best.character,
        "label": sample.character or None,
        "candidates": [{"character": c.character, "probability": round(c.probability, 6)} for c in answer.candidates],
        "ms": round(answer.elapsed_ms, 3),
        "model": answer.model,
    }


# ----------------------------------------------------------------------------- evaluate


def _evaluate(options: argparse.Namespace) -> int:
    engine = _engine(options)
    results: list[tuple[str, dict[str, Any]]] = []
    failed = False
    for path in options.datasets:
        try:
            result = _evaluation(engine, path, options)
        except HccrError as error:
            failed = True
            _say(error.sentence())
            continue
        results.append((path.name, result))
        if options.json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            _print_evaluation(path.name, result)
    if len(results) > 1 and not options.json:
        _print_table(results)
    return 1 if failed else 0


def _evaluation(engine: Engine, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure the model on one dataset; raises `UnreadableFile` where it has no labeled samples."""
    charset = engine.bundle.charset
    labeled = [sample for sample in read_any(path) if sample.character]
    samples = [sample for sample in labeled if _asked_for(sample.character, options)]
    left_out = len(labeled) - len(samples)
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
    allowed, alike = _allowed(options, charset), groups(charset)
    rank_parts: list[npt.NDArray[np.int64]] = []
    answers: list[int] = []
    for start in range(0, len(samples), _AT_ONCE):
        logits = engine.logits(np.concatenate(images[start : start + _AT_ONCE]))
        if allowed is not None:
            logits[:, ~allowed] = -np.inf
        rank_parts.append(ranks(logits, labels[start : start + _AT_ONCE]))
        answers.extend(int(i) for i in logits.argmax(axis=1))
    score = score_ranks(np.concatenate(rank_parts))
    within = [label >= 0 and alike[label] == alike[answer] for label, answer in zip(labels, answers, strict=True)]
    times = _times(engine, [sample.content for sample in samples])
    confusions = Counter(
        (sample.character, charset[answer])
        for sample, answer in zip(samples, answers, strict=True)
        if sample.character != charset[answer]
    )
    return {
        **asdict(score),
        "top1_in_group": float(np.mean(within)),
        "ms_median": round(float(np.median(times)), 3),
        "ms_p95": round(float(np.percentile(times, 95)), 3),
        "model": engine.bundle.id,
        "empty": empty,
        "left_out": left_out,
        "outside_alphabet": sorted({s.character for s, label in zip(samples, labels, strict=True) if label < 0}),
        "confusions": [[said, read, count] for (said, read), count in confusions.most_common(20)],
    }


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
    print(f"model      {result['model']}")
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


# ------------------------------------------------------------------------------- models


def _models_list(options: argparse.Namespace) -> int:
    registry = Registry()
    active = registry.active().id
    for bundle in registry.bundles():
        row = {
            "id": bundle.id,
            "title": bundle.title,
            "active": bundle.id == active,
            "characters": len(bundle.charset),
            "bytes": bundle.size_bytes,
        }
        if options.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            mark = "*" if row["active"] else " "
            size = f"{len(bundle.charset)} characters, {bundle.size_bytes / 1e6:.1f} MB"
            print(f"{mark} {bundle.id}  {size}  {bundle.title}")
    return 0


def _models_show(options: argparse.Namespace) -> int:
    registry = Registry()
    bundle = registry.get(options.id) if options.id else registry.active()
    print(f"id          {bundle.id}")
    print(f"created     {bundle.created or 'unknown'}")
    print(f"parent      {bundle.parent or 'none'}")
    print(f"characters  {len(bundle.charset)}")
    print(f"input       {bundle.spec.size} × {bundle.spec.size} px gray")
    print(f"size        {bundle.size_bytes / 1e6:.2f} MB")
    print()
    print(bundle.card())
    return 0


def _models_install(options: argparse.Namespace) -> int:
    bundle = Registry().install(options.source)
    print(f"installed {bundle.id}; `hccr models activate {bundle.id}` makes it the active one")
    return 0


def _models_export(options: argparse.Namespace) -> int:
    Registry().export(options.id, options.file)
    print(f"wrote {options.file}; `hccr models install` takes it")
    return 0


def _models_activate(options: argparse.Namespace) -> int:
    print(f"active: {Registry().activate(options.id).id}")
    return 0


def _models_rollback(options: argparse.Namespace) -> int:  # noqa: ARG001
    print(f"active: {Registry().rollback().id}")
    return 0
