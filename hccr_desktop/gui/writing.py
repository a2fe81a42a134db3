"""The writing room: a pad for one character, a row or a column; candidates; and the text that grows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.alphabet import AlphabetButton
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.intake import Intake
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.room import Desk, Room, tool_bar
from hccr_desktop.gui.row import RowBar
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.rows import RowReader, Written
from hccr_desktop.rooms.writing import Row, ranked
from hccr_desktop.settings import CHOICES, Settings

MAX_TEXT_BYTES = 4 * 2**20


class WriteRoom(Room):
    """Pad, candidates and text line."""

    name = "write"

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self.intake = Intake(self)
        self.intake.came.connect(self._show_item)
        self.intake.failed.connect(self.fail)
        self._recognizer = desk.recognizer
        self._recognizer.ready.connect(self._model_ready)
        self._recognizer.recognized.connect(self._show_answer)
        self._recognizer.failed.connect(self._recognition_failed)
        desk.settings_changed.connect(self._apply)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._recognize)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(1000)
        self._draft.timeout.connect(self._save_draft)
        self._model = ""
        self._found: tuple[Candidate, ...] = ()
        self._row = Row()
        self._is_compact = False
        self._build()
        self._build_actions()
        self._applied = desk.settings
        self._apply(desk.settings)
        self._restore_draft()
        self.setAcceptDrops(True)

    # -------------------------------------------------------------------------- widgets

    def _build(self) -> None:
        self.pad = Pad(self)
        self.pad.pen_down.connect(self._pause.stop)
        self.pad.changed.connect(self._pad_changed)
        self.candidates = Candidates(self)
        self.candidates.chosen.connect(self._take)
        self.row = RowBar(self)
        self.row.selected.connect(self._select)
        self.typed = QLineEdit(self)
        self.typed.setMaxLength(8)
        self.typed.returnPressed.connect(self._take_typed)
        self.text = QLineEdit(self)
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(self._text_changed)
        self.copy_button = QPushButton(self)
        self.copy_button.clicked.connect(self.copy_text)
        choices = QVBoxLayout()
        choices.addWidget(self.row)
        choices.addWidget(self.candidates, 1)
        choices.addWidget(self.typed)
        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        line.addWidget(self.copy_button)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addWidget(self.pad, 6)
        self._body.addLayout(choices, 5)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(self._body, 1)
        self._layout.addLayout(line)

    def _build_actions(self) -> None:
        self.undo_action = self.add("undo", lambda: self.tr("Undo"), self.pad.undo, "Ctrl+Z")
        self.redo_action = self.add("redo", lambda: self.tr("Redo"), self.pad.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        self.clear_action = self.add("clear", lambda: self.tr("Clear"), self.pad.clear, "Esc", "Del")
        self.open_action = self.add("open", lambda: self.tr("Open…"), self._choose_file, "Ctrl+O")
        self.paste_action = self.add("paste", lambda: self.tr("Paste"), self.paste, "Ctrl+V")
        self.replay_action = self.add("replay", lambda: self.tr("Replay the writing"), self.pad.replay, "Ctrl+P")
        self.save_action = self.add("save_ink", lambda: self.tr("Save the writing…"), self._choose_target, "Ctrl+S")
        self.copy_action = self.add("copy", lambda: self.tr("Copy the text"), self.copy_text, "Ctrl+Shift+C")
        self._bar = tool_bar(
            self, (self.undo_action, self.redo_action, self.clear_action), (self.open_action, self.paste_action)
        )
        self._layout.insertWidget(0, self._bar)
        self._bar.addSeparator()
        self._menus: list[tuple[QToolButton, str, dict[str | int, QAction]]] = []
        for name in ("pad_mode", "guides"):
            self._bar.addWidget(self._menu(name))
        self.alphabet = AlphabetButton(self.desk.settings.subsets, self.desk.settings.own_characters, self)
        self.alphabet.subsets_chosen.connect(lambda chosen: self.desk.set(alphabet=chosen))
        self.alphabet.own_chosen.connect(lambda own: self.desk.set(own_characters=own))
        self._bar.addWidget(self.alphabet)
        self.more = QToolButton(self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.addActions([self.replay_action, self.save_action, self.copy_action])
        menu.addSeparator()
        menu.addActions([self.actions_at_hand["window.on_top"], self.actions_at_hand["window.compact"]])
        menu.addSeparator()
        menu.addAction(self.actions_at_hand["window.quit"])
        self.more.setMenu(menu)
        self._bar.addWidget(self.more)
        self._update_actions()

    def _menu(self, name: str) -> QToolButton:
        """Return a menu button that sets one setting."""
        button = QToolButton(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        made: dict[str | int, QAction] = {}
        for value in CHOICES[name]:
            action = menu.addAction("")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, value=value: self.desk.set(**{name: value}))
            group.addAction(action)
            made[value] = action
        button.setMenu(menu)
        self._menus.append((button, name, made))
        return button

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        words: dict[str, tuple[str, dict[str, str]]] = {
            "pad_mode": (
                self.tr("Writing"),
                {"one": self.tr("One character"), "row": self.tr("A row"), "column": self.tr("A column")},
            ),
            "guides": (
                self.tr("Guides"),
                {"tian": self.tr("Field 田"), "mi": self.tr("Rice 米"), "none": self.tr("None")},
            ),
        }
        for button, name, made in self._menus:
            title, texts = words[name]
            button.setText(title)
            for value, action in made.items():
                action.setText(texts[str(value)])
        self.more.setText(self.tr("More"))
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.candidates.setAccessibleName(self.tr("Candidates"))
        self.row.setAccessibleName(self.tr("Characters of the row"))
        self.typed.setPlaceholderText(self.tr("Not among them? Type it and press Enter"))
        self.typed.setAccessibleName(self.tr("The right character"))
        self.text.setPlaceholderText(self.tr("Chosen characters appear here"))
        self.text.setAccessibleName(self.tr("Text"))
        self.copy_button.setText(self.tr("Copy"))
        self._say()

    def enter(self) -> None:
        """Give the keys to the pad."""
        self.pad.setFocus()
        self._say()

    def set_compact(self, compact: bool) -> None:
        """Show pad and candidates only, or all."""
        self._is_compact = compact
        for widget in (self._bar, self.text, self.copy_button, self.typed):
            widget.setVisible(not compact)

    def _say(self) -> None:
        if not self.isVisible():
            return
        if not self._model:
            self.said.emit(self.tr("Write a character. The model is being loaded…"))
        elif self.desk.settings.pad_mode == "one":
            self.said.emit(self.tr("Write a character. Keys 1 to 9 choose, Enter takes the first."))
        else:
            self.said.emit(
                self.tr("Write several characters. Keys 1 to 9 correct the marked one, Enter takes the row.")
            )

    def _update_actions(self) -> None:
        self.undo_action.setEnabled(self.pad.can_undo)
        self.redo_action.setEnabled(self.pad.can_redo)
        self.clear_action.setEnabled(self.pad.item is not None)
        for action in (self.replay_action, self.save_action):
            action.setEnabled(isinstance(self.pad.item, Ink))

    # -------------------------------------------------------------------------- settings

    def _apply(self, settings: Settings) -> None:
        before, self._applied = self._applied, settings
        for _, name, made in self._menus:
            made[getattr(settings, name)].setChecked(True)
        self.pad.set_look(settings.guides, settings.pad_mode, settings.pen_percent / 100)
        self.row.setVisible(settings.pad_mode != "one")
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self.text.setFont(font)
        self._arrange()
        if settings.pad_mode != before.pad_mode:
            self._pad_changed()
            self._say()
        elif settings != before:
            self._recognize()

    def _arrange(self) -> None:
        """Put the candidates beside the pad, or below where that leaves the pad more room."""
        below = self._applied.pad_mode == "row" or self.height() > 1.25 * self.width()
        direction = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._body.direction() != direction:
            self._body.setDirection(direction)
            self.candidates.arrange(flat=below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        self._arrange()
        super().resizeEvent(event)

    # ---------------------------------------------------------------------- recognition

    def _model_ready(self, engine: Engine) -> None:
        self._model = f"{engine.bundle.title} ({engine.bundle.id})"
        self._say()

    def _pad_changed(self) -> None:
        self._update_actions()
        self._recognizer.forget()
        if self.pad.item is None:
            self._pause.stop()
            self._show_row(Row())
            self._show_candidates(())
        else:
            glyph = isinstance(self.pad.item, GlyphImage)
            self._pause.start(0 if glyph else self.desk.settings.pause_ms)

    def _recognize(self) -> None:
        item = self.pad.item
        if item is None or self.pad.is_writing:
            return
        mode, cell = self.desk.settings.pad_mode, self.pad.cell
        if mode == "one" or isinstance(item, GlyphImage):
            self._recognizer.request(lambda engine, allowed: engine.recognize(item, allowed=allowed))
        else:
            language = self._recognizer.language if self.desk.settings.context else None
            self._recognizer.request(
                lambda engine, allowed: RowReader(engine, language, allowed).read(
                    item, vertical=mode == "column", cell=cell
                )
            )

    def _show_answer(self, answer: Recognition | Sequence[Written]) -> None:
        self.failed.emit(None)
        if isinstance(answer, Recognition):
            self._show_row(Row())
            self._show_candidates(answer.candidates)
        else:
            self._show_row(Row(answer))

    def _show_row(self, row: Row) -> None:
        self._row = row
        self.row.show_row(row)
        if row.written:
            self._show_candidates(row.candidates)

    def _show_candidates(self, found: tuple[Candidate, ...]) -> None:
        self._found = found
        settings = self.desk.settings
        before = self.text.text()[: self.text.cursorPosition()]
        if self._row.written:
            before += "".join(self._row.chosen[: self._row.selected])
        language = self._recognizer.language if settings.context else None
        self.candidates.show_candidates(ranked(found, before, language), settings.reading)

    def _recognition_failed(self, error: HccrError) -> None:
        self._show_row(Row())
        self._show_candidates(())
        self.fail(error)

    # ----------------------------------------------------------------------------- taking

    def _select(self, number: int) -> None:
        self._row.select(number)
        self._show_row(self._row)

    def _take(self, character: str) -> None:
        """Put a chosen character into the text and make room for the next one; in a row, correct the marked one."""
        if self._row.written:
            self._row.choose(character)
            self._show_row(self._row)
            return
        item = self.pad.item
        self.text.insert(character)
        if item is not None:
            self._keep([(character, item, self._found[0].character if self._found else "")])
        self._finish()

    def take_row(self) -> None:
        """Put the row into the text, as it was corrected."""
        row = self._row
        self.text.insert(row.text)
        self._keep([(c, w.ink, w.recognition.best.character) for c, w in zip(row.chosen, row.written, strict=True)])
        self._finish()

    def _finish(self) -> None:
        self._show_row(Row())
        self._show_candidates(())
        self.pad.clear()
        self.failed.emit(None)
        if self.desk.settings.auto_copy:
            self.copy_text()

    def _take_typed(self) -> None:
        """Take what was typed as what was written."""
        character = self.typed.text().strip()
        self.typed.clear()
        if len(character) == 1 and self.pad.item is not None:
            self._take(character)
        elif character:
            self.fail(InputError("Write one character, then type that one.", "Text goes into the line below."))
        self.pad.setFocus()

    def _keep(self, written: Sequence[tuple[str, Ink | GlyphImage, str]]) -> None:
        """Keep what was written and what it is, to learn from it."""
        settings, store = self.desk.settings, self.desk.store
        if not settings.keep_samples:
            return
        samples = [
            (Sample(c, item, settings.writer, "pad" if isinstance(item, Ink) else "image"), read_as)
            for c, item, read_as in written
        ]
        self.desk.change_samples(lambda: [store.add(sample, read_as) for sample, read_as in samples])

    # ---------------------------------------------------------------------- text and keys

    def copy_text(self) -> None:
        """Copy the whole text line."""
        QGuiApplication.clipboard().setText(self.text.text())
        self.said.emit(self.tr("Copied."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by 1 to 9 and Enter, where the text line does not take the key."""
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.candidates.choose(key - Qt.Key.Key_1)
        elif key == Qt.Key.Key_0 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.candidates.choose(9)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._row.written:
                self.take_row()
            else:
                self.candidates.choose(0)
        elif self._row.written and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._select(self._row.selected + (1 if key == Qt.Key.Key_Right else -1))
        else:
            super().keyPressEvent(event)

    def _text_changed(self) -> None:
        self._draft.start()

    def _restore_draft(self) -> None:
        try:
            text = read_bounded(paths.draft_file(), MAX_TEXT_BYTES).decode("utf-8", errors="replace")
        except HccrError:
            return  # there is none
        self.text.setText(text)
        self._draft.stop()

    def _save_draft(self) -> None:
        try:
            with written_aside(paths.draft_file()) as out:
                out.write(self.text.text().encode(errors="replace"))
        except HccrError as error:
            self.fail(error)

    # ----------------------------------------------------------------- files and clipboard

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Open an image of one character"),
            "",
            self.tr("Images and ink")
            + " (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.gnt *.inkml *.jsonl);;*",
        )
        if path:
            self.intake.open_file(Path(path))

    def _choose_target(self) -> None:
        kinds = "SVG (*.svg);;InkML (*.inkml);;PNG (*.png)"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save the writing"), "writing.svg", kinds)
        if path:
            self.save_ink(Path(path))

    def save_ink(self, path: Path) -> None:
        """Write what is on the pad as SVG, InkML or PNG, by the file's suffix."""
        from hccr_desktop.formats.drawing import write_drawing

        item = self.pad.item
        if not isinstance(item, Ink):
            return
        try:
            write_drawing(path, Sample(self.candidates.first or "?", item))
        except HccrError as error:
            self.fail(error)
            return
        self.said.emit(self.tr("Saved as {name}.").format(name=path.name))

    def _show_item(self, item: Ink | GlyphImage, crowded: str) -> None:
        self.failed.emit(None)
        if isinstance(item, GlyphImage):
            self.pad.show_glyph(item)
        else:
            self.pad.show_ink(item)
        if crowded:
            self.fail(
                InputError(
                    "{name} holds more than one character; the first is shown.",
                    "“Read” takes whole pages.",
                    name=crowded,
                )
            )

    def paste(self) -> None:
        """Take an image or files from the clipboard; text goes into the text line."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None or not self.intake.take(mime):
            if mime is not None and mime.hasText():
                self.text.insert(mime.text())
            else:
                self.fail(InputError("The clipboard holds no image.", "Copy an image first."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome images and files."""
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what was dropped."""
        if self.intake.take(event.mimeData()):
            event.acceptProposedAction()

    def shut(self) -> None:
        """Keep the text, end the background work."""
        if self._draft.isActive():
            self._draft.stop()
            self._save_draft()
        self._pause.stop()
        self.intake.close()
