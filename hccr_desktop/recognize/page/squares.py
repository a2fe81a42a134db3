"""Squares to practice in (田字格, 米字格, 回宮格), taken off a page before its writing is looked for.

Lines through the middle of characters are strokes to whatever finds and reads writing. Here they are found as what a
press draws: straight lines across and down that go through (Hough, with the paper's bend), and, in the cells between
them, diagonals and inner frames that most cells have at the same place. Squares that are empty are left to `rulings`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.recognize.page.ink import Gray, Mask
from hccr_desktop.recognize.page.light import even_light

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]
"""x and y."""

_MOST_PIXELS = 50_000_000
"""Pixels of a picture that is looked through at most: what erases lines takes some twenty bytes for each."""
_SIDE = 1600
"""Longer side, in pixels, at which lines are looked for."""
_PALEST, _PALE = 12.0, 0.2
"""Least darkness of lines, in gray levels, and in that of the darkest."""
_LEANS = 8.0
"""Degrees by which they lean at most."""
_LEAST = 0.3
"""Share of the picture's width, or height, that a line has at least."""
_SHARP = 0.3
"""By how much more of it is dark than of what is beside it."""
_MOST_LINES = 120
"""Lines each way that are looked at."""
_STATIONS = 24
"""Places along a line at which it is followed."""
_WAVER = 5
"""How far it may be off a straight one, in pixels."""
_NARROW = 10.0
"""Least side of a cell, in pixels."""
_MOST, _DRAWN = 0.4, 0.25
"""Share of cells that have a side of a frame at least, and a line through: half the quarters of 米 have a diagonal.
Where two parts are a cell, twice that."""
_DOWN, _ACROSS = ((0.5, 0.0), (0.5, 1.0), (1.0, 0.0)), ((0.0, 0.5), (1.0, 0.5), (0.0, 1.0))
_THROUGH = (((0.0, 0.0), (1.0, 1.0), (1.0, -1.0)), ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0)), _DOWN, _ACROSS)
"""Lines through a cell, from and to where, in sides of it, and which way is beside them."""
_ENDS, _ASIDE = 0.1, 0.18
"""How much of their ends does not tell, and how far beside them it is lighter, in sides of a cell."""
_TIP = np.array([0.06, 0.14])
"""Where of them no stroke goes on: beside the cell's border."""
_DARK, _DARKER, _DASHED = 0.6, 0.25, 0.45
"""Share of a line that is dark at least, how much more that is than beside it, and share in other cells of the page."""
_HALF = 0.7
"""Least distance of lines of empty squares, across or down, in sizes of a character by its kernel."""
_WIDER, _BRIDGE, _THICKER = 2, 6, 1
"""In pixels, by how much what is taken off is wider than lines, what goes on behind them may be apart, and strokes are
thicker than lines."""
_CROSSING = 8
"""Longer side of where lines cross, at most, in their thickness."""
_PALER = 50.0
"""Gray levels by which print is paler than ink that is told from it by that."""


def without_squares(picture: Gray, size: float) -> Gray | None:
    """Return a picture, dark on light, evenly lit and without squares to practice in; None where it has none.

    `size` is that of its characters by the second opinion, in pixels, 0 where it saw none.
    """
    if picture.size > _MOST_PIXELS:
        return None
    scale = min(1.0, _SIDE / max(picture.shape))
    mask = _dark(picture, scale)
    across, down = _lines(mask), _lines(np.ascontiguousarray(mask.T))
    if len(across) < 2 or len(down) < 2:
        return None
    corners = _corners(across, down, mask.shape)
    drawn = _inside(mask, corners)
    steps = [float(np.median(np.diff(corners[..., 1 - way], axis=way))) for way in (0, 1)]
    if not drawn and not 0.0 < max(steps) < _HALF * size * scale:
        return None
    paths = [*corners, *corners.transpose(1, 0, 2), *drawn]
    return _erased(picture, [path / scale for path in paths], max(1, round(_thickness(mask, corners) / scale)))


def _dark(picture: Gray, scale: float) -> Mask:
    """Return where a picture, reduced by `scale`, is darker than paper, however pale."""
    shape = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    reduced = np.asarray(cv2.resize(picture, shape, interpolation=cv2.INTER_AREA), np.uint8)
    darkness = 255 - even_light(reduced)
    return np.asarray(darkness > max(_PALEST, _PALE * float(np.percentile(darkness, 99.5))), np.uint8)


def _lines(mask: Mask) -> list[Floats]:
    """Return the height, at each x, of each thin line across a picture, from the top."""
    width = mask.shape[1]
    if width < 2 * _STATIONS:
        return []
    lean = np.radians(_LEANS)
    peaks = cv2.HoughLines(
        255 * mask, 1, np.pi / 1440, round(_LEAST * width), min_theta=np.pi / 2 - lean, max_theta=np.pi / 2 + lean
    )
    if peaks is None:
        return []
    rho, angle = np.asarray(peaks, np.float64).reshape(-1, 2)[: 100 * _MOST_LINES].T
    ends = np.stack([rho / np.sin(angle), (rho - (width - 1) * np.cos(angle)) / np.sin(angle)], axis=1)
    chosen: list[Floats] = []
    for own in ends:  # the strongest first
        away = own - np.array(chosen).reshape(-1, 2)
        if len(chosen) < _MOST_LINES and not ((np.abs(away).min(axis=1) <= _WAVER) | (away.prod(axis=1) < 0)).any():
            chosen.append(own)
    along = cv2.blur(mask.astype(np.float64), (width // _STATIONS | 1, 1), borderType=cv2.BORDER_CONSTANT)
    followed = (_followed(mask, np.asarray(along), own) for own in sorted(chosen, key=lambda own: float(own.sum())))
    return [line for line in followed if line is not None]


def _followed(mask: Mask, along: Floats, ends: Floats) -> Floats | None:
    """Return a line as it bends, its height at each x; None where it is none: not dark through, or no thin one."""
    height, width = mask.shape
    x = np.linspace(0, width - 1, _STATIONS).round().astype(int)
    straight = ends[0] + (ends[1] - ends[0]) * x / (width - 1)
    offsets = np.arange(-_WAVER, _WAVER + 1)
    rows = np.round(straight[:, None] + offsets).astype(int)
    seen = np.where((rows >= 0) & (rows < height), along[rows.clip(0, height - 1), x[:, None]], 0.0)
    seen = seen - 1e-3 * np.abs(offsets)  # of equal ones the middle one
    weight = seen.max(axis=1).clip(1e-6)
    bend = np.polyfit(x, straight + offsets[seen.argmax(axis=1)], 2, w=weight)
    line = np.asarray(np.polyval(bend, np.arange(width)), np.float64)
    own = _dark_at(mask, line, 0)
    beside = np.maximum(_dark_at(mask, line, -_WAVER - 2), _dark_at(mask, line, _WAVER + 2))
    span = np.flatnonzero(np.convolve(own, np.ones(width // _STATIONS | 1), "same") > 0.2 * (width // _STATIONS))
    if len(span) < _LEAST * width:
        return None
    within = np.s_[span[0] : span[-1] + 1]
    return line if own[within].mean() - beside[within].mean() > _SHARP else None


def _dark_at(mask: Mask, line: Floats, aside: int) -> Floats:
    """Return where a line, moved down by `aside`, is dark, or next to what is, 0 or 1 for each x."""
    rows = np.round(line).astype(int) + aside
    found = np.zeros(len(line))
    for near in (-1, 0, 1):
        own = rows + near
        inside = (own >= 0) & (own < mask.shape[0])
        found = np.maximum(found, np.where(inside, mask[own.clip(0, mask.shape[0] - 1), np.arange(len(line))], 0))
    return found


def _corners(across: list[Floats], down: list[Floats], shape: tuple[int, ...]) -> Floats:
    """Return where lines cross, x and y, float64 (lines across, lines down, 2)."""
    corners = np.zeros((len(across), len(down), 2))
    for i, rows in enumerate(across):
        for j, columns in enumerate(down):
            x = float(columns[shape[0] // 2])
            for _ in range(4):
                y = float(rows[round(min(max(x, 0), shape[1] - 1))])
                x = float(columns[round(min(max(y, 0), shape[0] - 1))])
            corners[i, j] = x, y
    return corners


def _inside(mask: Mask, corners: Floats) -> list[Floats]:
    """Return the lines that are printed in cells: through them, and frames, each as points x, y, float64 (n, 2).

    Of dashes that halve the cells one way may be known alone: then two of what lies between lines are a cell.
    """
    for down, right in ((1, 1), (1, 2), (2, 1)):
        parts = [corners[:-down, :-right], corners[:-down, right:], corners[down:, :-right], corners[down:, right:]]
        cells = np.stack(parts, axis=2).reshape(-1, 4, 2)
        sides = np.stack([np.ptp(cells[..., k], axis=1) for k in (0, 1)])
        cells = cells[(sides.min(axis=0) > _NARROW) & (sides.max(axis=0) < 1.4 * sides.min(axis=0))]
        known = [_DOWN] if right == 2 else [_ACROSS] if down == 2 else []  # the line that parts the two
        if len(cells) and (
            found := _inside_of(mask, cells, [line for line in _THROUGH if line not in known], down * right * _DRAWN)
        ):
            return found
    return []


def _inside_of(mask: Mask, cells: Floats, through: Sequence[tuple[Point, Point, Point]], least: float) -> list[Floats]:
    """Return those of cells, float64 (cells, 4, 2), the corners above and below, of which a share has one at least."""
    near, nearer = (np.asarray(cv2.dilate(mask, np.ones((side, side), np.uint8)), np.uint8) for side in (5, 3))

    def points(a: Point, b: Point, count: int = 48) -> Floats:
        """Return points on a line between places of the cells, float64 (cells, count, 2)."""
        u, v = (np.linspace(p, q, count)[None, :, None] for p, q in zip(a, b, strict=True))
        above = cells[:, None, 0] * (1 - u) + cells[:, None, 1] * u
        below = cells[:, None, 2] * (1 - u) + cells[:, None, 3] * u
        return np.asarray(above * (1 - v) + below * v, np.float64)

    def dark(a: Point, b: Point, near: Mask = near) -> Floats:
        x, y = np.moveaxis(np.round(points(a, b)).astype(int), -1, 0)
        inside = near[y.clip(0, mask.shape[0] - 1), x.clip(0, mask.shape[1] - 1)]
        return np.asarray(inside.mean(axis=1), np.float64)

    found: list[Floats] = []
    for a, b, aside in through:
        start, end = (_between(a, b, share) for share in (_ENDS, 1.0 - _ENDS))
        beside = [dark(_moved(start, aside, far), _moved(end, aside, far)) for far in (-_ASIDE, _ASIDE)]
        own = dark(start, end)
        tips = [dark(_between(a, b, near), _between(a, b, far)) for near, far in (_TIP, 1.0 - _TIP[::-1])]
        if ((own > _DARK) & (own - np.maximum(*beside) > _DARKER) & (np.mean(tips, axis=0) > _DASHED)).mean() > least:
            found += list(points(a, b, 2)[own > _DASHED])
    frame: list[float] = []
    for is_across in (False, True):
        for shares in (np.linspace(0.1, 0.42, 33), np.linspace(0.58, 0.9, 33)):
            middle = [((t, 0.4), (t, 0.6)) if not is_across else ((0.4, t), (0.6, t)) for t in shares.tolist()]
            own = np.stack([dark(a, b, nearer) for a, b in middle])
            level = (own > 0.9).mean(axis=1)
            best = int(level.argmax())
            if level[best] > _MOST and level[best] > 2 * np.median(level):
                frame.append(float(shares[best]))
    if len(frame) == 4:
        left, right, top, bottom = frame
        ring = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        found += list(np.concatenate([points(a, b, 2) for a, b in itertools.pairwise(ring)], axis=1))
    return found


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def _moved(at: Point, way: Point, far: float) -> Point:
    return at[0] + far * way[0], at[1] + far * way[1]


def _thickness(mask: Mask, across: Floats) -> float:
    """Return how thick lines across are, in pixels; each is points x, y, float64 (lines, n, 2)."""
    offsets = np.arange(-_WAVER - 2, _WAVER + 3)
    shares = []
    for path in across:
        x = np.arange(int(path[:, 0].min()), int(path[:, 0].max()) + 1)
        rows = np.round(np.interp(x, path[:, 0], path[:, 1])).astype(int)[:, None] + offsets
        shares.append(mask[rows.clip(0, mask.shape[0] - 1), x[:, None].clip(0, mask.shape[1] - 1)].mean(axis=0))
    profile = np.median(shares, axis=0)
    return float((profile > 0.6 * profile.max()).sum())


def _erased(picture: Gray, paths: list[Floats], thick: int) -> Gray:
    """Return a picture without lines so thick along paths, with the strokes that cross them."""
    even = even_light(picture)
    darkness = np.asarray(255 - even)
    lines, cores = np.zeros_like(even), np.zeros_like(even)
    for path in paths:
        points = np.round(path).astype(np.int32)
        cv2.polylines(lines, [points], False, 1, thick + _WIDER)
        cv2.polylines(cores, [points], False, 1, 1)
    written = darkness[(lines == 0) & (darkness > 40)]
    ink = float(np.median(written)) if written.size else 255.0
    printed = float(np.median(darkness[cores > 0]))
    dark = (darkness > ink / 2).astype(np.uint8)
    rest = dark & (1 - lines)
    kept = dark & _thick(dark, thick + _THICKER)
    kept |= np.asarray(cv2.morphologyEx(rest, cv2.MORPH_CLOSE, _disk(thick + _BRIDGE)), np.uint8)
    if ink - printed > _PALER:
        kept |= (darkness > (ink + printed) / 2).astype(np.uint8)
    kept &= lines
    _, parts, stats, _ = cv2.connectedComponentsWithStats(kept | rest)
    belongs = stats[:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(axis=1) > _CROSSING * thick
    # Where lines cross they are thick, too, but no part of a stroke.
    belongs[np.unique(np.asarray(parts)[rest > 0])] = True
    kept &= belongs[np.asarray(parts)]
    even[(lines > 0) & (kept == 0)] = 255
    return even


def _thick(dark: Mask, thick: int) -> Mask:
    """Return what is dark and so thick at least."""
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _disk(thick)), np.uint8)


def _disk(across: int) -> Mask:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across | 1, across | 1)), np.uint8)
