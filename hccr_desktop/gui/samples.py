"""The samples' room: what was collected as a grid of pictures, to be looked through, put right and handed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.collecting import Collecting
from hccr_desktop.gui.empty_room import EmptyRoom
from hccr_desktop.gui.room import Desk, Room
from hccr_desktop.gui.sample_grid import SIDE, SampleGrid
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.tool_bar import ToolBar
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.rooms.collecting import asked_for
from hccr_desktop.rooms.samples import Collection, TakenIn, export

if TYPE_CHECKING:
    from hccr_desktop.formats.writing import Written


def _of_errors(text: str) -> str:
    return QCoreApplication.translate("errors", text)


_ACTIONS = ("collect", "relabel", "writer", "remove", "undo", "look", "import", "export", "print", "scan")
"""Of the room where the samples are shown."""


class SamplesRoom(Room):
    """Grid, filters and what can be done with samples; the collecting session takes its place for a time."""

    name = "samples"
    looked = Signal(int, int)
    """How many samples were looked at again, of how many; from another thread."""

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self.collection = Collection(desk.store)
        self.tasks = Tasks(self)
        self.looked.connect(self._show_looked)
        self._build()
        desk.emptying.connect(self._forget)
        desk.samples_changed.connect(self._reload_if_seen)

    def _build(self) -> None:
        self.collect_action = self.add("collect", lambda: self.tr("Collect…"), self._collect, "Ctrl+N")
        self.relabel_action = self.add("relabel", lambda: self.tr("It is another…"), self._relabel, "F2")
        self.writer_action = self.add("writer", lambda: self.tr("Writer…"), self._set_writer, "F4")
        self.remove_action = self.add("remove", lambda: self.tr("Remove"), self._remove, "Del")
        self.undo_action = self.add("undo", lambda: self.tr("Undo"), self._undo, "Ctrl+Z")
        self.look_action = self.add("look", lambda: self.tr("Find odd ones"), self._look_again, "Ctrl+F")
        self.import_action = self.add("import", lambda: self.tr("Import…"), self._choose_import, "Ctrl+O")
        self.export_action = self.add("export", lambda: self.tr("Export…"), self._choose_export, "Ctrl+S")
        self.print_action = self.add("print", lambda: self.tr("Print a sheet…"), self._choose_sheet, "Ctrl+P")
        self.scan_action = self.add("scan", lambda: self.tr("Read a sheet…"), self._choose_scan, "Ctrl+R")
        groups = (
            (self.relabel_action, self.writer_action, self.remove_action, self.undo_action),
            (self.look_action,),
            (self.import_action, self.export_action),
            (self.print_action, self.scan_action),
        )
        main = QWidget(self)
        self.search = QLineEdit(main)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda text: self._filter(characters=text.strip()))
        self.writers, self.sources = QComboBox(main), QComboBox(main)
        self.writers.activated.connect(lambda _: self._filter(writer=self.writers.currentData()))
        self.sources.activated.connect(lambda _: self._filter(source=self.sources.currentData()))
        self.odd = QCheckBox(main)
        self.odd.toggled.connect(lambda on: self._filter(odd_only=on))
        self.grid = SampleGrid(self.collection, self)
        self.view = QListView(main)
        self.view.setModel(self.grid)
        self.view.setViewMode(QListView.ViewMode.IconMode)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMovement(QListView.Movement.Static)
        self.view.setUniformItemSizes(True)
        self.view.setLayoutMode(QListView.LayoutMode.Batched)
        self.view.setIconSize(QSize(SIDE, SIDE))
        self.view.setSpacing(4)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._update())
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._ask_menu)
        self.hint = EmptyRoom([self.collect_action, self.import_action, self.print_action], main)
        filters = QHBoxLayout()
        filters.addWidget(self.search, 2)
        filters.addWidget(self.writers, 1)
        filters.addWidget(self.sources, 1)
        filters.addWidget(self.odd)
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        self.bar = ToolBar(groups, (self.collect_action,), self)
        column.addWidget(self.bar)
        column.addLayout(filters)
        column.addWidget(self.view, 1)
        column.addWidget(self.hint, 1)
        self.collecting = Collecting(self.desk, self)
        self.collecting.left.connect(self.enter)
        self.collecting.failed.connect(self.fail)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(main)
        self._pages.addWidget(self.collecting)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.search.setPlaceholderText(self.tr("Characters to show"))
        self.search.setAccessibleName(self.tr("Characters to show"))
        self.writers.setAccessibleName(self.tr("Writer"))
        self.sources.setAccessibleName(self.tr("Source"))
        self.odd.setText(self.tr("Odd ones only"))
        self.view.setAccessibleName(self.tr("Samples"))
        self.hint.say(
            self.tr("There is nothing here yet"),
            self.tr(
                "Every character that you write and choose becomes a sample, from which the program learns your hand. "
                "“Collect” asks you for one after another, “Import” takes files, and sheets are written on paper."
            ),
        )
        self.collecting.retranslate()
        self.bar.retranslate()
        self._fill_choices()

    def _forget(self) -> None:
        """Know nothing any more of what was collected."""
        self.collecting.forget()
        self.collection.forget()
        self._show_changed()

    # ---------------------------------------------------------------------------- looking

    def enter(self) -> None:
        """Show what there is now."""
        self.view.setFocus()
        self._go_to(0)
        self._reload()

    def _go_to(self, page: int) -> None:
        """Show the samples, 0, or the collecting session, 1, which has keys of its own."""
        self._pages.setCurrentIndex(page)
        for name in _ACTIONS:
            self.actions_at_hand[f"samples.{name}"].setEnabled(page == 0)
        if page == 0:
            self._update()

    def _reload_if_seen(self) -> None:
        if self.isVisible() and self._pages.currentIndex() == 0:
            self._reload()

    def _reload(self) -> None:
        self.tasks.run(self.collection.load, lambda _: self._show_changed(), self.fail)

    def _show_changed(self) -> None:
        self._fill_choices()
        self._show()

    def _fill_choices(self) -> None:
        f = self.collection.filter
        choices = (
            (self.writers, self.collection.writers, f.writer, self.tr("All writers")),
            (self.sources, self.collection.sources, f.source, self.tr("All sources")),
        )
        for box, values, chosen, everything in choices:
            box.clear()
            box.addItem(everything, None)
            for value in values:
                box.addItem(value or self.tr("Not named"), value)
            box.setCurrentIndex(max(box.findData(chosen), 0) if chosen is not None else 0)

    def _filter(self, **change: Any) -> None:
        self.collection.filter = replace(self.collection.filter, **change)
        self._show()

    def _show(self) -> None:
        row, top = self.view.currentIndex().row(), self.view.verticalScrollBar().value()
        self.grid.refresh()
        if row >= 0 and self.grid.rowCount():  # what comes after what was changed is at hand
            index = self.grid.index(min(row, self.grid.rowCount() - 1), 0)
            self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(index)
            self.view.verticalScrollBar().setValue(top)
        self.view.setVisible(self.collection.count > 0)
        self.hint.setVisible(self.collection.count == 0)
        text = self.tr("{shown} of {count} samples.")
        self.said.emit(text.format(shown=self.grid.rowCount(), count=self.collection.count))
        self._update()

    def _update(self) -> None:
        if self._pages.currentIndex() != 0:
            return
        chosen = bool(self.view.selectionModel().selectedIndexes())
        for action in (self.relabel_action, self.writer_action, self.remove_action):
            action.setEnabled(chosen)
        self.undo_action.setEnabled(self.collection.can_undo)
        self.look_action.setEnabled(self.collection.count > 0)
        self.export_action.setEnabled(self.collection.count > 0)
        self.odd.setEnabled(bool(self.collection.odd))
        if not self.collection.odd:  # the last of them is no longer odd: all others are shown again
            self.odd.setChecked(False)

    @property
    def selected(self) -> list[int]:
        """Numbers of the selected samples."""
        return [self.grid.at(index.row()).id for index in self.view.selectionModel().selectedIndexes()]

    def _ask_menu(self, at: QPoint) -> None:
        """Ask for a menu of the sample under the pointer."""
        index = self.view.indexAt(at)
        if index.isValid():
            character = self.grid.at(index.row()).sample.character
            self.desk.asked.emit(character, self.view.viewport().mapToGlobal(at), None)

    # ---------------------------------------------------------------------------- changing

    def _change(self, work: Callable[[], object], said: str = "") -> None:
        """Change the collection in the background and show what came of it."""

        def changed(_: object) -> None:
            self._show_changed()
            self.desk.learn()
            if said:
                self.said.emit(said)

        self.tasks.run(work, changed, self.fail)

    def _remove(self) -> None:
        numbers = self.selected
        said = self.tr("{count} removed; Undo brings them back.").format(count=len(numbers))
        self._change(lambda: self.collection.remove(numbers), said)

    def _undo(self) -> None:
        self._change(self.collection.undo)

    def _relabel(self) -> None:
        text, accepted = QInputDialog.getText(self, self.tr("It is another"), self.tr("The right character:"))
        if accepted:
            numbers = self.selected
            self._change(lambda: self.collection.relabel(numbers, text.strip()))

    def _set_writer(self) -> None:
        text, accepted = QInputDialog.getText(self, self.tr("Writer"), self.tr("Whose writing it is:"))
        if accepted:
            numbers = self.selected
            self._change(lambda: self.collection.set_writer(numbers, text.strip()))

    def _look_again(self) -> None:
        engine = self.desk.recognizer.engine
        if engine is None:
            self.fail(InputError("The model is being loaded…", "Try again in a moment."))
            return
        self.said.emit(self.tr("Looking at all samples again…"))

        def on(done: int, all_of_them: int) -> bool:
            self.looked.emit(done, all_of_them)
            return not self.tasks.is_closed

        def seen(count: int) -> None:
            self._show()
            self.odd.setChecked(count > 0)
            self.said.emit(self.tr("{count} samples look odd to the model.").format(count=count))

        bundle = engine.bundle  # an engine without the user's layer, which would find nothing odd in what it learned
        self.tasks.run(lambda: self.collection.look_again(Engine(bundle), on), seen, self.fail)

    def _show_looked(self, done: int, all_of_them: int) -> None:
        text = self.tr("Looking at all samples again: {done} of {count}…")
        self.said.emit(text.format(done=done, count=all_of_them))

    def _collect(self) -> None:
        def opened(_: object) -> None:
            self.said.emit("")
            self.collecting.open(self.collection.confused(100))
            self._go_to(1)

        if self.tasks.is_busy:  # what was misread most is known when all is loaded
            self.tasks.run(lambda: None, opened, self.fail)
        else:
            opened(None)

    # ------------------------------------------------------------------------------- files

    def _choose_import(self) -> None:
        kinds = self.tr("Samples") + " (*.gnt *.inkml *.jsonl *.gz);;*"
        folder = self.desk.places.folder("samples")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import samples"), folder, kinds)
        if name:
            self.desk.places.keep_folder("samples", Path(name))
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Take in the labeled samples of a file."""
        self._take_in(path, lambda: self.collection.add(path))

    def _take_in(self, path: Path, take: Callable[[], TakenIn]) -> None:
        self.said.emit(self.tr("Reading {name}…").format(name=path.name))

        def added(taken: TakenIn) -> None:
            self._show_changed()
            self.desk.learn()
            text = self.tr("{count} samples came in.").format(count=len(taken.numbers))
            self.said.emit(" ".join([text, *(note.sentence(_of_errors) for note in taken.notes)]))

        self.tasks.run(take, added, self.fail)

    def _choose_export(self) -> None:
        kinds = "GNT (*.gnt);;InkML (*.inkml);;JSON lines (*.jsonl)"
        proposed = str(Path(self.desk.places.folder("samples")) / "samples.gnt")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the samples shown"), proposed, kinds)
        if name:
            self.desk.places.keep_folder("samples", Path(name))
            self.export_file(Path(name))

    def export_file(self, path: Path) -> None:
        """Write the samples that are shown, or those selected."""
        chosen = set(self.selected)
        stored = [s for s in self.collection.shown if not chosen or s.id in chosen]

        def written(made: Written) -> None:
            text = self.tr("{count} of {all} samples written to {name}.")
            text = text.format(count=made.count, all=len(stored), name=path.name)
            self.said.emit(text if made.trouble is None else f"{text} {made.trouble.sentence(_of_errors)}")

        self.tasks.run(lambda: export(stored, path), written, self.fail)

    def _choose_sheet(self) -> None:
        from hccr_desktop.gui.sheet_dialog import SheetDialog

        confused, language = self.collection.confused(), self.desk.recognizer.language
        lists = {
            self.tr("The 20 characters that were misread most"): "misread-20",
            self.tr("The 100 most common characters"): "common-100",
            self.tr("The 500 most common characters"): "common-500",
        }
        dialog = SheetDialog(
            {title: partial(asked_for, kind, "", confused, language) for title, kind in lists.items()}, self
        )
        if not dialog.exec():
            return
        proposed = str(Path(self.desk.places.folder("sheets")) / "sheet.pdf")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Print a sheet"), proposed, "PDF (*.pdf)")
        if name:
            self.desk.places.keep_folder("sheets", Path(name))
            self.print_sheet(Path(name), dialog.text, dialog.paper.currentText())

    def print_sheet(self, path: Path, characters: str, paper: str = "A4") -> None:
        """Write a sheet of boxes for characters as PDF."""
        from hccr_desktop.gui.sheet_printing import print_sheet

        try:
            pages = print_sheet(path, characters, self.font(), paper)
        except HccrError as error:
            self.fail(error)
            return
        if pages == 1:
            text = self.tr("{name} has one page: print it, fill it in, scan it, and read it back here.")
        else:
            text = self.tr("{name} has {pages} pages: print it, fill it in, scan it, and read it back here.")
        self.said.emit(text.format(name=path.name, pages=pages))

    def _choose_scan(self) -> None:
        kinds = self.tr("Images") + " (*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp);;*"
        folder = self.desk.places.folder("sheets")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Read a sheet"), folder, kinds)
        if name:
            self.desk.places.keep_folder("sheets", Path(name))
            self.read_scan(Path(name))

    def read_scan(self, path: Path) -> None:
        """Take in the characters of scanned sheets."""
        writer = self.desk.settings.writer
        self._take_in(path, lambda: self.collection.add_sheets(path, writer))

    def shut(self) -> None:
        """End the background work."""
        self.tasks.close()
