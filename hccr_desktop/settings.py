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
from hccr_desktop.errors import UnreadableFile
from hccr_desktop.files import read_bounded, written_aside

LANGUAGES = ("", "en", "zh_CN")
THEMES = ("system", "light", "dark")
GUIDES = ("tian", "mi", "none")


@dataclass(frozen=True)
class Settings:
    """`language` "" follows the system; `guides` 田, 米 or none; `pause_ms` from pen-up to reading.

    `alphabet` names the parts of the alphabet that are read, joined by commas, and
    `own_characters` adds single ones; both empty read everything. `keep_samples` keeps what is written
    and chosen, to learn from it.
    """

    language: str = ""
    theme: str = "system"
    guides: str = "tian"
    pause_ms: int = 300
    threads: int = 1
    alphabet: str = "simplified,traditional,letters,digits,punctuation"
    own_characters: str = ""
    keep_samples: bool = True

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES or self.theme not in THEMES or self.guides not in GUIDES:
            raise ValueError("unknown choice")
        if not (0 <= self.pause_ms <= 5_000 and 1 <= self.threads <= 64):
            raise ValueError("out of range")
        if not set(self.subsets) <= set(SUBSETS):
            raise ValueError("unknown part of the alphabet")

    @property
    def subsets(self) -> tuple[str, ...]:
        """The parts of the alphabet that are read."""
        return tuple(name for name in self.alphabet.split(",") if name)


def load_settings() -> Settings:
    """Read the stored settings; whatever cannot be used takes its default."""
    settings = Settings()
    try:
        stored: Any = json.loads(read_bounded(paths.settings_file(), 2**20))
    except (UnreadableFile, ValueError, RecursionError):
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
