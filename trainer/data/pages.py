"""Pages of handwriting that never were: writing in lines on paper of all kinds, under a camera, with exact truth.

In: pictures of single characters. Out: pieces of pages, uint8 (n, side, side), and for each pixel whether
there is handwriting, and whether it lies in the middle band of a line of text (Liao et al., AAAI 2020, call
such a band a shrunk text region). Rulings, grids, watermarks, margins of the paper, cloth around it, shadows
and pictures are drawn, too, and belong to neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.specs import PageSpec

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Random = np.random.Generator

SMALLEST = 14.0
"""Smallest size of characters, in pixels."""
LARGEST = 72.0
"""Largest size."""
_MARKS = 0.06
"""Share of punctuation among the characters."""


@dataclass(frozen=True)
class Glyphs:
    """Pictures of characters, 255 = ink, the longer side of a usual one about `size` pixels."""

    pictures: tuple[Gray, ...]
    size: int = 72


@dataclass
class _Page:
    """What is drawn so far: `ink` and `print` are how dark, 0..1, and `truth`, `band` where, all float32 (h, w)."""

    ink: Floats
    print: Floats
    band: Floats


def glyph(pixels: Gray, size: float) -> Gray:
    """Return a picture of a character as it is kept in `Glyphs`: ink is 255, no margins, its longer side `size`."""
    dark = np.asarray(255 - pixels, np.uint8)
    rows, columns = np.flatnonzero(dark.max(axis=1) > 60), np.flatnonzero(dark.max(axis=0) > 60)
    if not len(rows):
        return np.zeros((1, 1), np.uint8)
    dark = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = size / max(dark.shape)
    shape = (max(round(dark.shape[1] * scale), 1), max(round(dark.shape[0] * scale), 1))
    return np.asarray(cv2.resize(dark, shape, interpolation=cv2.INTER_AREA), np.uint8)


def compose(glyphs: Glyphs, side: int, rng: Random) -> tuple[Gray, Gray]:
    """Return a piece of a page, uint8 (side, side), and its truth, 0 or 1, uint8 (2, side, side): ink, and bands."""
    margin = side // 4
    extent = side + 2 * margin  # room for turning
    size = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))
    page = _Page(*(np.zeros((extent, extent), np.float32) for _ in range(3)))
    if rng.random() > 0.04:
        _write(page, glyphs, size, rng)
    view = _view(extent, side, rng)
    ink, printed, band = (
        np.asarray(cv2.warpPerspective(layer, view, (side, side), flags=cv2.INTER_LINEAR), np.float32)
        for layer in (page.ink, page.print, page.band)
    )
    truth = np.stack([ink > 0.3, band > 0.5]).astype(np.uint8)
    return _photographed(ink, printed, truth, size, rng), truth


def _write(page: _Page, glyphs: Glyphs, size: float, rng: Random) -> None:
    """Fill the page with lines of writing, and rule it."""
    extent = page.ink.shape[0]
    kind = rng.choice(["blank", "ruled", "grid"], p=[0.35, 0.25, 0.4])
    pitch = size * rng.uniform(1.05, 1.7 if kind == "grid" else 2.4)
    leading = pitch * rng.uniform(1.0, 1.35) if kind == "grid" else pitch
    start = rng.uniform(0, leading)
    if kind != "blank":
        _rule(page, kind, pitch, leading, start, size, rng)
    full = rng.random() < 0.6
    spread = rng.uniform(-0.02, 0.35)
    is_short = rng.random() < 0.3
    wave, length = rng.uniform(0, 0.15) * size, rng.uniform(4, 20) * size
    boldness = rng.integers(-1, 2)
    narrow, lean = rng.uniform(0.65, 1.05), rng.normal(0, 0.12)
    is_turned = rng.random() < 0.12  # a page of columns that was turned to be read
    y = start + (pitch if kind == "grid" else leading) / 2
    while y < extent + size:
        left = 0.0 if full else rng.uniform(0, 0.5) * extent
        right = extent if not is_short else rng.uniform(0.3, 1.0) * extent
        if rng.random() > 0.08:
            drift, slope = rng.normal(0, 0.06) * size, rng.normal(0, 0.008)
            phase = rng.uniform(0, 6.3)
            x, before = left + rng.uniform(0, size), None
            while x < right:
                if kind == "grid":
                    x = (np.floor(x / pitch) + 0.5) * pitch - size / 2
                if rng.random() < 0.03:  # a gap in the line
                    x += size * rng.uniform(0.5, 4)
                    before = None
                picture = glyphs.pictures[int(rng.integers(len(glyphs.pictures)))]
                picture = np.rot90(picture) if is_turned else picture
                grown = size * rng.uniform(0.8, 1.08) / glyphs.size
                is_mark = rng.random() < _MARKS
                if is_mark:
                    grown *= 0.25
                middle = y + drift + slope * x + wave * np.sin(x / length + phase) + rng.normal(0, 0.04) * size
                if not is_turned:
                    picture = _squeezed(picture, narrow, lean)
                at = _put(page, picture, x, middle + (0.3 * size if is_mark else 0.0), grown, int(boldness))
                center = np.array([at, middle])
                end = center if before is None else before
                cv2.line(
                    page.band,
                    tuple(int(v) for v in np.round(end).tolist()),
                    tuple(int(v) for v in np.round(center).tolist()),
                    1.0,
                    max(round(PageSpec().band * size), 2),
                )
                before = center
                x += (
                    pitch if kind == "grid" else (picture.shape[1] * grown + size * max(rng.normal(spread, 0.07), -0.1))
                )
        y += leading * (1 if rng.random() > 0.05 else 2)
    if rng.random() < 0.35:
        _scribble(page, size, leading, rng)


def _squeezed(picture: Gray, narrow: float, lean: float) -> Gray:
    """Return a character as a narrow or a leaning hand writes it."""
    height, width = picture.shape
    shift = lean * height
    target = (max(round(narrow * width + abs(shift)), 2), height)
    move = np.array([[narrow, -lean, max(shift, 0.0)], [0.0, 1.0, 0.0]])
    return np.asarray(cv2.warpAffine(picture, move, target, flags=cv2.INTER_LINEAR), np.uint8)


def _scribble(page: _Page, size: float, leading: float, rng: Random) -> None:
    """Draw what people draw between their lines and is no writing: underlines, braces, arrows, circles."""
    extent = page.print.shape[0]
    thick, dark = max(1, round(size * rng.uniform(0.03, 0.09))), rng.uniform(0.5, 1.0)
    for _ in range(int(rng.integers(1, 8))):
        x, y, length = rng.uniform(0, extent), rng.uniform(0, extent), size * rng.uniform(2, 10)
        along = np.linspace(0, 1, 24)
        kind = rng.choice(["under", "wave", "brace", "circle"])
        if kind in ("under", "wave"):
            bend = 0.12 * size * (np.sin(along * length / size * 5) if kind == "wave" else rng.normal(0, 1) * along)
            points = np.stack([x + along * length, y + bend], axis=1)
        elif kind == "brace":
            high = leading * rng.uniform(1, 5)
            points = np.stack([x + 0.4 * size * np.abs(np.sin(along * np.pi)) ** 0.3 * -1.0, y + along * high], axis=1)
        else:
            turn = 2 * np.pi * along * rng.uniform(0.9, 1.1)
            points = np.stack([x + length / 2 * np.cos(turn), y + 0.75 * size * np.sin(turn)], axis=1)
        cv2.polylines(page.print, [points.round().astype(np.int32)], False, dark, thick, cv2.LINE_AA)


def _put(page: _Page, picture: Gray, x: float, middle: float, scale: float, boldness: int) -> float:
    """Write a character at a place, and return where its middle is, from the left."""
    height, width = max(round(picture.shape[0] * scale), 2), max(round(picture.shape[1] * scale), 2)
    shrunk = (
        cv2.resize(np.ascontiguousarray(picture), (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        / 255.0
    )
    if boldness and min(shrunk.shape) > 8:
        kernel = np.ones((2, 2), np.uint8)
        shrunk = np.asarray(cv2.dilate(shrunk, kernel), np.float32) if boldness > 0 else shrunk
    peak = float(shrunk.max())
    shrunk = np.minimum(shrunk / max(peak, 1e-3), 1.0)  # thin strokes that were reduced stay ink
    top, left = round(middle - height / 2), round(x)
    extent = page.ink.shape[0]
    y0, y1, x0, x1 = max(top, 0), min(top + height, extent), max(left, 0), min(left + width, extent)
    if y1 > y0 and x1 > x0:
        area = page.ink[y0:y1, x0:x1]
        np.maximum(area, shrunk[y0 - top : y1 - top, x0 - left : x1 - left], out=area)
    return float(x + width / 2)


def _rule(page: _Page, kind: str, pitch: float, leading: float, start: float, size: float, rng: Random) -> None:
    """Draw the paper's lines, or its squares, some with space between the rows, and frames around all."""
    extent = page.print.shape[0]
    pen = _Pen(page.print, rng.uniform(0.25, 1.0), max(1, round(size * rng.uniform(0.02, 0.07))), 0.0)
    if rng.random() < 0.2:
        pen = replace(pen, dash=0.25 * size)
    rows = np.arange(start - leading, extent + leading, leading)
    if kind == "grid":
        _square(pen, rows, pitch, size, rng)
    else:
        for y in rows:
            pen.line((0, y), (extent, y))
    if kind == "ruled" and rng.random() < 0.3:
        x = rng.uniform(0, extent)
        replace(pen, dash=0.0).line((x, 0), (x, extent))
    if rng.random() < 0.35:  # the frame around it, thick or double
        frame = max(1, round(size * rng.uniform(0.05, 0.22)))
        left, top = (float(v) for v in rng.uniform(0.1, 0.5, 2) * extent)
        low, high = (round(left), round(top)), (round(left + rng.uniform(0.3, 1) * extent), extent + 20)
        cv2.rectangle(page.print, low, high, rng.uniform(0.6, 1.0), frame, cv2.LINE_AA)


@dataclass(frozen=True)
class _Pen:
    """What draws straight lines: how dark, 0..1, how thick, and how long its dashes are, in pixels; 0 for none."""

    page: Floats
    dark: float
    thick: int
    dash: float

    def line(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        """Draw a line from one point x, y to another."""
        if not self.dash:
            ends = [tuple(round(v) for v in end) for end in (a, b)]
            cv2.line(self.page, ends[0], ends[1], self.dark, self.thick, cv2.LINE_AA)
            return
        count = max(int(np.hypot(b[0] - a[0], b[1] - a[1]) / self.dash), 1)
        for i in range(0, count, 2):
            p, q = ([round(s + (e - s) * (i + d) / count) for s, e in zip(a, b, strict=True)] for d in (0, 1))
            cv2.line(self.page, p, q, self.dark, self.thick)


def _square(pen: _Pen, rows: npt.NDArray[np.float64], pitch: float, size: float, rng: Random) -> None:
    """Draw squares `pitch` wide and high below each of the rows.

    Some have a cross in them (田), its diagonals, too (米), a smaller frame (回) or thirds (九宮), some stand apart.
    """
    extent = pen.page.shape[0]
    inside = rng.choice(["", "田", "米", "回", "九"], p=[0.45, 0.2, 0.2, 0.1, 0.05])
    finer = _Pen(pen.page, pen.dark * rng.uniform(0.4, 1.0), max(1, pen.thick - int(rng.integers(0, 2))), pen.dash)
    if rng.random() < 0.5:
        finer = replace(finer, dash=size * rng.uniform(0.06, 0.3))
    apart = pitch * rng.uniform(0.04, 0.2) if rng.random() < 0.2 else 0.0
    solid = replace(pen, dash=0.0)
    for y in rows:
        pen.line((0, y), (extent, y))
        solid.line((0, y + pitch), (extent, y + pitch))
        if inside in ("田", "米"):
            finer.line((0, y + pitch / 2), (extent, y + pitch / 2))
        for middle in np.arange(-pitch / 2, extent + pitch, pitch):
            left, right = middle - (pitch - apart) / 2, middle + (pitch - apart) / 2
            pen.line((left, y), (left, y + pitch))
            if apart:
                pen.line((right, y), (right, y + pitch))
            if inside in ("田", "米"):
                finer.line((middle, y), (middle, y + pitch))
            if inside == "米":
                finer.line((left, y), (right, y + pitch))
                finer.line((left, y + pitch), (right, y))
            if inside == "回":
                x, above = middle - 0.3 * pitch, y + 0.2 * pitch
                for a, b in (((0, 0), (1, 0)), ((1, 0), (1, 1)), ((1, 1), (0, 1)), ((0, 1), (0, 0))):
                    finer.line(*((x + 0.6 * pitch * dx, above + 0.6 * pitch * dy) for dx, dy in (a, b)))
            if inside == "九":
                for third in (1, 2):
                    at = left + third * (right - left) / 3
                    finer.line((at, y), (at, y + pitch))
                    finer.line((left, y + third * pitch / 3), (right, y + third * pitch / 3))


def _view(extent: int, side: int, rng: Random) -> npt.NDArray[np.float64]:
    """Return the map from a page to what a camera sees of it: turned, tilted, from some distance."""
    margin = (extent - side) / 2
    corners = np.array(
        [[margin, margin], [extent - margin, margin], [extent - margin, extent - margin], [margin, extent - margin]]
    )
    angle = np.radians(rng.normal(0, 5) if rng.random() < 0.7 else 0.0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    center = np.full(2, extent / 2)
    tilt = rng.normal(0, 0.05 * side, (4, 2)) if rng.random() < 0.5 else np.zeros((4, 2))
    seen = (corners - center) @ turn.T + center + tilt
    target = np.array([[0, 0], [side, 0], [side, side], [0, side]])
    return np.asarray(cv2.getPerspectiveTransform(seen.astype(np.float32), target.astype(np.float32)), np.float64)


def _photographed(ink: Floats, printed: Floats, truth: Gray, size: float, rng: Random) -> Gray:
    """Return what a camera or scanner makes of it; `truth` loses what lies beyond the paper's edge."""
    side = ink.shape[0]
    paper = rng.uniform(150, 255)
    ground = np.full((side, side), paper, np.float32)
    if rng.random() < 0.6:  # uneven light
        ground *= cv2.resize(
            rng.uniform(0.55, 1.0, (3, 3)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
        )
    if rng.random() < 0.25:  # a shadow's edge
        ground *= 1.0 - rng.uniform(0.2, 0.6) * _half(side, rng, soft=rng.uniform(2, 30))
    if rng.random() < 0.3:  # show-through, or a watermark of large letters
        large = cv2.warpAffine(
            ink, np.array([[-1.0, 0.1, side], [0, 1, 0]]) if rng.random() < 0.5 else _enlarging(side, rng), (side, side)
        )
        ground *= 1.0 - rng.uniform(0.05, 0.3) * cv2.GaussianBlur(large, (0, 0), rng.uniform(0.6, 2.5))
    darkest = rng.uniform(0.1, 0.75)
    strength = 1.0 - darkest
    if rng.random() < 0.15:  # words printed across
        mark = np.zeros((side, side), np.uint8)
        high = rng.uniform(0.4, 2.5) * size
        for _ in range(int(rng.integers(1, 6))):
            text = "".join(rng.choice(list("ABCDEFGHKMNPRSTUVWXYZ0123456789:"), 9).tolist())
            at = tuple(int(v) for v in rng.integers(-side // 4, side, 2))
            cv2.putText(mark, text, at, cv2.FONT_HERSHEY_DUPLEX, high / 22, 255, max(1, round(high / 12)), cv2.LINE_AA)
        turned = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-60, 60), 1.0)
        across = np.asarray(cv2.warpAffine(mark, turned, (side, side)), np.float32) / 255.0
        ground *= 1.0 - rng.uniform(0.08, 0.4) * across
    if rng.random() < 0.4:  # pencil, ballpoint: not all strokes are as dark
        uneven = cv2.resize(rng.uniform(0.5, 1.0, (12, 12)).astype(np.float32), (side, side))
        ink = ink * uneven
    shown = ground * (1.0 - (strength * rng.uniform(0.3, 1.0)) * printed) * (1.0 - strength * ink)
    beyond: Floats = np.zeros((side, side), np.float32)
    if rng.random() < 0.25:  # the table or cloth beside the paper
        beyond = _half(side, rng, soft=0.7)
        if rng.random() < 0.5:
            np.maximum(beyond, _half(side, rng, soft=0.7), out=beyond)
    if rng.random() < 0.1:  # a thing on the page: a pen, a picture
        middle, radius = rng.uniform(0, side, 2).tolist(), rng.uniform(0.5, 4) * size
        cv2.ellipse(
            beyond,
            (round(middle[0]), round(middle[1])),
            (max(round(radius), 2), max(round(radius * rng.uniform(0.1, 1)), 1)),
            rng.uniform(0, 180),
            0,
            360,
            1.0,
            -1,
        )
    if beyond.any():
        cloth = rng.uniform(20, 250) + rng.uniform(0, 35) * _texture(side, rng)
        shown = shown * (1 - beyond) + cloth * beyond
        truth *= (beyond < 0.5).astype(np.uint8)
    blur = rng.uniform(0, min(1.6, size / 22))
    if blur > 0.3:
        shown = cv2.GaussianBlur(shown, (0, 0), blur)
    shown = shown + rng.normal(0, rng.uniform(0.5, 7), shown.shape)
    if rng.random() < 0.04:
        shown = 255 - shown
    picture: Gray = shown.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [int(cv2.IMWRITE_JPEG_QUALITY), int(rng.integers(35, 95))]
        picture = np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _half(side: int, rng: Random, soft: float) -> Floats:
    """Return 1 on one side of a random line, 0 on the other."""
    angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(0.05, 0.5) * side
    ys, xs = np.mgrid[:side, :side].astype(np.float32) - side / 2
    return np.asarray(
        1.0 / (1.0 + np.exp(-(np.cos(angle) * xs + np.sin(angle) * ys - away) / soft).clip(0, 1e6)), np.float32
    )


def _enlarging(side: int, rng: Random) -> npt.NDArray[np.float64]:
    scale = rng.uniform(3, 8)
    at = rng.uniform(-side * (scale - 1), 0, 2)
    return np.array([[scale, 0, at[0]], [0, scale, at[1]]])


def _texture(side: int, rng: Random) -> Floats:
    """Return grain of several sizes, about normal."""
    total = np.zeros((side, side), np.float32)
    for cells in (6, 24, 96):
        coarse = rng.standard_normal((cells, max(round(cells * rng.uniform(0.3, 1)), 2))).astype(np.float32)
        total += cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC) * rng.uniform(0.2, 1)
    return total


def glyphs_of(pictures: Sequence[Gray], size: int = 72) -> Glyphs:
    """Return pictures of characters, dark on light, as what pages are written with."""
    return Glyphs(tuple(made for picture in pictures if (made := glyph(picture, size)).size > 4), size)
