"""How often Chinese handwriting is taken for a script that is not read.

    .venv/bin/python -m tests.benchmarks.chinese_lines DATA [--lines N]

DATA is the shared folder of data. Rows are composed of scans of several sets, two to sixteen characters of one set,
small and large, dark and pale, blurred, on light and dark paper; to them come the lines of the photographs in
DATA/pages, cut out as they are read. The network is asked of every one, not only of those that look strange: the harder
test; single characters hold too little to be named. "Read" are the same lines on pages, as the application reads them:
what counts.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import around
from hccr_desktop.formats.documents import open_document, pages_in
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import usual_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.scripts import READ
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import readers_of
from trainer.data.scripts import set_in_a_row

Gray = npt.NDArray[np.uint8]
SETS = ("casia-hwdb-100.train", "casia-hwdb-50.train", "calligraphy-100")
STEP, MOST = 7, 1_500
"""Every so many samples of a set are taken, up to a bound."""


def lit(ink: Gray, rng: np.random.Generator) -> Gray:
    """Return a line, 255 = ink, as a camera or scanner sees it, dark on light."""
    height = int(rng.integers(14, 64))
    width = max(round(ink.shape[1] * height / ink.shape[0]), 4)
    shown = np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA) / 255.0, np.float64)
    margin = int(rng.integers(1, 2 + height // 4))
    shown = np.pad(shown, margin)
    if rng.random() < 0.3:
        y = int(rng.integers(shown.shape[0]))
        shown[y] = np.maximum(shown[y], rng.uniform(0.2, 0.6))
    paper, darkness = rng.uniform(120, 255), rng.uniform(0.25, 0.95)
    gray = paper * (1 - darkness * shown)
    if rng.random() < 0.5:
        gray = np.asarray(cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.3, 1.3)), np.float64)
    return np.asarray((gray + rng.normal(0, rng.uniform(0, 8), gray.shape)).clip(0, 255), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--lines", type=int, default=1_800)
    parser.add_argument("--pages", type=int, default=144, help="of twelve lines, that are read")
    options = parser.parse_args()
    engine = Engine(Registry().active(), 2)
    networks, rng = Networks(engine.threads), np.random.default_rng(3)
    sets = []
    for name in SETS:
        pictures: list[Gray] = []
        for number, sample in enumerate(read_any(options.data / "images" / f"{name}.gnt.zip")):
            if number % STEP == 0 and isinstance(sample.content, GlyphImage):
                pictures.append(sample.content.pixels)
            if len(pictures) >= MOST:
                break
        sets.append(pictures)
    found: Counter[str] = Counter()
    lines = 0
    while lines < options.lines:
        own = sets[lines % len(sets)]
        ink = set_in_a_row(
            [own[int(i)] for i in rng.integers(len(own), size=int(rng.integers(2, 17)))], rng, small=False
        )
        if ink is not None:
            lines += 1
            found[networks.scripts.foreign(lit(ink, rng))] += 1
    print(f"composed: {lines} lines, {told(found)}")
    readers, photographed, count = readers_of(engine, networks, usual_language(), None), Counter[str](), 0
    named: Counter[str] = Counter()
    for number in range(options.pages):
        own = sets[number % len(sets)]
        rows = []
        for _ in range(12):
            chosen = [own[int(i)] for i in rng.integers(len(own), size=int(rng.integers(2, 17)))]
            ink = set_in_a_row(chosen, rng, small=False)
            if ink is not None:
                rows.append(np.pad(ink, ((30, 30), (60, 60))))
        wide = max(row.shape[1] for row in rows)
        whole = np.concatenate([np.pad(row, ((0, 0), (0, wide - row.shape[1]))) for row in rows])
        paper, darkness = rng.uniform(120, 255), rng.uniform(0.3, 0.95)
        page = paper * (1 - darkness * whole / 255.0) + rng.normal(0, rng.uniform(0, 6), whole.shape)
        picture = GlyphImage(np.asarray(page.clip(0, 255), np.uint8))
        for line in read_page(picture, readers, direction="horizontal").lines:
            named[line.script if line.script not in READ else ""] += 1
    for path in pages_in(options.data / "pages"):
        with open_document(path) as document:
            for number in range(len(document)):
                picture = document.page(number)
                for line in read_page(picture, readers).lines:
                    named[line.script if line.script not in READ else ""] += 1
                    boxes = [answer.box for answer in line if answer.box is not None]
                    if len(boxes) > 1:
                        left, top, right, bottom = around(boxes)
                        part = picture.pixels[max(top - 3, 0) : bottom + 3, max(left - 3, 0) : right + 3]
                        photographed[networks.scripts.foreign(np.ascontiguousarray(part))] += 1
                        count += 1
    print(f"photographed: {count} lines, {told(photographed)}")
    single: Counter[str] = Counter()
    for own in sets:
        for pixels in own[:300]:
            ink = set_in_a_row([pixels], rng, small=False)
            if ink is not None:
                single[networks.scripts.foreign(lit(ink, rng))] += 1
    print(f"single characters: {single.total()}, {told(single)}")
    print(f"read: {named.total()} lines, {told(named)}")


def told(found: Counter[str]) -> str:
    """Say how many were taken for what."""
    wrong = {script: count for script, count in found.items() if script}
    named = ", ".join(f"{script} {count}" for script, count in sorted(wrong.items()))
    return f"{sum(wrong.values())} taken for a script that is not read{': ' if wrong else ''}{named}"


if __name__ == "__main__":
    main()
