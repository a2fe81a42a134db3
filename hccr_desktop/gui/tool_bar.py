"""A bar of actions with icon and word: where there is little room, the words go first; the main action never does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolBar, QToolButton, QWidget

_BESIDE, _ALONE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly


class ToolBar(QWidget):
    """Groups of actions and buttons, parted by lines; `main` ones stand at the right, with their words."""

    def __init__(
        self,
        groups: Sequence[Sequence[QAction | QToolButton]],
        main: Sequence[QAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bar = QToolBar(self)
        self._bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._buttons: list[QToolButton] = []
        for number, group in enumerate(groups):
            if number:
                self._bar.addSeparator()
            for item in group:
                if isinstance(item, QAction):
                    self._bar.addAction(item)
                else:
                    self._bar.addWidget(item)
                    self._buttons.append(item)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._bar, 1)
        for action in main:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setToolButtonStyle(_BESIDE)
            button.setAutoRaise(False)
            line.addWidget(button)
            self._buttons.append(button)
        self._main = self._buttons[len(self._buttons) - len(main) :]
        self._needed = 0

    def _style(self) -> None:
        """Show words beside the icons where they have room."""
        side = int(1.15 * self.fontMetrics().height())
        self._bar.setIconSize(QSize(side, side))
        for button in self._buttons:
            button.setIconSize(QSize(side, side))
        self._set_style(_BESIDE)
        self._needed = self._bar.sizeHint().width()
        if self.isVisible():  # else it has no width yet
            self._fit()

    def _fit(self) -> None:
        self._set_style(_BESIDE if self._needed <= self._bar.width() else _ALONE)

    def _set_style(self, style: Qt.ToolButtonStyle) -> None:
        if self._bar.toolButtonStyle() != style:
            self._bar.setToolButtonStyle(style)
            for button in self._buttons:
                if button not in self._main:
                    button.setToolButtonStyle(style)

    def retranslate(self) -> None:
        """Find out anew how much room the words take."""
        for button in self._buttons:
            if button not in self._main and not button.toolTip():
                button.setToolTip(button.text())
        self._style()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show words where there is room for them."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_main"):
            self._style()
