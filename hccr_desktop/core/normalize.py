"""Ink or image → model input. The only implementation, for recognition and for training.

In: `Ink` or `GlyphImage`. Out: uint8 (n, 1, size, size), 255 = paper, the character's longer
side fitted into the square, aspect kept, ink at full contrast. Ink is drawn first (`core.pen`)
and then takes the same way as a scan, so that the network meets one kind of picture.

A glyph's way: reduce giants → flatten the paper → find which side is ink → stretch contrast
(not to two levels: gray edges carry position finer than a pixel) → leave specks out → crop →
resample by area. Networks of preparation 2 take lines evened out, too (hairlines thickened before they are scaled,
then smoothed and steepened); those of preparation 3 take their natural gray, which says more about a running hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw, gaussian
from hccr_desktop.errors import EmptyInk, InvalidBundle

Floats = npt.NDArray[np.float32]

_WORKING_SIDE = 192
_LARGE, _MOST_LOOKS = 0.6, 4
"""Share of a giant's side that its writing has, or it is cut out before it is reduced; how often it is tried."""
_SMOOTHING = 1 / 80
"""Standard deviation, as a share of the side."""
_EDGE = 0.4
"""Level, 0..1, that becomes half ink."""
_STEEPNESS = 2.5
"""Contrast at that level."""
_LEAST_CONTRAST = 12.0
"""Gray levels between paper and ink below which a picture counts as empty."""


EVENED, NATURAL = 2, 3
PREPARATIONS = (EVENED, NATURAL)
"""Counts the changes of `normalize` that a trained model would notice: those that models can still be given."""


@dataclass(frozen=True)
class InputSpec:
    """What a model takes: uint8 (n, 1, size, size), 255 = paper, `margin` free pixels around.

    `preparation` is one of `PREPARATIONS`, the one that it was trained with; with another it would read worse
    and not say so, hence those that are gone are refused.
    """

    size: int = 64
    margin: int = 3
    preparation: int = EVENED

    def __post_init__(self) -> None:
        if self.preparation not in PREPARATIONS:
            raise InvalidBundle(
                "The model expects its input prepared in another way ({found}, here {own}).",
                "Export it again with the trainer of this version, or update the application.",
                found=self.preparation,
                own=" or ".join(map(str, PREPARATIONS)),
            )
        if not (isinstance(self.size, int) and isinstance(self.margin, int)):
            raise InvalidBundle(
                "A model input of {size} px with a margin of {margin} px is not possible.",
                size=self.size,
                margin=self.margin,
            )
        if not (16 <= self.size <= 512 and 0 <= self.margin * 4 <= self.size):
            raise InvalidBundle(
                "A model input of {size} px with a margin of {margin} px is not possible.",
                size=self.size,
                margin=self.margin,
            )

    @property
    def inner(self) -> int:
        """The longer side of a character within the input, in pixels."""
        return self.size - 2 * self.margin


def normalize(items: Sequence[Ink | GlyphImage], spec: InputSpec) -> npt.NDArray[np.uint8]:
    """Return model input, uint8 (n, 1, size, size), 255 = paper. Aspect ratio kept.

    Raises `EmptyInk` where an item has no ink.
    """
    batch = np.full((len(items), 1, spec.size, spec.size), 255, np.uint8)
    for target, item in zip(batch[:, 0], items, strict=True):
        glyph = draw(item) if isinstance(item, Ink) else item
        _normalize_into(target, glyph.pixels, spec)
    return batch


def has_ink(item: Ink | GlyphImage) -> bool:
    """Whether there is anything to be read in an item."""
    try:
        normalize([item], InputSpec())
    except EmptyInk:
        return False
    return True


# ---------------------------------------------------------------------------------- ink


def _normalize_into(target: npt.NDArray[np.uint8], pixels: npt.NDArray[np.uint8], spec: InputSpec) -> None:
    """Write one normalized glyph into `target`, uint8 (size, size), which is all paper."""
    darkness = darkness_of(pixels)
    top, bottom, left, right = _ink_box(darkness > 0.4)
    darkness = darkness[top:bottom, left:right]
    height, width = darkness.shape
    scale = spec.inner / max(height, width)
    if spec.preparation == EVENED:
        darkness = _thicken_hairlines(darkness, scale)
    out_height = max(1, round(height * scale))
    out_width = max(1, round(width * scale))
    fitted = _resampling(height, out_height) @ darkness @ _resampling(width, out_width).T
    if scale < 1.0:  # thin lines pale when they are scaled down: bring them back to full ink
        rank = fitted.size - max(1, fitted.size // 50)
        peak = float(np.partition(fitted, rank, axis=None)[rank])
        fitted *= 1.0 / min(max(peak, 0.25), 1.0)
    y = (spec.size - out_height) // 2
    x = (spec.size - out_width) // 2
    placed = np.zeros((spec.size, spec.size), np.float32)
    placed[y : y + out_height, x : x + out_width] = fitted.clip(0.0, 1.0)
    target[...] = (255.5 - 255.0 * (_evened(placed) if spec.preparation == EVENED else placed)).astype(np.uint8)


def _evened(placed: Floats) -> Floats:
    """Leave out grain, dry pens and blur: smooth, then steepen, float32 (size, size) 0..1."""
    smoothing = gaussian(len(placed), _SMOOTHING * len(placed))
    return np.asarray(((smoothing @ placed @ smoothing - _EDGE) * _STEEPNESS + 0.5).clip(0.0, 1.0), np.float32)


def darkness_of(pixels: npt.NDArray[np.uint8]) -> Floats:
    """Return how much of ink each pixel of a glyph is, float32 (h, w) 0..1, of giants reduced, around their writing.

    Raises `EmptyInk` where there is none.
    """
    for _ in range(_MOST_LOOKS):
        factor = max(pixels.shape) // _WORKING_SIDE
        darkness = _darkness(_reduce(pixels))
        if factor < 2:
            break
        top, bottom, left, right = (factor * at for at in _ink_box(darkness > 0.4))
        if max(bottom - top, right - left) > _LARGE * max(pixels.shape):
            break
        # A small character on a large sheet would be a blot when all of it was reduced.
        top, left = (max(at - 2 * factor, 0) for at in (top, left))
        pixels = pixels[top : bottom + 2 * factor, left : right + 2 * factor]
    return darkness


def _reduce(pixels: npt.NDArray[np.uint8]) -> Floats:
    """Return float32 with a longer side of at most twice `_WORKING_SIDE`, by block means."""
    factor = max(pixels.shape) // _WORKING_SIDE
    if factor < 2:
        return pixels.astype(np.float32)
    height, width = (max(1, length // factor) for length in pixels.shape)
    fy, fx = (min(factor, length) for length in pixels.shape)
    blocks = pixels[: height * fy, : width * fx].reshape(height, fy, width, fx)
    return np.asarray(blocks.mean(axis=(1, 3), dtype=np.float32), np.float32)


def _darkness(gray: Floats) -> Floats:
    """Return how much of ink each pixel is, float32 0..1, whatever the paper and the polarity."""
    height, width = gray.shape
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    low, high = float(gray.min()), float(gray.max())
    if high - low < _LEAST_CONTRAST:
        raise EmptyInk
    middle = _between_classes(gray, low, high)
    inverted = False
    if _share_below(middle, border) > 0.5 and _share_below(middle, gray) > 0.5:
        # A tightly cropped 一 has a dark border too, but light corners; dark paper has none.
        corners = np.array([gray[0, 0], gray[0, -1], gray[-1, 0], gray[-1, -1]])
        inverted = int((corners < middle).sum()) >= 3
    if inverted:
        gray, border, middle, high = 255.0 - gray, 255.0 - border, 255.0 - middle, 255.0 - low
    paper_border = border[border >= middle]
    paper = float(np.sort(paper_border)[len(paper_border) // 2]) if len(paper_border) else high
    if len(paper_border) and float(np.abs(paper_border - paper).mean()) > 5.0 and min(height, width) >= 8:
        depth = _sloping_paper(gray, middle) - gray
    else:
        depth = paper - gray
    deepest = float(depth.max())
    ink = np.extract(depth > max(0.5 * (paper - middle), 0.35 * deepest), depth)
    if not len(ink) or deepest < _LEAST_CONTRAST:
        raise EmptyInk
    full = float(ink.mean())
    # The lowest eighth is paper grain and blur's skirt.
    scaled = depth * np.float32(1.0 / (0.875 * 0.95 * full)) - np.float32(0.125 / 0.875)
    return np.asarray(scaled.clip(0.0, 1.0), np.float32)


def _share_below(level: float, gray: Floats) -> float:
    return np.count_nonzero(gray < level) / gray.size


def _between_classes(gray: Floats, low: float, high: float) -> float:
    """Return Otsu's threshold between the two classes of gray (IEEE SMC-9, 1979)."""
    stride = 2 if min(gray.shape) > 64 else 1  # a quarter of a large picture tells as much
    gray = gray[::stride, ::stride]
    scale = 63.999 / (high - low)
    counts = np.bincount(((gray - low) * scale).astype(np.intp).ravel(), minlength=64).astype(np.float64)
    levels = np.arange(64)
    below = np.cumsum(counts)
    mass = np.cumsum(counts * levels)
    above = below[-1] - below
    # Where all are on one side the numerator is 0.
    variance = (mass[-1] * below / below[-1] - mass) ** 2 / np.maximum(below * above, 1.0)
    return low + (float(np.argmax(variance[:-1])) + 1.0) / scale


def _sloping_paper(gray: Floats, middle: float) -> Floats:
    """Fit a plane to the light pixels: paper under uneven light, float32 (h, w)."""
    height, width = gray.shape
    # A grid of about 32 × 32 pixels is enough for three coefficients.
    stride = max(1, min(height, width) // 32)
    y, x = np.mgrid[-1.0 : 1.0 : height * 1j, -1.0 : 1.0 : width * 1j].astype(np.float32)
    few = gray[::stride, ::stride].ravel()
    terms = np.stack([np.ones_like(few), x[::stride, ::stride].ravel(), y[::stride, ::stride].ravel()], axis=1)
    # Where light falls off, a global threshold takes shaded paper for ink; three rounds find it back.
    paper = few >= middle
    a, b, c = float(gray.max()), 0.0, 0.0
    for _ in range(3):
        if int(paper.sum()) < 16:
            break
        chosen = terms[paper]
        a, b, c = np.linalg.lstsq(chosen.T @ chosen, chosen.T @ few[paper], rcond=None)[0].tolist()
        depth = terms @ np.array([a, b, c], np.float32) - few
        paper = depth < max(0.4 * float(depth.max()), 2.0)
    return np.asarray(a + b * x + c * y, np.float32)


def _ink_box(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right (exclusive) of the ink, specks at the rim left out."""
    ones = mask.view(np.uint8)
    profile = ones.sum(axis=0, dtype=np.intp)
    total = int(profile.sum())
    if total == 0:
        raise EmptyInk
    left, right = _run_without_specks(profile, total)
    top, bottom = _run_without_specks(ones[:, left:right].sum(axis=1, dtype=np.intp), total)
    columns = np.flatnonzero(mask[top:bottom, left:right].any(axis=0))
    return top, bottom, left + int(columns[0]), left + int(columns[-1]) + 1


def _run_without_specks(profile: npt.NDArray[np.intp], total: int) -> tuple[int, int]:
    """Return the extent of a profile without outer runs of under 1 % of the ink.

    Such a run is a speck where it touches the border or stands a tenth of the length apart.
    """
    filled = profile.nonzero()[0]
    breaks = (filled[1:] > filled[:-1] + 1).nonzero()[0]
    first, last = int(filled[0]), int(filled[-1]) + 1
    if not len(breaks):
        return first, last
    starts = [first, *filled[breaks + 1].tolist()]
    stops = [*(filled[breaks] + 1).tolist(), last]
    apart = 0.1 * len(profile)

    def is_speck(start: int, stop: int, gap: int) -> bool:
        touches = start == 0 or stop == len(profile)
        return int(profile[start:stop].sum()) < 0.01 * total and (touches or gap > apart)

    while len(starts) > 1 and is_speck(starts[0], stops[0], starts[1] - stops[0]):
        del starts[0], stops[0]
    while len(starts) > 1 and is_speck(starts[-1], stops[-1], starts[-1] - stops[-2]):
        del starts[-1], stops[-1]
    return starts[0], stops[-1]


def _thicken_hairlines(darkness: Floats, scale: float) -> Floats:
    """Widen lines that would come out thinner than 1.3 pixels, by a maximum over neighbors."""
    if scale >= 0.8:
        return darkness
    mask = darkness > 0.4
    edges = int((mask[1:] != mask[:-1]).sum()) + int((mask[:, 1:] != mask[:, :-1]).sum())
    line_px = 2.6 * float(mask.sum()) / max(edges, 1)  # 2·area/perimeter, edges counted along both axes
    grow = int(np.ceil((1.3 / scale - line_px) / 2.0))
    for axis in (0, 1) if grow > 0 else ():
        for _ in range(grow):
            wide = darkness.copy()
            lower, upper = [slice(None)] * 2, [slice(None)] * 2
            lower[axis], upper[axis] = slice(1, None), slice(None, -1)
            np.maximum(wide[tuple(lower)], darkness[tuple(upper)], out=wide[tuple(lower)])
            np.maximum(wide[tuple(upper)], darkness[tuple(lower)], out=wide[tuple(upper)])
            darkness = wide
    return darkness


@lru_cache(maxsize=2048)
def _resampling(length: int, out_length: int) -> Floats:
    """Weights float32 (out_length, length): area means when shrinking, linear when growing."""
    ratio = length / out_length
    centers = (np.arange(out_length) + 0.5) * ratio
    distance = np.abs(np.arange(length)[None, :] + 0.5 - centers[:, None])
    weights = np.clip((max(ratio, 1.0) + 1.0) / 2.0 - distance, 0.0, 1.0)
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.asarray(weights, np.float32)
