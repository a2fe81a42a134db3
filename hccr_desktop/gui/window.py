"""The main window: pad, candidates, text line, and a line that says what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.gui.alphabet import AlphabetButton
from hccr_desktop.gui.candidates import Candidates
from hccr_desktop.gui.intake import Intake
from hccr_desktop.gui.pad import Pad
from hccr_desktop.gui.reading import ReadingDialog
from hccr_desktop.gui.recognizer import Recognizer
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.training import TrainingDialog
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.settings import Settings
from hccr_desktop.store.samples import SampleStore

MAX_TEXT_BYTES = 4 * 2**20


class MainWindow(QMainWindow):
    """Emits `settings_changed(Settings)`; whoever owns the window stores and applies them."""

    settings_changed = Signal(object)

    def __init__(self, load_engine: Callable[[], Engine], settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._tasks = Tasks(self)
        self.intake = Intake(self)
        self.intake.came.connect(self._show_item)
        self.intake.failed.connect(self._show_error)
        self.recognizer = Recognizer(load_engine, self._tasks, self)
        self.recognizer.ready.connect(self._model_ready)
        self.recognizer.recognized.connect(self._show_answer)
        self.recognizer.failed.connect(self._recognition_failed)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._recognize)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(1000)
        self._draft.timeout.connect(self._save_draft)
        self._model = ""
        self._keeping = Tasks(self, finishes=True)
        self._store = SampleStore(paths.sample_store())
        self.training: TrainingDialog | None = None
        self.reading: ReadingDialog | None = None
        self._build()
        self._build_actions()
        self._retranslate()
        self._restore_draft()
        self.setAcceptDrops(True)
        self.resize(980, 600)
        self.pad.setFocus()
        QTimer.singleShot(0, self.recognizer.start)

    # -------------------------------------------------------------------------- widgets

    def _build(self) -> None:
        self.pad = Pad(self)
        self.pad.set_guides(self._settings.guides)
        self.pad.pen_down.connect(self._pause.stop)
        self.pad.changed.connect(self._pad_changed)
        self.candidates = Candidates(self)
        self.candidates.chosen.connect(self._take)
        self.text = QLineEdit(self)
        self.text.setClearButtonEnabled(True)
        font = self.text.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        self.text.setFont(font)
        self.text.textChanged.connect(lambda _: self._draft.start())
        self.copy_button = QPushButton(self)
        self.copy_button.clicked.connect(self.copy_text)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.message.setFrameShape(QFrame.Shape.StyledPanel)
        self.message.setMargin(8)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.hide()
        self.status = QLabel(self)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)

        line = QHBoxLayout()
        line.addWidget(self.text, 1)
        line.addWidget(self.copy_button)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.addWidget(self.pad, 6)
        self._body.addWidget(self.candidates, 5)
        central = QWidget(self)
        layout = QVBoxLayout(central)
        layout.addWidget(self.message)
        layout.addLayout(self._body, 1)
        layout.addLayout(line)
        self.setCentralWidget(central)

    def _build_actions(self) -> None:
        self.toolbar = QToolBar(self)
        self.toolbar.setMovable(False)
        self.toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.addToolBar(self.toolbar)
        standard = QKeySequence.StandardKey
        self.undo_action = self._action(self.pad.undo, [QKeySequence(standard.Undo)])
        self.redo_action = self._action(self.pad.redo, [QKeySequence(standard.Redo), QKeySequence("Ctrl+Shift+Z")])
        self.clear_action = self._action(self.pad.clear, [QKeySequence("Esc"), QKeySequence("Del")])
        self.toolbar.addSeparator()
        self.open_action = self._action(self._choose_file, [QKeySequence(standard.Open)])
        self.paste_action = self._action(self.paste, [QKeySequence(standard.Paste)])
        self.toolbar.addSeparator()
        self.pages_action = self._action(self.read_pages, [QKeySequence("Ctrl+R")])
        self.train_action = self._action(self.train, [QKeySequence("Ctrl+T")])
        spacer = QWidget(self)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.toolbar.addWidget(spacer)
        self._choices: list[tuple[QToolButton, str, dict[str, QAction]]] = []
        self.alphabet = AlphabetButton(self._settings.subsets, self._settings.own_characters, self)
        self.alphabet.subsets_chosen.connect(lambda chosen: self._set("alphabet", chosen))
        self.alphabet.own_chosen.connect(lambda own: self._set("own_characters", own))
        self.toolbar.addWidget(self.alphabet)
        self.recognizer.restrict(self._settings.subsets, self._settings.own_characters)
        self._choice("guides", ("tian", "mi", "none"))
        self._choice("theme", ("system", "light", "dark"))
        self._choice("language", ("", "en", "zh_CN"))
        self._update_actions()

    def _action(self, run: Callable[[], None], keys: list[QKeySequence]) -> QAction:
        action = QAction(self)
        action.setShortcuts(keys)
        action.triggered.connect(lambda _checked=False: run())
        self.toolbar.addAction(action)
        return action

    def _choice(self, name: str, values: tuple[str, ...]) -> None:
        """Add a menu button that sets one setting."""
        button = QToolButton(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        actions: dict[str, QAction] = {}
        for value in values:
            action = menu.addAction("")
            action.setCheckable(True)
            action.setChecked(getattr(self._settings, name) == value)
            action.triggered.connect(lambda _checked=False, value=value: self._set(name, value))
            group.addAction(action)
            actions[value] = action
        button.setMenu(menu)
        self.toolbar.addWidget(button)
        self._choices.append((button, name, actions))

    def _set(self, name: str, value: object) -> None:
        chosen: dict[str, Any] = {name: value}
        self._settings = replace(self._settings, **chosen)
        self.pad.set_guides(self._settings.guides)
        if name in ("alphabet", "own_characters"):
            try:
                self.recognizer.restrict(self._settings.subsets, self._settings.own_characters)
                self._recognize()
            except HccrError as error:
                self._show_error(error)
        self.settings_changed.emit(self._settings)

    def _retranslate(self) -> None:
        self.setWindowTitle("Hccr Desktop")
        self.undo_action.setText(self.tr("Undo"))
        self.redo_action.setText(self.tr("Redo"))
        self.clear_action.setText(self.tr("Clear"))
        self.open_action.setText(self.tr("Open…"))
        self.paste_action.setText(self.tr("Paste"))
        self.pages_action.setText(self.tr("Read pages…"))
        self.train_action.setText(self.tr("Train…"))
        for action in self.toolbar.actions():
            if not action.shortcuts():
                continue
            keys = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
            action.setToolTip(f"{action.text()} ({keys})")
        words = {
            "guides": (
                self.tr("Guides"),
                {"tian": self.tr("Field 田"), "mi": self.tr("Rice 米"), "none": self.tr("None")},
            ),
            "theme": (
                self.tr("Theme"),
                {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")},
            ),
            "language": (self.tr("Language"), {"": self.tr("As the system"), "en": "English", "zh_CN": "简体中文"}),
        }
        for button, name, actions in self._choices:
            title, texts = words[name]
            button.setText(title)
            for value, action in actions.items():
                action.setText(texts[value])
        self.pad.setAccessibleName(self.tr("Handwriting pad"))
        self.candidates.setAccessibleName(self.tr("Candidates"))
        self.text.setPlaceholderText(self.tr("Chosen characters appear here"))
        self.text.setAccessibleName(self.tr("Text"))
        self.copy_button.setText(self.tr("Copy"))
        self._update_status()

    def _update_status(self) -> None:
        if self._model:
            self.status.setText(self.tr("Write a character. Keys 1 to 9 choose, Enter takes the first."))
            self.status.setToolTip(self.tr("Model: {name}").format(name=self._model))
        else:
            self.status.setText(self.tr("Write a character. The model is being loaded…"))

    def _update_actions(self) -> None:
        self.undo_action.setEnabled(self.pad.can_undo)
        self.redo_action.setEnabled(self.pad.can_redo)
        self.clear_action.setEnabled(self.pad.item is not None)

    # ---------------------------------------------------------------------- recognition

    def _model_ready(self, engine: Engine) -> None:
        self._model = f"{engine.bundle.title} ({engine.bundle.id})"
        self._update_status()

    def _pad_changed(self) -> None:
        self._update_actions()
        self.recognizer.forget()
        if self.pad.item is None:
            self._pause.stop()
            self.candidates.show_candidates(())
        else:
            self._pause.start(0 if isinstance(self.pad.item, GlyphImage) else self._settings.pause_ms)

    def _recognize(self) -> None:
        item = self.pad.item
        if item is not None and not self.pad.is_writing:
            self.recognizer.request(item)

    def _show_answer(self, answer: Recognition) -> None:
        self.message.hide()
        self.candidates.show_candidates(answer.candidates)

    def _recognition_failed(self, error: HccrError) -> None:
        self.candidates.show_candidates(())
        self._show_error(error)

    def _show_error(self, error: HccrError) -> None:
        self.message.setText(error.sentence(lambda text: QCoreApplication.translate("errors", text)))
        self.message.show()

    def _take(self, character: str) -> None:
        """Put a chosen character into the text and make room for the next one."""
        self.text.insert(character)
        self._keep(character)
        self.candidates.show_candidates(())
        self.pad.clear()
        self.message.hide()

    def _keep(self, character: str) -> None:
        """Keep what was written and what it is, to learn from it."""
        item = self.pad.item
        if item is None or not self._settings.keep_samples:
            return
        read_as = self.candidates.first
        sample = Sample(character, item, source="pad" if isinstance(item, Ink) else "image")
        self._keeping.run(lambda: self._store.add(sample, read_as), lambda _: None, self._show_error)

    def read_pages(self) -> None:
        """Open the reading room."""
        if self.reading is None:
            recognizer = self.recognizer
            self.reading = ReadingDialog(lambda: recognizer.engine, lambda: recognizer.allowed, self)
        self.reading.show()
        self.reading.raise_()

    def train(self) -> None:
        """Open the training room."""
        if self.training is None:
            self.training = TrainingDialog(self._store, self._settings.keep_samples, self)
            self.training.model_changed.connect(self.recognizer.start)
            self.training.keep_changed.connect(lambda keep: self._set("keep_samples", keep))
        self.training.show()
        self.training.raise_()

    # ---------------------------------------------------------------------- text and keys

    def copy_text(self) -> None:
        """Copy the whole text line."""
        QGuiApplication.clipboard().setText(self.text.text())
        self.statusBar().showMessage(self.tr("Copied."), 3000)

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
            self.candidates.choose(0)
        else:
            super().keyPressEvent(event)

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
                out.write(self.text.text().encode())
        except HccrError as error:
            self._show_error(error)

    # --------------------------------------------------------------------------- images

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

    def _show_item(self, item: Ink | GlyphImage, crowded: str) -> None:
        self.message.hide()
        if isinstance(item, GlyphImage):
            self.pad.show_glyph(item)
        else:
            self.pad.show_ink(item)
        if crowded:
            self.message.setText(
                self.tr("{name} holds more than one character; the first is shown.").format(name=crowded)
            )
            self.message.show()

    def paste(self) -> None:
        """Take an image or files from the clipboard; text goes into the text line."""
        mime = QGuiApplication.clipboard().mimeData()
        if mime is None or not self.intake.take(mime):
            if mime is not None and mime.hasText():
                self.text.insert(mime.text())
            else:
                self._show_error(InputError("The clipboard holds no image.", "Copy an image first."))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome images and files."""
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what was dropped."""
        if self.intake.take(event.mimeData()):
            event.acceptProposedAction()

    # --------------------------------------------------------------------------- window

    def changeEvent(self, event: QEvent) -> None:
        """Change all texts with the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            if self.reading is not None:
                self.reading.retranslate()
            if self.training is not None and not self.training.process.is_running:
                self.training.deleteLater()  # made anew, in the new language, when it is opened
                self.training = None
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the text, end the background work."""
        if self._draft.isActive():
            self._draft.stop()
            self._save_draft()
        self._pause.stop()
        self.intake.close()
        if self.reading is not None:
            self.reading.shut()
            self.reading.close()
        if self.training is not None:
            self.training.process.close()
            self.training.close()
        self._tasks.close()
        self._keeping.close()
        self._store.close()
        super().closeEvent(event)
