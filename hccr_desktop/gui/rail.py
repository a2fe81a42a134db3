"""The rail: a sign for every room, and at its end what is at hand everywhere; none of them is ever hidden."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar, QWidget


class Rail(QToolBar):
    """Actions, each with the character that is its sign; those at the end stand at the bottom."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._signs: list[tuple[QAction, str]] = []
        self._looks: tuple[object, ...] = ()
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setOrientation(Qt.Orientation.Vertical)

    def add(self, action: QAction, sign: str) -> None:
        """Add an action with its sign."""
        self._signs.append((action, sign))
        self.addAction(action)

    def begin_end(self) -> None:
        """Let what is added from now on stand at the bottom."""
        rest = QWidget(self)
        rest.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.addWidget(rest)

    def _paint_signs(self) -> None:
        """Draw the signs, in the colors, the text size and the height at hand."""
        line, count = self.fontMetrics().height(), max(len(self._signs), 1)
        side, style = max(28, int(line * 1.9)), Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        if count * (side + line + 16) > self.height():  # the words go first, then the signs get smaller
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
            side = max(16, min(side, self.height() // count - 14))
        looks = (side, style, self.palette().cacheKey(), self.font().key(), count)
        if looks == self._looks:
            return
        self._looks = looks
        self.setToolButtonStyle(style)
        self.setIconSize(QSize(side, side))
        for action, sign in self._signs:
            action.setIcon(_icon(sign, side, self))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the height there is."""
        super().resizeEvent(event)
        self._paint_signs()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_signs"):
            self._paint_signs()


def _icon(character: str, side: int, window: QWidget) -> QIcon:
    """Return a room's sign: a character on a plate, in the highlight color where the room is at hand."""
    icon = QIcon()
    ratio = QGuiApplication.primaryScreen().devicePixelRatio() if QGuiApplication.primaryScreen() else 1.0
    palette = window.palette()
    plates = {QIcon.State.Off: palette.button().color(), QIcon.State.On: palette.highlight().color()}
    inks = {QIcon.State.Off: palette.buttonText().color(), QIcon.State.On: palette.highlightedText().color()}
    for state, plate in plates.items():
        picture = QPixmap(round(side * ratio), round(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(plate)
        painter.setPen(palette.mid().color() if state == QIcon.State.Off else plate)
        painter.drawRoundedRect(1, 1, side - 2, side - 2, side / 5, side / 5)
        font = QFont(window.font())
        font.setPixelSize(int(side * 0.62))
        painter.setFont(font)
        painter.setPen(inks[state])
        painter.drawText(QRect(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, character)
        painter.end()
        icon.addPixmap(picture, QIcon.Mode.Normal, state)
    return icon
