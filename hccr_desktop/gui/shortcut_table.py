"""All actions with their keys; other keys are pressed, and refused where they are taken."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.room import Desk


class ShortcutTable(QGroupBox):
    """The actions of the rooms that were opened, and the line in which keys are pressed for the marked one."""

    def __init__(self, actions: Actions, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions, self._desk = actions, desk
        self.table = QTableWidget(0, 2, self)
        self.table.setTabKeyNavigation(False)  # arrows go through it, Tab goes on
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setMinimumHeight(220)
        self.table.currentCellChanged.connect(lambda *_: self._show_key())
        self.key = QKeySequenceEdit(self)
        self.key.setMaximumSequenceLength(1)
        self.set_key, self.usual_key = QPushButton(self), QPushButton(self)
        self.set_key.clicked.connect(lambda: self._remember(self.key.keySequence().toString()))
        self.usual_key.clicked.connect(lambda: self._remember(None))
        self.conflict = QLabel(self)
        self.conflict.setWordWrap(True)
        line = QHBoxLayout()
        for widget in (self.key, self.set_key, self.usual_key):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.addWidget(self.table)
        column.addLayout(line)
        column.addWidget(self.conflict)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.setTitle(self.tr("Shortcuts"))
        self.table.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys")])
        self.table.setAccessibleName(self.tr("Shortcuts"))
        self.key.setAccessibleName(self.tr("New keys"))
        self.set_key.setText(self.tr("Use these keys"))
        self.usual_key.setText(self.tr("The usual keys"))
        self.fill()

    def fill(self) -> None:
        """Show the actions that there are now, those of rooms with the room's name before them."""
        names, row = self._actions.names, self.table.currentRow()
        self.table.setRowCount(len(names))
        for i, name in enumerate(names):
            keys = ", ".join(
                QKeySequence(part).toString(QKeySequence.SequenceFormat.NativeText)
                for part in self._actions.keys(name).split(", ")
            )
            title, room = self._actions.title(name), f"room.{name.split('.')[0]}"
            if room in names:
                title = f"{self._actions.title(room)}: {title}"
            for column, text in enumerate((title, keys)):
                item = QTableWidgetItem(text)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                item.setData(Qt.ItemDataRole.UserRole, name)
                self.table.setItem(i, column, item)
        self.table.resizeColumnToContents(0)
        self.table.setCurrentCell(max(row, 0), 0)

    def filter(self, wanted: str) -> None:
        """Show only actions whose titles hold a text, in small letters; all where the box's own title does."""
        whole, any_shown = wanted in self.title().casefold(), False
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            shown = whole or (item is not None and wanted in item.text().casefold())
            self.table.setRowHidden(row, not shown)
            any_shown |= shown
        self.setVisible(any_shown)

    @property
    def chosen(self) -> str:
        """The action that is marked in the table."""
        item = self.table.item(self.table.currentRow(), 0)
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _show_key(self) -> None:
        self.conflict.clear()
        if self.chosen:
            first = self._actions.keys(self.chosen).split(", ")[0]
            self.key.setKeySequence(QKeySequence(first))

    def _remember(self, keys: str | None) -> None:
        """Keep the user's keys for the marked action, None for its usual ones; a conflict is shown and refused."""
        name = self.chosen
        if not name:
            return
        wanted = self._actions.usual_keys(name) if keys is None else keys
        if others := self._actions.conflicts(name, wanted):
            titles = ", ".join(self._actions.title(other) for other in others)
            self.conflict.setText(self.tr("These keys are taken by: {actions}.").format(actions=titles))
            return
        own = self._desk.settings.own_shortcuts
        own.pop(name, None)
        if keys is not None:
            own[name] = keys
        self._desk.set(shortcuts=json.dumps(own) if own else "")
        self.fill()
