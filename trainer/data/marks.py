"""Templates of our own where collections have none: punctuation, and rare characters in two parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample

_Point = tuple[float, float]
_Stroke = list[_Point]


def _arc(x: float, y: float, width: float, height: float, start: float, stop: float) -> _Stroke:
    """Return a part of an ellipse around (x, y), degrees from the right over the bottom."""
    angles = [math.radians(start + (stop - start) * i / 12) for i in range(13)]
    return [(x + width * math.cos(a), y + height * math.sin(a)) for a in angles]


def _dot(x: float, y: float) -> _Stroke:
    return [(x, y), (x + 2, y + 3)]


def _comma(x: float, y: float) -> _Stroke:
    return [(x, y), (x + 4, y + 3), (x + 4, y + 10), (x - 4, y + 20)]


def _beside(strokes: list[_Stroke], step: float) -> list[_Stroke]:
    return strokes + [[(x + step, y) for x, y in stroke] for stroke in strokes]


_BAR = [[(50.0, 0.0), (50.0, 100.0)]]
_SMALLER, _GREATER = [[(90.0, 10.0), (10.0, 50.0), (90.0, 90.0)]], [[(10.0, 10.0), (90.0, 50.0), (10.0, 90.0)]]
_ANGLE, _ANGLE_END = [[(40.0, 0.0), (10.0, 50.0), (40.0, 100.0)]], [[(10.0, 0.0), (40.0, 50.0), (10.0, 100.0)]]
_QUOTE = [[(4.0, 0.0), (-4.0, 8.0), (-3.0, 16.0), (3.0, 18.0)]]
_QUESTION = [[*_arc(30, 25, 25, 25, -180, 60), (30.0, 58.0), (30.0, 72.0)], _dot(29, 92)]
_WAVE = [[*_arc(25, 50, 25, 14, -180, 0), *_arc(75, 50, 25, 14, 180, 0)]]
_YEN = [[(10.0, 0.0), (50.0, 45.0)], [(90.0, 0.0), (50.0, 45.0), (50.0, 100.0)], [(20.0, 52.0), (80.0, 52.0)]]

_MARKS: dict[str, list[_Stroke]] = {
    '"': _beside([[(2.0, 0.0), (0.0, 20.0)]], 12),
    "#": [[(38, 0), (28, 100)], [(72, 0), (62, 100)], [(5, 35), (98, 35)], [(2, 68), (95, 68)]],
    "$": [[*_arc(40, 28, 26, 20, -30, -270), *_arc(40, 68, 26, 20, -90, 150)], [(40, -5), (40, 102)]],
    "%": [_arc(20, 25, 18, 20, -90, 270), [(85, 2), (15, 98)], _arc(80, 75, 18, 20, -90, 270)],
    "&": [
        [(85, 98), (22, 30)],
        _arc(38, 18, 18, 18, 150, 420),
        [(48, 32), (12, 62)],
        [*_arc(34, 76, 26, 22, 220, 20), (82, 52)],
    ],
    "'": [[(2, 0), (0, 20)]],
    "(": [_arc(60, 50, 40, 70, 230, 130)],
    ")": [_arc(0, 50, 40, 70, -50, 50)],
    "*": [[(50, 5), (50, 95)], [(10, 28), (90, 72)], [(90, 28), (10, 72)]],
    "+": [[(5, 50), (95, 50)], [(50, 5), (50, 95)]],
    "-": [[(20, 50), (80, 49)]],
    "/": [[(70, 0), (25, 100)]],
    "<": _SMALLER,
    "=": [[(5, 35), (95, 35)], [(5, 65), (95, 65)]],
    ">": _GREATER,
    "@": [_arc(48, 50, 18, 20, -40, -400), [(66, 30), (66, 66), (78, 72)], _arc(52, 50, 46, 48, 28, -300)],
    "[": [[(38, 0), (10, 0), (10, 100), (38, 100)]],
    "\\": [[(25, 0), (70, 100)]],
    "]": [[(10, 0), (38, 0), (38, 100), (10, 100)]],
    "^": [[(10, 60), (50, 10), (90, 60)]],
    "_": [[(0, 95), (100, 95)]],
    "{": [[*_arc(36, 14, 14, 14, -90, -180), (22, 40), (8, 50)], [(8, 50), (22, 60), *_arc(36, 86, 14, 14, 180, 90)]],
    "|": _BAR,
    "}": [[*_arc(10, 14, 14, 14, -90, 0), (24, 40), (38, 50)], [(38, 50), (24, 60), *_arc(10, 86, 14, 14, 0, 90)]],
    "~": _WAVE,
    "·": [_dot(50, 50)],
    "×": [[(10, 10), (90, 90)], [(90, 10), (10, 90)]],
    "÷": [[(5, 50), (95, 50)], _dot(49, 15), _dot(49, 82)],
    "—": [[(0, 50), (100, 49)]],
    "‘": _QUOTE,
    "’": [_comma(0, 0)],
    "“": _beside(_QUOTE, 16),
    "”": _beside([_comma(0, 0)], 16),
    "…": [_dot(10, 50), _dot(48, 50), _dot(86, 50)],
    "〈": _ANGLE,
    "〉": _ANGLE_END,
    "《": _beside(_ANGLE, 28),
    "》": _beside(_ANGLE_END, 28),
    "「": [[(60, 4), (20, 4), (20, 90)]],
    "」": [[(60, 4), (60, 90), (20, 90)]],
    "【": [[(54, 0), (0, 0), (0, 100), (54, 100)], _arc(72, 50, 42, 53, 245, 115)],
    "】": [[(6, 0), (60, 0), (60, 100), (6, 100)], _arc(-12, 50, 42, 53, -65, 65)],
    "（": [_arc(60, 50, 40, 70, 230, 130)],
    "）": [_arc(0, 50, 40, 70, -50, 50)],
    "，": [_comma(0, 0)],
    "：": [_dot(0, 0), _dot(0, 36)],
    "；": [_dot(2, 0), _comma(0, 34)],
    "？": _QUESTION,
    "～": _WAVE,
    "→": [[(0, 50), (100, 48)], [(72, 24), (100, 49), (70, 74)]],
    "←": [[(100, 50), (0, 48)], [(28, 24), (0, 49), (30, 74)]],
    "√": [[(0, 55), (14, 50), (34, 100), (100, 0)]],
    "￥": [*_YEN, [(20, 72), (80, 72)]],
}

_DIGITS: dict[str, list[_Stroke]] = {
    "0": [_arc(50, 50, 26, 46, -90, 270)],
    "1": [[(50, 4), (48, 96)]],
    "2": [[*_arc(48, 28, 26, 24, -160, 40), (20, 96)], [(20, 96), (82, 92)]],
    "3": [[*_arc(46, 27, 24, 23, -150, 80), *_arc(44, 73, 30, 24, -80, 140)]],
    "4": [[(58, 2), (14, 66), (88, 62)], [(62, 34), (58, 98)]],
    "5": [[(30, 6), (26, 46), *_arc(46, 68, 30, 28, -120, 140)], [(30, 6), (78, 4)]],
    "6": [[(66, 2), (32, 50), *_arc(48, 72, 24, 24, 180, 540)]],
    "7": [[(18, 8), (82, 4), (44, 98)]],
    "8": [[*_arc(50, 26, 22, 22, -60, -270), *_arc(50, 74, 26, 24, -90, 270), (68, 12)]],
    "9": [[*_arc(48, 28, 24, 25, 0, 360), (70, 30), (62, 98)]],
}
_CIRCLED = {circled: str(number) for number, circled in enumerate("①②③④⑤⑥⑦⑧⑨⑩", 1)}

_STACKED: dict[str, tuple[tuple[str, int | None], tuple[str, int | None], float]] = {
    "垕": (("后", None), ("土", None), 0.6),
    "峃": (("学", 5), ("山", None), 0.45),
}
"""Character → what stands above and below: a template and how many of its strokes, and the height of the upper."""


def own_templates(templates: Iterable[Sample]) -> Iterator[Sample]:
    """Yield templates of punctuation, and of rare characters put together from `templates`."""
    for character, strokes in _MARKS.items():
        yield Sample(character, Ink.from_points(strokes))
    for character, digits in _CIRCLED.items():
        strokes = [_arc(50, 50, 50, 50, -100, 262)]
        for place, digit in enumerate(digits):
            wide, left = (0.55, 22.5) if len(digits) == 1 else (0.36, 14.0 + 34.0 * place)
            strokes += [[(left + wide * x, 22.5 + 0.55 * y) for x, y in stroke] for stroke in _DIGITS[digit]]
        yield Sample(character, Ink.from_points(strokes))
    found = {sample.character: sample.content for sample in templates if isinstance(sample.content, Ink)}
    for character, (upper, lower, share) in _STACKED.items():
        if upper[0] in found and lower[0] in found:
            strokes = [
                *_placed(found[upper[0]], upper[1], 0.0, share),
                *_placed(found[lower[0]], lower[1], share + 0.05, 1.0),
            ]
            yield Sample(character, Ink.from_points(strokes))


def _placed(ink: Ink, count: int | None, top: float, bottom: float) -> list[_Stroke]:
    """Return an ink's first strokes in the unit square, from `top` to `bottom`."""
    part = Ink(ink.strokes[:count])
    left, upper, right, lower = part.bounds
    wide, high = max(right - left, 1e-6), max(lower - upper, 1e-6)
    return [
        [(float((x - left) / wide), float(top + (y - upper) / high * (bottom - top))) for x, y in stroke.xy]
        for stroke in part.strokes
    ]
