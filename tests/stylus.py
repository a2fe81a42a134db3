"""Synthetic tablet events: nothing outside a program can send them under Xvfb.

    python -m tests.stylus

starts the real program and writes in it with a stylus: a stroke with rising pressure, a character, the eraser end,
the side button. After each it prints a line and waits, for `tests.tour` to look.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication, QWidget

from hccr_desktop.gui import app as gui
from hccr_desktop.gui.window import MainWindow
from tests.conftest import WRITTEN

LOOK_MS = 2_500
"""Time for a look at each state."""


def stylus(
    widget: QWidget,
    kind: QEvent.Type,
    x: float,
    y: float,
    pressure: float,
    *,
    eraser: bool = False,
    has_pressure: bool = True,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> QTabletEvent:
    """Send one event to a widget, at a place in it."""
    capabilities = QInputDevice.Capability.Position
    if has_pressure:
        capabilities |= QInputDevice.Capability.Pressure
    pointer = QPointingDevice.PointerType.Eraser if eraser else QPointingDevice.PointerType.Pen
    device = QPointingDevice("stylus", 1, QInputDevice.DeviceType.Stylus, pointer, capabilities, 1, 3)
    event = QTabletEvent(
        kind,
        device,
        QPointF(x, y),
        QPointF(widget.mapToGlobal(QPoint(0, 0))) + QPointF(x, y),
        pressure,
        0,
        0,
        0,
        0,
        0,
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletMove else button,
        Qt.MouseButton.NoButton if kind == QEvent.Type.TabletRelease else button,
    )
    QApplication.sendEvent(widget, event)
    return event


def stroke(
    widget: QWidget, points: Sequence[tuple[float, float, float]], *, eraser: bool = False, has_pressure: bool = True
) -> None:
    """Draw a stroke of (x, y, pressure); at the last point the pen is lifted."""
    kinds = [QEvent.Type.TabletPress, *[QEvent.Type.TabletMove] * (len(points) - 2), QEvent.Type.TabletRelease]
    for kind, (x, y, pressure) in zip(kinds, points, strict=True):
        event = stylus(widget, kind, x, y, pressure, eraser=eraser, has_pressure=has_pressure)
        assert event.isAccepted()


class _Written(MainWindow):
    """The window, and a hand with a stylus in it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        steps = (self._press, self._write, self._erase, self._side_button)
        for number, step in enumerate(steps, 1):
            QTimer.singleShot(number * LOOK_MS, step)

    def _press(self) -> None:
        pad = self.write.pad
        wave = [(40 + 6 * i, 60 + (i % 8) * 3, i / 50) for i in range(50)]
        stroke(pad, wave)
        print("pressure", flush=True)

    def _write(self) -> None:
        pad = self.write.pad
        pad.clear()
        scale = min(pad.width(), pad.height()) / 120
        for points in WRITTEN["木"]:
            ends = [((x + 10) * scale, (y + 10) * scale) for x, y in points]
            stroke(pad, [*((x, y, 0.3 + 0.4 * i / len(ends)) for i, (x, y) in enumerate(ends)), (*ends[-1], 0.0)])
        print("a character", flush=True)

    def _erase(self) -> None:
        pad = self.write.pad
        right, low = 0.85 * pad.width(), 0.8 * pad.height()
        sweep = [(right - i * 4, low - i * 6, 0.5) for i in range(30)]
        stroke(pad, sweep, eraser=True)
        print("the eraser end", flush=True)

    def _side_button(self) -> None:
        stylus(self.write.pad, QEvent.Type.TabletPress, 30, 30, 0.0, button=Qt.MouseButton.RightButton)
        print("the side button takes it back", flush=True)


def main() -> int:
    vars(gui)["MainWindow"] = _Written
    return gui.main()


if __name__ == "__main__":
    sys.exit(main())
