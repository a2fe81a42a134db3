"""A line's pieces of ink on a picture → its characters: cut too much, then let the lattice put it together."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.marks import NEVER_LARGE, READ_AT, SMALL
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Candidate, Recognition, around
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.lattice import WEIGHTS, Joint, Lattice, Weights, columns_of, joints_of
from hccr_desktop.recognize.page.layout import Layout, Placed
from hccr_desktop.recognize.page.line import Line, Piece


@dataclass(frozen=True, eq=False)
class Cut:
    """A line that was cut, on a page whose `labels` number the parts: the ink of each character, and what it is."""

    layout: Layout
    line: Line
    inks: tuple[tuple[Piece, ...], ...]
    answers: tuple[Recognition, ...]


class CutReader:
    """Reads lines with an engine and, where one is given, a language model."""

    def __init__(
        self, engine: Engine, language: Language | None = None, weights: Weights = WEIGHTS, allowed: Allowed = None
    ) -> None:
        self._engine, self.threads = engine, engine.threads
        self.language = language
        self._lattice = Lattice(engine, language, weights)
        # In columns what is narrow, seen from the side, is rather a part of a character, as 立 of 音.
        self._vertical = Lattice(engine, language, replace(weights, narrow=20.0))
        charset = engine.bundle.charset
        everything = np.ones(len(charset), bool) if allowed is None else allowed
        self._large = everything & ~_mask(charset, NEVER_LARGE)
        self._of_place = {place: everything & _mask(charset, marks) for place, (marks, _, _) in READ_AT.items()}

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line, from its beginning, their boxes in the picture that was given."""
        return [cut.answers for cut in self.cut(lines)]

    def cut(self, lines: Sequence[Placed]) -> list[Cut]:
        """Return each line cut into characters."""
        pages = {id(layout): replace(layout, labels=layout.labels.copy()) for layout, _ in lines}
        numbers = {key: itertools.count(int(page.labels.max(initial=0)) + 1) for key, page in pages.items()}
        pieces: list[tuple[Layout, Line, list[tuple[Piece, ...]], list[Joint]]] = []
        for layout, line in lines:
            page = pages[id(layout)]
            columns = _columns(line, page.labels, numbers[id(layout)])
            boxes = [[piece.box for piece in column] for column in columns]
            pieces.append((page, line, columns, joints_of(boxes, line.size, line.walls)))
        chances = self._lattice.read(
            (self._image(page, columns[joint.start : joint.stop]), self._allowed(joint, line, page.is_vertical))
            for page, line, columns, joints in pieces
            for joint in joints
        )
        found, at = [], 0
        for page, line, columns, joints in pieces:
            here = chances[at : at + len(joints)]
            lattice = self._vertical if page.is_vertical else self._lattice
            path = lattice.best_path(joints, here, line.size)
            inks = tuple(sum(columns[joints[n].start : joints[n].stop], ()) for n, _ in path)
            answers = tuple(self._recognition(page, joints[n], candidates) for n, candidates in path)
            found.append(Cut(page, line, inks, answers))
            at += len(joints)
        return found

    def _image(self, layout: Layout, columns: Sequence[tuple[Piece, ...]]) -> npt.NDArray[np.uint8] | None:
        try:
            return normalize([GlyphImage(layout.crop(sum(columns, ())))], self._engine.bundle.spec)
        except EmptyInk:
            return None

    def _allowed(self, joint: Joint, line: Line, is_vertical: bool) -> npt.NDArray[np.bool_]:
        """Return which classes a joint of this size and at this height can be; in a column marks stand anywhere."""
        left, top, right, bottom = around(joint.boxes)
        if max(right - left, bottom - top) >= SMALL * line.size:
            return self._large
        if is_vertical:
            marks = np.logical_or.reduce(list(self._of_place.values()))
            return marks if marks.any() else self._large
        near = [p for p in line.pieces if p.height > 0.5 * line.size and abs(p.box[0] - left) < 4 * line.size]
        middle = np.mean([(p.box[1] + p.box[3]) / 2 for p in near or line.pieces])
        away = ((top + bottom) / 2 - middle) / line.size
        places = [place for place, (_, first, last) in READ_AT.items() if first <= away <= last]
        allowed = np.logical_or.reduce([self._of_place[place] for place in places])
        return allowed if allowed.any() else self._large

    def _recognition(self, layout: Layout, joint: Joint, candidates: tuple[Candidate, ...]) -> Recognition:
        return Recognition(candidates, self._engine.bundle.id, 0.0, layout.source_box(around(joint.boxes)))


def _mask(charset: Charset, marks: Container[str]) -> npt.NDArray[np.bool_]:
    return np.array([character in marks for character in charset.characters])


def _columns(line: Line, labels: npt.NDArray[np.int32], numbers: Iterator[int]) -> list[tuple[Piece, ...]]:
    """Return groups of pieces that stand above one another, from left to right; wide pieces are cut."""
    pieces = [part for piece in line.pieces for part in _cut(piece, line.size, labels, numbers)]
    return [tuple(pieces[n] for n in column) for column in columns_of([p.box for p in pieces], line.size)]


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
