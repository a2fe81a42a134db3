from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hccr_desktop.gui.app import load_engine
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.settings import Settings
from tests.conftest import WRITTEN


def write_on(widget: QWidget, qtbot: QtBot, character: str) -> None:
    """Write one of the characters of `WRITTEN` with the mouse."""
    scale = min(widget.width(), widget.height()) / 120
    for stroke in WRITTEN[character]:
        points = [QPoint(round((x + 10) * scale), round((y + 10) * scale)) for x, y in stroke]
        qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            qtbot.mouseMove(widget, point)
        qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=points[-1])


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """A shown window with the real model and a short pause."""
    settings = Settings()
    made = MainWindow(lambda: load_engine(settings), settings)
    qtbot.addWidget(made)
    made.write.suggestion.end_welcome()
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
