"""Lines of handwriting that never were, with what they say: for recognizers that read a line as a whole.

In: a `Pool`, pictures of single characters drawn once from the training sources, and text. Out: lines,
uint8 (64, w), 255 = paper, as they are cut from a page: written by a narrow or a wide, a leaning, a crowded hand,
characters touching and overlapping, drifting from the line; with rests of rulings and squares, of the lines
above and below, of watermarks, with characters struck out, which they do not say; on paper or, as the application
leaves it, on white; blurred, coarse, pale, noisy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.marks import HIGH, LOW, MIDDLE, TALL, USUAL
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.core.subsets import in_subset
from trainer.data.pool import STORED, Pool

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Random = np.random.Generator

HEIGHT, SIZE = LineSpec().height, LineSpec().size
"""Pixels of a line, and of a character in it on the average."""
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_WIDE_FORMS = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）", "~": "～"}


@dataclass(frozen=True, eq=False)
class Texts:
    """What lines say: text, and characters at random. All are numbers of the pool's characters."""

    lines: tuple[npt.NDArray[np.int32], ...]
    chinese: npt.NDArray[np.int32]
    digits: npt.NDArray[np.int32]
    letters: npt.NDArray[np.int32]
    others: npt.NDArray[np.int32]
    circled: npt.NDArray[np.int32]

    def draw(self, length: int, rng: Random) -> list[int]:
        """Return about `length` numbers: mostly text, with marks, numbers and words put in, or random characters."""
        kind = rng.random()
        if kind < 0.22:
            said = rng.choice(self.chinese, length).tolist()
        elif kind < 0.26 and len(self.letters) and len(self.digits):
            said = rng.choice(self.letters if rng.random() < 0.5 else self.digits, length).tolist()
        else:
            line = self.lines[int(rng.integers(len(self.lines)))]
            start = int(rng.integers(max(len(line) - length // 2, 1)))
            said = line[start : start + length].tolist()
        if rng.random() < 0.35 and len(self.others) + len(self.digits) + len(self.letters) + len(self.circled):
            for _ in range(int(rng.integers(1, 4))):
                at = int(rng.integers(len(said) + 1))
                said[at:at] = self._insertion(rng)
        return said[: length + 4] or [int(rng.choice(self.chinese))]

    def _insertion(self, rng: Random) -> list[int]:
        """Return a mark, a number or a word, of those that the alphabet has."""
        kinds = [(self.others, 1, 0.45), (self.digits, 4, 0.3), (self.letters, 6, 0.15), (self.circled, 1, 0.1)]
        held = [kind for kind in kinds if len(kind[0])]
        shares = np.array([share for _, _, share in held])
        among, most, _ = held[int(rng.choice(len(held), p=shares / shares.sum()))]
        return [int(v) for v in rng.choice(among, int(rng.integers(1, most + 1)))]


def texts_of(pool: Pool, lines: Iterable[str], least: int = 4) -> Texts:
    """Return text in the pool's characters; what it lacks is left out, marks take their wide forms."""
    numbers = {c: i for i, c in enumerate(pool.characters)}
    wide = {**numbers, **{c: numbers[form] for c, form in _WIDE_FORMS.items() if form in numbers}}
    known = [np.array([wide[c] for c in line if c in wide], np.int32) for line in lines]

    def of(*parts: str) -> npt.NDArray[np.int32]:
        found = [i for c, i in numbers.items() if any(in_subset(c, part) for part in parts)]
        return np.array(found, np.int32)

    chinese = of("simplified", "traditional")
    digits, letters = of("digits"), of("letters")
    kana = of("kana")
    rest = set(range(len(numbers))) - {*chinese.tolist(), *digits.tolist(), *letters.tolist(), *kana.tolist()}
    narrow = {numbers[c] for c in _WIDE_FORMS if c in numbers and _WIDE_FORMS[c] in numbers}
    usual = [numbers[c] for c in USUAL if c in numbers]
    others = np.array(sorted(rest - narrow) + 4 * usual, np.int32)
    circled = np.array([numbers[c] for c in CIRCLED if c in numbers], np.int32)
    return Texts(tuple(line for line in known if len(line) >= least), chinese, digits, letters, others, circled)


_ALONG = "（）()《》「」【】[]{}〈〉/\\|｜…—-~～→←ー"
"""What goes along the line: in a column it is turned."""


def _place(character: str, rng: Random) -> tuple[float, float]:
    """Return how large a character is written and how far below the line's middle, in sizes of a character."""
    if character in LOW:
        return rng.uniform(0.1, 0.22) if character in ".。" else rng.uniform(0.16, 0.36), rng.uniform(0.2, 0.5)
    if character in HIGH:
        return rng.uniform(0.15, 0.34), -rng.uniform(0.25, 0.48)
    if character in "：；:;":
        return rng.uniform(0.25, 0.6), rng.uniform(0.0, 0.25)
    if character == "·":
        return rng.uniform(0.07, 0.16), rng.normal(0, 0.08)
    if character in "…—→←":
        return rng.uniform(0.5, 1.3), rng.normal(0, 0.08)
    if character in MIDDLE or character in "=+_*×÷<>":
        return rng.uniform(0.25, 0.6), rng.normal(0, 0.08)
    if character in TALL or character in "！？!?":
        return rng.uniform(0.65, 1.15), rng.normal(0.03, 0.06)
    if character in "acemnorsuvwxz":
        return rng.uniform(0.35, 0.65), rng.uniform(0.05, 0.25)
    if character in "gpqy":
        return rng.uniform(0.5, 0.8), rng.uniform(0.15, 0.35)
    if character.isascii():
        return rng.uniform(0.55, 0.95), rng.normal(0.03, 0.08)
    if character in CIRCLED:
        return rng.uniform(0.6, 1.0), rng.normal(0, 0.06)
    return rng.uniform(0.8, 1.1), rng.normal(0, 0.04)


@dataclass(frozen=True)
class _Hand:
    """One writer's way, for a line: sizes are shares of a character's."""

    size: float
    spread: float
    waver: float
    narrow: float
    lean: float
    drift: float
    wave: float
    bold: int

    @classmethod
    def draw(cls, rng: Random) -> _Hand:
        return cls(
            size=SIZE * float(np.exp(rng.normal(0, 0.09))),
            spread=float(rng.choice([rng.uniform(-0.12, 0.05), rng.uniform(0.0, 0.2), rng.uniform(0.1, 0.5)])),
            waver=rng.uniform(0.02, 0.1),
            narrow=rng.uniform(0.56, 1.08),
            lean=rng.normal(0, 0.1),
            drift=rng.uniform(0.0, 0.07),
            wave=rng.uniform(0.0, 0.08),
            bold=int(rng.choice([-1, 0, 0, 1])),
        )

    def neat(self) -> _Hand:
        """Return the hand of somebody who fills the line, and writes nothing too narrow or too close to the next."""
        return replace(self, size=1.15 * self.size, narrow=max(self.narrow, 0.8), spread=max(self.spread, 0.06))


def compose_line(
    pool: Pool, texts: Texts, width: int, rng: Random, *, is_column: bool = False, is_clean: bool = False
) -> tuple[Gray, list[int]]:
    """Return a line, uint8 (64, width), and its characters, numbers of the pool's.

    A column is mirrored at its diagonal: its top is on the left, and what is on its right is below. A clean line is of
    a neat hand, and has nothing of paper, camera, and what else is written.
    """
    cv2.setNumThreads(1)
    hand = _Hand.draw(rng).neat() if is_clean else _Hand.draw(rng)
    pitch = hand.size * (0.95 * hand.narrow + max(hand.spread, 0.0))
    said = texts.draw(max(int(width / pitch), 2) if rng.random() < 0.85 else int(rng.integers(1, 5)), rng)
    margin = 24
    ink = np.zeros((HEIGHT + 2 * margin, width), np.float32)
    squares = hand.size * rng.uniform(1.05, 1.3) if not is_clean and rng.random() < 0.12 else 0.0
    kept, x, phase, cell = [], float(rng.uniform(2, 0.7 * hand.size)), rng.uniform(0, 6.3), -1
    crossed = range(0)
    if not is_clean and rng.random() < 0.1:
        first = int(rng.integers(len(said)))
        crossed = range(first, first + int(rng.integers(1, 4)))
    wrong: list[tuple[float, float, float, float]] = []
    for place, number in enumerate(said):
        character = pool.characters[number]
        picture = pool.picture(number, rng)
        if is_column and character not in _ALONG:
            picture = picture.T
        picture = _shaped(picture, hand, rng)
        share, below = _place(character, rng)
        scale = share * hand.size / STORED
        shown = (max(round(picture.shape[1] * scale), 2), max(round(picture.shape[0] * scale), 2))
        if x + shown[0] > width - 2:
            break
        x = max(x, 0.0)
        if squares and share > 0.75:
            cell = max(cell + 1, int(x / squares))
            x = (cell + 0.5) * squares - shown[0] / 2
            if x + shown[0] > width - 2:
                break
        middle = (
            HEIGHT / 2
            + margin
            + hand.size * (below + rng.normal(0, hand.drift) + hand.wave * np.sin(x / (4 * hand.size) + phase))
        )
        _put(ink, cv2.resize(picture, shown, interpolation=cv2.INTER_AREA), round(x), round(middle - shown[1] / 2))
        if place in crossed:
            wrong.append((x, middle - shown[1] / 2, x + shown[0], middle + shown[1] / 2))
        else:
            kept.append(number)
        gap = hand.spread + rng.normal(0, hand.waver)
        x += shown[0] + hand.size * max(gap if share > 0.75 else abs(gap) + 0.03, -0.16)
        if rng.random() < 0.02:
            x += hand.size * rng.uniform(0.5, 3.0)
    if is_clean:
        return np.asarray(255.0 * (1.0 - ink[margin:-margin]), np.uint8), kept
    if wrong:
        _cross_out(ink, wrong, rng)
    if rng.random() < 0.3:
        _neighbors(ink, pool, texts, hand, rng)
    printed = _rulings(ink.shape, hand, squares, rng)
    if rng.random() < 0.12:
        _erase(ink, rng)
    ink = ink[margin:-margin]
    if hand.bold:
        kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        ink = np.asarray(cv2.dilate(ink, kernel), np.float32) if hand.bold > 0 else ink * ink
    return _photographed(ink, printed[margin:-margin], hand, rng), kept


def _shaped(picture: Gray, hand: _Hand, rng: Random) -> Gray:
    """Return a character as the hand writes it: narrower, leaning, turned a little."""
    height, width = picture.shape
    narrow = hand.narrow * float(np.exp(rng.normal(0, 0.07)))
    if width < 0.25 * height:  # narrow already: a stroke
        narrow = 1.0
    lean, rise = hand.lean + rng.normal(0, 0.05), rng.normal(0, 0.05)
    right, down = lean * height, rise * width
    size = (max(round(narrow * width + abs(right)), 2), max(round(height + abs(down)), 2))
    move = np.array([[narrow, -lean, max(right, 0.0)], [-rise, 1.0, max(down, 0.0)]])
    return np.asarray(cv2.warpAffine(picture, move, size, flags=cv2.INTER_LINEAR), np.uint8)


def _put(ink: Floats, picture: npt.NDArray[np.generic], x: int, y: int) -> None:
    shown = np.asarray(picture, np.float32) / 255.0
    shown = np.minimum(shown / max(float(shown.max()), 0.3), 1.0)
    height, width = shown.shape
    y0, y1, x0, x1 = max(y, 0), min(y + height, ink.shape[0]), max(x, 0), min(x + width, ink.shape[1])
    if y1 > y0 and x1 > x0:
        area = ink[y0:y1, x0:x1]
        np.maximum(area, shown[y0 - y : y1 - y, x0 - x : x1 - x], out=area)


def _cross_out(ink: Floats, boxes: Sequence[tuple[float, float, float, float]], rng: Random) -> None:
    """Strike out what is in boxes as writers do: by lines, a cross, a zigzag, loops, or until it is black."""
    left, top, right, bottom = (f(box[side] for box in boxes) for side, f in enumerate((min, min, max, max)))
    width, height = right - left + 4, max(bottom - top, 12.0)
    x, y, reach = left - 2, (top + bottom) / 2, height * rng.uniform(0.25, 0.5)
    way = int(rng.integers(5))
    if way == 0:  # lines along
        lines = [[(0.0, s), (1.0, s + rng.normal(0, 0.2))] for s in rng.uniform(-0.5, 0.5, int(rng.integers(1, 4)))]
    elif way == 1:
        lines = [[(0.0, -1.0), (1.0, 1.0)], [(0.0, 1.0), (1.0, -1.0)]][: int(rng.integers(1, 3))]
    else:
        turns = max(round(width / rng.uniform(4, 12)), 4) if way < 4 else max(round(width / 2.5), 6)
        t = np.linspace(0, 1, turns * (8 if way == 3 else 1))
        swing = np.sin(np.arange(len(t)) * (2 * np.pi / 8)) if way == 3 else (-1.0) ** np.arange(len(t))
        back = 0.1 * np.cos(np.arange(len(t)) * (2 * np.pi / 8)) if way == 3 else np.zeros(len(t))
        lines = [list(zip((t + back).tolist(), (swing * rng.uniform(0.8, 1.1, len(t))).tolist(), strict=True))]
    thick = int(rng.integers(2, 5))
    for line in lines:
        points = np.array([(x + a * width, y + b * reach) for a, b in line])
        points += rng.normal(0, 1.0, points.shape)
        cv2.polylines(ink, [np.round(points * 8).astype(np.int32)], False, 1.0, thick, cv2.LINE_AA, 3)


def _neighbors(ink: Floats, pool: Pool, texts: Texts, hand: _Hand, rng: Random) -> None:
    """Write bits of the lines above and below, of which the line's picture keeps the nearest edge."""
    for side in (-1, 1):
        if rng.random() < 0.5:
            continue
        apart = hand.size * rng.uniform(1.05, 1.5)
        for x in np.arange(0, ink.shape[1], hand.size * rng.uniform(0.9, 1.6)):
            if rng.random() < 0.4:
                picture = pool.picture(int(rng.choice(texts.chinese)), rng)
                y = ink.shape[0] / 2 + side * apart - picture.shape[0] / 2
                _put(ink, picture, round(float(x)), round(y + rng.normal(0, 2)))


def _rulings(shape: tuple[int, ...], hand: _Hand, squares: float, rng: Random) -> Floats:
    """Draw what is left of rulings, squares and underlines, whole or in bits."""
    printed = np.zeros(shape, np.float32)
    height, width = shape
    thick = int(rng.integers(1, 4))

    def line(a: tuple[float, float], b: tuple[float, float]) -> None:
        cv2.line(printed, (round(a[0]), round(a[1])), (round(b[0]), round(b[1])), 1.0, thick, cv2.LINE_AA)

    if squares:
        top, bottom = height / 2 - squares / 2, height / 2 + squares / 2
        lean = rng.normal(0, 0.12) * squares  # of paper that is seen from the side
        for x in np.arange(0, width + squares, squares):
            if rng.random() < 0.9:
                line((x + lean / 2, top), (x - lean / 2 + rng.normal(0, 1), bottom))
        if rng.random() < 0.5:  # otherwise they were taken out, and the others were not
            line((0, top), (width, top))
            line((0, bottom), (width, bottom))
    elif rng.random() < 0.22:
        for side in (-1, 1):
            if rng.random() < 0.6:
                y = height / 2 + side * hand.size * rng.uniform(0.4, 0.75)
                line((0, y), (width, y + rng.normal(0, 3)))
    if not printed.any():
        return printed
    if rng.random() < 0.5:  # rests that were not taken out
        holes = (rng.random((1, max(width // 12, 1))) < rng.uniform(0.1, 0.9)).astype(np.float32)
        printed *= cv2.resize(holes, (width, 1), interpolation=cv2.INTER_NEAREST)
    return printed * np.float32(rng.uniform(0.15, 0.9))


def _erase(ink: Floats, rng: Random) -> None:
    """Take out thin streaks across or down, as go with a ruling that is taken out."""
    height, width = ink.shape
    for _ in range(int(rng.integers(1, 4))):
        thick = int(rng.integers(1, 4))
        if rng.random() < 0.5:
            ink[int(rng.integers(height)) :][:thick] = 0.0
        else:
            x, lean = rng.integers(width), rng.normal(0, 0.12) * height
            cv2.line(ink, (int(x), 0), (int(x + lean), height), 0.0, thick)


def _photographed(ink: Floats, printed: Floats, hand: _Hand, rng: Random) -> Gray:
    height, width = ink.shape
    darkest = rng.uniform(0.0, 0.65)
    if rng.random() < 0.4:  # not all strokes are as dark
        uneven = rng.uniform(0.55, 1.0, (3, max(width // 24, 2))).astype(np.float32)
        ink = ink * cv2.resize(uneven, (width, height))
    if rng.random() < 0.45:  # small in its picture, and enlarged
        small = rng.uniform(15, 40) / hand.size
        size = (max(round(width * small), 8), max(round(height * small), 8))
        ink, printed = _coarse(ink, size), _coarse(printed, size)
        peak = float(np.quantile(ink, 0.995))
        ink = (ink / max(peak, 0.3)).clip(0, 1)
    shown = 255.0 * (1.0 - (1.0 - darkest) * printed) * (1.0 - (1.0 - darkest) * ink)
    if rng.random() < 0.4:  # paper, and what shows through
        light = cv2.resize(rng.uniform(0.8, 1.0, (2, 4)).astype(np.float32), (width, height))
        shown = shown * light
        if rng.random() < 0.25:
            shown = shown * (1.0 - rng.uniform(0.03, 0.2) * cv2.GaussianBlur(ink[::-1, ::-1], (0, 0), 2.0))
    if rng.random() < 0.5:
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.5:
        shown = shown + rng.normal(0, rng.uniform(0.5, 8), shown.shape)
    picture: Gray = np.asarray(shown, np.float32).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        quality = [int(cv2.IMWRITE_JPEG_QUALITY), int(rng.integers(35, 95))]
        picture = np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_GRAYSCALE), np.uint8)
    return picture


def _coarse(layer: Floats, size: tuple[int, int]) -> Floats:
    """Return a layer as it looks where it was (width, height) = `size` pixels and was enlarged again."""
    small = cv2.resize(layer, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, layer.shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)
