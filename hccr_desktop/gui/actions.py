"""One registry of what can be done: menus, buttons and shortcuts show the same actions.

Every action has a name, under which the user's own shortcut for it is kept, and belongs to a room,
or to the whole window; in different rooms the same keys may do different things.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from hccr_desktop.gui.icons import icon_of

_NATIVE = QKeySequence.SequenceFormat.NativeText


class Add(Protocol):
    """How a room adds an action of its own: name, title, what it runs, usual keys."""

    def __call__(self, name: str, title: Callable[[], str], run: Callable[[], object], *keys: str) -> QAction:
        """Add the action and return it."""


@dataclass
class _Entry:
    action: QAction
    title: Callable[[], str]
    keys: tuple[str, ...]
    room: QWidget | None


class Actions(QObject):
    """The registry; `remap` sets the user's shortcuts, `retranslate` all titles."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._entries: dict[str, _Entry] = {}
        self._own: dict[str, str] = {}

    def add(
        self,
        name: str,
        title: Callable[[], str],
        run: Callable[[], object],
        keys: tuple[str, ...] = (),
        room: QWidget | None = None,
        *,
        checked: bool | None = None,
    ) -> QAction:
        """Add an action with its usual keys, for a room or for the whole window; `checked` makes it a switch."""
        action = QAction(self)
        action.setObjectName(name)
        action.setIcon(icon_of(name))
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda _checked=False: run())
        whole = Qt.ShortcutContext.WindowShortcut
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut if room else whole)
        (room or self._window).addAction(action)
        self._entries[name] = _Entry(action, title, keys, room)
        self._show(name)
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._entries[name].action

    @property
    def names(self) -> list[str]:
        """All actions, in the order in which they were added."""
        return list(self._entries)

    def title(self, name: str) -> str:
        """Return what an action is called."""
        return self._entries[name].title().replace("…", "")

    def keys(self, name: str) -> str:
        """Return an action's shortcuts, separated by commas and spaces, in portable names."""
        return self._own.get(name, ", ".join(self._entries[name].keys))

    def usual_keys(self, name: str) -> str:
        """Return the shortcuts that an action has where the user chose none."""
        return ", ".join(self._entries[name].keys)

    def remap(self, own: dict[str, str]) -> None:
        """Use the user's own shortcuts, by name; the other actions keep their usual ones."""
        self._own = own
        self.retranslate()

    def conflicts(self, name: str, keys: str) -> list[str]:
        """Return the actions that one of these keys would set off as well."""
        wanted, room = set(_split(keys)), self._entries[name].room
        return [
            other
            for other, entry in self._entries.items()
            if other != name
            and (entry.room is room or entry.room is None or room is None)
            and wanted & set(_split(self.keys(other)))
        ]

    def retranslate(self) -> None:
        """Set all titles in the language at hand."""
        for name in self._entries:
            self._show(name)

    def _show(self, name: str) -> None:
        entry = self._entries[name]
        sequences = [QKeySequence(text) for text in _split(self.keys(name))]
        entry.action.setShortcuts(sequences)
        entry.action.setText(entry.title())
        shown = ", ".join(sequence.toString(_NATIVE) for sequence in sequences)
        entry.action.setToolTip(f"{self.title(name)} ({shown})" if shown else self.title(name))


def _split(keys: str) -> list[str]:
    """Return single key sequences in one spelling; a comma itself is written as `Comma`."""
    return [QKeySequence(part.strip()).toString() for part in keys.split(", ") if part.strip()]
