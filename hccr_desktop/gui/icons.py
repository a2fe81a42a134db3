"""Icons of actions: signs of a font, drawn in the colors and at the size at hand.

`resources/icons.ttf` is Lucide 1.62.0 with fontTools' subsetter, of which only the signs below are left.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap

from hccr_desktop.paths import icons

_SIGNS = {
    "undo": 0xE2A1,
    "redo": 0xE2A0,
    "clear": 0xE18E,
    "remove": 0xE18E,
    "open": 0xE247,
    "import": 0xE0B2,
    "export": 0xE19E,
    "paste": 0xE3E8,
    "replay": 0xE13C,
    "save": 0xE14D,
    "save_ink": 0xE14D,
    "copy": 0xE09E,
    "mode": 0xE130,
    "guides": 0xE4FF,
    "alphabet": 0xE0FE,
    "rest": 0xE0B6,
    "folder": 0xE339,
    "watch": 0xE0BA,
    "turn": 0xE149,
    "again": 0xE145,
    "zoom_in": 0xE1B6,
    "zoom_out": 0xE1B7,
    "fit": 0xE112,
    "regions": 0xE1CB,
    "previous": 0xE06E,
    "next": 0xE06F,
    "next_page": 0xE073,
    "checked": 0xE226,
    "close": 0xE1B2,
    "reopen": 0xE2CD,
    "look": 0xE151,
    "sort": 0xE415,
    "direction": 0xE58A,
    "collect": 0xE23F,
    "writer": 0xE468,
    "relabel": 0xE17F,
    "print": 0xE141,
    "scan": 0xE538,
    "measure": 0xE1BF,
    "compare": 0xE359,
    "activate": 0xE06C,
    "rollback": 0xE1F5,
    "on_top": 0xE259,
    "small": 0xE3AF,
    "send": 0xE284,
}
"""The sign of what an action does, by the last part of its name."""


def icon_of(name: str) -> QIcon:
    """Return the icon of an action, by its name such as "read.open"; an empty one where there is none."""
    sign = _SIGNS.get(name.rsplit(".", 1)[-1], 0)
    return QIcon(_Engine(chr(sign))) if sign else QIcon()


@lru_cache(1)
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(icons()))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""


class _Engine(QIconEngine):
    """Draws a sign when it is asked for, so that it follows the theme."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self._sign = sign

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the sign into a rectangle."""
        if not _family():
            return
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        font = QFont(_family())
        font.setPixelSize(max(rect.height(), 1))
        painter.setFont(font)
        painter.setPen(QGuiApplication.palette().color(group, QPalette.ColorRole.ButtonText))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._sign)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return a picture of the sign."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return another one of the same sign."""
        return _Engine(self._sign)
