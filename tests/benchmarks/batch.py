"""A batch of many pages as a process: pages a minute on one and two threads, and how its memory grows.

    .venv/bin/python -m tests.benchmarks.batch [PAGES] [--threads N…] [--ray]

Pages of about 100 characters are drawn, at random; their direction, which the text would tell, is given. Growth is from
the second tenth of the pages to the last. Medians are compared, as a page's steps take and give back some 100 MiB.
With `--ray` they are also spread over a Ray cluster of this machine alone, whose start counts; its memory is not seen.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from hccr_desktop.core.pen import draw
from tests.conftest import WRITTEN, written


def page(rng: random.Random, rows: int = 10, columns: int = 10, cell: int = 80) -> Image.Image:
    pixels = np.full(((2 * rows + 1) * cell * 2 // 3, (columns + 2) * cell), 255, np.uint8)
    for row in range(rows):
        for column in range(columns):
            glyph = draw(written(rng.choice(list(WRITTEN))), cell - 20).pixels
            top, left = (2 * row + 1) * cell * 2 // 3, cell + column * cell
            area = pixels[top : top + glyph.shape[0], left : left + glyph.shape[1]]
            np.minimum(area, glyph, out=area)
    return Image.fromarray(pixels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="?", type=int, default=200)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--ray", action="store_true")
    options = parser.parse_args()
    count = options.pages
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in"
        source.mkdir()
        for number in range(count):
            page(rng).save(source / f"{number:04}.png")
        speeds = {}
        runs = [(f"{n} threads", ["--threads", str(n)]) for n in options.threads]
        for name, how in runs + [("Ray", ["--cluster"])] * options.ray:
            out = Path(folder) / name
            command = [sys.executable, "-m", "hccr_desktop", "batch", str(source), "--out", str(out)]
            command += ["--direction", "horizontal", *how]
            started, memory = time.perf_counter(), []
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            watched = psutil.Process(process.pid)
            while process.poll() is None:
                with_pages = len(list(out.glob("*.txt"))) if out.exists() else 0
                try:
                    memory.append((with_pages, watched.memory_info().rss / 2**20))
                except psutil.NoSuchProcess:
                    break
                time.sleep(0.25)
            seconds = time.perf_counter() - started
            speeds[name] = count / seconds * 60
            tenth = max(count // 10, 1)
            early = [rss for pages, rss in memory if tenth < pages <= 2 * tenth]
            late = [rss for pages, rss in memory if pages > count - tenth]
            print(
                f"{name}: {count} pages, {speeds[name]:.0f} a minute; memory {np.median(early):.0f} → "
                f"{np.median(late):.0f} MiB, {np.median(late) - np.median(early):+.0f}, at most {max(early + late):.0f}"
            )
        first, *others = speeds
        for name in others:
            print(f"{name} against {first}: {speeds[name] / speeds[first]:.2f} times")


if __name__ == "__main__":
    main()
