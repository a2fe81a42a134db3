"""Milliseconds a character for drawing, normalize and inference; one thread unless told.

    .venv/bin/python -m tests.benchmarks.recognition [GNT OR INK FILE] [--threads N]

Without a file it times the five characters that the tests write.
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
from hccr_desktop.core.normalize import draw, normalize
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry

ROUNDS = 400


def timed(work: Callable[[int], object]) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds over `ROUNDS` calls, after ten unmeasured ones."""
    for i in range(10):
        work(i)
    times = []
    for i in range(ROUNDS):
        started = time.perf_counter()
        work(i)
        times.append((time.perf_counter() - started) * 1000.0)
    return float(np.median(times)), float(np.percentile(times, 95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    items: list[Ink | GlyphImage]
    if options.file:
        items = [sample.content for sample in itertools.islice(read_any(options.file), ROUNDS)]
    else:
        from tests.conftest import WRITTEN, written

        items = [written(character) for character in WRITTEN]
    bundle = Registry().active()
    started = time.perf_counter()
    engine = Engine(bundle, options.threads)
    print(
        f"model {bundle.id}, {bundle.size_bytes / 1e6:.2f} MB, loaded in {(time.perf_counter() - started) * 1e3:.0f} ms"
    )
    images = normalize(items, bundle.spec)
    inks = [item for item in items if isinstance(item, Ink)]
    glyphs: list[Ink | GlyphImage] = [draw(item) if isinstance(item, Ink) else item for item in items]
    rows: list[tuple[str, Callable[[int], object], int]] = [
        ("normalize, glyph", lambda i: normalize([glyphs[i % len(glyphs)]], bundle.spec), 1),
        ("inference", lambda i: engine.logits(images[i % len(images)][None]), 1),
        ("both, ten candidates", lambda i: engine.recognize(items[i % len(items)]), 1),
    ]
    if inks:
        rows.insert(0, ("drawing ink", lambda i: draw(inks[i % len(inks)]), 1))
    batch = (items * (64 // len(items) + 1))[:64]
    rows.append(("both, batch of 64", lambda _: engine.recognize_batch(batch), 64))
    for name, work, share in rows:
        median, high = timed(work)
        print(f"{name:22} median {median / share:6.3f} ms   95th percentile {high / share:6.3f} ms a character")


if __name__ == "__main__":
    main()
