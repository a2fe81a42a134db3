"""A folder that a batch wrote, looked through: its pages as they were read, and corrections back into its files."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hccr_desktop.batch.job import format_of, plain
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import HccrError, StorageError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.recognize.packed import NONSENSE, box_of, packed, unpacked
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.exporting import WITH_PICTURE, blank_of
from hccr_desktop.rooms.reading import ReadPage, drawn_from, pages_of
from hccr_desktop.store.journal import NAME, Journal, Result, found_of, results, state_of


def is_batch(folder: Path) -> bool:
    """Tell whether a batch wrote a folder."""
    return (folder / NAME).is_file()


def pages_of_batch(folder: Path) -> list[ReadPage]:
    """Return the pages of a folder that a batch wrote, read, checked or failed; raises `StorageError`.

    Earlier versions' folders do not say what was recognized.
    """
    pages = [page for result in results(folder) if (page := _page_of(result, folder)) is not None]
    if not pages:
        raise StorageError(
            "{name} does not say what was recognized: an earlier version wrote it, or nothing was read.",
            "Run the batch again, with --force, or open the pictures themselves.",
            name=folder.name,
        )
    return pages


def _page_of(result: Result, folder: Path) -> ReadPage | None:
    page = ReadPage(result.source, result.number, batch=folder.absolute(), failure=result.failure)
    if result.failure:
        return page
    found = unpacked(result.found)
    if found is None:
        return None
    with contextlib.suppress(*NONSENSE):
        _take(page, found, json.loads(result.review) if result.review else None)
    if not page.is_read:
        page.set_page(found)
    page.state, page.is_stale = result.state, result.state != state_of(result.source)
    page.reading_is_kept = True  # in the journal
    page.let_go(lambda: fetched(page))
    return page


def _take(page: ReadPage, found: Page, values: Any) -> None:
    """Give a page what was read, and what somebody made of it; raises one of several errors for nonsense."""
    if values is None:
        page.set_page(found)
        return
    text, owners = str(values["text"]), [int(owner) for owner in values["owners"]]
    settled = {int(answer) for answer in values["settled"]}
    only, ignored = ([box_of(box) for box in values[name]] for name in ("only", "ignored"))
    page.only, page.ignored, page.turns = only, ignored, int(values["turns"]) % 4
    page.set_page(found)
    if len(text) == len(owners) and {*owners, *settled} <= set(range(-1, page.answer_count)):
        page.text, page.owners, page.settled, page.is_checked = text, owners, settled, bool(values["checked"])


def fetched(page: ReadPage) -> Page | None:
    """Return what a batch recognized of a page; None where it is lost."""
    if page.batch is None:
        return None
    with contextlib.suppress(HccrError):
        return unpacked(found_of(page.batch, page.path, page.number))
    return None


def going_back(page: ReadPage) -> Callable[[], None] | None:
    """Return what writes a page's text, as it is now, into its batch's files; None where there is no batch.

    It may run in another thread. It raises `StorageError` where another batch is writing there, where a file cannot be
    written, or was changed by somebody else: that one stays as it is.
    """
    folder, found = page.batch, page.found
    if folder is None or found is None:
        return None
    source, number, turns, lines, vertical = page.path, page.number, page.turns, page.lines, page.is_vertical
    state, blank, characters = page.state, blank_of(page), len(page.text)
    kept = {
        "text": page.text,
        "owners": list(page.owners),
        "settled": sorted(page.settled),
        "checked": page.is_checked,
        "only": page.only,
        "ignored": page.ignored,
        "turns": page.turns,
    }

    def write() -> None:
        journal = Journal(folder)
        try:
            journal.keep_review(source, number, json.dumps(kept, ensure_ascii=False), packed(found), state)
            outputs = [place for place in journal.places(source, number) if format_of(place) and place.exists()]
            fresh = [] if journal.places(source, number) else _places(journal, folder, source, number)
            is_another = bool(state) and state != state_of(source)
            picture, size_pt = (None, None) if is_another else _picture_of(source, number, turns)
            shown = picture or blank
            foreign = [
                place
                for place in outputs
                if not journal.is_own(source, number, place) or (picture is None and format_of(place) in WITH_PICTURE)
            ]
            created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
            result = PageResult(plain(source.name), number, shown, lines, created, vertical, size_pt)
            for place in [*outputs, *fresh]:
                if place in foreign or (picture is None and format_of(place) in WITH_PICTURE):
                    continue
                data = FORMATS[format_of(place)][1](result)
                journal.claim(source, number, place, data)
                with written_aside(place) as out:
                    out.write(data)
                if place in fresh:
                    journal.note(source, number, "", place, characters, 1.0)
        finally:
            journal.close()
        if foreign:
            raise StorageError(
                "{name} was changed by somebody else, or the picture that it holds is gone: it stays as it is.",
                "Save the page under another name.",
                name=foreign[0].name,
            )

    return write


def _places(journal: Journal, folder: Path, source: Path, number: int) -> list[Path]:
    """Return where a page is written that the batch could not read: in its formats, under a free name of its own."""
    formats = sorted({name for place in journal.outputs() if (name := format_of(place))}) or ["text"]
    own = plain(source.stem) if number == 1 else f"{plain(source.stem)}-{number}"
    for count in itertools.count(1):
        stem = own if count == 1 else f"{own} ({count})"
        places = [folder / (stem + FORMATS[name][0]) for name in formats]
        if not any(journal.is_taken(source, number, place) for place in places):
            return places
    raise AssertionError("there is always a free name")


def _picture_of(source: Path, number: int, turns: int) -> tuple[GlyphImage | None, tuple[float, float] | None]:
    """Return a page's picture, None where the file is gone, and its size in points."""
    try:
        return drawn_from(ReadPage(source, number, turns))
    except HccrError:
        return None, None


def opened(paths: Iterable[Path]) -> tuple[list[ReadPage], list[HccrError]]:
    """Return the pages of files and folders, of a batch's folder those that it read, and what went wrong."""
    pages: list[ReadPage] = []
    errors: list[HccrError] = []
    for path in paths:
        if not is_batch(path):
            found, failed = pages_of([path])
            errors += failed
        else:
            try:
                found = pages_of_batch(path)
            except HccrError as error:
                errors.append(error)
                continue
        pages += found
    return pages, errors
