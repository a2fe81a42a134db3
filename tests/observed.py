"""The real program, which tells where its controls are and what they show, for those who drive it from outside.

    HCCR_HOME=… OBSERVED=FILE python -m tests.observed

Five times a second FILE is written anew: a JSON object of places on the screen, [left, top, width, height], and values.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from hccr_desktop.gui import app as gui
from hccr_desktop.gui.reading import ReadRoom
from hccr_desktop.gui.samples import SamplesRoom
from hccr_desktop.gui.training import TrainRoom
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.settings import Settings


def place(widget: QWidget) -> list[int]:
    """Return where a widget is on the screen."""
    corner = widget.mapToGlobal(QPoint(0, 0))
    return [corner.x(), corner.y(), widget.width(), widget.height()]


def state_of(window: MainWindow) -> dict[str, Any]:
    """Return places of visible controls, and values."""
    write = window.write
    controls: dict[str, QWidget] = {
        "pad": write.pad,
        "text": write.text,
        "meaning": window.meaning,
        "strokes": window.meaning.strokes,
        "look up": window.meaning.asked,
        "whole window": window.small_bar.leave,
        **{f"candidate {i + 1}": button for i, button in enumerate(write.candidates.buttons)},
    }
    values: dict[str, Any] = {
        "room": next((name for name, room in window.rooms.items() if room is window.stack.currentWidget()), ""),
        "frame": window.frame.state,
        "text": write.text.text(),
        "candidates": [c.character for c in write.candidates.shown],
        "guess": write.candidates.is_guess,
        "settled": write.reading.is_settled and window.recognizer.engine is not None,
        "meaning": window.meaning.text if window.meaning.isVisible() else "",
        "explained": window.meaning.body.text(),
        "status": window.status.text(),
        "message": window.message.text() if window.message.isVisible() else "",
        "clipboard": QApplication.clipboard().text(),
    }
    reading, samples, training = (window.rooms.get(name) for name in ("read", "samples", "train"))
    if isinstance(reading, ReadRoom):
        controls |= {"page text": reading.text, "page list": reading.list, "page search": reading.column.search}
        values |= {
            "pages": [page.name for page in reading.pages],
            "read": sum(page.is_read for page in reading.pages),
            "checked": sum(page.is_checked for page in reading.pages),
            "doubtful": [page.doubtful_count for page in reading.pages],
            "page text": reading.text.toPlainText(),
            "reviewing": reading.text.is_reviewing,
        }
    if isinstance(samples, SamplesRoom):
        session = samples.collecting
        controls |= {"collecting pad": session.pad, "what": session.kind, "own list": session.own}
        controls |= {"how often": session.repeats, "begin": session.begin}
        values |= {"asked": session.asked.text() if session.pad.isVisible() else "", "told": session.told.text()}
    if isinstance(training, TrainRoom):
        controls |= {"train": training.start, "collect": training.collect}
        values |= {"missing": training.missing.text(), "can train": training.start.isEnabled()}
        values |= {"trained": training.state.text(), "outcome": training.outcome.numbers.text()}
    shown = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    for number, action in enumerate(action for menu in shown for action in menu.actions()):
        menu = action.parent()
        if isinstance(menu, QMenu):
            area, corner = menu.actionGeometry(action), menu.mapToGlobal(QPoint(0, 0))
            values[f"menu {number}"] = action.text()
            values[f"menu {number} at"] = [corner.x() + area.x(), corner.y() + area.y(), area.width(), area.height()]
    places = {name: place(widget) for name, widget in controls.items() if widget.isVisible()}
    return {"places": places, "values": values, "counts": window.desk.store.counts()}


class Observed(gui.Application):
    """The application, observed."""

    def __init__(self, app: QApplication, settings: Settings) -> None:
        super().__init__(app, settings)
        target = Path(os.environ["OBSERVED"])
        self._timer = QTimer(app)
        self._timer.timeout.connect(lambda: self._tell(target))
        self._timer.start(200)

    def _tell(self, target: Path) -> None:
        aside = target.with_suffix(".new")
        aside.write_text(json.dumps(state_of(self.window), ensure_ascii=False), encoding="utf-8")
        aside.replace(target)


if __name__ == "__main__":
    gui.Application = Observed  # type: ignore[misc]
    sys.exit(gui.main())
