"""Files of pages: images, multi-page TIFF, PDF, zip archives of images, each page read when it is asked for.

Known by content. A page that is damaged leaves the others readable.
"""

from __future__ import annotations

import contextlib
import io
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import TooLarge, UnreadableFile
from hccr_desktop.files import MAX_FILE_BYTES, read_bounded
from hccr_desktop.formats.images import MAX_PAGES, MAX_PIXELS, ImageFile, is_image

DENSITY = 200
"""Dots an inch that a PDF's pages are drawn with, unless told otherwise."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif", ".pdf", ".zip")
"""By which files that cannot be opened are told to be meant as pages."""

_pdfium = threading.Lock()
"""PDFium may be used by one thread at a time."""


class Document(Protocol):
    """A file's pages."""

    def __len__(self) -> int:
        """How many pages there are."""

    def page(self, number: int) -> GlyphImage:
        """Return a page, counted from 0; raises `UnreadableFile` or `TooLarge`."""

    def text(self, number: int) -> str:
        """Return the text that the file itself holds for a page, empty for none."""

    def close(self) -> None:
        """Let go of the file."""


@contextlib.contextmanager
def open_document(path: Path, density: int = DENSITY) -> Iterator[Document]:
    """Open a file of pages; raises `UnreadableFile` or `TooLarge`. `density` is a PDF's, in dots an inch."""
    data = read_bounded(path)
    document: Document
    if data.lstrip()[:5] == b"%PDF-":
        document = _Pdf(data, path.name, density)
    elif data[:4] == b"PK\x03\x04":
        document = _Archive(data, path.name)
    else:
        document = ImageFile(data, path.name)
    try:
        yield document
    finally:
        document.close()


def pages_in(given: Path) -> list[Path]:
    """Return a file itself, or what looks like pages below a folder, in the order of the paths.

    Links to folders are not followed.
    """
    if not given.is_dir():
        return [given]
    inside = (path for path in sorted(given.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [path for path in inside if _looks_like_pages(path)]


def _looks_like_pages(path: Path) -> bool:
    """Tell by a file's beginning; one that is empty or cannot be opened counts by its name, to be reported."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        head = b""
    return is_image(head) or head.startswith(b"%PDF-") or path.suffix.lower() in SUFFIXES


class _Pdf:
    """A PDF's pages, drawn in gray."""

    def __init__(self, data: bytes, name: str, density: int) -> None:
        import pypdfium2

        self._name, self._density = name, density
        with _pdfium:
            try:
                self._file = pypdfium2.PdfDocument(data)
                self._count = min(len(self._file), MAX_PAGES)
            except pypdfium2.PdfiumError as error:
                if "assword" in str(error):
                    raise UnreadableFile(
                        "{name} is locked by a password.", "Save it without one and try again.", name=name
                    ) from error
                raise UnreadableFile("{name} is a damaged PDF.", "Copy or download it again.", name=name) from error

    def __len__(self) -> int:
        return self._count

    def page(self, number: int) -> GlyphImage:
        import pypdfium2

        with _pdfium:
            try:
                page = self._file[number]
                width, height = page.get_size()
                scale = self._density / 72
                if width * height * scale * scale > MAX_PIXELS:
                    raise TooLarge(
                        "Page {number} of {name} is too large at {density} dots an inch.",
                        "Choose a lower density.",
                        number=number + 1,
                        name=self._name,
                        density=self._density,
                    )
                pixels = page.render(scale=scale, grayscale=True).to_numpy()
                page.close()
            except (pypdfium2.PdfiumError, ValueError) as error:
                raise UnreadableFile(
                    "Page {number} of {name} is damaged.",
                    "Copy or download the file again.",
                    number=number + 1,
                    name=self._name,
                ) from error
        return GlyphImage(np.ascontiguousarray(pixels.reshape(pixels.shape[:2])).astype(np.uint8))

    def text(self, number: int) -> str:
        import pypdfium2

        with _pdfium:
            try:
                page = self._file[number]
                words = page.get_textpage()
                found = str(words.get_text_bounded())
                words.close()
                page.close()
            except pypdfium2.PdfiumError:
                return ""
        return found

    def close(self) -> None:
        with _pdfium:
            self._file.close()


class _Archive:
    """The images in a zip archive, in the order of their names; the first page of each."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise UnreadableFile("{name} is a damaged archive.", "Copy or download it again.", name=name) from error
        members = (m for m in self._file.infolist() if not m.is_dir() and Path(m.filename).suffix.lower() in SUFFIXES)
        kept = sorted(members, key=lambda m: m.filename)[:MAX_PAGES]
        self._members = [m for m in kept if not Path(m.filename).name.startswith(".")]
        if not self._members:
            raise UnreadableFile("{name} holds no images.", "Give an archive of images.", name=name)

    def __len__(self) -> int:
        return len(self._members)

    def page(self, number: int) -> GlyphImage:
        member = self._members[number]
        name = f"{self._name}/{Path(member.filename).name}"
        try:
            with self._file.open(member) as packed:
                data = packed.read(MAX_FILE_BYTES + 1)
        except RuntimeError as error:
            raise UnreadableFile(
                "{name} is locked by a password.", "Save it without one and try again.", name=name
            ) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableFile("{name} is damaged or cut off.", "Save or copy it again.", name=name) from error
        if len(data) > MAX_FILE_BYTES:
            raise TooLarge("{name} unpacks to more than {limit} MiB.", name=name, limit=f"{MAX_FILE_BYTES / 2**20:.0f}")
        return ImageFile(data, name).page(0)

    def text(self, number: int) -> str:
        return ""

    def close(self) -> None:
        self._file.close()
