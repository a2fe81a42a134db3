"""One piece of labeled handwriting."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
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

    @property
    def digest(self) -> bytes:
        """SHA-256 of label and content, 32 bytes: the same for the same writing, whoever is named as its writer."""
        content = self.content
        parts = [s.xy.tobytes() for s in content.strokes] if isinstance(content, Ink) else [content.pixels.tobytes()]
        return hashlib.sha256(b"".join([self.character.encode("utf-8", "surrogatepass"), b"\0", *parts])).digest()


HELD_OUT = 0.25
"""Share of a user's samples from which no training learns."""


def held_out(samples: Sequence[Sample], share: float = HELD_OUT, new: Collection[str] = ()) -> list[bool]:
    """Return for each sample whether it is kept to examine models on, by its content alone: never learned from.

    What comes or goes beside a sample, and in which order, changes nothing, so that no later training learns from what
    an earlier one was examined on, or is examined on what it learned. Only of characters that are `new` to a model, of
    which nothing was learned before, one is held out and one is not wherever there are two.
    """
    digests = [sample.digest for sample in samples]
    held = [int.from_bytes(digest[:8], "big") < share * 2**64 for digest in digests]
    for character in new:
        numbers = [number for number, sample in enumerate(samples) if sample.character == character]
        known = sorted({digests[number] for number in numbers})
        if len(known) < 2:
            continue
        for number in numbers:
            held[number] = digests[number] != known[-1] and (held[number] or digests[number] == known[0])
    return held
