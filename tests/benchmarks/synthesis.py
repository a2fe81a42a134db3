"""Training input a second: written, drawn, degraded and normalized, on one and two processes.

.venv/bin/python -m tests.benchmarks.synthesis TEMPLATES.jsonl.gz
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import itertools
import multiprocessing
import sys
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.formats.ink_lines import read_ink_lines
from trainer.data.batches import Mixture, Share
from trainer.data.sources import WritingSource

BATCHES, SIZE = 12, 256


def mixture(path: Path) -> Mixture:
    """Return batches of templates alone: the costliest source."""
    source = WritingSource(itertools.islice(read_ink_lines(path), 0, None, 5))
    charset = Charset.from_characters(source.characters)
    return Mixture([Share(source, 1.0)], charset, InputSpec(), SIZE, seed=0, vigor=1.0)


def run(path: Path, first: int, start: Barrier, stop: Barrier) -> None:
    """Draw a worker's share of the batches, once all workers are ready."""
    batches = mixture(path)
    _ = batches[10_000]
    start.wait()
    for number in range(first, first + BATCHES):
        _ = batches[number]
    stop.wait()


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for workers in (1, 2):
        context = multiprocessing.get_context("spawn")
        start, stop = context.Barrier(workers + 1), context.Barrier(workers + 1)
        processes = [
            context.Process(target=run, args=(Path(sys.argv[1]), 1000 * worker, start, stop))
            for worker in range(workers)
        ]
        for process in processes:
            process.start()
        start.wait()
        started = time.perf_counter()
        stop.wait()
        rate = workers * BATCHES * SIZE / (time.perf_counter() - started)
        for process in processes:
            process.join()
        print(f"{workers} process{'es' if workers > 1 else '  '}: {rate:,.0f} characters a second")


if __name__ == "__main__":
    main()
