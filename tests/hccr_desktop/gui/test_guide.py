"""The guide that F1 opens: in the interface's language, with its own pictures, and nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.gui.app import Application
from hccr_desktop.gui.guide import GuidePage, GuideWindow, anchor_of
from hccr_desktop.gui.window import ROOMS, MainWindow
from hccr_desktop.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
PICTURE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def page(qtbot: QtBot) -> GuidePage:
    made = GuidePage()
    qtbot.addWidget(made)
    made.resize(760, 680)
    made.show_guide("en")
    made.show()
    return made


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication) -> Iterator[Application]:
    made = Application(qapp, Settings(language="en", theme="light"))
    qtbot.addWidget(made.window)
    made.window.show()
    yield made
    made.window.close()
    made.apply(Settings(language="en", theme="light"))


def top_line(page: GuidePage) -> str:
    block = page.document().begin()
    while page.cursorRect(QTextCursor(block)).bottom() <= 0:
        block = block.next()
    return block.text()


def guide_of(window: MainWindow) -> GuideWindow:
    assert window.guide is not None
    return window.guide


def test_f1_opens_the_guide_and_it_is_closed_with_the_window(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.write.pad, Qt.Key.Key_F1)
    guide = guide_of(window)
    assert guide.isVisible()
    assert guide.windowTitle() == "Guide"
    assert "hccr batch" in guide.page.toPlainText()
    qtbot.keyClick(guide, Qt.Key.Key_Escape)
    assert not guide.isVisible()
    window.registry["window.guide"].trigger()
    assert guide_of(window) is guide
    assert guide.isVisible()
    window.close()
    assert not guide.isVisible()


def test_the_rail_leads_to_the_guide(window: MainWindow, qtbot: QtBot) -> None:
    button = window.rail.widgetForAction(window.registry["window.guide"])
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert guide_of(window).isVisible()


def test_the_guide_follows_language_and_theme(application: Application, qtbot: QtBot) -> None:
    window = application.window
    window.show_guide()
    guide = guide_of(window)

    def links() -> set[int]:
        block = guide.page.document().begin()
        found: set[int] = set()
        while block.isValid():
            parts = [part for part in block.textFormats() if part.format.isAnchor()]
            found |= {part.format.foreground().color().lightness() for part in parts}
            block = block.next()
        return found

    assert len(links()) == 1
    assert links().pop() < 128
    window.desk.set(theme="dark")
    qtbot.waitUntil(lambda: min(links()) > 128)
    for language in ("zh_CN", "zh_TW"):
        window.desk.set(language=language)
        qtbot.waitUntil(lambda: guide.page.toPlainText().startswith("使用指南"))
        assert guide.windowTitle() == "使用指南"
        window.desk.set(language="en")
        qtbot.waitUntil(lambda: guide.page.toPlainText().startswith("Guide"))


def test_every_translation_names_a_guide_that_is_there() -> None:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "installer" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    translations = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(translations)
    for language in translations.LANGUAGES:
        known = translations.read(translations.FOLDER / f"hccr_{language}.ts")
        assert (paths.docs() / known["GuideWindow", "en"] / "guide.md").is_file()


def test_a_missing_guide_is_told_in_the_window(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "docs", lambda: Path("nowhere"))
    window.show_guide()
    assert window.guide is None
    assert "guide.md does not exist" in window.message.text()


def test_links_go_to_the_headings_of_the_guide(page: GuidePage) -> None:
    assert top_line(page) == "Guide"
    page.anchorClicked.emit(QUrl("#hccr-batch"))
    assert top_line(page) == "hccr batch"
    page.anchorClicked.emit(QUrl("#samples"))
    assert top_line(page) == "Samples"
    page.show_guide("zh_CN")
    page.anchorClicked.emit(QUrl("#识别批处理和评测共用的选项"))
    assert top_line(page) == "识别、批处理和评测共用的选项"


def test_links_to_elsewhere_lead_nowhere(page: GuidePage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    before = page.toPlainText()
    for link in (
        "https://example.org/",
        "https://example.org/#read",
        "file:///etc/hostname",
        "../../screenshots/write.png",
    ):
        page.anchorClicked.emit(QUrl(link))
        assert page.toPlainText() == before
        assert top_line(page) == "Guide"
    assert opened == []
    assert not page.openLinks()


def test_pictures_come_from_the_application_alone_and_fit_the_page(page: GuidePage, tmp_path: Path) -> None:
    own = page.loadResource(PICTURE, QUrl("../../screenshots/write.png"))
    assert isinstance(own, QImage)
    assert 0 < own.width() < 760
    outside = tmp_path / "picture.png"
    assert QImage(4, 4, QImage.Format.Format_RGB32).save(str(outside))
    assert page.loadResource(PICTURE, QUrl.fromLocalFile(str(outside))) is None
    assert page.loadResource(PICTURE, QUrl("https://example.org/picture.png")) is None
    assert page.loadResource(PICTURE, QUrl("../../../../picture.png")) is None
    assert page.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("guide.md")) is None


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_all_pictures_of_the_guides_are_shown(language: str, page: GuidePage) -> None:
    page.show_guide(language)
    names = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (paths.docs() / language / "guide.md").read_text(encoding="utf-8"))
    assert len(names) == 3
    assert all(not page.loadResource(PICTURE, QUrl(name)).isNull() for name in names)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_guide_names_the_usual_keys_of_every_action(language: str, window: MainWindow) -> None:
    for name in ROOMS:
        window.room(name)
    told = (paths.docs() / language / "guide.md").read_text(encoding="utf-8")
    table = told[told.index("Ctrl+Q") - 2000 : told.index("Ctrl+K") + 200]
    ranges = {f"Alt+Shift+{number}" for number in range(2, 9)}  # “Alt+Shift+1 to Alt+Shift+9”
    keys = {key for name in window.registry.names for key in window.registry.usual_keys(name).split(", ")} - {
        "",
        *ranges,
    }
    assert len(keys) > 30
    assert [key for key in sorted(keys) if not re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", table)] == []


def test_headings_are_named_as_links_name_them() -> None:
    assert anchor_of("hccr batch") == "hccr-batch"
    assert anchor_of("What recognize, batch and evaluate share") == "what-recognize-batch-and-evaluate-share"
    assert anchor_of("文件存放在哪里？") == "文件存放在哪里"
