"""Which of a page's dark pixels are handwriting, as whole strokes.

The finder says what is probably ink; functions on arrays take the strokes' rest and give the connected pieces.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.specs import PageSpec
from hccr_desktop.recognize.page.finder import Floats, Found, size_of
from hccr_desktop.recognize.page.light import even_light
from hccr_desktop.recognize.page.line import Piece

Gray = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.uint8]
"""1 where there is ink, 0 elsewhere, uint8 (h, w)."""

_LONE_SIDE = 600
"""Longer side, in pixels, of a picture without lines when it is looked at."""
_LEAST_CONTRAST = 60.0
"""How much darker than paper its writing is, in gray levels."""
_CHARACTER = 1.7
"""How large ink is at most that hangs together in a character, in sizes of one."""
_MARK = 0.4
"""Size of the largest punctuation, in sizes of a character."""
_MARK_NEAR = 0.3
"""How far from a band it may stand, in sizes of a character."""
_SURE = 0.5
"""Least mean probability of ink that a piece of writing has."""
_AROUND = 10.0
"""How far around how dark the writing is is looked at, in sizes of a character."""
_PALEST = 0.6
"""How much paler than usual it may be there."""
_LEAST_DARKNESS = 30.0
"""Gray levels below paper that a stroke has at least to be as dark as it should."""
_OF_DARKEST = 0.85
"""How dark a stroke usually is, a share of its darkest place."""
_THICK = 0.15
"""Its least width and height, in sizes of a character."""
_ENOUGH = 0.005
"""Least share of the area there that is writing."""
_PALE_SHARE = 0.2
"""Share of strokes' darkness that rulings have at least."""
MOST_PIECES = 12_000
"""Pieces of ink that are looked at on a page, the largest first: those of about 3,000 characters."""


def lone_parts(picture: Gray, spec: PageSpec) -> Found:
    """Take the dark parts of a picture for writing where the finder sees no lines: a character or two on bare paper."""
    scale = min(1.0, _LONE_SIDE / max(picture.shape))
    shape = (max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))
    page = even_light(np.asarray(cv2.resize(picture, shape, interpolation=cv2.INTER_AREA), np.uint8))
    darkness = np.asarray(255 - page)
    dark = (darkness > max(_LEAST_CONTRAST, 0.5 * float(np.percentile(darkness, 99.9)))).astype(np.uint8)
    nothing = np.zeros(page.shape, np.float32)
    rows = np.flatnonzero(dark.any(axis=1))
    if not len(rows) or dark.mean() > 0.4:
        return Found(nothing, nothing, scale, 0.0)
    # Parts side by side are a line; its middle is its band.
    breaks = np.flatnonzero(np.diff(rows) > max(4, 0.02 * page.shape[0]))
    band = nothing.copy()
    for line in np.split(rows, breaks + 1):
        columns = np.flatnonzero(dark[line[0] : line[-1] + 1].any(axis=0))
        half = spec.band / 2 * (line[-1] - line[0] + 1)
        middle = (line[0] + line[-1]) / 2
        band[max(int(middle - half), 0) : int(middle + half) + 1, columns[0] : columns[-1] + 1] = 1.0
    return Found(dark.astype(np.float32), band, scale, size_of(band, spec))


def dark_parts(page: Gray, ink: Floats, band: Floats, least: float, size: float) -> tuple[Mask, Mask]:
    """Return where an evenly lit page is about as dark as its writing, and where it surely is, whatever is drawn.

    `least` is the share of the writing's usual darkness that counts as about as dark; where the writing around, of
    characters of `size` pixels, is paler than usual, or a stroke is, the share of its own.
    """
    darkness = 255 - cv2.GaussianBlur(page, (0, 0), 0.7)
    sure = ink > 0.6
    written = darkness[sure if sure.any() else band > 0.5]
    if written.size < 20:
        return np.zeros(page.shape, np.uint8), np.zeros(page.shape, np.uint8)
    strong = float(np.percentile(written, 80))
    around = (2 * round(_AROUND * size / 2) + 1,) * 2
    share = cv2.boxFilter(sure.astype(np.float32), -1, around)
    local = cv2.boxFilter(np.where(sure, darkness, 0).astype(np.float32), -1, around) / np.maximum(share, 1e-6)
    usual = np.where(
        share > _ENOUGH, np.clip(local * (strong / float(written.mean())), _PALEST * strong, strong), strong
    )
    usual = np.minimum(usual, _own_darkness(np.asarray(darkness, np.uint8), ink, size))
    return (darkness > np.maximum(least * usual, 15.0)).astype(np.uint8), (darkness > 0.5 * usual).astype(np.uint8)


def _own_darkness(darkness: Gray, ink: Floats, size: float) -> Floats:
    """Return how dark the strokes are that the finder sees, each as a whole, up to their edges; 255 elsewhere.

    So a character in pencil among others in ink is no lighter than ink, and not lost. What is thin may be a ruling that
    the finder took for ink in places, and is judged by the writing around it.
    """
    seen = (ink > 0.5).astype(np.uint8)
    count, found, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8, ltype=cv2.CV_32S)
    labels, inside = np.asarray(found, np.int32), seen > 0
    thickness = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    darkest = np.zeros(count, np.float32)
    np.maximum.at(darkest, labels[inside], darkness[inside].astype(np.float32))
    is_own = (darkest > _LEAST_DARKNESS) & (thickness >= _THICK * size)
    own = np.where(is_own, _OF_DARKEST * darkest, 255.0).astype(np.float32)
    own[0] = 255.0
    return np.asarray(cv2.erode(own[labels], np.ones((3, 3), np.uint8)), np.float32)


def pale_parts(page: Gray, strokes: Mask) -> Mask:
    """Return where an evenly lit page is darker than paper beside its strokes: rulings, however pale."""
    darkness, beside = 255 - page, cv2.dilate(strokes, np.ones((3, 3), np.uint8)) == 0
    written = darkness[strokes > 0]
    least = _PALE_SHARE * float(np.median(written)) if written.size else 255.0
    return np.asarray((darkness > least) & beside, np.uint8)


def near_ink(ink: Floats) -> Mask:
    """Return where the finder says, or nearly says, that there is ink."""
    return np.asarray(cv2.dilate((ink > 0.3).astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8)


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
    whole = (longer < _CHARACTER * size) & ((share(ink > 0.5) > 0.25) | (share(band > 0.5) > 0.15))
    whole |= (longer < _MARK * size) & (longer > 0.08 * size) & (share(line) > 0.5)  # punctuation
    whole[0] = False
    return np.asarray(np.where(whole[labels], 1.0, ink), np.float32)


def writing_alone(page: Gray, ink: Floats, rulings: Mask) -> Gray:
    """Return a page without what is no handwriting, softly: rulings go, the edges of strokes stay."""
    kept = np.clip(cv2.dilate(ink, np.ones((3, 3), np.uint8)) / 0.3, 0.0, 1.0)
    return np.asarray(255.0 - (255.0 - page) * kept * (1 - rulings), np.uint8)


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
    kept = (longer >= 0.08 * size) & (area >= max(4.0, 0.004 * size * size))
    kept &= (longer < 0.5 * max(height, width)) | (longer < _CHARACTER * size)  # one may fill a picture
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
