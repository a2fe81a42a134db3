"""How much of the window is seen: all, pad and candidates in a small one, or that while it types for other programs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.sending import Sending
from hccr_desktop.settings import Settings

WHOLE, SMALL, SEND = "whole", "small", "send"


class Frame(QObject):
    """Emits `changed(str)`, one of `WHOLE`, `SMALL` and `SEND`, before the window is shown so."""

    changed = Signal(str)

    def __init__(self, window: QMainWindow, desk: Desk, usual_size: Callable[[], tuple[int, int]]) -> None:
        super().__init__(window)
        self._window, self._desk, self._usual_size = window, desk, usual_size
        self.state = WHOLE
        self.sending = Sending(self)
        self.sending.left.connect(lambda: self.set(WHOLE))
        self._whole = QByteArray()
        window.installEventFilter(self)

    def restore(self) -> None:
        """Show the window as large and where it was left."""
        stored = QByteArray.fromHex(self._desk.places["window"].encode())
        if stored.isEmpty() or not self._window.restoreGeometry(stored):
            self._window.resize(*self._usual_size())

    def keep(self) -> None:
        """Remember how large the window is, and where."""
        geometry = self._window.saveGeometry() if self.state == WHOLE else self._whole
        self._desk.places["window"] = geometry.toHex().toStdString()

    def toggle(self, state: str) -> None:
        """Go to a state, or from it to the whole window."""
        self.set(WHOLE if self.state == state else state)

    def set(self, state: str) -> None:
        """Show all, or little."""
        before, self.state = self.state, state
        if before == state:
            return
        if before == WHOLE:
            self._whole = self._window.saveGeometry()
        self.changed.emit(state)
        self.apply(self._desk.settings)
        if state == WHOLE:
            self._window.restoreGeometry(self._whole)
            self._window.activateWindow()
        elif before == WHOLE:
            line = self._window.fontMetrics().height()
            self._window.showNormal()
            self._window.resize(26 * line, 32 * line)
        self.sending.watch_escape(state == SEND and self._window.underMouse())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of Escape while the pointer is on the window: elsewhere it is the other program's."""
        if self.state == SEND and event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.sending.watch_escape(event.type() == QEvent.Type.Enter)
        return super().eventFilter(watched, event)

    def apply(self, settings: Settings) -> None:
        """Keep above other windows, and from the keyboard, as state and settings want it."""
        self.sending.keys = settings.send_keys
        flags = {
            Qt.WindowType.WindowStaysOnTopHint: settings.on_top or self.state == SEND,
            Qt.WindowType.WindowDoesNotAcceptFocus: self.state == SEND,
        }
        wanted = self._window.windowFlags()
        for flag, on in flags.items():
            wanted = wanted | flag if on else wanted & ~flag
        if wanted != self._window.windowFlags():
            was_shown = self._window.isVisible()
            self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, self.state == SEND)
            self._window.setWindowFlags(wanted)  # this hides it
            self._window.setVisible(was_shown)
