"""The collecting session: a large character to be written, the pad, and the way on, back and out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.room import Desk, set_label
from hccr_desktop.rooms.collecting import KINDS, Pace, Session, asked_for, load_session, minutes

_SOURCE = "collected"
_REST_MS = 700
"""Without a stroke, before the writing is taken for whole: parts of characters are characters, too."""
_SURE = 0.5
"""Probability from which the asked character is taken for recognized."""


@dataclass(frozen=True)
class _Looked:
    """A writing, and what it was taken for."""

    item: Ink | GlyphImage
    found: Recognition


class Collecting(QWidget):
    """Emits `left()` when the user goes back to the samples, and `failed(HccrError)`."""

    left = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._session: Session | None = None
        self._confused: Sequence[str] = ()
        self._pace = Pace()
        self._looked_at: Ink | GlyphImage | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        desk.recognizer.recognized.connect(self._judge)
        desk.recognizer.language_ready.connect(self._estimate)
        self._written: list[list[int]] = []
        """The number of each step's sample, once it is kept; none where one was passed over."""
        self._build()

    def _build(self) -> None:
        setup = QWidget(self)
        self.own = QLineEdit(setup)
        self.kind = QComboBox(setup)
        for kind in KINDS:
            self.kind.addItem("", kind)
        self.kind.currentIndexChanged.connect(lambda _: self._estimate())
        self.own.textChanged.connect(lambda _: self._estimate())
        self.repeats = QSpinBox(setup)
        self.repeats.setRange(1, 50)
        self.repeats.setValue(3)
        self.repeats.valueChanged.connect(lambda _: self._estimate())
        self.takes = QLabel(setup)
        self.takes.setWordWrap(True)
        self.writer = QLineEdit(setup)
        self.begin = QPushButton(setup)
        self.begin.clicked.connect(self._begin)
        self.resume = QPushButton(setup)
        self.resume.clicked.connect(self._resume)
        self._form = QFormLayout()
        for field in (self.kind, self.own, self.repeats, self.writer):
            self._form.addRow(" ", field)
        buttons = QHBoxLayout()
        self.leave = QPushButton(setup)
        self.leave.clicked.connect(self.left)
        for button in (self.begin, self.resume, self.leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(setup)
        column.addLayout(self._form)
        column.addWidget(self.takes)
        column.addLayout(buttons)
        column.addStretch(1)

        work = QWidget(self)
        self.asked = QLabel(work)
        self.asked.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = QLabel(work)
        self.told.setWordWrap(True)
        self.progress = QProgressBar(work)
        self.next, self.skip, self.back, self.stop = (QPushButton(work) for _ in range(4))
        self.pad = Pad(work)
        self.pad.changed.connect(self._written_on)
        self.pad.pen_down.connect(self._wait)
        self.next.clicked.connect(self._next)
        self.skip.clicked.connect(self._skip)
        self.back.clicked.connect(self._back)
        self.stop.clicked.connect(self._leave)
        self._keys = ((self.next, "Return"), (self.skip, "Ctrl+Right"), (self.back, "Ctrl+Left"))
        for button, key in self._keys:  # a button's own shortcut would be heard in other parts of the window, too
            shortcut = QShortcut(QKeySequence(key), work)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        line = QHBoxLayout()
        line.addWidget(self.asked, 2)
        line.addWidget(self.pad, 3)
        keys = QHBoxLayout()
        for button in (self.back, self.skip, self.next):
            keys.addWidget(button)
        keys.addStretch(1)
        keys.addWidget(self.stop)
        column = QVBoxLayout(work)
        column.addWidget(self.progress)
        column.addLayout(line, 1)
        column.addWidget(self.told)
        column.addLayout(keys)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(setup)
        self._pages.addWidget(work)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        words = {
            "misread-20": self.tr("The 20 characters that were misread most"),
            "misread-50": self.tr("The 50 characters that were misread most"),
            "misread-100": self.tr("The 100 characters that were misread most"),
            "common-100": self.tr("The 100 most common characters"),
            "common-500": self.tr("The 500 most common characters"),
            "own": self.tr("My own list or text"),
        }
        for i in range(self.kind.count()):
            self.kind.setItemText(i, words[self.kind.itemData(i)])
        titles = (self.tr("What to write"), self.tr("Characters"), self.tr("How often each"), self.tr("Writer"))
        for row, title in enumerate(titles):
            set_label(self._form, row, title)
        for field, title in zip((self.kind, self.own, self.repeats, self.writer), titles, strict=True):
            field.setAccessibleName(title)
        self.begin.setText(self.tr("Begin"))
        self.resume.setText(self.tr("Go on with the session that was left"))
        self.leave.setText(self.tr("Back to the samples"))
        self.next.setText(self.tr("Keep and go on"))
        self.skip.setText(self.tr("Pass over"))
        self.back.setText(self.tr("Back"))
        self.stop.setText(self.tr("Leave for today"))
        for button, keys in self._keys:
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(f"{button.text()} ({shown})")
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.progress.setAccessibleName(self.tr("Progress"))
        self._estimate()
        self._show()

    def open(self, confused: Sequence[str]) -> None:
        """Show what can be asked for; `confused` are the characters that were corrected most often."""
        self._confused = confused
        self.writer.setText(self._desk.settings.writer)
        self.resume.setVisible(load_session(paths.collecting_session()) is not None)
        self._pages.setCurrentIndex(0)
        self._estimate()
        self.kind.setFocus()

    def _asked(self) -> str:
        """Return the characters that are chosen in the form; raises `InputError` where there are none."""
        return asked_for(self.kind.currentData(), self.own.text(), self._confused, self._desk.recognizer.language)

    def _estimate(self) -> None:
        """Say how much the list is, and how long it takes."""
        self.own.setEnabled(self.kind.currentData() == "own")
        try:
            session = Session(self._asked(), self.repeats.value())
        except HccrError:
            self.takes.clear()
            self.begin.setEnabled(False)
            return
        self.begin.setEnabled(True)
        text = self.tr("{count} writings, about {minutes} min; it may be left and gone on with on another day.")
        self.takes.setText(text.format(count=session.total, minutes=minutes(session.total)))

    def _begin(self) -> None:
        try:
            self._start(Session(self._asked(), self.repeats.value(), self.writer.text().strip()))
        except HccrError as error:
            self.failed.emit(error)

    def _resume(self) -> None:
        session = load_session(paths.collecting_session())
        if session is not None:
            self._start(session)

    def _start(self, session: Session) -> None:
        self._session, self._written, self._pace = session, [], Pace()
        self._pace.tick(time.monotonic())
        if session.writer != self._desk.settings.writer:
            self._desk.set(writer=session.writer)
        self.pad.set_look(self._desk.settings.guides, "one", self._desk.settings.pen_percent / 100)
        self._pages.setCurrentIndex(1)
        self._show()
        self.pad.setFocus()

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        self.asked.setText(session.asked)
        self.asked.setAccessibleName(self.tr("Write {character}").format(character=session.asked))
        self.progress.setRange(0, session.total)
        self.progress.setValue(session.at)
        self.progress.setFormat(
            self.tr("%v of %m, round {round} of {repeats}, {minutes} min left").format(
                round=session.round,
                repeats=session.repeats,
                minutes=minutes(session.total - session.at, self._pace.seconds),
            )
        )
        self.told.setText(self.tr("It goes on by itself once the character is recognized; Enter keeps any writing."))
        self.pad.forget()
        self.next.setEnabled(False)
        self.back.setEnabled(session.at > 0)

    def _wait(self) -> None:
        """Wait until the pen has rested; what was asked before is about less than is written now."""
        self._looked_at = None
        self._rest.stop()

    def _written_on(self) -> None:
        """Look at what is written once the pen has rested."""
        self._wait()
        self.next.setEnabled(self.pad.item is not None)
        if self.pad.item is not None:
            self._rest.start()

    def _look(self) -> None:
        """Ask what the writing is taken for."""
        item = self._looked_at = self.pad.item
        if item is not None and self._session is not None:
            self._desk.recognizer.request(lambda engine, _: _Looked(item, engine.recognize(item, 3)))

    def _judge(self, looked: object) -> None:
        """Go on where the asked character is recognized; say what it looks like otherwise."""
        session = self._session
        if not isinstance(looked, _Looked) or session is None or looked.item is not self._looked_at:
            return
        best = looked.found.best
        if best.character == session.asked and best.probability >= _SURE:
            self._next()
        elif best.character == session.asked:
            self.told.setText(self.tr("That may be it: Enter keeps it."))
        else:
            text = self.tr("This looks like {character}. Enter keeps it all the same, Ctrl+Z takes a stroke back.")
            self.told.setText(text.format(character=best.character))

    def _next(self) -> None:
        """Keep what was written and ask for the next."""
        self._rest.stop()
        self._pace.tick(time.monotonic())
        session, item = self._session, self.pad.item
        if session is None or not isinstance(item, Ink):
            return
        sample = Sample(session.asked, item, session.writer, _SOURCE)
        kept: list[int] = []
        self._written.append(kept)
        self._desk.change_samples(lambda: kept.append(self._desk.store.add(sample)))
        self._go_on()

    def _skip(self) -> None:
        if self._session is not None:
            self._written.append([])
            self._go_on()

    def _go_on(self) -> None:
        assert self._session is not None
        self._session.forward()
        self._save()
        if self._session.is_done:
            QTimer.singleShot(0, self._leave)
        else:
            self._show()
            self.pad.setFocus()

    def _back(self) -> None:
        """Return to the one before; its writing is taken out of the samples, to be written anew."""
        if self._session is None:
            return
        if self._written:
            kept = self._written.pop()  # filled by then: the changes are made one after another
            self._desk.change_samples(lambda: self._desk.store.remove(kept))
        self._session.back()
        self._save()
        self._show()
        self.pad.setFocus()

    def _save(self) -> None:
        try:
            if self._session is not None:
                self._session.save(paths.collecting_session())
        except HccrError as error:
            self.failed.emit(error)

    def forget(self) -> None:
        """Know nothing any more of what was written."""
        self._session, self._confused, self._written = None, (), []
        self._rest.stop()
        self.pad.forget()
        self._pages.setCurrentIndex(0)

    def _leave(self) -> None:
        self._save()
        self._session = None
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take strokes back by Ctrl+Z and Backspace."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.key() == Qt.Key.Key_Backspace:
            self.pad.undo()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the character as large as there is room."""
        super().resizeEvent(event)
        font = QFont(self.font())
        font.setPixelSize(max(24, min(self.width() // 4, self.height() // 2)))
        self.asked.setFont(font)
