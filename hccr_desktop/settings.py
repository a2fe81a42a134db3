"""The user's choices: one frozen dataclass, stored as JSON, written aside and renamed.

A missing, damaged or outdated file never stops the application: what can be read is kept, the
rest takes its default.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from hccr_desktop import paths
from hccr_desktop.core.subsets import SUBSETS
from hccr_desktop.errors import HccrError
from hccr_desktop.files import read_bounded, written_aside

CHOICES: dict[str, tuple[str | int, ...]] = {
    "language": ("", "en", "zh_CN", "zh_TW"),
    "theme": ("system", "light", "dark"),
    "text_percent": (100, 125, 150, 200),
    "pad_mode": ("one", "row", "column"),
    "guides": ("tian", "mi", "none"),
    "direction": ("auto", "horizontal", "vertical"),
    "reading": ("pinyin", "zhuyin", "none"),
    "send_keys": ("Ctrl+V", "Shift+Insert", "Ctrl+Shift+V"),
}
"""What a setting may be, where it is one of a few things."""

RANGES = {"threads": (1, 64), "pen_percent": (30, 300)}
"""Least and most of a setting that is a number."""


@dataclass(frozen=True)
class Settings:
    """The user's choices.

    `language` "" follows the system; `text_percent` scales all text. `pad_mode` is one character, a row or
    a column; `guides` 田, 米 or none; `pen_percent` the pen's width.
    `reading` shows how candidates are read; `context` lets the text before decide among them, and what likely follows
    be shown. `meaning` shows what is known of the marked character; `look_up` is the user's own address for more, with
    {} for the character. `send_keys` paste in other programs.
    `direction` is that of the lines of pages.
    `alphabet` names the parts of the alphabet that are read, joined by commas, and `own_characters` adds
    single ones; both empty read everything. `keep_samples` keeps what is written and chosen, to learn
    from it, as `writer`'s; `personal` learns from it at once, from the next start. `auto_copy` copies the
    text whenever it grows; `on_top` keeps the window above others. `shortcuts` are the user's own, a JSON
    object of action names and keys.
    """

    language: str = ""
    theme: str = "system"
    text_percent: int = 100
    pad_mode: str = "one"
    guides: str = "tian"
    pen_percent: int = 100
    reading: str = "pinyin"
    context: bool = True
    meaning: bool = True
    look_up: str = ""
    send_keys: str = "Ctrl+V"
    direction: str = "auto"
    alphabet: str = "simplified,traditional,letters,digits,punctuation"
    own_characters: str = ""
    keep_samples: bool = True
    writer: str = ""
    personal: bool = True
    auto_copy: bool = False
    on_top: bool = False
    threads: int = 1
    shortcuts: str = ""

    def __post_init__(self) -> None:
        if any(getattr(self, name) not in choices for name, choices in CHOICES.items()):
            raise ValueError("unknown choice")
        if any(not low <= getattr(self, name) <= high for name, (low, high) in RANGES.items()):
            raise ValueError("out of range")
        if not set(self.subsets) <= set(SUBSETS):
            raise ValueError("unknown part of the alphabet")

    @property
    def subsets(self) -> tuple[str, ...]:
        """The parts of the alphabet that are read."""
        return tuple(name for name in self.alphabet.split(",") if name)

    @property
    def own_shortcuts(self) -> dict[str, str]:
        """The user's shortcuts by the name of the action; none where they cannot be read."""
        try:
            stored: Any = json.loads(self.shortcuts or "{}")
        except (ValueError, RecursionError):
            return {}
        if not isinstance(stored, dict):
            return {}
        return {str(name): keys for name, keys in stored.items() if isinstance(keys, str)}


def load_settings() -> Settings:
    """Read the stored settings; whatever cannot be used takes its default."""
    settings = Settings()
    try:
        stored: Any = json.loads(read_bounded(paths.settings_file(), 2**20))
    except (HccrError, ValueError, RecursionError):
        return settings
    if not isinstance(stored, dict):
        return settings
    for field in fields(Settings):
        value = stored.get(field.name)
        if type(value) is type(field.default):
            change: dict[str, Any] = {field.name: value}
            with contextlib.suppress(ValueError):
                settings = replace(settings, **change)
    return settings


def save_settings(settings: Settings) -> None:
    """Store the settings; raises `StorageError`."""
    with written_aside(paths.settings_file()) as out:
        out.write(json.dumps(asdict(settings), indent=2).encode())
