"""A button with a menu that sets one setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from hccr_desktop.settings import CHOICES


class SettingMenu(QToolButton):
    """Calls `choose(value)` with one of the values that the setting `name` may have."""

    def __init__(self, name: str, choose: Callable[[str | int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        group = QActionGroup(menu)
        self.choices: dict[str | int, QAction] = {}
        for value in CHOICES[name]:
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, value=value: choose(value))
            group.addAction(action)
            self.choices[value] = action
        self.setMenu(menu)

    def set_words(self, title: str, words: Mapping[str, str]) -> None:
        """Name the button and each value, by what it is as text."""
        self.setText(title)
        for value, action in self.choices.items():
            action.setText(words[str(value)])

    def check(self, value: str | int) -> None:
        """Show which value the setting has."""
        self.choices[value].setChecked(True)
