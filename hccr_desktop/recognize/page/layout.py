"""What stands where on a page, before it is read: an upright page, its handwriting alone, and its lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.recognition import Box, around
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.line import Line, Piece


@dataclass(frozen=True, eq=False)
class Layout:
    """`page` uint8 (h, w), upright and evenly lit; `writing` uint8 (h, w), what is handwriting of it, alone on white.

    `labels` int32 (h, w) are the number of each piece of ink, 0 none.

    `to_source` is the 2 × 3 affine map from `page` to the picture that was given. Where `is_vertical`, the page was
    turned by a quarter to the left, so that columns from the right became rows from the top. `source_size` are the
    width and height of the picture that was given.

    Where it is not all of a picture, but a part of a very long one (`is_part`, see `parts`) or the lines of one size,
    `rest` finds the next one, and `numbers` are those of the lines on the whole, the same again for one that goes on.
    """

    page: Gray
    writing: Gray
    labels: npt.NDArray[np.int32]
    lines: tuple[Line, ...]
    to_source: npt.NDArray[np.float64]
    source_size: tuple[int, int]
    is_vertical: bool = False
    is_part: bool = False
    numbers: tuple[int, ...] = ()
    rest: Callable[[], Layout] | None = None

    def crop(self, pieces: Sequence[Piece]) -> Gray:
        """Return the picture of some pieces alone, as they were written, uint8 (h, w), 255 = paper."""
        left, top, right, bottom = around([piece.box for piece in pieces])
        wanted = [label for piece in pieces for label in piece.labels]
        area = np.s_[top:bottom, left:right]
        own = np.isin(self.labels[area], wanted)
        others = ((self.labels[area] > 0) & ~own).astype(np.uint8)
        kernel = np.ones((3, 3), np.uint8)  # soft edges belong to the ink
        foreign = (cv2.dilate(others, kernel) > 0) & (cv2.dilate(own.astype(np.uint8), kernel) == 0)
        picture = np.where(foreign, 255, self.writing[area]).astype(np.uint8)
        return np.pad(np.rot90(picture, -1) if self.is_vertical else picture, 2, constant_values=255)

    @property
    def pixels(self) -> float:
        """How many pixels of the picture that was given one of `page` is."""
        return float(np.hypot(*self.to_source[:, 0]))

    def ink_box(self, piece: Piece) -> Box:
        """Return the box of what is ink in a piece, which may be a part of one that goes on beside it."""
        left, top, right, bottom = piece.box
        own = np.isin(self.labels[top:bottom, left:right], piece.labels)
        rows, columns = (np.flatnonzero(own.any(axis=axis)) for axis in (1, 0))
        if not len(rows):
            return piece.box
        return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1

    def source_box(self, box: Box) -> Box:
        """Return the upright box, in the picture that was given, around a box of the page."""
        left, top, right, bottom = box
        corners = np.array([[left, top, 1], [right, top, 1], [left, bottom, 1], [right, bottom, 1]], np.float64)
        x, y = self.to_source @ corners.T
        width, height = self.source_size
        x, y = np.clip(x, 0, width), np.clip(y, 0, height)
        return int(np.floor(x.min())), int(np.floor(y.min())), int(np.ceil(x.max())), int(np.ceil(y.max()))


Placed = tuple[Layout, Line]
"""A line, and the page that it stands on."""

Show = Callable[[str, Gray], object]
"""Takes the name and the picture of a step, uint8 (h, w) or (h, w, 3)."""


def named(show: Show | None, part: str) -> Show | None:
    """Return what names the steps of a part, so that their pictures do not replace those of the whole."""
    return None if show is None else lambda step, picture: show(f"{part}-{step}", picture)


def as_columns(turned: Layout) -> Layout:
    """Return the layout of a picture whose columns were found as rows after it was turned by a quarter to the left."""
    return placed(turned, *_back(turned, 1), is_vertical=True)


def turned_back(turned: Layout, quarters: int) -> Layout:
    """Return the layout of a picture that was turned by so many quarters to the left before its lines were found."""
    return placed(turned, *_back(turned, quarters))


def _back(turned: Layout, quarters: int) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Return the map out of a picture turned by quarters to the left, and the width and height of what was turned."""
    width, height = turned.source_size if quarters % 2 == 0 else turned.source_size[::-1]
    back = {
        0: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        1: [[0.0, -1.0, width], [1.0, 0.0, 0.0]],
        2: [[-1.0, 0.0, width], [0.0, -1.0, height]],
        3: [[0.0, 1.0, 0.0], [-1.0, 0.0, height]],
    }
    return np.array(back[quarters % 4]), (width, height)


def placed(
    layout: Layout, to_whole: npt.NDArray[np.float64], source_size: tuple[int, int], *, is_vertical: bool = False
) -> Layout:
    """Return the layout of a part of a picture, or of it turned, as one of the picture; those that follow it too.

    `to_whole` is the 2 × 3 affine map to the picture, of width and height `source_size`.
    """
    rest = layout.rest
    return replace(
        layout,
        to_source=to_whole @ np.vstack([layout.to_source, [0.0, 0.0, 1.0]]),
        source_size=source_size,
        is_vertical=layout.is_vertical or is_vertical,
        rest=None if rest is None else lambda: placed(rest(), to_whole, source_size, is_vertical=is_vertical),
    )


def one_after_another(layouts: Sequence[Layout]) -> Layout:
    """Return the first of layouts of one picture, which leads to the others."""
    count = 0
    numbered = []
    for layout in layouts:
        numbered.append(replace(layout, numbers=tuple(range(count, count + len(layout.lines)))))
        count += len(layout.lines)
    after = numbered.pop()
    while numbered:
        after = replace(numbered.pop(), rest=_always(after))
    return after


def _always(layout: Layout) -> Callable[[], Layout]:
    return lambda: layout


def drawn(layout: Layout) -> Gray:
    """Return the page with the pieces of its lines, every other line in another color, and the walls of cells."""
    picture = cv2.cvtColor(layout.writing, cv2.COLOR_GRAY2BGR)
    for number, line in enumerate(layout.lines):
        for piece in line.pieces:
            cv2.rectangle(picture, piece.box[:2], piece.box[2:], ((200, 90, 0), (0, 0, 220))[number % 2], 1)
        for wall in line.walls:
            cv2.line(picture, (round(wall), line.box[1]), (round(wall), line.box[3]), (0, 160, 0), 2)
    return np.asarray(picture, np.uint8)
