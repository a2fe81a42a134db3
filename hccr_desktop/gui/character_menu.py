"""What can be done with a character wherever it stands: copied, looked up, taught."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.room import Desk
from hccr_desktop.recognize.language import read_own_text, write_own_text

_MOST_SHOWN = 12
"""Characters of a text in its menu."""
_EDITING = ("edit-cut", "edit-paste", "edit-delete", "select-all")
"""Qt's actions of a text that its menu has, too."""


class CharacterMenu(QMenu):
    """The menu of a character, or of a few. `look_up` shows what it means; `leave_out` says that it was not written,
    and `edit` is the menu of the text where it stands, whose actions follow.
    """

    def __init__(
        self,
        text: str,
        desk: Desk,
        look_up: Callable[[str], object],
        leave_out: Callable[[str], object] | None,
        parent: QWidget,
        edit: QMenu | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._desk = text, desk
        if text:
            shown = text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
            self.addAction(self.tr("Copy “{text}”").format(text=shown.replace("\n", " ")), self._copy)
            self.addAction(self.tr("What it means"), lambda: look_up(text))
            self.addAction(self.tr("Look it up in the browser"), self._browse)
            self.addAction(self.tr("Add to my names and terms"), self._teach)
        if edit is not None:
            edit.setParent(self)
            self.addSeparator()
            self.addActions([action for action in edit.actions() if action.objectName() in _EDITING])
        if leave_out is not None:
            self.addSeparator()
            self.addAction(self.tr("Not this one"), lambda: leave_out(text))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

    def _browse(self) -> None:
        """Open the user's own address for a character."""
        address = self._desk.settings.look_up
        if not address:
            self._desk.failed.emit(
                InputError(
                    "No address is set to look characters up.",
                    "Put one into Settings, under Writing; a pair of braces in it stands for the character.",
                )
            )
            return
        QDesktopServices.openUrl(QUrl(address.replace("{}", urllib.parse.quote(self._text))))

    def _teach(self) -> None:
        """Put a text among the user's own terms."""
        known = read_own_text()
        if self._text in known.splitlines():
            return
        try:
            write_own_text(f"{known.rstrip()}\n{self._text}\n".lstrip("\n"))
        except HccrError as error:
            self._desk.failed.emit(error)
        else:
            self._desk.terms_changed.emit()
