"""Where a line recognizer's answers come, against the middles of their characters: `late`, `mark_late` of `LineSpec`.

    .venv/bin/python -m tests.benchmarks.spikes INK_OR_GNT… --text FILE [--lines N]

On composed lines, in columns of its strip; below 0 is before the middle. To be measured anew for each new recognizer.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.lines.spikes import spikes_of
from hccr_desktop.recognize.lines.strip import strip_of
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.analysis import analyze
from tests.benchmarks.pages import _MARKS, compose
from trainer.language import read_lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--own", action="store_true", help="of our own network in place of PP-OCRv6")
    options = parser.parse_args()
    rng, networks = random.Random(1), Networks(2)
    network = networks.lines if options.own else networks.rows
    spec = network.spec
    samples: dict[str, list[Sample]] = {}
    for path in options.files:
        for sample in read_any(path):
            samples.setdefault(sample.character, []).append(sample)
    kept = ("".join(c for c in line if c in samples or c in _MARKS) for line in read_lines(options.text))
    texts = [line[:30] for line in kept if len(line) >= 12]
    rng.shuffle(texts)
    late: dict[str, list[float]] = {"characters": [], "marks": []}
    for text in texts[: options.lines]:
        page, boxes = compose(text, samples, rng)
        layout = analyze(page, networks.finder)
        if len(layout.lines) != 1:
            continue
        strip = strip_of(layout, layout.lines[0], spec)
        spikes = [spike for spike in spikes_of(network.probabilities(strip.pixels)) if len(spike.classes)]
        at = np.array([(spike.start + spike.stop) / 2 * spec.step for spike in spikes])
        for character, (left, _, right, _) in zip(text, boxes, strict=True):
            middle = ((left + right) / 2 / layout.to_source[0, 0] - strip.left) * strip.scale
            nearest = int(np.abs(at - middle).argmin())
            if network.charset[int(spikes[nearest].classes[0])] == character:
                late["marks" if character in _MARKS else "characters"].append(float(at[nearest] - middle))
    for kind, found in late.items():
        print(f"{kind:10} {len(found):5}  {np.mean(found):+5.1f} ± {np.std(found):.1f}")


if __name__ == "__main__":
    main()
