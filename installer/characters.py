"""Build resources/characters.tsv: what is known of Han characters and kana besides their shape.

    .venv/bin/python installer/characters.py TEMPLATES…

Readings are pypinyin's, the usual one first; Simplified and Traditional forms are OpenCC's; strokes are counted in
stroke-order templates (ink), the first file that has a character. The application looks things up in the table and
needs none of the libraries, which would take 40 MB of its memory.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import HccrError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.reading import read_any
from hccr_desktop.paths import character_facts

MOST_READINGS = 4


def main(templates: list[str]) -> int:
    """Write the table."""
    os.environ["PYPINYIN_NO_PHRASES"] = "true"  # they make the first reading of a lone character no better
    from opencc import OpenCC
    from pypinyin import Style, pinyin

    simplified, traditional = OpenCC("t2s"), OpenCC("s2t")
    try:
        strokes = count_strokes([Path(name) for name in templates])
    except HccrError as error:
        print(error, file=sys.stderr)
        return 1
    known = sorted(strokes.keys() | {chr(code) for code in range(0x4E00, 0xA000)})
    with written_aside(character_facts()) as out:
        for character in known:
            readings = [
                " ".join(found[0][:MOST_READINGS]) if found else ""
                for style in (Style.TONE, Style.BOPOMOFO)
                for found in [pinyin(character, style=style, heteronym=True, errors="ignore")]
            ]
            forms = [
                form if form != character else "" for form in (c.convert(character) for c in (simplified, traditional))
            ]
            count = str(strokes.get(character, ""))
            if count or any(readings):
                out.write(("\t".join([character, count, *readings, *forms]) + "\n").encode())
    return 0


def count_strokes(paths: list[Path]) -> dict[str, int]:
    """Return how many strokes Han characters and kana have in files of ink; the first file that has one counts."""
    counts: dict[str, int] = {}
    for path in paths:
        for sample in read_any(path):
            if isinstance(sample.content, Ink) and len(sample.character) == 1 and sample.character >= "ぁ":
                counts.setdefault(sample.character, len(sample.content.strokes))
    return counts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
