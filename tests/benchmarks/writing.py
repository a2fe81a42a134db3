"""How synthetic writing differs from real writing, in figures that its ranges are fitted to.

    .venv/bin/python -m tests.benchmarks.writing TEMPLATES REAL_FILE… [--characters 名字] [--each 24]

For the characters of each file that the templates have: pictures, as a model sees them, by parts, line
length, line ends, crossings and share of ink; and, for ink, the strokes a template stroke, length, turning
and sharp corners. Each row gives the 5th, 25th, 50th, 75th and 95th percentile, real and synthetic.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.reading import read_any
from trainer.data.degrade import degrade
from trainer.data.fonts import thin
from trainer.data.sources import WritingSource
from trainer.data.writing import Template, write

PICTURE = ("parts", "line length", "line ends", "crossings", "share of ink")
INK = ("strokes a template stroke", "line length", "turning, radians", "corners over 60°")
Floats = npt.NDArray[np.float64]


def of_picture(image: npt.NDArray[np.uint8]) -> list[float]:
    """Measure one model input, uint8 (size, size)."""
    ink = image < 128
    lines = thin(ink[None])[0]
    near = cv2.filter2D(lines.astype(np.float32), -1, np.ones((3, 3), np.float32), borderType=cv2.BORDER_CONSTANT) - 1
    parts = cv2.connectedComponents(ink.astype(np.uint8), connectivity=8)[0] - 1
    return [
        parts,
        lines.sum() / len(image),
        float((lines & (near == 1)).sum()),
        float((lines & (near >= 3)).sum()),
        ink.mean(),
    ]


def of_ink(strokes: Sequence[npt.NDArray[np.float32]], template_strokes: int) -> list[float]:
    """Measure one trajectory; lengths in units of its longer side."""
    points = np.concatenate(strokes)
    side = max(float((points.max(axis=0) - points.min(axis=0)).max()), 1e-6)
    length = turning = corners = 0.0
    for stroke in strokes:
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))]) / side
        length += float(along[-1])
        if along[-1] < 0.08:
            continue
        at = np.arange(0.0, along[-1], 0.04)
        step = np.diff(np.interp(at, along, stroke[:, 0]) + 1j * np.interp(at, along, stroke[:, 1]))
        turns = np.abs(np.angle(step[1:] * step[:-1].conj()))
        turning += float(turns.sum())
        corners += float((turns > np.pi / 3).sum())
    return [len(strokes) / template_strokes, length, turning, corners]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("templates", type=Path)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--characters", help="only these (default all)")
    parser.add_argument("--each", type=int, default=24, help="samples of each character")
    options = parser.parse_args()
    templates = {sample.character: sample for sample in read_any(options.templates)}
    for path in options.files:
        real: dict[str, list[Sample]] = defaultdict(list)
        for sample in read_any(path):
            if sample.character in templates and sample.character in (options.characters or sample.character):
                real[sample.character].append(sample)
        print(f"{path.name}: {len(real)} characters")
        _compare({c: random.Random(1).sample(s, min(options.each, len(s))) for c, s in real.items()}, templates)


def _compare(real: dict[str, list[Sample]], templates: dict[str, Sample]) -> None:
    rng, spec = np.random.default_rng(1), InputSpec()
    source = WritingSource(templates[character] for character in real)
    pictures: tuple[list[list[float]], list[list[float]]] = ([], [])
    inks: tuple[list[list[float]], list[list[float]]] = ([], [])
    for number, character in enumerate(source.characters):
        content = templates[character].content
        assert isinstance(content, Ink)
        template = Template.from_ink(content)
        for sample in real[character]:
            vigor = float(rng.uniform(0.5, 1.1))
            drawn = GlyphImage(degrade(source.picture(number, rng, vigor), rng, vigor))
            for images, found in zip(pictures, normalize([sample.content, drawn], spec), strict=True):
                images.append(of_picture(found[0]))
            if isinstance(sample.content, Ink):
                lines = write(template, rng, vigor)
                written = np.split(lines.xy, lines.ends[:-1] + 1)
                count = len(template.strokes)
                inks[0].append(of_ink([stroke.xy for stroke in sample.content.strokes], count))
                inks[1].append(of_ink(written, count))
    for names, (ours, theirs) in ((PICTURE, pictures), (INK, inks)):
        for column, name in enumerate(names if ours else ()):
            rows = (np.percentile(np.array(kind)[:, column], [5, 25, 50, 75, 95]) for kind in (ours, theirs))
            print(f"  {name:26} " + "   ".join(" ".join(f"{value:6.2f}" for value in row) for row in rows))


if __name__ == "__main__":
    main()
