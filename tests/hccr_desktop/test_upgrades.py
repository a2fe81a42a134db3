"""What 0.1.0 left is opened by this version. Each folder of tests/fixtures/0.1.0 is a user's, written by the code of a
day: when the window got its rooms, when batches came, when open pages were first kept, and the last one.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from hccr_desktop import cli, paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import NewerFile
from hccr_desktop.gui.app import load_engine
from hccr_desktop.gui.reading import ReadRoom
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.collecting import load_session
from hccr_desktop.rooms.draft import read_draft
from hccr_desktop.rooms.review import is_batch, pages_of_batch
from hccr_desktop.settings import load_settings
from hccr_desktop.store import journal as journals
from hccr_desktop.store.journal import Journal
from hccr_desktop.store.samples import SampleStore

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "0.1.0"
DAYS = ("rooms", "batches", "open-pages", "last")
SOURCE = Path("/home/writer/pages/page.png")
TEXT = "木上中\n十木"


of_linux = pytest.mark.skipif(sys.platform != "linux", reason="the journals name files as Linux does")


@pytest.fixture(params=DAYS)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder of 0.1.0, as its own."""
    folder = tmp_path / "home"
    shutil.copytree(FIXTURES / request.param, folder)
    monkeypatch.setenv("HCCR_HOME", str(folder))
    return folder


def test_settings_are_kept(home: Path) -> None:
    settings = load_settings()
    assert (settings.language, settings.theme, settings.text_percent) == ("zh_TW", "dark", 125)
    assert (settings.pad_mode, settings.guides, settings.reading) == ("row", "mi", "zhuyin")
    assert (settings.writer, settings.threads, settings.own_characters) == ("阿明", 2, "囍")
    assert settings.own_shortcuts == {"write.clear": "Ctrl+K"}


def test_samples_are_kept_with_what_was_removed(home: Path) -> None:
    store = SampleStore(paths.sample_store())
    stored = store.all()
    assert [(kept.sample.character, kept.sample.writer, kept.read_as) for kept in stored] == [
        ("十", "阿明", "丨"),
        ("中", "阿明", "丨"),
        ("木", "", "本"),
    ]
    assert isinstance(stored[0].sample.content, Ink)
    assert isinstance(stored[2].sample.content, GlyphImage)
    store.restore([1])
    assert store.counts() == {"一": 1, "十": 1, "中": 1, "木": 1}
    assert [*store.add_new([stored[0].sample])] == []
    store.close()


def test_the_text_and_a_collecting_session_are_kept(home: Path) -> None:
    assert read_draft() == "永远"
    session = load_session(paths.collecting_session())
    assert session is not None
    assert (session.characters, session.repeats, session.writer, session.at) == ("永远在", 2, "阿明", 1)


def test_a_model_of_ones_own_is_still_active(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Registry().active().id.startswith("own-")
    assert cli.main(["models", "list"]) == 0
    assert "own-" in capsys.readouterr().out
    assert load_engine(load_settings()).bundle.title == "阿明"


def test_the_window_opens_with_all_of_it(home: Path, qtbot: QtBot) -> None:
    settings = load_settings()
    window = MainWindow(lambda: load_engine(settings), settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    assert window.write.text.text() == "永远"
    window.show_room("read")
    room = window.room("read")
    assert isinstance(room, ReadRoom)
    if (home / "reading.sqlite").exists():
        qtbot.waitUntil(lambda: len(room.pages) == 1)
        assert (room.pages[0].path, room.pages[0].text) == (SOURCE, TEXT)
    assert window.message.isHidden() or "page.png" in window.message.text()
    window.close()


@of_linux
@pytest.mark.parametrize("day", DAYS[1:])
def test_a_batch_goes_on_where_it_was(day: str, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(FIXTURES / day / "texts", folder)
    os.utime(folder / "page.txt", (0, 0))  # the first journals knew their files by the time
    journal = Journal(folder)
    assert journal.is_own(SOURCE, 1, folder / "page.txt")
    assert not journal.is_own(SOURCE, 2, folder / "page.txt")
    journal.note(SOURCE, 2, "digest", folder / "page-2.txt", 3, 0.9)
    journal.close()


def test_a_batch_opens_for_review_where_it_kept_what_was_recognized(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    shutil.copytree(FIXTURES / "last" / "texts", folder)
    assert is_batch(folder)
    assert [(page.path, page.text) for page in pages_of_batch(folder)] == [(SOURCE, TEXT)]


def test_a_journal_of_a_newer_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / journals.NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for use in (Journal, journals.results):
        with pytest.raises(NewerFile, match="newer version") as raised:
            use(tmp_path)
        assert "newest version" in raised.value.hint  # not to delete it
