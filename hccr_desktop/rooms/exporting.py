"""Pages that lie open, written as they were corrected, in any of the forms that a batch knows."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import clean_name
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.rooms.reading import ReadPage, drawn_from

WITH_PICTURE = {"pdf"}
"""Formats that hold the page's picture."""


def exporting(pages: Sequence[ReadPage], path: Path) -> Callable[[], list[Path]]:
    """Return what writes pages, as they are now, in the form that the file's suffix says, and returns the files.

    It may run in another thread. Plain text of all pages goes into one file; of every other form each page is a file,
    those after the first numbered, under names that are free.
    A page whose picture is gone is written on blank paper, where its form holds no picture; otherwise the others are
    written, and what went wrong is raised in the end. Raises `InputError` for another suffix.
    """
    form = next((form for form, (suffix, _) in FORMATS.items() if path.name.lower().endswith(suffix)), None)
    if form is None:
        known = ", ".join(suffix for suffix, _ in FORMATS.values())
        raise InputError("{name} is no form of text.", "End its name in one of {known}.", name=path.name, known=known)
    suffix, make = FORMATS[form]
    stem = path.name[: -len(suffix)]
    text = ("\n\n".join(page.text for page in pages) + "\n").encode(errors="replace")
    kept = [page.as_it_is() for page in pages]

    def write() -> list[Path]:
        if form == "text":
            with written_aside(path) as out:
                out.write(text)
            return [path]
        written: list[Path] = []
        wrong: HccrError | None = None
        created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
        for number, page in enumerate(kept, 1):
            own = path if number == 1 else _free(path.parent, f"{stem}-{number}", suffix)
            name, size_pt = clean_name(page.path.name), None
            try:
                if page.is_outdated:
                    raise _replaced(name)
                picture, size_pt = drawn_from(page)
            except HccrError as error:
                if form in WITH_PICTURE:
                    wrong = wrong or error
                    continue
                picture = blank_of(page)
            result = PageResult(name, page.number, picture, page.lines, created, page.is_vertical, size_pt)
            with written_aside(own) as out:
                out.write(make(result))
            written.append(own)
        if wrong is not None:
            raise wrong
        return written

    return write


def _replaced(name: str) -> InputError:
    return InputError("{name} is gone, or another file than when it was read.", "“Read again” reads it.", name=name)


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """Return a file of such a name that is not there yet: the user was asked about the first file alone."""
    paths = (folder / f"{stem}{f' ({n})' if n > 1 else ''}{suffix}" for n in itertools.count(1))
    return next(path for path in paths if not os.path.lexists(path))


def blank_of(page: ReadPage) -> GlyphImage:
    """Return paper of the size at which a page was read."""
    width, height = page.found.size if page.found is not None else (1, 1)
    return GlyphImage(np.full((max(height, 1), max(width, 1)), 255, np.uint8))
