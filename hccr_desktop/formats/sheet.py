"""Sheets of boxes to be filled by hand on paper: where everything stands, and how a scan of one is read back.

A sheet is A4, or printed a little smaller on other paper. Solid squares mark its corners; a strip of black and white
cells between the upper two says which sheet and page it is, with a checksum that tells which way up it was scanned.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.formats.documents import open_document

WIDTH = 210.0
"""Of the paper, in millimeters, as everything on a sheet."""
HEIGHT = 297.0
"""Of the paper."""
MARK = 8.0
"""Side of the corner marks."""
CORNERS = ((12.0, 12.0), (198.0, 12.0), (198.0, 285.0), (12.0, 285.0))
"""Their centers, clockwise from the upper left."""
BITS = 36
"""Cells of the strip."""
BIT = 4.0
"""Their side."""
STRIP = (33.0, 12.0)
"""Center of the first."""
COLUMNS = 8
"""Boxes of a row."""
ROWS = 10
"""Rows of boxes."""
BOX = 19.0
"""Side of a box."""
PITCH = (22.0, 25.6)
"""From one box to the next, across and down."""
FIRST = (18.5, 28.0)
"""Corner of the first."""
LABEL = 4.5
"""Height of the label above a box."""
A_PAGE = COLUMNS * ROWS
_ID_BITS, _PAGE_BITS = 20, 8
_MOST_CHARACTERS = A_PAGE * 200
_SCALE = 10
"""Pixels a millimeter of the straightened scan."""
_INSET, _LEAST_INK = 1.3, 0.004


@dataclass(frozen=True)
class Sheet:
    """A sheet's number and its characters, `A_PAGE` a page."""

    number: int
    characters: str

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return -(-len(self.characters) // A_PAGE)

    def on_page(self, page: int) -> str:
        """Return the characters of a page, counted from 0."""
        return self.characters[page * A_PAGE : (page + 1) * A_PAGE]


def in_copies(text: str, copies: int) -> str:
    """Return the characters of a text, each once in its order and then as often as it has boxes."""
    return "".join(character * copies for character in dict.fromkeys("".join(text.split())))


def new_sheet(characters: str, folder: Path) -> Sheet:
    """Make a sheet and remember it in a folder; raises `InputError` for no or too many characters, `StorageError`."""
    characters = "".join(c for c in characters if not c.isspace())
    if not 0 < len(characters) <= _MOST_CHARACTERS:
        raise InputError("A sheet holds 1 to {most} characters.", "Give a shorter text.", most=f"{_MOST_CHARACTERS:,}")
    sheet = Sheet(secrets.randbelow(2**_ID_BITS), characters)
    with written_aside(folder / f"{sheet.number}.json") as out:
        out.write(json.dumps({"characters": characters}, ensure_ascii=False).encode())
    return sheet


def box_of(place: int) -> tuple[float, float]:
    """Return the upper left corner of a page's box, counted in rows from the left."""
    return FIRST[0] + place % COLUMNS * PITCH[0], FIRST[1] + place // COLUMNS * PITCH[1]


def code_of(number: int, page: int) -> list[bool]:
    """Return the strip's cells, True for black: number, page, checksum, the highest bits first."""
    value = number << _PAGE_BITS | page
    value = value << 8 | _checksum(value)
    return [bool(value >> (BITS - 1 - i) & 1) for i in range(BITS)]


def _checksum(value: int) -> int:
    return sum((value >> shift & 0xFF) * factor for shift, factor in ((0, 3), (8, 7), (16, 11), (24, 13))) + 0x5A & 0xFF


def read_sheets(path: Path, folder: Path, writer: str = "") -> Iterator[Sample]:
    """Yield the filled boxes of scanned sheets, one page of the file after another, however turned or warped.

    `folder` is where the sheets were remembered. A page that is no sheet of ours, such as a blank back, is passed over;
    raises `UnreadableFile` where none is one, and `HccrError`, once the others are read, where one is damaged.
    """
    foreign: HccrError | None = None
    damage: HccrError | None = None
    found = 0
    with open_document(path) as document:
        for number in range(len(document)):
            try:
                page = document.page(number).pixels
            except HccrError as error:
                damage = damage or error
                continue
            try:
                yield from _read_page(np.asarray(page), folder, path.name, writer)
                found += 1
            except UnreadableFile as error:
                foreign = foreign or error
        damage = damage or next(iter(document.left_out), None)
    if damage is not None:
        raise damage
    if foreign is not None and not found:
        raise foreign


def _read_page(page: npt.NDArray[np.uint8], folder: Path, name: str, writer: str) -> Iterator[Sample]:
    even = _even(page)
    for corners in _corners(even):
        to_scan = np.asarray(cv2.getPerspectiveTransform(np.array(CORNERS, np.float32), corners), np.float64)
        code = _code(even, to_scan)
        if code is None:
            continue
        number, at = code
        sheet = _remembered(folder, number)
        scale = np.diag([1 / _SCALE, 1 / _SCALE, 1.0])
        size = (round(WIDTH * _SCALE), round(HEIGHT * _SCALE))
        flat = cv2.warpPerspective(
            even, to_scan @ scale, size, flags=cv2.INTER_AREA | cv2.WARP_INVERSE_MAP, borderValue=255
        )
        for place, character in enumerate(sheet.on_page(at)):
            left, top = (round((v + _INSET) * _SCALE) for v in box_of(place))
            side = round((BOX - 2 * _INSET) * _SCALE)
            inside = np.ascontiguousarray(flat[top : top + side, left : left + side])
            if float((inside < 128).mean()) > _LEAST_INK:
                yield Sample(character, GlyphImage(inside.astype(np.uint8)), writer, f"sheet {sheet.number}")
        return
    raise UnreadableFile(
        "{name} shows no sheet that was printed here.",
        "All four corner marks and the strip between the upper two must be on the picture.",
        name=name,
    )


def _even(page: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the page with shadows taken out: divided by the paper's brightness around."""
    longest = max(page.shape)
    if longest > 4000:
        page = _resized(page, 4000 / longest)
    small = _resized(page, 0.25)
    reach = max(page.shape) // 4 // 20 * 2 + 1
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)), (0, 0), 5)
    paper = cv2.resize(paper, (page.shape[1], page.shape[0]))
    return np.asarray(cv2.divide(page, np.maximum(paper, 1), scale=255), np.uint8)


def _resized(page: npt.NDArray[np.uint8], factor: float) -> npt.NDArray[np.uint8]:
    size = (max(1, round(page.shape[1] * factor)), max(1, round(page.shape[0] * factor)))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)


def _corners(page: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.float32]]:
    """Yield what may be the four marks, clockwise, in every turn; the largest frames first."""
    _, dark = cv2.threshold(page, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    least = (max(page.shape) * 0.01) ** 2
    squares: list[tuple[float, tuple[float, float]]] = []
    for contour in contours:
        area = cv2.contourArea(contour)
        if area < least:
            continue
        (x, y), (width, height), _ = cv2.minAreaRect(contour)
        reach = max(1, int(min(width, height) / 4))  # a mark is solid, a box is not
        middle = dark[max(int(y) - reach, 0) : int(y) + reach, max(int(x) - reach, 0) : int(x) + reach]
        if area > 0.8 * width * height and 0.6 < width / max(height, 1e-6) < 1.67 and middle.mean() > 200:
            squares.append((area, (x, y)))
    squares = sorted(squares, reverse=True)[:14]
    found = []
    for four in itertools.combinations(squares, 4):
        areas = [area for area, _ in four]
        if max(areas) > 3 * min(areas):
            continue
        hull = cv2.convexHull(
            np.array([center for _, center in four], np.float32), clockwise=False
        )  # its y axis points up
        if len(hull) == 4:
            found.append((cv2.contourArea(hull), hull[:, 0]))
    for _, frame in sorted(found, key=lambda item: -item[0])[:40]:
        for turn in range(4):
            yield np.roll(frame, turn, axis=0).astype(np.float32)


def _code(page: npt.NDArray[np.uint8], to_scan: npt.NDArray[np.float64]) -> tuple[int, int] | None:
    """Return the sheet's number and page that the strip says, None where the checksum is wrong."""
    centers = np.array([[STRIP[0] + i * BIT, STRIP[1]] for i in range(BITS)], np.float32)
    points = cv2.perspectiveTransform(centers[None], to_scan)[0].round().astype(int)
    if (points < 1).any() or (points[:, 0] >= page.shape[1] - 1).any() or (points[:, 1] >= page.shape[0] - 1).any():
        return None
    value = 0
    for x, y in points.tolist():
        value = value << 1 | int(page[y - 1 : y + 2, x - 1 : x + 2].mean() < 128)
    rest, check = value >> 8, value & 0xFF
    return (rest >> _PAGE_BITS, rest & (2**_PAGE_BITS - 1)) if _checksum(rest) == check else None


def _remembered(folder: Path, number: int) -> Sheet:
    try:
        values: Any = json.loads(read_bounded(folder / f"{number}.json", 2**20))
        return Sheet(number, str(values["characters"]))
    except (HccrError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UnreadableFile(
            "Sheet {number} was not printed on this computer.",
            "Its characters are remembered where it was printed.",
            number=number,
        ) from error
