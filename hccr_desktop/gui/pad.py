"""The handwriting pad: mouse, touch and tablet → `Ink`.

Positions are kept as floats in the pad's own units, as the pen gave them; only what is drawn is
smooth. Finished strokes live in a picture at the screen's pixel ratio; a moving pen adds only its
newest piece. What the pad shows is one of a list of states, so that undo brings back anything, a
cleared character included.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QInputDevice,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink, Stroke
from hccr_desktop.gui.pad_drawing import cells, draw_curve, draw_example, draw_glyph, draw_guides, draw_tip
from hccr_desktop.rooms.pad_content import Content, Replay, States, distance, fitted

_PEN_PX = 7.0
_ERASER_PX = 12.0
_PALM_S = 0.6
"""How long after the pen was near a touch is taken for the palm, in seconds."""


class Pad(QWidget):
    """Emits `pen_down()` at the start of a stroke and `changed()` whenever `content` changed.

    What else happened when the pad was cleared is told again when that is undone, `taken_back(object)`, and when it is
    done once more, `done_again(object)`.
    """

    pen_down = Signal()
    changed = Signal()
    taken_back = Signal(object)
    done_again = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states = States()
        self._points: list[tuple[float, float, float, float]] = []
        self._has_pressure = False
        self._source = ""
        self._guides, self._mode, self._pen_px = "tian", "one", _PEN_PX
        self._pen_was_near = -_PALM_S
        self._replay: Replay | None = None
        self._replay_timer = QTimer(self)
        self._replay_timer.setInterval(16)
        self._replay_timer.timeout.connect(self._replay_on)
        self._picture: QPixmap | None = None
        self._example: tuple[npt.NDArray[np.uint8], ...] = ()
        self._started = self._replay_began = time.monotonic()
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(160, 150)

    # ------------------------------------------------------------------------- content

    @property
    def content(self) -> Content:
        """What is shown: strokes, none where the pad is empty, or a picture."""
        return self._states.content

    @property
    def item(self) -> Ink | GlyphImage | None:
        """What is to be recognized, or None where the pad is empty."""
        content = self.content
        if isinstance(content, GlyphImage):
            return content
        return Ink(content) if content else None

    @property
    def is_writing(self) -> bool:
        """True while a pen is down."""
        return bool(self._source)

    @property
    def can_undo(self) -> bool:
        """True where there is an earlier state."""
        return self._states.can_undo

    @property
    def can_redo(self) -> bool:
        """True where a state was undone."""
        return self._states.can_redo

    def undo(self) -> None:
        """Return to the state before: without the last stroke, or with what was cleared."""
        if not self.is_writing and self.can_undo:
            because = self._states.undo()
            self._show()
            if because is not None:
                self.taken_back.emit(because)

    def redo(self) -> None:
        """Take back an undo."""
        if not self.is_writing and self.can_redo:
            because = self._states.redo()
            self._show()
            if because is not None:
                self.done_again.emit(because)

    def clear(self, because: object = None) -> None:
        """Empty the pad; `undo` brings it back, and tells what it was cleared for."""
        self._end_stroke(keep=False)
        if because is not None or not self._is_empty():
            self._push((), because)

    def forget(self) -> None:
        """Empty the pad and its undo: what was written is kept elsewhere."""
        self._end_stroke(keep=False)
        self._states.forget()
        self._show()

    def show_glyph(self, glyph: GlyphImage) -> None:
        """Show a picture instead of strokes."""
        self._end_stroke(keep=False)
        self._push(glyph)

    def show_ink(self, ink: Ink) -> None:
        """Show strokes from a file, scaled to fit."""
        self._end_stroke(keep=False)
        self._push(fitted(ink.strokes, ink.bounds, self.width(), self.height()))

    def set_look(self, guides: str, mode: str = "one", pen: float = 1.0) -> None:
        """Draw guides "tian" 田, "mi" 米 or "none", for mode "one" character, a "row" or a "column"; scale the pen."""
        self._guides, self._mode, self._pen_px = guides, mode, _PEN_PX * pen
        self._picture = None
        self.update()

    def show_example(self, strokes: Sequence[npt.NDArray[np.uint8]]) -> None:
        """Show strokes, uint8 (n, 2) of 255 each, in pale below what is written; none shows no example."""
        self._example = tuple(strokes)
        self._picture = None
        self.update()

    @property
    def cell(self) -> float:
        """The side of a character's cell in the pad's units."""
        return cells(QRectF(self.rect()), self._mode)[0].width()

    # -------------------------------------------------------------------------- replay

    def replay(self) -> None:
        """Write what is on the pad once more before the user's eyes, at the pace at which it was written."""
        content = self.content
        if isinstance(content, GlyphImage) or not content or self.is_writing:
            return
        self._replay = Replay(content)
        self._replay_began = time.monotonic()
        self._replay_timer.start()
        self._replay_on()

    @property
    def is_replaying(self) -> bool:
        """True while the writing is shown again."""
        return self._replay_timer.isActive()

    def _replay_on(self) -> None:
        if self._replay is None or time.monotonic() - self._replay_began > self._replay.seconds:
            self._replay_timer.stop()
        self._picture = None
        self.update()

    def _shown(self, strokes: tuple[Stroke, ...]) -> list[npt.NDArray[np.float32]]:
        """Return the points to draw: all, or in a replay as many as were written by now."""
        if self._replay is None or not self.is_replaying:
            return [stroke.points for stroke in strokes]
        return self._replay.shown(time.monotonic() - self._replay_began)

    def _is_empty(self) -> bool:
        return not isinstance(self.content, GlyphImage) and not self.content

    def _push(self, content: Content, because: object = None) -> None:
        self._states.push(content, because)
        self._show()

    def _show(self) -> None:
        self._replay_timer.stop()
        self._picture = None
        self.update()
        self.changed.emit()

    # ----------------------------------------------------------------------------- pen

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Write or erase with a stylus; accepted, so that Qt sends no mouse event after it."""
        event.accept()
        erasing = event.pointerType() == QPointingDevice.PointerType.Eraser
        has_pressure = bool(event.device().capabilities() & QInputDevice.Capability.Pressure)
        pressure = event.pressure() if has_pressure else 0.5
        kind = event.type()
        self._pen_was_near = time.monotonic()
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.RightButton:
            self.undo()
        elif kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin("eraser" if erasing else "tablet", event.position(), pressure, has_pressure)
        elif kind == QEvent.Type.TabletMove:
            self._move("eraser" if erasing else "tablet", event.position(), pressure)
        elif kind == QEvent.Type.TabletRelease and self._source in ("tablet", "eraser"):
            self._end_stroke()

    def event(self, event: QEvent) -> bool:
        """Handle the first finger of a touch; accepted, so that Qt makes no mouse event of it."""
        if not isinstance(event, QTouchEvent):
            return super().event(event)
        points = event.points()
        kind = event.type()
        palm = time.monotonic() - self._pen_was_near < _PALM_S
        if kind == QEvent.Type.TouchBegin and points and len(points) == 1 and not palm:
            self._begin("touch", points[0].position(), 0.5)
        elif kind == QEvent.Type.TouchUpdate and points:
            self._move("touch", points[0].position(), 0.5)
        elif kind in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel) and self._source == "touch":
            self._end_stroke(keep=kind == QEvent.Type.TouchEnd)
        event.accept()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Write with the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin("mouse", event.position(), 0.5)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on writing."""
        self._move("mouse", event.position(), 0.5)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self._source == "mouse":
            self._end_stroke()

    def _begin(self, source: str, position: QPointF, pressure: float, has_pressure: bool = False) -> None:
        if self._source == "touch" and source in ("tablet", "eraser"):  # the palm that lies there beside the pen
            self._end_stroke(keep=False)
        if self._source:  # one pen at a time: what another device says meanwhile is its echo
            return
        self._source, self._has_pressure = source, has_pressure
        if self._replay is not None:  # show all again that was written
            self._replay_timer.stop()
            self._replay, self._picture = None, None
            self.update()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pen_down.emit()
        if source != "eraser" and isinstance(self.content, GlyphImage):
            self._push(())
        self._points = []
        self._move(source, position, pressure)

    def _move(self, source: str, position: QPointF, pressure: float) -> None:
        if source != self._source:
            return
        if source == "eraser":
            self._erase_at(position)
            return
        if not self._points:
            self._started = self._started if self.content else time.monotonic()
        x, y = position.x(), position.y()
        if self._points and self._points[-1][:2] == (x, y):
            return
        elapsed_ms = (time.monotonic() - self._started) * 1000.0
        self._points.append((x, y, elapsed_ms, pressure))
        if self._picture is not None:  # otherwise it is drawn anew, with this point
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_curve(painter, self._points, self._ink_color, self._pen_px, len(self._points) - 1)
            painter.end()
        last = self._points[-3:]
        xs, ys = [p[0] for p in last], [p[1] for p in last]
        reach = 2 * self._pen_px
        area = QRectF(min(xs) - reach, min(ys) - reach, max(xs) - min(xs) + 2 * reach, max(ys) - min(ys) + 2 * reach)
        self.update(area.toAlignedRect())

    def _end_stroke(self, keep: bool = True) -> None:
        source, self._source = self._source, ""
        points, self._points = self._points, []
        if source == "eraser" or not source:
            return
        if not points or not keep:
            self._picture = None
            self.update()
            return
        columns = 4 if self._has_pressure else 3
        stroke = Stroke(np.array(points, np.float32)[:, :columns])
        strokes = () if isinstance(self.content, GlyphImage) else self.content
        picture = self._picture
        if picture is not None:
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_tip(painter, points, self._ink_color, self._pen_px)
            painter.end()
        self._push((*strokes, stroke))
        self._picture = picture  # it shows the stroke already

    def _erase_at(self, position: QPointF) -> None:
        if isinstance(self.content, GlyphImage):
            return
        at = np.array([position.x(), position.y()], np.float32)
        kept = tuple(stroke for stroke in self.content if distance(stroke, at) > _ERASER_PX)
        if len(kept) < len(self.content):
            self._push(kept)

    # ------------------------------------------------------------------------- drawing

    def sizeHint(self) -> QSize:
        """Give a comfortable size."""
        return QSize(420, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Redraw at the new size; strokes stay where they were written."""
        self._picture = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Redraw in the colors of a new theme."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = None
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture, and a frame where the pad has the keyboard."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._backing())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tip(painter, self._points, self._ink_color, self._pen_px)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        color = self.palette().highlight().color() if self.hasFocus() else self.palette().mid().color()
        painter.setPen(QPen(color, 2 if self.hasFocus() else 1))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    @property
    def _ink_color(self) -> QColor:
        return self.palette().text().color()

    def _backing(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            picture = QPixmap((self.size().toSizeF() * ratio).toSize())
            picture.setDevicePixelRatio(ratio)
            picture.fill(self.palette().base().color())
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect())
            draw_guides(painter, cells(area, self._mode), self._guides, self._ink_color)
            draw_example(painter, self._example, cells(area, self._mode)[0], self._ink_color)
            if isinstance(self.content, GlyphImage):
                draw_glyph(painter, self.content, area)
            else:
                for points in self._shown(self.content):
                    rows = points.tolist()
                    draw_curve(painter, rows, self._ink_color, self._pen_px)
                    draw_tip(painter, rows, self._ink_color, self._pen_px)
            draw_curve(painter, self._points, self._ink_color, self._pen_px)
            painter.end()
            self._picture = picture
        return self._picture
