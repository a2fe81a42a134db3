"""What is known of a character besides its shape: how it is read, its code point, its other form.

The libraries that know are loaded when they are first asked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hccr_desktop.files import read_bounded
from hccr_desktop.paths import stroke_counts


def code_point(character: str) -> str:
    """Return U+4E00 for 一."""
    return " ".join(f"U+{ord(c):04X}" for c in character)


@lru_cache(4096)
def readings(character: str, style: str, most: int = 4) -> tuple[str, ...]:
    """Return how a Han character is read, the usual reading first; none for others.

    `style` is "pinyin", with tone marks, or "zhuyin"; anything else gives none.
    """
    if style not in ("pinyin", "zhuyin"):
        return ()
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # phrases would take 40 MB
    from pypinyin import Style, pinyin

    kind = Style.TONE if style == "pinyin" else Style.BOPOMOFO
    found = pinyin(character, style=kind, heteronym=True, errors="ignore")
    return tuple(found[0][:most]) if found else ()


@lru_cache(4096)
def other_forms(character: str) -> tuple[str, str]:
    """Return the Simplified and the Traditional form of a character, itself where it is that."""
    simplified, traditional = _converters()
    return simplified.convert(character), traditional.convert(character)


def strokes(character: str) -> int:
    """Return how many strokes a character is written with, 0 where that is not known."""
    return _stroke_counts().get(character, 0)


@lru_cache(1)
def _stroke_counts() -> Mapping[str, int]:
    lines = (line.split("\t") for line in read_bounded(stroke_counts(), 2**20).decode().splitlines())
    return {character: int(count) for count, characters in lines for character in characters}


@lru_cache(1)
def _converters() -> tuple[Any, Any]:
    from opencc import OpenCC

    return OpenCC("t2s"), OpenCC("s2t")
