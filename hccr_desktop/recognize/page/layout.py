"""Page → lines of ink pieces, in reading order: what stands where, before it is read.

In: a page, uint8 (h, w), any light. Out: an upright page with the handwriting alone, and on it `Line`s of
`Piece`s, connected parts of ink from left to right. The finder says what is ink and where lines run; the steps after it
are functions on arrays, of `page_ink` and `text_lines`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box, around
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
from hccr_desktop.recognize.page.light import even_light, noise_of
from hccr_desktop.recognize.page.other_sizes import places_of
from hccr_desktop.recognize.page.rulings import without_rulings
from hccr_desktop.recognize.page.text_lines import Line, Piece, lines_of

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


@dataclass(frozen=True, eq=False)
class Layout:
    """`page` uint8 (h, w), upright and evenly lit; `writing` uint8 (h, w), what is handwriting of it, alone on white.

    `labels` int32 (h, w) are the number of each piece of ink, 0 none.

    `to_source` is the 2 × 3 affine map from `page` to the picture that was given. Where `is_vertical`, the page was
    turned by a quarter to the left, so that columns from the right became rows from the top. `source_size` are the
    width and height of the picture that was given.

    Where it is not all of a picture, but a part of a very long one (`is_part`, see `parts`) or the lines of one size,
    `rest` finds the next one, and `numbers` are those of the lines on the whole, the same again for one that goes on.
    """

    page: Gray
    writing: Gray
    labels: npt.NDArray[np.int32]
    lines: tuple[Line, ...]
    to_source: npt.NDArray[np.float64]
    source_size: tuple[int, int]
    is_vertical: bool = False
    is_part: bool = False
    numbers: tuple[int, ...] = ()
    rest: Callable[[], Layout] | None = None

    def crop(self, pieces: Sequence[Piece]) -> Gray:
        """Return the picture of some pieces alone, as they were written, uint8 (h, w), 255 = paper."""
        left, top, right, bottom = around([piece.box for piece in pieces])
        wanted = [label for piece in pieces for label in piece.labels]
        area = np.s_[top:bottom, left:right]
        own = np.isin(self.labels[area], wanted)
        others = ((self.labels[area] > 0) & ~own).astype(np.uint8)
        kernel = np.ones((3, 3), np.uint8)  # soft edges belong to the ink
        foreign = (cv2.dilate(others, kernel) > 0) & (cv2.dilate(own.astype(np.uint8), kernel) == 0)
        picture = np.where(foreign, 255, self.writing[area]).astype(np.uint8)
        return np.pad(np.rot90(picture, -1) if self.is_vertical else picture, 2, constant_values=255)

    @property
    def pixels(self) -> float:
        """How many pixels of the picture that was given one of `page` is."""
        return float(np.hypot(*self.to_source[:, 0]))

    def ink_box(self, piece: Piece) -> Box:
        """Return the box of what is ink in a piece, which may be a part of one that goes on beside it."""
        left, top, right, bottom = piece.box
        own = np.isin(self.labels[top:bottom, left:right], piece.labels)
        rows, columns = (np.flatnonzero(own.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return piece.box
        return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1

    def source_box(self, box: Box) -> Box:
        """Return the upright box, in the picture that was given, around a box of the page."""
        left, top, right, bottom = box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]], np.float64)
        x, y = self.to_source @ corners.T
        width, height = self.source_size
        x, y = np.clip(x, 0, width), np.clip(y, 0, height)
        return int(np.floor(x.min())), int(np.floor(y.min())), int(np.ceil(x.max())), int(np.ceil(y.max()))


Placed = tuple[Layout, Line]
"""A line, and the page that it stands on."""

Show = Callable[[str, Gray], object]
"""Takes the name and the picture of a step, uint8 (h, w) or (h, w, 3)."""


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
        show("4-lines", _drawn(layout))
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
    return _one_after_another([replace(found, lines=lines), *others]) if others else found


def _one_after_another(layouts: Sequence[Layout]) -> Layout:
    """Return the first of layouts of one picture, which leads to the others."""
    count = 0
    numbered = []
    for layout in layouts:
        numbered.append(replace(layout, numbers=tuple(range(count, count + len(layout.lines)))))
        count += len(layout.lines)
    after = numbered.pop()
    while numbered:
        after = replace(numbered.pop(), rest=_always(after))
    return after


def _always(layout: Layout) -> Callable[[], Layout]:
    return lambda: layout


def named(show: Show | None, part: str) -> Show | None:
    """Return what names the steps of a part, so that their pictures do not replace those of the whole."""
    return None if show is None else lambda step, picture: show(f"{part}-{step}", picture)


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


def as_columns(turned: Layout) -> Layout:
    """Return the layout of a picture whose columns were found as rows after it was turned by a quarter to the left."""
    return placed(turned, *_back(turned, 1), is_vertical=True)


def turned_back(turned: Layout, quarters: int) -> Layout:
    """Return the layout of a picture that was turned by so many quarters to the left before its lines were found."""
    return placed(turned, *_back(turned, quarters))


def _back(turned: Layout, quarters: int) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Return the map out of a picture turned by quarters to the left, and the width and height of what was turned."""
    width, height = turned.source_size if quarters % 2 == 0 else turned.source_size[::-1]
    back = {
        0: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        1: [[0.0, -1.0, width], [1.0, 0.0, 0.0]],
        2: [[-1.0, 0.0, width], [0.0, -1.0, height]],
        3: [[0.0, 1.0, 0.0], [-1.0, 0.0, height]],
    }
    return np.array(back[quarters % 4]), (width, height)


def placed(
    layout: Layout, to_whole: npt.NDArray[np.float64], source_size: tuple[int, int], *, is_vertical: bool = False
) -> Layout:
    """Return the layout of a part of a picture, or of it turned, as one of the picture; those that follow it too.

    `to_whole` is the 2 × 3 affine map to the picture, of width and height `source_size`.
    """
    rest = layout.rest
    return replace(
        layout,
        to_source=to_whole @ np.vstack([layout.to_source, [0.0, 0.0, 1.0]]),
        source_size=source_size,
        is_vertical=layout.is_vertical or is_vertical,
        rest=None if rest is None else lambda: placed(rest(), to_whole, source_size, is_vertical=is_vertical),
    )


def _in_cells(line: Line, marks: Sequence[Mask]) -> Line:
    """Return a line with the walls of its cells, as the first of the marks on the paper shows them."""
    boxes = [piece.box for piece in line.pieces]
    found = (walls_of(mask, boxes, line.size) for mask in marks)
    return replace(line, walls=next((walls for walls in found if walls), ()))


def _drawn(layout: Layout) -> Gray:
    """Return the page with the pieces of its lines, every other line in another color, and the walls of cells."""
    picture = cv2.cvtColor(layout.writing, cv2.COLOR_GRAY2BGR)
    for number, line in enumerate(layout.lines):
        for piece in line.pieces:
            cv2.rectangle(picture, piece.box[:2], piece.box[2:], ((200, 90, 0), (0, 0, 220))[number % 2], 1)
        for wall in line.walls:
            cv2.line(picture, (round(wall), line.box[1]), (round(wall), line.box[3]), (0, 160, 0), 2)
    return np.asarray(picture, np.uint8)


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
