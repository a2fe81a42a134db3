"""One piece of labeled handwriting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink

_SURROGATES = re.compile("[\ud800-\udfff]")
_NO_TEXT = ("Cc", "Cf", "Cs")  # characters that control, or are halves; those that Unicode adds are unassigned: kept


def clean_label(text: str) -> str:
    """Return a label as all are kept: composed (NFC), so that が written as two code points is one character.

    What no text may hold (control characters, halves of a character) and white space around it are gone.
    """
    if not text.isprintable():
        text = "".join(
            c for c in text if c in "\t\r\n" or not (c in "\ufffe\uffff" or unicodedata.category(c) in _NO_TEXT)
        )
    return unicodedata.normalize("NFC", text.strip())


def clean_name(text: str) -> str:
    """Return a writer's or file's name as text: bytes of a name that are no UTF-8 become U+FFFD."""
    return text if text.isprintable() else _SURROGATES.sub("\ufffd", text)


def some_labels(labels: Iterable[str], most: int = 10) -> str:
    """Return labels, each once, as one text; where there are more than `most` it ends in …."""
    found = list(dict.fromkeys(labels))
    return ", ".join([*found[:most], *["…"] * (len(found) > most)])


@dataclass(frozen=True)
class Sample:
    """A writing and the character it is; all three texts are empty where unknown.

    `character` is cleaned on every way in by `clean_label`. A file may say more than one character, or a word:
    such a sample is kept as it is, and left out, and told, where only one character can stand.
    """

    character: str
    content: Ink | GlyphImage
    writer: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "character", clean_label(self.character))
        object.__setattr__(self, "writer", clean_name(self.writer))
        object.__setattr__(self, "source", clean_name(self.source))

    @property
    def is_one_character(self) -> bool:
        """Whether the label is exactly one character."""
        return len(self.character) == 1
