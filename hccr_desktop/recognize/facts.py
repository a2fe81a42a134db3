"""What is known of a character besides its shape: strokes, readings, its other form, its code point.

The facts stand in a table that `installer/characters.py` builds: a line for each character, with tabs between the
character, its strokes, pinyin, zhuyin, Simplified and Traditional form; what is empty is not known, or the same.
"""

from __future__ import annotations

from functools import lru_cache

from hccr_desktop.files import read_bounded
from hccr_desktop.paths import character_facts

_MOST_BYTES = 8 * 2**20
_NOTHING = ("", "", "", "", "")


def code_point(character: str) -> str:
    """Return U+4E00 for 一."""
    return " ".join(f"U+{ord(c):04X}" for c in character)


def readings(character: str, style: str) -> tuple[str, ...]:
    """Return how a Han character is read, the usual reading first; none for others.

    `style` is "pinyin", with tone marks, or "zhuyin"; anything else gives none.
    """
    if style not in ("pinyin", "zhuyin"):
        return ()
    return tuple(_facts(character)[1 if style == "pinyin" else 2].split())


def other_forms(character: str) -> tuple[str, str]:
    """Return the Simplified and the Traditional form of a character, itself where it is that."""
    facts = _facts(character)
    return facts[3] or character, facts[4] or character


def strokes(character: str) -> int:
    """Return how many strokes a character is written with, 0 where that is not known."""
    return int(_facts(character)[0] or 0)


@lru_cache(4096)
def _facts(character: str) -> tuple[str, str, str, str, str]:
    """Return a character's line of the table; one search is cheaper than a dictionary of all is large."""
    table = _table()
    start = table.find(f"\n{character}\t".encode())
    if start < 0 or len(character) != 1:
        return _NOTHING
    line = table[start + 1 : table.index(b"\n", start + 1)].decode()
    _, count, pinyin, zhuyin, simplified, traditional = line.split("\t")
    return count, pinyin, zhuyin, simplified, traditional


@lru_cache(1)
def _table() -> bytes:
    return b"\n" + read_bounded(character_facts(), _MOST_BYTES)
