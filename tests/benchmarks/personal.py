"""What is learned at once from samples: errors on the rest of a collection, and on writing that is not in it.

    .venv/bin/python -m tests.benchmarks.personal INK_FILE… [--others FILE…] [--each 1] [--lines N]

With `--lines` the rest of a collection is written in lines of twelve characters at random, and read as pages are, too.
Of every character of a file that has more, `each` samples are learned and the others read, before and after;
so are up to 1,000 samples of each of the others. The milliseconds are those of the layer alone.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.reading import read_any
from hccr_desktop.paths import language_model
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import load_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.personal import Personal
from hccr_desktop.recognize.readers import readers_of
from tests.benchmarks.pages import compose, distance


def errors(engine: Engine, samples: list[Sample]) -> float:
    answers = engine.recognize_batch([sample.content for sample in samples], top=1)
    return float(np.mean([a.best.character != s.character for a, s in zip(answers, samples, strict=True)]))


def read(engine: Engine, path: Path) -> list[Sample]:
    return [sample for sample in read_any(path) if sample.character in engine.bundle.charset]


def page_errors(engine: Engine, lines: list[tuple[str, GlyphImage]]) -> float:
    """Return the character errors of lines read as pages."""
    readers = readers_of(engine, Networks(engine.threads), load_language(language_model()))
    texts = [read_page(picture, readers, direction="horizontal").text.replace("\n", "") for _, picture in lines]
    wrong = sum(distance(said, text) for (said, _), text in zip(lines, texts, strict=True))
    return wrong / sum(len(said) for said, _ in lines)


def composed(samples: list[Sample], count: int) -> list[tuple[str, GlyphImage]]:
    """Write lines of twelve characters at random."""
    rng = random.Random(1)
    of_each: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        of_each[sample.character].append(sample)
    said = ["".join(rng.choices(sorted(of_each), k=12)) for _ in range(count)]
    return [(text, GlyphImage(compose(text, of_each, rng)[0])) for text in said]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--others", nargs="*", type=Path, default=[])
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--lines", type=int, default=0)
    options = parser.parse_args()
    engine = Engine(Registry().active(), 2)
    others = {
        path.name: random.Random(1).sample(found := read(engine, path), min(1000, len(found)))
        for path in options.others
    }
    before = {name: errors(engine, samples) for name, samples in others.items()}
    for path in options.files:
        engine.adjust = None
        by_character: dict[str, list[Sample]] = defaultdict(list)
        for sample in read(engine, path):
            by_character[sample.character].append(sample)
        groups = [samples for samples in by_character.values() if len(samples) > options.each]
        learned = [sample for samples in groups for sample in samples[: options.each]]
        rest = [sample for samples in groups for sample in samples[options.each :]]
        was = errors(engine, rest)
        lines = composed(rest, options.lines)
        lines_were = page_errors(engine, lines) if lines else 0.0
        personal = Personal(engine)
        started = time.perf_counter()
        keys = [(number, sample.character) for number, sample in enumerate(learned)]
        personal.sync(keys, lambda numbers, learned=learned: [(number, learned[number]) for number in numbers])  # type: ignore[misc]
        seconds = time.perf_counter() - started
        print(f"{path.name}: {len(learned)} samples learned in {seconds:.1f} s")
        print(f"    the others of it: errors {was:.1%} → {errors(engine, rest):.1%}")
        if lines:
            print(f"    {len(lines)} lines of them: {lines_were:.1%} → {page_errors(engine, lines):.1%}")
        for name, samples in others.items():
            print(f"    {name}: {before[name]:.2%} → {errors(engine, samples):.2%}")
        logits = np.random.default_rng(1).standard_normal((64, len(engine.bundle.charset))).astype(np.float32)
        started = time.perf_counter()
        for _ in range(10):
            personal.adjust(logits)
        print(f"    {(time.perf_counter() - started) / 640 * 1e3:.3f} ms a character")


if __name__ == "__main__":
    main()
