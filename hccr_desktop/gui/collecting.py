"""The collecting session: a large character to be written, the pad, and the way on, back and out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
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
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.room import Desk, set_label
from hccr_desktop.rooms.collecting import Session, asked_for, load_session

_SOURCE = "collected"


class Collecting(QWidget):
    """Emits `left()` when the user goes back to the samples, and `failed(HccrError)`."""

    left = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._session: Session | None = None
        self._confused: Sequence[str] = ()
        self._written: list[list[int]] = []
        """The number of each step's sample, once it is kept; none where one was passed over."""
        self._build()

    def _build(self) -> None:
        setup = QWidget(self)
        self.own = QLineEdit(setup)
        self.kind = QComboBox(setup)
        for kind in ("common", "confused", "own"):
            self.kind.addItem("", kind)
        self.kind.currentIndexChanged.connect(lambda _: self.own.setEnabled(self.kind.currentData() == "own"))
        self.own.setEnabled(False)
        self.repeats = QSpinBox(setup)
        self.repeats.setRange(1, 50)
        self.repeats.setValue(3)
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
        column.addLayout(buttons)
        column.addStretch(1)

        work = QWidget(self)
        self.asked = QLabel(work)
        self.asked.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = QProgressBar(work)
        self.next, self.skip, self.back, self.stop = (QPushButton(work) for _ in range(4))
        self.pad = Pad(work)
        self.pad.changed.connect(lambda: self.next.setEnabled(self.pad.item is not None))
        self.next.setShortcut("Return")
        self.skip.setShortcut("Ctrl+Right")
        self.back.setShortcut("Ctrl+Left")
        self.next.clicked.connect(self._next)
        self.skip.clicked.connect(self._skip)
        self.back.clicked.connect(self._back)
        self.stop.clicked.connect(self._leave)
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
        column.addLayout(keys)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(setup)
        self._pages.addWidget(work)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        words = {
            "common": self.tr("The 500 most common characters"),
            "confused": self.tr("The characters that I had to correct most often"),
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
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.progress.setAccessibleName(self.tr("Progress"))
        self._show()

    def open(self, confused: Sequence[str]) -> None:
        """Show what can be asked for; `confused` are the characters that were corrected most often."""
        self._confused = confused
        self.writer.setText(self._desk.settings.writer)
        self.resume.setVisible(load_session(paths.collecting_session()) is not None)
        self._pages.setCurrentIndex(0)
        self.kind.setFocus()

    def _begin(self) -> None:
        try:
            kind, language = self.kind.currentData(), self._desk.recognizer.language
            characters = asked_for(kind, self.own.text(), self._confused, language)
            self._start(Session(characters, self.repeats.value(), self.writer.text().strip()))
        except HccrError as error:
            self.failed.emit(error)

    def _resume(self) -> None:
        session = load_session(paths.collecting_session())
        if session is not None:
            self._start(session)

    def _start(self, session: Session) -> None:
        self._session, self._written = session, []
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
            self.tr("%v of %m, round {round} of {repeats}").format(round=session.round, repeats=session.repeats)
        )
        self.pad.forget()
        self.next.setEnabled(False)
        self.back.setEnabled(session.at > 0)

    def _next(self) -> None:
        """Keep what was written and ask for the next."""
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

    def _leave(self) -> None:
        self._save()
        self._session = None
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the character as large as there is room."""
        super().resizeEvent(event)
        font = QFont(self.font())
        font.setPixelSize(max(24, min(self.width() // 4, self.height() // 2)))
        self.asked.setFont(font)
