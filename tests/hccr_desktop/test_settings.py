from __future__ import annotations

import json
from pathlib import Path

import pytest

from hccr_desktop import paths
from hccr_desktop.errors import StorageError
from hccr_desktop.settings import Settings, load_settings, save_settings


def test_settings_are_kept() -> None:
    chosen = Settings(language="zh_CN", theme="dark", guides="mi", pen_percent=50, alphabet="kana", own_characters="囍")
    save_settings(chosen)
    assert load_settings() == chosen


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_a_damaged_file_gives_defaults(home: Path, text: str) -> None:
    home.mkdir()
    paths.settings_file().write_text(text, encoding="utf-8")
    assert load_settings() == Settings()


def test_what_can_be_read_is_kept_and_the_rest_takes_its_default(home: Path) -> None:
    home.mkdir()
    stored = {
        "theme": "dark",
        "guides": "spiral",
        "pen_percent": "wide",
        "threads": 99,
        "alphabet": "runes",
        "unknown": 1,
    }
    paths.settings_file().write_text(json.dumps(stored), encoding="utf-8")
    assert load_settings() == Settings(theme="dark")


def test_a_folder_that_cannot_be_written_is_a_sentence(home: Path) -> None:
    home.write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError):
        save_settings(Settings())


def test_a_portable_marker_keeps_files_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HCCR_HOME")
    assert paths.APP_NAME in str(paths.user_data())
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "package")
    (tmp_path / "portable").touch()
    assert paths.user_data() == tmp_path / "hccr-data"
