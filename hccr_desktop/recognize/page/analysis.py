"""Page → lines of ink pieces, in reading order.

In: a page, uint8 (h, w), any light. Out: a `Layout`, an upright page with the handwriting alone, and on it `Line`s of
`Piece`s, connected parts of ink from left to right. The finder says what is ink and where lines run; the steps after it
are functions on arrays, of `ink`, `rulings` and `text_lines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.page.cells import walls_of
from hccr_desktop.recognize.page.detector import Kernels, is_light_on_dark
from hccr_desktop.recognize.page.finder import Finder, Floats, size_of
from hccr_desktop.recognize.page.ink import (
    Gray,
    Mask,
    dark_parts,
    lone_parts,
    near_ink,
    pale_parts,
    pieces_of,
    with_whole_strokes,
    writing_alone,
)
from hccr_desktop.recognize.page.layout import Layout, Show, as_columns, drawn, named, one_after_another, placed
from hccr_desktop.recognize.page.light import even_light, noise_of
from hccr_desktop.recognize.page.line import Line, Piece
from hccr_desktop.recognize.page.other_sizes import places_of
from hccr_desktop.recognize.page.rulings import without_rulings
from hccr_desktop.recognize.page.text_lines import lines_of

_WORKING_SIDE = 2600
"""Pages with a longer side are reduced to this: an A4 page at 220 dpi."""
_WANTED = 40.0
"""Smaller characters are enlarged to this size, in pixels."""
_ENLARGED = 2.0
"""How many times they are enlarged at most."""
_LARGEST = 56.0
"""Larger characters are reduced to this size, in pixels."""
_MOST_PIXELS = 32_000_000
"""Pages are enlarged to no more pixels than these."""
_STEEP, _STEEPEST, _LEVEL = 10.0, 45.0, 3.0
"""Degrees by which lines lean that are straightened first, and how little they lean then."""
_GLANCE = 1200
"""Longer side, in pixels, at which it is told whether writing is faint."""
_GRAIN, _OVER_NOISE, _FAINT, _STRONG = 8.0, 5.0, 60.0, 200.0
"""Gray levels from paper of what is more than its grain, and in standard deviations of its noise; of faint writing, and
of what is made of that."""
_BESIDE = 0.5
"""How much of a place's surroundings is seen with it, in sizes of a character."""
_INK = 0.45
"""Share of the writing's usual darkness that ink has."""
_PALE = 0.35
"""The same of ink that is so small in the picture that it is pale."""


def analyze(
    picture: Gray, finder: Finder, *, vertical: bool = False, show: Show | None = None, is_part: bool = False
) -> Layout:
    """Find the lines of a page, or of a part of a long one, or its columns from the right; without writing it has none.

    `show` is given a picture of each step.
    """
    if vertical:
        return as_columns(analyze(np.ascontiguousarray(np.rot90(picture)), finder, show=show))
    picture = _strengthened(picture)
    kernels = finder.kernels(picture)
    if not is_part and (straight := _straightened(picture, kernels, finder, show)) is not None:
        return straight
    if is_light_on_dark(picture, kernels):
        picture = np.asarray(255 - picture, np.uint8)
    found = finder.find(picture, kernels, is_part=is_part)
    if not found.size:
        found = lone_parts(picture, finder.bundle.spec)
    scale = _working_scale(picture, found.size / found.scale)
    least = 1.0 if is_part else _WORKING_SIDE / max(picture.shape)
    scale = min(scale, max((_MOST_PIXELS / picture.size) ** 0.5, least))
    shape = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    page = cv2.resize(picture, shape, interpolation=cv2.INTER_AREA if scale <= 1.0 else cv2.INTER_CUBIC)
    upright, to_page = _turned(even_light(np.asarray(page, np.uint8)), slope_of(found.band))
    ink, band = (_followed(image, to_page, scale / found.scale, upright.shape) for image in (found.ink, found.band))
    size = size_of(band, finder.bundle.spec)
    dark, black = dark_parts(upright, ink, band, _PALE if scale > 1.0 else _INK, size)
    rulings = dark & (1 - without_rulings(dark, ink, size))
    strokes = dark & (1 - rulings)
    ink = with_whole_strokes(strokes & black, ink, band, size)
    pieces, labels = pieces_of(strokes & near_ink(ink), ink, size)
    written = np.zeros(int(labels.max(initial=0)) + 1, np.uint8)
    written[[label for piece in pieces for label in piece.labels]] = 1
    pale = pale_parts(upright, written[labels])
    to_source = to_page.copy()
    to_source /= scale
    lines = tuple(_in_cells(line, (rulings, pale)) for line in lines_of(pieces, labels, band, size))
    source_size = (picture.shape[1], picture.shape[0])
    layout = Layout(upright, writing_alone(upright, ink, rulings), labels, lines, to_source, source_size)
    if show is not None:
        show("1-light", upright)
        show("2-ink", np.asarray(255 - 255 * ink, np.uint8))
        show("3-bands", np.asarray(255 - 255 * band, np.uint8))
        show("4-lines", drawn(layout))
    return layout if is_part or kernels is None else _with_other_sizes(layout, picture, kernels, finder, show)


def _with_other_sizes(found: Layout, picture: Gray, kernels: Kernels, finder: Finder, show: Show | None) -> Layout:
    """Return a page's layout, followed by those of places where its lines are of another size."""
    if not found.lines:
        return found
    size = float(np.median([line.size for line in found.lines])) * found.pixels
    pieces = [piece for line in found.lines for piece in line.pieces]
    replaced: set[Piece] = set()
    others: list[Layout] = []
    for number, place in enumerate(
        places_of(kernels, [found.source_box(piece.box) for piece in pieces], size), start=1
    ):
        left, top, right, bottom = place.around(_BESIDE, picture.shape)
        seen = np.ascontiguousarray(picture[top:bottom, left:right])
        own = analyze(seen, finder, show=named(show, f"size-{number}"), is_part=True)
        own = placed(own, np.array([[1.0, 0.0, left], [0.0, 1.0, top]]), found.source_size)
        there = tuple(line for line in own.lines if place.has(own.source_box(line.box), line.size * own.pixels))
        if there:
            replaced |= {pieces[at] for at in place.pieces}
            others.append(replace(own, lines=there))
    kept = (replace(line, pieces=tuple(p for p in line.pieces if p not in replaced)) for line in found.lines)
    lines = tuple(line for line in kept if line.pieces)
    return one_after_another([replace(found, lines=lines), *others]) if others else found


def _strengthened(picture: Gray) -> Gray:
    """Return a picture of faint writing, as of a pencil, with more contrast; any other as it is."""
    reduced = min(1.0, _GLANCE / max(picture.shape))  # most pages are not faint, which is seen from far away
    size = (max(round(picture.shape[1] * reduced), 1), max(round(picture.shape[0] * reduced), 1))
    seen = picture if reduced == 1.0 else np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    paper, ink = np.percentile(255 - even_light(seen), (60, 99.7))
    if not paper + _GRAIN < ink < _FAINT or ink - paper < _OVER_NOISE * noise_of(seen):
        return picture
    darkness = np.asarray(255 - even_light(picture))
    stronger = (darkness.astype(np.float32) - float(paper)) * (_STRONG / float(ink - paper))
    return np.asarray(255 - stronger.clip(0, 255), np.uint8)


def _straightened(picture: Gray, kernels: Kernels | None, finder: Finder, show: Show | None) -> Layout | None:
    """Return the layout of a picture that leans far, which the finder does not follow; None where it does not."""
    lean = slope_of(kernels.mask.astype(np.float32)) if kernels is not None and kernels.size else 0.0
    if not _STEEP <= abs(lean) < _STEEPEST:
        return None
    turned, back = _turned(picture, lean, int(np.median(picture)))
    again = finder.kernels(turned)
    if again is None or not again.size or abs(slope_of(again.mask.astype(np.float32))) > _LEVEL:
        return None
    return placed(analyze(turned, finder, show=show), back, (picture.shape[1], picture.shape[0]))


def _in_cells(line: Line, marks: Sequence[Mask]) -> Line:
    """Return a line with the walls of its cells, as the first of the marks on the paper shows them."""
    boxes = [piece.box for piece in line.pieces]
    found = (walls_of(mask, boxes, line.size) for mask in marks)
    return replace(line, walls=next((walls for walls in found if walls), ()))


def _working_scale(picture: Gray, size: float) -> float:
    """Return how much a picture is reduced, or enlarged, for characters of `size` pixels to come out well."""
    most = min(1.0, _WORKING_SIDE / float(max(picture.shape)))
    if not size:
        return most
    return min(_WANTED / size, _ENLARGED) if size * most < _WANTED else min(most, _LARGEST / size)


def slope_of(band: Floats) -> float:
    """Return the angle in degrees by which the lines rise to the right: the usual one of the bands, long ones first."""
    count, found, measured, _ = cv2.connectedComponentsWithStats((band > 0.5).astype(np.uint8), ltype=cv2.CV_32S)
    labels, stats = np.asarray(found), np.asarray(measured)
    angles: list[float] = []
    lengths: list[float] = []
    for number in range(1, count):
        left, top, width, height, area = stats[number].tolist()
        if area < 40:
            continue
        ys, xs = np.nonzero(labels[top : top + height, left : left + width] == number)
        spread, axes = np.linalg.eigh(np.cov(np.stack([xs, ys]).astype(np.float64)))
        if spread[1] < 9 * spread[0]:  # not three times as long as thick
            continue
        x, y = axes[:, 1] if axes[0, 1] > 0 else -axes[:, 1]
        angles.append(float(-np.degrees(np.arctan2(y, x))))
        lengths.append(float(np.sqrt(spread[1])))
    if not angles:
        return 0.0
    order = np.argsort(angles)
    weight = np.cumsum(np.array(lengths)[order])
    return angles[int(order[int(np.searchsorted(weight, 0.5 * weight[-1]))])]


def _followed(image: Floats, to_page: npt.NDArray[np.float64], scale: float, shape: tuple[int, ...]) -> Floats:
    """Return what the finder said, at the size and angle of the upright page."""
    grown = np.diag([1.0 / scale, 1.0 / scale]) @ to_page
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(image, grown, (shape[1], shape[0]), flags=flags), np.float32)


def _turned(page: Gray, angle: float, paper: int = 255) -> tuple[Gray, npt.NDArray[np.float64]]:
    """Turn a page so that lines that rise by `angle` lie flat, on `paper`; also return the map back."""
    height, width = page.shape
    if abs(angle) < 0.15:
        return page, np.eye(2, 3)
    forward = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    cos, sin = abs(forward[0, 0]), abs(forward[0, 1])
    new_width, new_height = int(width * cos + height * sin) + 1, int(height * cos + width * sin) + 1
    forward[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    turned = cv2.warpAffine(page, forward, (new_width, new_height), flags=cv2.INTER_AREA, borderValue=paper)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(forward), np.float64)
