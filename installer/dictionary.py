"""Build resources/dictionary: what characters and words mean, and in which order strokes are written.

    .venv/bin/python installer/dictionary.py CEDICT FREQUENCIES MOJI_DB TEMPLATES

CEDICT is CC-CEDICT's text, FREQUENCIES jieba's dict.txt, MOJI_DB mojidata's database (IDS and Unihan), TEMPLATES
hanzi-writer's medians as ink lines; Jyutping comes from the library ToJyutping. NOTICE.md in the folder names versions
and licences. The application needs none of the sources.
"""

from __future__ import annotations

import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import HccrError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.reading import read_any
from hccr_desktop.paths import dictionary
from hccr_desktop.recognize.dictionary import STROKES, WORDS
from hccr_desktop.recognize.facts import other_forms, readings

_OF_A_CHARACTER, _OF_A_WORD = 170, 70
"""Letters of a gloss."""
_LONGEST = 5
"""Characters of a word."""
_WORDS = 8
"""Frequent words of a character."""
_EPSILON = 9.0
"""How far a stroke's line may go astray, of 1,024."""

_TONES = {"a": "āáǎà", "e": "ēéěè", "i": "īíǐì", "o": "ōóǒò", "u": "ūúǔù", "ü": "ǖǘǚǜ"}
_ENTRY = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/")
_DESCRIPTIONS = "⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻⿼⿽⿾⿿㇯"


def main(arguments: list[str]) -> int:
    """Write the dictionary."""
    from ToJyutping import get_jyutping_candidates

    cedict, frequencies, moji, templates = map(Path, arguments)
    counts = {
        word: int(count)
        for word, count, *_ in (line.split(" ") for line in frequencies.read_text("utf-8").splitlines())
    }
    glosses, forms = entries(cedict)
    database = sqlite3.connect(moji)
    parts: dict[str, str] = {
        c: ids for c, ids in database.execute("SELECT UCS, IDS FROM ids ORDER BY instr(source, 'G')") if ids
    }
    meant: dict[str, str] = dict(database.execute("SELECT UCS, value FROM unihan_kDefinition"))
    radicals: dict[str, str] = dict(database.execute("SELECT UCS, value FROM unihan_kRSUnicode"))
    words: dict[str, list[str]] = defaultdict(list)

    def frequency(word: str) -> int:
        return counts.get(forms.get(word) or word, 0)

    ranked = sorted((word for word in glosses if 2 <= len(word) <= 4), key=frequency, reverse=True)
    for word in ranked:
        simplified_form = forms.get(word, word)
        for character in dict.fromkeys(word):
            is_twice = word != simplified_form and character in simplified_form
            if len(words[character]) < _WORDS and frequency(word) and not is_twice:
                words[character].append(word)
    needed = {word for own in words.values() for word in own}
    lines: dict[str, str] = {}
    for character in sorted({c for c in (*glosses, *meant) if len(c) == 1 and is_han(c)}):
        said = glosses.get(character) or [("", meant[character].replace(";", "; ").replace("  ", " "))]
        usual = readings(character, "pinyin")
        said = sorted(said, key=lambda of: usual.index(of[0]) if of[0] in usual else len(usual))
        gloss = cut(" | ".join(f"{p}: {g}" if p else g for p, g in said), _OF_A_CHARACTER)
        known = get_jyutping_candidates(other_forms(character)[1])
        jyutping = " ".join(known[0][1][:3]) if known and known[0][1] else ""
        ids = parts.get(character, "")
        made = "".join(c for c in re.sub(r"\{[^}]*\}", "", ids) if c not in _DESCRIPTIONS and c != character)
        number = re.match(r"\d+", radicals.get(character, ""))
        radical = chr(0x2EFF + int(number[0])) if number else ""
        fields = [character, gloss, jyutping, made, radical, " ".join(words[character])]
        lines[character] = "\t".join(fields)
    for word, said in glosses.items():
        if not 2 <= len(word) <= _LONGEST or not (word in needed or frequency(word)):
            continue
        simplified = forms.get(word, "")
        if simplified and word not in needed and simplified in glosses and len(said) == 1:
            lines[word] = f"{word}\t={simplified}"
        else:
            lines[word] = f"{word}\t{cut(' | '.join(f'{p}: {g}' for p, g in said), _OF_A_WORD)}"
    dictionary().mkdir(exist_ok=True)
    with written_aside(dictionary() / WORDS) as out:
        out.write(("\n".join(lines[key] for key in sorted(lines)) + "\n").encode())
    try:
        write_strokes(templates)
    except HccrError as error:
        print(error, file=sys.stderr)
        return 1
    for name in (WORDS, STROKES):
        print(f"{name}: {(dictionary() / name).stat().st_size / 2**20:.1f} MiB")
    return 0


def is_han(character: str) -> bool:
    """Tell whether a character is a Han character."""
    return unicodedata.name(character, "").startswith("CJK UNIFIED")


def entries(path: Path) -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
    """Return (reading, gloss) by headword, and the Simplified form of Traditional headwords."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    forms: dict[str, str] = {}
    for line in path.read_text("utf-8").splitlines():
        match = _ENTRY.fullmatch(line.strip())
        if line.startswith("#") or match is None:
            continue
        traditional, simplified, pinyin, glosses = match.groups()
        kept = [readable(g) for g in glosses.split("/") if g and not g.startswith(("CL:", "variant of", "old variant"))]
        gloss = "; ".join(kept[:6])
        if not gloss or (pinyin[:1].isupper() and len(simplified) == 1):  # surnames
            continue
        parted = [f"’{s}" if i and s[0] in "aeoAEO" else s for i, s in enumerate(pinyin.split())]
        reading = "".join(marked(syllable) for syllable in parted)
        for word in dict.fromkeys((simplified, traditional)):
            found[word].append((reading, gloss))
        if traditional != simplified:
            forms.setdefault(traditional, simplified)
    return found, forms


def readable(gloss: str) -> str:
    """Return a gloss whose references have tone marks, and one form of a word."""
    gloss = re.sub(r"(\S+?)\|(\S+?)(?=\[|[\s,;)]|$)", r"\2", gloss)
    return re.sub(r"\[([^\]]+)\]", lambda m: f" ({''.join(marked(s) for s in m[1].split())})", gloss)


def marked(syllable: str) -> str:
    """Return a syllable with its tone as a mark: hao3 → hǎo."""
    match = re.fullmatch(r"(’?[A-Za-zü:]+)([1-5])", syllable)
    if match is None:
        return syllable
    letters, tone = match[1].replace("u:", "ü").replace("v", "ü"), int(match[2])
    if tone == 5:
        return letters
    low = letters.lower()
    at = next((low.index(v) for v in ("a", "e", "ou") if v in low), max((low.rfind(v) for v in "iouü"), default=-1))
    if at < 0:
        return letters
    vowel = _TONES[low[at]][tone - 1]
    return letters[:at] + (vowel.upper() if letters[at].isupper() else vowel) + letters[at + 1 :]


def cut(text: str, most: int) -> str:
    """Return a text that ends at a part of it, within bounds."""
    text = text.replace("\t", " ")
    if len(text) <= most:
        return text
    short = text[:most]
    return short[: max(short.rfind(";"), short.rfind(","), most // 2)].rstrip() + " …"


def write_strokes(templates: Path) -> None:
    """Write the strokes: characters uint32 (n,), where each begins uint32 (n + 1,), then bytes; see `dictionary`."""
    found = {
        sample.character: sample.content
        for sample in read_any(templates)
        if isinstance(sample.content, Ink) and len(sample.character) == 1
    }
    packed = {ord(c): b"".join(packed_strokes(found[c])) for c in found}
    codes = np.array(sorted(packed), np.uint32)
    starts = np.cumsum([0, *(len(packed[int(code)]) for code in codes)]).astype(np.uint32)
    with written_aside(dictionary() / STROKES) as out:
        out.write(np.array([len(codes)], np.uint32).tobytes() + codes.tobytes() + starts.tobytes())
        out.write(b"".join(packed[int(code)] for code in codes))


def packed_strokes(ink: Ink) -> Iterator[bytes]:
    """Yield each stroke: how many points, then x and y of each, of 255."""
    for stroke in ink.strokes:
        kept = simplified(stroke.xy.astype(np.float64), _EPSILON)
        points = np.round(kept * 255 / 1024).clip(0, 255).astype(np.uint8)
        yield bytes([len(points)]) + points.tobytes()


def simplified(points: npt.NDArray[np.float64], epsilon: float) -> npt.NDArray[np.float64]:
    """Return the points of a line that matter (Ramer, Douglas and Peucker), float64 (n, 2)."""
    if len(points) < 3:
        return points
    along = points[-1] - points[0]
    apart = points - points[0]
    length = float(np.hypot(*along))
    off = np.abs(apart[:, 0] * along[1] - apart[:, 1] * along[0]) / length if length else np.hypot(*apart.T)
    far = int(off.argmax())
    if off[far] <= epsilon:
        return points[[0, -1]]
    return np.concatenate([simplified(points[: far + 1], epsilon)[:-1], simplified(points[far:], epsilon)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
