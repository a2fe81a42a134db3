"""Pictures of pages → their text, a page at a time: what the command line and the window consume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.recognize.layout import analyze
from hccr_desktop.recognize.lines import LineReader

_BARE = frozenset("1lI|丨一—-_、。，.·:：…丶丿′'`~")


@dataclass(frozen=True)
class Page:
    """A page that was read: its number in its file, from 1, its width and height, and the characters of each line."""

    number: int
    size: tuple[int, int]
    lines: tuple[tuple[Recognition, ...], ...]

    @property
    def text(self) -> str:
        """The text, a line of it a line of the page."""
        return "\n".join("".join(answer.best.character for answer in line) for line in self.lines)


def read_pages(pictures: Iterable[GlyphImage], reader: LineReader) -> Iterator[Page]:
    """Read pages one after another; nothing is kept of those that were given."""
    for number, picture in enumerate(pictures, 1):
        yield read_page(picture, reader, number)


def read_page(picture: GlyphImage, reader: LineReader, number: int = 1) -> Page:
    """Read one page."""
    layout = analyze(np.asarray(picture.pixels))
    lines = tuple(line for line in reader.read(layout, layout.lines) if _is_writing(line))
    return Page(number, (picture.width, picture.height), lines)


def _is_writing(line: tuple[Recognition, ...]) -> bool:
    """Say whether a line is more than a bare stroke or two, such as a page's edge or the rest of a ruling gives."""
    return len(line) > 2 or any(answer.best.character not in _BARE for answer in line)
