"""The pages at hand: opened, read in the background, kept as they change, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.going_back import GoingBack
from hccr_desktop.gui.page_list import PageList
from hccr_desktop.gui.page_reading import PageReading
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.paths import reading_session
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.open_pages import Session, place_of
from hccr_desktop.rooms.reading import MOST_TRIES, ReadPage
from hccr_desktop.rooms.review import opened
from hccr_desktop.store.reading import ReadingStore


class PageShelf(QObject):
    """Emits `changed()` whenever pages come, go or wait, and `read(ReadPage, GlyphImage)` for a page that was read.

    `renewed(ReadPage)` tells that a page has another text than it had, `said(str)` and `failed(HccrError)` what
    happened.
    """

    changed = Signal()
    read = Signal(object, object)
    renewed = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, desk: Desk, pages: PageList, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list, self._tasks = pages, tasks
        self.reading = PageReading(desk, tasks, self)
        self.queue = self.reading.queue
        self.session = Session(ReadingStore(reading_session()), self.failed.emit)
        self.reading.begun.connect(self.session.begin)
        self.reading.read.connect(self._take)
        self.reading.unreadable.connect(self._unreadable)
        self.reading.noted.connect(self.failed)
        self.reading.changed.connect(self.changed)
        self._back = GoingBack(self)
        self._back.failed.connect(self.failed)
        desk.emptying.connect(self.empty)
        tasks.run(self.session.restored, self._restored, self.failed.emit)

    @property
    def pages(self) -> list[ReadPage]:
        """All pages, in the list's order."""
        return self.list.pages

    # ------------------------------------------------------------------------ coming

    def _restored(self, found: tuple[list[ReadPage], int]) -> None:
        """Show the pages that lay open when the program ended; those that waited are read."""
        pages, current = found
        if self.session.trouble is not None:
            self.failed.emit(self.session.trouble)
        for page in pages:
            if not page.is_read and page.tries >= MOST_TRIES:
                page.failure = self.tr("Reading it did not end, twice. “Read again” tries once more.")
            elif not page.is_read:
                self.queue.add(page)
            self.list.append(page)
        if pages:
            self.list.setCurrentRow(current)
        self.reading.go_on()

    def open_files(self, paths: Iterable[Path], *, by_user: bool = True) -> None:
        """Add files, and the pictures in folders, and read their pages; show one of them where the user asked."""
        self._tasks.run(lambda: opened(paths), partial(self._found, by_user), self.failed.emit)

    def _found(self, by_user: bool, found: tuple[list[ReadPage], list[HccrError]]) -> None:
        pages, errors = found
        for error in errors:
            self.failed.emit(error)
        if not pages and not errors:
            self.failed.emit(
                InputError("There are no pictures in it.", "Open a scan, a photograph or a folder of them.")
            )
        known = {(page.path.absolute(), page.number): page for page in self.pages}
        fresh = [page for page in pages if (page.path.absolute(), page.number) not in known]
        there = [known[page.path.absolute(), page.number] for page in pages if page not in fresh]
        again = [page for page in there if page.failure and not page.is_read and page.tries < MOST_TRIES]
        if not by_user:  # it came once more: another picture, unless somebody worked on what was read
            again += [page for page in there if page.is_read and page.is_outdated and not page.is_worked_on]
        first = len(self.pages)
        for page in fresh:
            self.session.keep(page)
            self.list.append(page)
            if not (page.is_read or page.failure):
                self.queue.add(page)
        ready = next((row for row, page in enumerate(fresh, first) if page.is_read), None)
        if again:  # what could not be read may have been mended
            self.read_again(again)
        elif pages and not fresh and by_user:  # they lie open already
            ready = self.pages.index(known[pages[0].path.absolute(), pages[0].number])
            self.said.emit(self.tr("It lies open already."))
        if ready is not None and (by_user or self.list.page is None):  # there is something to look at
            self.list.setCurrentRow(ready)
        self.changed.emit()
        self.reading.go_on()

    def _take(self, page: ReadPage, picture: GlyphImage, answer: Page, turning: int) -> None:
        if page not in self.pages:
            return
        self._keep_earlier(page)
        page.set_page(answer, turning)
        self.session.keep(page)
        self._back.later(page)
        self.list.show_read(page, picture)
        self.read.emit(page, picture)

    def _unreadable(self, page: ReadPage, error: HccrError) -> None:
        if page in self.pages:
            page.failure = error.sentence(lambda text: QCoreApplication.translate("errors", text))
            self.list.show_unreadable(page)
            self.session.end(page)
        self.failed.emit(error)

    # ----------------------------------------------------------------------- changing

    def read_again(self, pages: Iterable[ReadPage]) -> None:
        """Read pages once more."""
        for page in pages:
            page.failure = ""
            self.queue.add(page)
        self.reading.go_on()

    def set_regions(self, page: ReadPage, only: list[Box], ignored: list[Box]) -> None:
        """Read only some regions of a page, or leave some aside."""
        self._keep_earlier(page)
        page.set_regions(only, ignored)
        self.session.keep(page)
        self._back.later(page)
        self.list.show_read(page)
        self.renewed.emit(page)

    def _keep_earlier(self, page: ReadPage) -> None:
        """Let corrections that a new reading replaces be reopened."""
        if self.session.keep_earlier(page):
            self.said.emit(self.tr("The text as it was corrected is kept: Reopen page brings it back."))

    def keep_edit(self, page: ReadPage) -> None:
        """Keep a page's text after an edit."""
        self.session.keep_text(page)
        self._back.later(page)
        self.list.show_read(page)

    def check(self, page: ReadPage) -> None:
        """Note that a page is as it should be, or take that back."""
        page.is_checked = not page.is_checked
        self.session.keep_checked(page)
        self._back.later(page)
        self.list.show_read(page)

    def go_to_next(self, wanted: str) -> bool:
        """Show the next page after this one, around the list, that is "unchecked" or has "doubts"; False for none."""
        row = self.list.currentRow()
        for i in [*range(row + 1, len(self.pages)), *range(max(row, 0))]:
            page = self.pages[i]
            if page.is_read and (not page.is_checked if wanted == "unchecked" else page.doubtful_count > 0):
                self.list.setCurrentRow(i)
                return True
        return False

    # -------------------------------------------------------------------------- going

    def close_page(self, page: ReadPage) -> None:
        """Put a page among the closed ones."""
        self._back.write()
        self.queue.drop(page)
        self.session.close_page(page)
        self.list.remove(page)
        self.changed.emit()

    def reopen(self) -> None:
        """Bring back the page that was closed last, or as it was before it was read anew."""
        page = self.session.reopened()
        if page is not None:
            row = place_of(page, self.pages)
            self.list.insert(row, page)
            self.list.setCurrentRow(row)
            if not page.is_read:
                self.queue.add(page)
        self.reading.go_on()

    def stop(self) -> None:
        """Leave the pages that wait unread."""
        for page in self.queue.stop():
            if not page.is_read:
                self.session.forget(page)
                self.list.remove(page)
        self.said.emit(self.tr("Stopped; what was read stays."))
        self.changed.emit()

    def empty(self) -> None:
        """Show no page any more, and let go of the file in which they are kept: it is about to be deleted."""
        self.queue.stop()
        for page in list(self.pages):
            self.list.remove(page)
        self.session.forget_all()
        self.changed.emit()

    def shut(self) -> None:
        """Write what is left, and end the background work."""
        self.queue.stop()
        self._back.shut()
        self._tasks.close()
        for page in self.pages:
            if page is self.queue.current or 0 < page.tries < MOST_TRIES:  # it was being read, and nothing went wrong
                self.session.end(page)
        self.session.close()
