"""The reading room: pages in a list, the page with its boxes, its text beside it, and candidates to correct it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Box
from hccr_desktop.errors import HccrError, InputError, StorageError
from hccr_desktop.formats.page_output import FORMATS
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.page_list import PageList
from hccr_desktop.gui.page_text import PageText
from hccr_desktop.gui.page_view import PageView
from hccr_desktop.gui.room import Desk, Room, tool_bar
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.watched_folder import WatchedFolder
from hccr_desktop.paths import reading_session
from hccr_desktop.recognize.pages import Direction, Page
from hccr_desktop.rooms.open_pages import Session, place_of
from hccr_desktop.rooms.reading import (
    MOST_TRIES,
    Queue,
    ReadPage,
    export,
    pages_of,
    picture_of,
    read,
    sample_of,
    turned,
)
from hccr_desktop.rooms.writing import ranked
from hccr_desktop.store.reading import ReadingStore

_OF_A_PAGE = [
    "remove",
    "turn",
    "again",
    "only",
    "ignore",
    "whole",
    "zoom_in",
    "zoom_out",
    "fit",
    "previous",
    "next",
    "copy",
    "save",
]
"""Actions that need a page."""


class ReadRoom(Room):
    """Pages are read one after another in the background; the text can be corrected, copied and saved."""

    name = "read"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self._tasks = Tasks(self)
        self.queue = Queue()
        self.session = Session(ReadingStore(reading_session()), self.fail)
        self._picture: GlyphImage | None = None
        self._drawing = ""
        self._folder = WatchedFolder(self)
        self._folder.came.connect(self.open_files)
        desk.recognizer.ready.connect(lambda _: self._next())
        desk.emptying.connect(self._empty)
        self._build()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tasks.run(self.session.restored, self._restored, self.fail)

    def _build(self) -> None:
        self.view = PageView(self)
        self.view.drawn.connect(self._region_drawn)
        self.candidates = Candidates(self)
        self.candidates.arrange(flat=True)
        self.candidates.chosen.connect(self._correct)
        opening = (
            self.add("open", lambda: self.tr("Open…"), self._choose, "Ctrl+O"),
            self.add("paste", lambda: self.tr("Paste"), self._paste, "Ctrl+V"),
            self.add("watch", lambda: self.tr("Watch a folder…"), self._choose_watched),
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
        regions = (
            self.add("only", lambda: self.tr("Read a region"), lambda: self._draw_region("only"), "Ctrl+L"),
            self.add("ignore", lambda: self.tr("Leave a region aside"), lambda: self._draw_region("ignore"), "Ctrl+I"),
            self.add("whole", lambda: self.tr("Forget the regions"), self._forget_regions, "Ctrl+Shift+L"),
        )
        correcting = (
            self.add("previous", lambda: self.tr("Previous doubtful"), lambda: self._go_doubtful(-1), "Shift+F3"),
            self.add("next", lambda: self.tr("Next doubtful"), lambda: self._go_doubtful(1), "F3"),
        )
        saving = (
            self.add("copy", lambda: self.tr("Copy text"), self._copy, "Ctrl+Shift+C"),
            self.add("save", lambda: self.tr("Save…"), self._choose_target, "Ctrl+S"),
        )
        for number in range(9):
            self._candidate_action(number)
        bar = tool_bar(self, opening, looking, correcting, saving)
        self._regions = QToolButton(self)
        self._regions.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._regions)
        menu.addActions(list(regions))
        self._regions.setMenu(menu)
        bar.insertWidget(correcting[0], self._regions)
        self.list = PageList(self)
        self.list.currentRowChanged.connect(self._show_current)
        self.text = PageText(self)
        self.text.answer_reached.connect(self._show_candidates)
        self.text.edited.connect(self._edited)
        self.view.clicked.connect(self.text.go_to_answer)
        self.hint = QLabel(self)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = QProgressBar(self)
        self.left = QLabel(self)
        self.pause_button = QPushButton(self)
        self.pause_button.clicked.connect(self._pause)
        self.stop_button = QPushButton(self)
        self.stop_button.clicked.connect(self._stop)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 3)
        column.addWidget(self.candidates, 2)
        self._split = QSplitter(self)
        for widget in (self.list, self.view, right):
            self._split.addWidget(widget)
            self._split.setStretchFactor(self._split.count() - 1, 0 if widget is self.list else 1)
        self._split.setSizes([170, 460, 340])
        progress = QHBoxLayout()
        progress.addWidget(self.bar, 1)
        for widget in (self.left, self.pause_button, self.stop_button):
            progress.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(bar)
        layout.addWidget(self.hint, 1)
        layout.addWidget(self._split, 1)
        layout.addLayout(progress)
        self._update()

    def _candidate_action(self, number: int) -> None:
        def title() -> str:
            return self.tr("Candidate {number}").format(number=number + 1)

        self.add(f"candidate_{number + 1}", title, lambda: self.candidates.choose(number), f"Alt+Shift+{number + 1}")

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
        self.stop_button.setText(self.tr("Stop"))
        self._regions.setText(self.tr("Regions"))
        self.bar.setAccessibleName(self.tr("Progress"))
        self.list.retranslate()
        self._update()
        self.view.setAccessibleName(self.tr("Page"))
        self.text.setAccessibleName(self.tr("Text of the page"))
        self.candidates.setAccessibleName(self.tr("Candidates"))

    # ----------------------------------------------------------------------------- reading

    def _restored(self, found: tuple[list[ReadPage], int]) -> None:
        """Show the pages that lay open when the program ended; those that waited are read."""
        pages, current = found
        if self.session.set_aside is not None:
            self.fail(
                StorageError(
                    "The open pages of last time are damaged; they were set aside as {name}.",
                    "Open their files again.",
                    name=self.session.set_aside.name,
                )
            )
        for page in pages:
            self.list.append(page)
            if not page.is_read and page.tries < MOST_TRIES:
                self.queue.add(page)
            elif not page.is_read:
                self.list.show_unreadable(page)
        if pages:
            self.list.setCurrentRow(current)
        self._next()

    def open_files(self, paths: Iterable[Path]) -> None:
        """Add files, and the pictures in folders, and read their pages."""
        self._tasks.run(lambda: pages_of(paths), self._found, self.fail)

    def _found(self, found: tuple[list[ReadPage], list[HccrError]]) -> None:
        pages, errors = found
        for error in errors:
            self.fail(error)
        if not pages and not errors:
            self.fail(InputError("There are no pictures in it.", "Open a scan, a photograph or a folder of them."))
        for page in pages:
            self.session.keep(page)
            self.list.append(page)
            self.queue.add(page)
        self._next()

    def _next(self) -> None:
        """Read the next page that waits, if the model is there and none is being read."""
        engine = self.desk.recognizer.engine
        page = self.queue.take() if engine is not None else None
        self._update()
        if page is None or engine is None:
            return
        self.session.begin(page)
        turning = page.turning
        language, allowed, networks = self.desk.recognizer.language, self.desk.recognizer.allowed, self.desk.networks
        direction = cast(Direction, self.desk.settings.direction)

        def work() -> tuple[ReadPage, GlyphImage, Page, int]:
            picture = turned(picture_of(page), turning)
            return page, picture, read(picture, engine, networks, language, allowed, page.number, direction), turning

        self._tasks.run(work, self._read, lambda error: self._unreadable(page, error))

    def _read(self, found: tuple[ReadPage, GlyphImage, Page, int]) -> None:
        page, picture, answer, turning = found
        self.queue.done()
        if page in self.pages:
            self._keep_earlier(page)
            page.set_page(answer, turning)
            self.session.keep(page)
            self.list.show_read(page, picture)
            if self.current is None:
                self.list.setCurrentRow(self.pages.index(page))
            elif self.current is page:
                self._show(page, picture)
        self._next()

    def _unreadable(self, page: ReadPage, error: HccrError) -> None:
        self.queue.done()
        if page in self.pages:
            self.list.show_unreadable(page)
        self.fail(error)
        self._next()

    def _stop(self) -> None:
        """Leave the pages that wait unread."""
        for page in self.queue.stop():
            if not page.is_read:
                self.session.forget(page)
                self.list.remove(page)
        self.said.emit(self.tr("Stopped; what was read stays."))
        self._update()

    def _pause(self) -> None:
        """Halt after the page at work, or go on."""
        self.queue.is_paused = not self.queue.is_paused
        self._next()

    def _update(self) -> None:
        for widget in (self.bar, self.left, self.pause_button, self.stop_button):
            widget.setVisible(self.queue.is_busy)
        self.pause_button.setText(self.tr("Resume") if self.queue.is_paused else self.tr("Pause"))
        seconds = self.queue.seconds_left
        self.left.setText("" if seconds is None else self.tr("{seconds} s left").format(seconds=f"{seconds:.0f}"))
        self.bar.setRange(0, len(self.pages))
        self.bar.setValue(sum(page.is_read for page in self.pages))
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
            self.text.show_page(None)
            return

        def shown(picture: GlyphImage) -> None:
            if page is self.current:
                self._show(page, picture)

        def gone(error: HccrError) -> None:
            self.fail(error)
            if page is self.current:  # its text is still there
                self.view.clear()
                self.text.show_page(page)

        self._tasks.run(lambda: picture_of(page), shown, gone)

    def _show(self, page: ReadPage, picture: GlyphImage) -> None:
        self._picture = picture
        self.list.show_read(page, picture)
        self.view.show_page(picture, page.answers, page.only, page.ignored)
        self.text.show_page(page)

    def _show_candidates(self, answer: int) -> None:
        """Mark a character on the page, and show its candidates."""
        self.view.mark(answer)
        page = self.current
        if page is None or not 0 <= answer < len(page.answers):
            self.candidates.show_candidates(())
            return
        found = ranked(page.answers[answer].candidates, "", None)
        self.candidates.show_candidates(found, self.desk.settings.reading)

    def _go_doubtful(self, step: int) -> None:
        if not self.text.go_doubtful(step):
            self.said.emit(self.tr("No doubtful character is left in this direction."))

    # ------------------------------------------------------------------------------ regions

    def _draw_region(self, kind: str) -> None:
        """Let the user draw a region that is read, or left aside."""
        self._drawing = kind
        self.view.draw_region(True)
        self.said.emit(self.tr("Draw the region on the page."))

    def _region_drawn(self, box: Box) -> None:
        page, kind = self.current, self._drawing
        self.view.draw_region(False)
        if page is None:
            return
        if kind == "only":
            self._set_regions(page, [*page.only, box], page.ignored)
        else:
            self._set_regions(page, page.only, [*page.ignored, box])

    def _forget_regions(self) -> None:
        if self.current is not None:
            self._set_regions(self.current, [], [])

    def _set_regions(self, page: ReadPage, only: list[Box], ignored: list[Box]) -> None:
        self._keep_earlier(page)
        page.set_regions(only, ignored)
        self.session.keep(page)
        self._update()
        self._show_current()

    def _keep_earlier(self, page: ReadPage) -> None:
        """Let corrections that a new reading replaces be reopened."""
        if self.session.keep_earlier(page):
            self.said.emit(self.tr("The text as it was corrected is kept: Reopen page brings it back."))

    # ---------------------------------------------------------------------------- correcting

    def _edited(self, page: ReadPage) -> None:
        self.session.keep_text(page)
        self.list.show_read(page)

    def _correct(self, character: str) -> None:
        """Put a candidate in the place of the marked character, and keep it as a sample."""
        page, answer = self.current, self.text.answer
        if page is None or answer < 0:
            return
        self.text.correct(character)
        sample = sample_of(page, answer, self._picture, character, self.desk.settings.writer) if self._picture else None
        if sample is not None and self.desk.settings.keep_samples:
            read_as = page.answers[answer].best.character
            self.desk.change_samples(lambda: self.desk.store.add(sample, read_as))

    # --------------------------------------------------------------------- files and clipboard

    def _choose(self) -> None:
        kinds = " (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.heic *.pdf *.zip);;*"
        names, _ = QFileDialog.getOpenFileNames(self, self.tr("Open pages"), "", self.tr("Images") + kinds)
        if names:
            self.open_files([Path(name) for name in names])

    def _paste(self) -> None:
        mime = QGuiApplication.clipboard().mimeData()
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime else []
        if files:
            self.open_files(files)
        else:
            self.fail(InputError("The clipboard holds no files.", "Copy pictures of pages in a file manager first."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read what was dropped."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.open_files(files)
            event.acceptProposedAction()

    def _choose_watched(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Watch a folder: what comes into it is read"))
        if name:
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Read what comes into a folder from now on."""
        self._folder.watch(folder)
        self.said.emit(self.tr("Watching {name}: what comes into it is read.").format(name=folder.name))

    def _remove(self) -> None:
        page = self.current
        if page is None:
            return
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
        self._next()

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
            self._next()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.current.text if self.current else "")
        self.said.emit(self.tr("Copied."))

    def _choose_target(self) -> None:
        stem = self.pages[0].path.stem if self.pages else "pages"
        kinds = ";;".join(f"{form} (*{suffix})" for form, (suffix, _) in FORMATS.items())
        title = self.tr("Save the text of all pages")
        name, _ = QFileDialog.getSaveFileName(self, title, f"{stem}.txt", kinds)
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write all pages, as they were corrected, in the form that the file's suffix says."""
        pages = [page for page in self.pages if page.is_read]

        def saved(files: list[Path]) -> None:
            self.said.emit(self.tr("Saved as {name}.").format(name=", ".join(file.name for file in files[:5])))

        self._tasks.run(lambda: export(pages, path), saved, self.fail)

    def shut(self) -> None:
        """End the background work."""
        self.queue.stop()
        self._tasks.close()
        self.session.close()
