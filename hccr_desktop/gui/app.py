"""Starts the window: language, theme, model in the background."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hccr_desktop import paths
from hccr_desktop.errors import DisplayError, HccrError
from hccr_desktop.settings import Settings, load_settings, save_settings

if sys.platform == "win32":  # loaded after Qt, onnxruntime finds Qt's older runtime libraries there
    import onnxruntime  # noqa: F401

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from hccr_desktop.gui.theme import apply_theme
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.recognize.engine import Engine


def main() -> int:
    """Open the window and return the exit code."""
    try:
        require_display(dict(os.environ), sys.platform)
    except HccrError as error:
        print(error.sentence(), file=sys.stderr)
        return 1
    app = QApplication(sys.argv[:1])
    settings = load_settings()
    application = Application(app, settings)
    application.window.show()
    return app.exec()


class Application:
    """Owns the window and applies settings to the whole program."""

    def __init__(self, app: QApplication, settings: Settings) -> None:
        self._app = app
        self._translator = QTranslator()
        app.setApplicationName(paths.APP_NAME)
        app.setStyle("Fusion")
        _prefer_han_fonts(app)
        self._text_points = app.font().pointSizeF()
        self._settings = settings
        self.apply(settings)
        app.styleHints().colorSchemeChanged.connect(lambda _: apply_theme(app, self._settings.theme))
        self.window = MainWindow(lambda: load_engine(settings), settings)
        self.window.settings_changed.connect(self._store)

    def apply(self, settings: Settings) -> None:
        """Set theme and language for the whole program."""
        apply_theme(self._app, settings.theme)
        self._scale_text(settings.text_percent)
        self._app.removeTranslator(self._translator)
        language = settings.language or QLocale.system().name()
        file = translation_of(language)
        if file and self._translator.load(str(paths.translations() / file)):
            self._app.installTranslator(self._translator)

    def _scale_text(self, percent: int) -> None:
        font = self._app.font()
        size = self._text_points * percent / 100
        if abs(font.pointSizeF() - size) > 0.01:
            font.setPointSizeF(size)
            self._app.setFont(font)

    def _store(self, settings: Settings) -> None:
        self._settings = settings
        self.apply(settings)
        try:
            save_settings(settings)
        except HccrError as error:
            self.window.show_error(error)


def translation_of(language: str) -> str:
    """Return the file of the texts in a language such as zh_TW; empty for those that are read in English."""
    if not language.startswith("zh"):
        return ""
    traditional = any(part in language for part in ("TW", "HK", "MO", "Hant"))
    return "hccr_zh_TW.qm" if traditional else "hccr_zh_CN.qm"


def load_engine(settings: Settings) -> Engine:
    """Load the active model; raises `ModelError`."""
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


def _prefer_han_fonts(app: QApplication) -> None:
    """Name the systems' Chinese fonts after the interface font, so that Han comes in Chinese shapes."""
    font = QFont(app.font())
    families = [*font.families(), "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Source Han Sans SC"]
    font.setFamilies([*families, "WenQuanYi Micro Hei"])
    app.setFont(font)
