"""The settings' room, made from the fields of `Settings`; shortcuts; where everything lies."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from hccr_desktop import paths
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.room import Desk, Room, set_label
from hccr_desktop.gui.shortcut_table import ShortcutTable
from hccr_desktop.recognize.language import read_own_text, write_own_text
from hccr_desktop.rooms.forgetting import forget_everything
from hccr_desktop.settings import CHOICES, RANGES, Settings

_GROUPS = {
    "look": ("language", "theme", "text_percent"),
    "writing": ("pad_mode", "guides", "pen_percent", "reading", "meaning", "look_up", "context", "auto_copy"),
    "sending": ("on_top", "send_keys"),
    "reading": ("direction",),
    "learning": ("keep_samples", "personal", "writer"),
    "speed": ("threads",),
}
"""Settings by what they are about; what is not among them has a place of its own."""


class SettingsRoom(Room):
    """A form, a table of shortcuts, and privacy."""

    def __init__(self, desk: Desk, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(desk, actions, parent)
        self.fields: dict[str, QWidget] = {}
        self._build()
        desk.settings_changed.connect(self._show)
        self._show(desk.settings)

    def _build(self) -> None:
        inner = QWidget(self)
        self._terms, self._privacy = (QGroupBox(inner) for _ in range(2))
        self.shortcuts = ShortcutTable(self.actions_at_hand, self.desk, inner)
        self._groups = {name: QGroupBox(inner) for name in _GROUPS}
        self._forms = {name: QFormLayout(group) for name, group in self._groups.items()}
        for group, names in _GROUPS.items():
            self._forms[group].setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
            for name in names:
                self.fields[name] = self._field(name, getattr(self.desk.settings, name))
                self._forms[group].addRow(" ", self.fields[name])
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.terms = QPlainTextEdit(read_own_text(), self._terms)
        self.terms.setTabChangesFocus(True)
        self.terms.setMaximumHeight(5 * self.fontMetrics().height())
        self._keep_terms = QTimer(self)
        self._keep_terms.setSingleShot(True)
        self._keep_terms.setInterval(1000)
        self._keep_terms.timeout.connect(self.save_terms)
        self.terms.textChanged.connect(self._keep_terms.start)
        self._terms_hint = QLabel(self._terms)
        self._terms_hint.setWordWrap(True)
        column = QVBoxLayout(self._terms)
        column.addWidget(self._terms_hint)
        column.addWidget(self.terms)
        self.place = QLabel(self._privacy)
        self.place.setWordWrap(True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_folder, self.delete = QPushButton(self._privacy), QPushButton(self._privacy)
        self.show_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.user_data()))))
        self.delete.clicked.connect(self._delete_everything)
        line = QHBoxLayout()
        line.addWidget(self.show_folder)
        line.addWidget(self.delete)
        line.addStretch(1)
        column = QVBoxLayout(self._privacy)
        column.addWidget(self.place)
        column.addLayout(line)
        column = QVBoxLayout(inner)
        for box in (*self._groups.values(), self._terms, self.shortcuts, self._privacy):
            column.addWidget(box)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows what in it has the keyboard
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(area, 1)

    def _field(self, name: str, value: object) -> QWidget:
        """Return the widget for a setting's kind, which sets it."""
        if name in CHOICES:
            box = QComboBox(self)
            for choice in CHOICES[name]:
                box.addItem("", choice)
            box.activated.connect(lambda _: self.desk.set(**{name: box.currentData()}))
            return box
        if isinstance(value, bool):
            check = QCheckBox(self)
            check.toggled.connect(lambda on: self._set(name, on))
            return check
        if isinstance(value, int):
            spin = QSpinBox(self)
            spin.setRange(*RANGES[name])
            spin.setSingleStep(max(1, RANGES[name][1] // 100))
            spin.valueChanged.connect(lambda number: self._set(name, number))
            return spin
        line = QLineEdit(self)
        line.editingFinished.connect(lambda: self._set(name, line.text().strip()))
        return line

    def _set(self, name: str, value: object) -> None:
        if getattr(self.desk.settings, name) != value:
            self.desk.set(**{name: value})

    def _show(self, settings: Settings) -> None:
        for name, widget in self.fields.items():
            value = getattr(settings, name)
            widget.blockSignals(True)
            if isinstance(widget, QComboBox):
                widget.setCurrentIndex(widget.findData(value))
            elif isinstance(widget, QCheckBox):
                widget.setChecked(value)
            elif isinstance(widget, QSpinBox):
                widget.setValue(value)
            elif isinstance(widget, QLineEdit):
                widget.setText(value)
            widget.blockSignals(False)

    def retranslate(self) -> None:
        """Set all texts in the language at hand."""
        titles = {
            "language": self.tr("Language"),
            "theme": self.tr("Theme"),
            "text_percent": self.tr("Size of text, %"),
            "pad_mode": self.tr("Writing"),
            "guides": self.tr("Guides"),
            "pen_percent": self.tr("Width of the pen, %"),
            "reading": self.tr("Readings"),
            "context": self.tr("Let the text before decide among candidates"),
            "meaning": self.tr("Show what characters mean"),
            "look_up": self.tr("Address to look characters up, with {} in it"),
            "send_keys": self.tr("Keys that paste in other programs"),
            "direction": self.tr("Lines of pages"),
            "keep_samples": self.tr("Keep what I write and choose, to learn from it"),
            "writer": self.tr("Writer's name"),
            "personal": self.tr("Learn from what I choose at once"),
            "auto_copy": self.tr("Copy the text whenever it grows"),
            "on_top": self.tr("Keep above other windows"),
            "threads": self.tr("Threads for recognition, from the next start"),
        }
        system, none = self.tr("As the system"), self.tr("None")
        choices = {
            "language": {"": system, "en": "English", "zh_CN": "简体中文", "zh_TW": "繁體中文"},
            "theme": {"system": system, "light": self.tr("Light"), "dark": self.tr("Dark")},
            "pad_mode": {"one": self.tr("One character"), "row": self.tr("A row"), "column": self.tr("A column")},
            "guides": {"tian": self.tr("Field 田"), "mi": self.tr("Rice 米"), "none": none},
            "direction": {
                "auto": self.tr("As it fits"),
                "horizontal": self.tr("In rows"),
                "vertical": self.tr("In columns"),
            },
            "reading": {"pinyin": self.tr("Pinyin"), "zhuyin": self.tr("Zhuyin"), "none": none},
        }
        for group, names in _GROUPS.items():
            for row, name in enumerate(names):
                checks = isinstance(self.fields[name], QCheckBox)
                set_label(self._forms[group], row, "" if checks else titles[name])
        for name, widget in self.fields.items():
            widget.setAccessibleName(titles[name])
            if isinstance(widget, QCheckBox):
                widget.setText(titles[name])
            if isinstance(widget, QComboBox):
                for i in range(widget.count()):
                    value = widget.itemData(i)
                    widget.setItemText(i, choices.get(name, {}).get(value, str(value)))
        groups = {
            "look": self.tr("Look"),
            "writing": self.tr("Writing"),
            "sending": self.tr("Other programs"),
            "reading": self.tr("Reading pages"),
            "learning": self.tr("Learning"),
            "speed": self.tr("Speed"),
        }
        for name, box in self._groups.items():
            box.setTitle(groups[name])
        self.search.setPlaceholderText(self.tr("Search in the settings"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.fields["look_up"].setToolTip(self.tr("An address of the web, with {} where the character belongs"))
        self._terms.setTitle(self.tr("Own names and terms"))
        self._terms_hint.setText(self.tr("Characters that follow each other here are taken for likelier."))
        self.terms.setAccessibleName(self.tr("Own names and terms"))
        self.shortcuts.retranslate()
        self._privacy.setTitle(self.tr("Privacy"))
        self.place.setText(
            self.tr("Everything that you write stays on this computer, in {folder}. Nothing is ever sent.").format(
                folder=paths.user_data()
            )
        )
        self.show_folder.setText(self.tr("Show the folder"))
        self.delete.setText(self.tr("Delete everything…"))

    def enter(self) -> None:
        """Show the actions of all rooms that were opened, and terms that were added elsewhere."""
        self.search.setFocus()
        self.shortcuts.fill()
        if not self._keep_terms.isActive() and (own := read_own_text()) != self.terms.toPlainText():
            self.terms.blockSignals(True)
            self.terms.setPlainText(own)
            self.terms.blockSignals(False)

    def _filter(self, text: str) -> None:
        """Show only the settings whose names hold a text."""
        wanted = text.strip().casefold()

        def holds(*names: str) -> bool:
            return any(wanted in name.casefold() for name in names)

        for group, names in _GROUPS.items():
            title, form, shown = self._groups[group].title(), self._forms[group], False
            for name in names:
                on = holds(title, self.fields[name].accessibleName())
                form.setRowVisible(self.fields[name], on)
                shown |= on
            self._groups[group].setVisible(shown)
        self._terms.setVisible(holds(self._terms.title(), self._terms_hint.text()))
        self.shortcuts.filter(wanted)
        buttons = (self.delete.text(), self.show_folder.text())
        self._privacy.setVisible(holds(self._privacy.title(), self.place.text(), *buttons))

    def save_terms(self) -> None:
        """Keep the own names and terms."""
        self._keep_terms.stop()
        try:
            write_own_text(self.terms.toPlainText())
        except HccrError as error:
            self.fail(error)
        else:
            self.desk.terms_changed.emit()

    def shut(self) -> None:
        """Keep what was just typed."""
        if self._keep_terms.isActive():
            self.save_terms()

    # ----------------------------------------------------------------------------- privacy

    def _delete_everything(self) -> None:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(self.tr("Delete all samples, models of your own, settings, texts, and what the trainer installed?"))
        box.setInformativeText(self.tr("This cannot be undone. Export first what you want to keep."))
        delete = box.addButton(self.tr("Delete everything"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        if box.clickedButton() is delete:
            self.delete_everything()

    def delete_everything(self) -> None:
        """Delete the user's folder's contents that are ours, and start over with the usual settings."""
        self.desk.emptying.emit()
        self.desk.store.close()
        failed: HccrError | None = None
        try:
            forget_everything(besides=paths.window_folder())
        except HccrError as error:
            failed = error
        self.terms.clear()
        self._keep_terms.stop()
        self.desk.terms_changed.emit()
        self.desk.set(**{field.name: field.default for field in fields(Settings)})
        self.desk.model_changed.emit()
        self.desk.samples_changed.emit()
        if failed is not None:
            self.fail(failed)
        else:
            self.said.emit(self.tr("Everything was deleted."))
