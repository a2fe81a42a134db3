"""What can be done with a character wherever it stands: copied, looked up, taught."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.room import Desk
from hccr_desktop.recognize.language import read_own_text, write_own_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("CharacterMenu", text)


def character_menu(
    text: str,
    desk: Desk,
    parent: QWidget,
    look_up: Callable[[str], object],
    leave_out: Callable[[str], object] | None = None,
) -> QMenu:
    """Return the menu of a character, or of a few; `leave_out` says that it is not what was written."""
    menu = QMenu(parent)
    menu.addAction(_tr("Copy “{text}”").format(text=text), lambda: QGuiApplication.clipboard().setText(text))
    menu.addAction(_tr("What it means"), lambda: look_up(text))
    menu.addAction(_tr("Look it up in the browser"), lambda: _browse(text, desk))
    menu.addAction(_tr("Add to my names and terms"), lambda: _teach(text, desk))
    if leave_out is not None:
        menu.addSeparator()
        menu.addAction(_tr("Not this one"), lambda: leave_out(text))
    return menu


def _browse(text: str, desk: Desk) -> None:
    """Open the user's own address for a character."""
    address = desk.settings.look_up
    if not address:
        desk.failed.emit(
            InputError(
                "No address is set to look characters up.",
                "Put one into Settings, under Writing, with {} where the character belongs.",
            )
        )
        return
    QDesktopServices.openUrl(QUrl(address.replace("{}", urllib.parse.quote(text))))


def _teach(text: str, desk: Desk) -> None:
    """Put a text among the user's own terms."""
    known = read_own_text()
    if text in known.splitlines():
        return
    try:
        write_own_text(f"{known.rstrip()}\n{text}\n".lstrip("\n"))
    except HccrError as error:
        desk.failed.emit(error)
    else:
        desk.terms_changed.emit()
