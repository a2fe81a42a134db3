"""Character errors and time on photographs of handwriting that were transcribed by eye.

    .venv/bin/python -m tests.benchmarks.photographs FOLDER [--no-language] [--read cut|whole] [--rapidocr] [--show]

FOLDER holds the pictures; beside this file lie their transcripts, a line for each written line. `neat` are those
that a person reads without effort, the others are running hands and tables. Spaces do not count, and a form that
several code points share (full and half width, 〇 and 0) counts as one. Errors are counted twice: of the whole
text in reading order, and line by line, each written line against the read line that is nearest, which forgives
another order of lines but no missing one. `--rapidocr` measures that program beside it, where it is installed.
"""

from __future__ import annotations

import argparse
import importlib
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hccr_desktop.core.subsets import mask
from hccr_desktop.formats.documents import open_document
from hccr_desktop.paths import language_model
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import load_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import How, readers_of
from tests.benchmarks.pages import distance

TRANSCRIPTS = Path(__file__).parent / "transcripts"
NEAT = ("insta_6005", "insta_6321", "multiB_3336", "multiB_8820", "multiB_8871")
ROUNDS = 3

Read = Callable[[Path], list[str]]
"""Returns a picture's lines."""


def plain(text: str) -> str:
    """Return a text as it is compared: without spaces, of characters that look alike one."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("。", ".").replace("〇", "0")


def line_errors(said: list[str], read: list[str]) -> int:
    """Return the edit distance of written lines to read ones, each read one used once, nearest pairs first."""
    pairs = sorted((distance(s, r) - max(len(s), len(r)), i, j) for i, s in enumerate(said) for j, r in enumerate(read))
    matched: dict[int, int] = {}
    for gain, i, j in pairs:
        if gain < 0 and i not in matched and j not in matched.values():
            matched[i] = j
    errors = sum(distance(s, read[matched[i]]) if i in matched else len(s) for i, s in enumerate(said))
    return errors + sum(len(r) for j, r in enumerate(read) if j not in matched.values())


def measure(name: str, read: Read, pictures: list[Path], *, show: bool) -> None:
    print(f"\n{name}\n{'photograph':14} {'characters':>10} {'in order':>9} {'by line':>9} {'seconds':>8}")
    totals: dict[bool, list[tuple[int, int, int, float]]] = {True: [], False: []}
    for picture in pictures:
        said = [plain(line) for line in (TRANSCRIPTS / f"{picture.stem}.txt").read_text("utf-8").splitlines()]
        lines = [plain(line) for line in read(picture)]
        seconds = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            read(picture)
            seconds.append(time.perf_counter() - started)
        whole, count = "".join(said), len("".join(said))
        errors, by_line = distance(whole, "".join(lines)), line_errors(said, lines)
        totals[picture.stem in NEAT].append((count, errors, by_line, min(seconds)))
        print(f"{picture.stem:14} {count:10} {errors / count:9.2%} {by_line / count:9.2%} {min(seconds):8.2f}")
        if show:
            print("\n".join(f"    {line}" for line in lines))
    for neat, title in ((True, "neat"), (False, "others")):
        if totals[neat]:
            count, errors, by_line, _ = np.array(totals[neat]).sum(axis=0)
            low_high = 1.96 * np.sqrt(by_line / count * max(1 - by_line / count, 0) / count)
            mean = np.mean([row[3] for row in totals[neat]])
            print(
                f"{title:14} {count:10.0f} {errors / count:9.2%} {by_line / count:9.2%} {mean:8.2f}  ± {low_high:.2%}"
            )


def ours(use_language: bool, how: How) -> Read:
    """Return this program's way to read a picture, on two threads."""
    engine = Engine(Registry().active(), 2)
    parts = ["simplified", "traditional", "letters", "digits", "punctuation"]
    language = load_language(language_model()) if use_language else None
    readers = readers_of(engine, Networks(engine.threads), language, mask(engine.bundle.charset, parts), how)

    def read(path: Path) -> list[str]:
        with open_document(path) as document:
            return read_page(document.page(0), readers).text.splitlines()

    return read


def rapidocr() -> Read:
    """Return RapidOCR's way to read a picture, with its usual models, on two threads."""
    library: Any = importlib.import_module("rapidocr")
    engine = library.RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 2})
    return lambda path: list(engine(str(path)).txts or ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-language", action="store_true")
    parser.add_argument("--read", action="append", choices=("auto", "cut", "whole"), help="may be repeated")
    parser.add_argument("--rapidocr", action="store_true")
    parser.add_argument("--show", action="store_true", help="print what was read")
    options = parser.parse_args()
    pictures = [p for p in sorted(options.folder.iterdir()) if (TRANSCRIPTS / f"{p.stem}.txt").exists()]
    for how in options.read or ["auto"]:
        read = ours(not options.no_language, how)
        measure(f"this program, --read {how}", read, pictures, show=options.show)
    if options.rapidocr:
        measure("RapidOCR", rapidocr(), pictures, show=options.show)


if __name__ == "__main__":
    main()
