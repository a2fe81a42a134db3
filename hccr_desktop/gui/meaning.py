"""What is known of the character that is looked at: readings, meaning, words, parts, forms, order of strokes."""

from __future__ import annotations

import html
import unicodedata
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from hccr_desktop.errors import HccrError
from hccr_desktop.gui.stroke_order import StrokeOrder
from hccr_desktop.recognize.dictionary import Meaning, meaning, stroke_order
from hccr_desktop.recognize.facts import code_point, other_forms, readings, strokes
from hccr_desktop.rooms.looked_up import LookedUp

_SHOWN_AFTER_MS = 120
"""Candidates come and go while one writes."""
_IN_MENU = 30


class MeaningPanel(QScrollArea):
    """Emits `failed(HccrError)` where the dictionary cannot be read."""

    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.looked_up = LookedUp()
        self._wanted = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SHOWN_AFTER_MS)
        self._soon.timeout.connect(lambda: self._show(self._wanted))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self)
        self.asked = QLineEdit(inner)
        self.asked.setMaxLength(20)
        self.asked.setClearButtonEnabled(True)
        self.asked.returnPressed.connect(lambda: self.look_up(self.asked.text().strip()))
        self.history = QToolButton(inner)
        self.history.setArrowType(Qt.ArrowType.DownArrow)
        self.history.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.history)
        menu.aboutToShow.connect(self._fill_history)
        self.history.setMenu(menu)
        self.head, self.body = QLabel(inner), QLabel(inner)
        for label in (self.head, self.body):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
            label.linkActivated.connect(self.look_up)
        self.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.strokes = StrokeOrder(inner)
        line = QHBoxLayout()
        line.addWidget(self.asked, 1)
        line.addWidget(self.history)
        column = QVBoxLayout(inner)
        column.setContentsMargins(6, 0, 6, 6)
        column.addLayout(line)
        for widget in (self.head, self.strokes):
            column.addWidget(widget)
        column.addWidget(self.body, 1)
        self.setWidget(inner)
        self._fit_strokes()
        self._retranslate()

    # --------------------------------------------------------------------------- showing

    def look_at(self, text: str) -> None:
        """Show soon what is known of a character that is looked at; "" keeps what is shown."""
        if text:
            self._wanted = text
            self._soon.start()

    def look_up(self, text: str) -> None:
        """Show what is known of a text that was asked for, and remember that."""
        self._soon.stop()
        if not text:
            return
        try:
            self.looked_up.add(text)
        except HccrError as error:
            self.failed.emit(error)
        self._show(text)
        if self.strokes.isVisible():
            self.strokes.replay()

    def _show(self, text: str) -> None:
        self.text = text
        try:
            known = meaning(text) if text else Meaning("")
            drawn = stroke_order(text)
        except HccrError as error:
            self.failed.emit(error)
            return
        self.strokes.show_strokes(drawn)
        self.head.setText(self._head(text))
        self.body.setText(self._body(known) if text else html.escape(self.tr("What is written is explained here.")))

    def _head(self, text: str) -> str:
        said = [" ".join(readings(text, style)) for style in ("pinyin", "zhuyin")] if text else []
        lines = [f'<span style="font-size:x-large">{html.escape(text)}</span>']
        lines += [html.escape(reading) for reading in said if reading]
        return "&nbsp; ".join(lines)

    def _body(self, known: Meaning) -> str:
        text, found = known.text, list[str]()
        if known.jyutping:
            found.append(self._named(self.tr("Jyutping"), html.escape(", ".join(known.jyutping))))
        if known.gloss:
            found.append("<br>".join(html.escape(part) for part in known.gloss.split(" | ")))
        elif name := unicodedata.name(text, "") if len(text) == 1 and not strokes(text) else "":
            found.append(html.escape(name.capitalize()))
        else:
            found.append(html.escape(self.tr("The dictionary does not have it.")))
        if len(text) > 1:
            found.append(self._named(self.tr("Characters"), _links(text)))
        if known.words:
            words = "<br>".join(self._word(word) for word in known.words)
            found.append(f"<b>{html.escape(self.tr('Words'))}</b><br>{words}")
        facts = []
        if count := strokes(text):
            facts.append(self.tr("Strokes: {count}").format(count=count))
        if known.parts:
            facts.append(self._named(self.tr("Parts"), _links(known.parts)))
        if known.radical:
            facts.append(self._named(self.tr("Radical"), _links(known.radical)))
        simplified, traditional = other_forms(text) if len(text) == 1 else (text, text)
        if simplified != text:
            facts.append(self._named(self.tr("Simplified form"), _links(simplified)))
        if traditional != text:
            facts.append(self._named(self.tr("Traditional form"), _links(traditional)))
        if len(text) == 1:
            facts.append(code_point(text))
        found.append("<br>".join(facts))
        return "".join(f"<p>{part}</p>" for part in found if part)

    def _named(self, title: str, value: str) -> str:
        return f"{html.escape(title)}: {value}"

    def _word(self, word: str) -> str:
        gloss = meaning(word).gloss.split(" | ")[0].split(";")[0]
        return f'<a href="{html.escape(word)}">{html.escape(word)}</a> {html.escape(gloss)}'

    # --------------------------------------------------------------------------- history

    def _fill_history(self) -> None:
        menu = self.history.menu()
        menu.clear()
        for text in self.looked_up.texts[:_IN_MENU]:
            menu.addAction(text, partial(self.look_up, text))
        if not self.looked_up.texts:
            menu.addAction(self.tr("Nothing was looked up yet")).setEnabled(False)

    def forget(self) -> None:
        """Forget what was looked up."""
        self.looked_up.forget()

    # ---------------------------------------------------------------------------- looks

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Meaning"))
        self.asked.setPlaceholderText(self.tr("Look up"))
        self.asked.setAccessibleName(self.tr("Character or word to look up"))
        self.history.setToolTip(self.tr("What was looked up"))
        self.history.setAccessibleName(self.history.toolTip())
        self.strokes.setAccessibleName(self.tr("Order of the strokes"))
        self._show(self.text)

    def changeEvent(self, event: QEvent) -> None:
        """Change the texts with the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Be wide enough for a word and its gloss."""
        return QSize(17 * self.fontMetrics().height(), 20 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Shrink to where a line of a gloss is still readable."""
        return QSize(7 * self.fontMetrics().height(), 8 * self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the strokes square."""
        super().resizeEvent(event)
        self._fit_strokes()

    def _fit_strokes(self) -> None:
        side = min(8 * self.fontMetrics().height(), self.viewport().width() - 12)
        self.strokes.setFixedHeight(max(side, 40))


def _links(characters: str) -> str:
    return " ".join(f'<a href="{html.escape(c)}">{html.escape(c)}</a>' for c in dict.fromkeys(characters))
