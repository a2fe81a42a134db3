"""Files and the reading room: pages are opened, pasted, dropped and come into watched folders; texts are saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.formats.page_output import FORMATS
from hccr_desktop.gui.intake import keep_pasted
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.watched_folder import WatchedFolder
from hccr_desktop.rooms.exporting import exporting
from hccr_desktop.rooms.places import Places
from hccr_desktop.rooms.reading import ReadPage

_KINDS = " (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.heic *.pdf *.zip);;*"


class PageFiles(QObject):
    """Emits `came(list of Path)` for files to be read, `arrived(list of Path)` for those of a watched folder.

    `said(str)` and `failed(HccrError)` tell what happened.
    """

    came = Signal(object)
    arrived = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, pages: Callable[[], Sequence[ReadPage]], places: Places, parent: QWidget) -> None:
        super().__init__(parent)
        self._writing = Tasks(self, finishes=True)
        self._tasks, self._pages, self._places, self._window = tasks, pages, places, parent
        self._folder = WatchedFolder(tasks, self)
        self._folder.came.connect(self.arrived)
        self._folder.failed.connect(self.failed)

    def choose(self) -> None:
        """Ask for files and open them."""
        folder = self._places.folder("pages")
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Open pages"), folder, self.tr("Images") + _KINDS)
        if names:
            self._places.keep_folder("pages", Path(names[0]))
            self.came.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Ask for a folder and open what lies in it, or what a batch made of it."""
        title = self.tr("Open a folder: of pictures, or of a batch's texts")
        if name := QFileDialog.getExistingDirectory(self._window, title, self._places.folder("pages")):
            self._places.keep_folder("pages", Path(name))
            self.came.emit([Path(name)])

    def paste(self) -> None:
        """Open the files or the picture on the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None or not self.take(mime):
            self.failed.emit(
                InputError("The clipboard holds no picture and no files.", "Copy a picture, or files of pages, first.")
            )

    def take(self, mime: QMimeData) -> bool:
        """Open files, or a picture, that were pasted or dropped; False where there are none."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        image = mime.imageData() if mime.hasImage() and not files else None
        if isinstance(image, QImage) and not image.isNull():
            try:
                files = [keep_pasted(image)]
            except HccrError as error:
                self.failed.emit(error)
                return True
        if files:
            self.came.emit(files)
        return bool(files)

    def choose_watched(self) -> None:
        """Ask for a folder and watch it."""
        title = self.tr("Watch a folder: what comes into it is read")
        if name := QFileDialog.getExistingDirectory(self._window, title, self._places.folder("watched")):
            self._places.keep_folder("watched", Path(name))
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Open what comes into a folder from now on."""
        self._folder.watch(folder)
        self.said.emit(self.tr("Watching {name}: what comes into it is read.").format(name=folder.name))

    def choose_target(self) -> None:
        """Ask for a file and save the text of all pages in it."""
        pages = self._read_pages()
        stem = pages[0].path.stem if pages else "pages"
        kinds = ";;".join(f"{form} (*{suffix})" for form, (suffix, _) in FORMATS.items())
        title = self.tr("Save the text of all pages")
        proposed = str(Path(self._places.folder("texts")) / f"{stem}.txt")
        name, kind = QFileDialog.getSaveFileName(self._window, title, proposed, kinds)
        if name:
            self._places.keep_folder("texts", Path(name))
            self.save(with_suffix_of(Path(name), kind.split(" (")[0]))

    def _read_pages(self) -> list[ReadPage]:
        """Return the pages that were read, as they were opened."""
        return sorted((page for page in self._pages() if page.is_read), key=lambda page: (page.position, page.kept))

    def save(self, path: Path) -> None:
        """Write all pages that were read, as they were corrected, in the format that the file's suffix says."""
        pages, all_of_them = self._read_pages(), len(self._pages())
        if not pages:
            self.failed.emit(InputError("No page is read yet.", "Wait until one is; nothing was written."))
            return

        def saved(files: list[Path]) -> None:
            said = self.tr("Saved as {name}.").format(name=", ".join(file.name for file in files[:5]))
            if len(pages) < all_of_them:
                text = self.tr("{count} of {all} pages were read by now.")
                said += " " + text.format(count=len(pages), all=all_of_them)
            self.said.emit(said)

        try:
            write = exporting(pages, path)
        except HccrError as error:
            self.failed.emit(error)
        else:
            self._writing.run(write, saved, self.failed.emit)

    def shut(self) -> None:
        """Finish what is being written."""
        self._writing.close()


_SUFFIXES = {f".{suffix.rpartition('.')[2]}" for suffix, _ in FORMATS.values()}


def with_suffix_of(path: Path, form: str) -> Path:
    """Return a path that ends as a form's files do; a dialog may have cut the suffix, or have put another."""
    suffix = FORMATS[form][0] if form in FORMATS else ""
    last = f".{suffix.rpartition('.')[2]}"
    if path.name.lower().endswith(suffix) or path.suffix.lower() in _SUFFIXES - {last}:
        return path
    return path.with_name(path.name.removesuffix(last) + suffix)
