"""What becomes of lines in twelve scripts on a page: read, or left as a region with the script's name.

    .venv/bin/python -m tests.benchmarks.scripts FONTS [--families N]

FONTS is the folder of the recipe `script`. Lines of words are set in families that it keeps for its test, a page
each, and read as `hccr batch` reads them. A row of the table is a script;
"right" are lines that are read, where their script is, and left with its name, where it is not.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.subsets import mask
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import usual_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.scripts import READ
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import readers_of
from trainer.data.scripts import SCRIPTS, draw_words

Gray = npt.NDArray[np.uint8]
LINES, WORDS, WIDTH, LEADING = 4, 28, 1_300, 115


def page_of(words: list[Gray]) -> Gray:
    """Set words, 255 = ink, side by side in lines."""
    page = np.full((LEADING * (LINES + 1), WIDTH), 255, np.uint8)
    x = y = 60
    for ink in words:
        height, width = ink.shape
        if x + width > WIDTH - 60:
            x, y = 60, y + LEADING
        if y > LEADING * LINES or width > WIDTH - 120:
            break
        top = max(y + LEADING // 2 - height // 2, 0)
        area = page[top : top + height, x : x + width]
        np.minimum(area, 255 - ink[: area.shape[0], : area.shape[1]], out=area)
        x += width + 22
    return page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("--families", type=int, default=2, help="of each script")
    options = parser.parse_args()
    engine = Engine(Registry().active(), 2)
    parts = ["simplified", "traditional", "letters", "digits", "punctuation"]
    readers = readers_of(engine, Networks(engine.threads), usual_language(), mask(engine.bundle.charset, parts))
    words = draw_words(options.fonts, WORDS, 7, tested=True)
    print(f"{'script':12} {'lines':>5} {'right':>6} what they were taken for")
    for number, script in enumerate(SCRIPTS):
        own = [i for i, label in enumerate(words.labels) if label == number]
        found: Counter[str] = Counter()
        for family in sorted({words.hands[i] for i in own})[: options.families]:
            page = page_of([words.pictures[i] for i in own if words.hands[i] == family])
            for line in read_page(GlyphImage(page), readers, direction="horizontal").lines:
                found[line.script if line.script not in READ or script in READ else f"read as {line.script}"] += 1
        total = sum(found.values())
        right = sum(found[name] for name in READ) if script in READ else found[script]
        named = ", ".join(f"{name} {count}" for name, count in found.most_common())
        print(f"{script:12} {total:5} {right / max(total, 1):6.0%} {named}")


if __name__ == "__main__":
    main()
