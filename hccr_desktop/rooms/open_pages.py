"""Pages that lie open for reading, kept on disk as they change and brought back.

In between `rooms.reading`, which knows what a page is, and `store.reading`, which keeps rows.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hccr_desktop.errors import HccrError, StorageError
from hccr_desktop.recognize.packed import NONSENSE, box_of, packed, unpacked
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.reading import ReadPage
from hccr_desktop.rooms.review import fetched
from hccr_desktop.store.journal import state_of
from hccr_desktop.store.reading import KeptPage, ReadingStore


class Session:
    """Keeps pages on disk, each change as it is made, and brings them back.

    `fail` hears of a disk that does not take them, once until it does again; the pages stay usable all the same, and
    are tried again with the next change.
    """

    def __init__(self, store: ReadingStore, fail: Callable[[HccrError], None] = lambda _: None) -> None:
        self._store, self._fail = store, fail
        self._is_heard, self._has_closed = False, False
        self._unkept: list[ReadPage] = []

    def restored(self) -> tuple[list[ReadPage], int]:
        """Return the pages that lay open and the place of the one that was looked at; raises `StorageError`."""
        try:
            pages = [page for kept in self._store.pages() if (page := self._page_of(kept)) is not None]
            current = self._store.current()
            self._has_closed = self._store.has_closed()
        except HccrError:
            self._is_heard = True
            raise
        return pages, next((i for i, page in enumerate(pages) if page.kept == current), 0)

    @property
    def trouble(self) -> StorageError | None:
        """What became of a file that was damaged; None where none was."""
        if self._store.set_aside is None:
            return None
        return StorageError(
            "The open pages of last time are damaged; they were set aside as {name}.",
            "Open their files again.",
            name=self._store.set_aside.name,
        )

    @property
    def unkept(self) -> int:
        """How many pages the disk did not take as they are now."""
        return len(self._unkept)

    def keep(self, page: ReadPage) -> None:
        """Keep a page that is new, was read, or has other regions; and those that could not be kept before."""
        self._keep(page)
        if page not in self._unkept:
            for other in list(self._unkept):
                self._keep(other)

    def _keep(self, page: ReadPage) -> None:
        with self._heard(page):
            found = None if page.reading_is_kept or page.found is None else packed(page.found)
            page.kept = self._store.keep(_kept_of(page), found)
            page.position, page.reading_is_kept = page.position or page.kept, True
            if page in self._unkept:
                self._unkept.remove(page)

    def keep_text(self, page: ReadPage) -> None:
        """Keep a page's text after an edit."""
        if page.reading_is_kept and not self._unkept:
            with self._heard(page):
                row = _kept_of(page)
                if self._store.keep_text(page.kept, row.text, row.owners, row.settled):
                    return
        page.reading_is_kept = False  # the disk did not take it, or somebody deleted it
        self.keep(page)

    def keep_checked(self, page: ReadPage) -> None:
        """Keep whether a page was checked."""
        if page in self._unkept:
            self.keep(page)
            return
        with self._heard(page):
            self._store.keep_checked(page.kept, is_checked=page.is_checked)

    def begin(self, page: ReadPage) -> None:
        """Note that a page's reading begins; `keep` and `end` note its end."""
        page.tries += 1
        with self._heard():
            self._store.keep_tries(page.kept, page.tries)

    def end(self, page: ReadPage) -> None:
        """Note that a page's reading ended without a result, and without ending the program."""
        page.tries = 0
        with self._heard():
            self._store.keep_tries(page.kept, 0)

    def keep_earlier(self, page: ReadPage) -> bool:
        """Keep a page that somebody worked on, among the closed ones, before it is read anew; tell whether it was."""
        if page.is_edited:
            with self._heard():
                self._store.keep_earlier(page.kept)
                self._has_closed = True
                return True
        return False

    def keep_current(self, page: ReadPage | None) -> None:
        """Remember which page is looked at."""
        with self._heard():
            self._store.keep_current(page.kept if page else 0)

    def close_page(self, page: ReadPage) -> None:
        """Put a page among the closed ones."""
        if page in self._unkept:
            self._keep(page)
            self._let_go(page)
        with self._heard():
            self._store.close_page(page.kept)
            self._has_closed = True

    def forget(self, page: ReadPage) -> None:
        """Keep a page no longer."""
        self._let_go(page)
        with self._heard():
            self._store.forget(page.kept)

    def reopened(self) -> ReadPage | None:
        """Return the page that was closed last, open again; None where there is none."""
        page = None
        with self._heard():
            while page is None and (kept := self._store.reopen()) is not None:
                page = self._page_of(kept)
            self._has_closed = self._store.has_closed()
        return page

    def has_closed(self) -> bool:
        """Tell whether a closed page can be opened again."""
        return self._has_closed

    def forget_all(self) -> None:
        """Let go of the pages and of the file, which is about to be deleted."""
        self._unkept, self._has_closed = [], False
        self._store.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._store.close()

    def _page_of(self, kept: KeptPage) -> ReadPage | None:
        """Return a page as it was kept; None where what was kept makes no sense."""
        try:
            path, regions = Path(os.fsdecode(kept.path)), json.loads(kept.regions)
            page = ReadPage(
                path,
                int(kept.number),
                int(kept.turns) % 4,
                kept.text.decode("utf-8", "surrogatepass"),
                [int(owner) for owner in json.loads(kept.owners)],
                {int(answer) for answer in json.loads(kept.settled)},
                kept.answers >= 0,
                max(int(kept.answers), 0),
                frozenset(int(answer) for answer in json.loads(kept.doubts)),
                [box_of(box) for box in regions["only"]],
                [box_of(box) for box in regions["ignored"]],
                kept.state,
                bool(kept.state) and kept.state != state_of(path),
                kept=int(kept.id),
                position=int(kept.position),
                tries=int(kept.tries),
                batch=Path(os.fsdecode(kept.batch)) if kept.batch else None,
                is_checked=bool(kept.checked),
            )
        except NONSENSE:
            return None
        page.fetch = lambda: self._fetched(kept.id) or fetched(page)
        known = range(-1, page.answer_count)
        if len(page.owners) != len(page.text) or not {*page.owners, *page.settled, *page.doubts} <= set(known):
            page.keep_only_text()
        return page

    def _fetched(self, number: int) -> Page | None:
        """Return what was recognized of a page; None where it is lost, or makes no sense."""
        with self._heard():
            return unpacked(self._store.found(number) or "")
        return None

    @contextlib.contextmanager
    def _heard(self, page: ReadPage | None = None) -> Iterator[None]:
        try:
            yield
        except HccrError as error:
            if page is not None and page not in self._unkept:
                self._unkept.append(page)
            if not self._is_heard:
                self._fail(error)
            self._is_heard = True
        else:
            self._is_heard = False

    def _let_go(self, page: ReadPage) -> None:
        if page in self._unkept:
            self._unkept.remove(page)


def place_of(page: ReadPage, pages: Sequence[ReadPage]) -> int:
    """Return where a page that is opened again belongs among others."""
    key = (page.position, page.kept)
    return next((i for i, other in enumerate(pages) if (other.position, other.kept) > key), len(pages))


def _kept_of(page: ReadPage) -> KeptPage:
    return KeptPage(
        page.kept,
        page.position,
        os.fsencode(page.path.absolute()),
        page.number,
        page.turns,
        json.dumps({"only": page.only, "ignored": page.ignored}),
        page.text.encode("utf-8", "surrogatepass"),
        json.dumps(page.owners),
        json.dumps(sorted(page.settled)),
        page.answer_count if page.is_read else -1,
        json.dumps(sorted(page.doubts)),
        page.state,
        page.tries,
        int(page.is_checked),
        os.fsencode(page.batch) if page.batch else b"",
    )
