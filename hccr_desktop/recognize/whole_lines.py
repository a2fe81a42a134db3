"""A line of a page → its characters, read as a whole: one pass of a network along it, then a second look at each.

The network (`trainer.networks.line_net`) says every eight pixels which character is there, or none (CTC, Graves et
al., ICML 2006). Where it says one for some steps, that is a spike. The ink of each spike is looked at once more, by
the character model; both opinions, and how likely characters follow each other, decide together.
"""

from __future__ import annotations

import bisect
import contextlib
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop import paths
from hccr_desktop.core.bundle import ModelBundle, load_bundle
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Box, Candidate, Recognition, around
from hccr_desktop.errors import EmptyInk, InvalidBundle
from hccr_desktop.recognize.agreement import require_agreement
from hccr_desktop.recognize.arithmetic import arithmetic_of
from hccr_desktop.recognize.engine import Engine, softmax
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.page.layout import Layout, Placed
from hccr_desktop.recognize.page.text_lines import Line, Piece
from hccr_desktop.recognize.sessions import session_of_bundle

Floats = npt.NDArray[np.float32]
T = TypeVar("T")

HEIGHT, STEP = 64, 8
"""Height of what the network reads in pixels, and how many of its columns make one answer."""
SIZE = 50.0
"""Size of a character there."""
_NARROW, _USUAL, _WIDEST, _ENOUGH = 44.0, 54.0, 1.6, 5
"""Columns a character below which writing is narrow; what it is drawn out to; by how much at most; how many
characters tell it."""
_LONGEST = 32_000
"""Most columns of a strip."""
_NONE = 0.9
"""A step is in a spike where the network is less sure than this that no character is there."""
_CHOICES, _LEAST, _BEAM = 8, 1e-4, 16
"""Most characters that a spike may be, the least probability that each has, and how many texts are followed."""
_SECOND, _SURE, _DOUBT = 0.4, 0.98, 1e-3
"""Weight of the second look; how sure a spike is that needs none; the least probability that it gives."""
_ADDED, _UNSEEN = 0.1, 0.02
"""Probability from which a second look adds characters to a spike, for the language model to choose from, and what they
have in it where it is wholly unsure."""
_LATE, _MARK_LATE = -9.5, 6.3
"""How many columns of a strip behind the middle of its character a spike of `hccr-line-3` comes: characters are seen
early, marks late (`tests.benchmarks.spikes`)."""
_MARKS, _MARK_REACH = frozenset("，。、；：！？,.;:!?·'\"‘’“”"), 0.4
"""What is that small, and how far it reaches, in characters."""
_SHARES_A_CELL = 0.7
"""How sure a mark, a digit or a letter is that stands in a cell with another character."""
_SMALL = 0.42
"""Share of a character's size below which ink is a mark, which the character model cannot place."""
_LANGUAGE, _PER_CHARACTER, _SKIP = 0.2, 2.0, 1.0
"""Weight of the language model's nats, what a character gains to make up for them, and that of skipping a spike."""


_History = tuple[int, int]
"""The last two characters of a text, as numbers of the language model."""
_Text = tuple[float, list[tuple[int, int]]]
"""A text's score, and its characters as (spike, choice)."""


@dataclass(frozen=True)
class Spike:
    """Steps `start` to `stop` - 1 that say a character: classes, likeliest first, their log probabilities, none's."""

    start: int
    stop: int
    classes: npt.NDArray[np.int64]
    logs: Floats
    none: float


class LineEngine:
    """A loaded recognizer of lines; raises `InvalidBundle` where its files are none, or contradict each other."""

    def __init__(self, bundle: ModelBundle, threads: int = 1) -> None:
        self.bundle, self.threads = bundle, max(threads, 1)
        self.arithmetic = arithmetic_of(bundle)
        self._session = session_of_bundle(bundle, varying=True, use_int8=self.arithmetic == "int8")
        require_agreement(bundle, self._session)
        self._workers = ThreadPoolExecutor(self.threads, "lines") if threads > 1 else None
        takes = {given.name: given.type for given in self._session.get_inputs()}
        (gives,) = self._session.get_outputs()
        wanted = {"lines": "tensor(uint8)", "columns": "tensor(bool)"}
        if takes != wanted or gives.shape[-1] != len(bundle.charset) + 1:
            raise InvalidBundle(
                "The model file of {id} takes or gives other shapes than its manifest says.",
                "Install the model again.",
                id=bundle.id,
            )

    def probabilities(self, strip: npt.NDArray[np.uint8], *, is_column: bool = False) -> Floats:
        """Return for a line, uint8 (64, w), w a multiple of 8, float32 (w / 8, classes + 1); the last is none.

        A column is given mirrored at its diagonal: its top on the left, what is on its right below.
        """
        (logits,) = self._session.run(None, {"lines": strip[None, None], "columns": np.array(is_column)})[0]
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return np.asarray(logits, np.float32)

    def shared_out(self, work: Callable[[Placed], T], lines: Sequence[Placed]) -> list[T]:
        """Return what is made of each line, on all threads: with this network faster than several in one inference."""
        return list(self._workers.map(work, lines) if self._workers and len(lines) > 1 else map(work, lines))


@lru_cache(2)
def line_engine(threads: int = 2) -> LineEngine:
    """Return the application's recognizer of lines, loaded when it is asked for first."""
    return LineEngine(load_bundle(paths.line_model()), threads)


@dataclass(frozen=True, eq=False)
class Strip:
    """A line as the network reads it, uint8 (64, w); its column x is the page's `left` + x / `scale`.

    A column of text is mirrored at its diagonal.
    """

    pixels: npt.NDArray[np.uint8]
    left: float
    scale: float
    is_column: bool


def strip_of(layout: Layout, line: Line, wider: float = 1.0) -> Strip:
    """Return a line alone, straightened: its middle, which may wander, lies in the middle of the strip.

    It is drawn out by `wider` where its writing is narrow.
    """
    picture, left, top = _alone(layout, line)
    margin = 0.35 * line.size
    scale = min(SIZE / line.size, _LONGEST / (wider * (picture.shape[1] + 2 * margin)))
    width = -(-int((picture.shape[1] + 2 * margin) * scale * wider) // STEP) * STEP
    columns = np.arange(width, dtype=np.float32) / (scale * wider) - margin
    middle = _middle(line, columns + left) - top
    rows = (np.arange(HEIGHT, dtype=np.float32) - HEIGHT / 2) / scale
    map_x = np.broadcast_to(columns[None, :], (HEIGHT, width)).astype(np.float32)
    map_y = (middle[None, :] + rows[:, None]).astype(np.float32)
    if scale < 0.8:  # otherwise thin strokes fall between the samples
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.45 / scale), np.uint8)
    pixels = cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    if layout.is_vertical:  # the page is turned, so that what is on a column's right is above
        pixels = np.ascontiguousarray(pixels[::-1])
    return Strip(np.asarray(pixels, np.uint8), left - margin, scale * wider, layout.is_vertical)


def _alone(layout: Layout, line: Line) -> tuple[npt.NDArray[np.uint8], int, int]:
    """Return the picture of a line without what is of others, and where its corner lies on the page."""
    left, top, right, bottom = line.box
    area = np.s_[top:bottom, left:right]
    own_labels = np.zeros(int(layout.labels.max(initial=0)) + 1, bool)
    own_labels[[label for piece in line.pieces for label in piece.labels]] = True
    own = own_labels[layout.labels[area]].astype(np.uint8)
    near = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0  # soft edges belong to the ink
    return np.where(near, layout.page[area], 255).astype(np.uint8), left, top


def _middle(line: Line, at: Floats) -> Floats:
    """Return the height of a line's middle at places along it: that of the characters around."""
    tall = [p for p in line.pieces if p.height > 0.5 * line.size] or list(line.pieces)
    x = np.array([(p.box[0] + p.box[2]) / 2 for p in tall])
    y = np.array([(p.box[1] + p.box[3]) / 2 for p in tall])
    weight = np.array([float(p.width * p.height) for p in tall])
    near = np.exp(-0.5 * ((at[::STEP, None] - x[None, :]) / (3 * line.size)) ** 2) * weight + 1e-9 * weight
    middle = (near * y).sum(axis=1) / near.sum(axis=1)
    return np.asarray(np.interp(at, at[::STEP], middle), np.float32)


def spikes_of(probabilities: Floats) -> list[Spike]:
    """Return where characters are, from float32 (t, classes + 1)."""
    none = probabilities[:, -1]
    best = probabilities[:, :-1].argmax(axis=1)
    says = probabilities[:, :-1].max(axis=1) > none
    found, start = [], None
    for t in range(len(none) + 1):
        inside = t < len(none) and none[t] < _NONE
        # Two characters side by side without a step of none between them, or with an unsure one.
        turns = inside and start is not None and best[t] != best[t - 1] and min(none[t], none[t - 1]) < 0.3
        turns |= inside and start is not None and says[t] and not says[t - 1] and bool(says[start:t].any())
        if start is not None and (not inside or turns):
            found.append(_spike(probabilities, start, t))
            start = None
        if inside and start is None:
            start = t
    return found


def pitch_of(spikes: Sequence[Spike]) -> float:
    """Return how many columns of a strip a character takes, from those that are likely; 0 where they are few."""
    sure = [(spike.start + spike.stop) / 2 for spike in spikes if len(spike.logs) and spike.logs[0] > np.log(0.5)]
    return STEP * float(np.median(np.diff(sure))) if len(sure) >= _ENOUGH else 0.0


def _spike(probabilities: Floats, start: int, stop: int) -> Spike:
    of_each = probabilities[start:stop, :-1].max(axis=0)
    most = min(_CHOICES, len(of_each))
    top = np.argpartition(of_each, -most)[-most:]
    top = top[np.argsort(-of_each[top])]
    top = top[of_each[top] > _LEAST]
    none = float(np.log(np.maximum(probabilities[start:stop, -1], 1e-9)).sum())
    return Spike(start, stop, top, np.log(of_each[top]).astype(np.float32), none)


def best_path(
    spikes: Sequence[Spike], numbers: npt.NDArray[np.int64], language: Language | None
) -> list[tuple[int, int]]:
    """Return (spike, choice) of the characters of the likeliest text; `numbers` are the classes' in the language."""
    states: dict[_History, _Text] = {(0, 0): (0.0, [])}
    for place, spike in enumerate(spikes):
        best: dict[_History, _Text] = {}
        for history, (score, path) in states.items():  # none is there after all
            _keep(best, history, score + _SKIP * spike.none, path)
        own, histories = numbers[spike.classes], list(states)
        total = np.array([score for score, _ in states.values()])[:, None] + spike.logs[None, :]
        if language is not None:
            total += _LANGUAGE * language.after(np.array(histories), own) + _PER_CHARACTER
        for at in np.argsort(-total, axis=None)[:_BEAM].tolist():
            state, choice = divmod(at, len(own))
            path = states[histories[state]][1]
            _keep(best, (histories[state][1], int(own[choice])), float(total[state, choice]), [*path, (place, choice)])
        states = dict(sorted(best.items(), key=lambda item: -item[1][0])[:_BEAM])
    return max(states.values(), key=lambda text: text[0])[1]


def _keep(best: dict[_History, _Text], history: tuple[int, int], score: float, path: list[tuple[int, int]]) -> None:
    if history not in best or score > best[history][0]:
        best[history] = (score, path)


@dataclass(frozen=True, eq=False)
class _Seen:
    """A line and its page, what the network says of it, and the ink of each spike."""

    layout: Layout
    line: Line
    strip: Strip
    spikes: list[Spike]
    inks: list[list[Piece]]

    def unsure(self) -> list[int]:
        """Return the spikes that a second look may help: unsure ones, no marks, with ink."""
        found = []
        for place, (spike, pieces) in enumerate(zip(self.spikes, self.inks, strict=True)):
            if not pieces or not len(spike.logs) or spike.logs[0] > np.log(_SURE):
                continue
            left, top, right, bottom = around([piece.box for piece in pieces])
            if max(right - left, bottom - top) >= _SMALL * self.line.size:
                found.append(place)
        return found


class WholeLineReader:
    """Reads lines as wholes, with a character model for the second look and a language model where they are given.

    `allowed`, bool (classes,), are those of the recognizer of lines that may be answered. `others` are characters that
    the second look alone can see, such as those that a user added.
    """

    def __init__(
        self,
        engine: LineEngine,
        language: Language | None = None,
        allowed: npt.NDArray[np.bool_] | None = None,
        second: Engine | None = None,
        others: Sequence[str] = (),
    ) -> None:
        self._engine, self.language, self.threads = engine, language, engine.threads
        charset = engine.bundle.charset
        self._characters = (*charset.characters, *others)
        self._barred = None if allowed is None else ~np.append(allowed, True)
        self._second = second
        known = [second.bundle.charset.index(c) if second else None for c in self._characters]
        self._classes = np.array([-1 if index is None else index for index in known])
        self._seconds = np.full(len(second.bundle.charset) if second else 0, -1)
        permitted = self._classes >= 0
        if allowed is not None:
            permitted[: len(charset)] &= allowed
        self._seconds[self._classes[permitted]] = np.flatnonzero(permitted)
        self._numbers = np.zeros(len(self._characters), np.int64)
        if language is not None:
            self._numbers = language.numbers(self._characters)

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line, from its beginning, their boxes in the picture that was given."""
        seen = self._engine.shared_out(self._see, lines)
        if self._second is not None:
            seen = self._looked_at(seen)
        return [self._said(line) for line in seen]

    def _see(self, placed: Placed) -> _Seen:
        layout, line = placed
        strip = strip_of(layout, line)
        spikes = self._spikes(strip)
        if 0 < (pitch := pitch_of(spikes)) < _NARROW:
            strip = strip_of(layout, line, min(_USUAL / pitch, _WIDEST))
            spikes = self._spikes(strip)
        if line.walls:
            spikes = self._one_a_cell(line, strip, spikes)
        inks = _inks(line, strip, spikes, [self._is_mark(spike) for spike in spikes])
        return _Seen(layout, line, strip, spikes, inks)

    def _one_a_cell(self, line: Line, strip: Strip, spikes: Sequence[Spike]) -> list[Spike]:
        """Return spikes with those of a cell as one, for the second look to decide; sure marks and digits may share."""
        found: list[Spike] = []
        cells: list[int] = []
        for spike in spikes:
            best = self._characters[int(spike.classes[0])] if len(spike.classes) else ""
            cell = bisect.bisect(line.walls, _middle_of(strip, spike, best in _MARKS))
            is_sure = bool(best) and spike.logs[0] > np.log(_SHARES_A_CELL)
            if is_sure and (best in _MARKS or best.isascii()):
                cell = 0
            if found and cell == cells[-1] and 0 < cell < len(line.walls):
                found[-1] = _joined(found[-1], spike)
            else:
                found.append(spike)
                cells.append(cell)
        return found

    def _is_mark(self, spike: Spike) -> bool:
        return len(spike.classes) > 0 and self._characters[int(spike.classes[0])] in _MARKS

    def _spikes(self, strip: Strip) -> list[Spike]:
        probabilities = self._engine.probabilities(strip.pixels, is_column=strip.is_column)
        if self._barred is not None:
            probabilities[:, self._barred] = 0.0
        return spikes_of(probabilities)

    def _said(self, seen: _Seen) -> tuple[Recognition, ...]:
        path = best_path(seen.spikes, self._numbers, self.language)
        boxes = [self._box(seen, place) for place, _ in path]
        return tuple(
            Recognition(self._candidates(seen.spikes[place], choice), self._engine.bundle.id, 0.0, box)
            for (place, choice), box in zip(path, boxes, strict=True)
        )

    def _candidates(self, spike: Spike, choice: int) -> tuple[Candidate, ...]:
        order = [choice, *(i for i in range(len(spike.classes)) if i != choice)]
        return tuple(Candidate(self._characters[int(spike.classes[i])], float(np.exp(spike.logs[i]))) for i in order)

    def _looked_at(self, lines: Sequence[_Seen]) -> list[_Seen]:
        """Return the lines with their unsure spikes as both networks see them together."""
        assert self._second is not None
        pictures, places = [], []
        for number, seen in enumerate(lines):
            for place in seen.unsure():
                with contextlib.suppress(EmptyInk):
                    pictures.append(
                        normalize([GlyphImage(seen.layout.crop(seen.inks[place]))], self._second.bundle.spec)
                    )
                    places.append((number, place))
        spikes = [list(seen.spikes) for seen in lines]
        logits = self._second.logits(np.concatenate(pictures)) if pictures else ()
        for (number, place), row in zip(places, logits, strict=True):
            spikes[number][place] = self._together(spikes[number][place], softmax(row))
        return [replace(seen, spikes=own) for seen, own in zip(lines, spikes, strict=True)]

    def _together(self, spike: Spike, said: Floats) -> Spike:
        """Return a spike with what the character model said of its ink, probabilities float32 (its classes,)."""
        likely = self._seconds[said > _ADDED]
        is_other = likely >= len(self._engine.bundle.charset)
        added = likely[(likely >= 0) & ~np.isin(likely, spike.classes) & (is_other | (self.language is not None))]
        classes = np.concatenate([spike.classes, added])
        unseen = np.log(max(_UNSEEN * (1 - np.exp(spike.logs[0])) ** 2, 1e-5))
        first = np.concatenate([spike.logs, np.full(len(added), unseen, np.float32)])
        own = self._classes[classes]
        second = np.where(own < 0, first, np.log(np.maximum(said[own], _DOUBT)))
        logs = ((1 - _SECOND) * first + _SECOND * second).astype(np.float32)
        order = np.argsort(-logs)
        return replace(spike, classes=classes[order], logs=logs[order])

    def _box(self, seen: _Seen, place: int) -> Box:
        """Return the box of a spike's ink; where it has none, a narrow one in its place."""
        if seen.inks[place]:
            return seen.layout.source_box(around([piece.box for piece in seen.inks[place]]))
        line, strip, spike = seen.line, seen.strip, seen.spikes[place]
        middle, half = _middle_of(strip, spike, self._is_mark(spike)), line.size / 4
        y = float(_middle(line, np.full(1, middle, np.float32))[0])
        return seen.layout.source_box((int(middle - half / 4), int(y - half), int(middle + half / 4), int(y + half)))


def _joined(a: Spike, b: Spike) -> Spike:
    """Return two spikes as one that is as unsure as which of both tells its character."""
    classes = np.union1d(a.classes, b.classes)
    of_each = [
        np.max(np.exp(spike.logs), where=spike.classes == k, initial=0.0) for k in classes.tolist() for spike in (a, b)
    ]
    logs = np.log(np.array(of_each).reshape(-1, 2).max(axis=1) / 2).astype(np.float32)
    order = np.argsort(-logs)
    return Spike(a.start, b.stop, classes[order], logs[order], a.none + b.none)


def _middle_of(strip: Strip, spike: Spike, is_mark: bool) -> float:
    """Return where the middle of a spike's character is on the page."""
    late = _MARK_LATE if is_mark else _LATE
    return strip.left + ((spike.start + spike.stop) / 2 * STEP - late) / strip.scale


def _bound(at: float, left: float, right: float, walls: Sequence[float]) -> float:
    """Return where two neighboring spikes part: about at a place, or at the wall between them that is next to it."""
    between = [wall for wall in walls if left < wall < right]
    return min(between, key=lambda wall: abs(wall - at), default=at)


def _inks(line: Line, strip: Strip, spikes: Sequence[Spike], is_mark: Sequence[bool]) -> list[list[Piece]]:
    """Return the ink of each spike: pieces belong to the one whose middle is nearest, wide ones to several.

    Where the paper has cells, walls bound what belongs to whom.
    """
    at = np.array([_middle_of(strip, spike, mark) for spike, mark in zip(spikes, is_mark, strict=True)])
    at = np.maximum.accumulate(at)
    own: list[list[Piece]] = [[] for _ in spikes]
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
