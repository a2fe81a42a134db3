from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileSystemWatcher, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.errors import DisplayError, EmptyInk
from hccr_desktop.gui.app import Application, answer, language_of, require_display
from hccr_desktop.rooms.one_window import OneWindow
from hccr_desktop.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication) -> Iterator[Application]:
    """The application in English; what it changed of the whole program is changed back."""
    made = Application(qapp, Settings(language="en", theme="light"))
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.window.close()
    made.apply(Settings(language="en", theme="light"))


def test_language_theme_and_guides_are_changed_at_once_and_kept(application: Application, qtbot: QtBot) -> None:
    window = application.window
    assert window.write.copy_button.text() == "Copy"
    window.desk.set(language="zh_CN")
    qtbot.waitUntil(lambda: window.write.copy_button.text() == "复制")
    window.desk.set(language="zh_TW")
    qtbot.waitUntil(lambda: window.write.copy_button.text() == "複製")
    box = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Cancel, window)
    assert box.button(QMessageBox.StandardButton.Cancel).text() == "取消"  # Qt's own words
    window.recognizer.failed.emit(EmptyInk())
    assert window.message.text().startswith("這裡什麼也沒有寫。")
    window.desk.set(theme="dark")
    qtbot.waitUntil(lambda: window.palette().window().color().lightness() < 80)
    assert window.palette().text().color().lightness() > 200
    assert "田" in window.write.guides.choices["tian"].text()
    window.write.guides.choices["mi"].trigger()
    assert load_settings() == Settings(language="zh_TW", theme="dark", guides="mi")
    window.desk.set(theme="light")
    qtbot.waitUntil(lambda: window.palette().window().color().lightness() > 200)
    window.desk.set(language="en")
    qtbot.waitUntil(lambda: window.write.copy_button.text() == "Copy")


def test_text_grows_to_twice_its_size_and_back(application: Application, qtbot: QtBot) -> None:
    window = application.window
    usual = window.write.copy_button.fontMetrics().height()
    window.desk.set(text_percent=200)
    qtbot.waitUntil(lambda: window.write.copy_button.fontMetrics().height() > 1.8 * usual)
    window.desk.set(text_percent=100)
    qtbot.waitUntil(lambda: window.write.copy_button.fontMetrics().height() == usual)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("en_US", ""),
        ("de", ""),
        ("zh_CN", "zh_CN"),
        ("zh_SG", "zh_CN"),
        ("zh_TW", "zh_TW"),
        ("zh_HK", "zh_TW"),
        ("zh_Hant_MO", "zh_TW"),
    ],
)
def test_the_right_chinese_is_chosen(system: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QLocale, "system", lambda: QLocale(system))
    monkeypatch.setattr(QLocale, "name", lambda _: system)
    assert language_of(Settings()) == expected
    assert language_of(Settings(language="en")) == ""
    assert language_of(Settings(language="zh_TW")) == "zh_TW"


@pytest.mark.parametrize(
    ("environment", "platform"),
    [({}, "win32"), ({}, "darwin"), ({"QT_QPA_PLATFORM": "offscreen"}, "linux"), ({"WAYLAND_DISPLAY": "w"}, "linux")],
)
def test_a_display_is_found(environment: dict[str, str], platform: str) -> None:
    require_display(environment, platform)


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ""}, {"DISPLAY": ":987"}, {"DISPLAY": ":987.0"}])
def test_a_missing_display_is_said(environment: dict[str, str]) -> None:
    with pytest.raises(DisplayError):
        require_display(environment, "linux")


def test_every_text_is_translated_and_the_compiled_file_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "installer" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    texts = {(context, text) for context, found in module.collect().items() for text in found}
    assert len(texts) > 100
    for language in module.LANGUAGES:
        known = module.read(module.FOLDER / f"hccr_{language}.ts")
        assert texts - known.keys() == set()
        assert known.keys() - texts == set(), "texts that are gone: run installer/translations.py"
        translator = QTranslator()
        assert translator.load(str(paths.translations() / f"hccr_{language}.qm"))
        for (context, text), translation in known.items():
            assert translator.translate(context, text) == translation


def test_a_second_program_shows_the_window_with_its_files(
    qtbot: QtBot, application: Application, tmp_path: Path
) -> None:
    first, second = OneWindow(paths.window_folder()), OneWindow(paths.window_folder())
    assert first.begin()
    watcher = QFileSystemWatcher([str(first.folder)])
    watcher.directoryChanged.connect(lambda _: answer(first, application.window))
    application.window.showMinimized()
    heard: list[bool] = []
    asking = threading.Thread(target=lambda: heard.append(second.hand_over([tmp_path / "missing.png"], patience=20)))
    asking.start()
    qtbot.waitUntil(lambda: heard == [True], timeout=20_000)
    asking.join()
    qtbot.waitUntil(lambda: "missing.png does not exist" in application.window.message.text(), timeout=20_000)
    assert not application.window.isMinimized()
    first.end()
