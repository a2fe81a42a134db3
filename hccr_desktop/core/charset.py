"""The alphabet of a model: which class index is which character."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hccr_desktop.errors import InvalidBundle


@dataclass(frozen=True)
class Charset:
    """`characters` in the order of the classes, each once."""

    characters: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "characters", tuple(self.characters))
        if not self.characters or any(not c or c.isspace() for c in self.characters):
            raise InvalidBundle("The character table is empty or has blank entries.")
        if len(set(self.characters)) != len(self.characters):
            raise InvalidBundle("The character table names a character twice.")

    @classmethod
    def from_characters(cls, characters: Iterable[str]) -> Charset:
        """Collect characters, each once, sorted by code point."""
        return cls(tuple(sorted(set(characters))))

    @classmethod
    def from_text(cls, text: str) -> Charset:
        """Read a table of one character a line, as `to_text` writes it."""
        return cls(tuple(text.splitlines()))

    def to_text(self) -> str:
        """Return the table as text, one character a line, in class order."""
        return "\n".join(self.characters) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `to_text()` in UTF-8, as hexadecimal."""
        return hashlib.sha256(self.to_text().encode()).hexdigest()

    @cached_property
    def _index(self) -> dict[str, int]:
        return {character: index for index, character in enumerate(self.characters)}

    def index(self, character: str) -> int | None:
        """Return the class of a character, or None where the alphabet lacks it."""
        return self._index.get(character)

    def __len__(self) -> int:
        return len(self.characters)

    def __getitem__(self, index: int) -> str:
        return self.characters[index]

    def __contains__(self, character: object) -> bool:
        return character in self._index
