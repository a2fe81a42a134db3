"""Time, size and accuracy of the active model in one run.

    .venv/bin/python -m tests.benchmarks.recognition [GNT OR INK FILE…] [--limit N]

Times are of the first file's characters, on one thread, and end to end, 256 at once, on one and on
two. Without a file it times the five characters that the tests write. Accuracy is over all
classes and up to N samples of each file, evenly spread.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import itertools
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.pen import draw
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.evaluation import score
from hccr_desktop.recognize.models import Registry
from tests.conftest import WRITTEN, written

ROUNDS = 400


def timed(work: Callable[[int], object], rounds: int) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds over `rounds` calls, after ten unmeasured ones."""
    for i in range(10):
        work(i)
    times = []
    for i in range(rounds):
        started = time.perf_counter()
        work(i)
        times.append((time.perf_counter() - started) * 1000.0)
    return float(np.median(times)), float(np.percentile(times, 95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--limit", type=int, default=2000)
    options = parser.parse_args()
    if options.files:
        items = [sample.content for sample in itertools.islice(read_any(options.files[0]), ROUNDS)]
    else:
        items = [written(character) for character in WRITTEN]
    bundle = Registry().active()
    started = time.perf_counter()
    engine = Engine(bundle)
    loaded = (time.perf_counter() - started) * 1e3
    print(f"{bundle.id}: {bundle.size_bytes / 1e6:.2f} MB, {len(bundle.charset)} characters, loaded in {loaded:.0f} ms")
    time_it(engine, items)
    for path in options.files:
        measure(engine, path, options.limit)


def time_it(engine: Engine, items: list[Ink | GlyphImage]) -> None:
    spec = engine.bundle.spec
    images = normalize(items, spec)
    inks = [item for item in items if isinstance(item, Ink)]
    glyphs: list[Ink | GlyphImage] = [draw(item) if isinstance(item, Ink) else item for item in items]
    batch = (items * (256 // len(items) + 1))[:256]
    two = Engine(engine.bundle, threads=2)
    rows: list[tuple[str, Callable[[int], object], int]] = [
        ("normalize, glyph", lambda i: normalize([glyphs[i % len(glyphs)]], spec), 1),
        ("inference", lambda i: engine.logits(images[i % len(images)][None]), 1),
        ("both, ten candidates", lambda i: engine.recognize(items[i % len(items)]), 1),
        ("both, 256 at once", lambda _: engine.recognize_batch(batch), 256),
        ("the same, two threads", lambda _: two.recognize_batch(batch), 256),
    ]
    if inks:
        rows.insert(0, ("drawing ink", lambda i: draw(inks[i % len(inks)]), 1))
    for name, work, share in rows:
        median, high = timed(work, max(20, ROUNDS // share))
        print(
            f"{name:22} median {median / share:6.3f} ms   95th percentile {high / share:6.3f} ms a character"
            f"   {1000 * share / median:7.0f} a second"
        )


def measure(engine: Engine, path: Path, limit: int) -> None:
    charset, spec = engine.bundle.charset, engine.bundle.spec
    samples = [sample for sample in read_any(path) if sample.character]
    if len(samples) > limit:
        samples = [samples[i] for i in np.linspace(0, len(samples) - 1, limit).astype(int)]
    labels = np.array([-1 if (i := charset.index(s.character)) is None else i for s in samples], np.int64)
    found = score(engine.logits(np.concatenate([normalize([s.content], spec) for s in samples])), labels)
    low, high = found.interval
    print(
        f"{path.name}: {found.n} samples, top-1 {found.top1:.2%} ({low:.2%} to {high:.2%}), "
        f"top-5 {found.top5:.2%}, top-10 {found.top10:.2%}"
    )


if __name__ == "__main__":
    main()
