"""Menus of a few choices, one of them checked, and that of how lines of pages run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from hccr_desktop.gui.icons import icon_of
from hccr_desktop.settings import CHOICES


class ChoiceMenu(QToolButton):
    """Emits `chosen(str)` with the name of a choice."""

    chosen = Signal(str)

    def __init__(self, icon: str, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon_of(icon))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(self), QActionGroup(self)
        self.choices: dict[str, QAction] = {}
        for name in names:
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            group.addAction(action)
            self.choices[name] = action
        self.choices[names[0]].setChecked(True)
        self.setMenu(menu)

    def set_words(self, title: str, words: Mapping[str, str]) -> None:
        """Name the button and each choice."""
        self.setText(title)
        for name, action in self.choices.items():
            action.setText(words[name])


class DirectionMenu(QToolButton):
    """Emits `chosen(str, bool)`: a direction as the settings have it, and whether it is for all pages."""

    chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon_of("direction"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(self), QActionGroup(self)
        self.choices: dict[str, QAction] = {}
        self._all: dict[str, QAction] = {}
        for value in map(str, CHOICES["direction"]):
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, value=value: self.chosen.emit(value, False))
            group.addAction(action)
            self.choices[value] = action
        menu.addSeparator()
        for value in map(str, CHOICES["direction"]):
            action = menu.addAction("")
            action.triggered.connect(lambda _checked=False, value=value: self.chosen.emit(value, True))
            self._all[value] = action
        self.setMenu(menu)

    def check(self, value: str) -> None:
        """Show how the lines of the page at hand are read."""
        self.choices[value].setChecked(True)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.setText(self.tr("Lines"))
        words = {"auto": self.tr("As it fits"), "horizontal": self.tr("In rows"), "vertical": self.tr("In columns")}
        for value, word in words.items():
            self.choices[value].setText(word)
            self._all[value].setText(self.tr("All pages: {direction}").format(direction=word))
