"""Page → lines of ink pieces, in reading order: what stands where, before it is read.

In: a page, uint8 (h, w), any light. Out: an upright page with the handwriting alone, and on it `Line`s of
`Piece`s, connected parts of ink from left to right. The finder says what is ink and where lines run; the
steps after it are functions on arrays: `slope_of`, `even_light`, `dark_parts`, `without_rulings`,
`with_whole_strokes`, `pieces_of`, `lines_of`, `in_reading_order`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box, around
from hccr_desktop.recognize.finder import BAND, Floats, Found, finder, size_of

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
"""1 where there is ink, 0 elsewhere, uint8 (h, w)."""

_WORKING_SIDE = 2600
"""Pages with a longer side are reduced to this: an A4 page at 220 dpi."""
_WANTED, _ENLARGED = 40.0, 2.0
"""Smaller characters are enlarged to this size in pixels, but no more than so many times."""
_NEAR, _GAP = 0.6, 3.5
"""How far from a line's band its ink may begin, and how wide a gap within a line may be, in sizes of a character."""
_DARK_PAPER = 110
"""Gray below which a page's paper is dark, and its writing light."""
_LONE_SIDE, _LEAST_CONTRAST = 600, 60.0
"""Longer side of a picture without lines when it is looked at, and how much darker than paper its writing is."""
_MARK, _MARK_NEAR = 0.4, 0.3
"""Size of the largest punctuation, and how far from a band it may stand, in sizes of a character."""
_INK, _PALE = 0.45, 0.35
"""Share of the writing's usual darkness that ink has, and ink that is so small in the picture that it is pale."""
_DOUBTED = 0.6
"""Straight lines are rulings where the finder is not so sure that they are ink."""
_SURE = 0.5
"""Least mean probability of ink that a piece of writing has."""
_COLUMN_LINES, _COLUMN_WIDTH, _GUTTER = 3, 4.0, 1.2
"""Fewest lines of a column of text, its least width, and that of the space between two, in sizes of a character."""
MOST_PIECES = 12_000
"""Pieces of ink that are looked at on a page, the largest first: those of about 3,000 characters."""


@dataclass(frozen=True)
class Piece:
    """Connected ink: its numbers in `Layout.labels`, and the box around it."""

    labels: tuple[int, ...]
    box: Box

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Line:
    """A text line: pieces from left to right, and the line's typical size of a character in pixels."""

    pieces: tuple[Piece, ...]
    size: float

    @property
    def box(self) -> Box:
        """The box around all pieces."""
        return around([piece.box for piece in self.pieces])


@dataclass(frozen=True, eq=False)
class Layout:
    """`page` uint8 (h, w), upright and evenly lit; `labels` int32 (h, w), the number of each piece of ink, 0 none.

    `to_source` is the 2 × 3 affine map from `page` to the picture that was given. Where `is_vertical`, the page was
    turned by a quarter to the left, so that columns from the right became rows from the top. `source_size` are the
    width and height of the picture that was given.
    """

    page: Gray
    labels: npt.NDArray[np.int32]
    lines: tuple[Line, ...]
    to_source: npt.NDArray[np.float64]
    source_size: tuple[int, int]
    is_vertical: bool = False

    def crop(self, pieces: Sequence[Piece]) -> Gray:
        """Return the picture of some pieces alone, as they were written, uint8 (h, w), 255 = paper."""
        left, top, right, bottom = around([piece.box for piece in pieces])
        wanted = [label for piece in pieces for label in piece.labels]
        area = np.s_[top:bottom, left:right]
        own = np.isin(self.labels[area], wanted)
        others = ((self.labels[area] > 0) & ~own).astype(np.uint8)
        kernel = np.ones((3, 3), np.uint8)  # soft edges belong to the ink
        foreign = (cv2.dilate(others, kernel) > 0) & (cv2.dilate(own.astype(np.uint8), kernel) == 0)
        picture = np.where(foreign, 255, self.page[area]).astype(np.uint8)
        return np.pad(np.rot90(picture, -1) if self.is_vertical else picture, 2, constant_values=255)

    def source_box(self, box: Box) -> Box:
        """Return the upright box, in the picture that was given, around a box of the page."""
        left, top, right, bottom = box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]], np.float64)
        x, y = self.to_source @ corners.T
        width, height = self.source_size
        x, y = np.clip(x, 0, width), np.clip(y, 0, height)
        return int(np.floor(x.min())), int(np.floor(y.min())), int(np.ceil(x.max())), int(np.ceil(y.max()))


Show = Callable[[str, Gray], object]
"""Takes the name and the picture of a step, uint8 (h, w) or (h, w, 3)."""


def analyze(picture: Gray, *, vertical: bool = False, threads: int = 2, show: Show | None = None) -> Layout:
    """Find the lines of a page, or its columns from the right; a page without writing has none.

    `show` is given a picture of each step.
    """
    if vertical:
        turned = analyze(np.ascontiguousarray(np.rot90(picture)), threads=threads, show=show)
        back = np.array([[0.0, -1.0, picture.shape[1]], [1.0, 0.0, 0.0]])
        to_source = back @ np.vstack([turned.to_source, [0.0, 0.0, 1.0]])
        source_size = (picture.shape[1], picture.shape[0])
        return Layout(turned.page, turned.labels, turned.lines, to_source, source_size, is_vertical=True)
    if np.median(picture) < _DARK_PAPER:
        picture = np.asarray(255 - picture, np.uint8)
    found = finder(threads).find(picture)
    if not size_of(found.band):
        found = lone_parts(picture)
    scale = _working_scale(picture, size_of(found.band) / found.scale)
    shape = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    page = cv2.resize(picture, shape, interpolation=cv2.INTER_AREA if scale <= 1.0 else cv2.INTER_CUBIC)
    upright, to_page = _turned(even_light(np.asarray(page, np.uint8)), slope_of(found.band))
    ink, band = (_followed(image, to_page, scale / found.scale, upright.shape) for image in (found.ink, found.band))
    size = size_of(band)
    dark, black = dark_parts(upright, ink, band, _PALE if scale > 1.0 else _INK)
    rulings = dark & (1 - without_rulings(dark, round(2.5 * size))) & (ink < _DOUBTED).astype(np.uint8)
    strokes = dark & (1 - rulings)
    ink = with_whole_strokes(strokes & black, ink, band, size)
    pieces, labels = pieces_of(strokes & near_ink(ink), ink, size)
    to_source = to_page.copy()
    to_source /= scale
    lines = lines_of(pieces, labels, band, size)
    source_size = (picture.shape[1], picture.shape[0])
    layout = Layout(writing_alone(upright, ink, rulings), labels, lines, to_source, source_size)
    if show is not None:
        show("1-light", upright)
        show("2-ink", np.asarray(255 - 255 * ink, np.uint8))
        show("3-bands", np.asarray(255 - 255 * band, np.uint8))
        show("4-lines", _drawn(layout))
    return layout


def _drawn(layout: Layout) -> Gray:
    """Return the page with the pieces of its lines, every other line in another color."""
    picture = cv2.cvtColor(layout.page, cv2.COLOR_GRAY2BGR)
    for number, line in enumerate(layout.lines):
        for piece in line.pieces:
            cv2.rectangle(picture, piece.box[:2], piece.box[2:], ((200, 90, 0), (0, 0, 220))[number % 2], 1)
    return np.asarray(picture, np.uint8)


def _working_scale(picture: Gray, size: float) -> float:
    """Return how much a picture is reduced, or enlarged, for characters of `size` pixels to come out well."""
    most = min(1.0, _WORKING_SIDE / float(max(picture.shape)))
    if not size:
        return most
    return min(_WANTED / size, _ENLARGED) if size * most < _WANTED else most


def even_light(page: Gray) -> Gray:
    """Divide out shadow and paper color; paper becomes 255."""
    quarter = (max(page.shape[1] // 4, 1), max(page.shape[0] // 4, 1))
    small = cv2.resize(page, quarter, interpolation=cv2.INTER_AREA)
    reach = max(5, round(max(small.shape) / 40)) | 1
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), min(reach * 2 + 1, 255))
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), reach / 2), (page.shape[1], page.shape[0]))
    even = page.astype(np.float32) * (255.0 / np.maximum(paper.astype(np.float32), 1.0))
    return np.asarray(even.clip(0, 255), np.uint8)


def lone_parts(picture: Gray) -> Found:
    """Take the dark parts of a picture for writing where the finder sees no lines: a character or two on bare paper."""
    scale = min(1.0, _LONE_SIDE / max(picture.shape))
    shape = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    page = even_light(np.asarray(cv2.resize(picture, shape, interpolation=cv2.INTER_AREA), np.uint8))
    darkness = np.asarray(255 - page)
    dark = (darkness > max(_LEAST_CONTRAST, 0.5 * float(np.percentile(darkness, 99.9)))).astype(np.uint8)
    nothing = np.zeros(page.shape, np.float32)
    rows = np.flatnonzero(dark.any(axis=1))
    if not len(rows) or dark.mean() > 0.4:
        return Found(nothing, nothing, scale)
    # Parts side by side are a line; its middle is its band.
    breaks = np.flatnonzero(np.diff(rows) > max(4, 0.02 * page.shape[0]))
    band = nothing.copy()
    for line in np.split(rows, breaks + 1):
        columns = np.flatnonzero(dark[line[0] : line[-1] + 1].any(axis=0))
        half = BAND / 2 * (line[-1] - line[0] + 1)
        middle = (line[0] + line[-1]) / 2
        band[max(int(middle - half), 0) : int(middle + half) + 1, columns[0] : columns[-1] + 1] = 1.0
    return Found(dark.astype(np.float32), band, scale)


def dark_parts(page: Gray, ink: Floats, band: Floats, least: float) -> tuple[Mask, Mask]:
    """Return where an evenly lit page is about as dark as its writing, and where it surely is, whatever is drawn.

    `least` is the share of the writing's usual darkness that counts as about as dark.
    """
    darkness = 255 - cv2.GaussianBlur(page, (0, 0), 0.7)
    sure = ink > 0.6
    written = darkness[sure if sure.any() else band > 0.5]
    if written.size < 20:
        return np.zeros(page.shape, np.uint8), np.zeros(page.shape, np.uint8)
    strong = float(np.percentile(written, 80))
    return (darkness > max(least * strong, 15.0)).astype(np.uint8), (darkness > 0.5 * strong).astype(np.uint8)


def near_ink(ink: Floats) -> Mask:
    """Return where the finder says, or nearly says, that there is ink."""
    return np.asarray(cv2.dilate((ink > 0.3).astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)


def without_rulings(mask: Mask, least: int) -> Mask:
    """Take out straight lines at least so long, across and down, and patch the writing where they crossed it."""
    result = mask.copy()
    for across in (True, False):
        image = mask if across else np.ascontiguousarray(mask.T)
        length = max(60, image.shape[1] // 12, least)
        closed = cv2.morphologyEx(image, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
        runs = _bits(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
        thick = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((9, 1), np.uint8))
        thin = runs & (1 - _bits(cv2.dilate(thick, np.ones((3, 3), np.uint8))))
        lines = _bits(cv2.dilate(thin, np.ones((3, 1), np.uint8)))
        if not lines.any():
            continue
        target = result if across else np.ascontiguousarray(result.T)
        cleared = target & (1 - lines)
        # Ink right above and right below a line went through it.
        cleared |= _bits(cv2.morphologyEx(cleared, cv2.MORPH_CLOSE, np.ones((7, 1), np.uint8))) & lines & target
        result = cleared if across else np.ascontiguousarray(cleared.T)
    return np.asarray(result, np.uint8)


def _bits(image: object) -> Mask:
    """Tell the type checker what OpenCV gave."""
    return np.asarray(image, np.uint8)


def with_whole_strokes(dark: Mask, ink: Floats, band: Floats, size: float) -> Floats:
    """Return the ink with the rest of strokes that the finder saw in part, or took for a ruling's.

    Dark parts no larger than a character cannot be rulings: where they lie in a line, or are partly ink, they are ink.
    """
    _, found, measured, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    labels, stats = np.asarray(found, np.int32), np.asarray(measured)
    area = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)

    def share(where: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        return np.bincount(labels[where], minlength=len(stats)) / area

    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    reach = 2 * round(_MARK_NEAR * size) + 1
    line = cv2.dilate((band > 0.5).astype(np.uint8), np.ones((reach, 1), np.uint8)) > 0
    whole = (longer < 1.7 * size) & ((share(ink > 0.5) > 0.25) | (share(band > 0.5) > 0.15))
    whole |= (longer < _MARK * size) & (longer > 0.08 * size) & (share(line) > 0.5)  # punctuation
    whole[0] = False
    return np.asarray(np.where(whole[labels], 1.0, ink), np.float32)


def writing_alone(page: Gray, ink: Floats, rulings: Mask) -> Gray:
    """Return a page without what is no handwriting, softly: rulings go, the edges of strokes stay."""
    kept = np.clip(cv2.dilate(ink, np.ones((3, 3), np.uint8)) / 0.3, 0.0, 1.0)
    return np.asarray(255.0 - (255.0 - page) * kept * (1 - rulings), np.uint8)


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


def _turned(page: Gray, angle: float) -> tuple[Gray, npt.NDArray[np.float64]]:
    """Turn a page so that lines that rise by `angle` lie flat; also return the map back."""
    height, width = page.shape
    if abs(angle) < 0.15:
        return page, np.eye(2, 3)
    forward = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    cos, sin = abs(forward[0, 0]), abs(forward[0, 1])
    new_width, new_height = int(width * cos + height * sin) + 1, int(height * cos + width * sin) + 1
    forward[:, 2] += ((new_width - width) / 2, (new_height - height) / 2)
    turned = cv2.warpAffine(page, forward, (new_width, new_height), flags=cv2.INTER_AREA, borderValue=255)
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(forward), np.float64)


def pieces_of(mask: Mask, ink: Floats, size: float) -> tuple[list[Piece], npt.NDArray[np.int32]]:
    """Return connected ink, specks and what is no writing left aside, and the picture of its numbers.

    A piece is writing where the finder takes it for ink on the whole: rests of rulings are so in places.
    """
    _, found, measured, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    labels, stats = np.asarray(found, np.int32), np.asarray(measured[1:], np.int32)
    if not len(stats):
        return [], labels
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    area = stats[:, cv2.CC_STAT_AREA]
    height, width = mask.shape
    kept = (longer >= 0.08 * size) & (area >= max(4.0, 0.004 * size * size)) & (longer < 0.5 * max(height, width))
    kept &= ~((longer > 6 * size) & (np.minimum(stats[:, 2], stats[:, 3]) > 2.5 * size))  # frames, pictures
    total = np.bincount(labels.ravel(), weights=ink.ravel(), minlength=len(stats) + 1)[1:]
    kept &= total > _SURE * area
    numbers = np.flatnonzero(kept)
    if len(numbers) > MOST_PIECES:  # grain, not writing
        numbers = np.sort(numbers[np.argsort(-area[numbers], kind="stable")[:MOST_PIECES]])
    pieces = []
    for i in numbers.tolist():
        left, top, w, h, _ = stats[i].tolist()
        pieces.append(Piece((i + 1,), (left, top, left + w, top + h)))
    return pieces, labels


class _Sets:
    """Disjoint sets of numbers, joined one by one."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, i: int) -> int:
        """Return the number that stands for the set of `i`."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        """Make one set of two."""
        self._parent[self.root(j)] = self.root(i)

    def groups(self, members: Iterable[int]) -> dict[int, list[int]]:
        """Return the members by set."""
        found: dict[int, list[int]] = {}
        for i in members:
            found.setdefault(self.root(i), []).append(i)
        return found


def lines_of(pieces: Sequence[Piece], labels: npt.NDArray[np.int32], band: Floats, size: float) -> tuple[Line, ...]:
    """Group pieces into lines: each belongs to the band that most of it is nearest to, if it is near at all."""
    middle = (band > 0.5).astype(np.uint8)
    if not pieces or not middle.any():
        return ()
    apart, nearest = cv2.distanceTransformWithLabels(1 - middle, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_CCOMP)
    ys, xs = np.nonzero(labels)
    owner, numbers = labels[ys, xs], np.asarray(nearest)[ys, xs]
    away = np.full(int(labels.max()) + 1, np.inf)
    np.minimum.at(away, owner, np.asarray(apart)[ys, xs])
    pairs, counts = np.unique(owner.astype(np.int64) * (int(numbers.max()) + 1) + numbers, return_counts=True)
    most: dict[int, tuple[int, int]] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        piece, number = divmod(pair, int(numbers.max()) + 1)
        if count > most.get(piece, (0, 0))[0]:
            most[piece] = (count, number)
    groups: dict[int, list[int]] = {}
    for i, piece in enumerate(pieces):
        if away[piece.labels[0]] < _NEAR * size:
            groups.setdefault(most[piece.labels[0]][1], []).append(i)
    boxes = np.array([piece.box for piece in pieces], np.float64)
    lines = []
    for members in _merged(groups, boxes, size).values():
        own = [pieces[i] for i in sorted(members, key=lambda i: boxes[i, 0])]
        tall = [p.height for p in own if max(p.width, p.height) >= 0.45 * size]
        if tall:
            of_line = float(np.clip(np.percentile(tall, 75), 0.6 * size, 1.6 * size))
            lines.append(Line(tuple(_without_rests(own, of_line)), of_line))
    return tuple(in_reading_order(lines, size))


def _without_rests(pieces: list[Piece], size: float) -> list[Piece]:
    """Leave aside flat pieces below or above the writing: underlines, and what is left of a ruling."""
    tall = [piece for piece in pieces if piece.height > 0.4 * size]
    if not tall:
        return pieces
    at = np.array([(piece.box[0] + piece.box[2]) / 2 for piece in tall])
    middle = np.array([(piece.box[1] + piece.box[3]) / 2 for piece in tall])

    def is_rest(piece: Piece) -> bool:
        if piece.height > 0.2 * size or piece.width < 0.3 * size:
            return False
        near = np.argsort(np.abs(at - (piece.box[0] + piece.box[2]) / 2))[:5]
        return bool(abs((piece.box[1] + piece.box[3]) / 2 - np.median(middle[near])) > 0.6 * size)

    return [piece for piece in pieces if not is_rest(piece)]


def in_reading_order(lines: Sequence[Line], size: float) -> list[Line]:
    """Return lines from top to bottom, those at one height from the left; columns of text one after another."""
    if (cut := _gutter(lines, size)) is not None:
        left = [line for line in lines if line.box[2] <= cut]
        right = [line for line in lines if line.box[0] >= cut]
        return in_reading_order(left, size) + in_reading_order(right, size)
    ordered = sorted(lines, key=lambda line: line.box[1] + line.box[3])
    for k in range(1, len(ordered) - 2 * _COLUMN_LINES + 1):  # a heading above columns
        below = ordered[k:]
        lowest = max(line.box[3] for line in ordered[:k])
        if lowest <= min(line.box[1] for line in below) + 0.3 * size and _gutter(below, size) is not None:
            return in_reading_order(ordered[:k], size) + in_reading_order(below, size)
    rows: list[list[Line]] = []
    for line in ordered:
        row = rows[-1] if rows else []
        level = np.mean([(o.box[1] + o.box[3]) / 2 for o in row]) if row else -np.inf
        beside = all(line.box[0] >= o.box[2] - 0.5 * size or line.box[2] <= o.box[0] + 0.5 * size for o in row)
        if beside and (line.box[1] + line.box[3]) / 2 - level < 0.5 * size:
            row.append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


def _gutter(lines: Sequence[Line], size: float) -> float | None:
    """Return where free space from top to bottom parts two columns of text, None where there is none.

    Each column has several lines of several characters, and stands beside the other: labels beside notes are none.
    """
    if len(lines) < 2 * _COLUMN_LINES:
        return None
    spans = sorted((line.box[0], line.box[2]) for line in lines)
    reach = spans[0][1]
    for start, end in spans[1:]:
        if start - reach > _GUTTER * size:
            cut = (start + reach) / 2
            sides = [[o for o in lines if o.box[2] <= cut], [o for o in lines if o.box[0] >= cut]]
            heights = [(min(o.box[1] for o in side), max(o.box[3] for o in side)) for side in sides]
            shared = min(high for _, high in heights) - max(low for low, _ in heights)
            beside = shared > 0.6 * min(high - low for low, high in heights)
            wide = all(np.median([o.box[2] - o.box[0] for o in side]) > _COLUMN_WIDTH * size for side in sides)
            if beside and wide and min(map(len, sides)) >= _COLUMN_LINES:
                return cut
        reach = max(reach, end)
    return None


def _merged(groups: dict[int, list[int]], boxes: npt.NDArray[np.float64], size: float) -> dict[int, list[int]]:
    """Join groups of which one goes on where another ends."""
    numbers = [*groups]
    boxes_of = [boxes[groups[number]] for number in numbers]
    bounds = np.array([(*b[:, :2].min(axis=0), *b[:, 2:].max(axis=0)) for b in boxes_of]).reshape(-1, 4)
    sets = _Sets(len(numbers))
    for i, (left, top, right, bottom) in enumerate(bounds):
        later = bounds[i + 1 :]
        level = (later[:, 1] < bottom + 0.5 * size) & (later[:, 3] > top - 0.5 * size)
        near = level & (later[:, 0] < right + _GAP * size) & (later[:, 2] > left - _GAP * size)
        for j in (np.flatnonzero(near) + i + 1).tolist():
            if sets.root(i) != sets.root(j) and _continues(boxes_of[i], boxes_of[j], size):
                sets.join(i, j)
    return {k: [m for i in own for m in groups[numbers[i]]] for k, own in sets.groups(range(len(numbers))).items()}


def _continues(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], size: float) -> bool:
    """Say whether one group goes on where the other ends, at the same height there: a line may slope."""
    if a[:, 0].min() > b[:, 0].min():
        a, b = b, a
    apart = b[:, 0].min() - a[:, 2].max()
    if not -0.5 * size < apart < _GAP * size:
        return False
    near_a = a[a[:, 2] > a[:, 2].max() - 3 * size]
    near_b = b[b[:, 0] < b[:, 0].min() + 3 * size]
    level = abs(np.mean(near_a[:, [1, 3]]) - np.mean(near_b[:, [1, 3]]))
    return bool(level < 0.35 * size)
