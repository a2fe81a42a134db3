"""Character errors and time on composed lines and pages, whose text and boxes are known exactly.

    .venv/bin/python -m tests.benchmarks.pages INK_OR_GNT… [--text FILE] [--lines N] [--no-language]
    .venv/bin/python -m tests.benchmarks.pages … --page 8 [--paper KIND] [--camera] [--hard] [--vertical]
    .venv/bin/python -m tests.benchmarks.pages … [--read cut|whole] [--width 0.62] [--diagram FILE.png]

With `--page` so many lines stand on a page, with `--vertical` in columns from the right; a camera sees it turned,
tilted, shaded and a little blurred. With `--hard` rulings are as dark as ink, and it is tilted twice as far.
`--width` makes writing narrow. In squares, and those to practice in (crosses, stars, frames: 田字格, 米字格, 回宮格),
stands a character each; a grid does not mind the characters. `--diagram` draws how certainty comes true, and says which
calibration would fit best.
Without a text the lines are of random characters. With one they are its sentences, a character being
left out where the files have no writing of it. Writings are set side by side as a person does: size,
height and distance waver, neighbors touch now and then, lines slope; paper and pen vary.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw
from hccr_desktop.core.recognition import Box
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.subsets import in_subset, mask
from hccr_desktop.formats.reading import read_any
from hccr_desktop.paths import language_model
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import load_language
from hccr_desktop.recognize.lines.decode import Calibration
from hccr_desktop.recognize.lines.whole import CALIBRATION
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import readers_of
from hccr_desktop.rooms.reading import DOUBTFUL
from trainer.language import read_lines

Gray = npt.NDArray[np.uint8]
SIZE = 56
_PRACTICE = ("crosses", "stars", "frames")
_MARKS = "，。、；：！？"
_BINS = 10
_THRESHOLDS = (0.95, 0.97, 0.98, 0.99)


def mark(character: str) -> Gray:
    """Draw a punctuation mark with a few strokes."""
    shapes: dict[str, list[list[tuple[float, float]]]] = {
        "，": [[(6, 30), (9, 34), (5, 42)]],
        "。": [[(8, 34), (4, 38), (8, 42), (12, 38), (8, 34)]],
        "、": [[(5, 32), (11, 40)]],
        "；": [[(8, 18), (8.5, 19)], [(8, 32), (9, 36), (6, 42)]],
        "：": [[(8, 16), (8.5, 17)], [(8, 36), (8.5, 37)]],
        "！": [[(10, 4), (9, 30)], [(9, 40), (9.5, 41)]],
        "？": [[(2, 10), (9, 3), (15, 10), (8, 20), (8, 28)], [(8, 40), (8.5, 41)]],
    }
    canvas = np.full((48, 20), 255, np.uint8)
    for stroke in shapes[character]:
        points = (np.array(stroke) * 8).astype(np.int32)
        cv2.polylines(canvas, [points], False, 0, 2, cv2.LINE_AA, 3)
    left, width = cv2.boundingRect(255 - canvas)[::2]
    return canvas[:, left : left + width]


def picture(sample: Sample, rng: random.Random) -> Gray:
    """Return a sample as a picture about as high as a character of a line."""
    pixels = draw(sample.content).pixels if isinstance(sample.content, Ink) else sample.content.pixels
    dark = np.argwhere(pixels < 200)
    if len(dark):
        (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0) + 1
        pixels = pixels[top:bottom, left:right]
    scale = SIZE * rng.uniform(0.8, 1.05) / max(*pixels.shape, 20)
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def compose(
    text: str, samples: dict[str, list[Sample]], rng: random.Random, *, turned: bool = False, square: int = 0
) -> tuple[Gray, list[Box]]:
    """Write a text as one line; return its picture and the boxes of its characters.

    With `turned` every character lies on its left side: a column that was turned to the left. With a `square` each
    stands in one of so many pixels.
    """
    page = np.full((SIZE * 3, int((len(text) + 2) * SIZE * 1.35)), 255, np.uint8)
    slope, spread, x = rng.uniform(-0.02, 0.02), rng.uniform(0.05, 0.3), SIZE // 2
    boxes: list[Box] = []
    for character in text:
        if character in _MARKS:
            low = 0.95 if turned else 1.2  # in columns marks stand at the right
            glyph, y = mark(character), int(SIZE * low + slope * x + rng.gauss(0, 1.5))
            glyph = np.ascontiguousarray(np.rot90(glyph)) if turned else glyph
        else:
            glyph = picture(rng.choice(samples[character]), rng)
            glyph = np.ascontiguousarray(np.rot90(glyph)) if turned else glyph
            y = int(SIZE * 1.5 - glyph.shape[0] / 2 + slope * x + rng.gauss(0, 0.05 * SIZE))
        height, width = glyph.shape
        if square:
            free = square - width
            x = len(boxes) * square + (3 if character in _MARKS else free // 2 + round(rng.gauss(0, 0.05 * square)))
            x = max(x, 0)
        area = page[y : y + height, x : x + width]
        np.minimum(area, glyph[: area.shape[0], : area.shape[1]], out=area)
        rows, columns = (np.flatnonzero((glyph < 200).any(axis=axis)) for axis in (1, 0))
        boxes.append((x + int(columns[0]), y + int(rows[0]), x + int(columns[-1]) + 1, y + int(rows[-1]) + 1))
        x += width + max(int(SIZE * rng.gauss(spread, 0.06)), -2)
    paper = rng.uniform(0.75, 1.0) * 255
    light = np.linspace(paper, paper * rng.uniform(0.8, 1.0), page.shape[1])
    ink = rng.uniform(0.1, 0.45)
    shown = light[None, :] * (1 - (1 - ink) * (255 - page.astype(np.float64)) / 255)
    shown += np.random.default_rng(rng.randrange(2**32)).normal(0, 3, page.shape)
    return shown[:, : x + SIZE // 2].clip(0, 255).astype(np.uint8), boxes


def compose_page(
    texts: list[str], samples: dict[str, list[Sample]], rng: random.Random, options: argparse.Namespace
) -> tuple[Gray, list[Box]]:
    """Write texts as the lines, or columns, of a page; return its picture and the boxes in reading order."""
    square = round(1.25 * SIZE) if options.paper in ("squares", *_PRACTICE) else 0
    lines = [compose(text, samples, rng, turned=options.vertical, square=square) for text in texts]
    leading, margin = round(1.7 * SIZE), SIZE
    width = max(line.shape[1] for line, _ in lines) + 2 * margin
    page = np.full((len(lines) * leading + 2 * margin + SIZE, width), 255, np.uint8)
    boxes: list[Box] = []
    for number, (line, own) in enumerate(lines):
        top = margin + number * leading - SIZE // 2
        ink = cv2.normalize(line, np.empty_like(line), 0, 255, cv2.NORM_MINMAX)
        area = page[max(top, 0) : top + line.shape[0], margin : margin + line.shape[1]]
        np.minimum(area, ink[max(-top, 0) : max(-top, 0) + area.shape[0]], out=area)
        boxes += [(x0 + margin, y0 + top, x1 + margin, y1 + top) for x0, y0, x1, y1 in own]
    shade, thick = (50, 3) if options.hard else (150, 2)
    if options.paper in _PRACTICE:
        for top in range(margin + SIZE - square // 2, page.shape[0] - square, leading):
            for left in range(margin, width - square, square):
                _practice(page, left, top, square, options.paper, shade, thick)
    elif options.paper != "blank":
        for number in range(len(lines) + 1):
            y = margin + number * leading + SIZE // 8
            cv2.line(page, (margin // 2, y), (width - margin // 2, y), shade, thick)
        if options.paper != "ruled":
            last = margin + len(lines) * leading
            for x in range(margin if square else margin // 2, width, round(1.25 * SIZE)):
                cv2.line(page, (x, margin), (x, last), shade, thick)
    if options.vertical:
        high = page.shape[0]
        page = np.ascontiguousarray(np.rot90(page, -1))
        boxes = [(high - y1, x0, high - y0, x1) for x0, y0, x1, y1 in boxes]
    return _seen(page, boxes, rng, 0.06 if options.hard else 0.03) if options.camera else (page, boxes)


def _practice(page: Gray, left: int, top: int, side: int, kind: str, shade: int, thick: int) -> None:
    """Draw a square to practice in: 田字格, 米字格 or 回宮格."""
    right, bottom, x, y = left + side, top + side, left + side // 2, top + side // 2
    cv2.rectangle(page, (left, top), (right, bottom), shade, thick)
    if kind == "frames":
        cv2.rectangle(page, (left + side // 5, top + side // 5), (right - side // 5, bottom - side // 5), shade, thick)
        return
    lines = [((x, top), (x, bottom)), ((left, y), (right, y))]
    if kind == "stars":
        lines += [((left, top), (right, bottom)), ((left, bottom), (right, top))]
    for start, end in lines:
        cv2.line(page, start, end, shade, max(1, thick - 1))


def _seen(page: Gray, boxes: list[Box], rng: random.Random, most: float) -> tuple[Gray, list[Box]]:
    """Return what a camera sees of a page, and where its boxes lie there."""
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    tilt = np.array([[rng.gauss(0, most) * width, rng.gauss(0, most) * height] for _ in corners], np.float32)
    margin = 0.1 * max(width, height)
    view = cv2.getPerspectiveTransform(corners, corners + tilt + margin)
    size = (int(width + 2 * margin), int(height + 2 * margin))
    seen = np.asarray(cv2.warpPerspective(page, view, size, borderValue=255), np.float64)
    light = cv2.resize(
        np.array([[rng.uniform(0.5, 1.0) for _ in range(3)] for _ in range(3)]), size, interpolation=cv2.INTER_CUBIC
    )
    seen = np.asarray(cv2.GaussianBlur(seen * light, (0, 0), rng.uniform(0.4, 1.2)), np.float64)
    seen += np.random.default_rng(rng.randrange(2**32)).normal(0, 4, seen.shape)
    moved = []
    for left, top, right, bottom in boxes:
        points = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)
        found = cv2.perspectiveTransform(points, view)[0]
        (x0, y0), (x1, y1) = found.min(axis=0), found.max(axis=0)
        moved.append((int(x0), int(y0), int(x1), int(y1)))
    return seen.clip(0, 255).astype(np.uint8), moved


def distance(said: str, read: str) -> int:
    """Return Levenshtein's edit distance."""
    row = list(range(len(read) + 1))
    for i, a in enumerate(said, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(read, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def right_ones(said: str, read: str) -> list[bool]:
    """Return which characters that were read stand for the same in what was said, aligned with the fewest edits."""
    table = [list(range(len(read) + 1))]
    for i, a in enumerate(said, 1):
        row = [i]
        for j, b in enumerate(read, 1):
            row.append(min(table[-1][j] + 1, row[j - 1] + 1, table[-1][j - 1] + (a != b)))
        table.append(row)
    found = [False] * len(read)
    i, j = len(said), len(read)
    while i and j:
        same = said[i - 1] == read[j - 1]
        if table[i][j] == table[i - 1][j - 1] + (not same):
            i, j = i - 1, j - 1
            found[j] = same
        elif table[i][j] == table[i][j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return found


def told_of_certainty(sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> str:
    """Return how far certainty is from what comes true, in ten bins, and what marks as the window's find."""
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    promised, kept = (np.bincount(bins, of, _BINS) for of in (sure, right.astype(float)))
    error = float(np.abs(promised - kept).sum() / len(sure))
    marks = []
    for threshold in sorted({DOUBTFUL, *_THRESHOLDS}):
        marked = sure < threshold
        caught = float((marked & ~right).sum() / max((~right).sum(), 1))
        marks.append(f"{threshold:g}: {marked.mean():.1%} with {caught:.0%} of the wrong ones")
    parts = [f"{p / n:.2f}→{k / n:.2f} ({n})" for p, k, n in zip(promised, kept, counts, strict=True) if n]
    return (
        f"certainty         {error:.3f} expected calibration error; sure → right: {', '.join(parts)}\n"
        f"marked below      {'; '.join(marks)}"
    )


def fitted(sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], now: Calibration = CALIBRATION) -> Calibration:
    """Return the calibration that fits these characters best, found by Newton's steps (Platt, 1999)."""
    p = sure.clip(1e-6, 1 - 1e-6)
    odds = (np.log(p / (1 - p)) - now.offset) / now.slope
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    weights = np.array([now.slope, now.offset])
    for _ in range(50):
        said = 1 / (1 + np.exp(-design @ weights))
        curvature = (design.T * (said * (1 - said) + 1e-9)) @ design + 1e-6 * np.eye(2)
        weights += np.linalg.solve(curvature, design.T @ (right - said))
    return Calibration(float(weights[0]), float(weights[1]))


def draw_reliability(sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], path: Path) -> None:
    """Draw what came true of what was promised, in ten bins with their 95 % intervals, and how often each was said."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    mpl.use("Agg")
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    held = counts > 0
    promised, kept = (np.bincount(bins, of, _BINS)[held] / counts[held] for of in (sure, right.astype(float)))
    half = 1.96 * np.sqrt(np.maximum(kept * (1 - kept), 0.25 / counts[held]) / counts[held])
    figure, axis = plt.subplots(figsize=(4, 4))
    axis.plot([0, 1], [0, 1], "--", color="gray", linewidth=1)
    axis.errorbar(promised, kept, yerr=half, fmt="o-", markersize=4)
    for x, y, count in zip(promised, kept, counts[held], strict=True):
        axis.annotate(f"{count:,}", (x, y), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axis.set(xlabel="certainty", ylabel="right", xlim=(0, 1.02), ylim=(0, 1.02))
    figure.savefig(path, dpi=80, bbox_inches="tight")
    plt.close(figure)


def overlap(a: Box, b: Box) -> float:
    """Return intersection over union."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--lines", type=int, default=100)
    parser.add_argument("--length", type=int, default=20)
    parser.add_argument("--no-language", action="store_true")
    parser.add_argument("--page", type=int, default=1, help="lines of a page")
    parser.add_argument("--paper", choices=("blank", "ruled", "grid", "squares", *_PRACTICE), default="blank")
    parser.add_argument("--read", choices=("auto", "cut", "whole"), default="auto")
    parser.add_argument("--camera", action="store_true")
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--vertical", action="store_true")
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--diagram", type=Path, help="draw certainty against what is right, and fit the calibration")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    samples: dict[str, list[Sample]] = {}
    for path in options.files:
        for sample in read_any(path):
            samples.setdefault(sample.character, []).append(sample)
    engine = Engine(Registry().active(), 2)
    language = None if options.no_language else load_language(language_model())
    parts = ["simplified", "traditional", "letters", "digits", "punctuation"]
    readers = readers_of(engine, Networks(engine.threads), language, mask(engine.bundle.charset, parts), options.read)
    known = sorted(c for c in samples if any(in_subset(c, part) for part in parts[:2]) and c in engine.bundle.charset)
    if options.text:
        kept = ("".join(c for c in line if c in samples or c in _MARKS) for line in read_lines(options.text))
        texts = [line[: 2 * options.length] for line in kept if len(line) >= options.length // 2]
        rng.shuffle(texts)
    else:
        texts = ["".join(rng.choices(known, k=options.length)) for _ in range(options.lines)]
    errors = count = found = 0
    seconds = 0.0
    sure: list[float] = []
    right: list[bool] = []
    whole = options.page > 1 or options.vertical or options.camera or options.paper != "blank"
    for start in range(0, min(options.lines, len(texts)), options.page):
        written = texts[start : min(start + options.page, options.lines)]
        said = "".join(written)
        shown, boxes = compose_page(written, samples, rng, options) if whole else compose(said, samples, rng)
        if options.width != 1.0:
            shown = np.asarray(
                cv2.resize(shown, None, fx=options.width, fy=1.0, interpolation=cv2.INTER_AREA), np.uint8
            )
            boxes = [(int(x0 * options.width), y0, int(x1 * options.width), y1) for x0, y0, x1, y1 in boxes]
        started = time.perf_counter()
        read = read_page(GlyphImage(shown), readers)
        seconds += time.perf_counter() - started
        answers = [answer for line in read.lines for answer in line]
        text = "".join(answer.best.character for answer in answers)
        errors += distance(said, text)
        if len(text) == len(answers):
            sure += [answer.best.probability for answer in answers]
            right += right_ones(said, text)
        count += len(said)
        read_boxes = [answer.box for answer in answers if answer.box]
        found += sum(max((overlap(box, other) for other in read_boxes), default=0.0) >= 0.5 for box in boxes)
    low_high = 1.96 * (errors / count * max(1 - errors / count, 0.0) / count) ** 0.5
    print(f"{len(texts[: options.lines])} lines, {count} characters, model {engine.bundle.id}")
    print(f"character errors  {errors / count:.2%} ± {low_high:.2%}")
    print(f"boxes found       {found / count:.2%} overlap the true ones by half or more")
    print(told_of_certainty(np.array(sure), np.array(right, np.bool_)))
    if options.diagram:
        draw_reliability(np.array(sure), np.array(right, np.bool_), options.diagram)
        print(f"fits best         {fitted(np.array(sure), np.array(right, np.bool_))}")
    print(f"time              {1e3 * seconds / count:.2f} ms a character, layout included, two threads")


if __name__ == "__main__":
    main()
