"""Character errors and time on photographs of handwriting that were transcribed by eye.

    .venv/bin/python -m tests.benchmarks.photographs FOLDER [--no-language] [--read cut|whole] [--rapidocr] [--rounds N]
        [--show]

FOLDER holds the pictures, in folders of its own too; beside this file lie their transcripts by kind, a line for each
written line: pages that a person reads without effort (neat), running hands and tables (running), a child's exercise
books (exercise), single lines (lines), rows of examinations (examination). Spaces do not count, and a form that
several code points share (full and half width, 〇 and 0) counts as one. Errors are counted thrice: of Chinese
characters in reading order; of these line by line, each written line against the read line that is nearest, which
forgives another order of lines but no missing one; and of all characters line by line. `APART` are pictures that
nothing was tuned on, counted by themselves. `--rapidocr` measures that program beside it, where it is installed.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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
APART = {
    *("insta_6321", "multiB_8871", "multiB_726", "insta_421_1", "insta_557_0", "insta_671_1", "000012", "000015"),
    *("000018", "IMG_20220514_070834", "IMG_20220514_071027", "IMG_20220514_071146"),
}
"""A third of the pictures, by which no weight and no rule was chosen."""
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


def chinese(text: str) -> str:
    """Return a text's Chinese characters alone."""
    return "".join(c for c in plain(text) if "\u4e00" <= c <= "\u9fff")


def measure(name: str, read: Read, pictures: dict[Path, Path], *, rounds: int, show: bool) -> None:
    """Print errors and the best time of reading each picture, given with its transcript, and of each kind of them."""
    title = f"{'Chinese':>8} {'in order':>9} {'by line':>9} {'all':>8} {'by line':>9} {'seconds':>8}"
    print(f"\n{name}\n{'photograph':22} {title}")
    found: dict[str, list[npt.NDArray[np.float64]]] = {}
    for picture, transcript in pictures.items():
        said = transcript.read_text("utf-8").splitlines()
        seconds = []
        for _ in range(rounds):
            started = time.perf_counter()
            lines = read(picture)
            seconds.append(time.perf_counter() - started)
        wanted, given = ([own for line in text if (own := chinese(line))] for text in (said, lines))
        whole = "".join(wanted)
        order, by_line = distance(whole, "".join(given)), line_errors(wanted, given)
        everything = line_errors([plain(line) for line in said], [plain(line) for line in lines])
        count = len("".join(map(plain, said)))
        row = np.array([len(whole), order, by_line, count, everything, min(seconds)])
        print(_told(picture.stem, row))
        kind = transcript.parent.name
        for group in (kind, f"{kind}, {'apart' if picture.stem in APART else 'tuned on'}"):
            found.setdefault(group, []).append(row)
        if show:
            print("\n".join(f"    {line}" for line in lines))
    for group in sorted(found):
        total = np.sum(found[group], axis=0)
        total[5] /= len(found[group])
        share = total[2] / total[0]
        print(f"{_told(group, total)}  ± {1.96 * np.sqrt(share * max(1 - share, 0) / total[0]):.2%}")


def _told(name: str, row: npt.NDArray[np.float64]) -> str:
    count, order, by_line, all_count, everything, seconds = row.tolist()
    shares = f"{order / count:9.2%} {by_line / count:9.2%} {all_count:8.0f} {everything / all_count:9.2%}"
    return f"{name:22} {count:8.0f} {shares} {seconds:8.2f}"


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
    logging.disable(logging.WARNING)  # it tells of its files
    library: Any = importlib.import_module("rapidocr")
    engine = library.RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 2})
    return lambda path: list(engine(str(path)).txts or ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-language", action="store_true")
    parser.add_argument("--read", action="append", choices=("auto", "cut", "whole"), help="may be repeated")
    parser.add_argument("--rapidocr", action="store_true")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is read; the best time counts")
    parser.add_argument("--show", action="store_true", help="print what was read")
    options = parser.parse_args()
    transcripts = {path.stem: path for path in sorted(TRANSCRIPTS.glob("*/*.txt"))}
    found = [path for path in sorted(options.folder.rglob("*")) if path.suffix.lower() in (".jpg", ".png")]
    pictures = {path: transcripts[path.stem] for path in found if path.stem in transcripts}
    for how in options.read or ["auto"]:
        read = ours(not options.no_language, how)
        measure(f"this program, --read {how}", read, pictures, rounds=options.rounds, show=options.show)
    if options.rapidocr:
        measure("RapidOCR", rapidocr(), pictures, rounds=options.rounds, show=options.show)


if __name__ == "__main__":
    main()
