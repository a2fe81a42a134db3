"""The bar of the writing room: its actions, how one writes, what is answered, and the rest in a menu."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.alphabet import AlphabetButton
from hccr_desktop.gui.icons import icon_of
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.setting_menu import SettingMenu
from hccr_desktop.gui.tool_bar import ToolBar


class WriteBar(ToolBar):
    """Takes the room's actions, which are there already, out of the registry."""

    def __init__(self, actions: Actions, desk: Desk, parent: QWidget) -> None:
        self.mode = SettingMenu("pad_mode", lambda value: desk.set(pad_mode=value), parent)
        self.guides = SettingMenu("guides", lambda value: desk.set(guides=value), parent)
        self.alphabet = AlphabetButton(desk.settings.subsets, desk.settings.own_characters, parent)
        self.alphabet.subsets_chosen.connect(lambda chosen: desk.set(alphabet=chosen))
        self.alphabet.own_chosen.connect(lambda own: desk.set(own_characters=own))
        self.rest = QToolButton(parent)
        self.rest.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.rest)
        menu.addActions([actions[f"write.{name}"] for name in ("take", "replay", "save_ink", "copy", "more", "fewer")])
        menu.addSeparator()
        menu.addActions([actions[f"window.{name}"] for name in ("on_top", "small")])
        menu.addSeparator()
        menu.addAction(actions["window.quit"])
        self.rest.setMenu(menu)
        buttons = {"mode": self.mode, "guides": self.guides, "alphabet": self.alphabet, "rest": self.rest}
        for name, button in buttons.items():
            button.setIcon(icon_of(name))
        groups = (
            [actions[f"write.{name}"] for name in ("undo", "redo", "clear")],
            [actions[f"write.{name}"] for name in ("open", "paste")],
            list(buttons.values()),
        )
        super().__init__(groups, (actions["window.send"],), parent)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        modes = {"one": self.tr("One character"), "row": self.tr("A row"), "column": self.tr("A column")}
        self.mode.set_words(self.tr("Writing"), modes)
        guides = {"tian": self.tr("Field 田"), "mi": self.tr("Rice 米"), "none": self.tr("None")}
        self.guides.set_words(self.tr("Guides"), guides)
        self.rest.setText(self.tr("More"))
        super().retranslate()
