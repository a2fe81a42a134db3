"""What characters and words mean, how they are made up, and in which order their strokes are written.

Two files that `installer/dictionary.py` builds: lines in order of their headwords, searched where they lie, and
strokes. Of both only the parts that are asked for come into memory. What they hold and whose it is says NOTICE.md.
"""

from __future__ import annotations

import mmap
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hccr_desktop.errors import UnreadableFile
from hccr_desktop.paths import dictionary

WORDS, STROKES = "words.tsv", "strokes.bin"


@dataclass(frozen=True)
class Meaning:
    """What is known of a character or a word; what is not known is empty.

    `gloss` is English, with readings before it; `parts` are characters, `words` frequent ones that hold the character.
    """

    text: str
    gloss: str = ""
    jyutping: tuple[str, ...] = ()
    parts: str = ""
    radical: str = ""
    words: tuple[str, ...] = ()


@lru_cache(512)
def meaning(text: str) -> Meaning:
    """Return what a character or a word means; raises `UnreadableFile` where the dictionary is not there."""
    fields = _line(text)
    if len(fields) > 1 and fields[1].startswith("="):
        fields = _line(fields[1][1:])
    if not fields:
        return Meaning(text)
    _, gloss, jyutping, parts, radical, words = (fields + [""] * 6)[:6]
    return Meaning(
        text, gloss, tuple(jyutping.split()), parts, unicodedata.normalize("NFKC", radical), tuple(words.split())
    )


def stroke_order(character: str) -> tuple[npt.NDArray[np.uint8], ...]:
    """Return the middle lines of a character's strokes as they are written, uint8 (n, 2) of 255 each; none where that
    is not known.
    """
    if len(character) != 1:
        return ()
    table = _strokes()
    count = int(np.frombuffer(table, np.uint32, 1)[0])
    codes = np.frombuffer(table, np.uint32, count, 4)
    place = int(np.searchsorted(codes, ord(character)))
    if place == count or codes[place] != ord(character):
        return ()
    starts = np.frombuffer(table, np.uint32, count + 1, 4 + 4 * count)
    first = 8 * (count + 1) + int(starts[place])
    data = np.frombuffer(table, np.uint8, int(starts[place + 1] - starts[place]), first)
    found, at = [], 0
    while at < len(data):
        points = data[at + 1 : at + 1 + 2 * data[at]]
        found.append(points.reshape(-1, 2).copy())
        at += 1 + 2 * int(data[at])
    return tuple(found)


def _line(text: str) -> list[str]:
    """Return the fields of a headword's line, by bisection; none where there is no such line."""
    table, wanted = _words(), text.encode(errors="replace")
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = table.find(b"\n", start)
        line = table[start : end if end >= 0 else len(table)]
        head = line.split(b"\t", 1)[0]
        if head == wanted:
            return line.decode().split("\t")
        if head < wanted:
            low = start + len(line) + 1
        else:
            high = start
    return []


@lru_cache(1)
def _words() -> mmap.mmap:
    return _mapped(WORDS)


@lru_cache(1)
def _strokes() -> mmap.mmap:
    return _mapped(STROKES)


def _mapped(name: str) -> mmap.mmap:
    path = dictionary() / name
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            "The dictionary's file {name} cannot be read.", "Install the application again.", name=name
        ) from error
