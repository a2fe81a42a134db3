"""A line of a page → its characters, read as a whole: one pass of a network along it, then a second look at each.

Where the network (`trainer.networks.line_net`) says a character for some steps, that is a spike. The ink of each unsure
spike is looked at once more, by the character model; both opinions, and how likely characters follow each other, decide
together.
"""

from __future__ import annotations

import bisect
import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.marks import BARE, SMALL, SPIKED
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Box, Candidate, Recognition, around
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Engine, softmax
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.cut import Cut, CutReader
from hccr_desktop.recognize.lines.decode import Calibration, TextWeights, best_path, likely_choices
from hccr_desktop.recognize.lines.network import LineRecognizer
from hccr_desktop.recognize.lines.spikes import Spike, edges_of, joined, middle_of_spike, pitch_of, spikes_of
from hccr_desktop.recognize.lines.strip import Strip, middle_of_line, strip_of
from hccr_desktop.recognize.lines.upright import upright
from hccr_desktop.recognize.page.layout import Layout, Placed
from hccr_desktop.recognize.page.line import Line, Piece

Floats = npt.NDArray[np.float32]

_NARROW = 0.88
"""Distance of two characters, in sizes of one, below which writing is narrow."""
_USUAL = 1.08
"""Distance that narrow writing is drawn out to, in sizes of a character."""
_WIDEST = 1.6
"""How far it is drawn out at most."""
_FAR = 0.6
"""How far ink is from the middles of all spikes that is unread, in sizes of a character."""
_WIDE = 1.3
"""Its largest width, in sizes of a character: wider is what was struck out, or what touches."""
_TALL = 0.6
"""Its least height, in sizes of a character."""
_NOTHING = -2.0
"""Logarithm of the chance that it is nothing."""
_NO_STRIP = np.full((1, 1), 255, np.uint8)
_MARK = 0.6
"""How large a mark is at most, in sizes of a character."""
_MARK_REACH = 0.4
"""How far a mark reaches, in characters."""


_TEXT = TextWeights(language=0.2, character=2.0)
CALIBRATION = Calibration(slope=0.384, offset=1.468)
"""Fitted on photographs and composed pages, of which others gave the figures in `resources/docs/figures.md`."""


@dataclass(frozen=True)
class WholeWeights:
    """How opinions are joined; probabilities, but for `skip`, `second`, `text` and `calibration`.

    `second` is the weight of the second look (the network along the line has the rest), which a spike does not need
    that is at least `sure`, and which gives each character at least `doubt`. From `added` on it adds characters to a
    spike, and where the spike is wholly unsure they have `unseen` in it. `alone` is how sure it has to be of ink that
    no spike has, which may be anything but a bare stroke, as the rests of rulings are. `shares_a_cell` is how sure a
    mark, a digit or a letter is that stands in a cell with another character. `skip` is the weight of the chance that
    a spike is none. `calibration` is what makes of all this how sure a character is.
    """

    second: float = 0.4
    sure: float = 0.98
    doubt: float = 1e-3
    added: float = 0.1
    unseen: float = 0.02
    alone: float = 0.6
    shares_a_cell: float = 0.7
    skip: float = 1.0
    text: TextWeights = _TEXT
    calibration: Calibration = CALIBRATION


WEIGHTS = WholeWeights()
PADDLE = WholeWeights(second=0.25)
"""Beside PP-OCRv6 the character model counts less; set on the photographs of `tests.benchmarks.photographs`."""


@dataclass(frozen=True, eq=False)
class _Spiked:
    """A line and its page, what the network says of it, and the ink of each spike."""

    layout: Layout
    line: Line
    strip: Strip
    spikes: list[Spike]
    inks: list[list[Piece]]

    def unsure(self, sure: float) -> list[int]:
        """Return the spikes that a second look may help: unsure ones, no marks, with ink."""
        found = []
        for place, (spike, pieces) in enumerate(zip(self.spikes, self.inks, strict=True)):
            if not pieces or (len(spike.logs) and spike.logs[0] > np.log(sure)):
                continue
            left, top, right, bottom = around([piece.box for piece in pieces])
            if max(right - left, bottom - top) >= SMALL * self.line.size:
                found.append(place)
        return found


class WholeLineReader:
    """Reads lines as wholes, with a character model for the second look and a language model where they are given.

    `allowed`, bool (classes,), are those of the recognizer of lines that may be answered. `others` are characters that
    the second look alone can see, such as those that a user added.
    """

    def __init__(
        self,
        network: LineRecognizer,
        language: Language | None = None,
        allowed: npt.NDArray[np.bool_] | None = None,
        second: Engine | None = None,
        others: Sequence[str] = (),
        weights: WholeWeights = WEIGHTS,
        cutter: CutReader | None = None,
    ) -> None:
        """A network that knows rows alone reads columns that a `cutter` has cut into characters."""
        self._network, self.language, self.threads = network, language, network.threads
        self._spec, self._weights = network.spec, weights
        charset = network.charset
        self._characters = (*charset.characters, *others)
        self._barred = None if allowed is None else ~np.append(allowed, True)
        self._second, self._cutter = second, cutter
        known = [second.bundle.charset.index(c) if second else None for c in self._characters]
        self._classes = np.array([-1 if index is None else index for index in known])
        self._seconds = np.full(len(second.bundle.charset) if second else 0, -1)
        permitted = self._classes >= 0
        if allowed is not None:
            permitted[: len(charset)] &= allowed
        self._seconds[self._classes[permitted]] = np.flatnonzero(permitted)
        self._bare = np.array([character in BARE for character in self._characters])
        self._numbers = np.zeros(len(self._characters), np.int64)
        if language is not None:
            self._numbers = language.numbers(self._characters)

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line, from its beginning, their boxes in the picture that was given."""
        parted: list[Placed | Cut] = list(lines)
        columns = [number for number, (layout, _) in enumerate(lines) if layout.is_vertical and self._cutter]
        if columns and self._cutter:
            for number, cut in zip(columns, self._cutter.cut([lines[number] for number in columns]), strict=True):
                parted[number] = cut
        spiked = self._network.shared_out(self._spiked, parted)
        if self._second is not None:
            spiked = self._rescored(spiked)
        return [self._decoded(line) for line in spiked]

    def _spiked(self, placed: Placed | Cut) -> _Spiked:
        if isinstance(placed, Cut):
            return self._stood_up(placed)
        layout, line = placed
        strip = strip_of(layout, line, self._spec)
        spikes = self._spikes(strip)
        # A network that has learned from photographs has seen narrow writing.
        if self._spec.alone and 0 < (pitch := pitch_of(spikes, self._spec) / self._spec.size) < _NARROW:
            strip = strip_of(layout, line, self._spec, min(_USUAL / pitch, _WIDEST))
            spikes = self._spikes(strip)
        if line.walls:
            spikes = self._one_a_cell(line, strip, spikes)
        if self._second is not None:
            spikes = self._with_unread_ink(line, strip, spikes)
        middles = [self._middle(strip, spike) for spike in spikes]
        inks = _inks(line, middles, [self._is_mark(spike) for spike in spikes])
        if layout.is_part:  # beyond the ends of a line in a part stands what the next part has
            left, _, right, _ = line.box
            own = [n for n, at in enumerate(middles) if inks[n] or left <= at <= right]
            spikes, inks = [spikes[n] for n in own], [inks[n] for n in own]
        return _Spiked(layout, line, strip, spikes, inks)

    def _stood_up(self, cut: Cut) -> _Spiked:
        """Return a column that was cut, read upright; where nothing is seen, what it was cut for is asked again."""
        if not cut.inks:
            return _Spiked(cut.layout, cut.line, Strip(_NO_STRIP, 0.0, 1.0, is_column=False), [], [])
        column = upright(cut.layout, cut.line, cut.inks, self._spec)
        of_each: list[list[Spike]] = [[] for _ in cut.inks]
        for spike in self._spikes(column.strip):
            of_each[column.place_of(self._middle(column.strip, spike))].append(spike)
        found: list[tuple[Spike, list[Piece]]] = []
        for spikes, ink, answer in zip(of_each, cut.inks, cut.answers, strict=True):
            found += [(spike, list(ink)) for spike in spikes or [self._unseen(answer)]]
        return _Spiked(cut.layout, cut.line, column.strip, [spike for spike, _ in found], [ink for _, ink in found])

    def _unseen(self, answer: Recognition) -> Spike:
        """Return a spike for ink that the network takes for none: of the mark that it was cut for, or an empty one."""
        best = answer.best
        number = self._network.charset.index(best.character) if best.character in SPIKED else None
        known = [] if number is None else [number]
        logs = np.full(len(known), np.log(max(best.probability, 1e-9)), np.float32)
        return Spike(0, 1, np.array(known, np.int64), logs, _NOTHING)

    def _with_unread_ink(self, line: Line, strip: Strip, spikes: Sequence[Spike]) -> list[Spike]:
        """Return spikes with empty ones where ink as large as a character stands far from all, for the second look."""
        at = np.array([self._middle(strip, spike) for spike in spikes if len(spike.classes)])
        found = list(spikes)
        for middle in _unread(line, at):
            step = int(((middle - strip.left) * strip.scale + self._spec.late) / self._spec.step)
            found.append(Spike(step, step + 1, np.zeros(0, np.int64), np.zeros(0, np.float32), _NOTHING))
        return sorted(found, key=lambda spike: self._middle(strip, spike))

    def _one_a_cell(self, line: Line, strip: Strip, spikes: Sequence[Spike]) -> list[Spike]:
        """Return spikes with those of a cell as one, for the second look to decide; sure marks and digits may share."""
        found: list[Spike] = []
        cells: list[int] = []
        for spike in spikes:
            best = self._characters[int(spike.classes[0])] if len(spike.classes) else ""
            cell = bisect.bisect(line.walls, self._middle(strip, spike))
            is_sure = bool(best) and spike.logs[0] > np.log(self._weights.shares_a_cell)
            if is_sure and (best in SPIKED or best.isascii()):
                cell = 0
            if found and cell == cells[-1] and 0 < cell < len(line.walls):
                found[-1] = joined(found[-1], spike)
            else:
                found.append(spike)
                cells.append(cell)
        return found

    def _is_mark(self, spike: Spike) -> bool:
        return len(spike.classes) > 0 and self._characters[int(spike.classes[0])] in SPIKED

    def _middle(self, strip: Strip, spike: Spike) -> float:
        return middle_of_spike(strip, spike, self._spec, is_mark=self._is_mark(spike))

    def _spikes(self, strip: Strip) -> list[Spike]:
        probabilities = self._network.probabilities(strip.pixels, is_column=strip.is_column)
        if self._barred is not None:
            probabilities[:, self._barred] = 0.0
        return spikes_of(probabilities)

    def _decoded(self, line: _Spiked) -> tuple[Recognition, ...]:
        edges = edges_of(line.spikes, self._numbers, self._weights.skip)
        weights = self._weights
        path = best_path(edges, self.language, weights.text)
        likely = likely_choices(edges, path, self.language, weights.text, weights.calibration)
        return tuple(
            Recognition(
                self._candidates(line.spikes[edge // 2], choice, own), self._network.id, 0.0, self._box(line, edge // 2)
            )
            for (edge, choice), own in zip(path, likely, strict=True)
        )

    def _candidates(self, spike: Spike, choice: int, likely: npt.NDArray[np.float64]) -> tuple[Candidate, ...]:
        order = sorted(range(len(likely)), key=lambda i: (i != choice, -likely[i]))
        return tuple(Candidate(self._characters[int(spike.classes[i])], float(likely[i])) for i in order)

    def _rescored(self, lines: Sequence[_Spiked]) -> list[_Spiked]:
        """Return the lines with their unsure spikes as both networks see them together.

        Where the user has taught a hand of one's own, all are looked at: the network along the line has not seen it.
        """
        assert self._second is not None
        sure = self._weights.sure if self._second.adjust is None else 1.0
        pictures, places = [], []
        for number, line in enumerate(lines):
            for place in line.unsure(sure):
                with contextlib.suppress(EmptyInk):
                    picture = GlyphImage(line.layout.crop(line.inks[place]))
                    pictures.append(normalize([picture], self._second.bundle.spec))
                    places.append((number, place))
        spikes = [list(line.spikes) for line in lines]
        none = np.zeros((0, 1, 1, 1), np.uint8)
        logits, gains = self._second.logits_and_gains(np.concatenate(pictures) if pictures else none)
        for (number, place), row, gain in zip(places, logits, gains, strict=True):
            spikes[number][place] = self._together(spikes[number][place], softmax(row), gain)
        return [replace(line, spikes=own) for line, own in zip(lines, spikes, strict=True)]

    def _together(self, spike: Spike, probabilities: Floats, gains: Floats | None = None) -> Spike:
        """Return a spike with what the character model says of its ink, probabilities float32 (its classes,).

        `gains`, nats float32 (its classes,), are what the user's own samples that look like it add.
        """
        weights = self._weights
        gained = np.zeros(len(probabilities), np.float32) if gains is None else gains
        taught = softmax(np.log(np.maximum(probabilities, 1e-9)) + gained)
        if not len(spike.classes):
            alone = self._seconds[taught > weights.alone]
            alone = alone[(alone >= 0) & ~self._bare[alone]]
            return replace(spike, classes=alone, logs=np.log(taught[self._classes[alone]]).astype(np.float32))
        likely = self._seconds[taught > weights.added]
        is_other = likely >= len(self._network.charset)
        added = likely[(likely >= 0) & ~np.isin(likely, spike.classes) & (is_other | (self.language is not None))]
        classes = np.concatenate([spike.classes, added])
        unseen = np.log(max(weights.unseen * (1 - np.exp(spike.logs[0])) ** 2, 1e-5))
        # That the network does not see what was taught says little: it does not know the hand.
        of_added = np.where(gained[self._classes[added]] > 0, np.log(weights.unseen), unseen)
        first = np.concatenate([spike.logs, of_added.astype(np.float32)])
        own = self._classes[classes]
        second = np.where(own < 0, first, np.log(np.maximum(probabilities[own], weights.doubt)))
        logs = (1 - weights.second) * first + weights.second * second + np.where(own < 0, 0.0, gained[own])
        logs -= max(float(np.log(np.exp(logs).sum())), 0.0)
        order = np.argsort(-logs)
        return replace(spike, classes=classes[order], logs=logs[order].astype(np.float32))

    def _box(self, line: _Spiked, place: int) -> Box:
        """Return the box of a spike's ink; where it has none, a narrow one in its place.

        What is too large for a mark that is read as one belongs to its neighbors.
        """
        if line.inks[place]:
            boxes = [line.layout.ink_box(piece) for piece in line.inks[place]]
            if self._is_mark(line.spikes[place]):
                boxes = [b for b in boxes if max(b[2] - b[0], b[3] - b[1]) <= _MARK * line.line.size] or boxes
            return line.layout.source_box(around(boxes))
        middle, half = self._middle(line.strip, line.spikes[place]), line.line.size / 4
        y = float(middle_of_line(line.line, np.full(1, middle, np.float32))[0])
        return line.layout.source_box((int(middle - half / 4), int(y - half), int(middle + half / 4), int(y + half)))


def _bound(at: float, left: float, right: float, walls: Sequence[float]) -> float:
    """Return where two neighboring spikes part: about at a place, or at the wall between them that is next to it."""
    between = [wall for wall in walls if left < wall < right]
    return min(between, key=lambda wall: abs(wall - at), default=at)


def _unread(line: Line, at: npt.NDArray[np.float64]) -> list[float]:
    """Return the middles of ink that may be a character each, and is far from all the middles `at`."""
    groups: list[list[Piece]] = []
    for piece in sorted(line.pieces, key=lambda piece: piece.box[0]):
        middle = (piece.box[0] + piece.box[2]) / 2
        if len(at) and np.abs(at - middle).min() < _FAR * line.size:
            continue
        if groups and piece.box[2] - groups[-1][0].box[0] < _WIDE * line.size:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    boxes = (around([piece.box for piece in group]) for group in groups)
    return [
        (left + right) / 2
        for left, top, right, bottom in boxes
        if bottom - top >= _TALL * line.size and right - left <= _WIDE * line.size
    ]


def _inks(line: Line, middles: Sequence[float], is_mark: Sequence[bool]) -> list[list[Piece]]:
    """Return the ink of each spike: pieces belong to the one whose middle is nearest, wide ones to several.

    Where the paper has cells, walls bound what belongs to whom.
    """
    at = np.maximum.accumulate(np.array(middles))
    own: list[list[Piece]] = [[] for _ in middles]
    reach = [_MARK_REACH if mark else 1.0 for mark in is_mark]
    found = itertools.pairwise(zip(at.tolist(), reach, strict=True))
    bounds = [-np.inf, *(_bound(a + (b - a) * r / (r + s), a, b, line.walls) for (a, r), (b, s) in found), np.inf]
    for piece in line.pieces if len(at) else ():
        left, top, right, bottom = piece.box
        inside = np.flatnonzero((at > left + 0.1 * line.size) & (at < right - 0.1 * line.size))
        if len(inside) < 2:
            own[bisect.bisect(bounds, (left + right) / 2) - 1].append(piece)
            continue
        for number in inside.tolist():
            start, stop = int(max(bounds[number], left)), int(min(bounds[number + 1], right))
            own[number].append(Piece(piece.labels, (start, top, max(stop, start + 1), bottom)))
    return own
