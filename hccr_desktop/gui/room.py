"""What the rooms of the window have in common, and what they share: the desk."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFormLayout, QLabel, QLayout, QScrollArea, QSplitter, QWidget

from hccr_desktop import paths
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.recognizer import Recognizer
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.rooms.places import Places
from hccr_desktop.settings import Settings
from hccr_desktop.store.samples import SampleStore

if TYPE_CHECKING:  # loaded in the background, or when a room first wants it: the window is there sooner
    from hccr_desktop.recognize.engine import Engine
    from hccr_desktop.recognize.networks import Networks
    from hccr_desktop.recognize.personal import Personal

T = TypeVar("T")


def tab_in_order(part: QWidget) -> None:
    """Let Tab go through a part of the window as its layouts stand; otherwise it goes as the widgets were made."""
    widgets = [widget for widget in _as_it_stands(part) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for before, after in itertools.pairwise(widgets):
        QWidget.setTabOrder(before, after)


def _as_it_stands(widget: QWidget) -> Iterator[QWidget]:
    """Yield a widget and all below it in the order of their layouts."""
    yield widget
    layout = widget.layout()
    inner: list[QWidget | None] = []
    if isinstance(widget, QScrollArea):
        inner = [widget.widget()]
    elif isinstance(widget, QSplitter):
        inner = [widget.widget(number) for number in range(widget.count())]
    elif layout is not None:
        inner = list(_in_layout(layout))
    for part in inner:
        if part is not None:
            yield from _as_it_stands(part)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for number in range(layout.count()):
        item = layout.itemAt(number)
        widget, below = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif below is not None:
            yield from _in_layout(below)


class Desk(QObject):
    """What all rooms use: settings, recognizer, networks for pages, samples, and the thread that keeps them.

    Emits `settings_changed(Settings)`, `samples_changed()`, `terms_changed()`, `model_changed()` when another model
    became active, `emptying()` before all that is kept of the user is deleted, and `failed(HccrError)` for what went
    wrong behind the scenes. `looked_at(str)` tells the character that is looked at, "" for none; `asked(str, QPoint,
    leave_out | None)` that a menu of it is wanted, `asked_in_text(str, QPoint, QMenu)` that one is wanted with those of
    a text, `to_read(list[Path])` that files are to be read as pages, `to_collect()` that samples are to be collected.
    """

    settings_changed = Signal(object)
    samples_changed = Signal()
    model_changed = Signal()
    emptying = Signal()
    terms_changed = Signal()
    looked_at = Signal(str)
    asked = Signal(str, object, object)
    asked_in_text = Signal(str, object, object)
    to_read = Signal(object)
    to_collect = Signal()
    failed = Signal(object)

    def __init__(self, recognizer: Recognizer, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings, self.recognizer = settings, recognizer
        self.store = SampleStore(paths.sample_store())
        self.places = Places()
        self._keeping = Tasks(self, finishes=True)
        self._learning = Tasks(self)
        self._engine: Engine | None = None
        self._personal: Personal | None = None
        self._learns, self._stale = False, False
        self.emptying.connect(self.places.forget)
        self.model_changed.connect(recognizer.start)
        self.samples_changed.connect(self.learn)
        self.terms_changed.connect(recognizer.learn_terms)
        recognizer.ready.connect(self._attach)

    @cached_property
    def networks(self) -> Networks:
        """The networks for pages, each opened when it is first used."""
        from hccr_desktop.recognize.networks import Networks

        return Networks()

    def set(self, **values: Any) -> None:
        """Change settings."""
        before, self.settings = self.settings, replace(self.settings, **values)
        if (before.personal, before.writer) != (self.settings.personal, self.settings.writer):
            self.learn()
        self.settings_changed.emit(self.settings)

    def change_samples(self, work: Callable[[], T], done: Callable[[T], None] = lambda _: None) -> None:
        """Change the samples in the background; what is queued is finished even when the window closes."""

        def changed(result: T) -> None:
            done(result)
            self.samples_changed.emit()

        self._keeping.run(work, changed, self.failed.emit)

    def _attach(self, engine: Engine) -> None:
        """Learn anew for a model that was loaded."""
        self._engine, self._personal = engine, None
        self.learn()

    def learn(self) -> None:
        """Let the user's layer learn what samples there are now, in the background; it is made with the first."""
        engine, personal, writer = self._engine, self._personal, self.settings.writer
        self._stale = self._learns
        if engine is None or self._learns:
            return
        if not self.settings.personal:
            engine.adjust, self._personal = None, None
            return
        self._learns = True

        def work() -> Personal | None:
            from hccr_desktop.recognize.memory import give_back_memory
            from hccr_desktop.recognize.personal import MOST, Personal

            keys = self.store.newest(2 * MOST, writer)
            layer = personal or (Personal(engine) if keys else None)
            if layer is not None:
                layer.sync(keys, lambda numbers: ((s.id, s.sample) for s in self.store.get(numbers)))
                give_back_memory()
            return layer

        def learned(layer: Personal | None) -> None:
            self._learns = False
            if self._engine is engine:
                self._personal = layer
            if self._stale or self._engine is not engine:
                self.learn()

        def failed(error: HccrError) -> None:
            self._learns = False
            self.failed.emit(error)

        self._learning.run(work, learned, failed)

    def close(self) -> None:
        """Finish what is queued, and close the samples."""
        self._learning.close()
        self._keeping.close()
        self.places.save()
        self.store.close()


class Room(QWidget):
    """One page of the window. Emits `said(str)` for the status line and `failed(HccrError)`."""

    said = Signal(str)
    failed = Signal(object)
    name = ""
    """What the names of the room's actions begin with."""

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.actions_at_hand = desk, actions

    def add(self, name: str, title: Callable[[], str], run: Callable[[], object], *keys: str) -> QAction:
        """Add an action of this room to the registry."""
        return self.actions_at_hand.add(f"{self.name}.{name}", title, run, keys, self)

    def keep_split(self, name: str, split: QSplitter, shares: Sequence[int]) -> None:
        """Part a room as it was parted last, at first by these shares in percent, and remember that."""
        stored = QByteArray.fromHex(self.desk.places[f"split.{name}"].encode())
        if stored.isEmpty() or not split.restoreState(stored):
            split.installEventFilter(_FirstParting(split, shares))
        split.splitterMoved.connect(lambda *_: self._keep_parts(f"split.{name}", split))

    def _keep_parts(self, name: str, split: QSplitter) -> None:
        self.desk.places[name] = split.saveState().toHex().toStdString()

    def enter(self) -> None:
        """Called whenever the room is shown."""

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""

    def take_files(self, files: Sequence[Path]) -> None:
        """Take files that another room hands over; a room that takes none leaves them."""

    def keeps_open(self) -> str:
        """Return what to ask before the window closes where something is at work; empty where nothing is."""
        return ""

    def shut(self) -> None:
        """End the background work."""

    def changeEvent(self, event: QEvent) -> None:
        """Change the texts with the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def fail(self, error: HccrError) -> None:
        """Show an error in the window's message line."""
        self.failed.emit(error)


class _FirstParting(QObject):
    """Parts a splitter by shares in percent once it is seen, and not after that."""

    def __init__(self, split: QSplitter, shares: Sequence[int]) -> None:
        super().__init__(split)
        self._split, self._shares = split, shares

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Part it as soon as its size is known."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize) and self._split.isVisible():
            across = self._split.orientation() == Qt.Orientation.Horizontal
            room = self._split.width() if across else self._split.height()
            self._split.setSizes([room * share // 100 for share in self._shares])
            if event.type() == QEvent.Type.Resize:
                self._split.removeEventFilter(self)
        return super().eventFilter(watched, event)


def set_label(form: QFormLayout, row: int, text: str) -> None:
    """Name a row of a form that was made with a label."""
    item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
    label = item.widget() if item is not None else None
    if isinstance(label, QLabel):
        label.setText(text)
