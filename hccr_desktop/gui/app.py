"""Starts the window: language, theme, model in the background."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop import paths
from hccr_desktop.errors import DisplayError, HccrError
from hccr_desktop.settings import Settings, load_settings, save_settings

if sys.platform == "win32":  # loaded after Qt, onnxruntime finds Qt's older runtime libraries there
    import onnxruntime  # noqa: F401

from PySide6.QtCore import QEvent, QFileSystemWatcher, QLibraryInfo, QLocale, Qt, QTimer, QTranslator, Signal
from PySide6.QtGui import QFileOpenEvent, QFont, QIcon
from PySide6.QtWidgets import QApplication

from hccr_desktop.gui.theme import apply_theme
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.rooms.one_window import OneWindow

if TYPE_CHECKING:
    from hccr_desktop.recognize.engine import Engine


def main(files: Sequence[Path] = ()) -> int:
    """Open the window, with `files` in it, and return the exit code."""
    try:
        require_display(dict(os.environ), sys.platform)
    except HccrError as error:
        print(error.sentence(), file=sys.stderr)
        return 1
    one = OneWindow(paths.window_folder())
    if not one.begin() and one.hand_over(files):
        return 0
    try:
        app = Program(sys.argv[:1])
        settings = load_settings()
        application = Application(app, settings)
        app.asked.connect(lambda file: application.window.open_files([file]))
        application.window.show()
        QTimer.singleShot(0, lambda: app.setWindowIcon(QIcon(str(paths.icon()))))  # decoded when the pad is there
        if files:
            application.window.open_files(files)
        requests = QFileSystemWatcher([str(one.folder)])
        requests.directoryChanged.connect(lambda _: answer(one, application.window))
        QTimer.singleShot(0, lambda: answer(one, application.window))  # what was asked while the window was made
        return app.exec()
    finally:
        one.end()


def answer(one: OneWindow, window: MainWindow) -> None:
    """Come to the front with the files that programs ask for which were started since."""
    for files in one.requests():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        window.open_files(files)


class Program(QApplication):
    """Qt's application; emits `asked(Path)` for a file that macOS hands to a program that runs."""

    asked = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Take a file."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.asked.emit(Path(event.file()))
            return True
        return super().event(event)


class Application:
    """Owns the window and applies settings to the whole program."""

    def __init__(self, app: QApplication, settings: Settings) -> None:
        self._app = app
        self._translators = QTranslator(), QTranslator()
        self._applied: Settings | None = None
        app.setApplicationName(paths.APP_NAME)
        app.setDesktopFileName("hccr-desktop")
        app.setStyle("Fusion")
        self._usual_font = QFont(app.font())
        self._settings = settings
        self.apply(settings)
        app.styleHints().colorSchemeChanged.connect(lambda _: apply_theme(app, self._settings.theme))
        self.window = MainWindow(lambda: load_engine(settings), settings)
        self.window.settings_changed.connect(self._store)

    def apply(self, settings: Settings) -> None:
        """Set theme, language and size of text for the whole program, where they changed."""
        before, self._applied = self._applied, settings
        looks = (settings.theme, settings.language, settings.text_percent)
        if before is None or looks != (before.theme, before.language, before.text_percent):
            self._app.setStyleSheet("")  # widgets under a style sheet hear of no new font
            self._app.setFont(_font(self._usual_font, settings))
            apply_theme(self._app, settings.theme)
        if before is None or settings.language != before.language:
            self._translate(language_of(settings))

    def _translate(self, language: str) -> None:
        """Load our texts, and Qt's own for dialogs; English needs neither."""
        for translator in self._translators:
            self._app.removeTranslator(translator)
        if not language:
            return
        theirs = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        files = (f"{theirs}/qtbase_{language}.qm", str(paths.translations() / f"hccr_{language}.qm"))
        for translator, file in zip(self._translators, files, strict=True):
            if translator.load(file):
                self._app.installTranslator(translator)

    def _store(self, settings: Settings) -> None:
        self._settings = settings
        self.apply(settings)
        try:
            save_settings(settings)
        except HccrError as error:
            self.window.show_error(error)


def language_of(settings: Settings) -> str:
    """Return zh_CN or zh_TW, as the user or the system wants; empty for English."""
    language = settings.language or QLocale.system().name()
    if not language.startswith("zh"):
        return ""
    return "zh_TW" if any(part in language for part in ("TW", "HK", "MO", "Hant")) else "zh_CN"


def load_engine(settings: Settings) -> Engine:
    """Load the active model; raises `ModelError`."""
    from hccr_desktop.recognize.engine import Engine
    from hccr_desktop.recognize.models import Registry

    return Engine(Registry().active(), settings.threads)


def require_display(environment: dict[str, str], platform: str) -> None:
    """Raise `DisplayError` where Qt would abort for want of a screen."""
    if platform in ("win32", "darwin") or environment.get("QT_QPA_PLATFORM"):
        return
    if environment.get("WAYLAND_DISPLAY"):
        return
    display = environment.get("DISPLAY", "")
    number = display.removeprefix(":").split(".")[0]
    if not display or (display.startswith(":") and not Path(f"/tmp/.X11-unix/X{number}").exists()):  # noqa: S108
        raise DisplayError(
            "There is no screen to open a window on (DISPLAY is “{display}”).",
            "Start it from a desktop session, or use the command line: hccr recognize FILE.",
            display=display,
        )


_SIMPLIFIED = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
_TRADITIONAL = ("Microsoft JhengHei UI", "PingFang TC", "Noto Sans CJK TC", "Source Han Sans TC")


def _font(usual: QFont, settings: Settings) -> QFont:
    """Name the systems' Chinese fonts after the interface font, so that Han comes in the shapes of its readers."""
    font = QFont(usual)
    han = (*_TRADITIONAL, *_SIMPLIFIED) if language_of(settings) == "zh_TW" else (*_SIMPLIFIED, *_TRADITIONAL)
    font.setFamilies([*font.families(), *han])
    font.setPointSizeF(usual.pointSizeF() * settings.text_percent / 100)
    return font
