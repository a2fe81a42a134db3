"""Regions of a page that alone are read, or that are left aside: drawn on the page, forgotten by a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from hccr_desktop.core.recognition import Box
from hccr_desktop.gui.actions import Add
from hccr_desktop.gui.icons import icon_of
from hccr_desktop.gui.page_view import PageView
from hccr_desktop.rooms.reading import ReadPage


class PageRegions(QToolButton):
    """Emits `chosen(ReadPage, only, ignored)` with lists of `Box`, and `said(str)`."""

    chosen = Signal(object, object, object)
    said = Signal(str)

    def __init__(self, view: PageView, current: Callable[[], ReadPage | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._current = view, current
        self._drawing = ""
        view.drawn.connect(self._drawn)
        self.setIcon(icon_of("regions"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def add_actions(self, add: Add) -> None:
        """Add the room's actions for regions, and show them in the menu."""
        menu = QMenu(self)
        menu.addActions(
            [
                add("only", lambda: self.tr("Read a region"), lambda: self.draw("only"), "Ctrl+L"),
                add("ignore", lambda: self.tr("Leave a region aside"), lambda: self.draw("ignore"), "Ctrl+I"),
                add("whole", lambda: self.tr("Forget the regions"), self.forget, "Ctrl+Shift+L"),
            ]
        )
        self.setMenu(menu)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        self.setText(self.tr("Regions"))

    def draw(self, kind: str) -> None:
        """Let the user draw a region, "only" this is read, or "ignore" it."""
        page = self._current()
        if page is None or not page.is_read:
            self.said.emit(self.tr("A region can be drawn once the page is read."))
            return
        self._drawing = kind
        self._view.draw_region(True)
        self.said.emit(self.tr("Draw the region on the page."))

    def leave(self) -> None:
        """Draw no region any more."""
        self._drawing = ""
        self._view.draw_region(False)

    def _drawn(self, box: Box) -> None:
        page, drawing = self._current(), self._drawing
        self.leave()
        if page is None:
            return
        if drawing == "only":
            self.chosen.emit(page, [*page.only, box], page.ignored)
        else:
            self.chosen.emit(page, page.only, [*page.ignored, box])

    def forget(self) -> None:
        """Read the whole page."""
        if (page := self._current()) is not None and (page.only or page.ignored):
            self.chosen.emit(page, [], [])
