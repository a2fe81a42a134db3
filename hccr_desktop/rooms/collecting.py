"""A collecting session: one character after another is asked for, and goes on another day where it was left."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.recognize.language import Language

KINDS = ("misread-20", "misread-50", "misread-100", "common-100", "common-500", "own")
"""What may be asked for: so many of the characters that were misread most, then of the most common; or a list."""
SECONDS = 7.0
"""About how long a character takes to write and look at, until it is measured."""
MOST = 20_000
"""Bound on the characters of a session."""


@dataclass
class Session:
    """What is asked for, how often each, by whom, and how many were written so far."""

    characters: str
    repeats: int = 3
    writer: str = ""
    at: int = 0

    def __post_init__(self) -> None:
        self.characters = "".join(dict.fromkeys(c for c in self.characters if not c.isspace()))[:MOST]
        if not self.characters:
            raise InputError("There is no character to ask for.", "Choose a list, or type the characters.")
        self.repeats = min(max(self.repeats, 1), 50)
        self.at = min(max(self.at, 0), self.total)

    @property
    def total(self) -> int:
        """How many writings the session asks for."""
        return len(self.characters) * self.repeats

    @property
    def is_done(self) -> bool:
        """Whether all were written or passed over."""
        return self.at >= self.total

    @property
    def asked(self) -> str:
        """The character that is asked for now, empty at the end. The list is gone through once a round."""
        return "" if self.is_done else self.characters[self.at % len(self.characters)]

    @property
    def round(self) -> int:
        """The round at hand, from 1."""
        return min(self.at // len(self.characters) + 1, self.repeats)

    def forward(self) -> None:
        """Go on to the next."""
        self.at = min(self.at + 1, self.total)

    def back(self) -> None:
        """Go back to the one before."""
        self.at = max(self.at - 1, 0)

    def save(self, path: Path) -> None:
        """Keep the session for another day; raises `StorageError`."""
        with written_aside(path) as out:
            out.write(json.dumps(asdict(self), ensure_ascii=False).encode(errors="replace"))


def load_session(path: Path) -> Session | None:
    """Return the session that was left, None where there is none or it is done or damaged."""
    try:
        values: Any = json.loads(read_bounded(path, 2**20))
        session = Session(str(values["characters"]), int(values["repeats"]), str(values["writer"]), int(values["at"]))
    except (HccrError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return None if session.is_done else session


def most_common(language: Language, count: int) -> str:
    """Return the most frequent Han characters of the language model's text."""
    order = sorted(range(1, len(language.characters)), key=lambda i: -float(language.single[i]))
    han = (language.characters[i] for i in order if _is_han(language.characters[i]))
    return "".join(character for character, _ in zip(han, range(count), strict=False))


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def asked_for(kind: str, own: str, confused: Sequence[str], language: Language | None) -> str:
    """Return the characters of one of `KINDS`; raises `InputError` where there are none."""
    name, _, number = kind.partition("-")
    if name == "own":
        found = own
    else:
        common = most_common(language, 500) if language is not None else ""
        found = "".join(dict.fromkeys([*(confused if name == "misread" else ()), *common]))[: int(number)]
    if not found.strip():
        raise InputError("This list is empty.", "Choose another list, or type your own.")
    return found


def minutes(writings: int, seconds: float = SECONDS) -> int:
    """Return about how many minutes so many writings take, at least 1."""
    return max(round(writings * seconds / 60), 1)


class Pace:
    """How long a writing takes, by those of this session: pauses for something else do not count."""

    _LONGEST_S, _LEAST = 60.0, 3

    def __init__(self) -> None:
        self._taken: list[float] = []
        self._last: float | None = None

    def tick(self, now_s: float) -> None:
        """Note that a writing was finished."""
        if self._last is not None and now_s - self._last < self._LONGEST_S:
            self._taken.append(now_s - self._last)
        self._last = now_s

    @property
    def seconds(self) -> float:
        """Seconds of a writing."""
        return sum(self._taken) / len(self._taken) if len(self._taken) >= self._LEAST else SECONDS
