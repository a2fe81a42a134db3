"""The reading room: pages in a list, the page with its boxes, its text beside it, and candidates to correct it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.going_back import GoingBack
from hccr_desktop.gui.page_correction import PageCorrection
from hccr_desktop.gui.page_files import PageFiles
from hccr_desktop.gui.page_list import PageList
from hccr_desktop.gui.page_reading import PageReading
from hccr_desktop.gui.page_regions import PageRegions
from hccr_desktop.gui.page_view import PageView
from hccr_desktop.gui.reading_progress import ReadingProgress
from hccr_desktop.gui.room import Desk, Room, tool_bar
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.paths import reading_session
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.open_pages import Session, place_of
from hccr_desktop.rooms.reading import (
    MOST_TRIES,
    ReadPage,
    picture_of,
    sample_of,
)
from hccr_desktop.rooms.review import opened
from hccr_desktop.store.reading import ReadingStore

_OF_A_PAGE: tuple[str, ...] = ("remove", "turn", "again", "only", "ignore", "whole", "zoom_in", "zoom_out", "fit")
_OF_A_PAGE += ("previous", "next", "checked", "copy", "save")
"""Actions that need a page."""


class ReadRoom(Room):
    """Pages are read one after another in the background; the text can be corrected, copied and saved."""

    name = "read"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self._tasks = Tasks(self)
        self.reading = PageReading(desk, self._tasks, self)
        self.queue = self.reading.queue
        self.session = Session(ReadingStore(reading_session()), self.fail)
        self._picture: GlyphImage | None = None
        self.files = PageFiles(self._tasks, lambda: self.pages, self)
        self.files.came.connect(self.open_files)
        self.files.said.connect(self.said)
        self.files.failed.connect(self.fail)
        self.reading.begun.connect(self.session.begin)
        self.reading.read.connect(self._read)
        self.reading.unreadable.connect(self._unreadable)
        self.reading.noted.connect(self.fail)
        self.back = GoingBack(self)
        self.back.failed.connect(self.fail)
        desk.emptying.connect(self._empty)
        self._build()
        self.reading.changed.connect(self._update)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tasks.run(self.session.restored, self._restored, self.fail)

    def _build(self) -> None:
        self.view = PageView(self)
        self.regions = PageRegions(self.view, lambda: self.current, self)
        self.regions.chosen.connect(self._set_regions)
        self.regions.said.connect(self.said)
        self.correction = PageCorrection(self.desk, self)
        self.correction.marked.connect(self.view.mark)
        self.correction.corrected.connect(self._keep_sample)
        self.correction.add_actions(self.add)
        self.text, self.candidates = self.correction.text, self.correction.candidates
        self.text.edited.connect(self._edited)
        self.view.clicked.connect(self.text.go_to_answer)
        opening = (
            self.add("open", lambda: self.tr("Open…"), self.files.choose, "Ctrl+O"),
            self.add("folder", lambda: self.tr("Open a folder…"), self.files.choose_folder, "Ctrl+Shift+O"),
            self.add("paste", lambda: self.tr("Paste"), self.files.paste, "Ctrl+V"),
            self.add("watch", lambda: self.tr("Watch a folder…"), self.files.choose_watched),
            self.add("remove", lambda: self.tr("Close page"), self._remove, "Ctrl+W"),
            self.add("reopen", lambda: self.tr("Reopen page"), self._reopen, "Ctrl+Shift+W"),
        )
        looking = (
            self.add("turn", lambda: self.tr("Turn"), self._turn, "Ctrl+R"),
            self.add("again", lambda: self.tr("Read again"), self._read_again, "Ctrl+E"),
            self.add("zoom_in", lambda: self.tr("Larger"), lambda: self.view.zoom(1), "Ctrl++", "Ctrl+="),
            self.add("zoom_out", lambda: self.tr("Smaller"), lambda: self.view.zoom(-1), "Ctrl+-"),
            self.add("fit", lambda: self.tr("Whole page"), self.view.fit, "Ctrl+0"),
        )
        correcting = (
            self.add("previous", lambda: self.tr("Previous doubtful"), lambda: self._go_doubtful(-1), "Shift+F3"),
            self.add("next", lambda: self.tr("Next doubtful"), lambda: self._go_doubtful(1), "F3"),
            self.add("checked", lambda: self.tr("Page checked"), self._check, "F4"),
        )
        saving = (
            self.add("copy", lambda: self.tr("Copy text"), self._copy, "Ctrl+Shift+C"),
            self.add("save", lambda: self.tr("Save…"), self.files.choose_target, "Ctrl+S"),
        )
        bar = tool_bar(self, opening, looking, correcting, saving)
        self.regions.add_actions(self.add)
        bar.insertWidget(correcting[0], self.regions)
        self.list = PageList(self)
        self.list.currentRowChanged.connect(self._show_current)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = ReadingProgress(self)
        self.progress.paused.connect(self.reading.pause)
        self.progress.stopped.connect(self._stop)
        self._split = QSplitter(self)
        for widget in (self.list, self.view, self.correction):
            self._split.addWidget(widget)
            self._split.setStretchFactor(self._split.count() - 1, 0 if widget is self.list else 1)
        self._split.setSizes([170, 460, 340])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(bar)
        layout.addWidget(self.hint, 1)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.progress)
        self._update()

    def enter(self) -> None:
        """Give the keys to the room."""
        (self.list if self.pages else self).setFocus()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.hint.setText(
            self.tr(
                "Open, drop or paste scans and photographs of handwriting.\n"
                "Each page appears with a box around every character and its text beside it; "
                "F3 goes to the next doubtful one."
            )
        )
        self.regions.retranslate()
        self.correction.retranslate()
        self.list.retranslate()
        self._update()
        self.view.setAccessibleName(self.tr("Page"))

    # ----------------------------------------------------------------------------- reading

    def _restored(self, found: tuple[list[ReadPage], int]) -> None:
        """Show the pages that lay open when the program ended; those that waited are read."""
        pages, current = found
        if self.session.trouble is not None:
            self.fail(self.session.trouble)
        for page in pages:
            self.list.append(page)
            if not page.is_read and page.tries < MOST_TRIES:
                self.queue.add(page)
            elif not page.is_read:
                self.list.show_unreadable(page)
        if pages:
            self.list.setCurrentRow(current)
        self.reading.go_on()

    def take_files(self, files: Sequence[Path]) -> None:
        """Read what another room hands over."""
        self.open_files(files)

    def open_files(self, paths: Iterable[Path]) -> None:
        """Add files, and the pictures in folders, and read their pages."""
        self._tasks.run(lambda: opened(paths), self._found, self.fail)

    def _found(self, found: tuple[list[ReadPage], list[HccrError]]) -> None:
        pages, errors = found
        for error in errors:
            self.fail(error)
        if not pages and not errors:
            self.fail(InputError("There are no pictures in it.", "Open a scan, a photograph or a folder of them."))
        first = len(self.pages)
        for page in pages:
            self.session.keep(page)
            self.list.append(page)
            if not (page.is_read or page.failure):
                self.queue.add(page)
        ready = next((row for row, page in enumerate(pages, first) if page.is_read), None)
        if ready is not None:  # out of a batch's folder: there is something to look at
            self.list.setCurrentRow(ready)
            self._update()
        self.reading.go_on()

    def _read(self, page: ReadPage, picture: GlyphImage, answer: Page, turning: int) -> None:
        if page not in self.pages:
            return
        self._keep_earlier(page)
        page.set_page(answer, turning)
        self.session.keep(page)
        self.back.later(page)
        self.list.show_read(page, picture)
        if self.current is None:
            self.list.setCurrentRow(self.pages.index(page))
        elif self.current is page:
            self._show(page, picture)

    def _unreadable(self, page: ReadPage, error: HccrError) -> None:
        if page in self.pages:
            self.list.show_unreadable(page)
        self.fail(error)

    def _stop(self) -> None:
        """Leave the pages that wait unread."""
        for page in self.queue.stop():
            if not page.is_read:
                self.session.forget(page)
                self.list.remove(page)
        self.said.emit(self.tr("Stopped; what was read stays."))
        self._update()

    def _update(self) -> None:
        self.progress.show_queue(self.queue, self.pages)
        self.hint.setVisible(not self.pages)
        self._split.setVisible(bool(self.pages))
        for name in _OF_A_PAGE:
            self.actions_at_hand[f"read.{name}"].setEnabled(bool(self.pages))
        self.actions_at_hand["read.reopen"].setEnabled(self.session.has_closed())

    # ----------------------------------------------------------------------------- looking

    @property
    def current(self) -> ReadPage | None:
        """The page that is shown."""
        return self.list.page

    @property
    def pages(self) -> list[ReadPage]:
        """All pages, in the list's order."""
        return self.list.pages

    def _show_current(self) -> None:
        page = self.current
        self._picture = None
        self.session.keep_current(page)
        if page is None or not page.is_read:
            self.view.clear()
            self.correction.show_page(None)
            if page is not None and page.failure:
                self.said.emit(page.failure)
            return

        def shown(picture: GlyphImage) -> None:
            if page is self.current:
                self._show(page, picture)

        def gone(error: HccrError) -> None:
            self.fail(error)
            if page is self.current:  # its text is still there
                self.view.clear()
                self.correction.show_page(page)

        self._tasks.run(lambda: picture_of(page), shown, gone)

    def _show(self, page: ReadPage, picture: GlyphImage) -> None:
        self._picture = picture
        self.list.show_read(page, picture)
        self.view.show_page(picture, page.answers, page.only, page.ignored)
        self.correction.show_page(page)

    def _go_doubtful(self, step: int) -> None:
        if not self.text.go_doubtful(step):
            self.said.emit(self.tr("No doubtful character is left in this direction."))

    # ------------------------------------------------------------------------------ regions

    def _set_regions(self, page: ReadPage, only: list[Box], ignored: list[Box]) -> None:
        self._keep_earlier(page)
        page.set_regions(only, ignored)
        self.session.keep(page)
        self.back.later(page)
        self._update()
        self._show_current()

    def _keep_earlier(self, page: ReadPage) -> None:
        """Let corrections that a new reading replaces be reopened."""
        if self.session.keep_earlier(page):
            self.said.emit(self.tr("The text as it was corrected is kept: Reopen page brings it back."))

    # ---------------------------------------------------------------------------- correcting

    def _edited(self, page: ReadPage) -> None:
        self.session.keep_text(page)
        self.back.later(page)
        self.list.show_read(page)

    def _check(self) -> None:
        """Note that the page is as it should be, or take that back; then the next that nobody checked is shown."""
        page = self.current
        if page is None or not page.is_read:
            return
        page.is_checked = not page.is_checked
        self.session.keep_checked(page)
        self.back.later(page)
        self.list.show_read(page)
        if page.is_checked:
            row = self.pages.index(page)
            after = [*range(row + 1, len(self.pages)), *range(row)]
            following = next((i for i in after if self.pages[i].is_read and not self.pages[i].is_checked), row)
            self.list.setCurrentRow(following)

    def _keep_sample(self, page: ReadPage, answer: int, character: str) -> None:
        """Keep what was corrected as a sample."""
        sample = sample_of(page, answer, self._picture, character, self.desk.settings.writer) if self._picture else None
        if sample is not None and self.desk.settings.keep_samples:
            read_as = page.answers[answer].best.character
            self.desk.change_samples(lambda: self.desk.store.add(sample, read_as))

    # --------------------------------------------------------------------- files and clipboard

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        if self.files.take(event.mimeData()):
            event.acceptProposedAction()

    def _remove(self) -> None:
        page = self.current
        if page is None:
            return
        self.back.write()
        self.queue.drop(page)
        self.session.close_page(page)
        self.list.remove(page)
        self._update()

    def _empty(self) -> None:
        """Show no page any more, and let go of the file in which they are kept: it is about to be deleted."""
        self.queue.stop()
        for page in list(self.pages):
            self.list.remove(page)
        self.session.close()
        self._update()

    def _reopen(self) -> None:
        """Bring back the page that was closed last, or as it was before it was read anew."""
        page = self.session.reopened()
        if page is not None:
            row = place_of(page, self.pages)
            self.list.insert(row, page)
            self.list.setCurrentRow(row)
            if not page.is_read:
                self.queue.add(page)
        self.reading.go_on()

    def _turn(self) -> None:
        """Turn the page by a quarter to the right and read it again."""
        page = self.current
        if page is not None:
            page.turning = (page.turning + 1) % 4
            self._read_again()

    def _read_again(self) -> None:
        """Read the page once more, with the settings at hand."""
        page = self.current
        if page is not None:
            self.queue.add(page)
            self.reading.go_on()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.current.text if self.current else "")
        self.said.emit(self.tr("Copied."))

    def shut(self) -> None:
        """End the background work."""
        self.queue.stop()
        self.back.shut()
        self._tasks.close()
        self.session.close()
