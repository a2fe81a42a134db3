"""A doubtful picture of one character, seen otherwise: without what is no handwriting, and in another light.

Printed frames and squares, the edge of the paper or of a neighbor, specks, noise and shadows are ink to `normalize`, as
they are in no sample that a model learned from. Each look leaves one of them out, where there are signs of it: a clean
scan is looked at once. What the model is surest of decides.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import darkness_of
from hccr_desktop.errors import EmptyInk

Floats = npt.NDArray[np.float32]
Gray = npt.NDArray[np.uint8]

DOUBTFUL = 0.8
"""Probability below which a picture is looked at otherwise."""
SURER = 0.2
"""By how much another look has to be surer than the first."""

_SMALL, _ENLARGED = 32, 4
"""Longer side, in pixels, of pictures that are enlarged, and how many times."""
_WORKING_SIDE = 400
_LONG = 0.7
"""Least length of a printed line, in sides of the picture."""
_INK = 0.3
"""Darkness of ink, 0..1, among what may be lines or specks."""
_PRINT, _LEAST_INK = 0.55, 20
"""Least darkness that is taken for print; pixels of ink that are left of writing at least."""
_SPECK = 0.012
"""Largest share of the ink that a speck has."""
_UNEVEN = 0.9
"""Darkest paper, in shares of the lightest, that is even."""
_NOISE = 6.0
"""Standard deviation of noise, in gray levels, from which it is smoothed."""


def enlarged(glyph: GlyphImage) -> GlyphImage:
    """Return a very small picture smoothly enlarged, any other as it is: bare pixels are no strokes."""
    height, width = glyph.pixels.shape
    if max(height, width) >= _SMALL or min(height, width) < 2:
        return glyph
    import cv2

    size = (width * _ENLARGED, height * _ENLARGED)
    return GlyphImage(np.asarray(cv2.resize(glyph.pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8))


def other_looks(glyph: GlyphImage) -> Iterator[GlyphImage]:
    """Yield a picture as it is without each thing of which there are signs, and without two of them."""
    import cv2

    from hccr_desktop.recognize.page.light import noise_of

    pixels = glyph.pixels
    reduced = _reduced(pixels)
    try:
        darkness = darkness_of(pixels)
    except EmptyInk:
        return
    without_lines = _without_lines(darkness)
    for start in (darkness, without_lines):
        if start is None:
            continue
        others = [_without_border(start), _without_specks(start)]
        if start is without_lines:
            others += [start, _without_diagonals(start, darkness), _darkest(start)]
        yield from (_glyph(other) for other in others if other is not None)
    if (paper := _on_paper(reduced)) is not None:
        yield GlyphImage(paper)
    if min(pixels.shape) > 24 and noise_of(reduced) > _NOISE:
        yield GlyphImage(np.asarray(cv2.medianBlur(reduced, 3), np.uint8))
        yield GlyphImage(np.asarray(cv2.GaussianBlur(reduced, (0, 0), 1.2), np.uint8))
    if (even := _evened(reduced)) is not None:
        yield GlyphImage(even)
        try:
            inside = _without_border(darkness_of(even))
        except EmptyInk:
            return
        if inside is not None:
            yield _glyph(inside)


def _glyph(darkness: Floats) -> GlyphImage:
    return GlyphImage((255.0 - 255.0 * darkness).round().astype(np.uint8))


def _reduced(pixels: Gray) -> Gray:
    import cv2

    scale = _WORKING_SIDE / max(pixels.shape)
    if scale >= 1.0:
        return pixels
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _without_lines(darkness: Floats) -> Floats | None:
    """Return a picture without straight thin lines as long as most of it, as frames and squares are; None for none.

    Where ink crosses them they stay: what stands above and below a line is bridged.
    """
    import cv2

    mask, left = (darkness > _INK).astype(np.uint8), darkness.copy()
    has_lines = False
    for turned in (False, True):
        own = np.ascontiguousarray(mask.T) if turned else mask
        height, width = own.shape
        whole = cv2.dilate(own, np.ones((1, max(5, width // 20)), np.uint8))  # dashes
        runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, max(8, int(_LONG * width))), np.uint8))
        thick = max(3, height // 20)
        runs = np.where(cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8)) > 0, 0, runs)
        if not runs.any():
            continue
        has_lines = True
        runs = cv2.dilate(runs.astype(np.uint8), np.ones((3, 1), np.uint8))
        rest = np.where(runs > 0, 0, own).astype(np.uint8)
        bridged = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((thick + 3, 1), np.uint8)) > 0
        gone = (runs > 0) & ~(bridged & (own > 0))
        left[gone.T if turned else gone] = 0.0
    return left if has_lines else None


def _without_diagonals(left: Floats, darkness: Floats) -> Floats | None:
    """Return what is `left` without lines also without the diagonals of the square that they framed; None for none."""
    import cv2

    ys, xs = np.nonzero((darkness > _INK) & (left <= _INK))
    own, made = (left > _INK).astype(np.uint8), left.copy()
    corners = (int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max())) if len(xs) else (0, 0, 0, 0)
    has_diagonals = False
    for start, end in ((corners[:2], corners[2:]), ((corners[0], corners[3]), (corners[2], corners[1]))):
        thin, wide = np.zeros_like(own), np.zeros_like(own)
        cv2.line(thin, start, end, 1, 3)
        cv2.line(wide, start, end, 1, 5)
        along = np.asarray(cv2.dilate(own, np.ones((5, 5), np.uint8)))[cv2.erode(thin, np.ones((3, 3), np.uint8)) > 0]
        if not len(along) or float((along > 0).mean()) < _LONG:
            continue
        has_diagonals = True
        rest = np.where(wide > 0, 0, own).astype(np.uint8)
        bridged = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)) > 0
        made[(wide > 0) & ~(bridged & (own > 0))] = 0.0
    return made if has_diagonals else None


def _darkest(darkness: Floats) -> Floats | None:
    """Return a picture of its darkest ink, that of a pen among paler print; None where nothing is left."""
    import cv2

    ink = (255.0 * darkness[darkness > _INK]).astype(np.uint8)
    if len(ink) < _LEAST_INK:
        return None
    between, _ = cv2.threshold(ink, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    print_level = min(max(float(between) / 255.0, _PRINT), 0.9)
    left = ((darkness - print_level) / (1.0 - print_level)).clip(0.0, 1.0)
    return np.asarray(left, np.float32) if int((left > _INK).sum()) > _LEAST_INK else None


def _without_border(darkness: Floats) -> Floats | None:
    """Return a picture without parts that reach its edge: a dark table, a scanner's rim, a neighbor; None for none."""
    import cv2

    count, found, stats, _ = cv2.connectedComponentsWithStats((darkness > 0.25).astype(np.uint8), connectivity=8)
    left, top, width, height = (stats[:, k] for k in range(4))
    touches = (left == 0) | (top == 0) | (left + width == darkness.shape[1]) | (top + height == darkness.shape[0])
    touches[0] = False
    if not touches.any() or touches[1:].all() or count < 2:
        return None
    return np.where(touches[np.asarray(found)], np.float32(0.0), darkness)


def _on_paper(pixels: Gray) -> Gray | None:
    """Return a picture with paper in place of the dark that surrounds it, as a table does; None for no such."""
    import cv2

    level, dark = cv2.threshold(pixels, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    if float(edge.mean()) < 0.5:
        return None
    count, found, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left, top, width, height = (stats[:, k] for k in range(4))
    touches = (left == 0) | (top == 0) | (left + width == pixels.shape[1]) | (top + height == pixels.shape[0])
    touches[0] = False
    if touches.sum() == count - 1:
        return None
    around = cv2.dilate(touches[np.asarray(found)].astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    light = pixels[pixels > level]
    return np.where(around, np.uint8(np.median(light)), pixels) if light.size else None


def _without_specks(darkness: Floats) -> Floats | None:
    """Return a picture without parts that are hardly any of its ink; None for none."""
    import cv2

    count, found, stats, _ = cv2.connectedComponentsWithStats((darkness > _INK).astype(np.uint8), connectivity=8)
    area = stats[:, cv2.CC_STAT_AREA].astype(np.float64)
    area[0] = np.inf
    is_speck = area < max(2.0, _SPECK * float(area[1:].sum()))
    if count < 3 or not is_speck.any():
        return None
    return np.where(is_speck[np.asarray(found)], np.float32(0.0), darkness)


def _evened(pixels: Gray) -> Gray | None:
    """Return a picture with shadows divided out; None where its paper is even."""
    import cv2

    if min(pixels.shape) < 24:
        return None
    side = max(3, round(max(pixels.shape) / 7)) | 1
    padded = cv2.copyMakeBorder(pixels, side, side, side, side, cv2.BORDER_REPLICATE)
    paper = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))[side:-side, side:-side]
    paper = cv2.GaussianBlur(paper, (0, 0), max(1.0, side / 12)).astype(np.float32)
    if float(paper.min()) >= _UNEVEN * float(paper.max()):
        return None
    even = pixels.astype(np.float32) * (float(paper.max()) / np.maximum(paper, 1.0))
    return np.asarray(even.clip(0, 255), np.uint8)
