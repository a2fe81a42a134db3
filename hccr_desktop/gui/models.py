"""The models' room: what is at hand, its card, how fast it is here, and two of them compared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QSplitter,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.room import Desk, Room
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.titles import Titles
from hccr_desktop.gui.tool_bar import ToolBar
from hccr_desktop.recognize.arithmetic import Check, check
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.models import Comparison, Shelf, compare, milliseconds, shelf

_MOST_DIFFERENCES = 60


class ModelsRoom(Room):
    """A tree of models, each below the one that it was made from."""

    name = "models"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self.tasks = Tasks(self)
        self._titles = Titles(self)
        self._speeds: dict[str, float] = {}
        self._bundles: dict[str, ModelBundle] = {}
        self._active = ""
        desk.model_changed.connect(self._refresh)
        self._build()

    def _build(self) -> None:
        self.activate_action = self.add("activate", lambda: self.tr("Use this one"), self._activate, "Ctrl+Return")
        self.rollback_action = self.add("rollback", lambda: self.tr("Return to the one before"), self._roll_back)
        self.measure_action = self.add("measure", lambda: self.tr("Check on this computer"), self._measure, "Ctrl+M")
        self.compare_action = self.add(
            "compare", lambda: self.tr("Compare with the one in use"), self._compare, "Ctrl+K"
        )
        self.import_action = self.add("import", lambda: self.tr("Import…"), self._choose_import, "Ctrl+O")
        self.export_action = self.add("export", lambda: self.tr("Export…"), self._choose_export, "Ctrl+S")
        groups = (
            (self.rollback_action,),
            (self.measure_action, self.compare_action),
            (self.import_action, self.export_action),
        )
        self.tree = QTreeWidget(self)
        self.tree.setColumnCount(5)
        self.tree.setRootIsDecorated(True)
        self.tree.currentItemChanged.connect(lambda *_: self._show_card())
        self.card = QTextBrowser(self)
        self.card.setOpenLinks(False)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.tree)
        split.addWidget(self.card)
        self.keep_split("models", split, (40, 60))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.bar = ToolBar(groups, (self.activate_action,), self)
        layout.addWidget(self.bar)
        layout.addWidget(split, 1)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.tree.setHeaderLabels(
            [self.tr("Model"), self.tr("Characters"), self.tr("Size"), self.tr("One character"), self.tr("Made on")]
        )
        self.tree.setAccessibleName(self.tr("Models"))
        self.card.setAccessibleName(self.tr("The model's card"))
        self.bar.retranslate()
        self._refresh()

    def enter(self) -> None:
        """Show what there is now."""
        self.tree.setFocus()
        self._refresh()

    # ---------------------------------------------------------------------------- looking

    def _refresh(self) -> None:
        self.tasks.run(shelf, self._show_shelf, self.fail)

    def _show_shelf(self, found: Shelf) -> None:
        chosen = self.chosen.id if self.chosen else ""
        self._active = found.active
        self._bundles = {bundle.id: bundle for _, bundle in found.listed}
        self.tree.clear()
        above: list[QTreeWidgetItem] = []
        for depth, bundle in found.listed:
            item = QTreeWidgetItem(self._cells(bundle))
            item.setData(0, Qt.ItemDataRole.UserRole, bundle.id)
            font = item.font(0)
            font.setBold(bundle.id == self._active)
            item.setFont(0, font)
            del above[depth:]
            if above:
                above[-1].addChild(item)
            else:
                self.tree.addTopLevelItem(item)
            above.append(item)
            if bundle.id == (chosen or self._active):
                self.tree.setCurrentItem(item)
        self.tree.expandAll()
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.rollback_action.setEnabled(found.can_roll_back)
        self._update()

    def _cells(self, bundle: ModelBundle) -> list[str]:
        speed = self._speeds.get(bundle.id)
        engine = self.desk.recognizer.engine
        in_use = self.tr(" (in use)") if bundle.id == self._active else ""
        if in_use and engine is not None and bundle.has_int8 and engine.arithmetic == "floats":
            in_use = self.tr(" (in use, without int8 arithmetic)")
        return [
            f"{self._titles.shown(bundle.title)}{in_use}",
            f"{len(bundle.charset):,}",
            f"{bundle.size_bytes / 1e6:.1f} MB",
            f"{speed:.1f} ms" if speed else "–",
            bundle.created,
        ]

    @property
    def chosen(self) -> ModelBundle | None:
        """The model that is marked in the tree."""
        item = self.tree.currentItem()
        return self._bundles.get(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else None

    def _show_card(self) -> None:
        bundle = self.chosen
        if bundle is None:
            self.card.clear()
            return
        try:
            text = bundle.card()
        except HccrError as error:
            self.fail(error)
            return
        if text.startswith("---"):  # the header is for programs
            text = text[text.find("\n---", 3) + 4 :]
        self.card.setMarkdown(text)
        self._update()

    def _update(self) -> None:
        bundle = self.chosen
        is_other = bundle is not None and bundle.id != self._active
        self.activate_action.setEnabled(is_other)
        self.compare_action.setEnabled(is_other)
        self.measure_action.setEnabled(bundle is not None)
        self.export_action.setEnabled(bundle is not None)

    # ------------------------------------------------------------------------------ doing

    def _activate(self) -> None:
        bundle = self.chosen
        if bundle is not None:
            self._change(lambda: Registry().activate(bundle.id))

    def _roll_back(self) -> None:
        self._change(lambda: Registry().rollback())

    def _change(self, work: Callable[[], ModelBundle]) -> None:
        def changed(bundle: ModelBundle) -> None:
            self.desk.model_changed.emit()
            self.said.emit(self.tr("In use: {name}.").format(name=self._titles.shown(bundle.title)))

        self.tasks.run(work, changed, self.fail)

    def _measure(self) -> None:
        bundle = self.chosen
        if bundle is None:
            return
        self.said.emit(self.tr("Measuring…"))

        def measured(found: tuple[float, Check | None]) -> None:
            self._speeds[bundle.id], checked = found
            self._refresh()
            self.said.emit(self._told(bundle, checked))

        self.tasks.run(lambda: (milliseconds(bundle), check(bundle)), measured, self.fail)

    def _told(self, bundle: ModelBundle, checked: Check | None) -> str:
        """Return how fast a model is here, and whether it answers as where it was made."""
        told = self.tr("{name}: {speed} ms a character.").format(
            name=self._titles.shown(bundle.title), speed=f"{self._speeds[bundle.id]:.1f}"
        )
        if checked is None:
            return told
        trial = checked.int8 or checked.floats
        answers = self.tr("{agreement} of the test answers agree, largest difference {largest}.")
        told += " " + answers.format(agreement=f"{trial.agreement:.0%}", largest=f"{trial.largest:.3f}")
        if checked.int8 is not None and checked.used == "floats":
            told += " " + self.tr("It is used without int8 arithmetic, more slowly: with it it answers otherwise here.")
        return told

    def _compare(self) -> None:
        bundle = self.chosen
        if bundle is None:
            return
        first, store = self._bundles[self._active], self.desk.store
        self.said.emit(self.tr("Comparing on your samples…"))

        def work() -> Comparison:
            return compare(
                first, bundle, [stored.sample for stored in store.all()], lambda *_: not self.tasks.is_closed
            )

        self.tasks.run(work, lambda found: self._show_comparison(first, bundle, found), self.fail)

    def _show_comparison(self, first: ModelBundle, second: ModelBundle, found: Comparison) -> None:
        lines = [
            "## " + self.tr("On {count} of your samples").format(count=found.samples),
            "",
            f"| | |\n|---|---|\n| {first.title} | {found.first:.1%} |\n| {second.title} | {found.second:.1%} |",
            "",
            "### " + self.tr("Where they differ"),
            "",
            f"| {self.tr('Written')} | {first.title} | {second.title} | {self.tr('How often')} |\n|---|---|---|---|",
        ]
        lines += [f"| {w} | {a} | {b} | {n} |" for w, a, b, n in found.differences[:_MOST_DIFFERENCES]]
        self.card.setMarkdown("\n".join(lines))
        self.said.emit(self.tr("Compared."))

    # ------------------------------------------------------------------------------ files

    def _choose_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import a model"), "", "Zip (*.zip);;*")
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Install a model from one file, once it has answered."""

        def installed(bundle: ModelBundle) -> None:
            self._refresh()
            self.said.emit(
                self.tr("{name} is installed; “Use this one” activates it.").format(
                    name=self._titles.shown(bundle.title)
                )
            )

        self.tasks.run(lambda: Registry().install(path), installed, self.fail)

    def _choose_export(self) -> None:
        if self.chosen is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export a model"), f"{self.chosen.id}.zip", "Zip (*.zip)")
        if name:
            self.export_file(Path(name))

    def export_file(self, path: Path) -> None:
        """Write the chosen model as one file."""
        bundle = self.chosen
        if bundle is None:
            self.fail(InputError("No model is chosen.", "Choose one in the list."))
            return
        self.tasks.run(
            lambda: Registry().export(bundle.id, path),
            lambda _: self.said.emit(self.tr("Saved as {name}.").format(name=path.name)),
            self.fail,
        )

    def shut(self) -> None:
        """End the background work."""
        self.tasks.close()
