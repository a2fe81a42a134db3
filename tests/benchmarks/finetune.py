"""What fine-tuning to one hand takes and gives, on real writers that the model never saw.

    .venv/bin/python -m tests.benchmarks.finetune INK_FILE… [--characters 20] [--each 10] [--repeat 3]

For each file it takes at random up to that many characters with at least `each` + 5 samples (of one
writer, where writers are known and have as many), trains on `each` samples of them and measures the
rest: errors before and after, errors on all characters, seconds, and the memory of the process.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from hccr_desktop.core.protocol import Message
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.reading import read_any
from hccr_desktop.paths import replay_bank
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from trainer.data.bank import load_bank
from trainer.finetune import FinetuneConfig, finetune


def ignore(_: Message) -> None:
    """Report to nobody."""


def top1(engine: Engine, samples: list[Sample]) -> float:
    answers = engine.recognize_batch([sample.content for sample in samples], top=1)
    return float(np.mean([a.best.character == s.character for a, s in zip(answers, samples, strict=True)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--characters", type=int, default=20)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    parent, bank = Registry().active(), load_bank(replay_bank())
    for path in options.files:
        groups: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
        for sample in read_any(path):
            if sample.character in parent.charset:
                groups[sample.writer][sample.character].append(sample)
        for seed in range(1, options.repeat + 1):
            for writer, found in sorted(groups.items()):
                _measure(f"{path.name} {writer}", found, parent, bank, seed, options)
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MiB")


def _measure(name, found, parent, bank, seed, options) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(seed)
    characters = [c for c, samples in sorted(found.items()) if len(samples) >= min(options.each + 5, 8)]
    if not characters:
        return
    chosen = rng.sample(characters, min(options.characters, len(characters)))
    training, testing = [], []
    for character in chosen:
        samples = found[character][:]
        rng.shuffle(samples)
        training += samples[: options.each]
        testing += samples[options.each :]
    if not testing:
        return
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "own"
        config = FinetuneConfig(seed=seed)
        made = finetune(parent, training, bank, config, target, ignore, created="2026-01-01")
        assert made is not None
        seconds = time.perf_counter() - started
        bundle, gate = made
        before, after = (1.0 - top1(Engine(b, 2), testing) for b in (parent, bundle))
        fewer = (before - after) / before if before else 0.0
        print(
            f"{name}, seed {seed}: {len(training)} samples of {len(chosen)} characters, {len(testing)} others: "
            f"errors {before:.1%} → {after:.1%} ({fewer:.0%} fewer), all characters "
            f"{gate.replay_before:.2%} → {gate.replay_after:.2%}, {'passed' if gate.passed else 'not passed'}, "
            f"{seconds:.0f} s"
        )


if __name__ == "__main__":
    main()
