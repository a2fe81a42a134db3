"""Files of pages: images, multi-page TIFF, PDF, zip archives of these, each page read when it is asked for.

Known by content. A page that is damaged leaves the others readable, and what is not among the pages is told.
"""

from __future__ import annotations

import contextlib
import io
import math
import re
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from hccr_desktop import files
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import HccrError, NoPage, TooLarge, UnreadableFile
from hccr_desktop.files import MAX_FILE_BYTES, decoding, read_bounded
from hccr_desktop.formats.images import MAX_PAGES, ImageFile, is_image, kind_of, rest_left_out

DENSITY = 200
"""Dots an inch that a PDF's pages are drawn with, unless told otherwise."""

SUFFIXES = (
    *(".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif"),
    *(".avif", ".jp2", ".j2k", ".jpx", ".j2c", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".pdf", ".zip"),
)
"""By which files that cannot be opened are told to be meant as pages."""

_HEAD = 1024
"""Bytes at a file's beginning that tell its kind; a PDF may begin anywhere in them."""


class Document(Protocol):
    """A file's pages."""

    left_out: Sequence[HccrError]
    """What of the file is not among its pages, and why, a sentence each."""

    def __len__(self) -> int:
        """How many pages there are."""

    def page(self, number: int) -> GlyphImage:
        """Return a page, counted from 0; raises `UnreadableFile` or `TooLarge`."""

    def text(self, number: int) -> str:
        """Return the text that the file itself holds for a page, empty for none."""

    def size_pt(self, number: int) -> tuple[float, float] | None:
        """Return a page's own width and height in points of 1/72 inch, None where the file does not say."""

    def close(self) -> None:
        """Let go of the file."""


@contextlib.contextmanager
def open_document(path: Path, density: int = DENSITY) -> Iterator[Document]:
    """Open a file of pages; raises `UnreadableFile` or `TooLarge`. `density` is a PDF's, in dots an inch."""
    document = _document(read_bounded(path), path.name, density)
    try:
        yield document
    finally:
        document.close()


def _document(data: bytes, name: str, density: int) -> Document:
    if files.is_archive(data[:_HEAD]):
        return _Archive(data, name, density)
    return _Pdf(data, name, density) if _is_pdf(data[:_HEAD]) else ImageFile(data, name)


def _is_pdf(head: bytes) -> bool:
    return b"%PDF-" in head and not is_image(head)


# ------------------------------------------------------------------------------------------- folders


def pages_in(given: Path) -> list[Path]:
    """Return a file itself, or what looks like pages below a folder, in the order that people number them in.

    Links to folders are not followed, hidden folders and those of systems passed over. Folders that may not be entered
    are among them, to be reported.
    """
    if not _is(given, stat.S_ISDIR):
        return [given]
    found, closed = files.files_below(given)
    return sorted(
        [*(path for path in found if _looks_like_pages(path)), *closed],
        key=lambda path: [_by_number(part) for part in path.parts],
    )


def _looks_like_pages(path: Path) -> bool:
    """Tell by a file's beginning; one that is empty or cannot be opened counts by its name, to be reported."""
    if _is(path, stat.S_ISREG) is False:  # a pipe would be waited for
        return False
    head = b""
    with contextlib.suppress(OSError), path.open("rb") as file:
        head = file.read(_HEAD)
    return is_image(head) or _is_pdf(head) or path.suffix.lower() in SUFFIXES


def _is(path: Path, kind: Callable[[int], bool]) -> bool | None:
    """Tell whether a path leads to a file of a kind, None where nobody can tell."""
    try:
        return kind(path.stat().st_mode)
    except (OSError, ValueError):
        return None


def _by_number(name: str) -> list[tuple[int, str]]:
    """Return what sorts names so that 2 comes before 10."""
    parts = re.split(r"(\d{1,100})", name)  # every other one is of digits
    return [(int(part), part) if i % 2 else (-1, part) for i, part in enumerate(parts)]


# ----------------------------------------------------------------------------------------------- PDF

_MOST_DRAWN = 40_000_000
"""Pixels that a page is drawn with at most: an A4 page at 600 dots an inch. Photographs may say 72."""
_COVERS = 0.8
"""Share of a page that one picture covers where the page is that picture."""
_pdfium = threading.Lock()
"""PDFium may be used by one thread at a time."""


def _own_scale(page: Any, area: float) -> float | None:
    """Return the pixels a point of the one picture that a page is, but for its text; None where there is more on it."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_TEXT

    shown = (found for found in page.get_objects() if found.type != FPDF_PAGEOBJ_TEXT)
    picture, other = next(shown, None), next(shown, None)
    if picture is None or picture.type != FPDF_PAGEOBJ_IMAGE or other is not None:
        return None
    left, bottom, right, top = picture.get_bounds()
    across, down = picture.get_px_size()
    covered = (right - left) * (top - bottom)
    return float((across * down / covered) ** 0.5) if covered > _COVERS * area and across * down else None


def _no_size(number: int, name: str) -> UnreadableFile:
    return UnreadableFile("Page {number} of {name} has no size.", "Save it again.", number=number + 1, name=name)


class _Pdf:
    """A PDF's pages, drawn in gray."""

    def __init__(self, data: bytes, name: str, density: int) -> None:
        import pypdfium2

        self._name, self._density = name, density
        data = data[data.index(b"%PDF-") :]
        self._may_have_units = b"/UserUnit" in data or b"/ObjStm" in data
        with _pdfium, decoding(name):
            try:
                self._file = pypdfium2.PdfDocument(data)
            except pypdfium2.PdfiumError as error:
                raise _closed_pdf(name, str(error)) from error
            count = len(self._file)
            self._file.init_forms()  # otherwise what was filled in is not drawn
        if not count:
            raise UnreadableFile("{name} has no pages.", "Copy or download it again.", name=name)
        self._count = min(count, MAX_PAGES)
        self.left_out: Sequence[HccrError] = (rest_left_out(MAX_PAGES, name),) if count > MAX_PAGES else ()

    def __len__(self) -> int:
        return self._count

    def page(self, number: int) -> GlyphImage:
        with self._opened(number) as page:
            width, height = page.get_size()
            if not 0 < width * height < math.inf:
                raise _no_size(number, self._name)
            scale = min(self._density / 72 * self._unit(number), (_MOST_DRAWN / (width * height)) ** 0.5)
            scale = min(scale, _own_scale(page, width * height) or scale)
            pixels = page.render(scale=scale, grayscale=True).to_numpy()
            return GlyphImage(np.ascontiguousarray(pixels.reshape(pixels.shape[:2])).astype(np.uint8))

    def text(self, number: int) -> str:
        with contextlib.suppress(UnreadableFile), self._opened(number) as page:
            words = page.get_textpage()
            found = str(words.get_text_bounded())
            words.close()
            return found
        return ""

    def size_pt(self, number: int) -> tuple[float, float] | None:
        with self._opened(number) as page:
            size = page.get_size()
            unit = self._unit(number)
            return (size[0] * unit, size[1] * unit) if all(0 < side * unit < math.inf for side in size) else None

    def close(self) -> None:
        with _pdfium:
            self._file.close()

    @contextlib.contextmanager
    def _opened(self, number: int) -> Iterator[Any]:
        """Open a page; what goes wrong with it is its damage, not the file's."""
        with _pdfium, decoding(self._name):
            try:
                page = self._file[number]
                try:
                    yield page
                finally:
                    page.close()
            except (HccrError, MemoryError):
                raise
            except Exception as error:
                raise UnreadableFile(
                    "Page {number} of {name} is damaged.",
                    "Copy or download the file again.",
                    number=number + 1,
                    name=self._name,
                ) from error

    def _unit(self, number: int) -> float:
        """Return a page's unit in points (ISO 32000, UserUnit). PDFium does not say, a copy of the page does."""
        import pypdfium2

        if not self._may_have_units:
            return 1.0
        alone, written = pypdfium2.PdfDocument.new(), io.BytesIO()
        try:
            alone.import_pages(self._file, [number])
            alone.save(written)
        finally:
            alone.close()
        found = re.search(rb"/UserUnit\s+(\d*\.?\d+)", written.getvalue())
        return float(found[1]) if found else 1.0


def _closed_pdf(name: str, reason: str) -> UnreadableFile:
    """Say why a PDF cannot be opened."""
    if "assword" in reason:
        return UnreadableFile("{name} is locked by a password.", "Save it without one and try again.", name=name)
    if "ecurity" in reason:
        return UnreadableFile(
            "{name} is protected in a way that cannot be read here.", "Save it without protection.", name=name
        )
    return UnreadableFile("{name} is a damaged PDF.", "Copy or download it again.", name=name)


# ----------------------------------------------------------------------------------------------- zip

_MAX_LOOKED_AT = 2**31
"""Bound on what is unpacked of an archive to find out how many pages its files have."""


@dataclass(frozen=True)
class _Member:
    """A file in an archive, by its name there."""

    info: zipfile.ZipInfo
    name: str


class _Archive:
    """The images and PDFs in a zip archive, all their pages, in the order that people number them in."""

    def __init__(self, data: bytes, name: str, density: int) -> None:
        self._density, self._looked_at = density, 0
        self._file = files.open_archive(io.BytesIO(data), name)
        self._pages: list[tuple[_Member, int]] = []
        self._open: tuple[_Member, Document] | None = None
        left_out: list[HccrError] = []
        for member in _members(self._file, name):
            try:
                self._pages += [(member, number) for number in range(self._count(member, left_out))]
            except HccrError as error:
                left_out.append(error)
            if len(self._pages) > MAX_PAGES:
                left_out.append(rest_left_out(MAX_PAGES, name))
                break
        del self._pages[MAX_PAGES:]
        self.left_out: Sequence[HccrError] = left_out
        if not self._pages:
            raise _nothing_in(name, left_out)

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, number: int) -> GlyphImage:
        document, inside = self._at(number)
        return document.page(inside)

    def text(self, number: int) -> str:
        document, inside = self._at(number)
        return document.text(inside)

    def size_pt(self, number: int) -> tuple[float, float] | None:
        document, inside = self._at(number)
        return document.size_pt(inside)

    def close(self) -> None:
        if self._open:
            self._open[1].close()
        self._open = None
        self._file.close()

    def _count(self, member: _Member, left_out: list[HccrError]) -> int:
        """Return how many pages a member has; only one that may have several is unpacked wholly."""
        head = self._unpacked(member, _HEAD)
        if is_image(head) and kind_of(head) != "TIFF":
            return 1
        if files.is_archive(head):
            raise NoPage("{name} is an archive in an archive.", "Unpack it first.", name=member.name)
        if not is_image(head) and not _is_pdf(head):
            ImageFile(head, member.name)  # says what it is instead
        data = self._unpacked(member, MAX_FILE_BYTES)
        self._looked_at += len(data)
        if self._looked_at > _MAX_LOOKED_AT:
            raise TooLarge(
                "{name} unpacks to more than {limit} GiB.",
                "Unpack and split it.",
                name=member.name,
                limit=f"{_MAX_LOOKED_AT / 2**30:.0f}",
            )
        document = _document(data, member.name, self._density)
        with contextlib.closing(document):
            left_out += document.left_out
            return len(document)

    def _at(self, number: int) -> tuple[Document, int]:
        """Return the document of a page, which stays open until another one is needed, and the page's number there."""
        member, inside = self._pages[number]
        if self._open is None or self._open[0] is not member:
            if self._open:
                self._open[1].close()
            self._open = None
            data = self._unpacked(member, MAX_FILE_BYTES + 1)
            if len(data) > MAX_FILE_BYTES:
                raise TooLarge(
                    "{name} unpacks to more than {limit} MiB.",
                    "Save it smaller.",
                    name=member.name,
                    limit=f"{MAX_FILE_BYTES / 2**20:.0f}",
                )
            self._open = member, _document(data, member.name, self._density)
        return self._open[1], inside

    def _unpacked(self, member: _Member, most: int) -> bytes:
        with decoding(member.name), files.open_member(self._file, member.info, member.name) as packed:
            return packed.read(most)


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[_Member]:
    """Yield the files in an archive that a person put there."""
    named = [(files.name_of_member(info), info) for info in files.members_of(archive)]
    for inside, info in sorted(named, key=lambda one: _by_number(one[0])):
        if not any(files.is_passed_over(part) for part in re.split(r"[/\\]", inside)):
            yield _Member(info, f"{name}/{inside}")


def _nothing_in(name: str, left_out: Sequence[HccrError]) -> HccrError:
    """Say why an archive has no pages."""
    if len(left_out) == 1:
        return left_out[0]
    if not left_out:
        return UnreadableFile("{name} is an empty archive.", "Give an archive of images.", name=name)
    return UnreadableFile(
        "{name} holds {count} files, and no image that can be read.",
        "Give an archive of images.",
        name=name,
        count=len(left_out),
    )
