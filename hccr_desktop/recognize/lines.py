"""A line's pieces of ink → its characters: cut too much, read every joint, keep the best path.

Each piece, or run of neighboring pieces, that could be a character is read; a path through the line
is judged by how sure the recognizer is, by the shape of what was joined and, where there is a language
model, by how likely the characters follow each other (Wang, Yin and Liu, PAMI 2012). The weights were
set on lines composed of the text `modern-prose` in the hand that also writes the benchmark's pages.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Allowed, Engine, softmax
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.layout import Layout, Line, Piece, around

Floats = npt.NDArray[np.float32]
_Chances = tuple[npt.NDArray[np.int64], Floats]
"""Classes, likeliest first, and their log probabilities."""

_SMALL = 0.42
"""Below this share of a character's size a joint is a punctuation mark."""
_MARKS = {"low": "，。、．,.;；", "high": "‘’“”'\"", "middle": "·…—-：:；一~～"}
"""Where a line has its small characters."""
_MOST_COLUMNS, _MOST_WIDTH = 6, 1.55
_CHOICES, _BEAM = 8, 16


@dataclass(frozen=True)
class Weights:
    """How much each judge counts, in nats of the recognizer's certainty.

    `language` is a nat of the language model's, which lets every character off with `step` nats, lest it
    prefer few characters to many; without it a character costs `alone`. `width`, `narrow` and `gap` are for
    each squared share of a character's size that a joint is too wide, too narrow, or open within.
    """

    language: float = 0.6
    step: float = 5.0
    alone: float = 1.0
    width: float = 12.0
    narrow: float = 10.0
    gap: float = 10.0


@dataclass(frozen=True)
class _Joint:
    """Columns `start` to `stop` - 1 as one character."""

    start: int
    stop: int
    pieces: tuple[Piece, ...]


class LineReader:
    """Reads lines with an engine and, where one is given, a language model."""

    def __init__(
        self, engine: Engine, language: Language | None = None, weights: Weights = Weights(), allowed: Allowed = None
    ) -> None:
        self._engine, self._language, self._weights = engine, language, weights
        charset = engine.bundle.charset
        everything = np.ones(len(charset), bool) if allowed is None else allowed
        self._large = everything & ~_mask(charset, "，。、．,.·‘’'\"“”丶｀`")
        self._of_place = {place: everything & _mask(charset, names) for place, names in _MARKS.items()}
        numbers = np.zeros(len(charset), np.int64)
        if language is not None:
            numbers = language.numbers(list(charset.characters))
        self._numbers = numbers

    def read(self, layout: Layout, lines: Sequence[Line]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line, from left to right, their boxes in the picture that was given."""
        labels = layout.labels.copy()
        layout = Layout(layout.page, labels, layout.lines, layout.to_source)
        numbers = itertools.count(int(labels.max(initial=0)) + 1)
        columns = [_columns(line, labels, numbers) for line in lines]
        joints = [_joints(found, line.size) for found, line in zip(columns, lines, strict=True)]
        flat = [(joint, line) for found, line in zip(joints, lines, strict=True) for joint in found]
        chances = self._read_all(layout, flat)
        answers, at = [], 0
        for found, line, own in zip(joints, lines, columns, strict=True):
            answers.append(self._best_path(layout, line, len(own), found, chances[at : at + len(found)]))
            at += len(found)
        return answers

    def _read_all(self, layout: Layout, joints: Sequence[tuple[_Joint, Line]]) -> list[_Chances]:
        """Return, for each joint, its likeliest classes and their log probabilities; none where there is no ink."""
        found: list[_Chances] = []
        for start in range(0, len(joints), 256):
            part = joints[start : start + 256]
            images = [self._image(layout, joint) for joint, _ in part]
            filled = [image for image in images if image is not None]
            logits = iter(self._engine.logits(np.concatenate(filled)) if filled else ())
            for (joint, line), image in zip(part, images, strict=True):
                answer = None if image is None else next(logits)
                if answer is None or not (allowed := self._allowed(joint, line)).any():
                    found.append((np.zeros(0, np.int64), np.zeros(0, np.float32)))
                    continue
                row = np.where(allowed, answer, -np.inf)
                top = np.argpartition(row, -_CHOICES)[-_CHOICES:]
                top = top[np.argsort(-row[top])]
                top = top[np.isfinite(row[top])]
                found.append((top, np.log(np.maximum(softmax(row)[top], 1e-9)).astype(np.float32)))
        return found

    def _image(self, layout: Layout, joint: _Joint) -> npt.NDArray[np.uint8] | None:
        try:
            return normalize([GlyphImage(layout.crop(joint.pieces))], self._engine.bundle.spec)
        except EmptyInk:
            return None

    def _allowed(self, joint: _Joint, line: Line) -> npt.NDArray[np.bool_]:
        """Return which classes a joint of this size and at this height can be."""
        left, top, right, bottom = around([piece.box for piece in joint.pieces])
        if max(right - left, bottom - top) >= _SMALL * line.size:
            return self._large
        near = [p for p in line.pieces if p.height > 0.5 * line.size and abs(p.box[0] - left) < 4 * line.size]
        middle = np.mean([(p.box[1] + p.box[3]) / 2 for p in near or line.pieces])
        away = ((top + bottom) / 2 - middle) / line.size
        place = "low" if away > 0.15 else "high" if away < -0.2 else "middle"
        allowed = self._of_place[place]
        return allowed if allowed.any() else self._large

    def _best_path(
        self,
        layout: Layout,
        line: Line,
        columns: int,
        joints: Sequence[_Joint],
        chances: Sequence[_Chances],
    ) -> tuple[Recognition, ...]:
        """Search from left to right; the state is the last character."""
        weights, language = self._weights, self._language
        ending: dict[int, list[int]] = {}
        for number, joint in enumerate(joints):
            ending.setdefault(joint.stop, []).append(number)
        # At each place: classes (-1 at the start), scores, and where each came from: (place, state, joint, choice).
        states: list[tuple[npt.NDArray[np.int64], Floats, list[tuple[int, int, int, int]]]] = [
            (np.array([-1]), np.zeros(1, np.float32), [])
        ]
        for place in range(1, columns + 1):
            best: dict[int, tuple[float, tuple[int, int, int, int]]] = {}
            for number in ending.get(place, ()):
                joint, (classes, logs) = joints[number], chances[number]
                before, scores, _ = states[joint.start]
                if not len(before) or not len(classes):
                    continue
                gain = (joint.stop - joint.start) * logs - self._misshape(joint, line)
                total = scores[:, None] + gain[None, :]
                if language is None:
                    total = total - weights.alone
                else:
                    numbers = np.where(before < 0, 0, self._numbers[before])
                    likely = language.after(numbers, self._numbers[classes]) + weights.step
                    total = total + weights.language * likely
                come_from = total.argmax(axis=0)
                for choice, state in enumerate(come_from.tolist()):
                    score = float(total[state, choice])
                    found = int(classes[choice])
                    if found not in best or score > best[found][0]:
                        best[found] = (score, (joint.start, state, number, choice))
            kept = sorted(best.items(), key=lambda item: -item[1][0])[:_BEAM]
            states.append(
                (
                    np.array([found for found, _ in kept], np.int64),
                    np.array([score for _, (score, _) in kept], np.float32),
                    [way for _, (_, way) in kept],
                )
            )
        place = max((p for p in range(columns + 1) if len(states[p][0])), default=0)
        state, path = 0, []
        while place > 0:
            start, before_state, number, choice = states[place][2][state]
            path.append((number, choice))
            place, state = start, before_state
        return tuple(self._recognition(layout, joints[n], *chances[n], choice) for n, choice in reversed(path))

    def _misshape(self, joint: _Joint, line: Line) -> float:
        """Return how unusual a joint's shape is: too wide, tall but narrow, or with a wide gap within."""
        left, top, right, bottom = around([piece.box for piece in joint.pieces])
        wide = max((right - left) / line.size - 1.1, 0.0)
        narrow = max(0.6 - (right - left) / line.size, 0.0) if bottom - top > 0.6 * line.size else 0.0
        cost = self._weights.width * wide * wide + self._weights.narrow * narrow * narrow
        ordered = sorted(piece.box for piece in joint.pieces)
        reach, gap = ordered[0][2], 0
        for box in ordered[1:]:
            gap, reach = max(gap, box[0] - reach), max(reach, box[2])
        open_ = max(gap / line.size - 0.1, 0.0)
        return cost + self._weights.gap * open_ * open_

    def _recognition(
        self, layout: Layout, joint: _Joint, classes: npt.NDArray[np.int64], logs: Floats, choice: int
    ) -> Recognition:
        charset = self._engine.bundle.charset
        order = [choice, *(i for i in range(len(classes)) if i != choice)]
        candidates = tuple(Candidate(charset[int(classes[i])], float(np.exp(logs[i]))) for i in order)
        box = layout.source_box(around([piece.box for piece in joint.pieces]))
        return Recognition(candidates, self._engine.bundle.id, 0.0, box)


def _mask(charset: Charset, names: str) -> npt.NDArray[np.bool_]:
    return np.array([character in names for character in charset.characters])


def _columns(line: Line, labels: npt.NDArray[np.int32], numbers: Iterator[int]) -> list[tuple[Piece, ...]]:
    """Return groups of pieces that stand above one another, from left to right; wide pieces are cut."""
    pieces = [part for piece in line.pieces for part in _cut(piece, line.size, labels, numbers)]
    columns: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.box[0]):
        left, _, right, _ = piece.box
        if columns:
            a_left, _, a_right, _ = around([p.box for p in columns[-1]])
            shared = min(a_right, right) - max(a_left, left)
            joined = max(a_right, right) - min(a_left, left)
            if shared > 0.5 * min(right - left, a_right - a_left) and joined < 1.35 * line.size:
                columns[-1].append(piece)
                continue
        columns.append([piece])
    return [tuple(column) for column in columns]


def _cut(piece: Piece, size: float, labels: npt.NDArray[np.int32], numbers: Iterator[int]) -> list[Piece]:
    """Cut a piece that is wider than a character where it has least ink; gives the parts new `numbers` in `labels`."""
    if piece.width < 1.3 * size:
        return [piece]
    left, top, right, bottom = piece.box
    inside = np.isin(labels[top:bottom, left:right], piece.labels)
    profile = cv2.GaussianBlur(inside.sum(axis=0).astype(np.float32)[None, :], (0, 0), max(size / 40, 0.6))[0]
    parts = max(2, round(piece.width / (0.5 * size)))
    cuts = []
    for k in range(1, parts):
        at = round(k * piece.width / parts)
        reach = max(1, round(0.2 * size))
        window = profile[max(at - reach, 1) : min(at + reach, piece.width - 1)]
        if len(window):
            cuts.append(max(at - reach, 1) + int(np.argmin(window)))
    made = []
    edges = [0, *sorted(set(cuts)), piece.width]
    for start, stop in itertools.pairwise(edges):
        area = inside[:, start:stop]
        if not area.any():
            continue
        number = next(numbers)
        labels[top:bottom, left + start : left + stop][area] = number
        ys, xs = np.nonzero(area)
        box = (
            left + start + int(xs.min()),
            top + int(ys.min()),
            left + start + int(xs.max()) + 1,
            top + int(ys.max()) + 1,
        )
        made.append(Piece((number,), box))
    return made


def _joints(columns: Sequence[tuple[Piece, ...]], size: float) -> list[_Joint]:
    found = []
    for start in range(len(columns)):
        pieces: tuple[Piece, ...] = ()
        for stop in range(start + 1, min(start + _MOST_COLUMNS, len(columns)) + 1):
            pieces += columns[stop - 1]
            left, _, right, _ = around([piece.box for piece in pieces])
            if stop > start + 1 and right - left > _MOST_WIDTH * size:
                break
            found.append(_Joint(start, stop, pieces))
    return found
