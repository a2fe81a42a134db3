"""The menu of what is read: parts of the alphabet, and own characters."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from hccr_desktop.core.subsets import SUBSETS


class AlphabetButton(QToolButton):
    """Emits `subsets_chosen(str)`, names joined by commas, and `own_chosen(str)`."""

    subsets_chosen = Signal(str)
    own_chosen = Signal(str)

    def __init__(self, subsets: tuple[str, ...], own: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = own
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.subset_actions: dict[str, QAction] = {}
        for name in SUBSETS:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(name in subsets)
            action.triggered.connect(lambda _checked=False: self._choose())
            self.subset_actions[name] = action
        menu.addSeparator()
        self.own_action = menu.addAction("")
        self.own_action.triggered.connect(lambda _checked=False: self._ask_own())
        self.setMenu(menu)
        self._retranslate()

    def _choose(self) -> None:
        self.subsets_chosen.emit(",".join(name for name, action in self.subset_actions.items() if action.isChecked()))

    def _ask_own(self) -> None:
        text, accepted = QInputDialog.getText(
            self,
            self.tr("Own characters"),
            self.tr("Characters to read besides the parts that are checked:"),
            text=self._own,
        )
        if accepted:
            self._own = "".join(dict.fromkeys("".join(text.split())))
            self.own_chosen.emit(self._own)

    def _retranslate(self) -> None:
        self.setText(self.tr("Characters"))
        self.setToolTip(self.tr("What is read; everything, where nothing is checked"))
        parts = {
            "simplified": self.tr("Simplified"),
            "traditional": self.tr("Traditional"),
            "kana": self.tr("Kana"),
            "letters": self.tr("Letters"),
            "digits": self.tr("Digits"),
            "punctuation": self.tr("Punctuation"),
        }
        for name, action in self.subset_actions.items():
            action.setText(parts[name])
        self.own_action.setText(self.tr("Own characters…"))

    def changeEvent(self, event: QEvent) -> None:
        """Change the texts with the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
