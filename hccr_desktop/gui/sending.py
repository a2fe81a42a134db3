"""What is chosen goes into the program that has the keyboard: by the clipboard and the keys that paste.

Our window never takes the keyboard meanwhile. Wayland lets no program press keys in another: there the clipboard is
all, and the window says so.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from hccr_desktop.errors import HccrError, InputError

_PASTES_AFTER_MS = 30
"""The clipboard has changed hands by then."""

Press = Callable[[str], None]
"""Presses keys together, such as "Ctrl+V"; raises `InputError` where that cannot be."""


class Sending(QObject):
    """Emits `failed(HccrError)`, and `left()` when Escape is pressed while the pointer is on our window."""

    failed = Signal(object)
    left = Signal()

    def __init__(self, parent: QObject | None = None, press: Press | None = None) -> None:
        super().__init__(parent)
        self._press = press or press_keys
        self._waiting: list[str] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PASTES_AFTER_MS)
        self._timer.timeout.connect(self._paste)
        self._escape: _Escape | None = None
        self.keys = "Ctrl+V"

    @property
    def is_possible(self) -> bool:
        """Whether keys can be pressed in other programs here."""
        return QGuiApplication.platformName() != "wayland"

    def send(self, text: str) -> None:
        """Put text on the clipboard, it alone, and press the keys that paste it."""
        self._waiting.append(text)
        if not self._timer.isActive():
            self._next()

    def _next(self) -> None:
        if not self._waiting or self._timer.isActive():  # another call sends it
            return
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(self._waiting[0])
        if clipboard.supportsSelection():  # what Shift+Insert pastes in terminals
            clipboard.setText(self._waiting[0], QClipboard.Mode.Selection)
        self._timer.start()

    def _paste(self) -> None:
        self._waiting.pop(0)
        if self.is_possible:
            try:
                self._press(self.keys)
            except HccrError as error:
                self._waiting.clear()
                self.failed.emit(error)
        if self._waiting:  # the program before has asked for the last one by then
            QTimer.singleShot(4 * _PASTES_AFTER_MS, self._next)

    def watch_escape(self, watched: bool) -> None:
        """Hear of Escape although another program has the keyboard, where X lets us; it does not hear of it then."""
        if self._escape is not None:
            self._escape.close()
            self._escape = None
        if watched and QGuiApplication.platformName() == "xcb":
            with contextlib.suppress(Exception):  # another program may hold that key: then the button is left
                self._escape = _Escape(self.left.emit, self)


def press_keys(keys: str) -> None:
    """Press keys together in the program that has the keyboard; raises `InputError` where that cannot be."""
    try:
        (_press_x11 if sys.platform.startswith("linux") else _press_elsewhere)(keys.split("+"))
    except HccrError:
        raise
    except Exception as error:
        raise InputError(
            "Keys cannot be pressed in other programs here ({why}).",
            "The character is on the clipboard: paste it there.",
            why=type(error).__name__,
        ) from error


_X_NAMES = {"Ctrl": "Control_L", "Shift": "Shift_L"}


def _press_x11(keys: list[str]) -> None:
    from Xlib import XK, X, display
    from Xlib.ext import xtest

    screen = display.Display()
    try:
        codes = [
            screen.keysym_to_keycode(XK.string_to_keysym(_X_NAMES.get(k, k.lower() if len(k) == 1 else k)))
            for k in keys
        ]
        for code in codes:
            xtest.fake_input(screen, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(screen, X.KeyRelease, code)
        screen.sync()
    finally:
        screen.close()


def _press_elsewhere(keys: list[str]) -> None:
    from pynput import keyboard

    names = {"Ctrl": keyboard.Key.cmd if sys.platform == "darwin" else keyboard.Key.ctrl, "Shift": keyboard.Key.shift}
    pressed = [names.get(k) or (keyboard.Key.insert if k == "Insert" else k.lower()) for k in keys]
    hand = keyboard.Controller()
    with hand.pressed(*pressed[:-1]):
        hand.tap(pressed[-1])


class _Escape:
    """Holds the Escape key of the screen, by a connection of its own."""

    def __init__(self, run: Callable[[], object], parent: QObject) -> None:
        from Xlib import XK, X, display

        self._run, self._pressed = run, X.KeyPress
        self._screen: Any = display.Display()
        code = self._screen.keysym_to_keycode(XK.XK_Escape)
        for held in (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask):  # alone: window managers hold other ones
            self._screen.screen().root.grab_key(code, held, False, X.GrabModeAsync, X.GrabModeAsync)
        self._screen.sync()
        self._notifier = QSocketNotifier(self._screen.fileno(), QSocketNotifier.Type.Read, parent)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        from Xlib.error import ConnectionClosedError

        was_pressed = False
        try:
            while self._screen.pending_events():
                was_pressed |= self._screen.next_event().type == self._pressed
        except (ConnectionClosedError, OSError):  # the screen is gone, and we with it
            self._notifier.setEnabled(False)
        if was_pressed:
            self._run()

    def close(self) -> None:
        """Let go of the key."""
        self._notifier.setEnabled(False)
        self._notifier.deleteLater()
        self._screen.close()
