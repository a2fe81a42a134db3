"""Pictures of pages → their text, a page at a time: what the command line and the window consume."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.marks import BARE
from hccr_desktop.core.recognition import Recognition, TextLine, around
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.core.subsets import is_chinese
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.strip import strip_of
from hccr_desktop.recognize.memory import give_back_memory, reuse_memory
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.kinds import kinds_of
from hccr_desktop.recognize.page.layout import Layout, Show, named, turned_back
from hccr_desktop.recognize.page.line import Line, Piece
from hccr_desktop.recognize.page.order import in_reading_order
from hccr_desktop.recognize.page.parts import lay_out
from hccr_desktop.recognize.page.scripts import READ, is_strange, script_of_text
from hccr_desktop.recognize.page.squares import without_squares
from hccr_desktop.recognize.readers import Readers

Direction = Literal["auto", "horizontal", "vertical"]

_DOUBTFUL = 0.0
"""Below this plausibility a page may be one of columns."""
_MARGIN = 0.3
"""By how much columns must be likelier than rows."""
_LEAST = 6
"""Fewest characters of a page that may be one of columns."""
_COLUMN = 2
"""Characters that its columns hold at least, on the average."""
_LEGIBLE = 0.85
"""Mean probability of its characters from which a page is not turned.

That of 33 photographs was 0.84 to 0.99, of the same turned 0.51 to 0.83.
"""
_UNDISTURBED = 0.97
"""The same from which it has no squares that disturb."""
_MORE = 1.1
"""How many times as many sure characters a page without squares has to have."""
_MANY, _SHORT, _BARELY = 4, 4, 0.8
"""So many lines at least, of fewer characters on the average, that are less sure on the average, are no writing."""
_SURE_STROKES = 0.9
"""Mean probability from which several bare strokes are writing."""
_SURE = 0.9
"""Least probability of a sure character."""
_TIMES = 2
"""How many times as many sure characters a turned page has to have."""
_TRIED = 8
"""Lines of it that tell, the longest."""
_APART = 1.2
"""Rows are none of a page of columns where they are so many times further apart than their characters."""

_PIECES = 3
"""Fewest pieces of ink of a line whose picture tells its script."""
_LONG = 2.0
"""Its least length, in sizes of a character."""
_STRIP = LineSpec()
"""How its picture is cut out."""


@dataclass(frozen=True)
class Page:
    """A page that was read: its number in its file, from 1, its width and height, and the characters of each line."""

    number: int
    size: tuple[int, int]
    lines: tuple[TextLine, ...]
    is_vertical: bool = False
    """Whether the lines are columns from the right."""

    @property
    def text(self) -> str:
        """The text, a line of it a line of the page."""
        return "\n".join(line.text for line in self.lines)


def lines_of_page(
    picture: GlyphImage, networks: Networks, direction: Direction = "auto", show: Show | None = None
) -> Layout:
    """Find a page's lines, or its columns where it is known to have them: the first step of `read_page`.

    Of a very long picture they are those of its first part.
    """
    reuse_memory()
    return lay_out(np.asarray(picture.pixels), networks.finder, vertical=direction == "vertical", show=show)


def read_page(
    picture: GlyphImage,
    readers: Readers,
    number: int = 1,
    direction: Direction = "auto",
    show: Show | None = None,
    layout: Layout | None = None,
) -> Page:
    """Read one page: in rows, in columns from the right, or in whichever gives the likelier text.

    `show` is given a picture of each step of its layout; `layout` is what `lines_of_page` found, where it was asked.
    """
    layout = layout or lines_of_page(picture, readers.networks, direction, show)
    return read_pages([LaidOut(picture, number, layout, show)], readers, direction)[0]


@dataclass(frozen=True, eq=False)
class LaidOut:
    """A page whose lines, or columns, were found: its picture, its number in its file, and who is shown the steps."""

    picture: GlyphImage
    number: int
    layout: Layout
    show: Show | None = None


def read_pages(pages: Sequence[LaidOut], readers: Readers, direction: Direction = "auto") -> list[Page]:
    """Read pages as `read_page` does each of them, the characters of all of them together."""
    found = iter(readers.lines.read([(page.layout, line) for page in pages for line in page.layout.lines]))
    read = [_page_of(page, [next(found) for _ in page.layout.lines], readers, direction) for page in pages]
    give_back_memory()  # the pictures of the steps
    return read


@dataclass(frozen=True, eq=False)
class _Told:
    """What was read of a page, all parts of a long one: answers as they were laid out, and its lines as wholes."""

    answers: list[tuple[Recognition, ...]]
    lines: list[TextLine]
    distance: float
    """How far lines are apart, see `_distance`."""


def _page_of(page: LaidOut, lines: Sequence[tuple[Recognition, ...]], readers: Readers, direction: Direction) -> Page:
    """Return a page whose lines were read, those of a long one's first part, in columns where that is likelier."""
    page, told = _without_squares(page, _told(page.layout, lines, readers), readers, direction)
    picture, is_vertical = page.picture, page.layout.is_vertical
    if direction == "auto":
        likely = plausibility(told.answers, readers.language)
        if likely < _DOUBTFUL and sum(map(len, told.answers)) >= _LEAST and told.distance < _APART:
            turned = lines_of_page(picture, readers.networks, "vertical", named(page.show, "columns"))
            columns = _told(turned, readers.lines.read([(turned, line) for line in turned.lines]), readers)
            # A row is no page of columns of one character.
            long = sum(map(len, columns.answers)) >= _COLUMN * len(columns.answers)
            if long and plausibility(columns.answers, readers.language) > likely + _MARGIN:
                told, is_vertical = columns, True
        if (upright := _upright(page, told, readers)) is not told:
            told, is_vertical = upright, False
    kept = [line for line in told.lines if line.script not in READ or _is_writing(line)]
    kept = [] if _is_scattered(kept) else kept
    told_apart = tuple(replace(line, kind=kind) for line, kind in zip(kept, kinds_of(kept), strict=True))
    return Page(page.number, (picture.width, picture.height), told_apart, is_vertical)


def _without_squares(page: LaidOut, told: _Told, readers: Readers, direction: Direction) -> tuple[LaidOut, _Told]:
    """Return a page and what was read of it, without squares to practice in where it is read better so."""
    if _certainty(told.answers) >= _UNDISTURBED:
        return page, told
    pixels, finder = np.asarray(page.picture.pixels), readers.networks.finder
    kernels = finder.kernels(pixels)
    bare = without_squares(pixels, kernels.size / kernels.scale if kernels is not None else 0.0)
    if bare is None:
        return page, told
    picture = GlyphImage(bare)
    layout = lines_of_page(picture, readers.networks, direction, named(page.show, "bare"))
    again = _told(layout, readers.lines.read([(layout, line) for line in layout.lines]), readers)
    is_better = _sure(again.answers) > _MORE * _sure(told.answers)
    return (replace(page, picture=picture, layout=layout), again) if is_better else (page, told)


def _certainty(answers: Sequence[tuple[Recognition, ...]]) -> float:
    """Return the mean probability of the characters of lines, 0 where there are none."""
    found = [answer.best.probability for line in answers for answer in line]
    return float(np.mean(found)) if found else 0.0


def _upright(page: LaidOut, told: _Told, readers: Readers) -> _Told:
    """Return what was read of a page, or of the same page turned where that tells much more."""
    if sum(map(len, told.answers)) < _LEAST or _certainty(told.answers) >= _LEGIBLE:
        return told
    most, best = _TIMES * _sure(_longest(told.answers)) + _LEAST // 2, None
    for quarters in (1, 2, 3):
        turned = GlyphImage(np.ascontiguousarray(np.rot90(np.asarray(page.picture.pixels), quarters)))
        layout = turned_back(lines_of_page(turned, readers.networks, "horizontal"), quarters)
        tried = sorted(layout.lines, key=lambda line: line.box[0] - line.box[2])[:_TRIED]
        if (sure := _sure(readers.lines.read([(layout, line) for line in tried]))) > most:
            most, best = sure, layout
    return told if best is None else _told(best, readers.lines.read([(best, line) for line in best.lines]), readers)


def _longest(answers: Sequence[tuple[Recognition, ...]]) -> list[tuple[Recognition, ...]]:
    return sorted(answers, key=len)[-_TRIED:]


def _sure(answers: Sequence[tuple[Recognition, ...]]) -> int:
    """Return how many Chinese characters are sure."""
    best = [answer.best for line in answers for answer in line]
    return sum(candidate.probability >= _SURE and is_chinese(candidate.character) for candidate in best)


def _told(layout: Layout, lines: Sequence[tuple[Recognition, ...]], readers: Readers) -> _Told:
    """Return what was read of a page; where it is long, read its other parts, and join the lines that go on there."""
    answers: list[tuple[Recognition, ...]] = []
    whole: dict[int, TextLine] = {}
    distances: list[float] = []
    while True:
        answers += lines
        distances.append(_distance(layout.lines, lines))
        for number, line, own in zip(layout.numbers or range(len(lines)), layout.lines, lines, strict=True):
            named = _named(layout, line, own, readers.networks)
            whole[number] = _joined(whole[number], named) if number in whole else named
        if layout.rest is None:
            known = [distance for distance in distances if distance]
            told = [*whole.values()]
            told = _in_order(told, layout) if len(distances) > 1 else told
            return _Told(answers, told, float(np.median(known)) if known else 0.0)
        layout = layout.rest()
        lines = readers.lines.read([(layout, line) for line in layout.lines])


def _in_order(lines: Sequence[TextLine], layout: Layout) -> list[TextLine]:
    """Return the lines of a picture that was laid out in parts in the order of the whole: columns go through parts."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if line.inserted and groups:  # behind what it was written into
            groups[-1].append(line)
        else:
            groups.append([line])
    boxes = [line.box or around([answer.box for answer in line if answer.box]) for line, *_ in groups]
    if layout.is_vertical:  # columns from the right are rows from the top
        boxes = [
            (top, layout.source_size[0] - right, bottom, layout.source_size[0] - left)
            for left, top, right, bottom in boxes
        ]
    sizes = [answer.box[3] - answer.box[1] for line in lines for answer in line if answer.box]
    size = float(np.median(sizes or [box[3] - box[1] for box in boxes]))
    placed = [Line((Piece((number,), box),), size) for number, box in enumerate(boxes)]
    return [line for place in in_reading_order(placed, size) for line in groups[place.pieces[0].labels[0]]]


def _joined(line: TextLine, more: TextLine) -> TextLine:
    """Return a line with what goes on with it in the next part of a long page."""
    answers, boxes = line.answers + more.answers, [box for box in (line.box, more.box) if box]
    script = script_of_text(answers) if answers else more.script if line.script in READ else line.script
    return TextLine(answers, script, around(boxes), line.inserted)


def _distance(lines: Sequence[Line], read: Sequence[Sequence[Recognition]]) -> float:
    """Return how far lines are apart, in distances of the characters that were read in them; 0 where they are few."""
    pitches = [(line.box[2] - line.box[0]) / len(own) for line, own in zip(lines, read, strict=True) if len(own) > 2]
    boxes = np.array([line.box for line in lines], np.float64).reshape(-1, 4)
    middles, widths = boxes[:, [1, 3]].mean(axis=1), boxes[:, 2] - boxes[:, 0]
    shared = np.minimum.outer(boxes[:, 2], boxes[:, 2]) - np.maximum.outer(boxes[:, 0], boxes[:, 0])
    down = middles[None, :] - middles[:, None]
    is_below = (down > 0) & (shared > 0.5 * np.minimum.outer(widths, widths))
    steps = np.where(is_below, down, np.inf).min(axis=1, initial=np.inf)
    steps = steps[np.isfinite(steps)]
    return float(np.median(steps) / np.median(pitches)) if len(steps) and pitches else 0.0


def plausibility(lines: Sequence[Sequence[Recognition]], language: Language | None) -> float:
    """Return how likely characters and their order are: nats a character of certainty, and of mutual information."""
    answers = [answer for line in lines for answer in line]
    if not answers:
        return -np.inf
    found = float(np.mean([np.log(max(answer.best.probability, 1e-9)) for answer in answers]))
    if language is None:
        return found
    texts = ([answer.best.character for answer in line] for line in lines)
    gained = np.concatenate([language.information(language.numbers(text)) for text in texts])
    return found + (float(np.mean(gained)) if len(gained) else 0.0)


def _named(layout: Layout, line: Line, answers: tuple[Recognition, ...], networks: Networks) -> TextLine:
    """Return a line with its script.

    One of a script that is not read keeps its place alone; a few strokes are too little to tell.
    """
    box = layout.source_box(line.box)
    long = len(line.pieces) >= _PIECES and line.box[2] - line.box[0] > _LONG * line.size
    script = script_of_text(answers)
    width = sum(piece.width for piece in line.pieces) / line.size
    if long and not layout.is_vertical and is_strange(answers, width):
        script = networks.scripts.foreign(strip_of(layout, line, _STRIP).pixels) or script
    return TextLine(answers if script in READ else (), script, box, line.inserted)


def _is_scattered(lines: Sequence[TextLine]) -> bool:
    """Say whether lines are what a drawing or a photograph of no page gives: many, short, and unsure."""
    sure = [answer.best.probability for line in lines for answer in line]
    is_short = len(lines) >= _MANY and len(sure) < _SHORT * len(lines)
    return is_short and (not sure or float(np.mean(sure)) < _BARELY)


def _is_writing(line: Sequence[Recognition]) -> bool:
    """Say whether a line is more than nothing and bare strokes, as a page's edge or the rests of a ruling give.

    Several that are sure are writing: 11, or 一、 before a list.
    """
    bare = sum(answer.best.character in BARE for answer in line)
    if bare < len(line) and (len(line) < 4 or bare < 0.7 * len(line)):
        return True
    return len(line) > 1 and float(np.mean([answer.best.probability for answer in line])) >= _SURE_STROKES
