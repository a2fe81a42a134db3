"""The reading room: pages in a list, the page with its boxes, its text beside it, and candidates to correct it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.empty_room import EmptyRoom
from hccr_desktop.gui.page_correction import PageCorrection
from hccr_desktop.gui.page_files import PageFiles
from hccr_desktop.gui.page_list import ORDERS, PageColumn
from hccr_desktop.gui.page_menus import ChoiceMenu, DirectionMenu
from hccr_desktop.gui.page_regions import PageRegions
from hccr_desktop.gui.page_shelf import PageShelf
from hccr_desktop.gui.page_view import PageView
from hccr_desktop.gui.reading_progress import ReadingProgress
from hccr_desktop.gui.room import Desk, Room
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.tool_bar import ToolBar
from hccr_desktop.rooms.page_history import Choice
from hccr_desktop.rooms.reading import ReadPage, picture_of, sample_of

_OF_A_PAGE: tuple[str, ...] = ("remove", "turn", "again", "only", "ignore", "whole", "zoom_in", "zoom_out", "fit")
_OF_A_PAGE += ("previous", "next", "next_page", "checked", "copy", "save", "search")
"""Actions that need a page."""


class ReadRoom(Room):
    """Pages are read one after another in the background; the text can be corrected, copied and saved."""

    name = "read"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self._tasks, self._pictures = Tasks(self), Tasks(self)
        self._picture: GlyphImage | None = None
        self._wanted: ReadPage | None = None
        """The page whose picture is waited for; read by the thread that decodes."""
        self.column = PageColumn(self)
        self.list = self.column.list
        self.shelf = PageShelf(desk, self.list, self._tasks, self)
        self.queue, self.session = self.shelf.queue, self.shelf.session
        self.files = PageFiles(self._tasks, lambda: self.pages, desk.places, self)
        self.files.came.connect(self.open_files)
        self.files.arrived.connect(lambda paths: self.shelf.open_files(paths, by_user=False))
        for part in (self.files, self.shelf):
            part.said.connect(self.said)
            part.failed.connect(self.fail)
        self._build()
        self.shelf.changed.connect(self._update)
        self.shelf.read.connect(self._read)
        self.shelf.renewed.connect(self._renew)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _build(self) -> None:
        desk = self.desk
        self.view = PageView(self)
        self.regions = PageRegions(self.view, lambda: self.current, self)
        self.regions.chosen.connect(self.shelf.set_regions)
        self.regions.said.connect(self.said)
        self.correction = PageCorrection(self.desk, self)
        self.correction.marked.connect(self.view.mark)
        self.correction.corrected.connect(self._keep_sample)
        self.correction.add_actions(self.add)
        self.text, self.candidates = self.correction.text, self.correction.candidates
        self.text.edited.connect(self._edited)
        self.text.withdrawn.connect(lambda numbers: desk.change_samples(lambda: desk.store.remove(numbers)))
        self.text.renewed.connect(lambda numbers: desk.change_samples(lambda: desk.store.restore(numbers)))
        self.text.dropped.connect(self.files.take)
        self.text.ended.connect(self._end_review)
        self.view.clicked.connect(self.text.go_to_answer)
        self.view.wanted.connect(self._ask_menu)
        self._build_bar()
        self.list.currentRowChanged.connect(self._show_current)
        self.column.found.connect(self._show_found)
        self.hint = EmptyRoom(
            [self.actions_at_hand[f"read.{name}"] for name in ("open", "folder", "paste", "watch")], self
        )
        self.progress = ReadingProgress(self)
        self.progress.paused.connect(self.shelf.reading.pause)
        self.progress.stopped.connect(self.shelf.stop)
        self._split = QSplitter(self)
        for widget in (self.column, self.view, self.correction):
            self._split.addWidget(widget)
            self._split.setStretchFactor(self._split.count() - 1, 0 if widget is self.column else 1)
        self.keep_split("read", self._split, (20, 44, 36))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.hint, 1)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.progress)
        self._update()

    def _build_bar(self) -> None:
        opening = (
            self.add("open", lambda: self.tr("Open…"), self.files.choose, "Ctrl+O"),
            self.add("folder", lambda: self.tr("Open a folder…"), self.files.choose_folder, "Ctrl+Shift+O"),
            self.add("paste", lambda: self.tr("Paste"), self.files.paste, "Ctrl+V"),
            self.add("watch", lambda: self.tr("Watch a folder…"), self.files.choose_watched),
            self.add("remove", lambda: self.tr("Close page"), self._remove, "Ctrl+W"),
            self.add("reopen", lambda: self.tr("Reopen page"), self.shelf.reopen, "Ctrl+Shift+W"),
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
            self.add("next_page", lambda: self.tr("Next page with doubts"), self._go_to_doubts, "Ctrl+PgDown"),
        )
        self.add("search", lambda: self.tr("Search in all pages"), self._search, "Ctrl+F")
        main = (
            self.add("checked", lambda: self.tr("Page checked"), self._check, "F4"),
            self.add("copy", lambda: self.tr("Copy text"), self._copy, "Ctrl+Shift+C"),
            self.add("save", lambda: self.tr("Save…"), self.files.choose_target, "Ctrl+S"),
        )
        self.regions.add_actions(self.add)
        self.direction = DirectionMenu(self)
        self.direction.chosen.connect(self._set_direction)
        self.order = ChoiceMenu("sort", tuple(ORDERS), self)
        self.order.chosen.connect(self.list.order)
        self.bar = ToolBar([opening, (*looking, self.direction, self.regions, self.order), correcting], main, self)

    def enter(self) -> None:
        """Give the keys to the room."""
        (self.list if self.pages else self).setFocus()

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.hint.say(
            self.tr("Scans and photographs of handwriting become text"),
            self.tr(
                "Open, drop or paste them. Each page appears with a box around every character and its text beside it; "
                "F3 goes to the next doubtful one. A folder can be watched: what comes into it, as from a scanner, is "
                "read by itself."
            ),
        )
        self.regions.retranslate()
        self.correction.retranslate()
        self.column.retranslate()
        self.order.set_words(
            self.tr("Order"),
            {
                "opened": self.tr("As they were opened"),
                "name": self.tr("By name"),
                "doubtful": self.tr("Most doubtful first"),
                "unchecked": self.tr("Unchecked first"),
            },
        )
        self.direction.retranslate()
        self._update()
        self.view.setAccessibleName(self.tr("Page"))
        self.bar.retranslate()

    # ----------------------------------------------------------------------------- reading

    def take_files(self, files: Sequence[Path]) -> None:
        """Read what another room hands over."""
        self.open_files(files)

    def open_files(self, paths: Iterable[Path]) -> None:
        """Add files, and the pictures in folders, and read their pages."""
        self.shelf.open_files(paths)

    def _read(self, page: ReadPage, picture: GlyphImage) -> None:
        if self.current is None:
            self.list.setCurrentRow(self.pages.index(page))
        elif self.current is page:
            self._show(page, picture)

    def _renew(self, page: ReadPage) -> None:
        self._update()
        if page is not self.current:
            return
        if self._picture is not None:
            self._show(page, self._picture)
        else:
            self._show_current()

    def _update(self) -> None:
        self.progress.show_queue(self.queue, self.pages)
        self.hint.setVisible(not self.pages)
        self._split.setVisible(bool(self.pages))
        for name in _OF_A_PAGE:
            self.actions_at_hand[f"read.{name}"].setEnabled(bool(self.pages))
        self.actions_at_hand["read.save"].setEnabled(any(page.is_read for page in self.pages))
        for menu in (self.direction, self.order, self.regions):
            menu.setEnabled(bool(self.pages))
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
        page = self._wanted = self.current
        self._picture = None
        self.regions.leave()
        self.view.clear()
        self.session.keep_current(page)
        if page is not None:
            self.direction.check(page.direction or self.desk.settings.direction)
        if page is None or not page.is_read:
            self.correction.show_page(None)
            if page is not None and page.failure:
                self.said.emit(page.failure)
            return

        def picture() -> GlyphImage | None:
            return picture_of(page) if page is self._wanted else None  # one paged on meanwhile

        def come(picture: GlyphImage | None) -> None:
            if page is self.current and picture is not None:
                self._show_picture(page, picture)

        self.correction.show_page(page)  # its picture takes a while
        self._count()
        self._pictures.run(picture, come, self.fail)

    def _show(self, page: ReadPage, picture: GlyphImage) -> None:
        """Show a page that was read just now."""
        self.correction.show_page(page, picture)
        self._show_picture(page, picture)
        self._count()

    def _show_picture(self, page: ReadPage, picture: GlyphImage) -> None:
        self._picture = picture
        self.list.show_read(page, picture)
        self.view.show_page(picture, page)
        self.correction.show_picture(picture)

    def _show_found(self, page: ReadPage, at: int, length: int) -> None:
        """Go to a place that was looked for."""
        self.list.setCurrentRow(self.pages.index(page))
        self.text.go_to(at, length)

    def _search(self) -> None:
        self.column.search.setFocus()
        self.column.search.selectAll()

    def _count(self) -> None:
        """Say how much is left to be looked at."""
        page = self.current
        if page is not None and page.is_read:
            everywhere = sum(other.doubtful_count for other in self.pages if other.is_read)
            self.column.show_counts(page.doubtful_count, everywhere)

    def _ask_menu(self, answer: int, at: object) -> None:
        """Ask for a menu of a character that is clicked on the page."""
        page = self.current
        if page is not None and (place := page.place_of(answer)) >= 0:
            self.desk.asked.emit(page.text[place], at, None)

    # ---------------------------------------------------------------------------- correcting

    def _go_doubtful(self, step: int) -> None:
        if not self.text.go_doubtful(step):
            self.said.emit(self.tr("No doubtful character is left in this direction."))

    def _go_to_doubts(self) -> None:
        if not self.shelf.go_to_next("doubts"):
            self.said.emit(self.tr("No other page has doubtful characters."))

    def _end_review(self) -> None:
        """Say that this page has been looked through."""
        page = self.current
        if page is not None and page.doubtful_count == 0:
            self.said.emit(self.tr("Nothing doubtful is left on this page: F4 notes it as checked, and goes on."))
        else:
            self.said.emit(self.tr("No doubtful character is left in this direction."))

    def _edited(self, page: ReadPage) -> None:
        self.shelf.keep_edit(page)
        self.view.show_states(page)
        self._count()

    def _check(self) -> None:
        """Note that the page is as it should be, or take that back; then the next that nobody checked is shown."""
        page = self.current
        if page is None or not page.is_read:
            return
        self.shelf.check(page)
        if page.is_checked:
            self.shelf.go_to_next("unchecked")

    def _keep_sample(self, page: ReadPage, choice: Choice) -> None:
        """Keep what was corrected as a sample, and note its number."""
        if not self.desk.settings.keep_samples or page.is_stale:  # another picture lies under its name
            return
        picture, writer = self._picture, self.desk.settings.writer
        read_as, store = page.answers[choice.answer].best.character, self.desk.store

        def keep() -> None:
            sample = sample_of(page, choice.answer, picture or picture_of(page), choice.character, writer)
            if sample is not None:
                choice.samples.append(store.add(sample, read_as))

        self.desk.change_samples(keep)

    def _set_direction(self, direction: str, every: bool) -> None:
        """Read this page, or all and those to come, in rows or in columns."""
        if every:
            self.desk.set(direction=direction)
        pages = list(self.pages) if every else [page for page in (self.current,) if page is not None]
        worked_on = [page for page in pages if every and page.is_worked_on]
        for page in pages:
            page.direction = "" if every else direction
        self.shelf.read_again(page for page in pages if page not in worked_on)
        if worked_on:
            text = self.tr("{count} pages that were corrected or checked stay as they are; “Read again” reads them.")
            self.said.emit(text.format(count=len(worked_on)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Draw no region after all with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.regions.leave()
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        if self.files.take(event.mimeData()):
            event.acceptProposedAction()

    def _remove(self) -> None:
        if self.current is not None:
            self.shelf.close_page(self.current)

    def _turn(self) -> None:
        """Turn the page by a quarter to the right and read it again."""
        page = self.current
        if page is not None:
            page.turning = (page.turning + 1) % 4
            self._read_again()

    def _read_again(self) -> None:
        """Read the page once more, with the settings at hand."""
        if self.current is not None:
            self.shelf.read_again([self.current])

    def _copy(self) -> None:
        if self.current is None or not self.current.text:
            return  # what the clipboard holds is worth more than nothing
        QGuiApplication.clipboard().setText(self.current.text)
        self.said.emit(self.tr("Copied."))

    def keeps_open(self) -> str:
        """Ask where the disk did not take what was read or corrected."""
        if self.session.unkept and self.current is not None:
            self.session.keep(self.current)  # once more, and all others with it
        if not self.session.unkept:
            return ""
        text = self.tr("{count} pages could not be kept on the disk: save their text first. Close all the same?")
        return text.format(count=self.session.unkept)

    def shut(self) -> None:
        """End the background work."""
        self._pictures.close()
        self.files.shut()
        self.shelf.shut()
